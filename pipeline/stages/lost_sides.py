"""Finds which side of a booklet is not in the file: the one without which the other sides run on best."""

from collections.abc import Callable
from heapq import nlargest
from itertools import accumulate, pairwise

from pipeline.stages.impositions import Laid
from pipeline.stages.scan import Scan

KEPT = 3
Pages = Callable[[int, int], list[tuple[int, int]]]  # of a side of the file that has so many: where they begin and end


def lost_sides(scan: Scan, whole: Laid, pages: Pages) -> list[int]:
    """The sides of a scheme, one more than the file has, that may be the missing one, the likeliest first.

    Each seam is weighed three times at most: as it is when a side before both of its pages is missing, one between
    them, or one behind. One that lacks its outermost side cannot be told from a smaller one.
    """
    where = {page: (k, cell) for k, side in enumerate(whole.sides) for cell, page in enumerate(p for p in side if p)}
    counts = whole.counts
    steps = [0.0] * (len(whole.sides) + 1)  # how much more than for the side before speaks for each
    for a, b in pairwise(sorted(where)):
        if not whole.adjoin(a, b):
            continue
        (s, cell), (t, other) = where[a], where[b]
        low, high = min(s, t), max(s, t)
        for first, end in ((0, low), (low + 1, high), (high + 1, len(whole.sides))):
            if first < end:
                i, j = s - (first < s), t - (first < t)
                before, after = pages(i, counts[s]), pages(j, counts[t])
                if cell < len(before) and other < len(after):
                    weight = scan.runs_on(before[cell][1], after[other][0])
                    steps[first] += weight
                    steps[end] -= weight
    speaks = list(accumulate(steps[:-1]))
    return nlargest(KEPT, (k for k, side in enumerate(whole.sides) if 1 not in side), key=lambda k: speaks[k])
