"""Weighs each page end of an order by itself: where else the page could end, and how much speaks against that."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from pipeline.stages.placing import Bonds, together
from pipeline.stages.scoring import Solution, bonds, by_itself

NEAR = 12  # rows to either hand in which a page end is looked for
SWEEPS = 3


class End(NamedTuple):
    """A page end: which cut of the file it is, the best other place for it, and by how many nats that is worse."""

    number: int
    other: int
    margin: float


def bettered(best: Solution) -> Solution:
    """The same order with each page end where it lies best, if the others stay."""
    cuts, held, gain = list(best.cuts), bonds(best.laid), 0.0
    for _ in range(SWEEPS):
        moved = 0.0
        for end in _ends(best, held, cuts):
            if end.margin < 0:
                cuts[end.number] = end.other
                moved -= end.margin
        gain += moved
        if not moved:
            break
    return replace(best, cuts=tuple(cuts), score=best.score + gain)


def page_ends(best: Solution) -> list[End]:
    """Every page end of which another place would change the text."""
    return list(_ends(best, bonds(best.laid), list(best.cuts)))


def _ends(best: Solution, held: Bonds, cuts: list[int]) -> Iterator[End]:
    forced = set(best.scan.forced)
    bound: dict[int, list[tuple[int, int]]] = {k: [(k - 1, k), (k, k + 1)] for k in range(1, len(cuts) - 1)}
    for link in held.links:
        for k in set(link) & bound.keys():
            bound[k].append((min(link), max(link)))
    for k in range(1, len(cuts) - 1):
        if cuts[k] in forced or k in held.remade:
            continue
        here = _weight(best, held, cuts, k, cuts[k], bound[k])
        others = [(_weight(best, held, cuts, k, cut, bound[k]), -abs(cut - cuts[k]), cut)
                  for cut in range(max(cuts[k - 1] + 1, cuts[k] - NEAR), min(cuts[k + 1], cuts[k] + NEAR + 1))
                  if cut != cuts[k] and cut not in forced]
        if others:
            weight, _, cut = max(others)
            yield End(k, cut, here - weight)


def _weight(best: Solution, held: Bonds, cuts: list[int], k: int, cut: int, bound: list[tuple[int, int]]) -> float:
    """What is owed to a cut, if it lies at one place."""
    total, grid = by_itself(best.scan, held, k, cut), best.grid
    if grid is None:
        return total
    for i, j in dict.fromkeys(bound):
        total += together(grid, held, i, cut if i == k else cuts[i], j, cut if j == k else cuts[j])
    return total
