"""The order of the pages as JSON: the scheme and its margin, the pages in reading order, the seams, the doubts."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipeline import log
from pipeline.draft import Draft, bare
from pipeline.log import Row
from pipeline.model import Evidence, Imposition, Mark, Page, Seam, Span

ORDER_RULES = ("order", "pages")  # the families whose doubts are about pages


def order_json(draft: Draft) -> str:
    """`order.json`: one page, seam and query a line, so that it can be read and compared."""
    found = imposition(draft)
    lists = {"pages": list(pages(draft)), "seams": list(seams(draft)), "queries": list(queries(draft))}
    parts = [f'"scheme": {_json(found.scheme)}', f'"margin": {_json(_nats(found.margin))}']
    parts += [f'"{name}": [{_lines(rows)}]' for name, rows in lists.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def imposition(draft: Draft) -> Imposition:
    """The scheme the pages lay in; "plain", without a margin, where nothing was found."""
    found = [mark.value for mark in draft.marks if isinstance(mark.value, Imposition)]
    return found[-1] if found else Imposition("plain", math.inf)


def pages(draft: Draft) -> Iterator[Row]:
    """The pages in reading order, twins last and without a place."""
    known = [(k, mark, page) for k, mark in enumerate(draft.pages) if isinstance(page := mark.value, Page)]
    repeats: defaultdict[int, list[Span]] = defaultdict(list)
    for line in draft.lines("repeats"):
        repeats[line.page].append(line.span)
    for k, mark, page in sorted(known, key=lambda one: (one[2].twin_of is not None, one[0])):
        yield {
            "n": _place(page, k), "spans": list(_but_for(mark.spans, repeats[k], draft.witness.text)),
            "repeats": [list(span) for span in repeats[k]], "folio": page.folio,
            "sheet": page.sheet, "side": page.side, "position": page.position, "blank": page.blank,
            "missing": page.missing, "twin_of": page.twin_of,
        }


def _but_for(spans: Iterable[Span], repeats: Iterable[Span], text: str) -> Iterator[list[int]]:
    """The place of a page without what it repeats of another, so that nothing is read twice."""
    repeats = sorted(repeats)
    for start, end in spans:
        for span in repeats:
            if start <= span.start < end:
                if bare(text[start : span.start]):
                    yield [start, span.start]
                start = span.end
        if bare(text[start:end]):
            yield [start, end]


def seams(draft: Draft) -> Iterator[Row]:
    """Where one page runs on into the next, and why it is thought so."""
    latest: dict[tuple[int, int], tuple[Seam, Mark]] = {}
    for mark in draft.marks:
        if mark.kind == "seam" and isinstance(mark.value, Seam):
            latest[mark.value.from_n, mark.value.to_n] = mark.value, mark
    for (from_n, to_n), (seam, mark) in sorted(latest.items(), key=lambda one: one[0]):
        yield {"from": from_n, "to": to_n, "score": _nats(seam.score), "margin": _nats(seam.margin),
               "evidence": _evidence(mark.evidence)}


def queries(draft: Draft) -> Iterator[Row]:
    """The doubts about pages; one that names no place at all can only be about them."""
    for row in log.queries(draft):
        if not row["spans"] or (row["rule"] or "").split(".")[0] in ORDER_RULES:
            yield row


def _place(page: Page, index: int) -> int | None:
    if page.twin_of is not None:
        return None
    return page.n if page.n is not None else index + 1


def _nats(value: float) -> float | None:
    """Two decimals; none where there is no other order to compare with."""
    return round(value, 2) if math.isfinite(value) else None


def _evidence(evidence: Iterable[Evidence]) -> list[Row]:
    return [{"kind": one.kind, "says": one.says, "weight": _nats(one.weight)} for one in evidence]


def _lines(rows: Iterable[Row]) -> str:
    lines = ",\n  ".join(_json(row) for row in rows)
    return f"\n  {lines}\n " if lines else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
