"""The grid: how long a page of this scan is, and where its pages can end, before their order is known."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nlargest
from itertools import pairwise, product
from math import ceil, exp, log
from statistics import median

from pipeline.stages.layout import Side
from pipeline.stages.scan import NEVER, Scan

SHORTEST, LONGEST = 12, 90  # lines of a page
# How often a page is full, ends early, or is longer than the rest; and the first page of a text or its last.
WITHIN, AT_THE_EDGE = (0.8, 0.16, 0.04), (0.45, 0.05)
EDGE_FULL = 0.5
EXPECTED, EXPECTED_ALIKE = 6.0, 3.0  # pages that the usual lengths count for, beside those seen
ONCE = 0.8  # taken off the number of pages seen with so many lines
FEW = 4  # of so many parts of a page: one with less is seldom printed, the less the more seldom
LEEWAYS = (0.6, 1.2, 2.4)  # lines by which widows, orphans and misread lines move the end of a page; the best is taken
BEAM, REACH = 60, 14.0  # ends kept for each page, and how far in nats they may lie below the best
SOME = 40  # sides by which a grid is chosen
MOST_ENDS = 10  # for one page, when all are weighed together
ROOT = 2.507  # of twice pi
TORN = 0.75  # the share of page ends over which the text does not run on, where pages are not in order
SOME_ROWS = 2500  # of a scan, by which pages are sought

Edges = tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """Pages of about so many lines: full, short at the end of a chapter, seldom longer."""

    scan: Scan
    lines: float
    leeway: float = LEEWAYS[1]
    white: bool = False  # blank lines within a page count as lines
    seen: tuple[tuple[Edges, int, int], ...] = ()  # of pages with such edges, how many have so many lines, once known

    @cached_property
    def down(self) -> list[int]:
        """Where each cut lies down the scan."""
        return self.scan.heights(white=self.white)

    @cached_property
    def usual(self) -> list[float]:
        """For each number of lines how likely a page has it, before any page is known."""
        return self._by_length(*WITHIN)

    @cached_property
    def by_length(self) -> list[float]:
        """The same in nats, with what is known of all pages."""
        return self._in_nats(self._with(self.usual, [(n, many) for _, n, many in self.seen], EXPECTED))

    @cached_property
    def at_the_edge(self) -> list[float]:
        """The same in nats, for the first page of a text and its last, which may be short."""
        known = self._with(self.usual, [(n, many) for _, n, many in self.seen], EXPECTED)
        return self._in_nats([EDGE_FULL * share + short for share, short in
                              zip(known, self._by_length(0.0, *AT_THE_EDGE), strict=True)])

    @cached_property
    def by_edges(self) -> dict[Edges, list[float]]:
        """The same in nats for pages that begin and end alike: a blank line at the edge of a page is not seen."""
        known = self._with(self.usual, [(n, many) for _, n, many in self.seen], EXPECTED)
        return {edges: self._in_nats(self._with(known, [(n, many) for here, n, many in self.seen if here == edges],
                                                EXPECTED_ALIKE))
                for edges in product(range(3), range(2))}

    def _by_length(self, full: float, short: float, long: float) -> list[float]:
        found = []
        for n in range(round(2.2 * self.lines) + 1):
            near = full * exp(-(((n - self.lines) / self.leeway) ** 2) / 2) / (self.leeway * ROOT)
            early = short / self.lines * min(1.0, FEW * n / self.lines) if n < self.lines else 0.0
            late = long / self.lines * exp(-max(0.0, n - 1.3 * self.lines)) if n > self.lines else 0.0
            found.append(near + early + late + 1e-9)
        return found

    def _with(self, usual: Sequence[float], seen: Sequence[tuple[int, int]], expected: float) -> list[float]:
        """Shares of lengths with what was seen, once for as many pages as expected."""
        lengths, known = Counter[int](), sum(many for _, many in seen)
        for n, many in seen:
            lengths[n] += many
        # What was seen once may be an end that was taken wrongly.
        return [(max(0.0, lengths[n] - ONCE) + expected * share) / (known + expected) for n, share in enumerate(usual)]

    def _in_nats(self, shares: Sequence[float]) -> list[float]:
        """Against ends that may fall anywhere, so that grids of other lengths can be compared."""
        return [log(share) + log(self.lines) + n / self.lines for n, share in enumerate(shares)]

    def with_pages(self, cuts: Sequence[int]) -> "Grid":
        """The same grid, with the lengths of these pages taken for what lengths there are; not of the outermost."""
        lengths = Counter((self.edges(a, b), self.lines_between(a, b)) for a, b in pairwise(cuts[1:-1]))
        return replace(self, seen=tuple((*key, many) for key, many in sorted(lengths.items())))

    def edges(self, start: int, end: int) -> Edges:
        """Whether a page looks as if it ended with a paragraph (2: surely), and as if it began with one."""
        return self._ends[end], self._begins[start]

    @cached_property
    def _ends(self) -> list[int]:
        ends = [("stop", "open short", "stop short").index(tail.ends) if tail.ends.endswith(("stop", "short")) else -1
                for tail in self.scan.tails]
        return [0, *(min(2, ends[k - 1] + 1) if k else 0 for k in self.scan.last_before[1:])]

    @cached_property
    def _begins(self) -> list[int]:
        begins = [int(head.starts in ("capital", "opening", "heading")) for head in self.scan.heads]
        return [*(begins[k] if k < len(begins) else 0 for k in self.scan.last_before)]

    @cached_property
    def above(self) -> list[int]:
        """The white over a page that begins at each cut, which is not of it."""
        return [*(row.blanks if self.white else 0 for row in self.scan.rows), 0]

    @cached_property
    def page_ends(self) -> list[float]:
        """How much speaks for a page end at each cut, before it is known what follows."""
        scan, last = self.scan, len(self.scan.rows)
        return [x - 0.5 * scan.given_up(k) if 0 < k < last else 0.0 for k, x in enumerate(scan.ends)]

    def lines_between(self, start: int, end: int) -> int:
        """The lines of a page between two cuts."""
        return self.down[end] - self.down[start] - self.above[start]

    def free(self, side: Side) -> "Free":
        """The pages of a side that may have many."""
        return self._free.setdefault(side, Free(self, side))

    @cached_property
    def _free(self) -> dict[Side, "Free"]:
        return {}

    def regularity(self, pages: int) -> float:
        """What pages of one length owe to their number, by which grids of one page a side or two differ."""
        return pages * log(self.lines) + self.down[-1] / self.lines

    def length(self, start: int, end: int, *, edge: bool = False) -> float:
        """How likely a page lies between two cuts, by its length, in nats."""
        if start >= end:
            return NEVER
        n, table = self.lines_between(start, end), self.at_the_edge if edge else self.by_edges[self.edges(start, end)]
        return table[n] if n < len(table) else table[-1]


def ends_within(grid: Grid, side: Side, pages: int) -> list[list[int]] | None:
    """Where each page on a side but the last can end; none where the side cannot have so many pages."""
    if pages == 1:
        return None if side.gutter else []
    if side.gutter:
        return [[side.gutter]] if pages == 2 else None
    if pages > 2:
        free = grid.free(side)
        return free.ends(pages)[1:-1] if pages in free.totals else None
    scored = [(_two(grid, side, cut), cut) for cut in range(side.first + 1, side.end)]
    best = nlargest(MOST_ENDS, scored)
    return [[cut for score, cut in best if score > best[0][0] - REACH]] if best else None


def _two(grid: Grid, side: Side, cut: int) -> float:
    return grid.length(side.first, cut) + grid.length(cut, side.end) + grid.page_ends[cut]


def as_they_lie(grid: Grid, side: Side, pages: int) -> float:
    """How well a side divides into so many pages, whatever their order, in nats."""
    if pages == 1:
        return NEVER if side.gutter else grid.length(side.first, side.end)
    if pages == 2:
        ends = ends_within(grid, side, 2)
        return max((_two(grid, side, cut) for cut in ends[0]), default=NEVER) if ends else NEVER
    return NEVER if side.gutter else grid.free(side).totals.get(pages, NEVER)


class Free:
    """Pages over a stretch of a scan where they are not known: the best ends of each, for any number of pages."""

    def __init__(self, grid: Grid, stretch: Side) -> None:
        self.grid, self.stretch = grid, stretch

    @cached_property
    def ahead(self) -> list[dict[int, float]]:
        """Of so many pages from the beginning: where the last can end, and how well they lie."""
        return self._beams(self.stretch.first, self.stretch.end)

    @cached_property
    def back(self) -> list[dict[int, float]]:
        """The same from the end."""
        return self._beams(self.stretch.end, self.stretch.first)

    @cached_property
    def totals(self) -> dict[int, float]:
        """How well the stretch divides into so many pages."""
        end = self.stretch.end
        return {m: beam[end] for m, beam in enumerate(self.ahead) if m and end in beam}

    def _beams(self, origin: int, goal: int) -> list[dict[int, float]]:
        down, table, ends = self.grid.down, self.grid.by_length, self.grid.page_ends
        low, high, walls = min(origin, goal), max(origin, goal), self.grid.scan.forced
        tops = [at + white for at, white in zip(down, self.grid.above, strict=True)]  # where a page begins
        beams = [{origin: 0.0}]
        while beams[-1] and len(beams) <= (high - low) / SHORTEST * 2 + 4:
            found: dict[int, float] = {}
            for at, score in beams[-1].items():
                if at == goal:
                    continue
                if goal > origin:  # up to where a page would be too long, or a side ends
                    wall = bisect_right(walls, at)
                    last = min(high, walls[wall] if wall < len(walls) else high)
                    cuts = range(at + 1, bisect_left(down, tops[at] + len(table), at + 1, last + 1))
                    lengths = [table[down[cut] - tops[at]] for cut in cuts]
                else:
                    wall = bisect_left(walls, at) - 1
                    first = max(low, walls[wall] if wall >= 0 else low)
                    cuts = range(at - 1, bisect_right(tops, down[at] - len(table), first, at) - 1, -1)
                    lengths = [table[down[at] - tops[cut]] for cut in cuts]
                for cut, length in zip(cuts, lengths, strict=True):
                    total = score + length + ends[cut]
                    if total > found.get(cut, NEVER):
                        found[cut] = total
            found.pop(origin, None)
            beams.append(_narrowed(found, goal))
        return beams

    def likely(self, within: float = 8.0) -> list[int]:
        """How many pages there may be."""
        best = max(self.totals.values(), default=0.0)
        return [m for m, total in self.totals.items() if total > best - within]

    def ends(self, pages: int) -> list[list[int]]:
        """For each cut of so many pages, the first and last among them, where it can lie, the likeliest first."""
        found: list[list[int]] = []
        for m in range(pages + 1):
            ahead, back = self.ahead[m], self.back[pages - m] if pages - m < len(self.back) else {}
            both = [(score + back[cut], cut) for cut, score in ahead.items() if cut in back]
            best = nlargest(MOST_ENDS, both)
            found.append([cut for score, cut in best if score > best[0][0] - REACH / 2])
        at = 0
        for m in range(1, pages):  # of those as likely, first such as follow each other
            behind = [cut for cut in found[m] if cut > at]
            at = behind[0] if behind else at
            found[m].sort(key=lambda cut: cut != at)
        return found


def _narrowed(beam: dict[int, float], goal: int) -> dict[int, float]:
    best = nlargest(BEAM, beam.items(), key=lambda one: one[1])
    kept = {cut: score for cut, score in best if score > best[0][1] - REACH}
    if goal in beam:
        kept[goal] = beam[goal]
    return kept


def grid_of_sides(scan: Scan, most: int) -> Grid:
    """The grid that best makes so many pages of each side of a scan, or one."""
    pages = 1 if scan.lay.columns != scan.lay.sides else most  # columns are pages already
    tried = []
    for white in (False, True):
        down = scan.heights(white=white)
        heights = sorted(down[side.end] - down[side.first] - (scan.rows[side.first].blanks if white else 0)
                         for side in scan.lay.columns)
        usual = max(2.0, median(heights[len(heights) // 3 :]) / pages)
        near = (usual - 1.5, usual - 1, usual - 0.5, usual, usual + 0.5, usual + 1)
        for lines, leeway in product(near, LEEWAYS) if most < 3 else product(near[2:5], LEEWAYS[1:2]):
            tried.append(Grid(scan, max(2.0, lines), leeway, white))
    some = scan.lay.sides[:: most * len(scan.lay.sides) // SOME + 1]
    return max(tried, key=lambda grid: sum(max(as_they_lie(grid, side, n) for n in {1, most}) for side in some))


def grids_by_ends(scan: Scan, keep: int = 3) -> list[Grid]:
    """Grids whose pages end where most speaks for a page end, the best first; none where nothing does."""
    found = []
    for seen, white in product((scan,) if scan.gaps_at_ends else (scan, scan.with_nothing_seen()), (False, True)):
        falls = _Falls(seen, white=white)
        found += [(falls.speaks(lines, leeway), Grid(seen, float(lines), leeway, white))
                  for lines in range(SHORTEST, LONGEST + 1) for leeway in LEEWAYS]
    best: list[Grid] = []
    for score, one in sorted(found, key=lambda one: -one[0]):
        if len(best) == keep or score <= 0:
            break
        if all(abs(one.lines - grid.lines) > 3 or one.white != grid.white for grid in best):
            best.append(one)
    # What lies regularly may be sides; then a page is half as long.
    return [*best, *(replace(grid, lines=grid.lines / 2) for grid in best[:1] if grid.lines >= 2 * SHORTEST)]


class _Falls:
    """Where pages of some length would end, one after the other, and how much speaks for page ends there."""

    def __init__(self, scan: Scan, *, white: bool) -> None:
        down = scan.heights(white=white)
        here = range(1, min(len(scan.rows), SOME_ROWS))
        self.places = [(down[k], scan.rows[k].blanks if white else 0, scan.ends[k] + _torn(scan.given_up(k)))
                       for k in here]
        self.height = down[here.stop]

    def speaks(self, lines: int, leeway: float) -> float:
        """How much more speaks for pages of so many lines than for page ends anywhere."""
        return self._best(lines, leeway) - self._best(lines, 0.0)

    def _best(self, lines: int, leeway: float) -> float:
        """The best sum of page ends, less what their lengths owe; without leeway those of any length."""
        reach = ceil(3 * leeway)
        lengths = [(n, log(WITHIN[0] / (leeway * ROOT)) - ((n - lines) / leeway) ** 2 / 2)
                   for n in range(max(1, lines - reach), lines + reach + 1)] if leeway else []
        begun = [NEVER] * (self.height + lines + reach + 1)  # by the line on which a page begins
        begun[0] = best = 0.0
        other = log(1 - WITHIN[0]) - log(lines)  # for a page of any other length
        for at, blanks, speaks in self.places:
            here = best + other
            for n, weight in lengths:
                if n <= at and begun[at - n] + weight > here:
                    here = begun[at - n] + weight
            begun[at + blanks] = here + speaks
            best = max(best, here + speaks)
        return best


def _torn(given_up: float) -> float:
    """How much speaks for a page end what is given up there, where most page ends are torn, but not all."""
    return log(TORN * exp(-given_up) + 1 - TORN)
