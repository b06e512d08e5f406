"""Finds the pages a scan shows by itself: the ends of its sides, columns side by side, furniture and notes."""

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from pipeline.decisions import NONE, Decision
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.model import Entry, Evidence, Mark, Page, Query, Span
from pipeline.stages import stage
from pipeline.stages.doubles import Twin, apart
from pipeline.stages.furniture import furniture
from pipeline.stages.hypotheses import hypotheses
from pipeline.stages.layout import LETTERS, Layout, Row, layout
from pipeline.stages.notes import note_marks, notes
from pipeline.stages.pieces import overlapping
from pipeline.stages.scan import Scan
from pipeline.stages.scoring import same_order
from pipeline.stages.turns import untangled

DOUBLE = "a side like this was scanned before"
MIXED = ("two pages were read across the fold here, by turns; which of these blocks are of the one and which of the "
         "other is not certain")
FOLIO_SAYS = "a number by itself where pages end"
SAYS = {"header": "a line that comes again where pages begin", "catchword": "a word by itself where pages end"}


@stage(adds="page, furniture, note, query")
def pages(draft: Draft, desk: Desk) -> Iterator[Entry]:
    """Say where the pages are that need no order to be seen, and what on them is not of the text."""
    scan = scanned(draft, desk)
    for a, b in pairwise(scan.forced):
        yield Mark("page", spans_of(scan.text, scan.rows[a:b]), Page())
    for twin in scan.twins:
        yield Mark("page", spans_of(scan.text, twin.rows), Page(), evidence=(Evidence("double", DOUBLE),))
    for k, ornament in sorted(scan.furniture.found.items()):
        says = SAYS.get(ornament.value, FOLIO_SAYS)
        yield Mark("furniture", (row_span(scan.rows[k]),), ornament.value, certainty=0.97,
                   evidence=(Evidence(ornament.value, says),))
    for side in scan.lay.unsure:
        yield Query(spans_of(scan.text, side), MIXED, rule="pages.mixed")
    yield from note_marks(scan)
    yield from _decided(desk)


def scanned(draft: Draft, desk: Desk) -> Scan:
    """The scan of a draft's witness, with the page ends and furniture the editor has set."""
    ends = {span.start: decision.new != NONE for decision in desk.decisions if decision.what == "page_end"
            for span in decision.spans}
    starts = {span.start for decision in desk.decisions if decision.what == "page_order" for span in decision.spans}
    begins = frozenset(at for at, there in ends.items() if there) | starts
    text = draft.witness.text
    lay, twins = apart(text, layout(text, begins, {at for at, there in ends.items() if not there}), desk.language)
    never = frozenset(at for at, there in ends.items() if not there)
    scan = _with_furniture(text, lay, twins, desk, begins, never)
    if turned := untangled(scan, desk.settings.order_margin):
        set_apart = _with_furniture(text, turned.lay, twins, desk, begins, never)
        if _reads_better(set_apart, scan, turned.gain, desk.settings.order_margin):
            scan = set_apart
    if pieces := overlapping(scan):
        if pieces.lay is not scan.lay:
            scan = _with_furniture(text, pieces.lay, pieces.twins, desk, begins, never)
        scan = scan.with_joins(pieces.joins)
    return scan.with_notes(frozenset(k for note in notes(scan) for k in note.rows))


def _reads_better(one: Scan, other: Scan, gain: float, margin: float) -> bool:
    """Whether a layout gains so much over another that it is to be believed: its own order must be certain."""
    found = sorted(hypotheses(one), key=lambda order: -order.score)
    near = [order for order in found[1:] if order.score > found[0].score - margin]
    return (all(same_order(found[0], order) for order in near)
            and gain + found[0].score > max(order.score for order in hypotheses(other)))


def _with_furniture(
    text: str, lay: Layout, twins: tuple[Twin, ...], desk: Desk, begins: Set[int], never: Set[int]
) -> Scan:
    """The scan of a layout: its furniture, that the editor has set too, and where pages must end or must not."""
    found = furniture(text, lay)
    for decision in desk.decisions:
        if decision.what == "furniture":
            found = found.as_decided(lay.rows, decision.spans, decision.new or "furniture")
    pinned, barred = (frozenset(cut_at(lay, at) for at in places) for places in (begins, never))
    return Scan(text, lay, found, frozenset(), desk.language, pinned, barred, twins)


def cut_at(lay: Layout, at: int) -> int:
    """The cut before the row that begins at a place of the witness, or next behind it."""
    behind = [(row.start, k) for k, row in enumerate(lay.rows) if row.start >= at]
    return min(behind)[1] if behind else len(lay.rows)


def _decided(desk: Desk) -> Iterator[Mark]:
    """The furniture an editor has named, or given back to the text."""
    for decision in desk.decisions:
        if decision.what == "furniture":
            yield Mark("furniture", decision.spans, decision.new or "furniture", resp=decision.who,
                       decision=decision.name, evidence=_reason(decision))


def _reason(decision: Decision) -> tuple[Evidence, ...]:
    return (Evidence("editor", decision.reason),) if decision.reason else ()


def row_span(row: Row) -> Span:
    """Where the letters of a row stand."""
    return Span(row.start, row.end)


def spans_of(text: str, rows: Sequence[Row]) -> tuple[Span, ...]:
    """The place of a page: its rows, those together that follow each other in the file."""
    found: list[Span] = []
    for row in rows:
        if found and row.start >= found[-1].end and not LETTERS.search(text, found[-1].end, row.start):
            found[-1] = Span(found[-1].start, row.end)
        else:
            found.append(row_span(row))
    return tuple(found)
