"""Letters that stand for others throughout a document: the long s (ſ) of print before about 1800, read as f.

No word by itself shows it, and where it is a habit every such word may have it: `fame` is `same` as often as not. So
the document must show it first, by many words that are none until it is undone; then each word is judged in its place.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import regex

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.language import Language
from pipeline.model import Band, Candidate, Correction, Evidence, Flow, Level
from pipeline.rulebook import Rule
from pipeline.stages.usage import Usage
from pipeline.view import View, view

FLOWS: tuple[Flow, ...] = ("body", "notes")
WORD = regex.compile(r"\p{L}+(?:[’'-]\p{L}+)*")
FEWEST, FEWEST_WORDS = 6, 4  # places that show a habit, and different words among them
LEAST_SHARE = 0.1  # of the letters meant, those that must be read so: below this each is a misreading by itself
HELPED = 1.0  # words that it makes right, against those it leaves unknown
OTHER_WAY = 10.0  # ... against those that would be right the other way round
MOST_LETTERS = 5  # of a word that may stand for others; of longer rows nobody can tell
RIGHT_WORD = 1.0  # nats: a right word is more often itself than the language says, as where an author is fond of it
KNOWN_NATS, MOST_SURE = 0.8, 0.995  # how far a nat is to be believed where both readings are words; never quite sure
MOST_OF_UNKNOWN = 0.8  # of a word that is none either way: only proposed
WORTH_SAYING = 0.4


class Habit(NamedTuple):
    """A rule that the document shows throughout: at how many places, and for what share of the letters meant."""

    rule: Rule
    places: int
    share: float


def habits(draft: Draft, desk: Desk) -> Iterator[Correction]:
    """Correct what was read as other letters throughout the document; propose what may be either.

    >>> from pipeline.stages.repair import repair
    >>> after(repair, "It was fuch a fine Houfe, fo clofe to us, and the moft plain; ’tis the fame for his paffion.")
    'It was such a fine House, so close to us, and the most plain; ’tis the same for his passion.'
    """
    found = [one for rule in desk.rules.of("habit") if (one := habit(rule, draft.witness.text, desk.language))]
    if not found:
        return
    for flow in FLOWS:
        shown = view(draft, Level.DIPLOMATIC, flow, joined=True)
        if shown.text:
            usage = Usage(shown.text, desk.language, desk.names)
            for one in found:
                yield from _corrected(shown, usage, one, desk)


def habit(rule: Rule, text: str, language: Language) -> Habit | None:
    """Whether a text shows the habit: many words are none until it is undone, and few the other way round."""
    (seen, meant), *_ = rule.pairs
    places = words = left = kept = other_way = 0
    for word, n in Counter(WORD.findall(text)).items():
        if seen not in word[:-1] and meant not in word[:-1]:
            continue
        if language.known(word):
            kept += n * word[:-1].count(meant)
        elif any(language.known(one) for one in undone(word, seen, meant)):
            places, words = places + n, words + 1
        else:
            left += n * (seen in word[:-1])
            other_way += n * any(language.known(one) for one in undone(word, meant, seen))
    share = places / max(places + kept, 1)
    if (places < FEWEST or words < FEWEST_WORDS or share < LEAST_SHARE
            or places < HELPED * left or places < OTHER_WAY * other_way):
        return None
    return Habit(rule, places, share)


def undone(word: str, seen: str, meant: str) -> Iterator[str]:
    """The word with the letters it may have been read with, at one or more places, but never its last.

    >>> list(undone("offfet", "f", "s"))
    ['osffet', 'ofsfet', 'offset', 'ossfet', 'osfset', 'ofsset', 'ossset']
    """
    places = [k for k, letter in enumerate(word[:-1]) if letter == seen]
    if len(places) > MOST_LETTERS:
        return
    for n in range(1, len(places) + 1):
        for some in combinations(places, n):
            yield "".join(meant if k in some else letter for k, letter in enumerate(word))


def _corrected(shown: View, usage: Usage, found: Habit, desk: Desk) -> Iterator[Correction]:
    """What was meant by each word: first by those that are none, then, in a text so mended, by those that are."""
    line = list(usage.words)
    for right in (False,) if usage.language.words_only else (False, True):
        for k, word in enumerate(usage.words):
            if usage.known(word) is not right or word in usage.names:
                continue
            ranked = _ranked(usage, line, k, found)
            if ranked and ranked[0].certainty > 0.5:
                line[k] = ranked[0].reading
            if ranked and ranked[0].certainty > WORTH_SAYING:
                yield from _said(shown, usage, k, ranked, found, desk)


def _ranked(usage: Usage, line: Sequence[str], k: int, found: Habit) -> list[Candidate]:
    """What may have been meant by a word, the likeliest first, by its chances against the word itself."""
    word, (pair, *_) = usage.words[k], found.rule.pairs
    readings = list(undone(word, *pair))
    words = [one for one in readings if usage.known(one)]
    if not words and (not readings or usage.known(word)):
        return []
    before = tuple(one and line[k - n] for n, one in enumerate(reversed(usage.before(k)), 1))[::-1]
    after = tuple(one and line[k + n] for n, one in enumerate(usage.after(k + 1), 1))
    surprise, shape = usage.language.surprise, usage.language.shape
    if words:
        keep = RIGHT_WORD - surprise(word, before, after) - math.log(found.share) if usage.known(word) else -math.inf
        nats = {one: KNOWN_NATS * -surprise(one, before, after) for one in words}
    else:  # no word either way: only its letters tell
        keep = -shape(word) * (len(word) + 1)
        nats = {one: KNOWN_NATS * -shape(one) * (len(word) + 1) for one in readings}
    top = max(KNOWN_NATS * keep, *nats.values())
    whole = math.exp(KNOWN_NATS * keep - top) + sum(math.exp(here - top) for here in nats.values())
    most = MOST_SURE if words else MOST_OF_UNKNOWN
    return sorted((Candidate(one, min(math.exp(here - top) / whole, most)) for one, here in nats.items()),
                  key=lambda one: (-one.certainty, one.reading))


def _said(shown: View, usage: Usage, k: int, ranked: list[Candidate], found: Habit, desk: Desk) -> Iterator[Correction]:
    """The likeliest reading as a correction."""
    best, word, rule = ranked[0], usage.words[k], found.rule
    (seen, meant), *_ = rule.pairs
    right = usage.known(word)
    itself = f"“{word}” is {'a word too' if right else 'no known word'}"
    ceiling = max(desk.settings.ceiling, rule.safety, Band.LIKELY if right else Band.SAFE)
    throughout = f"“{seen}” stands for “{meant}” in {found.places} words of this text that are none so"
    try:
        edits = shown.edit(*usage.spans[k], best.reading)
    except Refused:
        return
    others = tuple(one._replace(certainty=round(one.certainty, 3)) for one in ranked if one.certainty >= 0.05)
    yield Correction(rule.fault, rule.category, (rule.id,), edits, round(best.certainty, 3),
                     ceiling,
                     (Evidence("document", throughout), Evidence("lexicon", itself)), others if len(others) > 1 else ())
