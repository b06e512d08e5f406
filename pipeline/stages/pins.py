"""Obeys the editor where the order of pages is pinned: the rest is solved around what is given."""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.stages.impositions import PLAIN, laid
from pipeline.stages.scan import Scan
from pipeline.stages.scoring import Cuts, Solution


def obeying(scan: Scan, found: Sequence[Solution], pins: Sequence[Sequence[int]]) -> list[Solution]:
    """The solutions in which the pages that begin at these cuts follow each other; else the likeliest so rearranged."""
    wanted = [pair for pin in pins for pair in pairwise(pin)]
    kept = [one for one in found if all(pair in _followers(one) for pair in wanted)]
    return kept or [_rearranged(scan, found[0], wanted)]


def _followers(one: Solution) -> set[tuple[int, int]]:
    return {(a[1], b[1]) for a, b in pairwise(one.reading)}


def _rearranged(scan: Scan, best: Solution, wanted: Sequence[tuple[int, int]]) -> Solution:
    """The pages of a solution, each pinned one moved behind the one it follows."""
    edges = sorted({*best.cuts, *(cut for pair in wanted for cut in pair)})
    sequence = [start for _, start, _ in best.reading]
    for cut in edges[:-1]:
        if cut not in sequence:
            before = max(c for c in edges if c < cut)
            sequence.insert(sequence.index(before) + 1, cut)
    for before, after in wanted:
        run = [after]
        follows = dict(wanted)
        while run[-1] in follows and follows[run[-1]] not in run:
            run.append(follows[run[-1]])
        sequence = [cut for cut in sequence if cut not in run]
        at = sequence.index(before) + 1 if before in sequence else 0
        sequence[at:at] = run
    in_file: Cuts = tuple(sorted(sequence))
    number = {cut: n for n, cut in enumerate(sequence, 1)}
    guess = laid(PLAIN, len(sequence))
    sides = tuple((number[cut],) for cut in in_file)
    return Solution(scan, guess.as_given(sides), (*in_file, len(scan.rows)), best.score)
