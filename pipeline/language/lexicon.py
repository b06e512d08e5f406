"""Which spellings count as right, judged once when the evidence is built."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import regex

from pipeline.language.counting import Seen
from pipeline.language.forms import INNER, LOWER, SMALL_NUMBER, TITLE, UPPER, has_inner_capital, unaccented
from pipeline.language.tokens import ABBREVIATIONS, CLIPPED, EDGE, NUMBER, folded, words_of

LATIN_WORD = regex.compile(r"'?\p{Latin}[\p{Latin}\p{M}]*(?:['-]\p{Latin}[\p{Latin}\p{M}]*)*")
ROMAN = regex.compile(r"c{0,4}(?:xc|xl|l?x{0,4})(?:ix|iv|v?i{0,4})")

# Of two letters, only these: word lists hold most other pairs too, as symbols and abbreviations.
TWO_LETTERS = words_of(
    "ad ah al am an as at au ay be by cf cm da de di do du eg eh el em en et ex ft go ha he hi hm ho id ie if in is it "
    "kg km la lb le lo ma me mg mm my no of oh on or ox oz pa pp re so to uh um up us vs we ye"
)
TWO_LETTERS_CAPITAL = words_of("Co Dr Ed Jo Jr Lt Mr Ms Mt Sr St Wm")
SHORTENED = {word for word in ABBREVIATIONS if len(word) > 2 and word.isalpha()} | {"von"}
# Of three and four, no pieces of words: in the lists as abbreviation, dialect or Latin, on bad pages as half a word.
PIECES = words_of(
    "ain ala ance ands ans aud bel cal cir col com con cor cos def dis dit dos ens ers fer fin hav hes hos ing ins inf "
    "mes mos nae nos pol rec rem res sal sem sen ser soc tam tel ter tho til tion tor tot vel ver wat wen"
)
FEW, SOME = 3, 5  # works a spelling must stand in
OFTEN = 12
# A spelling this much rarer than one that a slip of eye or type makes of it is that slip, unless a list has it.
SHADOW = 500
SLIPS = (("rn", "m"), ("li", "h"), ("cl", "d"), ("vv", "w"), ("ii", "u"), ("fi", "h"), ("in", "m"), ("ni", "m"),
         ("tl", "d"), ("tb", "th"), ("lr", "h"), ("ri", "n"), ("ti", "n"), ("hi", "lu"))  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """How the word lists have a word: in which cases."""

    lower: bool = False
    title: bool = False
    upper: bool = False
    inner: bool = False


def listed(lines: Iterable[str]) -> dict[str, Listed]:
    """The folded words of a word list, without possessives, which are right wherever their word is.

    >>> listed(["Peter", "Peter's", "NASA"])
    {'peter': Listed(lower=False, title=True, upper=False, inner=False), \
'nasa': Listed(lower=False, title=False, upper=True, inner=False)}
    """
    forms: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        word = line.rstrip("\r\n").replace("’", "'")
        if LATIN_WORD.fullmatch(word) and not word.endswith("'s"):
            forms[folded(word)].add(word)
            if len(word) > 3:
                forms[folded(unaccented(word))].add(unaccented(word))
    return {
        word: Listed(
            lower=word in cases,
            title=any(case[1:] == word[1:] and case != word for case in cases),
            upper=any(case == word.upper() and len(case) > 1 for case in cases),
            inner=any(case[1:] != word[1:] and case != word.upper() for case in cases),
        )
        for word, cases in forms.items()
    }


def right_cases(lists: Mapping[str, Listed], seen: Mapping[str, Seen]) -> dict[str, int]:
    """The cases in which each word is right (LOWER, TITLE, UPPER, INNER added up); those never right are left out."""
    rates = {word: entry.total for word, entry in seen.items() if word not in (EDGE, NUMBER)}
    nothing, unlisted = Seen(), Listed()
    cases: dict[str, int] = {}
    for word in sorted({*lists, *(word for word, entry in seen.items() if entry.total >= FEW)} - {EDGE, NUMBER}):
        if not LATIN_WORD.fullmatch(word):
            continue
        how = _cases(word, lists.get(word, unlisted), seen.get(word, nothing), rates)
        if how:
            cases[word] = how
    return cases


def _cases(word: str, told: Listed, entry: Seen, rates: Mapping[str, int]) -> int:
    """The cases in which one word is right."""
    if word in CLIPPED:
        return LOWER
    if len(word) == 1:
        return LOWER if word in "ao" else TITLE if word == "i" else 0
    if ROMAN.fullmatch(word):
        return LOWER * bool(SMALL_NUMBER.fullmatch(word))
    if len(word) == 2:
        return LOWER * (word in TWO_LETTERS) | TITLE * (word.title() in TWO_LETTERS_CAPITAL)
    if word in PIECES:
        return TITLE * (word.title() in SHORTENED)
    if word in SHORTENED:
        return LOWER
    shadow = not told.lower and _is_shadow(word, rates)
    how = TITLE * (word.title() in SHORTENED)
    if _right_in_lower(word, told, entry, shadow):
        how |= LOWER
    if told.title and (len(word) > 3 or entry.title >= SOME <= entry.works):
        how |= TITLE
    if not how and not shadow and len(word) > 3 and _a_name(entry):
        how = TITLE
    if told.upper or (entry.upper >= OFTEN and entry.works >= FEW and entry.upper * 2 >= entry.total):
        how |= UPPER
    if told.inner or any(has_inner_capital(case) for case, count in entry.mixed.items() if count >= FEW):
        how |= INNER
    return how


def _right_in_lower(word: str, told: Listed, entry: Seen, shadow: bool) -> bool:
    """Whether the lists, borne out by the prose, or the prose alone make a word right in lower case."""
    if told.lower:
        return _borne_out(word, entry)
    if told.title or told.upper:  # utopia, beside Utopia
        return len(word) > 3 and entry.lower >= OFTEN and entry.lower * 4 >= entry.total
    return not shadow and _seen_enough(word, entry) and entry.lower * 2 >= entry.total


def _borne_out(word: str, entry: Seen) -> bool:
    """Whether a listed word is believed: the shorter it is, the more the prose must bear it out.

    `aud` and `teds` are in good lists; on a bad page they are `and` and `beds`.
    """
    return len(word) > 4 or (entry.lower >= SOME <= entry.works if len(word) == 3 else entry.lower > 0)


def _seen_enough(word: str, entry: Seen) -> bool:
    """Whether the prose alone makes an unlisted word right."""
    if len(word) < 5:
        return entry.works >= OFTEN
    return entry.works >= FEW or (entry.works == 2 and entry.total >= OFTEN)


def _a_name(entry: Seen) -> bool:
    """Whether the prose alone makes a word a name."""
    return entry.title * 2 >= entry.total and (
        entry.works >= FEW or (entry.works == 2 and entry.title >= SOME) or entry.title >= 2 * OFTEN
    )


def _is_shadow(word: str, rates: Mapping[str, int]) -> bool:
    """Whether a far commoner word lies one slip away: `tbe`, `iimself`; not where the slip is an ending."""
    ceiling = rates.get(word, 0) * SHADOW
    return any(rates.get(other, 0) >= ceiling for other in _one_slip_off(word))


def _one_slip_off(word: str) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz'"
    for k in range(len(word) + 1):
        head, tail = word[:k], word[k:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in letters)
    for one, other in SLIPS:
        for a, b in ((one, other), (other, one)):
            for found in regex.finditer(a, word):
                yield word[: found.start()] + b + word[found.end() :]
