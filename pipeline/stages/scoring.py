"""Weighs a hypothesis: finds its page ends all together, and what it gains over reading the scan as it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.stages.grid import Grid
from pipeline.stages.impositions import UNKNOWN, Laid
from pipeline.stages.placing import Bonds, Cuts, placed
from pipeline.stages.printed import printed
from pipeline.stages.scan import Scan, closes, opens

BLANK, INNER_BLANK = -0.3, -2.5  # nats for a blank page at the end of a booklet, or within
MISSING = -5.0  # nats for a side that is not in the file
NEAR = 5  # rows by which two orders may part a page elsewhere, and be one


@dataclass(frozen=True)
class Solution:
    """A hypothesis with its page ends: the cut before each page of the file, and the end."""

    scan: Scan
    laid: Laid
    cuts: Cuts
    score: float
    grid: Grid | None = None  # by which the cuts were found

    @cached_property
    def place(self) -> dict[int, int]:
        """Of each page with text, which it is in the file."""
        return {page: k for k, page in enumerate(self.laid.in_file)}

    @cached_property
    def reading(self) -> list[tuple[int, int, int]]:
        """The pages with text as they read: number, first cut, last cut."""
        return [(page, self.cuts[k], self.cuts[k + 1]) for page, k in sorted(self.place.items())]

    @property
    def runs_on(self) -> float:
        """How well its pages run on into each other, in nats on the mean."""
        ends = [self.scan.runs_on(end, start) for (_, _, end), (_, start, _) in pairwise(self.reading)]
        return sum(ends) / max(1, len(ends))

    @property
    def gives_up(self) -> float:
        """How well the text runs on where this parts it, as the file has it, in nats on the mean."""
        ends = [self.scan.given_up(end) for end, _ in self.seams if end < len(self.scan.rows)]
        return sum(ends) / max(1, len(ends))

    @cached_property
    def seams(self) -> list[tuple[int, int]]:
        """The seams this makes that the file does not have: from which cut to which."""
        return [(a[2], b[1]) for a, b in pairwise(self.reading) if a[2] != b[1]]


def same_order(one: Solution, other: Solution) -> bool:
    """Whether two solutions read in one order, but for where single pages end."""
    if UNKNOWN in (one.laid.scheme, other.laid.scheme):
        return one.laid.scheme is other.laid.scheme
    return one.laid == other.laid or (_within(one, other) and _within(other, one))


def _within(one: Solution, other: Solution) -> bool:
    """Whether every seam of one order, and where it begins, is one of another too, within a few rows."""
    there = {(end // NEAR, start // NEAR) for end, start in _jumps(other)}
    around = (-1, 0, 1)
    return all(any((end // NEAR + x, start // NEAR + y) in there for x in around for y in around)
               for end, start in _jumps(one))


def _jumps(one: Solution) -> list[tuple[int, int]]:
    return [(0, one.reading[0][1]), *one.seams]


def bonds(laid: Laid) -> Bonds:
    """The seams of a hypothesis, and where its text begins and ends.

    >>> from pipeline.stages.impositions import SADDLE, laid as lay
    >>> bonds(lay(SADDLE, 4))
    Bonds(links=frozenset({(4, 0)}), remade=frozenset({2, 3}), first=1, last=1)
    """
    if laid.scheme is UNKNOWN:
        return Bonds(frozenset(), frozenset(), -1, -1)
    place = {page: k for k, page in enumerate(laid.in_file)}
    reading = sorted(place)
    links = [(place[a] + 1, place[b]) for a, b in pairwise(reading) if laid.adjoin(a, b)]
    remade = frozenset(i for i, j in links if i == j)
    return Bonds(
        frozenset((i, j) for i, j in links if i != j), remade,
        place[reading[0]] if laid.adjoin(0, reading[0]) else -1,
        place[reading[-1]] + 1 if laid.adjoin(reading[-1], laid.pages + 1) else -1,
    )


def by_itself(scan: Scan, held: Bonds, k: int, cut: int) -> float:
    """How well a cut lies whatever the others are: what is printed there, and what is given up by ending a page."""
    weight = scan.ends[cut] if k in held.remade else scan.ends_here[cut]
    if k not in (held.first, held.last):
        return weight
    return weight + (opens(scan, cut) if k == held.first else 0.0) + (closes(scan, cut) if k == held.last else 0.0)


def solved(
    grid: Grid, laid: Laid, ends: Sequence[Sequence[int]], as_it_lies: float, width: int = 99, beam: int = 250
) -> Solution | None:
    """The best page ends for a hypothesis, and its gain.

    `ends` says where each cut may lie, in the order of the file, the likeliest first; of these `width` are weighed.
    """
    scan, held = grid.scan, bonds(laid)
    alone = [{cut: by_itself(scan, held, k, cut) for cut in cuts[:width]} for k, cuts in enumerate(ends)]
    best = placed(grid, held, alone, beam)
    if best is None:
        return None
    total, cuts = best
    total += laid.scheme.prior - as_it_lies + _blanks(laid)
    return Solution(scan, laid, cuts, total + (printed(scan, laid, cuts) if laid.scheme is not UNKNOWN else 0.0),
                    grid)


def _blanks(laid: Laid) -> float:
    last = set(range(laid.pages - len(laid.blanks) + 1, laid.pages + 1))
    blank = sum(BLANK if page in last else INNER_BLANK for page in laid.blanks)
    return blank + (MISSING if laid.missing else 0.0)
