"""What becomes of a word that a line end cuts: whether its hyphen goes or stays, by the language and the document."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import regex

from pipeline.lines import HYPHENS
from pipeline.model import Candidate, Evidence, LineEnd

LETTER = r"\p{L}\p{M}\p{N}'’\ufffd"
HYPHEN_CLASS = f"[{HYPHENS}]"  # HYPHENS begins with "-": it may only stand first in a class
WITHIN_ALSO = "\u00ad\ufffe\u00ac"  # these are made by text layers, mostly at line ends
DASHES = "–—―‒"
DASH_WITHIN = regex.compile(r"(.)[—–](.)")
LAST_PIECE = regex.compile(rf"([{HYPHENS}{LETTER}]+){HYPHEN_CLASS}$")
FIRST_PIECE = regex.compile(rf"[\p{{L}}\p{{M}}\p{{N}}\ufffd][{HYPHENS}{LETTER}]*")
SPECKS_BEFORE = regex.compile(r"^[^\p{L}\p{N}\s“‘\"(«—–]{1,2}\s?(?=\p{Ll})")
SPECKS_IN_A_WORD = regex.compile(r"^[^\p{L}\p{N}\s]{1,2}\s?(?=\p{Ll})")
SPECKLED_HYPHEN = regex.compile(rf"(?<=\p{{Ll}})(?:\s{HYPHEN_CLASS}|\s?{HYPHEN_CLASS}[{HYPHENS}\s.:'‘’*~_—–]+)$")
LAST_WORD = regex.compile(r"(?<![\p{L}\p{M}\p{N}'’-])[\p{L}\p{M}\ufffd]{2,}$")
FIRST_WORD = regex.compile(r"\p{Ll}[\p{L}\p{M}]+(?![\p{L}\p{M}\p{N}'’-])")
LIKE_A_HYPHEN = regex.compile(r"(?<=\p{L}{2})(?:[~=_.:*•·'‘’»¢+–—\d]\s?){1,2}$")
WORD_OR_COMPOUND = regex.compile(r"[\p{L}\p{M}]+(?:[-'’][\p{L}\p{M}]+)*")
HYPHEN = regex.compile(HYPHEN_CLASS)
SUSPENDED = ("and", "or", "nor", "to", "et", "ou", "und", "oder", "bis")
BEGINS_COMPOUNDS = {
    "self", "ever", "well", "half", "all", "ex", "non", "quasi", "semi", "mid", "cross", "ill", "so", "vice", "by",
    "above",
}
BEGINS_WORDS = {
    "inter", "super", "sub", "over", "under", "un", "re", "pre", "dis", "mis", "out", "fore", "trans", "counter", "in",
    "im", "con", "com", "de",
}
ENDS_WORDS = {
    "less", "ness", "ship", "hood", "wise", "ward", "wards", "able", "ible", "ful", "fully", "ment", "ments", "ing",
    "man", "men", "some", "ism", "ist",
}
CLITICS = {  # French: “dit-elle”, “celui-là”
    "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ce", "là", "ci", "moi", "toi", "lui", "leur", "y",
    "en", "même", "mêmes",
}

MOSTLY_SOFT = 1.5  # nats: a setter breaks far more words than he breaks compounds at their hyphen
ONLY_AT_ENDS = 2.5  # the sign stands at line ends only, and hyphens within lines are others
STANDS_SO = 3.0  # the word stands whole elsewhere in the document
KNOWN_SO = 3.5  # the joined word is known
NOT_A_WORD = 2.5  # a half that is no word is half a word
SHORTEST_CUT, RAREST_CUT = 5, 0.2  # of a word that a line end may cut without a hyphen: letters; times in a million
PLAINLY_CUT, LOST_IN_THOUSAND = 14.0, 0.1  # nats from which it plainly does; and how often that is, where none is
JOINED_FROM = 0.9
RARE = 0.02  # occurrences in a million below which a count says nothing


class Words(Protocol):
    """What of a language is looked up here."""

    def known(self, word: str, /) -> bool: ...
    def frequency(self, word: str, /) -> float: ...
    def surprise(self, word: str, before: Sequence[str] = (), /) -> float: ...


class Join(NamedTuple):
    """What a line end is to its word, how sure that is, why, and what else it might be."""

    value: LineEnd
    certainty: float
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Candidate, ...] = ()


class Usage(NamedTuple):
    """What a document shows: how often each word stands whole, its compounds, its hyphens and dashes."""

    words: Counter[str]
    before_hyphen: Counter[str]
    after_hyphen: Counter[str]
    at_ends_only: frozenset[str]
    blank_after_dash: bool = False
    blank_before_dash: bool = False
    lost_is_rare: float = 9.0  # nats that a hyphen lost at a line end must be outweighed by


SPACE = Join("space", 0.99)
CLOSE_DASH = Join("none", 0.85, (Evidence("dash", "a dash stands close to its word"),), (Candidate("space", 0.15),))


def usage(texts: Iterable[str]) -> Usage:
    """What the lines show of the words of the document, in small letters; words that a line end cuts are left out.

    >>> sorted(usage(["self-made men of commu-", "nism are self-made"]).words)
    ['are', 'men', 'of', 'self-made']
    """
    words: Counter[str] = Counter()
    within: Counter[str] = Counter()
    dashes: Counter[tuple[bool, bool]] = Counter()
    broken = False
    for text in texts:
        found = WORD_OR_COMPOUND.findall(text.lower())
        first = 1 if broken else 0
        broken = bool(text) and text[-1] in HYPHENS
        words.update(found[first : len(found) - 1 if broken else len(found)])
        within.update(HYPHEN.findall(text[:-1]))
        dashes.update((before.isspace(), after.isspace()) for before, after in DASH_WITHIN.findall(text))
    compounds = [word for word in words if "-" in word]
    before = Counter(word.partition("-")[0] for word in compounds)
    after = Counter(word.rpartition("-")[2] for word in compounds)
    ends_only = {sign for sign in WITHIN_ALSO if not within[sign] and within["-"]}
    close = dashes[False, False]
    return Usage(words, before, after, frozenset(ends_only), dashes[False, True] > close, dashes[True, False] > close)


def joined_at(text: str, then: str, language: Words, seen: Usage) -> Join:
    """What the end of the line `text` is to its last word, where `then` is the next line.

    >>> from pipeline.language import language
    >>> lines = [("of commu-", "nism"), ("the self-", "valorisation of"), ("of", "it"), ("an instruc:", "tion to")]
    >>> [joined_at(text, then, language("en"), usage([])).value for text, then in lines]
    ['soft', 'hard', 'space', 'soft']
    """
    if not text or not then:
        return SPACE
    return (_broken_under_specks(text, then, language)
            or (_at_a_hyphen(text, then, language, seen) if text[-1] in HYPHENS else None)
            or _at_a_dash(text, then, seen)
            or _lost_hyphen(text, SPECKS_BEFORE.sub("", then), language, seen))


def _at_a_hyphen(text: str, then: str, language: Words, seen: Usage) -> Join:
    if text[-2:-1].isspace() or len(text) < 2:
        return SPACE
    left, right = LAST_PIECE.search(text[-80:]), FIRST_PIECE.match(SPECKS_IN_A_WORD.sub("", then[:80]))
    if not left or not left.group(1).strip(HYPHENS):
        return Join("none", 0.7, (Evidence("dash", "the hyphens are a dash"),))
    if not right:
        return Join("hard", 0.8, (Evidence("hyphen", "no letter follows the hyphen"),))
    if right.group().lower() in SUSPENDED and not language.known(HYPHEN.split(left.group(1))[-1] + right.group()):
        return Join("space", 0.9, (Evidence("hyphen", f"“{left.group()}” waits for the word after “{right.group()}”"),))
    return _weighed(left.group(1), right.group(), language, seen, ONLY_AT_ENDS * (text[-1] in seen.at_ends_only))


def _broken_under_specks(text: str, then: str, language: Words) -> Join | None:
    """A hyphen misread, or with specks about it: together what stands before and after is a word, apart it is not."""
    then = SPECKS_IN_A_WORD.sub("", then)
    sign = SPECKLED_HYPHEN.search(text) or LIKE_A_HYPHEN.search(text)
    right = FIRST_WORD.match(then[:40])
    left = LAST_WORD.search(text[: sign.start()][-40:]) if sign else None
    if not sign or not left or not right:
        return None
    whole = left.group() + right.group()
    halves = _half(left.group(), language), _half(right.group(), language)
    apart = any(halves) if sign.group()[0] in ".:'’" or sign.re is SPECKLED_HYPHEN else halves[0]
    if len(whole) < 6 or (apart and not (sign.re is SPECKLED_HYPHEN and not all(halves))):
        return None
    if not _known(whole, language) or not language.frequency(whole):
        return None
    says = f"“{sign.group().strip()}” stands where a hyphen breaks “{whole}”"
    return Join("soft", 0.9, (Evidence("hyphen", says, KNOWN_SO),), (Candidate("space", 0.1),))


def _at_a_dash(text: str, then: str, seen: Usage) -> Join | None:
    """A dash keeps the blank it has; where it has none it stands close to its words, as it does in this document."""
    if text[-1] in DASHES:
        return SPACE if text[-2:-1].isspace() or seen.blank_after_dash else CLOSE_DASH
    if then[0] in DASHES or then.startswith("--"):
        after = then.lstrip(DASHES + "-")[:1]
        return SPACE if after.isspace() or not after or seen.blank_before_dash else CLOSE_DASH
    return None


def _lost_hyphen(text: str, then: str, language: Words, seen: Usage) -> Join:
    """A word goes on without a hyphen where it is so much likelier than its halves that a lost one explains it."""
    halves = _halves(text, then, language, seen)
    if not halves:
        return SPACE
    whole, gain = halves
    chance = 1 / (1 + math.exp(max(min(seen.lost_is_rare - gain, 30.0), -30.0)))
    says = f"“{whole}” is likelier here than its halves"
    if chance > JOINED_FROM:
        return Join("none", round(min(chance, 0.95), 4), (Evidence("word", says, round(gain, 2)),),
                    (Candidate("space", round(1 - min(chance, 0.95), 4)),))
    return SPACE


def _halves(text: str, then: str, language: Words, seen: Usage) -> tuple[str, float] | None:
    """The word that a line end may cut without a hyphen, and how much likelier it is than its halves, in nats."""
    left, right = LAST_WORD.search(text[-40:]), FIRST_WORD.match(then[:40])
    if not left or not right:
        return None
    whole = left.group() + right.group()
    if len(whole) < SHORTEST_CUT or not language.known(whole) or language.frequency(whole) < RAREST_CUT:
        return None
    before = tuple(WORD_OR_COMPOUND.findall(text[-80:][: -len(left.group())])[-2:])
    apart = language.surprise(left.group(), before) + language.surprise(right.group(), (*before, left.group())[-2:])
    gain = apart - language.surprise(whole, before)
    return whole, gain + (math.log(1 + seen.words[whole.lower()]) if seen.words[whole.lower()] else 0.0)


def with_lost_hyphens(texts: Sequence[str], language: Words, seen: Usage) -> Usage:
    """The same, knowing how often a line end of this document lost its hyphen where that is plain.

    >>> from pipeline.language import language
    >>> rare = with_lost_hyphens(["of the state", "of things"] * 20, language("en"), usage([]))
    >>> often = with_lost_hyphens(["of the govern", "ment and the lit", "erary men"] * 20, language("en"), usage([]))
    >>> rare.lost_is_rare > 8, often.lost_is_rare < 5
    (True, True)
    """
    plain = sum((found := _halves(text, then, language, seen)) is not None and found[1] > PLAINLY_CUT
                for text, then in pairwise(texts) if text and then)
    return seen._replace(lost_is_rare=-math.log((plain + LOST_IN_THOUSAND) / (len(texts) + 1000.0)))


def _weighed(left: str, right: str, language: Words, seen: Usage, sign: float) -> Join:
    """Soft or hard, by the sum of what speaks for either in nats."""
    first, last = HYPHEN.split(right)[0].rstrip("'’"), HYPHEN.split(left)[-1]
    right = right.rstrip("'’" + HYPHENS)
    if last[-1:].isdigit() or first[:1].isdigit() or (first[:1].isupper() and not last.isupper()):
        says = "a figure stands beside the hyphen" if not first[:1].isupper() else "a capital follows the hyphen"
        return Join("hard", 0.95, (Evidence("hyphen", says),), (Candidate("soft", 0.05),))
    reasons = list(_reasons(left, right, last, first, language, seen))
    if sign:
        reasons.append(Evidence("hyphen", "here this sign stands at line ends only", sign))
    score = MOSTLY_SOFT + sum(reason.weight for reason in reasons)
    soft = 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))
    value: LineEnd = "soft" if soft >= 0.5 else "hard"
    other = "hard" if value == "soft" else "soft"
    # What is no word joined either way may be misread, and read right tip the scales.
    sure = _known(last + first, language) or any(reason.kind == "document" for reason in reasons)
    certainty = round(min(max(soft, 1 - soft), 0.9999 if sure else 0.95), 4)
    others = (Candidate(other, round(1 - certainty, 4)),) if certainty < 0.98 else ()
    return Join(value, certainty, tuple(reasons), others)


def _reasons(left: str, right: str, last: str, first: str, language: Words, seen: Usage) -> Iterator[Evidence]:
    """What speaks for a soft hyphen, above nought, and for a hard one, below it."""
    whole, compound = last + first, f"{last}-{first}"
    yield from _elsewhere({(left + right).lower(), whole.lower()}, STANDS_SO, seen)
    yield from _elsewhere({f"{left}-{right}".lower(), compound.lower()}, -STANDS_SO, seen)
    often = math.log((language.frequency(whole) + RARE) / (language.frequency(compound) + RARE))
    if abs(often) > 0.2:
        more = whole if often > 0 else compound
        yield Evidence("language", f"“{more}” is the commoner", round(max(min(often, 4.0), -4.0), 2))
    if _known(whole, language):
        if often > 1:
            yield Evidence("language", f"“{whole}” is a word", KNOWN_SO)
        return
    halves = _half(last, language), _half(first, language)
    if HYPHEN.split(left)[0].lower() == first.lower() and last.lower() != first.lower():
        yield Evidence("word", f"“{left}-{first}” says its first word again", -2 * KNOWN_SO)
    clitic = first.lower() in CLITICS and not halves[1]
    if clitic or (seen.after_hyphen[first.lower()] > 1 and not seen.words[whole.lower()]):
        yield Evidence("document", f"“-{first}” follows a hyphen elsewhere", -KNOWN_SO)
    elif seen.before_hyphen[last.lower()] and len(last) > 1:
        yield Evidence("document", f"“{last}-” begins compounds elsewhere", -KNOWN_SO)
    elif last.lower() in BEGINS_WORDS or first.lower() in ENDS_WORDS:
        yield Evidence("language", "words are made so", 2.0)
    elif all(halves):
        yield Evidence("language", f"“{last}” and “{first}” are words, “{whole}” is not known", -KNOWN_SO)
    elif last.lower() not in BEGINS_COMPOUNDS and not all(halves):
        no_word = first if not halves[1] else last
        yield Evidence("language", f"“{no_word}” is no word", NOT_A_WORD if not halves[1] else NOT_A_WORD / 2)
    if last.lower() in BEGINS_COMPOUNDS:
        yield Evidence("language", f"“{last}-” begins compounds", -2.5)
    if last[-1:].lower() == first[:1].lower() and first[:1].lower() in "aeiou" and len(last) < 5:
        yield Evidence("language", "the hyphen keeps two vowels apart", -2.0)


def _elsewhere(forms: Iterable[str], weight: float, seen: Usage) -> Iterator[Evidence]:
    """That a form stands whole elsewhere in the document."""
    often = {form: seen.words[form] for form in sorted(forms) if seen.words[form]}
    if often:
        form = max(often, key=lambda each: (often[each], each))
        more = math.log(often[form])
        yield Evidence("document", f"“{form}” stands elsewhere", round(math.copysign(abs(weight) + more, weight), 2))


def _known(word: str, language: Words) -> bool:
    return language.known(word) or language.known(word.lower()) or (word.isupper() and language.known(word.title()))


def _half(piece: str, language: Words) -> bool:
    """Whether half a broken word is a word of its own, and a common one: word lists hold many short rarities."""
    return len(piece) > 1 and _known(piece, language) and language.frequency(piece) >= 0.5
