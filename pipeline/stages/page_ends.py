"""Weighs each page end of an order: where else the page could end, and how much speaks against that.

Page ends hang together: where two headings could change places, or a line too many makes the next page too short,
moving one end alone is dear and moving both is not. So each is moved, those bound to it may follow, and what is lost
then by all of them is the margin.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from math import exp
from typing import NamedTuple

from pipeline.model import Candidate, Query
from pipeline.stages.pages import row_span
from pipeline.stages.placing import together
from pipeline.stages.scoring import Solution, bonds, by_itself

NEAR = 12  # rows to either hand in which a page end is looked for
SWEEPS = 3
LOOSE = 15.0  # nats that moving one page end alone may lose, if others may make it good
FOLLOWING = 6  # page ends that may follow one that is moved
SURER = 2.0  # times the margin of an order, for each of its page ends: there are hundreds
MOST_NAMED = 4  # other places in one question
WORDS_SHOWN = 4


class End(NamedTuple):
    """A page end elsewhere: which cut of the file it is, where it would lie, and by how many nats that is worse."""

    number: int
    other: int
    margin: float
    cuts: dict[int, int]  # where it and those that follow it would lie then


def bettered(best: Solution) -> Solution:
    """The same order with each page end where it lies best."""
    cuts, gain = list(best.cuts), 0.0
    for _ in range(SWEEPS):
        ends = Ends(best, cuts)
        moved: set[int] = set()
        for end in sorted((others[0] for others in ends.weighed()), key=lambda end: end.margin):
            near = {k for other in end.cuts for k in ends.bound.get(other, ())} | end.cuts.keys()
            if end.margin < 0 and not near & moved:  # what bears on one that has moved is weighed anew
                for k, cut in end.cuts.items():
                    cuts[k] = cut
                moved |= end.cuts.keys()
                gain -= end.margin
        if not moved:
            break
    return replace(best, cuts=tuple(cuts), score=best.score + gain)


def doubtful_ends(best: Solution, least: float) -> Iterator[Query]:
    """The page ends that may as well lie elsewhere, so that other words would run on into the next page."""
    pages, least = best.laid.in_file, least * SURER
    for others in Ends(best, list(best.cuts)).weighed():
        near = [end for end in others if end.margin < least][:MOST_NAMED]
        if not near:
            continue
        number, margin = near[0].number, near[0].margin
        cut = best.cuts[number]
        places = [cut, *(end.other for end in near)]
        words = [" ".join(best.scan.line(k).split()[:WORDS_SHOWN]) for k in places]
        shares = [1.0, *(exp(-end.margin) for end in near)]
        or_else = "’, or above ‘".join(words[1:])
        yield Query(
            tuple(row_span(best.scan.rows[k]) for k in sorted(places)),
            f"where page {pages[number - 1]} ends is not certain: above ‘{words[0]}’, "
            f"or above ‘{or_else}’ ({margin:.1f} nats less likely, {least:g} asked for)",
            tuple(Candidate(word, share / sum(shares)) for word, share in zip(words, shares, strict=True)),
            rule="order.page_end",
        )


class Ends:
    """The page ends of an order that are not certain from the first, and what each place of one is worth."""

    def __init__(self, best: Solution, cuts: list[int]) -> None:
        self.best, self.cuts, self.held = best, cuts, bonds(best.laid)
        forced = set(best.scan.forced)
        self.free = [k for k in range(1, len(cuts) - 1) if cuts[k] not in forced and k not in self.held.remade]
        self.bound: dict[int, list[int]] = {k: [k - 1, k + 1] for k in self.free}
        for i, j in self.held.links:
            for k, other in ((i, j), (j, i)):
                if k in self.bound and other not in self.bound[k]:
                    self.bound[k].append(other)

    def weighed(self) -> Iterator[list[End]]:
        """Of each page end the other places for it, the likeliest first."""
        for k in self.free:
            found = [self._moved(k, cut) for cut in self.places[k] if cut != self.cuts[k]]
            if found:
                yield sorted(found, key=lambda end: end.margin)

    @cached_property
    def places(self) -> dict[int, dict[int, float]]:
        """Where each page end can lie if no other moves, and what is lost by it."""
        forced, text = set(self.best.scan.forced), self.best.scan.last_before
        found = {}
        for k in self.free:
            here = self._weight(k, self.cuts[k], {})
            span = range(max(self.cuts[k - 1] + 1, self.cuts[k] - NEAR), min(self.cuts[k + 1], self.cuts[k] + NEAR + 1))
            lost = {cut: here - self._weight(k, cut, {}) for cut in span
                    if cut not in forced and text[cut] != text[self.cuts[k]]}
            found[k] = {cut: loss for cut, loss in lost.items() if loss < LOOSE} | {self.cuts[k]: 0.0}
        return found

    def _moved(self, k: int, cut: int) -> End:
        """A page end moved, and after it those that lose less by following."""
        moved, lost = {k: cut}, self.places[k][cut]
        waiting = [other for other in self.bound[k] if other in self.places]
        while waiting and len(moved) <= FOLLOWING:
            other = waiting.pop(0)
            if other in moved:
                continue
            here = self._weight(other, self.cuts[other], moved)
            gains = {place: self._weight(other, place, moved) - here for place in self.places[other]}
            place = max(gains, key=lambda one: gains[one])
            if gains[place] > 0:
                moved[other] = place
                lost -= gains[place]
                waiting += [near for near in self.bound[other] if near in self.places and near not in moved]
        return End(k, cut, lost, moved)

    def _weight(self, k: int, cut: int, moved: dict[int, int]) -> float:
        """What is owed to a cut, if it lies at one place and others where they were moved to."""
        total, grid = by_itself(self.best.scan, self.held, k, cut), self.best.grid
        if grid is None:
            return total
        for other in self.bound[k]:
            there = moved.get(other, self.cuts[other])
            i, a, j, b = (k, cut, other, there) if k < other else (other, there, k, cut)
            if a >= b:
                return -LOOSE * LOOSE
            total += together(grid, self.held, i, a, j, b)
        return total
