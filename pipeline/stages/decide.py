"""Decide: the editor's decisions on letters, in the order they were made; each supersedes what it contradicts."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.decisions import APART, Decision
from pipeline.desk import Desk
from pipeline.draft import Draft, Line
from pipeline.errors import Refused
from pipeline.model import Correction, Entry, Fault, Flow, Level, Mark, Query, Span, Verdict
from pipeline.stages import stage
from pipeline.view import View, view

ON_LETTERS = ("accept", "reject", "emend", "stet", "crux", "answer", "note")


@stage(needs="repair", adds="correction, verdict, query, crux, stet, remark")
def decide(draft: Draft, desk: Desk) -> Iterator[Entry]:
    r"""Do what the editor has decided of letters: accept, reject, emend, let stand, give up as corrupt, answer.

    >>> from pipeline.model import Witness
    >>> line = Decision("2026-11-24", "ed.main", "emend", "S1", (Span(4, 9),), "Dower", "power", Fault.RECOGNITION)
    >>> after(decide, "the Dower of labour", decisions=[line])
    'the power of labour'
    """
    table = _Table(draft, desk)
    for decision in desk.decisions:
        if decision.what in ON_LETTERS:
            table.decide(decision)
    return iter(table.entries)


@dataclass
class _Table:
    """The draft as it stands while one decision after another is carried out.

    A draft is made anew only when a decision meets letters that one before it has touched, so that a thousand
    decisions in a thousand places cost little more than one.
    """

    draft: Draft
    desk: Desk
    entries: list[Entry] = field(default_factory=list)
    _pending: list[Entry] = field(default_factory=list)
    _touched: set[Line | None] = field(default_factory=set)
    _views: dict[tuple[Level, Flow], View] = field(default_factory=dict)
    _places: list[tuple[Span, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._index()

    def _index(self) -> None:
        """Every edit of the draft by its place, with the correction it belongs to."""
        self._places = sorted((edit.span, i) for i, entry in self.draft.corrections for edit in entry.edits)
        self._longest = max((span.end - span.start for span, _ in self._places), default=0)

    def say(self, *entries: Entry) -> None:
        self.entries += entries
        self._pending += entries
        for entry in entries:
            at = self.draft.entries[entry.of] if isinstance(entry, Verdict) else entry
            if isinstance(at, Correction):
                self._touched |= {self.draft.line_at(span) for span in at.spans}

    def _settle(self, spans: tuple[Span, ...]) -> None:
        """Make the draft anew if letters are about to be touched again."""
        lines = {self.draft.line_at(span) for span in spans}
        for _, correction in self.touching(spans):
            lines |= {self.draft.line_at(span) for span in correction.spans}
        if lines & self._touched:
            self.draft = self.draft.add(self._pending)
            self._pending, self._touched, self._views = [], set(), {}
            self._index()

    def touching(self, spans: tuple[Span, ...]) -> list[tuple[int, Correction]]:
        """The corrections that touch these places, in the order they were made."""
        found: dict[int, Correction] = {}
        for start, end in spans:
            k = bisect_left(self._places, ((start - self._longest, 0), -1))
            while k < len(self._places) and self._places[k][0].start < end:
                span, i = self._places[k]
                correction = self.draft.entries[i]
                if start < span.end and isinstance(correction, Correction):
                    found[i] = correction
                k += 1
        return sorted(found.items())

    # --- one decision ------------------------------------------------------------------------------------------------

    def decide(self, decision: Decision) -> None:
        """Carry out one decision. Raises `Refused`, naming it, where it cannot be."""
        try:
            self._settle(decision.spans)
            getattr(self, f"_{decision.what}")(decision)
        except Refused as why:
            raise Refused(f"decisions.jsonl, line {decision.line}: decision {decision.name} cannot be carried out: "
                          f"{why}") from None

    def _accept(self, decision: Decision) -> None:
        found = self._proposed(decision)
        if found:
            self.say(*(self._verdict(i, True, decision) for i in found[-1:]))
        else:  # no rule proposes it any more; the editor still holds it
            self._make(decision)

    _emend = _accept

    def _reject(self, decision: Decision) -> None:
        found = self._proposed(decision)
        if not found and not decision.new:  # no reading named: whatever is proposed there
            found = [i for i, one in self.touching(decision.spans) if decision.fault in (None, one.fault)]
        self.say(*(self._verdict(i, False, decision) for i in found))

    def _stet(self, decision: Decision) -> None:
        found = [i for i, one in self.touching(decision.spans) if decision.fault in (None, one.fault)]
        self.say(*(self._verdict(i, False, decision) for i in found))
        self.say(_mark("stet", decision))

    def _crux(self, decision: Decision) -> None:
        self.say(_mark("crux", decision))

    def _note(self, decision: Decision) -> None:
        self.say(_mark("remark", decision))

    def _answer(self, decision: Decision) -> None:
        """Settle a query: by the reading chosen, or by letting stand what stands."""
        asked = [query for query in self.draft.queries if not query.answered and _meet(query.spans, decision.spans)]
        for query in asked:
            self.say(Query(query.spans, query.says, query.candidates, query.rule, query.evidence, decision.name))
        if decision.new == decision.old:
            self._stet(decision)
        elif self._proposed(decision):
            self._accept(decision)
        else:
            rule = next((self.desk.rules.by_id.get(query.rule) for query in asked
                         if any(one.reading == decision.new for one in query.candidates)), None)
            self._make(decision, rule.fault if rule else Fault.RECOGNITION if asked else None)

    # --- what it comes to --------------------------------------------------------------------------------------------

    def _verdict(self, of: int, accepted: bool, decision: Decision) -> Verdict:
        return Verdict(of, accepted, decision.who, decision.name)

    def _proposed(self, decision: Decision) -> list[int]:
        """The corrections that come to the reading decided on."""
        return [
            i for i, one in self.touching(decision.spans)
            if decision.fault in (None, one.fault) and self._comes_to(one, decision)
        ]

    def _comes_to(self, correction: Correction, decision: Decision) -> bool:
        """Whether a correction and a decision say the same, though one may take in more words than the other."""
        wanted = [(span, new) for span, new in decision.pieces if self._quoted(span) != new]
        made = [(edit.span, edit.new) for edit in correction.edits]
        hulls = _hulls([span for span, _ in (*wanted, *made)])
        return all(self._laid(hull, wanted) == self._laid(hull, made) for hull in hulls)

    def _laid(self, hull: Span, pieces: list[tuple[Span, str]]) -> str:
        text, at = [], hull.start
        for span, new in sorted(pieces):
            if hull.start <= span.start and span.end <= hull.end:
                text += [self._quoted(Span(at, span.start)), new]
                at = span.end
        return "".join([*text, self._quoted(Span(at, hull.end))])

    def _quoted(self, span: Span) -> str:
        return self.draft.witness.text[span.start : span.end]

    def _make(self, decision: Decision, fault: Fault | None = None) -> None:
        """A correction of the editor's own: an emendation, or what no rule has proposed."""
        if decision.new == decision.old:
            raise Refused(f"it reads “{decision.old}” as the witness does; to let a place stand, decide stet")
        fault = decision.fault or fault or Fault.PRINTING
        asked: dict[tuple[Level, Flow], list[tuple[int, int, str]]] = {}
        for span, new in decision.pieces:
            if self._quoted(span) != new or len(decision.spans) == 1:
                key = Level(fault), self._flow(span)
                asked.setdefault(key, []).append((*self._shown(key).at(span), new))
        edits = tuple(edit for key, places in asked.items() for edit in self._shown(key).edit_together(places))
        self.say(Correction(fault, "emendation", (), edits, evidence=(), resp=decision.who, decision=decision.name))

    def _flow(self, span: Span) -> Flow:
        """The flow of a place that lies within one line."""
        line = self.draft.line_at(span)
        if line is None:
            raise Refused(f"“{self._quoted(span)}” does not lie within one line of one page; give each line's piece "
                          f"its own span, and join the quotations by “{APART}”")
        return line.flow

    def _shown(self, key: tuple[Level, Flow]) -> View:
        """The view of a level and flow, in which edits are asked for."""
        if key not in self._views:
            self._views[key] = view(self.draft, *key)
        return self._views[key]


def _mark(kind: str, decision: Decision) -> Mark:
    return Mark(kind, decision.spans, decision.reason or None, resp=decision.who, decision=decision.name)


def _meet(some: tuple[Span, ...], others: tuple[Span, ...]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in some for b in others)


def _hulls(spans: list[Span]) -> list[Span]:
    """The stretches that the spans cover, those that meet as one."""
    hulls: list[Span] = []
    for span in sorted(spans):
        if hulls and span.start < hulls[-1].end:
            hulls[-1] = Span(hulls[-1].start, max(hulls[-1].end, span.end))
        else:
            hulls.append(span)
    return hulls
