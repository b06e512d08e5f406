"""The grid: how long a page of this scan is, and where its pages can end, before their order is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nlargest
from itertools import product
from math import exp, log
from statistics import median

from pipeline.stages.layout import Side
from pipeline.stages.scan import NEVER, Scan

SHORTEST, LONGEST = 12, 90  # lines of a page
# How often a page is full, ends early, or is longer than the rest; and the first page of a text or its last.
WITHIN, AT_THE_EDGE = (0.8, 0.16, 0.04), (0.4, 0.55, 0.05)
FEW = 4  # of so many parts of a page: one with less is seldom printed, the less the more seldom
LEEWAYS = (0.6, 1.2, 2.4)  # lines by which widows, orphans and misread lines move the end of a page; the best is taken
BEAM, REACH = 60, 14.0  # ends kept for each page, and how far in nats they may lie below the best
MOST_ENDS = 10  # for one page, when all are weighed together
ROOT = 2.507  # of twice pi
STRONG = 1.5  # nats from which a place speaks for a page end by itself
NO_TEXT = 2.0


@dataclass(frozen=True)
class Grid:
    """Pages of about so many lines: full, short at the end of a chapter, seldom longer."""

    scan: Scan
    lines: float
    leeway: float = LEEWAYS[1]
    white: bool = False  # blank lines within a page count as lines

    @cached_property
    def down(self) -> list[int]:
        """Where each cut lies down the scan."""
        return self.scan.heights(white=self.white)

    @cached_property
    def by_length(self) -> tuple[list[float], list[float]]:
        """For each number of lines how likely a page has it: one within the text, and its first or last."""
        return self._by_length(*WITHIN), self._by_length(*AT_THE_EDGE)

    def _by_length(self, full: float, short: float, long: float) -> list[float]:
        found = []
        for n in range(round(2.2 * self.lines) + 1):
            near = full * exp(-(((n - self.lines) / self.leeway) ** 2) / 2) / (self.leeway * ROOT)
            early = short / self.lines * min(1.0, FEW * n / self.lines) if n < self.lines else 0.0
            late = long / self.lines * exp(-max(0.0, n - 1.3 * self.lines)) if n > self.lines else 0.0
            # Against ends that may fall anywhere, so that grids of other lengths can be compared.
            found.append(log(near + early + late + 1e-9) + log(self.lines) + n / self.lines)
        return found

    def regularity(self, pages: int) -> float:
        """What pages of one length owe to their number, by which grids of one page a side or two differ."""
        return pages * log(self.lines) + self.down[-1] / self.lines

    def length(self, start: int, end: int, *, edge: bool = False) -> float:
        """How likely a page lies between two cuts, by its length, in nats."""
        if start >= end:
            return NEVER
        n = self.down[end] - self.down[start] - (self.scan.rows[start].blanks if self.white else 0)
        table = self.by_length[edge]
        return table[min(n, len(table) - 1)]


def ends_within(grid: Grid, side: Side, pages: int) -> list[int] | None:
    """Where the first of two pages on a side can end; none where the side cannot have so many pages."""
    if pages == 1:
        return None if side.gutter else []
    if side.gutter:
        return [side.gutter]
    scored = [(_two(grid, side, cut) - 0.5 * grid.scan.given_up(cut), cut) for cut in range(side.first + 1, side.end)]
    best = nlargest(MOST_ENDS, scored)
    return [cut for score, cut in best if score > best[0][0] - REACH] or None


def _two(grid: Grid, side: Side, cut: int) -> float:
    return grid.length(side.first, cut) + grid.length(cut, side.end) + grid.scan.ends[cut]


def as_they_lie(grid: Grid, side: Side, most: int, count: int = 0) -> float:
    """How well a side divides into so many pages, or as many as are best, whatever their order, in nats."""
    one = NEVER if side.gutter or count == 2 else grid.length(side.first, side.end)
    cuts = ends_within(grid, side, 2) if most == 2 and count != 1 else None
    return max([one, *(_two(grid, side, cut) for cut in cuts or ())])


class Free:
    """Pages over a scan whose sides are not known: the best ends of each page, for any number of pages."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        last = len(grid.scan.rows)
        forced = grid.scan.forced
        self.ahead = self._beams(0, last, forced)
        self.back = self._beams(last, 0, forced)
        self.totals = {m: beam[last] for m, beam in enumerate(self.ahead) if m and last in beam}

    def _beams(self, origin: int, goal: int, forced: Sequence[int]) -> list[dict[int, float]]:
        """Of so many pages from one end of the scan: where the last can end, and how well they lie."""
        grid, scan = self.grid, self.grid.scan
        step = 1 if goal > origin else -1
        walls = set(forced)
        reach = len(grid.by_length[0])
        ends = [x - 0.5 * scan.given_up(k) if 0 < k < len(scan.rows) else 0.0 for k, x in enumerate(scan.ends)]
        beams = [{origin: 0.0}]
        while beams[-1] and len(beams) <= len(scan.rows) / SHORTEST * 2 + 4:
            found: dict[int, float] = {}
            for at, score in beams[-1].items():
                cut = at + step
                while 0 <= cut <= len(scan.rows) and abs(grid.down[cut] - grid.down[at]) < reach:
                    total = score + grid.length(*sorted((at, cut))) + ends[cut]
                    if total > found.get(cut, NEVER):
                        found[cut] = total
                    if cut in walls:
                        break
                    cut += step
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
    """The grid that best makes one page of each side of a scan, or two."""
    pages = 1 if scan.lay.columns != scan.lay.sides else most  # columns are pages already
    tried = []
    for white in (False, True):
        down = scan.heights(white=white)
        heights = sorted(down[side.end] - down[side.first] - (scan.rows[side.first].blanks if white else 0)
                         for side in scan.lay.columns)
        usual = max(2.0, median(heights[len(heights) // 3 :]) / pages)
        for lines, leeway in product((usual - 1.5, usual - 1, usual - 0.5, usual, usual + 0.5, usual + 1), LEEWAYS):
            tried.append(Grid(scan, max(2.0, lines), leeway, white))
    return max(tried, key=lambda grid: sum(as_they_lie(grid, side, most) for side in scan.lay.sides))


def grids_by_ends(scan: Scan, keep: int = 2) -> list[Grid]:
    """Grids on which the places that speak most for a page end lie, the best first; none where hardly any do."""
    # A seam of a clear kind over a clear gap: what remains is told by the grid.
    said = [(scan.ends[k] - scan.given_up(k), k) for k in range(1, len(scan.rows))]
    strong = sorted(k for weight, k in nlargest(len(said) // 8 + 2, said) if weight > STRONG)
    if len(strong) < 3:
        return []
    weights = {k: weight for weight, k in said}
    found = []
    for white in (False, True):
        down = scan.heights(white=white)
        places = [(down[k], weights[k]) for k in strong]
        for lines, leeway in product(range(SHORTEST, LONGEST + 1), LEEWAYS):
            found.append((_chain(places, lines, leeway), lines, leeway, white))
    best: list[Grid] = []
    for score, lines, leeway, white in sorted(found, reverse=True):
        if len(best) < keep and score > 0 and all(abs(lines - grid.lines) > 3 or white != grid.white for grid in best):
            above = median(scan.rows[k].blanks for k in strong) if white else 0  # no page begins with white
            best.append(Grid(scan, float(lines - above), leeway, white))
    # What lies regularly may be sides; then a page is half as long.
    return [*best, *(replace(grid, lines=grid.lines / 2) for grid in best[:1] if grid.lines >= 2 * SHORTEST)]


def _chain(places: Iterable[tuple[int, float]], lines: int, leeway: float) -> float:
    """How well the strongest places that lie whole pages apart speak for pages of this length."""
    done: list[tuple[int, float]] = []
    most = 0.0
    for at, weight in places:
        best = 0.0
        for before, score in reversed(done):
            pages = max(1, round((at - before) / lines))
            if pages > 3:
                break
            off = (at - before - pages * lines) / leeway
            step = log(WITHIN[0] * lines / (leeway * ROOT)) - off * off / 2 - 1.5 * (pages - 1)
            best = max(best, score + max(step, -4.0 + log(lines / SHORTEST) / 4))
        done.append((at, best + min(weight, 4.0) - NO_TEXT))
        most = max(most, done[-1][1])
    return most
