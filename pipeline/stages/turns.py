"""Sets apart the two pages of a side that were read across the fold: blocks of the left page and of the right by turns.

Where facing lines stand at one height, extractors take the two pages for a table and read it row by row, so that the
blocks of both come by turns, each page's in their order, until one page has no more; the rest of either follows in one
piece. The geometry is gone. What tells the blocks apart again is how well they run on into each other, on their page
and from side to side, and the numbers that their points and headings bear.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import inf
from statistics import median
from typing import NamedTuple

import regex

from pipeline.stages.layout import Layout, Row, Side, height
from pipeline.stages.numbering import number
from pipeline.stages.scan import Scan

FEWEST_PIECES = 3  # of a side whose pages can come by turns
FEWEST = 2  # such sides, before any is taken to pieces
LEAST_A_SIDE = 4.0  # nats that each such side must gain on the mean
AGAIN = -3.5  # nats for two blocks of one page together, while both come by turns
NOT_BY_TURNS = -4.0  # nats for a side whose pages do not come by turns at all, where others do
INSIDE = -2.5  # nats for going over to the other page where no blank line stands
LEFT_LATER = -3.0  # nats for a side on which something of the right page is read before the like of the left one
OUT_OF_PLACE = -5.0  # nats for a second head or folio of one page, or text below a folio
UNREADY = -2.5  # nats, below which a line is thought not to run on into the next
BOUND = 3.0  # nats that one seam may say
FOLIO_NEXT, NOT_NEXT_FOLIO = 3.0, -1.0  # nats for folios of two pages that follow each other
NEXT, NOT_NEXT = 2.5, -2.5  # nats for a number that is the next one on its page, or no more than the one before
TWICE = -1.5  # nats for a heading that stands on its page already
SEEN = 2.5  # nats for two lines that stand together elsewhere, within one block
OPENS_LIST, IN_LIST, AFTER_LIST, NO_LIST = 2.0, 0.5, 0.8, -1.5  # nats where a list begins, goes on, ends; or is wanting
MOST_WAYS = 6  # of a side, weighed together with those of the sides beside it
OVERFULL, OVERFULL_BY = 1.2, -0.25  # of half the fullest side, above which a page is too long; nats for each line more
CAUGHT = 4.0  # nats for a page that begins with the catchword of the one before
SHORT = 0.6  # of the usual height: such a side may have one page only
FEWEST_BARE = 3  # numbers alone on a side, from which they are taken for those of a list of contents
FIGURES = regex.compile(r"\d+")
POINT = regex.compile(r"(?:[•◦▪‣·*–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")


class Piece(NamedTuple):
    """A block of rows that lies on one page."""

    first: int
    end: int
    top: bool | None = None  # of furniture: whether it begins its page, or ends it
    number: tuple[str, int] | None = None  # what is numbered, and its number


class Way(NamedTuple):
    """A way to deal out the pieces of a side to two pages, as far as it has come."""

    score: float = 0.0
    pages: tuple[int, ...] = ()  # of each piece so far
    last: tuple[int, int] = (-1, -1)  # the piece of the text each page has come to; -1 for none
    reached: tuple[int, int] = (0, 0)  # how far down each page has come: 1 its head, 2 its text, 3 its folio
    numbers: tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]] = ((), ())
    lines: tuple[int, int] = (0, 0)
    stage: int = 0  # both by turns, then the rest of one page, then that of the other


class Untangled(NamedTuple):
    """The layout of a scan with its pages set apart, and what that gains over the least that is asked."""

    lay: Layout
    gain: float


def untangled(scan: Scan, margin: float) -> Untangled | None:
    """The rows of a scan with those of one page together, if two pages may come by turns on its sides."""
    if not scan.lay.certain or any(side.gutter for side in scan.lay.sides) or _numbered_one_by_one(scan):
        return None
    links = Links(scan)
    tangles = [Tangle(links, side) for side in scan.lay.sides]
    tangled = [one for one in tangles if one.text >= FEWEST_PIECES]
    gain = sum(one.ways[0].score - one.in_order.score - LEAST_A_SIDE for one in tangled)
    if len(tangled) < FEWEST or gain < 0:
        return None
    usual = median(one.side.rows for one in tangled)
    rows: list[Row] = []
    sides: list[Side] = []
    unsure = []
    for tangle, chosen in zip(tangles, _chosen(links, [_choices(one, usual) for one in tangles]), strict=True):
        first = len(rows)
        rows += [scan.rows[k] for piece in (*chosen.left, *chosen.right) for k in range(piece.first, piece.end)]
        gutter = first + sum(piece.end - piece.first for piece in chosen.left)
        sides.append(Side(first, len(rows), gutter if chosen.sure and chosen.right else 0))
        if tangle.margin(chosen) < margin:
            unsure.append(tuple(rows[first:]))
    return Untangled(Layout(tuple(rows), tuple(sides), certain=True, unsure=tuple(unsure)), gain)


def _numbered_one_by_one(scan: Scan) -> bool:
    """Whether most sides bear one number each, that of the side before and one more: each is one page."""
    each = [[n for k, n in scan.numbers if side.first <= k < side.end] for side in scan.lay.sides]
    follow = sum(len(a) == len(b) == 1 and b[0] == a[0] + 1 for a, b in pairwise(each))
    return follow > 0.5 * (len(each) - 1)


class Links:
    """How well the pieces of a scan run on into each other."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.half = max(height(side, scan.rows) for side in scan.lay.sides) / 2
        edges = {k for side in scan.lay.sides for k in _edges(scan, side)}
        self.furniture = {k: one.top for k, one in scan.furniture.found.items() if k in edges}
        self.together = Counter(
            pair for k in range(1, len(scan.rows)) if not scan.rows[k].blanks if (pair := self._lines(k - 1, k)))

    def _lines(self, k: int, then: int) -> tuple[str, str]:
        return self._alike(k), self._alike(then)

    def _alike(self, k: int) -> str:
        """A line by which it is known again, whatever number it bears."""
        return FIGURES.sub("0", self.scan.line(k).casefold())

    def heading(self, piece: Piece) -> str:
        """The first line of a piece, if it is short enough for a heading and ends openly as one does."""
        line = self._alike(piece.first)
        return line if len(line) < SHORT * self.scan.measure and line[-1].isalnum() else ""

    def pieces(self, side: Side) -> list[Piece]:
        """The blocks of a side: white parts them, furniture, and what cannot run on."""
        rows = range(side.first + 1, side.end)
        bare = [k for k in rows if self.scan.line(k).isdigit() and k not in self.furniture]
        listed = frozenset(bare if len(bare) >= FEWEST_BARE else ())
        cuts = [k for k in rows if k not in listed and self._parted(k)]
        return [Piece(a, b, self.furniture.get(a), number(self.scan.line(a)))
                for a, b in pairwise((side.first, *cuts, side.end))]

    def _parted(self, k: int) -> bool:
        return (self.scan.rows[k].blanks > 0 or k in self.furniture or k - 1 in self.furniture
                or (not POINT.match(self.scan.line(k)) and self.scan.given_up(k) < UNREADY))

    def runs_on(self, a: Piece, b: Piece) -> float:
        """How well a piece runs on into another, in nats."""
        last, first = self.scan.line(a.end - 1), self.scan.line(b.first)
        seen = SEEN * (self.together[self._lines(a.end - 1, b.first)] > 0)
        in_list = any(POINT.match(self.scan.line(k)) for k in range(max(a.first, a.end - 3), a.end))
        if POINT.match(first):
            return seen + (OPENS_LIST if last.endswith(":") else IN_LIST if in_list else 0.0)
        if last.endswith(":"):
            return seen - (2.0 if self._heading(b) else 1.0)
        if in_list and last[-1] not in ".!?;,":
            return seen + (NO_LIST if first[0].islower() and len(last) < SHORT * self.scan.measure else AFTER_LIST)
        return seen + max(-BOUND, min(BOUND, self.scan.runs_on(a.end, b.first)))

    def _heading(self, piece: Piece) -> bool:
        j = self.scan.last_before[piece.first]
        return j < len(self.scan.heads) and self.scan.heads[j].starts == "heading"


def _edges(scan: Scan, side: Side) -> Iterator[int]:
    """The furniture of a side: what stands further down and comes again, or one of many numbers, is of its text."""
    found = scan.furniture.found
    k = side.first
    while k < side.end and k in found and found[k].top:
        yield k
        k += 1
    feet = [k for k in range(k, side.end) if k in found and not found[k].top]
    numbers = sum(scan.line(k).isdigit() for k in range(k, side.end))
    yield from (k for k in feet if numbers < FEWEST_BARE or k >= side.end - 2)


class Tangle:
    """A side in pieces, and the ways to deal them out to two pages."""

    def __init__(self, links: Links, side: Side) -> None:
        self.links, self.side = links, side
        self.pieces = links.pieces(side)
        self.text = sum(piece.top is None for piece in self.pieces)

    @cached_property
    def ways(self) -> list[Way]:
        """The best ways of pages that come by turns, each with another end of one page or the other."""
        found = [Way()]
        for p in range(len(self.pieces)):
            best: dict[tuple[int, int, int], Way] = {}
            for way in found:
                for page, stage in ((page, stage) for page in (0, 1) for stage in (0, 1, 2)):
                    if new := self._dealt(way, p, page, stage):
                        key = page, new.last[1 - page], stage
                        if key not in best or new.score > best[key].score:
                            best[key] = new
            found = list(best.values())
        ends: dict[tuple[int, int], Way] = {}
        for way in sorted(map(self._as_long, found), key=lambda one: -one.score):
            ends.setdefault(way.last, way)
        return list(ends.values())[:MOST_WAYS]

    @cached_property
    def in_order(self) -> Way:
        """The best way of one page behind the other, or of one page alone."""
        found = []
        for cut in range(1, len(self.pieces) + 1):
            way: Way | None = Way(stage=1)
            for p in range(len(self.pieces)):
                way = way and self._dealt(way, p, int(p >= cut), 1 + (p >= cut))
            found += [way] if way else []
        return max(map(self._as_long, found), key=lambda one: one.score)

    def margin(self, chosen: "Choice") -> float:
        """By how much the way chosen is better than any by which other text goes to either page."""
        text = chosen.text(0)
        others = [one.score for one in _choices(self) if text not in (one.text(0), one.text(1))]
        return chosen.score - max(others, default=-inf)

    def _as_long(self, way: Way) -> Way:
        """A way with what its pages being too long speaks against it."""
        most = OVERFULL * self.links.half
        return way._replace(score=way.score + OVERFULL_BY * sum(max(0.0, lines - most) for lines in way.lines))

    def _dealt(self, way: Way, p: int, page: int, stage: int) -> Way | None:
        """A way with the next piece dealt to a page, unless that cannot be."""
        piece = self.pieces[p]
        same = not way.pages or page == way.pages[-1]
        if stage not in (way.stage, way.stage + 1) or (stage == 2 != way.stage and same):
            return None
        if stage == way.stage > 0 and not same and piece.top is None:
            return None
        score, reached, last, numbers = way.score, list(way.reached), list(way.last), list(way.numbers)
        lines = list(way.lines)
        lines[page] += height(Side(piece.first, piece.end), self.links.scan.rows) + 1
        if stage and not way.stage and min(way.last) < 0:
            score += NOT_BY_TURNS
        depth = 2 if piece.top is None else 1 if piece.top else 3
        score += OUT_OF_PLACE * (reached[page] > depth or reached[page] == depth != 2)
        score += LEFT_LATER * (page == 1 and way.reached[0] < depth > way.reached[1])
        reached[page] = max(reached[page], depth)
        if piece.top is None:
            if way.pages and self.pieces[p - 1].top is None:
                score += self._turn(piece, stage, same=same)
            score += TWICE * self._again(way, piece, page)
            if last[page] >= 0:
                score += self.links.runs_on(self.pieces[last[page]], piece)
            if piece.number:
                score += _counted(numbers[page], piece.number)
                numbers[page] = (*(one for one in numbers[page] if one[0] != piece.number[0]), piece.number)
            last[page] = p
        return Way(score, (*way.pages, page), (last[0], last[1]), (reached[0], reached[1]),
                   (numbers[0], numbers[1]), (lines[0], lines[1]), stage)

    def _again(self, way: Way, piece: Piece, page: int) -> bool:
        """Whether a page has a heading already that the other page lacks."""
        heading = self.links.heading(piece)
        there = [self.links.heading(one) for one, at in zip(self.pieces, way.pages, strict=False) if at == page]
        return bool(heading) and heading in there

    def _turn(self, piece: Piece, stage: int, *, same: bool) -> float:
        """What it costs to go over to the other page, or not to."""
        white = self.links.scan.rows[piece.first].blanks > 0
        return (AGAIN if same and white and not stage else 0.0) + (INSIDE if not same and not white else 0.0)


def _counted(there: Sequence[tuple[str, int]], number: tuple[str, int]) -> float:
    """How well a number follows those before it on its page."""
    before = dict(there).get(number[0])
    return 0.0 if before is None else NEXT if number[1] == before + 1 else NOT_NEXT / (1 + (number[1] > before))


# ---- the sides together

class Choice(NamedTuple):
    """The pages of a side in one of the ways to deal them out."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    score: float
    sure: bool = True  # where the one page ends and the other begins is known

    def text(self, page: int) -> frozenset[Piece]:
        """The pieces of one page that are not furniture."""
        return frozenset(piece for piece in (self.left, self.right)[page] if piece.top is None)


def _choices(tangle: Tangle, usual: float = 0.0) -> list[Choice]:
    """The ways to deal out a side."""
    if tangle.text < FEWEST_PIECES:
        return [Choice(tuple(tangle.pieces), (), 0.0, sure=False)]
    ways = [*tangle.ways, *([tangle.in_order] if tangle.side.rows < SHORT * usual else [])]
    found = []
    for way in ways:
        left, right = (tuple(piece for piece, at in zip(tangle.pieces, way.pages, strict=True) if at == page)
                       for page in (0, 1))
        found.append(Choice(left, right, way.score, way.stage == 0 or min(way.pages) != max(way.pages)))
    return found


def _chosen(links: Links, sides: Sequence[Sequence[Choice]]) -> list[Choice]:
    """Of the choices for each side those that fit best together, the pages lying as in a booklet or as they read."""
    return max((_chain(links, sides, low) for low in (0, 1, None)), key=lambda one: one[0])[1]


def _chain(links: Links, sides: Sequence[Sequence[Choice]], low: int | None) -> tuple[float, list[Choice]]:
    """The best choices where the lower page lies to one hand on the first side, and changes; or always to the left."""
    best = [(choice.score, [choice]) for choice in sides[0]]
    for k, (_, after) in enumerate(pairwise(sides)):
        here = None if low is None else low ^ (k % 2)
        found = []
        for choice in after:
            ways = [(score + _between(links, trail[-1], choice, here), trail) for score, trail in best]
            score, trail = max(ways, key=lambda one: one[0])
            found.append((score + choice.score, [*trail, choice]))
        best = found
    return max(best, key=lambda one: one[0])


def _between(links: Links, side: Choice, after: Choice, low: int | None) -> float:
    """How well two sides run on into each other: in a booklet their lower pages, and back again their higher ones."""
    if low is None:
        return _seam(links, side.right or side.left, after.left)
    pages, then = (side.left, side.right), (after.left, after.right)
    return _seam(links, pages[low], then[1 - low]) + _seam(links, then[low], pages[1 - low])


def _seam(links: Links, page: Sequence[Piece], then: Sequence[Piece]) -> float:
    """How well one page runs on into another."""
    text, follows = ([piece for piece in one if piece.top is None] for one in (page, then))
    bears, bears_then = (_folio(links, one) for one in (page, then))
    folios = 0.0
    if bears is not None and bears_then is not None:
        folios = FOLIO_NEXT if bears_then == bears + 1 else NOT_NEXT_FOLIO
    if not text or not follows:
        return folios
    caught = {word for k, word in links.scan.catchwords if any(piece.first == k for piece in page)}
    folios += CAUGHT * (links.scan.first_word(follows[0].first) in caught)
    numbers: dict[str, int] = dict(piece.number for piece in text if piece.number)
    counted = next((_counted(tuple(numbers.items()), piece.number) for piece in follows if piece.number), 0.0)
    return folios + links.runs_on(text[-1], follows[0]) + max(0.0, counted)


def _folio(links: Links, page: Sequence[Piece]) -> int | None:
    """The number that is printed on a page, if one was read."""
    numbers = [one.number for piece in page if (one := links.scan.furniture.found.get(piece.first))]
    return next((number for number in numbers if number is not None), None)
