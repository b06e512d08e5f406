"""Finds whether a scan is pieces that overlap: pieces of a transcript, or pages that repeat lines of one another."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.stages.chains import Chains, chained, nats
from pipeline.stages.doubles import Twin
from pipeline.stages.layout import Layout, Row, Side
from pipeline.stages.overlaps import WORST, Overlap, folded, overlaps
from pipeline.stages.repeated_lines import joins_by_lines, joins_in_a_row
from pipeline.stages.scan import Join, Scan

SHARE = 0.3  # of the pieces that overlap with another, if that is how they were made and not by chance
FEWEST, SURE = 2, 40.0  # of those, where there are more than two pieces; nats they say on the mean
FRAGMENT = 90  # letters from which a piece may lie within another; less is a heading, or a line that comes again
LONG_LINE = 150  # letters from which lines are paragraphs or pieces
MOST_DIVISIONS = 3  # sizes of gaps by which pieces are sought


class Pieces(NamedTuple):
    """The layout with each piece a side, what is set aside as a second copy, the joins by the cuts they are between."""

    lay: Layout
    twins: tuple[Twin, ...]
    joins: dict[tuple[int, int], Join]


def overlapping(scan: Scan) -> Pieces | None:
    """How the pages or pieces of a scan join, if they overlap."""
    pieces = _pieces(scan)
    if pieces and pieces.lay is scan.lay:  # the sides overlap: so may the pages within them
        return pieces._replace(joins=joins_by_lines(scan) | pieces.joins)
    return pieces or _scans_in_a_row(scan)


def _scans_in_a_row(scan: Scan) -> Pieces | None:
    """The scans that nothing parts but the lines with which each repeats the end of the one before."""
    joins = joins_in_a_row(scan)
    if not joins or any(side.gutter for side in scan.lay.sides):
        return None
    cuts = sorted({0, len(scan.rows), *(side.first for side in scan.lay.sides), *(cut for cut, _ in joins)})
    lay = scan.lay._replace(sides=tuple(Side(a, b) for a, b in pairwise(cuts)), certain=True)
    number = {side.first: k for k, side in enumerate(lay.sides)}
    twins = tuple(twin._replace(side=number[scan.lay.sides[twin.side].first]) for twin in scan.twins)
    return Pieces(lay, twins, joins)


def _pieces(scan: Scan) -> Pieces | None:
    """The pieces of a scan and how they join, if they overlap."""
    for cuts in _divisions(scan):
        pieces = [_Piece(scan, a, b) for a, b in pairwise(cuts)]
        found = [one for one in overlaps([piece.text for piece in pieces])
                 if one.letters >= FRAGMENT or one.ends < len(pieces[one.after].text)]
        chains = chained([len(piece.text) for piece in pieces], found)
        if _is_how_they_were_made(chains, len(pieces)):
            return _laid(scan, cuts, pieces, chains, chains.joins | _by_a_line(pieces, chains.chains))
    return None


def _is_how_they_were_made(chains: Chains, count: int) -> bool:
    """Whether so many overlap, and so well, that it is no chance: a phrase at a page end often comes again soon."""
    joins, seams = len(chains.joins), count - len(chains.inside) - 1
    enough = joins >= max(SHARE * seams, min(FEWEST, seams), 1)
    return enough and sum(nats(one, count) for one in chains.joins.values()) >= SURE * joins


def _divisions(scan: Scan) -> Iterator[tuple[int, ...]]:
    """The ways a scan may lie in pieces: by its sides, by gaps of one size or more, largest first, by long lines."""
    last = len(scan.rows)
    sizes = sorted({row.blanks for row in scan.rows[1:]} - {0}, reverse=True)
    ways = [tuple(side.first for side in scan.lay.sides)]
    ways += [(0, *(k for k in range(1, last) if scan.rows[k].blanks >= size)) for size in sizes[-MOST_DIVISIONS:]]
    ways += [tuple(range(last))] if scan.measure > LONG_LINE else []
    for way in dict.fromkeys(ways):
        # Stars between pieces are no piece: they stay with the one before.
        cuts = [a for a, b in pairwise((*way, last)) if any(folded(scan.line(k)) for k in range(a, b))]
        if len(cuts) > 1:
            yield (0, *cuts[1:], last)


class _Piece:
    """The text of some rows without furniture, and the way back to the rows."""

    def __init__(self, scan: Scan, first: int, end: int) -> None:
        self.rows = [scan.rows[k] for k in range(first, end) if k not in scan.furniture.found]
        lines = [scan.text[row.start : row.end] for row in self.rows]
        self.text = "\n".join(lines)
        self.starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def cut(self, begins: int, ends: int) -> tuple[Row, ...]:
        """The rows, or parts of rows, between two places of the text."""
        found = []
        for k in range(bisect_right(self.starts, begins) - 1, len(self.rows)):
            row, at = self.rows[k], self.starts[k]
            start, end = row.start + max(0, begins - at), min(row.end, row.start + ends - at)
            if start >= end:
                break
            found.append(row._replace(start=start, end=end))
        return tuple(found)


def _by_a_line(pieces: Sequence["_Piece"], chains: Sequence[Sequence[int]]) -> dict[tuple[int, int], Overlap]:
    """The joins of ends still open that have one short line in common, where no other has it."""
    found = []
    for chain in chains:
        for other in chains:
            tail, head = pieces[chain[-1]], pieces[other[0]]
            if chain is not other and min(len(tail.rows), len(head.rows)) > 1:
                one = _common_line(chain[-1], other[0], tail, head)
                found += [one] if nats(one, len(chains)) > 0 and one.edits <= WORST * one.letters else []
    tails, heads = Counter(one.before for one in found), Counter(one.after for one in found)
    return {(one.before, one.after): one for one in found if tails[one.before] == heads[one.after] == 1}


def _common_line(i: int, j: int, tail: "_Piece", head: "_Piece") -> Overlap:
    """The last line of a piece and the first of another, as an overlap."""
    begins, ends = tail.starts[-2], head.starts[1] - 1
    last, first = folded(tail.text[begins:]), folded(head.text[:ends])
    return Overlap(i, j, begins, len(tail.text), ends, min(len(last), len(first)), Levenshtein.distance(last, first))


def _laid(
    scan: Scan, cuts: Sequence[int], pieces: Sequence["_Piece"], chains: Chains, found: dict[tuple[int, int], Overlap]
) -> Pieces:
    """The layout of the pieces, and their joins."""
    rows: list[Row] = []
    sides: list[Side] = []
    number: dict[int, int] = {}
    for k, (a, b) in enumerate(pairwise(cuts)):
        if k not in chains.inside:
            number[k] = len(sides)
            sides.append(Side(len(rows), len(rows) + b - a))
            rows += scan.rows[a:b]
    inside = tuple(Twin(scan.rows[cuts[k] : cuts[k + 1]], number[_outermost(one.before, chains)],
                        pieces[one.before].cut(one.begins, one.till)) for k, one in reversed(chains.inside.items()))
    twins = tuple(_of_piece(twin, scan, cuts, number, chains) for twin in scan.twins)
    as_before = not inside and [side.first for side in sides] == [side.first for side in scan.lay.sides]
    lay = scan.lay if as_before else Layout(tuple(rows), tuple(sides), True)
    joins = {(sides[number[i]].end, sides[number[j]].first): _join(pieces[i], pieces[j], one, len(pieces))
             for (i, j), one in found.items()}
    return Pieces(lay, (*twins, *inside), joins)


def _of_piece(twin: Twin, scan: Scan, cuts: Sequence[int], number: dict[int, int], chains: Chains) -> Twin:
    """A side scanned a second time, as a twin of the piece that it begins in."""
    side = scan.lay.sides[twin.side]
    piece = _outermost(bisect_right(cuts, side.first) - 1, chains)
    return Twin(twin.rows, number[piece], twin.stands or scan.rows[side.first : side.end])


def _outermost(piece: int, chains: Chains) -> int:
    """The piece itself, or that within which it lies, if that lies in no other."""
    while piece in chains.inside:
        piece = chains.inside[piece].before
    return piece


def _join(tail: "_Piece", head: "_Piece", one: Overlap, count: int) -> Join:
    return Join(tail.cut(one.begins, one.till), head.cut(0, one.ends), nats(one, count), one.letters, one.edits)
