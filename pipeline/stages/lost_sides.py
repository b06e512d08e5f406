"""Finds which side of a booklet is not in the file: the one without which the other sides run on best."""

from collections.abc import Callable, Sequence
from heapq import nlargest
from itertools import accumulate, pairwise

from pipeline.stages.impositions import Laid
from pipeline.stages.scan import Scan

KEPT = 3
Pages = Callable[[int, bool], Sequence[tuple[int, int]]]  # where those of a side begin and end, the missing before it


def lost_sides(scan: Scan, whole: Laid, pages: Pages) -> list[tuple[float, int]]:
    """The full sides of a scheme, one more than the file has, that may be the missing one, the likeliest first.

    With each how well the others run on then. Each seam is weighed three times at most: as it is when a side before
    both of its pages is missing, one between them, or one behind. One that lacks its outermost side cannot be told from
    a smaller one.
    """
    where = {page: (k, cell) for k, side in enumerate(whole.sides) for cell, page in enumerate(p for p in side if p)}
    steps = [0.0] * (len(whole.sides) + 1)  # how much more than for the side before speaks for each
    for a, b in pairwise(sorted(where)):
        if not whole.adjoin(a, b):
            continue
        (s, cell), (t, other) = where[a], where[b]
        low, high = min(s, t), max(s, t)
        for first, end in ((0, low), (low + 1, high), (high + 1, len(whole.sides))):
            if first < end:
                before, after = pages(s, first < s), pages(t, first < t)
                if cell < len(before) and other < len(after):
                    weight = scan.runs_on(before[cell][1], after[other][0])
                    steps[first] += weight
                    steps[end] -= weight
    speaks = accumulate(steps[:-1])
    full = whole.scheme.a_side
    return nlargest(KEPT, ((weight, k) for (k, side), weight in zip(enumerate(whole.sides), speaks, strict=True)
                           if 1 not in side and whole.counts[k] == full))
