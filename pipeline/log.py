"""The log: every decision on letters as one row, in reading order; to JSON Lines and back."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.draft import WHITE_LETTERS, Draft, Line
from pipeline.lines import HYPHENS, one_blank, words
from pipeline.model import (
    Band,
    Candidate,
    Correction,
    Edit,
    Evidence,
    Fault,
    Flow,
    Level,
    LineEnd,
    Mark,
    Page,
    Span,
    band_of,
)
from pipeline.standing import Standing
from pipeline.variants import SHOWN, variants

Row = dict[str, Any]
APART = " … "  # between the readings of distant pieces
OUTCOME = {"soft": "the hyphen goes", "hard": "the hyphen stays", "none": "the word goes on"}


def ids(draft: Draft) -> dict[int, str]:
    """The id of each correction by its place in `entries`; where several share a place, the later are numbered.

    >>> from pipeline.model import Witness
    >>> change = Correction(Fault.RECOGNITION, "character", (), (Edit(Span(0, 3), "tbe", "the"),))
    >>> ids(Draft(Witness("S1", "", "utf-8", "tbe")).add([change, change]))
    {0: 'S1.0-3.recognition', 1: 'S1.0-3.recognition.2'}
    """
    taken: dict[str, int] = {}
    return {
        i: _numbered(_name(draft, correction.spans, correction.fault.name.lower()), taken)
        for i, correction in draft.corrections
    }


def corrections(draft: Draft) -> list[Row]:
    """One row a decision on letters, in reading order; with joins at line ends, and what second copies read.

    Furniture and what stands twice are left out of the text, and have their rows too.
    """
    places = _Places(draft)
    rows = [*_corrected(draft, places), *_line_ends(draft, places), *_furniture(draft, places),
            *_repeats(draft, places), *_variants(draft, places)]
    return sorted(rows, key=lambda row: (places.order(row["spans"]), row["fault"] is None))


def queries(draft: Draft) -> list[Row]:
    """The doubts, in reading order; of two that ask the same of one place the later holds."""
    places = _Places(draft)
    latest = {(query.spans, query.says, query.rule): query for query in draft.queries}
    taken: dict[str, int] = {}
    return [
        {
            "id": _numbered(_name(draft, query.spans, "query"), taken), **places.told(query.spans),
            "says": query.says, "source": APART.join(_quoted(draft, span) for span in query.spans),
            "candidates": _candidates(query.candidates), "rule": query.rule or None,
            "evidence": _evidence(query.evidence), "decision": query.answered or None,
        }
        for query in sorted(latest.values(), key=lambda query: places.order(query.spans))
    ]


def jsonl(rows: Iterable[Row]) -> str:
    """The rows as JSON Lines with sorted keys."""
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)


def entries(rows: Iterable[Row]) -> list[Correction]:
    """The corrections that rows stand for; joins and furniture are marks, not corrections.

    The ceiling comes back as far as it has an effect: a band below what the certainty earns.
    """
    return [
        Correction(
            Fault[row["fault"].upper()], row["category"], tuple(row["rules"]),
            tuple(Edit(Span(*edit["span"]), edit["old"], edit["new"], edit.get("sic")) for edit in row["edits"]),
            row["certainty"], _ceiling(Band[row["band"].upper()], row["certainty"]),
            tuple(Evidence(one["kind"], one["says"], one["weight"]) for one in row["evidence"]),
            tuple(Candidate(one["reading"], one["certainty"]) for one in row["candidates"]),
            row["resp"] or "", row["decision"] or "",
        )
        for row in rows
        if row["fault"] is not None
    ]


def _ceiling(band: Band, certainty: float) -> Band:
    return band if band > band_of(certainty) else Band.SAFE


def _name(draft: Draft, spans: tuple[Span, ...], what: str) -> str:
    at = f"{min(spans).start}-{max(spans, key=lambda span: span.end).end}." if spans else ""
    return f"{draft.witness.siglum}.{at}{what}"


def _numbered(name: str, taken: dict[str, int]) -> str:
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}.{taken[name]}"


class _Places:
    """Where a place of the witness is: its page, folio, line of the file, and rank in reading order."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.ranks = {line.span: k for k, line in enumerate(draft.all_lines)}

    def order(self, spans: Iterable[Iterable[int]]) -> tuple[int, int, int]:
        """The rank of the line it begins in, then its place; what stands in no line comes last."""
        return min((self.rank(Span(*span)) for span in spans), default=(len(self.ranks), 0, 0))

    def rank(self, span: Span) -> tuple[int, int, int]:
        line = self.draft.line_at(span)
        return (self.ranks[line.span] if line else len(self.ranks), *span)

    def told(self, spans: tuple[Span, ...]) -> Row:
        first = min(spans, key=self.rank) if spans else None
        line = self.draft.line_at(first) if first else None
        page = self.draft.pages[line.page].value if line else None
        n = line.page + 1 if line else None
        if isinstance(page, Page) and page.n is not None:
            n = page.n
        return {
            "witness": self.draft.witness.siglum, "spans": [list(span) for span in spans], "page": n,
            "folio": page.folio if isinstance(page, Page) else None,
            "line": self.draft.witness.line_number(first.start) if first else None,
        }


# --- corrections -------------------------------------------------------------------------------------------------


def _corrected(draft: Draft, places: _Places) -> Iterator[Row]:
    names = ids(draft)
    for i, correction in draft.corrections:
        standing = draft.standing[i]
        verdict = draft.entries[standing.verdict] if standing.verdict is not None else None
        words_of = sorted(_whole_words(draft, correction), key=lambda word: places.rank(word[0]))
        lower = Level(correction.fault - 1)
        yield {
            "id": names[i], "rules": list(correction.rules), "category": correction.category,
            "fault": correction.fault.name.lower(),
            "source": APART.join(_quoted(draft, wide) for wide, _ in words_of),
            "sic": APART.join(_told(draft, wide, edits, lower, lambda edit: edit.below) for wide, edits in words_of),
            "corr": APART.join(_told(draft, wide, edits, lower, lambda edit: edit.new) for wide, edits in words_of),
            "edits": [_edit(edit) for edit in correction.edits],
            **places.told(correction.spans),
            "certainty": _certainty(correction.certainty), "band": correction.band.name.lower(),
            "evidence": _evidence(correction.evidence), "candidates": _candidates(correction.candidates),
            "status": standing.status,
            "superseded_by": names.get(standing.superseded_by) if standing.superseded_by is not None else None,
            "decision": getattr(verdict, "decision", "") or correction.decision or None,
            "resp": getattr(verdict, "resp", "") or correction.resp or None,
            "tei": _tei(draft, correction, standing),
        }


def _tei(draft: Draft, correction: Correction, standing: Standing) -> str:
    if not standing.in_force or not any(is_shown(draft, span) for span in correction.spans):
        return "none"
    return "orig" if correction.fault is Fault.SPELLING else "app"


def is_shown(draft: Draft, span: Span) -> bool:
    """Whether the TEI shows a place: twins and repeats are told in its source file alone."""
    line = draft.line_at(span)
    return line is not None and line.flow in SHOWN


def _whole_words(draft: Draft, correction: Correction) -> Iterator[tuple[Span, list[Edit]]]:
    """The places of a correction widened to whole words, so that it can be read, each with its edits in order."""
    lower = Level(correction.fault - 1)
    held: tuple[Span, list[Edit]] | None = None
    for edit in sorted(correction.edits, key=lambda edit: edit.span):
        wide = _uncut(draft, _widened(draft, edit.span), lower)
        if held and wide.start < held[0].end:
            held = Span(min(held[0].start, wide.start), max(held[0].end, wide.end)), [*held[1], edit]
            continue
        if held:
            yield held
        held = wide, [edit]
    if held:
        yield held


def _widened(draft: Draft, span: Span) -> Span:
    """A place widened to the words of its line that it touches."""
    line = draft.line_at(span)
    if line is None:
        return span
    run = _between_blanks(draft, span, line.span)
    if run == span:
        return span
    touched = [
        Span(run.start + a, run.start + b)
        for a, b in words(_quoted(draft, run))
        if run.start + a < span.end and span.start < run.start + b
    ]
    return Span(min([span.start, *(word.start for word in touched)]), max([span.end, *(word.end for word in touched)]))


def _between_blanks(draft: Draft, span: Span, line: Span) -> Span:
    text, (start, end) = draft.witness.text, span
    while start > line.start and text[start - 1] not in WHITE_LETTERS:
        start -= 1
    while end < line.end and text[end] not in WHITE_LETTERS:
        end += 1
    return Span(start, end)


def _uncut(draft: Draft, span: Span, level: Level) -> Span:
    """A place widened so that it cuts no edit of this level in two."""
    touched = [edit.span for edit, _ in draft.edits_in(span, level)]
    return Span(min([span.start, *(one.start for one in touched)]), max([span.end, *(one.end for one in touched)]))


def _told(draft: Draft, wide: Span, edits: list[Edit], level: Level, says: Callable[[Edit], str]) -> str:
    """What a place reads at a level where each edit says what it says."""
    if len(edits) == 1 and edits[0].span == wide:
        return says(edits[0])
    parts, at = [], wide.start
    for edit in edits:
        parts += [_reading(draft, Span(at, edit.span.start), level), says(edit)]
        at = edit.span.end
    return "".join([*parts, _reading(draft, Span(at, wide.end), level)])


def _reading(draft: Draft, span: Span, level: Level) -> str:
    """What a place reads at a level; as the witness has it where the place cuts an edit in two."""
    if span.start >= span.end:
        return ""
    reads = draft.reading(span, level)
    return _quoted(draft, span) if reads is None else reads


def _quoted(draft: Draft, span: Span) -> str:
    return draft.witness.text[span.start : span.end]


def _edit(edit: Edit) -> Row:
    row: Row = {"span": list(edit.span), "old": edit.old, "new": edit.new}
    return row if edit.sic is None or edit.sic == edit.old else {**row, "sic": edit.sic}


def _certainty(certainty: float) -> float:
    """Four decimals, unless they would seem to put it in another band."""
    short = round(certainty, 4)
    return short if band_of(short) is band_of(certainty) else certainty


def _evidence(evidence: Iterable[Evidence]) -> list[Row]:
    return [{"kind": one.kind, "says": one.says, "weight": round(one.weight, 3)} for one in evidence]


def _candidates(candidates: Iterable[Candidate]) -> list[Row]:
    return [{"reading": one.reading, "certainty": _certainty(one.certainty)} for one in candidates]


# --- joins and furniture -----------------------------------------------------------------------------------------


def _line_ends(draft: Draft, places: _Places) -> Iterator[Row]:
    """The words joined over a line end: no hyphen is taken away without a row."""
    for flow in ("body", "notes"):
        for (line, kind), (following, _) in pairwise(_kept(draft, flow)):
            if kind not in OUTCOME:
                continue
            left, right = _last_word(draft, line.pieces[-1]), _first_word(draft, following.pieces[0])
            begins, goes_on = (one_blank(_reading(draft, piece, Level.CRITICAL)) for piece in (left, right))
            hyphen = begins != "" and begins[-1] in HYPHENS
            corr = (begins[:-1] if hyphen and kind == "soft" else begins) + goes_on
            mark, tei = draft.line_ends[line.closes], "pc" if hyphen else "lb"
            evidence = mark.evidence or (Evidence("line end", OUTCOME[kind]),)
            yield _row(draft, places, "hyphenation", "join", (left, right), mark, evidence, corr, tei)


def _last_word(draft: Draft, line: Line) -> Span:
    """The end of a line from the last word on that keeps letters."""
    at = line.span.end
    while True:
        start = _between_blanks(draft, Span(at, at), line.span).start
        piece = _uncut(draft, Span(start, line.span.end), Level.CRITICAL)
        if piece.start == line.span.start or one_blank(_reading(draft, piece, Level.CRITICAL)):
            return piece
        at = line.span.start + len(_quoted(draft, Span(line.span.start, piece.start)).rstrip(WHITE_LETTERS))


def _first_word(draft: Draft, line: Line) -> Span:
    """The beginning of a line up to the first word that keeps letters."""
    at = line.span.start
    while True:
        end = _between_blanks(draft, Span(at, at), line.span).end
        piece = _uncut(draft, Span(line.span.start, end), Level.CRITICAL)
        if piece.end == line.span.end or one_blank(_reading(draft, piece, Level.CRITICAL)):
            return piece
        at = line.span.end - len(_quoted(draft, Span(piece.end, line.span.end)).lstrip(WHITE_LETTERS))


class _Kept(NamedTuple):
    """A line with its pieces that keep letters, and the place its end is told of."""

    pieces: list[Line]
    closes: int


def _kept(draft: Draft, flow: Flow) -> list[tuple[_Kept, LineEnd]]:
    """The lines that keep letters and how each ends: a line all gone takes its line end with it, but no paragraph's."""
    kept: list[tuple[_Kept, LineEnd]] = []
    for line in draft.whole_lines(flow):
        end = draft.line_end(line[-1])
        pieces = [piece for piece in line if one_blank(_reading(draft, piece.span, Level.CRITICAL))]
        if pieces:
            kept.append((_Kept(pieces, line[-1].span.end), end))
        elif kept and end == "paragraph":
            kept[-1] = (kept[-1][0], end)
    return kept


def _furniture(draft: Draft, places: _Places) -> Iterator[Row]:
    """The lines that are not text: what was printed there, and why it is left out."""
    lines = sorted(draft.lines("furniture"))
    starts = [line.span.start for line in lines]
    said: dict[int, Mark] = {}  # the last that covers a line: one that gave it back would have left it in the body
    for mark in draft.marks:
        if mark.kind == "furniture":
            for span in mark.spans:
                said.update((k, mark) for k in range(bisect_left(starts, span.start), bisect_left(starts, span.end)))
    for k, mark in sorted(said.items()):
        yield _row(draft, places, "furniture", "furniture", (lines[k].span,), mark, mark.evidence, "", "fw")


def _repeats(draft: Draft, places: _Places) -> Iterator[Row]:
    """What stands twice: the second copy, which is left out."""
    lines = sorted(line.span for line in draft.lines("repeats"))
    for mark in draft.marked("repeat"):
        ranges = ((bisect_left(lines, (start,)), bisect_left(lines, (end,))) for start, end in mark.spans)
        there = tuple(line for first, last in ranges for line in lines[first:last])
        if there:
            yield _row(draft, places, "repeat", "repeat", there, mark, mark.evidence, "", "none")


def _variants(draft: Draft, places: _Places) -> Iterator[Row]:
    """Where another copy reads otherwise: the place in the text, what stands there, and the other reading."""
    taken: dict[str, int] = {}
    for one in variants(draft):
        mark, siglum = one.marks[0], one.siglum(draft.witness.siglum)
        evidence = (Evidence("other copy", f"a second copy of these words reads ‘{one.reading}’"), *mark.evidence)
        row = _row(draft, places, "variant", "variant", (one.place,), mark, evidence,
                   _reading(draft, one.place, Level.CRITICAL), "rdg")
        yield {**row, "id": _numbered(row["id"], taken),
               "copy": {"siglum": siglum, "reading": one.reading, "spans": [list(span) for span in one.quotes]}}


def _row(
    draft: Draft, places: _Places, category: str, what: str, spans: tuple[Span, ...], mark: Mark,
    evidence: tuple[Evidence, ...], corr: str, tei: str,
) -> Row:
    source = APART.join(_quoted(draft, span) for span in spans)
    return {
        "id": _name(draft, spans, what), "rules": [], "category": category, "fault": None,
        "source": source, "sic": source, "corr": corr, "edits": [], **places.told(spans),
        "certainty": _certainty(mark.certainty), "band": band_of(mark.certainty).name.lower(),
        "evidence": _evidence(evidence), "candidates": _candidates(mark.alternatives),
        "status": "accepted" if mark.resp else "applied", "superseded_by": None,
        "decision": mark.decision or None, "resp": mark.resp or None, "tei": tei,
    }
