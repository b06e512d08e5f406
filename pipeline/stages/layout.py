"""The lines of a witness as they lie on the scanned sides: gaps, form feeds, columns side by side."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import regex

from pipeline.model import LINE_BREAK

LETTERS = regex.compile(r"[^\s\ufeff](?:.*[^\s\ufeff])?", regex.DOTALL)
WIDE_BLANK = regex.compile(r"[ \t\u00a0]{2,}")
FEWEST_SIDES = 3  # large gaps are taken for the ends of sides from this many on
FEWEST_ROWS_OF_A_SIDE = 8
ODD_SIDES = 0.4  # the share of sides that may be longer or shorter than the rest


class Row(NamedTuple):
    """The letters of one line, or of one column of it; what stands before it, and where its letters begin."""

    start: int
    end: int
    blanks: int = 0  # blank lines between it and the row before
    feed: bool = False  # a form feed stands before it
    indent: int = 0
    trailing: bool = False  # a blank follows its letters

    @property
    def width(self) -> int:
        return self.end - self.start


class Side(NamedTuple):
    """A run of rows, `first` up to but without `end`, that lay on one scanned image as far as gaps can tell."""

    first: int
    end: int

    @property
    def rows(self) -> int:
        return self.end - self.first


class Layout(NamedTuple):
    """The rows of a witness in the order of the file (columns one after the other) and the sides they fall into."""

    rows: tuple[Row, ...]
    sides: tuple[Side, ...]
    certain: bool  # the sides end in form feeds or columns, not merely in large gaps


def rows(text: str, start: int = 0, end: int | None = None) -> Iterator[Row]:
    r"""The lines that have letters, each with the number of blank lines before it.

    >>> [(text[0:3], row.blanks, row.feed) for text, row in zip(("one", "two"), rows("one\n\n\n\ftwo \n"))]
    [('one', 0, False), ('two', 2, True)]
    """
    end = len(text) if end is None else end
    at, blanks, feed = start, 0, False
    ends = (match.span() for match in LINE_BREAK.finditer(text, start, end))
    for stop, then in (*ends, (end, end)):
        found = LETTERS.search(text, at, stop)
        if found:
            yield Row(*found.span(), blanks, feed, found.start() - at, found.end() < stop)
            blanks, feed = 0, False
        elif text[at - 1 : at] == "\n" or at == start:
            blanks += 1
        if text[stop:then] == "\f":
            feed = True
        at = then


def layout(text: str) -> Layout:
    r"""The rows of a text and the sides they lie on: form feeds end them, or gaps larger than those of paragraphs.

    >>> layout("one\ntwo\n\fthree\n").sides
    (Side(first=0, end=2), Side(first=2, end=3))
    """
    found = tuple(rows(text))
    fed = [k for k, row in enumerate(found) if row.feed and k]
    if fed:
        sides = _between(fed, len(found))
        columns = tuple(_in_columns(text, found, sides))
        if len(columns) > len(sides):
            order = tuple(row for column in columns for row in column)
            ends = [0]
            for column in columns:
                ends.append(ends[-1] + len(column))
            return Layout(order, tuple(Side(a, b) for a, b in pairwise(ends) if a < b), True)
        return Layout(found, sides, True)
    return Layout(found, _by_gaps(found), False)


def _between(cuts: Sequence[int], end: int) -> tuple[Side, ...]:
    return tuple(Side(a, b) for a, b in pairwise((0, *cuts, end)) if a < b)


def _by_gaps(found: tuple[Row, ...]) -> tuple[Side, ...]:
    """The sides between gaps of one size or more, if they are about as long as each other; else one side."""
    for least in sorted({row.blanks for row in found[1:] if row.blanks > 1}):
        sides = _between([k for k, row in enumerate(found) if k and row.blanks >= least], len(found))
        if len(sides) >= FEWEST_SIDES and _alike(sides, found):
            return sides
    return _between([], len(found))


def height(side: Side, found: Sequence[Row]) -> int:
    """The lines a side is high, blank lines within it too."""
    return side.rows + sum(row.blanks for row in found[side.first + 1 : side.end])


def _alike(sides: tuple[Side, ...], found: tuple[Row, ...]) -> bool:
    heights = [height(side, found) for side in sides]
    usual = median(heights)
    odd = sum(abs(h - usual) > max(2, 0.12 * usual) for h in heights)
    return usual >= FEWEST_ROWS_OF_A_SIDE and odd <= max(2, ODD_SIDES * len(sides)) and odd < len(sides) - 1


def _in_columns(text: str, found: tuple[Row, ...], sides: tuple[Side, ...]) -> Iterator[list[Row]]:
    """Each side as it is, or as its two columns one after the other where a white gutter runs down it."""
    for side in sides:
        here = list(found[side.first : side.end])
        gutter = _gutter(text, here)
        if gutter is None:
            yield here
            continue
        for column in _parted(text, here, gutter):
            yield column


def _gutter(text: str, here: list[Row]) -> int | None:
    """The column of letters at which a side is white from top to bottom with text to both hands, if there is one."""
    widest = max((row.indent + row.width for row in here), default=0)
    if len(here) < FEWEST_ROWS_OF_A_SIDE or widest < 60 or widest > 1000:
        return None
    white = [0] * widest
    for row in here:
        line = " " * row.indent + text[row.start : row.end]
        for match in WIDE_BLANK.finditer(line):
            for x in range(match.start() + (1 if match.start() else 0), match.end()):
                white[x] += 1
        for x in range(len(line) + 1, widest):
            white[x] += 1
    middle = range(round(widest * 0.3), round(widest * 0.7))
    if not middle:
        return None
    best = max(middle, key=lambda x: (white[x], -abs(x - widest / 2)))
    if white[best] < 0.98 * len(here):
        return None
    both = sum(row.indent < best - 2 and row.indent + row.width > best + 2 for row in here)
    return best if both >= 0.4 * len(here) else None


def _parted(text: str, here: list[Row], gutter: int) -> Iterator[list[Row]]:
    for left in (True, False):
        column: list[Row] = []
        blanks = 0
        for k, row in enumerate(here):
            origin = row.start - row.indent
            a, b = (row.start, min(row.end, origin + gutter)) if left else (max(row.start, origin + gutter), row.end)
            blanks += row.blanks if k else 0
            match = LETTERS.search(text, a, b) if a < b else None
            if not match:
                blanks += 1
                continue
            column.append(Row(*match.span(), blanks, row.feed and left,
                              match.start() - origin - (0 if left else gutter), row.trailing and not left))
            blanks = 0
        if column:
            yield column
