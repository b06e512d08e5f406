"""What becomes of a word that a line end cuts: whether its hyphen goes or stays, weighed on the language and the document."""

import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Protocol

import regex

from pipeline.model import Candidate, Evidence, LineEnd
from pipeline.view import HYPHENS

ALWAYS_SOFT = "\u00ad\ufffe\u00ac"  # only a text layer has these, and only where a hyphen is to vanish
DASHES = "–—―‒"
LAST_PIECE = regex.compile(rf"([\p{{L}}\p{{M}}\p{{N}}'’{HYPHENS}]+)[{HYPHENS}]$")
FIRST_PIECE = regex.compile(rf"[\p{{L}}\p{{M}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}'’{HYPHENS}]*")
LAST_WORD = regex.compile(r"(?<![\p{L}\p{M}\p{N}'’-])[\p{L}\p{M}]{2,}$")
FIRST_WORD = regex.compile(r"\p{Ll}[\p{L}\p{M}]+(?![\p{L}\p{M}\p{N}'’-])")
WORD_OR_COMPOUND = regex.compile(r"[\p{L}\p{M}]+(?:[-'’][\p{L}\p{M}]+)*")
HYPHEN = regex.compile(rf"[{HYPHENS}]")
SUSPENDED = {"en": ("and", "or", "nor", "to"), "fr": ("et", "ou"), "de": ("und", "oder", "bis")}
COMPOUNDING = frozenset("self ever well half all ex non quasi semi mid cross ill so vice by above half mid".split())

MOSTLY_SOFT = 1.5  # nats: a setter breaks far more words than he breaks compounds at their hyphen
STANDS_SO = 3.0  # the word stands whole elsewhere in the document
KNOWN_SO = 3.5  # the joined word is known and its halves are not both
NOT_A_WORD = 2.5  # a half that is no word is half a word
RARE = 0.02  # occurrences in a million below which a count says nothing


class Words(Protocol):
    """What of a language is looked up here."""

    code: str

    def known(self, word: str, /) -> bool: ...
    def frequency(self, word: str, /) -> float: ...


class Join(NamedTuple):
    """What a line end is to its word, how sure that is, why, and what else it might be."""

    value: LineEnd
    certainty: float
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Candidate, ...] = ()


SPACE = Join("space", 0.99)


def vocabulary(texts: Iterable[str]) -> Counter[str]:
    """How often each word and compound stands whole inside a line, in small letters.

    >>> sorted(vocabulary(["self-made men of commu-", "nism are self-made"]))
    ['are', 'men', 'of', 'self-made']
    """
    found: Counter[str] = Counter()
    broken = False
    for text in texts:
        within = [match.group() for match in WORD_OR_COMPOUND.finditer(text.lower())]
        first = 1 if broken else 0
        broken = text[-1:] in HYPHENS and bool(text)
        found.update(within[first : len(within) - 1 if broken else len(within)])
    return found


def joined_at(text: str, then: str, words: Words, seen: Counter[str]) -> Join:
    """What the end of the line `text` is to its last word, where `then` is the next line."""
    if not text or not then:
        return SPACE
    if text[-1] in DASHES or then[0] in DASHES:
        return _at_a_dash(text, then)
    if text[-1] not in HYPHENS:
        return _lost_hyphen(text, then, words)
    if text[-1] in ALWAYS_SOFT:
        return Join("soft", 0.99, (Evidence("hyphen", "the text layer marks a hyphen that vanishes"),))
    left, right = LAST_PIECE.search(text[-80:]), FIRST_PIECE.match(then[:80])
    if not left:
        spaced = len(text) < 2 or text[-2].isspace()
        return SPACE if spaced else Join("none", 0.7, (Evidence("hyphen", "a double hyphen is a dash"),))
    if not right:
        return Join("hard", 0.8, (Evidence("hyphen", "no letter follows the hyphen"),))
    return _weighed(left.group(1), right.group(), words, seen)


def _at_a_dash(text: str, then: str) -> Join:
    """A dash keeps the blank before it, or has none on either side."""
    before = text[-2:-1] if text[-1] in DASHES else ""
    after = then[1:2] if then[0] in DASHES else ""
    if (text[-1] in DASHES and not before.strip()) or (then[0] in DASHES and not after.strip()):
        return SPACE
    if text[-1] in DASHES:
        return Join("none", 0.9, (Evidence("dash", "a dash stands close to its words"),))
    return SPACE


def _lost_hyphen(text: str, then: str, words: Words) -> Join:
    """A word goes on without a hyphen where neither half is a word and the whole is a common one."""
    right = FIRST_WORD.match(then[:40])
    if not right or words.known(right.group()):
        return SPACE
    left = LAST_WORD.search(text[-40:])
    if not left or words.known(left.group()):
        return SPACE
    whole = left.group() + right.group()
    if len(whole) < 6 or not words.known(whole) or words.frequency(whole) < 1:
        return SPACE
    return Join("none", 0.9, (Evidence("word", f"“{whole}” is a word, its halves are not", KNOWN_SO),),
                (Candidate("space", 0.1),))


def _weighed(left: str, right: str, words: Words, seen: Counter[str]) -> Join:
    """Soft or hard, by the sum of what speaks for either in nats."""
    first, last = HYPHEN.split(right)[0].rstrip("'’"), HYPHEN.split(left)[-1]
    right = right.rstrip("'’" + HYPHENS)
    if first in SUSPENDED.get(words.code.split("-")[0], ()) and not _known(last + first, words):
        return Join("space", 0.9, (Evidence("hyphen", f"“{left}-” waits for the word after “{first}”"),))
    if last[-1:].isdigit() or first[:1].isdigit() or (first[:1].isupper() and not last.isupper()):
        return Join("hard", 0.95, (Evidence("hyphen", "a capital or a figure follows the hyphen or a figure comes "
                                            "before it"),))
    reasons = tuple(_reasons(left, right, last, first, words, seen))
    score = MOSTLY_SOFT + sum(reason.weight for reason in reasons)
    soft = 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))
    value, certainty = ("soft", soft) if soft >= 0.5 else ("hard", 1 - soft)
    other = (Candidate("hard" if value == "soft" else "soft", round(1 - certainty, 4)),) if certainty < 0.98 else ()
    return Join("soft" if value == "soft" else "hard", round(certainty, 4), reasons, other)


def _reasons(left: str, right: str, last: str, first: str, words: Words, seen: Counter[str]) -> Iterable[Evidence]:
    """What speaks for a soft hyphen, above nought, and for a hard one, below it."""
    whole, compound = last + first, f"{last}-{first}"
    for form in {(left + right).lower(), whole.lower()}:
        if seen[form]:
            yield Evidence("document", f"“{form}” stands elsewhere", STANDS_SO + math.log(seen[form]))
            break
    for form in {f"{left}-{right}".lower(), compound.lower()}:
        if seen[form]:
            yield Evidence("document", f"“{form}” stands elsewhere", -STANDS_SO - math.log(seen[form]))
            break
    often = math.log((words.frequency(whole) + RARE) / (words.frequency(compound) + RARE))
    if abs(often) > 1:
        yield Evidence("language", f"“{whole if often > 0 else compound}” is the commoner", max(min(often, 4.0), -4.0))
    if _known(whole, words):
        yield Evidence("language", f"“{whole}” is a word", KNOWN_SO)
        return
    halves = _half(last, words), _half(first, words)
    if all(halves):
        yield Evidence("language", f"“{last}” and “{first}” are words, “{whole}” is not known", -KNOWN_SO)
    elif not halves[1] and last.lower() not in COMPOUNDING:
        yield Evidence("language", f"“{first}” is no word", NOT_A_WORD)
    elif not halves[0] and last.lower() not in COMPOUNDING:
        yield Evidence("language", f"“{last}” is no word", NOT_A_WORD / 2)
    if last.lower() in COMPOUNDING:
        yield Evidence("language", f"“{last}-” begins compounds", -2.0)
    if last[-1:].lower() == first[:1].lower() and first[:1].lower() in "aeiou" and len(last) < 5:
        yield Evidence("language", "the hyphen keeps two vowels apart", -2.0)


def _known(word: str, words: Words) -> bool:
    return words.known(word) or words.known(word.lower()) or (word.isupper() and words.known(word.title()))


def _half(piece: str, words: Words) -> bool:
    """Whether half a broken word is a word of its own, and a common one: word lists hold many short rarities."""
    return len(piece) > 1 and _known(piece, words) and words.frequency(piece) >= 0.5
