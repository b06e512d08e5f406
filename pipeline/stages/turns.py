"""Sets apart the two pages of a side whose paragraphs come by turns: the left page's, the right's, the left's again."""

from collections import Counter
from collections.abc import Container, Iterator
from statistics import median
from typing import NamedTuple

from pipeline.stages.layout import Layout, Row
from pipeline.stages.scan import Scan

FEWEST = 2  # sides on which heads or folios of two pages stand together, before any is taken to pieces
FURTHEST = 6  # rows below the folios of two pages that stand together: fewer are furniture
LEEWAY = 2.0  # lines by which pages differ: headings take more white than their one line
WORST = 8.0  # nats that a wrong length may cost
IN_PIECES = -2.0  # nats for a page that goes on behind the other
WHITE = 2.0  # nats for white before the first line of the right page
CAUGHT = 4.0  # nats for a page that begins with the catchword of one that is not on this side


class Tangle(NamedTuple):
    """A side with the furniture of its two pages together: heads, where the text begins, folios, where it ends."""

    heads: tuple[int, ...]
    first: int
    folio: int  # that of the left page, before which its text ends
    other: int  # what stands behind it belongs to the right page
    last: int  # the folio of the right page
    end: int


def untangled(scan: Scan) -> Layout:
    """The rows of a scan with those of one page together, where two pages come by turns; else its layout as it is."""
    tangles = {k: tangle for k in range(len(scan.lay.sides)) if (tangle := _tangle(scan, k))}
    if len(tangles) < FEWEST:
        return scan.lay
    usual = median(_text(scan, t.first, t.end) for t in tangles.values()) / 2
    caught = Counter(word for _, word in scan.catchwords) - Counter(scan.first_word(t.first) for t in tangles.values())
    rows: list[Row] = []
    for k, side in enumerate(scan.lay.sides):
        order = _pulled_apart(scan, tangles[k], usual, caught) if k in tangles else range(side.first, side.end)
        rows += [scan.rows[row] for row in order]
    return scan.lay._replace(rows=tuple(rows))


def _tangle(scan: Scan, k: int) -> Tangle | None:
    """The furniture of a side, if that of its two pages stands together."""
    side, found = scan.lay.sides[k], scan.furniture.found
    if side.gutter or not scan.lay.certain:
        return None
    heads: list[int] = []
    while side.first + len(heads) in found and found[side.first + len(heads)].top:
        heads.append(side.first + len(heads))
    feet = [row for row in range(side.first + len(heads), side.end) if row in found and not found[row].top]
    folios = [row for row in feet if found[row].value == "folio"]
    if len(heads) == 2 and 1 <= len(folios) <= 2:  # the left folio may not have been read
        first, last = feet[0], folios[-1]
    elif len(folios) == 2 and feet[:2] == folios and folios[1] == folios[0] + 1 and side.end - folios[1] > FURTHEST:
        first, last = folios
    else:
        return None
    other = first + 1
    while other < last and other in found:
        other += 1
    return Tangle(tuple(heads), side.first + len(heads), first, other, last, side.end)


def _text(scan: Scan, first: int, end: int) -> int:
    """The rows of the text between two cuts."""
    return scan.last_before[end] - scan.last_before[first]


def _pulled_apart(scan: Scan, tangle: Tangle, usual: float, caught: Container[str]) -> list[int]:
    """The rows of a side, its left page and then its right one."""
    heads, first, folio, other, last, end = tangle
    _, i, j = max(_ways(scan, tangle, usual, caught))
    left, right = list(heads[:1]), list(heads[1:])
    left += [*range(first, i), *range(j, folio), *range(folio, other)]
    # A folio in the middle of the right page goes to its foot, where pages end.
    return [*left, *right, *range(i, j), *range(other, last), *range(last + 1, end), last]


def _ways(
    scan: Scan, tangle: Tangle, usual: float, caught: Container[str]
) -> Iterator[tuple[float, int, int]]:
    """Where the right page can begin, and where the left one goes on, or its folio stands: how well that fits."""
    _, first, folio, other, _, end = tangle
    goes_on = [row for row in range(first + 1, folio) if scan.rows[row].blanks]
    for j in (*goes_on, folio):
        ends = IN_PIECES - scan.given_up(j) if j < folio else 0.0
        if j < folio and _text(scan, other, end):
            ends += scan.runs_on(j, other)
        for i in range(first + 1, j + 1):
            score = ends - scan.given_up(i) + (scan.runs_on(i, j) if j < folio else 0.0)
            score += WHITE * (scan.rows[i].blanks > 0) + CAUGHT * (scan.first_word(i) in caught)
            long = _text(scan, first, i) + _text(scan, j, folio), _text(scan, i, j) + _text(scan, other, end)
            yield score - sum(min(WORST, ((n - usual) / LEEWAY) ** 2 / 2) for n in long), i, j
