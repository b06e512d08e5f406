"""Prints, imposes and scans books of which every line is known: what `bench.imposed` measures with.

A book is a stretch of a text set to a measure, in pages, laid on sides by a scheme, and read line by line with what
parts its pages more or less visible, with letters misread, with running heads and folios or without.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.stages import impositions as of
from pipeline.stages.impositions import Sides

SYLLABLE = regex.compile(r"(?<=\p{L}[aeiouy])(?=[b-df-hj-np-tv-xz][aeiouy]\p{Ll})|"
                         r"(?<=[aeiouy][b-df-hj-np-tv-xz])(?=[b-df-hj-np-tv-xz][aeiouy])")
SENTENCE = regex.compile(r".*[.!?][”’\"']?$")
# What stands between two sides, and between the pages of one. Between paragraphs stands a blank line.
PARTED = {
    "form feeds": ("\n\f", "\n\n"),
    "form feeds between sides": ("\n\f", "\n"),
    "white": ("\n\n\n\n\n", "\n\n\n\n\n"),
    "white between sides": ("\n\n\n\n", "\n"),
    "white and mixed": ("\n\n\n\n", "mixed"),
    "a blank line": ("\n\n", "\n\n"),
    "mixed": ("\n\n", "mixed"),
    "nothing": ("\n", "\n"),
}
PRINTED = ("nothing", "folios", "heads", "heads and folios")
LOST = ("nothing", "a side", "a copy")
ALIKE = ("rn m", "m rn", "c e", "e c", "h b", "b h", "l 1", "1 l", "I l", "t f", "f t", "u n", "n u", "o 0", "0 o",
         "a o", "s 5", "5 S", "cl d", "d cl", "i j", "y v", "3 8", "8 3", "6 b", ", .", "li h", "w vv", "9 g", "2 z")
LETTERS = "etaoinshrdlu.,'-~"


class Case(NamedTuple):
    """A book to be printed: all that is drawn by chance comes from its number."""

    number: int
    scheme: str
    pages: int
    parted: str
    printed: str
    noise: float
    lost: str = "nothing"
    blanks: tuple[int, ...] = ()


class Line(NamedTuple):
    """Where a line of a page stands in the witness; `place` counts the lines of its page, furniture has none."""

    start: int
    end: int
    page: int
    place: int | None


class Book(NamedTuple):
    """What is handed in, and every line of it in the order of the file."""

    text: str
    lines: tuple[Line, ...]


def shuffled(spell: random.Random) -> Callable[[int], Sides]:
    """Single pages in no order."""
    return lambda n: [(page,) for page in spell.sample(range(1, n + 1), n)]


def loose_sheets(spell: random.Random) -> Callable[[int], Sides]:
    """The sheets of a booklet in no order, each with its front and its back."""

    def sides(n: int) -> Sides:
        whole = of.saddle(n)
        sheets = [whole[k : k + 2] for k in range(0, len(whole), 2)]
        return [side for sheet in spell.sample(sheets, len(sheets)) for side in sheet]

    return sides


def imposed(case: Case, sides: Callable[[int], Sides], text: Sequence[str]) -> Book | None:
    """A book of a text as it comes from the scanner; none where the text is too short for it."""
    spell = random.Random(case.number)
    there = [page for page in range(1, case.pages + 1) if page not in case.blanks]
    pages = printed_pages(case, text, len(there), spell)
    if pages is None:
        return None
    printed = dict(zip(there, pages, strict=True))
    laid = [tuple(page for page in side if page in printed) for side in sides(case.pages)]
    laid = [side for side in laid if side]
    if case.lost != "nothing":
        k = spell.choice([k for k, side in enumerate(laid) if 1 not in side])
        laid[k : k + 1] = [] if case.lost == "a side" else [laid[k], laid[k]]
    return scanned(case, laid, printed, spell)


Pages = list[list[tuple[str, int | None]]]


def printed_pages(case: Case, text: Sequence[str], count: int, spell: random.Random) -> Pages | None:
    """The lines of each page with their places, running head and folio set to it."""
    letters = sum(map(len, text))
    most = letters / count  # letters a page may have, so that there are so many
    measure = spell.choice([m for m in (36, 42, 48, 54, 60, 66) if m * 14 < 0.8 * most] or [36])
    lines = spell.choice([n for n in range(14, 41) if n * measure < 0.9 * most] or [12])
    first = 0
    if spell.random() < 0.5:  # from the middle of the text, if enough is left
        left = letters
        while left > 1.5 * count * lines * measure and spell.random() > 0.02:
            left -= len(text[first])
            first += 1
    spaced, controlled, short = spell.random() < 0.75, spell.random() < 0.5, spell.choice((0.0, 0.0, 0.02))
    rows = list(set_to(measure, text[first:], spaced=spaced, hyphens=spell.random() < 0.75))
    pages = list(in_pages(rows, lines, count, controlled=controlled, short=short, spell=spell))
    if len(pages) < count:
        return None
    head = [word.upper() for word in " ".join(text[:3]).split()[:3]]
    return [furnished(page, n, case.printed, " ".join(head)) for n, page in enumerate(pages, 1)]


def set_to(measure: int, text: Sequence[str], *, spaced: bool, hyphens: bool) -> Iterator[str]:
    """The lines of a text, words broken where a line has room for a part; a blank line or an indent parts paragraphs.

    >>> list(set_to(12, ["The old harbour lay under"], spaced=True, hyphens=True))
    ['The old har-', 'bour lay un-', 'der', '']
    """
    for paragraph in text:
        line = "" if spaced else "  "
        for word in paragraph.split():
            room = measure - len(line) - (1 if line.strip() else 0)
            if len(word) > room:
                cut = max((m.start() for m in SYLLABLE.finditer(word) if m.start() < room), default=0) if hyphens else 0
                if cut:
                    yield f"{line}{' ' * bool(line.strip())}{word[:cut]}-"
                elif line.strip():
                    yield line
                line, word = "", word[cut:]
            line += (" " if line.strip() else "") + word
        yield line
        if spaced:
            yield ""


def in_pages(
    rows: Sequence[str], lines: int, count: int, *, controlled: bool, short: float, spell: random.Random
) -> Iterator[list[str]]:
    """So many pages of so many lines, the last one ending with a sentence; blank lines at their edges are dropped."""
    at = 0
    for n in range(count):
        while at < len(rows) and not rows[at]:
            at += 1
        end = at + lines
        if end > len(rows):
            return
        if spell.random() < short:  # a chapter ends
            end = next((k for k in range(at + lines // 2, end) if not rows[k]), end)
        if controlled:
            end -= _widow(rows, end)
        if n == count - 1:
            ends = [k + 1 for k in range(at + 4, end) if SENTENCE.match(rows[k])]
            breaks = [k for k in ends if k < len(rows) and not rows[k]]
            end = max(breaks or ends or [end])
        page = rows[at:end]
        while page and not page[-1]:
            page = page[:-1]
        yield list(page)
        at = end


def _widow(rows: Sequence[str], end: int) -> int:
    """By how many lines a page ends early, so that no single line of a paragraph is left on it or passed on."""
    before, after = rows[end - 2 : end], rows[end : end + 2]
    parted = not before[1] or not after or not after[0]
    return int(not parted and (not before[0] or (len(after) > 1 and not after[1])))


def furnished(page: Sequence[str], n: int, printed: str, title: str) -> list[tuple[str, int | None]]:
    """A page with its lines counted, and with what is printed over and under it."""
    found: list[tuple[str, int | None]] = []
    places = iter(range(len(page)))
    if "heads" in printed and n > 1:
        found += [(title if n % 2 else "A TALE OF THE COAST", None), ("", None)]
    found += [(line, next(places) if line else None) for line in page]
    if "folios" in printed:
        found += [("", None), (str(n), None)]
    return found


def scanned(
    case: Case, laid: Sequence[tuple[int, ...]], printed: dict[int, list[tuple[str, int | None]]], spell: random.Random
) -> Book:
    """The sides one after the other as a text layer has them."""
    between, beside = PARTED[case.parted]
    parts: list[str] = []
    lines: list[Line] = []
    at = 0

    def write(part: str) -> None:
        nonlocal at
        parts.append(part)
        at += len(part)

    for k, side in enumerate(laid):
        for j, page in enumerate(side):
            if j or k:
                gap = beside if j else between
                write(spell.choice(("\n\n", "\n\n", "\n")) if gap == "mixed" else gap)
            for i, (line, place) in enumerate(printed[page]):
                read = misread(line, case.noise, spell)
                write("\n" if i else "")
                if read.strip():
                    lines.append(Line(at + len(read) - len(read.lstrip()), at + len(read.rstrip()), page, place))
                write(read)
    write("\n")
    return Book("".join(parts), tuple(lines))


def misread(line: str, noise: float, spell: random.Random) -> str:
    """A line with letters confused (six of ten faults), lost, put in, and words split or joined."""
    if not noise or not line:
        return line
    found: list[str] = []
    k = 0
    while k < len(line):
        if line[k] == " " and spell.random() < noise * 0.3:
            k += 1
        elif spell.random() >= noise or line[k] == " ":
            found.append(line[k])
            k += 1
        else:
            chance = spell.random()
            ways = [(a, b) for a, b in (pair.split() for pair in ALIKE) if line.startswith(a, k)]
            if chance < 0.6 and ways:
                old, new = spell.choice(ways)
                found.append(new)
                k += len(old)
            elif chance < 0.75:
                k += 1
            elif chance < 0.9:
                found.append(line[k] + spell.choice(LETTERS))
                k += 1
            else:
                found.append(line[k] + " ")
                k += 1
    return "".join(found)


def breaks(lines: Sequence[Line], page_of: Callable[[Line], object]) -> set[int]:
    """Which lines of the text begin another page than the one before them in the file is on."""
    text = [line for line in lines if line.place is not None]
    return {b.start for a, b in pairwise(text) if page_of(a) != page_of(b)}
