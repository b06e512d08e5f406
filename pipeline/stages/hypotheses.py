"""The hypotheses about a scan: every scheme that could have so many sides or pages, each weighed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import accumulate, pairwise
from statistics import median
from typing import NamedTuple

from pipeline.stages.grid import SHORTEST, Free, Grid, as_they_lie, ends_within, grid_of_sides, grids_by_ends
from pipeline.stages.impositions import MOST_BLANKS, PLAIN, SCHEMES, UNKNOWN, Laid, blanks_at_end, blanks_of, laid
from pipeline.stages.layout import Side
from pipeline.stages.loose import loose, loose_blanks, outmost_sheets, sheet_pages
from pipeline.stages.lost_sides import KEPT, lost_sides
from pipeline.stages.scan import Scan, closes, opens
from pipeline.stages.scoring import Solution, solved
from pipeline.stages.shuffled import shuffled

HOPELESS = 15.0  # nats below the best division into pages, from which a hypothesis is not weighed
MORE_PAGES = 4  # than two a side a booklet may have, blank sides not being in the file
FEWEST_WITH_MISSING = 8  # pages of a booklet of which a side may be sought as missing
FEWEST_PAGES = 6  # from which their lengths are learned
OTHER_PAGES = 0.3  # of its lines, by which the pages known must be longer or shorter to be no pages of a grid
FEWEST_SIDES, LONGER = 4, 1.1  # sides that bear each other out; by which one may be longer than most
FEW_SHEETS, MOST_SHEETS = 24, 100  # loose ones: always looked for, or where no other order is convincing
CONVINCING = 0.5  # nats a page end, on the mean
RUNS_ON = 1.0  # the same of text where an order parts it, from which it plainly runs on as it lies
LONG_LINES = 150  # letters from which a line is a paragraph or a piece of its own
# A round of weighing: how many ends of each page, how many placings at once, how many hypotheses go on to the next.
OF_EACH = 8  # the part of these that each grid has, whatever the others
ROUNDS = ((1, 2, 80), (3, 40, 16), (99, 250, 16))


Wanted = Callable[[Solution], bool]


class Guess(NamedTuple):
    """A hypothesis not weighed yet: where its cuts may lie, and what reading the scan as it lies comes to."""

    grid: Grid
    laid: Laid
    ends: list[list[int]]
    as_it_lies: float


def hypotheses(scan: Scan, wanted: Wanted = lambda one: True) -> list[Solution]:
    """What the order of a scan may be, the likeliest first; that it reads as it lies is always among it.

    They are weighed twice: how much white stands at page ends, and how long pages are, is known only when these are.
    Those that an editor wants are weighed to the end, however unlikely.
    """
    found = _once(scan, wanted, FEW_SHEETS)
    if len(found[0].cuts) <= FEWEST_PAGES:
        return found
    return _once(scan.with_ends(found[0].cuts), wanted, FEW_SHEETS if found[0].runs_on > CONVINCING else MOST_SHEETS)


def _once(scan: Scan, wanted: Wanted, loose_sheets: int) -> list[Solution]:
    """One round; loose sheets, which take long, are tried up to so many."""
    last = len(scan.rows)
    cuts = tuple(sorted({0, *scan.pinned, last}))
    found = [Solution(scan, laid(PLAIN, len(cuts) - 1), cuts, opens(scan, 0) + closes(scan, last) + PLAIN.prior)]
    if scan.measure > LONG_LINES and last > 2:
        torn = UNKNOWN.prior - sum(scan.given_up(cut) for cut in range(1, last))
        found.append(Solution(scan, laid(UNKNOWN, last), tuple(range(last + 1)), torn))
    found += shuffled(scan)
    weighed = _weighed([*_of_sides(scan, loose_sheets), *_of_pages(scan, loose_sheets)], wanted)
    # Where no page is seen for certain, text that plainly runs on as it lies is not parted, however well it would anew.
    found += [one for one in weighed if scan.lay.certain or scan.pinned or one.gives_up < RUNS_ON]
    return sorted(found, key=lambda one: -one.score)


def as_it_lies(scan: Scan) -> Solution:
    """The pages the file shows by itself, as they lie: its sides, and what its running heads and folios part."""
    found = scan.furniture.found
    cuts = {0, len(scan.rows), *scan.pinned}
    if scan.lay.certain or _regular(scan):
        cuts |= set(scan.forced)
    if scan.furniture.heads:
        cuts |= {k for k, one in found.items() if one.top and not (k - 1 in found and found[k - 1].top)}
    if scan.furniture.feet:
        cuts |= {k + 1 for k, one in found.items() if not one.top and not (k + 1 in found and not found[k + 1].top)}
    edges = tuple(sorted(cuts - scan.barred))
    return Solution(scan, laid(PLAIN, len(edges) - 1), edges, 0.0)


def _weighed(guesses: list[Guess], wanted: Wanted) -> Iterator[Solution]:
    """The guesses solved, in rounds: all of them roughly, the best of these again with more care."""
    kept: Iterable[tuple[Guess, Solution | None]] = ((guess, None) for guess in guesses)
    for width, beam, most in ROUNDS:
        scored = [(found, guess) for guess, _ in kept if (found := solved(*guess, width, beam))]
        ranked = sorted(range(len(scored)), key=lambda k: (wanted(scored[k][0]), scored[k][0].score), reverse=True)
        best = [*ranked[:most], *_of_each_grid(scored, ranked, most // OF_EACH)]
        # What reads as it lies, and what is in no known order, is what the others are measured by.
        always = [k for k, (found, _) in enumerate(scored) if found.laid.scheme in (PLAIN, UNKNOWN)]
        kept = [(scored[k][1], scored[k][0]) for k in dict.fromkeys([*best, *always])]
    return (found for _, found in kept if found)


def _of_each_grid(scored: Sequence[tuple[Solution, Guess]], ranked: Sequence[int], most: int) -> Iterator[int]:
    """The best of each grid: while the cuts are rough, many short pages lose more by it than few long ones."""
    seen = Counter[int]()
    for k in ranked:
        seen[id(scored[k][1].grid)] += 1
        if seen[id(scored[k][1].grid)] <= most:
            yield k


def _of_sides(scan: Scan, loose_sheets: int) -> Iterator[Guess]:
    """The schemes for the sides of a scan, with one page on each, two or four."""
    sides = scan.lay.sides
    if len(sides) < 2:
        return
    ways = [_division(grid_of_sides(scan, most), most) for most in _pages_a_side(scan)]
    plain = max(way.plain for way in ways) + sum(scan.ends[side.first] for side in sides)
    for way in ways:
        for guess in _laid(way.most, len(sides) * way.most + MORE_PAGES, len(sides)):
            for one in _with_so_many(guess, way):
                if way.lie(one.counts) > way.best - HOPELESS:
                    cuts = [*way.cuts(one.counts), [len(scan.rows)]]
                    yield Guess(way.grid, one, cuts, plain + way.grid.regularity(len(cuts) - 1))
        if len(sides) * way.most <= 4 * loose_sheets:
            yield from _loose(way, plain)


def _with_so_many(guess: Laid, way: "_Division") -> Iterator[Laid]:
    """A hypothesis if it has as many sides as the file; if it has one more, without that which may be missing."""
    more = len(guess.sides) - len(way.sides)
    if more == 0:
        yield guess
    elif more == 1 and guess.scheme.gathering and guess.pages >= FEWEST_WITH_MISSING and way.most > 1:
        for _, k in lost_sides(way.grid.scan, guess, lambda s, behind: way.pages(s - behind, guess.counts[s])):
            yield guess.without_side(k)


def _loose(way: "_Division", plain: float) -> Iterator[Guess]:
    """The sheets of a booklet in any order, two sides each, or four if each side is a page."""
    grid, sides = way.grid, len(way.sides)
    firsts = [there[0] for there in way.cuts(way.chosen) if there]
    for blanks, pages in loose_blanks(sides * 2 if way.most == 2 else None, sides) if way.most < 4 else ():
        for outmost in outmost_sheets(grid.scan, firsts) if blanks else (0,):
            counts = [1] * sides
            if way.most == 2:
                face = {page: k for k, page in enumerate(sheet_pages(0, pages))}
                counts = [2 - sum(2 * outmost + face[page] // 2 == k for page in blanks) for k in range(sides)]
            if way.lie(counts) > way.best - HOPELESS:
                cuts = [*way.cuts(counts), [len(grid.scan.rows)]]
                yield from _loosely(grid, cuts, blanks, outmost, way.most, plain + grid.regularity(len(cuts) - 1))


def _loosely(
    grid: Grid, cuts: list[list[int]], blanks: tuple[int, ...], outmost: int, most: int, as_it_lies: float
) -> Iterator[Guess]:
    """The likeliest orders of loose sheets with their pages at these cuts."""
    if all(cuts):
        for guess in loose(grid.scan, [there[0] for there in cuts], blanks, outmost):
            yield Guess(grid, guess.in_file_by(most), cuts, as_it_lies)


def _pages_a_side(scan: Scan) -> tuple[int, ...]:
    if any(side.gutter for side in scan.lay.sides):
        return (2,)
    four = median(side.rows for side in scan.lay.sides) >= 4 * SHORTEST
    return (1, 2, 4) if four else (1, 2)


def _known(grid: Grid) -> Grid:
    """A grid with the lengths of the pages that were thought likeliest before, if those are its pages."""
    lengths = [grid.lines_between(a, b) for a, b in pairwise(grid.scan.cuts)]
    known = len(grid.scan.cuts) > FEWEST_PAGES and abs(median(lengths) - grid.lines) < OTHER_PAGES * grid.lines
    return grid.with_pages(grid.scan.cuts) if known else grid


class _Division:
    """How the sides of a scan divide into pages, at most so many on each."""

    def __init__(self, grid: Grid, most: int) -> None:
        self.grid, self.most, self.sides = grid, most, grid.scan.lay.sides
        counts = range(1, most + 1)
        self.ends = [{count: ends_within(grid, side, count) for count in counts} for side in self.sides]
        self.lies = [{count: as_they_lie(grid, side, count) for count in counts} for side in self.sides]
        chosen = [max(counts, key=lambda count: there[count] - grid.regularity(count)) for there in self.lies]
        self.chosen = chosen
        self.best = self.lie(chosen)
        self.plain = self.best - grid.regularity(sum(chosen))  # comparable between grids

    def lie(self, counts: Sequence[int]) -> float:
        """How well the sides divide into so many pages each."""
        return sum(there[count] for there, count in zip(self.lies, counts, strict=True))

    def pages(self, k: int, count: int) -> list[tuple[int, int]]:
        """Where so many pages of a side begin and end, likeliest; none if it cannot have them."""
        ends = self.ends[k][count] if count else None
        side = self.sides[k]
        return [] if ends is None else list(pairwise([side.first, *(there[0] for there in ends if there), side.end]))

    def cuts(self, counts: Sequence[int]) -> Iterator[list[int]]:
        """Where each page may begin, if the sides have so many."""
        for side, there, count in zip(self.sides, self.ends, counts, strict=True):
            yield [side.first]
            yield from there[count] or [[]] * (count - 1)


def _division(grid: Grid, most: int) -> _Division:
    """How the sides divide, by the lengths of the pages known, or of those that are likeliest before any are."""
    known = _known(grid)
    way = _Division(known, most)
    if known is not grid or len(way.sides) * most <= FEWEST_PAGES:
        return way
    firsts = [there[0] for there in way.cuts(way.chosen) if there]
    return _Division(grid.with_pages([*firsts, len(grid.scan.rows)]), most)


def _of_pages(scan: Scan, loose_sheets: int) -> Iterator[Guess]:
    """The schemes for pages whose sides are not known, for every likely number of them."""
    if scan.lay.certain or scan.measure > LONG_LINES or _regular(scan):
        return
    edge = opens(scan, 0) + closes(scan, len(scan.rows)) + PLAIN.prior
    ways = []
    plain = [0.0]  # against no pages at all
    for grid in map(_known, grids_by_ends(scan)):
        free = Free(grid, Side(0, len(scan.rows)))
        ends = {pages: free.ends(pages) for pages in free.likely()}
        ways.append((grid, ends))
        plain += [one.score - edge - grid.regularity(pages)
                  for pages in ends if (one := solved(grid, laid(PLAIN, pages), ends[pages], 0.0))]
    for grid, ends in ways:
        for guess in _laid(1, max(ends, default=0) + MORE_PAGES):
            count = len(guess.in_file)
            if count in ends and not guess.scheme.as_it_lies:
                yield Guess(grid, guess, ends[count], max(plain) + grid.regularity(count))
        for lacking in _without_a_side(scan, ends):
            count = len(lacking.in_file)
            yield Guess(grid, lacking, ends[count], max(plain) + grid.regularity(count))
        for count, cuts in ends.items() if max(ends, default=0) <= 4 * loose_sheets else ():
            firsts = [there[0] for there in cuts if there]
            for blanks, _ in loose_blanks(None, count):
                for outmost in outmost_sheets(scan, firsts) if blanks else (0,):
                    yield from _loosely(grid, cuts, blanks, outmost, 1, max(plain) + grid.regularity(count))


def _without_a_side(scan: Scan, ends: dict[int, list[list[int]]]) -> Iterator[Laid]:
    """Of each scheme of folded sheets the likeliest that lack a side, for pages whose sides are not known."""
    likely = {count: list(pairwise(there[0] for there in cuts)) for count, cuts in ends.items() if all(cuts)}
    for scheme in SCHEMES:
        found: list[tuple[float, Laid]] = []
        fewest, most = (edge(likely, default=0) + scheme.a_side for edge in (min, max))
        for n in range(max(fewest, FEWEST_WITH_MISSING), most + MORE_PAGES):
            for blanks in blanks_at_end(n) if scheme.gathering and scheme.fits(n) else ():
                if pages := likely.get(n - len(blanks) - scheme.a_side):
                    found += _lacking(scan, laid(scheme, n, blanks), pages)
        yield from (one.in_file_by(1) for _, one in nlargest(KEPT, found, key=lambda one: one[0]))


def _lacking(scan: Scan, whole: Laid, pages: list[tuple[int, int]]) -> Iterator[tuple[float, Laid]]:
    """A scheme without each of the sides that may be missing, and how well its pages run on."""
    first = [0, *accumulate(whole.counts)]

    def on_side(k: int, behind: bool) -> list[tuple[int, int]]:
        at = first[k] - behind * whole.scheme.a_side
        return pages[at : at + whole.counts[k]]

    for weight, k in lost_sides(scan, whole, on_side):
        yield weight, whole.without_side(k)


def _regular(scan: Scan) -> bool:
    """Whether the sides found by their gaps can be believed: there are several, and none that is longer than most."""
    heights = [side.rows for side in scan.lay.sides]
    return len(heights) >= FEWEST_SIDES and max(heights) <= LONGER * median(heights) + 2


def _laid(most: int, pages: int, sides: int = 0) -> Iterator[Laid]:
    """Every scheme with so many pages a side, for up to so many pages; blank sides are not in the file.

    Where a side is one page, the pages of any scheme may lie so, one after the other.
    """
    fewest = max(1, (sides - 1) * most - 1) if sides else max(1, pages - 4 * MORE_PAGES)
    for scheme in (*SCHEMES, UNKNOWN):
        if most != scheme.a_side and (most > 1 or scheme.as_it_lies):
            continue
        for n in range(fewest, pages + 1):
            if not scheme.fits(n):
                continue
            most_blanks = max(MOST_BLANKS, scheme.a_side * 2 - 1)  # a sheet folded twice may lack all but one page
            for blanks in blanks_of(n, most_blanks) if scheme.a_side > 1 else ((),):
                if len(blanks) < n:
                    yield laid(scheme, n, blanks).in_file_by(most)
