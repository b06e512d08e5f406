"""Headings, bylines, verse, quotations and lists: lines that are not running prose, told by how they are set."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.stages.setting import Set, slack, unwrapped

NUMBER = r"(?:[IVXLCivxlc]+|\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|first|second|third|last)"
PART = regex.compile(rf"(?:part|book|volume|partie|livre|tome|teil|buch)\s+(?:the\s+)?{NUMBER}", regex.I)
CHAPTER = regex.compile(rf"(?:chapter|section|letter|canto|essay|chapitre|kapitel|act|scene|§)\s*{NUMBER}", regex.I)
NUMERAL = regex.compile(r"[IVXLC][IVXLCivxl1|]{0,6}|\d{1,3}")  # with its usual misreadings
ROMAN = regex.compile(r"[IVXLC]{2,}\.?")
NOISE_BEFORE = regex.compile(r"^[^\p{L}\p{N}]+(?=[\p{L}\p{N}])")
NOISE_AFTER = regex.compile(r"(?<=[\p{L}\p{N}.!?’'”)])[^\p{L}\p{N}.!?’'”)]+$")
LARGE = regex.compile(r"\p{Lu}")
LETTERS = regex.compile(r"[\p{L}\p{M}'’]+")
NAMED = r"\p{Lu}[\p{L}\p{M}'’-]"
NAME = regex.compile(rf"(?:by\s+)?(?:{NAMED}*\.?\s+){{1,3}}(?:(?:de|von|van|du|la|le)\s+)*{NAMED}+")
BY = regex.compile(r"(?:by|par|von)\s+\p{Lu}.*", regex.I)
RUNS_ON = regex.compile(r"(?<!\s)[-,;:(\[&–—\u00ad\ufffe]$")
SENTENCE_INSIDE = regex.compile(r"\p{Ll}{3,}[.!?;]\s(?=\p{Ll}|\p{Lu}\p{Ll}{0,2}\s)|[,.!?][”\"’]\s")
VERSE_QUOTED = regex.compile(r"[”\"][\s—–-]*$")
LITTLE_WORDS = 4  # letters up to which a word of a title may be small
MANY = 12  # words a title has at most on a line

ITEM = regex.compile(r"[(\[]?(?:(?P<number>\d{1,2})|(?P<letter>[a-z]))[.)\]]\s|(?P<bullet>[•●◦▪‣·])\s?")

WIDEST_TITLE = 0.85  # of the measure
WIDEST_VERSE = 0.85


class Heading(NamedTuple):
    """A heading of one or more lines, from `first` to before `end`; its level, or None for a byline."""

    first: int
    end: int
    level: int | None
    certainty: float
    says: str


# --- headings ---------------------------------------------------------------------------------------------------------


def headings(lines: Sequence[Set], known: Callable[[str], bool]) -> list[Heading]:
    """The headings and bylines.

    A line is a heading where it stands apart and is a number, all in capitals, or has the capitals of a title; and,
    in a document that sets one below each number of a chapter, the short paragraph after the number.
    """
    found: list[Heading] = []
    titled = _numbers_have_titles(lines)
    i = 0
    while i < len(lines):
        after = found[-1] if found and found[-1].end == i else None
        says, end = _heading_at(lines, i, after, titled)
        if says:
            titled_above = after and after.level is not None and not _number(lines[after.end - 1])
            byline = titled_above and end == i + 1 and _is_byline(lines[i], known)
            found.append(Heading(i, end, None if byline else 0, 0.9 if says != "title" else 0.8, SAYS[says]))
        i = end
    return _levelled(lines, found)


SAYS = {
    "part": "it names a part",
    "number": "it is a number by itself",
    "capitals": "it is all in capitals and stands apart",
    "title": "it has the capitals of a title and stands apart",
    "below": "it stands below the number of a chapter, as others do here",
    "byline": "it names somebody below a title",
}


def _heading_at(lines: Sequence[Set], i: int, after: Heading | None, titled: bool) -> tuple[str, int]:
    """What makes a heading of the line, if it is one, and where it ends."""
    one = lines[i]
    if ROMAN.fullmatch(one.text) and _ends_apart(lines, i) and i + 1 < len(lines) and _loud(_bare(lines[i + 1].text)):
        return "number", i + 1
    loud = one.text.isupper() and _in_capitals(one.text)
    if not _begins_apart(lines, i, after) and not (loud and _room_before(lines, i)):
        return "", i + 1
    bare = _bare(one.text)
    if PART.fullmatch(bare.rstrip(".")) or CHAPTER.fullmatch(bare.rstrip(".")):
        return "part", i + 1
    if NUMERAL.fullmatch(bare.rstrip(".")) and (one.text.rstrip(".") == bare.rstrip(".")) and _ends_apart(lines, i):
        return "number", i + 1
    if after and BY.fullmatch(bare) and not one.closed:
        return "byline", i + 1
    for says, fits in (("capitals", _in_capitals), ("title", _is_title)):
        end = _while(lines, i, fits)
        if end and (says == "capitals" or _may_be_title(lines, i, end, after)):
            return says, end
    if titled and after and _number(lines[after.end - 1]) and (end := _short_paragraph(lines, i)):
        return "below", end
    return "", i + 1


def _may_be_title(lines: Sequence[Set], i: int, end: int, after: Heading | None) -> bool:
    """Whether a line with the capitals of a title is narrow enough, and no signature."""
    narrow = end > i + 1 or lines[i].width < WIDEST_TITLE * lines[i].measure
    return bool(after) or (narrow and not _is_signature(lines, i, end))


def _bare(text: str) -> str:
    """A line without the specks before and after it."""
    return NOISE_AFTER.sub("", NOISE_BEFORE.sub("", text))


def _number(one: Set) -> bool:
    return bool(NUMERAL.fullmatch(one.text.rstrip(".")) or CHAPTER.fullmatch(one.text.rstrip(".")))


def _begins_apart(lines: Sequence[Set], i: int, after: Heading | None) -> bool:
    """Whether nothing runs into a line: it is the first, comes below a heading, or what comes before has closed."""
    if i == 0 or after:
        return True
    last = lines[i - 1]
    if last.closed or last.hyphened or last.text[-1] in ",;":
        return last.closed
    return bool(last.blank_after) and slack(last, lines[i]) > 0.03


def _room_before(lines: Sequence[Set], i: int) -> bool:
    """Whether the line before was left with room to spare, though it has not closed."""
    return lines[i - 1].text[-1] not in ",;" and not lines[i - 1].hyphened and slack(lines[i - 1], lines[i]) > 0.1


def _ends_apart(lines: Sequence[Set], i: int) -> bool:
    """Whether a line does not run on: there was room for the next word, and what follows begins anew."""
    if i + 1 == len(lines):
        return True
    then = lines[i + 1]
    begins = then.opening != "small" or LARGE.match(_bare(then.text)) is not None
    return begins and (slack(lines[i], then) > 0.03 or bool(lines[i].blank_after))


def _while(lines: Sequence[Set], i: int, fits: Callable[[str], bool]) -> int:
    """Where a heading that begins here ends, of three lines at most; nought where there is none."""
    for end in range(i + 1, min(i + 4, len(lines) + 1)):
        bare = _bare(lines[end - 1].text)
        if not fits(bare) or (end > i + 1 and lines[end - 1].line.page != lines[i].line.page):
            return 0
        if _ends_apart(lines, end - 1) and not RUNS_ON.search(lines[end - 1].text) and not _goes_over(lines, end, fits):
            return end
    return 0


def _goes_over(lines: Sequence[Set], end: int, fits: Callable[[str], bool]) -> bool:
    """Whether a wide line of a heading has more of it on the next, which nothing parts from it."""
    if end == len(lines) or lines[end - 1].width < 0.7 * lines[end - 1].measure:
        return False
    last_word = LETTERS.findall(lines[end - 1].text)[-1]
    if lines[end - 1].blank_after and not (last_word.islower() and len(last_word) <= LITTLE_WORDS):
        return False
    return fits(_bare(lines[end].text)) and lines[end].width < lines[end - 1].width


def _in_capitals(text: str) -> bool:
    words = LETTERS.findall(text)
    return sum(map(len, words)) > 3 and all(word.isupper() for word in words if len(word) > 1)


def _is_title(text: str) -> bool:
    """Whether a line has the capitals of a title.

    >>> _is_title("Of the Nature of Flatland"), _is_title("He never went to London"), _is_title("He said.")
    (True, False, False)
    """
    words = LETTERS.findall(text)
    if not words or len(words) > MANY or text[-1:] in ".!?,;:" or not LARGE.match(text) or len(text) < 3:
        return False
    if (text[-1:] in "”’\"'" and text[-2:-1] in ".!?,") or SENTENCE_INSIDE.search(text):
        return False
    large = sum(word[0].isupper() for word in words)
    if any(len(word) > LITTLE_WORDS and word[0].islower() for word in words):
        return False
    return len(words) < 3 or (large > 1 and large * 5 >= 2 * len(words))


def _loud(text: str) -> bool:
    return _in_capitals(text) or _is_title(text)


def _is_signature(lines: Sequence[Set], i: int, end: int) -> bool:
    """Whether a name stands below prose and above a heading: it signs what comes before."""
    if i == 0 or end == len(lines) or not NAME.fullmatch(_bare(lines[i].text)):
        return False
    then = _bare(lines[end].text)
    return _loud(then) or bool(NUMERAL.fullmatch(then))


def _is_byline(one: Set, known: Callable[[str], bool]) -> bool:
    bare = _bare(one.text)
    if BY.fullmatch(bare):
        return True
    if not NAME.fullmatch(bare) or bare.isupper():
        return False
    words = [word.lower() for word in LETTERS.findall(bare)]
    return not all(known(word) for word in words)


def _short_paragraph(lines: Sequence[Set], i: int) -> int:
    """Where a paragraph of one or two lines that begins here ends; nought where it is longer."""
    for end in range(i + 1, min(i + 3, len(lines))):
        one, then = lines[end - 1], lines[end]
        if slack(one, then) > 0.06 or one.blank_after:
            return end if then.opening in ("large", "quote") and not RUNS_ON.search(_bare(one.text)) else 0
    return 0


def _numbers_have_titles(lines: Sequence[Set]) -> bool:
    """Whether the numbers of chapters are as a rule followed by a short paragraph."""
    numbers = [i for i, one in enumerate(lines) if _number(one) and len(one.text) < 20 and i + 1 < len(lines)]
    short = sum(bool(_short_paragraph(lines, i + 1)) for i in numbers)
    return short >= 2 and short * 3 >= 2 * len(numbers)


def _levelled(lines: Sequence[Set], found: list[Heading]) -> list[Heading]:
    """The headings with their levels: a title before any prose and parts 1, chapters 2, what is quieter 3."""
    loud = any(_number(lines[one.first]) or _in_capitals(_bare(lines[one.first].text)) for one in found[1:])
    levelled: list[Heading] = []
    for one in found:
        last = levelled[-1] if levelled and levelled[-1].end == one.first else None
        text = _bare(lines[one.first].text)
        if one.level is None:
            levelled.append(one._replace(says=SAYS["byline"]))
            continue
        if PART.fullmatch(text.rstrip(".")):
            level = 1
        elif last and last.level and not _number(lines[one.first]):
            level = last.level
        elif one.first == 0 and not _number(lines[0]):
            level = 1
        else:
            quiet = not (_number(lines[one.first]) or _in_capitals(text) or last)
            level = 3 if loud and quiet else 2
        levelled.append(one._replace(level=level))
    return levelled


# --- verse ------------------------------------------------------------------------------------------------------------


def verses(lines: Sequence[Set], taken: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Runs of lines that are verse: each broken before it was full, each beginning with a capital.

    Where paragraphs are one long line each, parted by blank lines, lines that no blank line parts are verse.
    """
    meant = unwrapped(lines) and sum(bool(one.blank_after) for one in lines) * 2 > len(lines)
    strewn = any(one.blank_after and not one.closed and then.opening == "small" for one, then in pairwise(lines))
    fits, goes_on = (_any_line, _unparted) if meant else (_verse_line, _room_left)
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and j not in taken and fits(lines[j]) and (j == i or goes_on(lines, j)):
            j += 1
        first, end = (i, j) if meant else _trimmed(lines, i, j)
        run = lines[first:end]
        if len(run) > 1 if meant else _is_verse(run) and (strewn or not all(one.blank_after for one in run[:-1])):
            yield first, end
        i = max(end, i + 1)


def _any_line(one: Set) -> bool:
    return True


def _unparted(lines: Sequence[Set], i: int) -> bool:
    return not lines[i - 1].blank_after


def _verse_line(one: Set) -> bool:
    return (one.width <= WIDEST_VERSE * one.measure and len(one.text) >= 4 and not one.hyphened
            and LARGE.match(_bare(one.text)) is not None and (bool(one.indent) or len(one.text) >= 12))


def _room_left(lines: Sequence[Set], i: int) -> bool:
    """Whether a line could be the next of the verse: the line before was not broken for want of room."""
    return slack(lines[i - 1], lines[i]) > 0.05


def _trimmed(lines: Sequence[Set], i: int, j: int) -> tuple[int, int]:
    """A run without the line that announces it, and without what follows the end of its quotation."""
    while i < j and lines[i].text.endswith(":"):
        i += 1
    if i < j and lines[i].opening == "quote":
        j = next((k + 1 for k in range(i, j) if VERSE_QUOTED.search(lines[k].text)), j)
    return i, j


def _is_verse(run: Sequence[Set]) -> bool:
    """Three lines, or two of which the first runs on; few of them whole sentences, as lines of dialogue would be."""
    if len(run) < 2:
        return False
    sentences = sum(one.closed for one in run[:-1])
    if len(run) == 2:
        return not sentences and run[0].short_by > 0.2 and run[1].closed
    return sentences * 2 < len(run) - 1 or (all(one.indent >= 4 for one in run) and sentences * 4 <= 3 * len(run))


def has_stanzas(run: Sequence[Set]) -> bool:
    """Whether blank lines part stanzas of a verse: each of two lines or more, or all the verse is one stanza."""
    parted = [i for i, one in enumerate(run[:-1]) if one.blank_after]
    return all(b - a > 1 for a, b in pairwise([-1, *parted, len(run) - 1]))


# --- quotations and lists ---------------------------------------------------------------------------------------------


def quotations(lines: Sequence[Set], taken: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Runs of two or more lines that are all set in."""
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and j not in taken and lines[j].indent >= 2 and _keeps_in(lines, i, j):
            j += 1
        if j - i > 1 and any(one.width > 0.5 * one.measure for one in lines[i:j]) and _is_set_apart(lines, i, j):
            yield i, j
        i = max(j, i + 1)


def _is_set_apart(lines: Sequence[Set], i: int, j: int) -> bool:
    """Whether what comes before announces it or has ended, and its own last sentence has ended."""
    before = i == 0 or lines[i - 1].closed or lines[i - 1].text[-1] in ":—–" or bool(lines[i - 1].blank_after)
    return before and (j == len(lines) or lines[j - 1].closed or bool(lines[j - 1].blank_after))


def _keeps_in(lines: Sequence[Set], i: int, j: int) -> bool:
    """Whether a line is set in as far as the quotation that begins with line i, whose first may be set in further."""
    if j == i:
        return True
    if lines[j].line.page != lines[i].line.page:
        return False
    return abs(lines[j].indent - lines[max(i + 1, j - 1)].indent) <= 1 and lines[j].indent <= lines[i].indent + 1


def items(lines: Sequence[Set], taken: frozenset[int]) -> list[int]:
    """Where the items of lists begin: numbers or letters that count on, or dots, each at the beginning of a line."""
    marked = [(i, found) for i, one in enumerate(lines)
              if i not in taken and (found := ITEM.match(one.text)) and _may_begin(lines, i)]
    begin: set[int] = set()
    for (i, one), (j, then) in pairwise(marked):
        if _counts_on(one, then):
            begin |= {i, j}
    return sorted(begin)


def _may_begin(lines: Sequence[Set], i: int) -> bool:
    if i == 0:
        return True
    last = lines[i - 1]
    return last.closed or bool(last.blank_after) or last.text[-1] in ";:," or slack(last, lines[i]) > 0.1


def _counts_on(one: "regex.Match[str]", then: "regex.Match[str]") -> bool:
    if one["bullet"] or then["bullet"]:
        return bool(one["bullet"] == then["bullet"])
    if one["number"] and then["number"]:
        return int(then["number"]) == int(one["number"]) + 1
    return bool(one["letter"] and then["letter"] and ord(then["letter"]) == ord(one["letter"]) + 1)
