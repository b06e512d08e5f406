"""A draft: a witness and the entries about it so far, and what they add up to: pages, lines, what is in force.

Everything here is computed from the entries in their order, so that it also holds of entries written past `Draft.add`:
what is unsound takes no force, what a later entry touches it supersedes whole, letters no page claims are a page of
their own. `add` refuses what would take no effect, and says why.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

import regex

from pipeline.errors import Refused
from pipeline.model import (
    FLOW_OF_KIND,
    LINE_BREAK,
    LINE_ENDS,
    MARK_KINDS,
    Correction,
    Edit,
    Entry,
    Fault,
    Flow,
    Level,
    LineEnd,
    Mark,
    Page,
    Query,
    Span,
    Verdict,
    Witness,
)

Status = Literal["applied", "proposed", "accepted", "rejected", "superseded"]
# A byte-order mark says how the file is encoded, not what the page has: it counts as white.
WHITE = r"\s\ufeff"
LETTERS_OF_A_LINE = regex.compile(rf"[^{WHITE}](?:[^\n\r\f]*[^{WHITE}])?")


class Line(NamedTuple):
    """The letters of one line of one page, without the white around them; `page` counts in reading order from 0."""

    span: Span
    page: int
    flow: Flow


class Standing(NamedTuple):
    """How a correction stands: its status, the entry that superseded it, the decision it was judged by, and why not."""

    status: Status
    superseded_by: int | None = None
    verdict: int | None = None
    because: str = ""

    @property
    def in_force(self) -> bool:
        return self.status in ("applied", "accepted")


@dataclass(frozen=True)
class Draft:
    """A witness and the entries about it, in the order in which they were said. Frozen: adding gives a new draft."""

    witness: Witness
    entries: tuple[Entry, ...] = ()

    # --- what was said -------------------------------------------------------------------------------------------

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(entry for entry in self.entries if isinstance(entry, Mark))

    @cached_property
    def corrections(self) -> tuple[tuple[int, Correction], ...]:
        """Every correction with its place in `entries`."""
        return tuple((i, entry) for i, entry in enumerate(self.entries) if isinstance(entry, Correction))

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """The doubts, those included that arise where the ground of an upper correction has changed."""
        lost = (
            Query(entry.spans, f"the reading this was made for has changed: {self.standing[i].because}",
                  rule=entry.rules[0] if entry.rules else "")
            for i, entry in self.corrections
            if self.standing[i].because
        )
        return (*(entry for entry in self.entries if isinstance(entry, Query)), *lost)

    def marked(self, *kinds: str) -> Iterator[Mark]:
        """The marks of these kinds; of two at one place the later."""
        latest = {(mark.kind, mark.spans): mark for mark in self.marks if mark.kind in kinds}
        return iter(latest.values())

    # --- pages and lines -----------------------------------------------------------------------------------------

    @cached_property
    def ordered(self) -> bool:
        """Whether the order of the pages is fixed."""
        return any(isinstance(mark.value, Page) and mark.value.n is not None for mark in self.marks)

    @cached_property
    def pages(self) -> tuple[Mark, ...]:
        """The pages in reading order, twins and pages without a place last; letters no page claims make one more."""
        held: list[Mark] = []
        for mark in self.marks:
            if mark.kind != "page" or not isinstance(mark.value, Page) or not _spans_hold(mark.spans, self.witness):
                continue
            if mark.spans:
                held = [page for page in held if not _touch(page.spans, mark.spans)]
            held.append(mark)
        unclaimed = tuple(_gaps(sorted(span for page in held for span in page.spans), self.witness.text))
        if unclaimed:
            held.append(Mark("page", unclaimed, Page()))
        return tuple(sorted(held, key=_place))

    @cached_property
    def _flows(self) -> tuple[list[int], list[Flow]]:
        """Where the flow changes, and to what: each mark paints over those before it."""
        marks = [mark for mark in self.marks if mark.kind in FLOW_OF_KIND]
        ends = sorted({0, *(offset for mark in marks for span in mark.spans for offset in span)})
        flows: list[Flow] = ["body"] * len(ends)
        for mark in marks:
            flow: Flow = "body" if mark.value == "body" else FLOW_OF_KIND[mark.kind]
            for span in mark.spans:
                for k in range(bisect_left(ends, span.start), bisect_left(ends, span.end)):
                    flows[k] = flow
        return ends, flows

    @cached_property
    def all_lines(self) -> tuple[Line, ...]:
        """Every line of every flow in reading order: each letter of the witness is in exactly one of them."""
        ends, flows = self._flows
        text, lines = self.witness.text, []
        for number, page in enumerate(self.pages):
            twin = isinstance(page.value, Page) and page.value.twin_of is not None
            for span in page.spans:
                for start, end in _pieces(span, text):
                    first = bisect_right(ends, start) - 1
                    cuts = [start, *ends[first + 1 : bisect_left(ends, end)], end]
                    for k, (a, b) in enumerate(pairwise(cuts)):
                        if match := LETTERS_OF_A_LINE.search(text, a, b):
                            flow: Flow = "twins" if twin else flows[first + k]
                            lines.append(Line(Span(*match.span()), number, flow))
        return tuple(lines)

    @cached_property
    def _by_flow(self) -> dict[Flow, tuple[Line, ...]]:
        found: defaultdict[Flow, list[Line]] = defaultdict(list)
        for line in self.all_lines:
            found[line.flow].append(line)
        return {flow: tuple(lines) for flow, lines in found.items()}

    def lines(self, flow: Flow = "body") -> tuple[Line, ...]:
        """The lines of one flow in reading order."""
        return self._by_flow.get(flow, ())

    @cached_property
    def _lines_by_start(self) -> tuple[list[int], list[Line]]:
        lines = sorted(self.all_lines)
        return [line.span.start for line in lines], lines

    def line_at(self, span: Span) -> Line | None:
        """The line that holds this span whole, if one does."""
        starts, lines = self._lines_by_start
        k = bisect_right(starts, span.start) - 1
        return lines[k] if k >= 0 and span.end <= lines[k].span.end else None

    @cached_property
    def line_ends(self) -> dict[int, Mark]:
        """What is said of the end of each line, keyed by the offset where the letters of the line end."""
        return {
            mark.spans[0].start: mark
            for mark in self.marks
            if mark.kind == "line_end" and mark.spans and mark.value in LINE_ENDS
        }

    def line_end(self, line: Line) -> LineEnd:
        """What the end of this line is; a space until something is said of it."""
        mark = self.line_ends.get(line.span.end)
        return mark.value if mark else "space"  # type: ignore[return-value]

    # --- what is in force ----------------------------------------------------------------------------------------

    @cached_property
    def standing(self) -> dict[int, Standing]:
        """How each correction stands, by its place in `entries`."""
        found: dict[int, Standing] = {}
        active: dict[Fault, defaultdict[Line, list[tuple[Span, int]]]] = {fault: defaultdict(list) for fault in Fault}

        def leave(i: int) -> None:
            correction = self.entries[i]
            if isinstance(correction, Correction):
                for span in correction.spans:
                    at = active[correction.fault][self.line_at(span)]  # type: ignore[index]
                    at[:] = [(other, j) for other, j in at if j != i]

        def enter(i: int, correction: Correction, standing: Standing) -> None:
            for span in correction.spans:
                for other, j in list(active[correction.fault][self.line_at(span)]):  # type: ignore[index]
                    if j != i and _meet(span, other):
                        leave(j)
                        found[j] = Standing("superseded", i, found[j].verdict)
            leave(i)
            for span in correction.spans:
                active[correction.fault][self.line_at(span)].append((span, i))  # type: ignore[index]
            found[i] = standing

        for i, entry in enumerate(self.entries):
            if isinstance(entry, Correction):
                if self._unsound(entry) or not entry.applies:
                    found[i] = Standing("proposed")
                else:
                    enter(i, entry, Standing("accepted" if entry.resp else "applied"))
            elif isinstance(entry, Verdict) and entry.of in found:
                judged = self.entries[entry.of]
                if not isinstance(judged, Correction) or self._unsound(judged):
                    continue
                if entry.accepted:
                    enter(entry.of, judged, Standing("accepted", verdict=i))
                else:
                    leave(entry.of)
                    found[entry.of] = Standing("rejected", verdict=i)
        self._drop_the_groundless(found)
        return found

    def _drop_the_groundless(self, found: dict[int, Standing]) -> None:
        """An upper correction stands only while the level below reads what it was made for."""
        for fault in (Fault.PRINTING, Fault.SPELLING):
            below = _Readings(self.witness.text, self._edits_in_force(found, fault - 1))
            for i, standing in list(found.items()):
                entry = self.entries[i]
                if not isinstance(entry, Correction) or entry.fault != fault or not standing.in_force:
                    continue
                for edit in entry.edits:
                    reads = below.reading(edit.span)
                    if reads != edit.below:
                        because = f"expected “{edit.below}”, now “{reads}”" if reads is not None else "cut across"
                        found[i] = Standing("proposed", verdict=standing.verdict, because=because)

    def _edits_in_force(self, found: dict[int, Standing], level: int) -> list[tuple[Edit, int]]:
        """The edits that make up a level, in file order; an upper edit stands for the lower ones it covers."""
        held: list[tuple[Edit, int]] = []
        for fault in Fault:
            if fault > level:
                break
            new: list[tuple[Edit, int]] = []
            for i, standing in found.items():
                entry = self.entries[i]
                if standing.in_force and isinstance(entry, Correction) and entry.fault == fault:
                    new += ((edit, i) for edit in entry.edits)
            held = _laid_over(held, sorted(new))
        return held

    @cached_property
    def _readings(self) -> dict[int, "_Readings"]:
        return {level: _Readings(self.witness.text, self._edits_in_force(self.standing, level)) for level in Level}

    def edits(self, level: Level) -> list[tuple[Edit, int]]:
        """The edits in force up to a level, in file order, each with the place of its correction in `entries`."""
        return self._readings[level].edits

    def edits_in(self, span: Span, level: Level) -> list[tuple[Edit, int]]:
        """The edits in force up to a level that touch this place of the witness, in file order."""
        return self._readings[level].within(span)

    def reading(self, span: Span, level: Level) -> str | None:
        """What stands at this place of the witness at a level; None where the place cuts an edit in two."""
        return self._readings[level].reading(span)

    # --- adding --------------------------------------------------------------------------------------------------

    def add(self, entries: Iterable[Entry]) -> "Draft":
        """A draft with these entries too. What would take no effect is refused; nothing is added by halves."""
        entries = tuple(entries)
        for entry in entries:
            if isinstance(entry, Mark):
                self._refuse_mark(entry)
        draft = Draft(self.witness, self.entries + entries)
        if not any(isinstance(entry, Mark) for entry in entries):
            for name in ("marks", "pages", "_flows", "all_lines", "_by_flow", "_lines_by_start", "line_ends"):
                if name in self.__dict__:  # what rests on marks alone is still true
                    draft.__dict__[name] = self.__dict__[name]
        first = len(self.entries)
        for i, entry in enumerate(entries, first):
            if isinstance(entry, Correction) and (why := draft._unsound(entry)):
                raise Refused(f"a correction cannot be made: {why}")
            if isinstance(entry, Verdict) and not (
                0 <= entry.of < i and isinstance(draft.entries[entry.of], Correction)
            ):
                raise Refused(f"a verdict must be on a correction made before it, not on entry {entry.of}")
            if isinstance(entry, Mark) and entry.kind == "line_end" and not draft._ends_a_line(entry):
                raise Refused(f"a line end must stand where the letters of a line end, not at {entry.spans}")
        for i, standing in draft.standing.items():
            if i >= first and standing.because:
                raise Refused(f"a correction must quote the level below it: {standing.because}")
        return draft

    def _refuse_mark(self, mark: Mark) -> None:
        if mark.kind not in MARK_KINDS:
            raise Refused(f"no such mark: {mark.kind}; there are {', '.join(MARK_KINDS)}")
        if any(not 0 <= start <= end <= len(self.witness.text) for start, end in mark.spans):
            raise Refused(f"a mark lies outside the witness: {mark.spans}")
        if mark.kind == "page":
            if self.ordered:
                raise Refused("the order of the pages is fixed: a page cannot be moved or cut any more")
            if not _spans_hold(mark.spans, self.witness):
                raise Refused(f"the pieces of a page must be apart and not empty: {mark.spans}")

    def _ends_a_line(self, mark: Mark) -> bool:
        if not mark.spans or mark.value not in LINE_ENDS:
            return False
        start = mark.spans[0].start
        line = self.line_at(Span(start - 1, start)) if start else None
        return line is not None and line.span.end == start

    def _unsound(self, correction: Correction) -> str:
        """Why a correction can take no force; empty where it can."""
        if not correction.edits:
            return "it has no edits"
        if not 0 <= correction.certainty <= 1:
            return f"its certainty {correction.certainty} is not between 0 and 1"
        reached = -1
        for span, old, new, _ in sorted(correction.edits):
            if span.start >= span.end:
                return "it edits nothing; an insertion belongs to the word beside it"
            if span.start < reached:
                return f"its edits overlap at {span.start}"
            reached = span.end
            if self.witness.text[span.start : span.end] != old or span.start < 0:
                return f"at {span.start} the witness does not read “{old}”"
            if LINE_BREAK.search(new) or new != new.strip():
                return f"“{new}” is not the words of one line"
            if self.line_at(span) is None:
                return f"“{old}” at {span.start} does not lie within one line of one page"
        if all(edit.new == edit.below for edit in correction.edits):
            return f"it changes nothing at {correction.edits[0].span.start}"
        return ""


class _Readings:
    """The edits of one level, and what they make of any place."""

    def __init__(self, text: str, edits: list[tuple[Edit, int]]) -> None:
        self.text, self.edits = text, edits
        self.starts = [edit.span.start for edit, _ in edits]

    def within(self, span: Span) -> list[tuple[Edit, int]]:
        """The edits that touch this place."""
        first = bisect_right(self.starts, span.start) - 1
        if first < 0 or self.edits[first][0].span.end <= span.start:
            first += 1
        return self.edits[first : bisect_left(self.starts, span.end)]

    def reading(self, span: Span) -> str | None:
        reads, at = [], span.start
        for edit, _ in self.within(span):
            if edit.span.start < span.start or edit.span.end > span.end:
                return None
            reads += [self.text[at : edit.span.start], edit.new]
            at = edit.span.end
        return "".join([*reads, self.text[at : span.end]])


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _touch(some: tuple[Span, ...], others: tuple[Span, ...]) -> bool:
    spans = sorted([*((span, 0) for span in some), *((span, 1) for span in others)])
    reached = [-1, -1]
    for span, side in spans:
        if span.start < reached[1 - side]:
            return True
        reached[side] = max(reached[side], span.end)
    return False


def _spans_hold(spans: tuple[Span, ...], witness: Witness) -> bool:
    """Whether the spans of a page are inside the witness, not empty, and apart from each other."""
    in_order = sorted(spans)
    return all(0 <= start < end <= len(witness.text) for start, end in in_order) and all(
        a.end <= b.start for a, b in pairwise(in_order)
    )


def _gaps(spans: list[Span], text: str) -> Iterator[Span]:
    """The stretches with letters that no span covers."""
    at = 0
    for start, end in [*spans, Span(len(text), len(text))]:
        if at < start and LETTERS_OF_A_LINE.search(text, at, start):
            yield Span(at, start)
        at = max(at, end)


def _place(page: Mark) -> tuple[bool, int, int]:
    n = page.value.n if isinstance(page.value, Page) else None
    return n is None, n or 0, page.spans[0].start if page.spans else -1


def _pieces(span: Span, text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a span between line breaks."""
    at = span.start
    for match in LINE_BREAK.finditer(text, *span):
        yield at, match.start()
        at = match.end()
    yield at, span.end


def _laid_over(lower: list[tuple[Edit, int]], upper: list[tuple[Edit, int]]) -> list[tuple[Edit, int]]:
    """Both lists as one in file order, without the lower edits that an upper one covers."""
    if not upper:
        return lower
    starts = [edit.span.start for edit, _ in upper]

    def free(edit: Edit) -> bool:
        k = bisect_left(starts, edit.span.end) - 1
        return k < 0 or upper[k][0].span.end <= edit.span.start

    return sorted([*((edit, i) for edit, i in lower if free(edit)), *upper])
