"""The lines of a witness as they lie on the scanned sides: gaps, form feeds, columns side by side."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import regex

from pipeline.model import LINE_BREAK

LETTERS = regex.compile(r"[^\s\ufeff](?:.*[^\s\ufeff])?", regex.DOTALL)
NOT_LETTERS = regex.compile(r"\P{L}+")
GUTTER = regex.compile(r"(?<=\S)[ \t\u00a0]{4,}(?=\S)")
WIDE_BLANK = regex.compile(r"[ \t\u00a0]{2,}")
FEWEST_SIDES = 3  # large gaps are taken for the ends of sides from this many on
FEWEST_ROWS_OF_A_SIDE = 8
BOTH = 0.3  # the share of lines to either hand of a gutter
FEWEST_GUTTERS, NEAR_THE_USUAL = 2, 12  # gutters of sides, before others are looked for within so many letters of them
TWO_UP = 0.3  # the share of sides with a gutter, from which it is thought to lie between two pages
NARROW = 60  # letters of a side; one less wide has no two pages side by side
NARROWEST = 0.3  # of the left page, that the right one must be wide
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
    gutter: int = 0  # the first row of its right column, where it lies in two columns side by side

    @property
    def rows(self) -> int:
        return self.end - self.first


class Layout(NamedTuple):
    """The rows of a witness in the order of the file (columns one after the other) and the sides they fall into."""

    rows: tuple[Row, ...]
    sides: tuple[Side, ...]
    certain: bool  # the sides end in form feeds or columns, not merely in large gaps
    unsure: tuple[tuple[Row, ...], ...] = ()  # sides whose two pages were mixed, and could be told apart otherwise

    @property
    def columns(self) -> tuple[Side, ...]:
        """The sides, each column of one by itself."""
        cut = [(side.first, side.gutter, side.end) if side.gutter else (side.first, side.end) for side in self.sides]
        return tuple(Side(a, b) for edges in cut for a, b in pairwise(edges))


def rows(text: str, start: int = 0, end: int | None = None) -> Iterator[Row]:
    r"""The lines that have letters, each with the number of blank lines before it.

    >>> [(row.start, row.end, row.blanks, row.feed) for row in rows("one\n\n\n\ftwo \n")]
    [(0, 3, 0, False), (7, 10, 3, True)]
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


def layout(text: str, begins: Set[int] = frozenset(), goes_on: Set[int] = frozenset()) -> Layout:
    r"""The rows of a text and the sides they lie on: form feeds end them, or gaps larger than those of paragraphs.

    A row begins at each of the places `begins`, even where the line began before; no side ends at one of `goes_on`.

    >>> layout("one\ntwo\n\fthree\n").sides
    (Side(first=0, end=2, gutter=0), Side(first=2, end=3, gutter=0))
    """
    found = tuple(rows(text))
    unbroken = {next((k for k, row in enumerate(found) if row.start >= at), 0) for at in goes_on}
    fed = [k for k, row in enumerate(found) if row.feed and k and k not in unbroken]
    if fed or _in_two_columns(text, found):
        sides = _between(fed or _heads_across(text, found), len(found))
        order: list[Row] = []
        laid: list[Side] = []
        each = [found[side.first : side.end] for side in sides]
        for here, gutter_at in zip(each, _gutters(text, each), strict=True):
            # cut when the columns are known: the right one begins in the middle of the line anyway
            left, right = (_cut(text, column, begins) for column in _columns(text, here, gutter_at))
            gutter = len(order) + len(left) if right else 0
            laid.append(Side(len(order), len(order) + len(left) + len(right), gutter))
            order += [*left, *right]
        return Layout(tuple(order), tuple(laid), bool(fed) or len(laid) > 1)
    found = tuple(_cut(text, found, begins))
    return Layout(found, _by_gaps(found), False)


def _cut(text: str, found: Sequence[Row], begins: Set[int]) -> list[Row]:
    """The rows, those in pieces within which a page was told to begin."""
    return [piece for row in found for piece in _pieces(text, row, begins)] if begins else list(found)


def _pieces(text: str, row: Row, begins: Set[int]) -> Iterator[Row]:
    edges = sorted({row.start, *(at for at in begins if row.start < at < row.end), row.end})
    if len(edges) == 2:
        yield row
        return
    for a, b in pairwise(edges):
        if match := LETTERS.search(text, a, b):
            first = a == row.start
            yield row._replace(start=match.start(), end=match.end(), blanks=row.blanks if first else 0,
                               feed=row.feed and first)


def _in_two_columns(text: str, found: tuple[Row, ...]) -> bool:
    """Whether a good part of the lines have white in them as wide as that between two pages."""
    wide = sum(GUTTER.search(text, row.start, row.end) is not None for row in found)
    return len(found) >= FEWEST_ROWS_OF_A_SIDE and wide >= 0.3 * len(found)


def _heads_across(text: str, found: tuple[Row, ...]) -> list[int]:
    """Rows at which a side begins, told by the running heads that come again, the wide white left out."""
    keys = ["".join(NOT_LETTERS.sub("", text[row.start : row.end]).casefold()) for row in found]
    halves = [{NOT_LETTERS.sub("", part).casefold() for part in GUTTER.split(text[row.start : row.end])} - {""}
              for row in found]
    often = {half for half, n in Counter(half for here in halves for half in here).items() if n >= 3 and len(half) > 3}
    return [k for k, here in enumerate(halves) if k and keys[k] and here and here <= often]


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


def _columns(text: str, here: Sequence[Row], gutter: int | None) -> tuple[list[Row], list[Row]]:
    """The rows of a side as they are, or its two columns where a white gutter runs down it."""
    return (list(here), []) if gutter is None else (_column(text, here, gutter, left=True),
                                                    _column(text, here, gutter, left=False))


def _gutters(text: str, sides: Sequence[Sequence[Row]]) -> list[int | None]:
    """The gutter of each side, if it has one: by itself, or where the others have theirs, though one page be short."""
    alone = [_gutter(text, here, BOTH) for here in sides]
    known = sorted(gutter for gutter in alone if gutter is not None)
    if len(known) < TWO_UP * sum(len(here) >= FEWEST_ROWS_OF_A_SIDE for here in sides):
        return [None] * len(sides)  # a table here and there, not two pages a side
    if len(known) < FEWEST_GUTTERS:
        return alone
    usual = known[len(known) // 2]
    return [gutter if gutter is not None else _gutter(text, here, 0.0, usual)
            for here, gutter in zip(sides, alone, strict=True)]


def _gutter(text: str, here: Sequence[Row], least: float, usual: int | None = None) -> int | None:
    """The column of letters at which a side is white from top to bottom, if so many lines lie to either hand."""
    widest = max((row.indent + row.width for row in here), default=0)
    fewest = FEWEST_ROWS_OF_A_SIDE if widest < 2 * NARROW else FEWEST_ROWS_OF_A_SIDE / 2
    if widest > 1000 or (usual is None and (len(here) < fewest or widest < NARROW)):
        return None
    white = [0] * widest
    for row in here:
        line = " " * row.indent + text[row.start : row.end]
        for match in WIDE_BLANK.finditer(line):
            for x in range(match.start() + (1 if match.start() else 0), match.end()):
                white[x] += 1
        for x in range(len(line) + 1, widest):
            white[x] += 1
    middle = (range(round(widest * 0.3), round(widest * 0.7)) if usual is None else
              range(usual - NEAR_THE_USUAL, min(widest, usual + NEAR_THE_USUAL)))
    if not middle:
        return None
    best = max(middle, key=lambda x: (white[x], -abs(x - (usual or widest / 2))))
    if white[best] < 0.98 * len(here):
        return None
    before = sum(row.indent < best - 2 for row in here)
    behind = sorted(row.indent + row.width - best for row in here if row.indent + row.width > best + 2)
    if min(before, len(behind)) < max(1, least * len(here)):
        return None
    # A column of figures is no page: what lies behind the gutter is about as wide as what lies before it.
    return best if usual is not None or behind[len(behind) * 3 // 4] >= NARROWEST * best else None


def _column(text: str, here: Sequence[Row], gutter: int, *, left: bool) -> list[Row]:
    """What of each line lies to one hand of the gutter."""
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
    return column
