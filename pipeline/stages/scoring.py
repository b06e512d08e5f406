"""Weighs a hypothesis: finds its page ends all together, and what it gains over reading the scan as it lies."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import pairwise

from pipeline.stages.grid import Grid
from pipeline.stages.impositions import UNKNOWN, Laid
from pipeline.stages.printed import printed
from pipeline.stages.scan import NEVER, Scan, closes, opens

BEAM = 250  # joint placings of page ends kept
BLANK, INNER_BLANK = -0.3, -2.5  # nats for a blank page at the end of a booklet, or within
MISSING = -5.0  # nats for a side that is not in the file
# How far rows stand on the mean from their places in another order (in rows, and as a share of all) that is the same
# but for doubts about single page ends. Seams do not tell: saddle stitch and its reverse have all seams but one.
MOVED, MOVED_SHARE = 5.0, 0.01
Cuts = tuple[int, ...]


@dataclass(frozen=True)
class Solution:
    """A hypothesis with its page ends: the cut before each page of the file, and the end."""

    scan: Scan
    laid: Laid
    cuts: Cuts
    score: float

    @cached_property
    def place(self) -> dict[int, int]:
        """Of each page with text, which it is in the file."""
        return {page: k for k, page in enumerate(self.laid.in_file)}

    @cached_property
    def reading(self) -> list[tuple[int, int, int]]:
        """The pages with text as they read: number, first cut, last cut."""
        return [(page, self.cuts[k], self.cuts[k + 1]) for page, k in sorted(self.place.items())]

    @cached_property
    def ranks(self) -> list[int]:
        """The place of each row in the reading order."""
        order = [k for _, first, end in self.reading for k in range(first, end)]
        found = [0] * len(order)
        for rank, k in enumerate(order):
            found[k] = rank
        return found

    @cached_property
    def seams(self) -> list[tuple[int, int]]:
        """The seams this makes that the file does not have: from which cut to which."""
        return [(a[2], b[1]) for a, b in pairwise(self.reading) if a[2] != b[1]]


def same_order(one: Solution, other: Solution) -> bool:
    """Whether two solutions read in one order, but for where single pages end."""
    if UNKNOWN in (one.laid.scheme, other.laid.scheme):
        return one.laid.scheme is other.laid.scheme
    if one.laid == other.laid or not (one.seams or other.seams):
        return True
    moved = sum(abs(a - b) for a, b in zip(one.ranks, other.ranks, strict=True)) / len(one.ranks)
    return moved < min(MOVED, MOVED_SHARE * len(one.ranks))


def solved(
    grid: Grid, laid: Laid, ends: Sequence[Sequence[int]], as_it_lies: float, width: int = 99, beam: int = BEAM
) -> Solution | None:
    """The best page ends for a hypothesis, and its gain.

    `ends` says where each cut may lie, in the order of the file, the likeliest first; of these `width` are weighed.
    """
    scan, count = grid.scan, len(laid.in_file)
    place = {page: k for k, page in enumerate(laid.in_file)}
    reading = sorted(place)
    links = [(place[a] + 1, place[b]) for a, b in pairwise(reading) if laid.adjoin(a, b)]
    if laid.scheme is UNKNOWN:
        links = []
    remade = {i for i, j in links if i == j}
    links = [(i, j) for i, j in links if i != j]
    known = laid.scheme is not UNKNOWN
    first = place[reading[0]] if known and laid.adjoin(0, reading[0]) else -1
    last = place[reading[-1]] + 1 if known and laid.adjoin(reading[-1], laid.pages + 1) else -1
    alone: list[dict[int, float]] = []
    for k, cuts in enumerate(ends):
        inner = 0 < k < count
        alone.append({
            cut: (scan.ends[cut] - (0.0 if k in remade else scan.given_up(cut)) if inner else 0.0)
            + (opens(scan, cut) if k == first else 0.0) + (closes(scan, cut) if k == last else 0.0)
            for cut in cuts[:width]
        })
    best = _jointly(grid, alone, links, {first, last - 1}, beam)
    if best is None:
        return None
    total, cuts = best
    total += laid.scheme.prior - as_it_lies + _blanks(laid) + (printed(scan, laid, cuts) if known else 0.0)
    return Solution(scan, laid, cuts, total)


def _blanks(laid: Laid) -> float:
    last = set(range(laid.pages - len(laid.blanks) + 1, laid.pages + 1))
    blank = sum(BLANK if page in last else INNER_BLANK for page in laid.blanks)
    return blank + (MISSING if laid.missing else 0.0)


def _jointly(
    grid: Grid, alone: list[dict[int, float]], links: list[tuple[int, int]], edges: Set[int], beam: int
) -> tuple[float, Cuts] | None:
    """The cuts that are best all together: one after another is decided, as few as can be left open at a time.

    What has been decided is kept only for the cuts that still bear on others, so that the search is exact until more
    than `beam` placings are open at once.
    """
    scan = grid.scan
    bears: list[set[int]] = [set() for _ in alone]
    follows: dict[tuple[int, int], bool] = {}
    for i, j in links:
        bears[i].add(j)
        bears[j].add(i)
        follows[i, j] = True
    for i in range(len(alone) - 1):
        bears[i].add(i + 1)
        bears[i + 1].add(i)
    states: dict[Cuts, tuple[float, tuple[object, int, int] | None]] = {(): (0.0, None)}
    for v, open_before, open_after in _sequence(bears):
        asks = []  # of each open cut that bears on this one: where it is kept, and how
        for slot, u in enumerate(open_before):
            if u in bears[v]:
                asks.append((slot, u + 1 == v, v + 1 == u, follows.get((u, v), False), follows.get((v, u), False)))
        kept = [slot for slot, u in enumerate(open_before) if u in open_after]
        stays = v in open_after
        found: dict[Cuts, tuple[float, tuple[object, int, int] | None]] = {}
        for key, (score, back) in states.items():
            for cut, weight in alone[v].items():
                total = score + weight
                for slot, after, before, seam_in, seam_out in asks:
                    other = key[slot]
                    if after:
                        total += grid.length(other, cut, edge=v - 1 in edges)
                    elif before:
                        total += grid.length(cut, other, edge=v in edges)
                    if seam_in:
                        total += scan.runs_on(other, cut)
                    if seam_out:
                        total += scan.runs_on(cut, other)
                new = (*(key[slot] for slot in kept), cut) if stays else tuple(key[slot] for slot in kept)
                if new not in found or total > found[new][0]:
                    found[new] = total, (back, v, cut)
        if len(found) > beam:
            found = dict(nlargest(beam, found.items(), key=lambda one: one[1][0]))
        states = found
    if not states:
        return None
    total, back = max(states.values(), key=lambda one: one[0])
    if total < NEVER / 2:
        return None
    cuts = [0] * len(alone)
    trail: object = back
    while isinstance(trail, tuple):
        trail, v, cut = trail
        cuts[v] = cut
    return total, tuple(cuts)


def _sequence(bears: list[set[int]]) -> Iterator[tuple[int, list[int], list[int]]]:
    """The cuts in an order that leaves few open; with those open before and after each."""
    left = [set(others) for others in bears]
    done: set[int] = set()
    open_now: list[int] = []
    while len(done) < len(bears):
        near = {u for v in open_now for u in left[v]} or {min(set(range(len(bears))) - done)}
        # The next is the one after which fewest are open.
        closing = {v: sum(left[u] == {v} for u in bears[v] if u in done) - bool(left[v]) for v in near}
        v = max(sorted(near), key=lambda v: closing[v])
        done.add(v)
        for u in bears[v]:
            left[u].discard(v)
        after = [u for u in (*open_now, v) if left[u]]
        yield v, open_now, after
        open_now = after
