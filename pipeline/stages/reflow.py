"""Reflow: what each line end is, and which lines are headings, bylines and verse."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import regex

from pipeline.decisions import Decision
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import LINE_ENDS, Evidence, Flow, Mark, Span
from pipeline.stages import stage
from pipeline.stages.blocks import headings, verses
from pipeline.stages.broken_words import SPACE, Join, joined_at, vocabulary
from pipeline.stages.paragraphs import Set, paragraph_ends, settings

LINE_END = regex.compile(r"(?:[^\S\r\n\f]|\ufeff)*(?:\r\n|[\r\n\f])?")
FLOWS: tuple[Flow, ...] = ("body", "notes")
UNDONE = ("", "none")
WHY_PARAGRAPH = "by the room left on the line, blank lines, indents and how the sentence stands"


@stage(needs="order", adds="line_end, heading, byline, quotation, verse, item, paragraph, query")
def reflow(draft: Draft, desk: Desk) -> Iterator[Mark]:
    """Say of each line end what it is: the hyphen goes where it broke a word, stays where the word has one."""
    set_lines = {flow: settings(draft, flow) for flow in FLOWS}
    seen = vocabulary(one.text for flow in FLOWS for one in set_lines[flow])
    given = _Given(draft, set_lines, desk.decisions)
    for flow in FLOWS:
        lines = set_lines[flow]
        joins = [joined_at(one.text, then.text, desk.language, seen) for one, then in _with_next(lines)]
        yield from _said(draft, lines, joins, given)


def _with_next(lines: Sequence[Set]) -> Iterator[tuple[Set, Set]]:
    """Each line but the last with the next."""
    return zip(lines, lines[1:], strict=False)


def _said(draft: Draft, lines: list[Set], joins: list[Join], given: "_Given") -> Iterator[Mark]:
    heads = {i: byline for i, byline in headings(lines) if lines[i].line.span not in given.no_heading}
    heads |= {i: False for i, one in enumerate(lines) if one.line.span in given.heading}
    runs = list(verses(lines, frozenset(heads)))
    for i, byline in sorted(heads.items()):
        decision = given.heading.get(lines[i].line.span)
        yield _mark("byline" if byline else "heading", (lines[i].line.span,), decision, 0.8)
    for i, j in runs:
        yield _mark("verse", _one_stretch(draft, lines[i:j]), None, 0.8)
    in_verse = {k for i, j in runs for k in range(i, j - 1)}
    edges = {j - 1 for _, j in runs} | {i - 1 for i, _ in runs} | set(heads) | {i - 1 for i in heads}
    chances = [*paragraph_ends(lines), 1.0]
    joins = [*joins, SPACE]
    for i, one in enumerate(lines):
        at = _end_of(draft, one)
        decision = given.ends.get(one.line.span.end)
        if decision:
            yield _decided(at, decision, joins[i])
        elif i in in_verse:
            stanza = chances[i] > 0.5 and bool(one.blank_after)
            yield Mark("line_end", at, "paragraph" if stanza else "verse", 0.8, (Evidence("setting", "it is verse"),))
        elif i in edges:
            yield Mark("line_end", at, "paragraph", 0.85, (Evidence("setting", "a heading or verse is set apart"),))
        else:
            yield _weighed(at, joins[i], chances[i])


def _weighed(at: tuple[Span, ...], join: Join, chance: float) -> Mark:
    """A paragraph's end where that is likelier than not, else what the join is."""
    if chance > 0.5:
        return Mark("line_end", at, "paragraph", round(chance, 4), (Evidence("setting", WHY_PARAGRAPH),))
    return Mark("line_end", at, join.value, round(join.certainty * (1 - chance), 4), join.evidence,
                alternatives=join.alternatives)


def _decided(at: tuple[Span, ...], decision: Decision, join: Join) -> Mark:
    undone = decision.what == "paragraph" and decision.new in UNDONE
    value = join.value if undone else "paragraph" if decision.what == "paragraph" else decision.new
    return _mark("line_end", at, decision, 1.0, value)


def _mark(kind: str, spans: tuple[Span, ...], decision: Decision | None, sure: float, value: str | None = None) -> Mark:
    if decision is None:
        return Mark(kind, spans, value, sure)
    return Mark(kind, spans, value, resp=decision.who, decision=decision.name)


def _end_of(draft: Draft, one: Set) -> tuple[Span, ...]:
    """The blanks and the break after the letters of a line; none at the end of a file or where pages were glued."""
    at = one.line.span.end
    found = LINE_END.match(draft.witness.text, at)
    return (Span(at, found.end() if found else at),)


def _one_stretch(draft: Draft, run: Sequence[Set]) -> tuple[Span, ...]:
    """The lines as one span where only white lies between them, else line by line."""
    first, last = run[0].line.span, run[-1].line.span
    text = draft.witness.text
    together = all(a.line.span.end <= b.line.span.start and not text[a.line.span.end : b.line.span.start].strip()
                   for a, b in _with_next(run))
    return (Span(first.start, last.end),) if together else tuple(one.line.span for one in run)


class _Given:
    """What the editor has decided of line ends and headings; of two decisions on one place the later holds."""

    def __init__(self, draft: Draft, lines: dict[Flow, list[Set]], decisions: Sequence[Decision]) -> None:
        self.ends: dict[int, Decision] = {}
        self.heading: dict[Span, Decision] = {}
        self.no_heading: set[Span] = set()
        spans = sorted(one.line.span for flow in FLOWS for one in lines[flow])
        closing = sorted(span.end for span in spans)
        for decision in decisions:
            if decision.what in ("join", "paragraph"):
                self.ends[_line_end_at(closing, decision)] = decision
            elif decision.what == "heading":
                for span in _lines_at(spans, decision):
                    self.heading.pop(span, None)
                    self.no_heading.discard(span)
                    if decision.new in UNDONE:
                        self.no_heading.add(span)
                    else:
                        self.heading[span] = decision


def _line_end_at(closing: list[int], decision: Decision) -> int:
    """The line end a decision is about: the one in or at its span, else that of the line its letters stand in."""
    if decision.what == "join" and decision.new not in LINE_ENDS:
        raise Refused(f"decision {decision.name}: “{decision.new}” is no kind of line end; there are "
                      f"{', '.join(LINE_ENDS)}")
    k = bisect_left(closing, decision.spans[0].start) if decision.spans else len(closing)
    if k == len(closing):
        raise Refused(f"decision {decision.name}: no line of the text ends at or after its place")
    return closing[k]


def _lines_at(spans: list[Span], decision: Decision) -> list[Span]:
    """The lines whose letters a decision touches."""
    found = []
    for start, end in decision.spans:
        k = max(bisect_left(spans, (start, start)) - 1, 0)
        while k < len(spans) and spans[k].start < end:
            if spans[k].end > start:
                found.append(spans[k])
            k += 1
    if not found:
        raise Refused(f"decision {decision.name}: no line of the text stands at its place")
    return found
