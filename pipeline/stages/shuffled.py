"""Weighs that pieces which overlap lie in any order: in chains by their overlaps, else by how their seams run on."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

from pipeline.stages.impositions import Scheme, laid, singles
from pipeline.stages.scan import NEVER, Scan, closes, opens
from pipeline.stages.scoring import Solution

SHUFFLED = Scheme("shuffled", singles, -6.0, fewest=1)  # pieces in any order, known by their overlaps
CLEAR = 3.0  # nats by which a seam without overlap must be likelier than all others of its ends together
Chain = tuple[int, ...]


class OpenEnd(NamedTuple):
    """An end that no piece is known to follow, and the pieces that may, the likeliest first: cuts, and chances."""

    cut: int
    followers: tuple[tuple[int, float], ...]


def shuffled(scan: Scan) -> Iterator[Solution]:
    """The pieces of a scan in their chains, if any overlap; chains that nothing joins stay as the file has them."""
    sides, chains = scan.lay.sides, _chains(scan)
    if not scan.joins or len(sides) < 2:
        return
    order = [k for chain in chains for k in chain]
    number = {k: n for n, k in enumerate(order, 1)}
    lain = laid(SHUFFLED, len(sides)).as_given(tuple((number[k],) for k in range(len(sides))))
    cuts = (*(side.first for side in sides), len(scan.rows))
    seams = {(sides[i].end, sides[j].first) for chain in chains for i, j in pairwise(chain)}
    score = SHUFFLED.prior + opens(scan, sides[order[0]].first) + closes(scan, sides[order[-1]].end)
    score += sum(scan.runs_on(end, start) for end, start in seams if end != start)
    score -= sum(scan.given_up(cut) for cut in cuts[1:-1] if (cut, cut) not in seams)
    yield Solution(scan, lain, cuts, score)


def open_ends(scan: Scan) -> list[OpenEnd]:
    """The ends of the chains, with the pieces that may follow each; none where all pieces are one chain."""
    chains = _chains(scan)
    heads = [scan.lay.sides[chain[0]].first for chain in chains]
    found = []
    for scores, chain in zip(_seams(scan, chains), chains, strict=True):
        chances = [exp(score) for score in scores]
        likeliest = sorted(zip(chances, heads, strict=True), reverse=True)
        followers = tuple((head, chance / (1 + sum(chances))) for chance, head in likeliest if chance)
        found.append(OpenEnd(scan.lay.sides[chain[-1]].end, followers))
    return found if len(found) > 1 else []


def _chains(scan: Scan) -> list[Chain]:
    """The sides in chains, in the order of the file by their first: joined by overlaps, then where a seam is clear."""
    first = {side.first: k for k, side in enumerate(scan.lay.sides)}
    end = {side.end: k for k, side in enumerate(scan.lay.sides)}
    behind = {end[a]: first[b] for a, b in scan.joins if a in end and b in first}
    chains = _joined([(k,) for k in range(len(first))], behind)
    scores = _seams(scan, chains)
    clear: dict[int, int] = {}
    for i, here in enumerate(scores):
        j = max(range(len(here)), key=lambda j: here[j])
        there = [row[j] for row in scores]
        if _stands_clear(here, j) and _stands_clear(there, i):
            clear[chains[i][-1]] = chains[j][0]
    return _joined(chains, clear)


def _joined(chains: Sequence[Chain], behind: dict[int, int]) -> list[Chain]:
    """The chains, each with what follows it; a ring is left as it was."""
    starts = {chain[0]: chain for chain in chains}
    for tail, head in behind.items():
        before = next((chain for chain in starts.values() if chain[-1] == tail), ())
        if before and head in starts and head != before[0]:
            starts[before[0]] = (*before, *starts.pop(head))
    return sorted(starts.values(), key=min)


def _seams(scan: Scan, chains: Sequence[Chain]) -> list[list[float]]:
    """How each chain runs on into each other."""
    sides = scan.lay.sides
    return [[NEVER if one is other else scan.runs_on(sides[one[-1]].end, sides[other[0]].first) for other in chains]
            for one in chains]


def _stands_clear(scores: Sequence[float], best: int) -> bool:
    """Whether one of some seams is likelier than all others together, and than that there is none."""
    return scores[best] - log(1 + sum(exp(score) for k, score in enumerate(scores) if k != best)) >= CLEAR
