"""Headings, bylines and verse: lines that are not prose, told by how they are set."""

from collections.abc import Iterator, Sequence

import regex

from pipeline.stages.paragraphs import Set, closed, opening, slack
from pipeline.view import HYPHENS

NUMERAL = regex.compile(r"(?:(?:chapter|part|book|section|chapitre|kapitel)\s+)?(?:[IVXLC]+|\d{1,3})\.?", regex.I)
ALL_CAPITALS = regex.compile(r"(?=(?:.*\p{Lu}){2})[^\p{Ll}]+")
CAPITAL_WORD = regex.compile(r"\p{Lu}[\p{L}\p{M}'’.-]*")
SMALL_WORD = regex.compile(r"\b\p{Ll}[\p{L}'’]{4,}")  # an article or preposition keeps its small letter in a title
NAME = regex.compile(r"(?:by\s+)?(?:\p{Lu}[\p{L}\p{M}'’-]*\.?\s+){1,4}\p{Lu}[\p{L}\p{M}'’-]+", regex.I)
RUNS_ON = regex.compile(rf"[,;:.\[({HYPHENS}–—&]$")
LETTER = regex.compile(r"\p{L}")

WIDEST_HEADING = 0.8  # of the measure
WIDEST_VERSE = 0.85


def headings(lines: Sequence[Set]) -> Iterator[tuple[int, bool]]:
    """Which lines are headings, and of each whether it is a byline: the name under a title."""
    before = -2
    for i, one in enumerate(lines):
        if not _heads(lines, i, after_heading=before == i - 1):
            continue
        byline = before == i - 1 and bool(NAME.fullmatch(one.text)) and not ALL_CAPITALS.fullmatch(one.text) and i < 6
        yield i, byline
        before = i


def _heads(lines: Sequence[Set], i: int, *, after_heading: bool) -> bool:
    one = lines[i]
    text = one.text
    if len(text) > WIDEST_HEADING * one.measure or not opens_large(text):
        return False
    numeral = bool(NUMERAL.fullmatch(text)) and (len(text) > 1 or text in "IVXLC")
    if not numeral and (RUNS_ON.search(text) or closed(text) or len(LETTER.findall(text)) < 3):
        return False
    last = lines[i - 1] if i else None
    then = lines[i + 1] if i + 1 < len(lines) else None
    if not _stands_apart(last, one, then, after_heading):
        return False
    loud = bool(ALL_CAPITALS.fullmatch(text)) or numeral
    titled = bool(CAPITAL_WORD.match(text)) and not SMALL_WORD.search(text) and len(text) < 0.7 * one.measure
    centred = one.indent > 6 and abs(one.indent - (one.measure - one.indent - len(text))) < 0.15 * one.measure
    return loud or titled or centred


def _stands_apart(last: Set | None, one: Set, then: Set | None, after_heading: bool) -> bool:
    """Whether the lines around a line leave it alone: what comes before is closed, what follows begins anew."""
    if then is None or not opens_large(then.text) or slack(one, then) < 0:
        return False
    if last is None or after_heading:
        return True
    if last.text[-1] in HYPHENS or (last.trailing and not one.indent and _blanks_mean(last, one)):
        return False
    return closed(last.text) or bool(last.blank_after) and slack(last, one) > 0.1


def _blanks_mean(last: Set, one: Set) -> bool:
    return last.blank_after is False and not closed(last.text) and not one.trailing


def opens_large(text: str) -> bool:
    """Whether a line begins with a capital, a figure or a quotation mark before either."""
    return opening(text) == 1 or text[:1].isdigit()


def verses(lines: Sequence[Set], taken: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Runs of lines that are verse: each short, each broken before it was full, each beginning with a capital."""
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and j not in taken and _verse_line(lines, j) and (j == i or _goes_on(lines, j)):
            j += 1
        if _is_verse(lines[i:j]):
            yield i, j
        i = max(j, i + 1)


def _verse_line(lines: Sequence[Set], i: int) -> bool:
    one = lines[i]
    return (len(one.text) <= WIDEST_VERSE * one.measure and len(one.text) >= 8 and opening(one.text) == 1
            and one.text[-1] not in HYPHENS)


def _goes_on(lines: Sequence[Set], i: int) -> bool:
    """Whether a line could be the next of the verse: on the same page, and not for want of room on the line before."""
    last, one = lines[i - 1], lines[i]
    return last.line.page == one.line.page and slack(last, one) > 0.05


def _is_verse(run: Sequence[Set]) -> bool:
    """Three lines at least, or two set in; few of them whole sentences, as lines of dialogue would be."""
    if len(run) < 2 or (len(run) == 2 and not all(one.indent >= 4 for one in run)):
        return False
    sentences = sum(closed(one.text) for one in run[:-1])
    return sentences * 2 < len(run) - 1 or (all(one.indent >= 4 for one in run) and sentences * 4 <= 3 * len(run))
