"""Puts loose sheets of a booklet in order: front and back of each lie together, but not the sheets as they nest."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import pairwise
from math import lgamma

from pipeline.stages.impositions import LOOSE, Laid, laid
from pipeline.stages.scan import Scan, closes, opens

FEWEST, MOST = 3, 100  # sheets
STARTS = 4  # chains from which better ones are sought
SWEEPS = 6
LONGEST, MANY = 3, 24  # sheets moved together; sheets from which one by one, and seldom
OFFSETS = (0, 1, 2, -1, -2)  # by which folios may be off
NUMBERED = 4.0  # nats, about, for a folio where it is expected
KEPT = 6  # orders that are weighed with all their page ends
Order = tuple[int, ...]
Sheet = list[tuple[int, int] | None]  # where its pages begin and end, left and right of the front, of the back


def sheet_pages(depth: int, pages: int) -> tuple[int, int, int, int]:
    """The pages of the sheet so deep in a booklet.

    >>> sheet_pages(0, 12), sheet_pages(2, 12)
    ((12, 1, 2, 11), (8, 5, 6, 7))
    """
    return pages - 2 * depth, 2 * depth + 1, 2 * depth + 2, pages - 2 * depth - 1


def loose_blanks(pages: int | None, in_file: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Which pages of the outermost sheet may be blank, and of how many: so many, or as many as are in the file."""
    for n in (pages,) if pages else range(in_file, in_file + 3):
        for blanks in ((), (n,), (n - 1,), (n - 1, n), (2,), (2, n)):
            if n % 4 == 0 and FEWEST <= n // 4 <= MOST and (pages or n - len(blanks) == in_file):
                yield blanks, n


def outmost_sheets(scan: Scan, cuts: Sequence[int]) -> list[int]:
    """Which sheets the text may begin on, its pages beginning at these cuts."""
    best = nlargest(3, range(len(cuts) - 1), key=lambda k: opens(scan, cuts[k]))
    return sorted({k // 4 for k in best})


def loose(scan: Scan, cuts: Sequence[int], blanks: tuple[int, ...], outmost: int) -> list[Laid]:
    """The likeliest orders of sheets whose pages, four each, begin at these cuts; the last cut is the end.

    The pages that are blank are on the sheet `outmost` of the file, counted from 0.
    """
    count = (len(cuts) - 1 + len(blanks)) // 4
    outmost = min(outmost, count - 1)
    places = iter(pairwise(cuts))
    outer = sheet_pages(0, 4 * count)
    sheets: list[Sheet] = [[None if k == outmost and page in blanks else next(places) for page in outer]
                           for k in range(count)]
    nest = _Nest(scan, sheets)
    tried: dict[Order, float] = {}
    chains = [order for order in nest.chains() if not blanks or order[0] == outmost]
    for order in nlargest(STARTS, chains, key=nest.weight):
        _bettered(nest, order, tried)
    as_nested = tuple(range(count))
    free = (order for order in tried if order != as_nested and (not blanks or order[0] == outmost))
    return [_laid(order, blanks) for order in nlargest(KEPT, free, key=lambda order: tried[order])]


def _laid(order: Order, blanks: tuple[int, ...]) -> Laid:
    pages, depth = 4 * len(order), {sheet: k for k, sheet in enumerate(order)}
    sides: list[tuple[int, ...]] = []
    for sheet in range(len(order)):
        a, b, c, d = (0 if page in blanks else page for page in sheet_pages(depth[sheet], pages))
        sides += [(a, b), (c, d)]
    scheme = replace(LOOSE, prior=LOOSE.prior - lgamma(len(order) + 1))  # any order is as likely
    return replace(laid(scheme, pages, blanks), sides=tuple(sides))


class _Nest:
    """How well sheets lie in each other."""

    def __init__(self, scan: Scan, sheets: Sequence[Sheet]) -> None:
        count = len(sheets)

        def on(page: tuple[int, int] | None, other: tuple[int, int] | None) -> float:
            return scan.runs_on(page[1], other[0]) if page and other else 0.0

        self.first = [(opens(scan, b[0]) if b else 0.0) + (closes(scan, a[1]) if a else 0.0) for a, b, _, _ in sheets]
        self.inmost = [on(c, d) for _, _, c, d in sheets]
        self.within = [[on(s[2] or s[1], t[1]) + on(t[0], s[3] or s[0]) for t in sheets] for s in sheets]
        ranges = [[page for page in s if page] for s in sheets]
        folios = [[number for k, number in scan.numbers if there[0][0] <= k < there[-1][1]] for there in ranges]
        ways = [[[NUMBERED * sum(number - by in sheet_pages(depth, 4 * count) for number in there)
                  for depth in range(count)] for there in folios] for by in OFFSETS]
        self.numbered = max(ways, key=lambda way: sum(map(max, way)))

    def weight(self, order: Order) -> float:
        """How well the sheets lie in an order, from the outermost."""
        return (self.first[order[0]] + self.inmost[order[-1]] + sum(self.within[s][t] for s, t in pairwise(order))
                + sum(self.numbered[s][depth] for depth, s in enumerate(order)))

    def chains(self) -> list[Order]:
        """Orders that begin with each sheet and go on with the one that fits best; and that of their folios."""
        found = [tuple(sorted(range(len(self.first)), key=lambda s: self.numbered[s].index(max(self.numbered[s]))))]
        for start in range(len(self.first)):
            order, left = [start], set(range(len(self.first))) - {start}
            while left:
                order.append(max(sorted(left), key=lambda t: self.within[order[-1]][t] + self.numbered[t][len(order)]))
                left.remove(order[-1])
            found.append(tuple(order))
        return found


def _bettered(nest: _Nest, order: Order, tried: dict[Order, float]) -> None:
    """Move sheets, a few together, for as long as that betters the order; all that was tried is noted."""
    tried[order] = nest.weight(order)
    for _ in range(SWEEPS if len(order) < MANY else 2):
        best = order
        for length in range(1, LONGEST + 1 if len(order) < MANY else 2):
            for at in range(len(order) - length + 1):
                moved, rest = order[at : at + length], order[:at] + order[at + length :]
                for to in range(len(rest) + 1):
                    new = rest[:to] + moved + rest[to:]
                    if new not in tried:
                        tried[new] = nest.weight(new)
                    if tried[new] > tried[best]:
                        best = new
        if best == order:
            return
        order = best
