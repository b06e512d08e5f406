"""Places the page ends of a hypothesis all together, so that lengths and seams are the best they can be."""

from collections.abc import Iterator
from heapq import nlargest
from typing import NamedTuple

from pipeline.stages.grid import Grid
from pipeline.stages.scan import NEVER

Cuts = tuple[int, ...]
Trail = tuple["Trail", int, int] | None  # the cuts decided so far, the last first


class Bonds(NamedTuple):
    """What bears on the cuts of a hypothesis, each cut by its number, besides the length of pages."""

    links: frozenset[tuple[int, int]]  # the seams it makes: at which cut one page ends, and at which the next begins
    remade: frozenset[int]  # cuts over which the text runs on as in the file
    first: int  # the cut where the text begins; -1 where that page is not in the file
    last: int  # the cut where it ends


def together(grid: Grid, held: Bonds, i: int, a: int, j: int, b: int) -> float:
    """How well two cuts, one before the other in the file, lie together: the page between them, the seams they make."""
    weight = grid.length(a, b, edge=i in (held.first, held.last - 1)) if j == i + 1 else 0.0
    if (i, j) in held.links:
        weight += grid.scan.runs_on(a, b)
    if (j, i) in held.links:
        weight += grid.scan.runs_on(b, a)
    return weight


def placed(grid: Grid, held: Bonds, alone: list[dict[int, float]], beam: int) -> tuple[float, Cuts] | None:
    """The cuts that are best all together, of those offered with their weight by themselves.

    One cut after another is decided, as few as can be left open at a time. What has been decided is kept only for the
    cuts that still bear on others, so that the search is exact until more than `beam` placings are open at once. Cuts
    that lie in one place only are never open.
    """
    if not all(alone):
        return None
    pairs = {(min(i, j), max(i, j)) for i, j in held.links} | {(i, i + 1) for i in range(len(alone) - 1)}
    fixed = [next(iter(there)) if len(there) == 1 else None for there in alone]
    total = sum(next(iter(there.values())) for there in alone if len(there) == 1)
    free = {k: dict(there) for k, there in enumerate(alone) if len(there) > 1}
    bears: dict[int, set[int]] = {k: set() for k in free}
    for i, j in pairs:
        a, b = fixed[i], fixed[j]
        if a is not None and b is not None:
            total += together(grid, held, i, a, j, b)
        elif a is not None:
            free[j] = {cut: weight + together(grid, held, i, a, j, cut) for cut, weight in free[j].items()}
        elif b is not None:
            free[i] = {cut: weight + together(grid, held, i, cut, j, b) for cut, weight in free[i].items()}
        else:
            bears[i].add(j)
            bears[j].add(i)
    chosen = _chosen(grid, held, free, bears, beam)
    total += chosen[0]
    cuts = tuple(chosen[1][k] if cut is None else cut for k, cut in enumerate(fixed))
    return (total, cuts) if total > NEVER / 2 else None


def _chosen(
    grid: Grid, held: Bonds, free: dict[int, dict[int, float]], bears: dict[int, set[int]], beam: int
) -> tuple[float, dict[int, int]]:
    """The best place of each cut that has several."""
    states: dict[Cuts, tuple[float, Trail]] = {(): (0.0, None)}
    for v, open_before, open_after in _sequence(bears):
        asks = []  # of each open cut that bears on this one: where it is kept, and how well they lie together
        for slot, u in enumerate(open_before):
            if u in bears[v]:
                asks.append((slot, {a: {b: together(grid, held, u, a, v, b) if u < v else
                                        together(grid, held, v, b, u, a) for b in free[v]} for a in free[u]}))
        kept = [slot for slot, u in enumerate(open_before) if u in open_after]
        stays = v in open_after
        found: dict[Cuts, tuple[float, Trail]] = {}
        for key, (score, back) in states.items():
            rows = [weights[key[slot]] for slot, weights in asks]
            base = tuple([key[slot] for slot in kept])
            for cut, weight in free[v].items():
                total = score + weight
                for row in rows:
                    total += row[cut]
                new = (*base, cut) if stays else base
                if new not in found or total > found[new][0]:
                    found[new] = total, (back, v, cut)
        if len(found) > beam:
            found = dict(nlargest(beam, found.items(), key=lambda one: one[1][0]))
        states = found
    total, trail = max(states.values(), key=lambda one: one[0])
    cuts = {}
    while trail is not None:
        trail, v, cut = trail
        cuts[v] = cut
    return total, cuts


def _sequence(bears: dict[int, set[int]]) -> Iterator[tuple[int, list[int], list[int]]]:
    """The cuts in an order that leaves few open; with those open before and after each."""
    left = {v: set(others) for v, others in bears.items()}
    waiting = iter(sorted(bears))
    done: set[int] = set()
    open_now: list[int] = []
    while len(done) < len(bears):
        near = {u for v in open_now for u in left[v]} or {next(v for v in waiting if v not in done)}
        # The next is the one after which fewest are open.
        closing = {v: sum(left[u] == {v} for u in bears[v] if u in done) - bool(left[v]) for v in near}
        v = max(sorted(near), key=lambda v: closing[v])
        done.add(v)
        for u in bears[v]:
            left[u].discard(v)
        after = [u for u in (*open_now, v) if left[u]]
        yield v, open_now, after
        open_now = after
