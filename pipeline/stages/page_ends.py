"""Weighs each page end of an order by itself: where else the page could end, and how much speaks against that."""

from collections.abc import Iterator
from dataclasses import replace
from math import exp
from typing import NamedTuple

from pipeline.model import Candidate, Query
from pipeline.stages.pages import row_span
from pipeline.stages.placing import Bonds, together
from pipeline.stages.scoring import Solution, bonds, by_itself

NEAR = 12  # rows to either hand in which a page end is looked for
SWEEPS = 3
WORDS_SHOWN = 4


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


def doubtful_ends(best: Solution, least: float) -> Iterator[Query]:
    """The page ends that may as well lie elsewhere, so that other words would run on into the next page."""
    pages = best.laid.in_file
    for end in _ends(best, bonds(best.laid), list(best.cuts)):
        if end.margin < least:
            cut = best.cuts[end.number]
            first, last = sorted((cut, end.other))
            lines = best.scan.rows[first : last + 1]
            words = [" ".join(best.scan.line(k).split()[:WORDS_SHOWN]) for k in (cut, end.other)]
            sure = 1 / (1 + exp(-end.margin))
            yield Query(
                tuple(row_span(row) for row in lines[:: max(1, len(lines) - 1)]),
                f"where page {pages[end.number - 1]} ends is not certain: above ‘{words[0]}’, "
                f"or above ‘{words[1]}’ ({end.margin:.1f} nats less likely, {least:g} asked for)",
                (Candidate(words[0], sure), Candidate(words[1], 1 - sure)), rule="order.page_end",
            )


def _ends(best: Solution, held: Bonds, cuts: list[int]) -> Iterator[End]:
    forced, text = set(best.scan.forced), best.scan.last_before
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
                  if cut not in forced and text[cut] != text[cuts[k]]]
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
