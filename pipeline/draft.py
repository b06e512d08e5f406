"""A draft: a witness and the entries about it so far, and what they add up to: pages, lines, what is in force.

Everything here is computed from the entries in their order, so that it also holds of entries written past `Draft.add`:
what is unsound takes no force, what a later entry touches it supersedes whole, letters no page claims are a page of
their own. `add` refuses what would take no effect, and says why.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

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
from pipeline.standing import Readings, Standing, apart, judged

# White is what Unicode calls so (`str.strip` would take letters of control with it), and the byte-order mark, which
# says how the file is encoded, not what the page has.
WHITE = r"\s\ufeff"
WHITE_LETTERS = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" \
                "\u2028\u2029\u202f\u205f\u3000\ufeff"
LETTERS_OF_A_LINE = regex.compile(rf"[^{WHITE}](?:[^\n\r\f]*[^{WHITE}])?")


class Line(NamedTuple):
    """The letters of one line of one page, without the white around them; `page` counts in reading order from 0.

    Where letters of another flow stand in the middle of a line, there is one of these on each side of them: `runs_on`
    is the white that then parts it from the next of its flow, one letter or none. It is None where the line ends.
    """

    span: Span
    page: int
    flow: Flow
    runs_on: Span | None = None


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
        held = list(_held_pages(self.marks, self.witness))
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
        # furniture beside furniture is two things; any other flow goes on where a mark only says it again
        kept = [k for k, flow in enumerate(flows) if not k or flow == "furniture" or flow != flows[k - 1]]
        return [ends[k] for k in kept], [flows[k] for k in kept]

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
                    cuts = [start, *(() if twin else ends[first + 1 : bisect_left(ends, end)]), end]
                    pieces = [
                        Line(Span(*match.span()), number, "twins" if twin else flows[first + k])
                        for k, (a, b) in enumerate(pairwise(cuts))
                        if (match := LETTERS_OF_A_LINE.search(text, a, b))
                    ]
                    lines += pieces if len(pieces) < 2 else _running_on(pieces, text)
        return tuple(lines)

    @cached_property
    def _by_flow(self) -> dict[Flow, tuple[Line, ...]]:
        found: defaultdict[Flow, list[Line]] = defaultdict(list)
        for line in self.all_lines:
            found[line.flow].append(line)
        return {flow: tuple(lines) for flow, lines in found.items()}

    def lines(self, flow: Flow = "body") -> tuple[Line, ...]:
        """The lines of one flow in reading order; one that another flow cuts in pieces is several that run on."""
        return self._by_flow.get(flow, ())

    @cached_property
    def _whole(self) -> dict[Flow, tuple[tuple[Line, ...], ...]]:
        return {flow: tuple(_whole_lines(lines)) for flow, lines in self._by_flow.items()}

    def whole_lines(self, flow: Flow = "body") -> tuple[tuple[Line, ...], ...]:
        """The lines of one flow as they are shown: each with all its pieces."""
        return self._whole.get(flow, ())

    @cached_property
    def _lines_by_start(self) -> tuple[list[int], list[Line]]:
        lines = sorted(self.all_lines)
        return [line.span.start for line in lines], lines

    def _line_of(self, span: Span) -> int:
        """Which line, in file order, holds this span whole; -1 where none does."""
        starts, lines = self._lines_by_start
        k = bisect_right(starts, span.start) - 1
        return k if k >= 0 and span.end <= lines[k].span.end else -1

    def line_at(self, span: Span) -> Line | None:
        """The line that holds this span whole, if one does."""
        k = self._line_of(span)
        return self._lines_by_start[1][k] if k >= 0 else None

    @cached_property
    def line_ends(self) -> dict[int, Mark]:
        """What is said of the end of each line, keyed by the offset where the letters of the line end."""
        return {
            mark.spans[0].start: mark
            for mark in self.marks
            if mark.kind == "line_end" and mark.spans and mark.value in LINE_ENDS
        }

    def line_end(self, line: Line) -> LineEnd:
        """What the end of this line is; a space until something is said of it. Within a line it is what is there."""
        if line.runs_on is not None:
            return "space" if line.runs_on.start < line.runs_on.end else "none"
        mark = self.line_ends.get(line.span.end)
        return mark.value if mark else "space"  # type: ignore[return-value]

    # --- what is in force ----------------------------------------------------------------------------------------

    @cached_property
    def unsound(self) -> dict[int, str]:
        """Why corrections can take no force, by their place in `entries`; the sound are not in it."""
        return {i: why for i, correction in self.corrections if (why := self._why_not(correction))}

    @cached_property
    def _judged(self) -> tuple[dict[int, Standing], dict[Level, Readings]]:
        return judged(self.entries, self.unsound, self._line_of, self.witness.text)

    @property
    def standing(self) -> dict[int, Standing]:
        """How each correction stands, by its place in `entries`."""
        return self._judged[0]

    @property
    def _readings(self) -> dict[Level, Readings]:
        return self._judged[1]

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
            for name in ("marks", "pages", "_flows", "all_lines", "_by_flow", "_whole", "_lines_by_start",
                         "line_ends"):
                if name in self.__dict__:  # what rests on marks alone is still true
                    draft.__dict__[name] = self.__dict__[name]
        first = len(self.entries)
        for i, entry in enumerate(entries, first):
            if why := draft.unsound.get(i):
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
        return line is not None and line.span.end == start and line.runs_on is None

    def _why_not(self, correction: Correction) -> str:
        """Why a correction can take no force; empty where it can."""
        if not correction.edits:
            return "it has no edits"
        if not 0 <= correction.certainty <= 1:
            return f"its certainty {correction.certainty} is not between 0 and 1"
        for edit in correction.edits:
            if why := self._why_not_edit(edit, correction.fault):
                return why
        at = correction.edits[0].span.start
        if len(correction.edits) > 1 and not apart(correction.spans):
            return f"its edits overlap at {at}"
        if all(edit.new == edit.below for edit in correction.edits):
            return f"it changes nothing at {at}"
        return ""

    def _why_not_edit(self, edit: Edit, fault: Fault) -> str:
        (start, end), old, new, _ = edit
        if start >= end:
            return "it edits nothing; an insertion belongs to the word beside it"
        if start < 0 or self.witness.text[start:end] != old:
            return f"at {start} the witness does not read “{old}”"
        if fault is Fault.RECOGNITION and edit.below != old:
            return f"at {start} the level below is the witness, and does not read “{edit.below}”"
        if new != bare(new) or LINE_BREAK.search(new):
            return f"“{new}” is not the words of one line"
        if self._line_of(edit.span) < 0:
            return f"“{old}” at {start} does not lie within one line of one page"
        return ""


def bare(text: str) -> str:
    """The text without the white at its ends.

    >>> bare(" \\ufeffso\\u2028"), bare("\\x1cso")
    ('so', '\\x1cso')
    """
    return text.strip(WHITE_LETTERS)


def _held_pages(marks: Iterable[Mark], witness: Witness) -> Iterable[Mark]:
    """The pages that hold: each takes the place of those it shares letters with, whole."""
    held: dict[int, Mark] = {}
    claimed: list[tuple[int, int, int]] = []  # start, end and page of each piece, in file order
    for i, mark in enumerate(marks):
        if mark.kind != "page" or not isinstance(mark.value, Page) or not _spans_hold(mark.spans, witness):
            continue
        touched = {j for span in mark.spans for j in _claimants(claimed, span)}
        if touched:
            for j in touched:
                for start, end in held.pop(j).spans:
                    del claimed[bisect_left(claimed, (start, end, j))]
        held[i] = mark
        for start, end in mark.spans:
            insort(claimed, (start, end, i))
    return held.values()


def _claimants(claimed: list[tuple[int, int, int]], span: Span) -> Iterator[int]:
    """The pages that have letters of a place."""
    k = bisect_left(claimed, (span.start,))
    if k and claimed[k - 1][1] > span.start:
        yield claimed[k - 1][2]
    while k < len(claimed) and claimed[k][0] < span.end:
        yield claimed[k][2]
        k += 1


def _spans_hold(spans: tuple[Span, ...], witness: Witness) -> bool:
    """Whether the spans of a page are inside the witness, not empty, and apart from each other."""
    return all(0 <= start < end <= len(witness.text) for start, end in spans) and apart(spans)


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


def _running_on(pieces: list[Line], text: str) -> list[Line]:
    """The pieces of one line of the file, those of one flow tied to each other."""
    later: dict[Flow, Line] = {}
    for k in range(len(pieces) - 1, -1, -1):
        one = pieces[k]
        if then := later.get(one.flow):
            pieces[k] = one._replace(runs_on=_white_between(one.span.end, then.span.start, text))
        later[one.flow] = one
    return pieces


def _white_between(end: int, start: int, text: str) -> Span:
    """One letter of white beside either of two pieces; none where what stands between is close to both."""
    if text[end] in WHITE_LETTERS:
        return Span(end, end + 1)
    return Span(start - 1, start) if text[start - 1] in WHITE_LETTERS else Span(end, end)


def _whole_lines(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    """The pieces of each line together."""
    pieces: tuple[Line, ...] = ()
    for line in lines:
        pieces = (*pieces, line)
        if line.runs_on is None:
            yield pieces
            pieces = ()


def _pieces(span: Span, text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a span between line breaks."""
    at = span.start
    for match in LINE_BREAK.finditer(text, *span):
        yield at, match.start()
        at = match.end()
    yield at, span.end
