"""What the editor has decided of line ends and headings: reflow gives it as it stands, and solves around it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from pipeline.decisions import NONE, Decision
from pipeline.errors import Refused
from pipeline.model import LINE_BREAK, LINE_ENDS, Mark, Span
from pipeline.stages.broken_words import Join


class Given:
    """The editor's line ends and headings, by place; of two decisions on one place the later holds."""

    def __init__(self, decisions: Iterable[Decision], lines: Sequence[Span], text: str) -> None:
        self.ends: dict[int, Decision] = {}
        self.heading: dict[Span, Decision] = {}
        self.no_heading: set[Span] = set()
        spans = sorted(lines)
        closing = list(_closing(spans, text))
        for decision in decisions:
            if decision.what in ("join", "paragraph"):
                self.ends[_line_end_at(closing, decision)] = decision
            elif decision.what == "heading":
                for span in _lines_at(spans, decision):
                    self.heading.pop(span, None)
                    self.no_heading.discard(span)
                    if decision.new == NONE:
                        self.no_heading.add(span)
                    else:
                        self.heading[span] = decision

    def heading_mark(self, spans: tuple[Span, ...]) -> Mark:
        """The editor's heading, with its level where one is given."""
        decision = self.heading[spans[0]]
        level = int(decision.new) if decision.new.isdecimal() else None
        return Mark("heading", spans, level, resp=decision.who, decision=decision.name)

    def end(self, place: Span, join: Join) -> Mark:
        """The mark of a line end: the editor's where there is one."""
        decision = self.ends.get(place.start)
        if decision is None:
            return Mark("line_end", (place,), join.value, join.certainty, join.evidence, alternatives=join.alternatives)
        if decision.what == "join":
            value = decision.new
        elif decision.new != NONE:
            value = "paragraph"
        else:
            others = [each.reading for each in join.alternatives]
            value = join.value if join.value != "paragraph" else others[0] if others else "space"
        return Mark("line_end", (place,), value, resp=decision.who, decision=decision.name)


def _closing(spans: list[Span], text: str) -> Iterator[tuple[int, int]]:
    """For each line how far its end reaches, over what else is on it, and where its letters end."""
    for span, then in zip_longest(spans, spans[1:]):
        found = LINE_BREAK.search(text, span.end, then.start if then else len(text))
        yield max(found.start() if found else then.start - 1 if then else len(text), span.end), span.end


def _line_end_at(closing: list[tuple[int, int]], decision: Decision) -> int:
    """The line end a decision is about: the one in or at its span, else that of the line its letters stand in."""
    if decision.what == "join" and decision.new not in LINE_ENDS:
        raise Refused(f"decision {decision.name}: “{decision.new}” is no kind of line end; there are "
                      f"{', '.join(LINE_ENDS)}")
    k = bisect_left(closing, (decision.spans[0].start, 0)) if decision.spans else len(closing)
    if k == len(closing):
        raise Refused(f"decision {decision.name}: no line of the text ends at or after its place")
    return closing[k][1]


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
