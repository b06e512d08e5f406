"""Reflow: what each line end is, and which lines are headings, bylines, quotations, verse and lists."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

import regex

from pipeline.decisions import Decision
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.language import Language
from pipeline.model import Candidate, Evidence, Flow, LineEnd, Mark, Span
from pipeline.stages import stage
from pipeline.stages.blocks import has_stanzas, headings, items, quotations, verses
from pipeline.stages.broken_words import SPACE, Join, Usage, joined_at, usage, with_lost_hyphens
from pipeline.stages.given import Given
from pipeline.stages.paragraphs import paragraph_ends
from pipeline.stages.setting import Set, settings, unwrapped

LINE_END = regex.compile(r"(?:[^\S\r\n\f]|\ufeff)*(?:\r\n|[\r\n\f])?")
NOTE_BEGINS = regex.compile(r"[*†‡§¶]|[\[(]?\d{1,3}[\])]?[.)]?(?:\s|$)")
NOTE_MARK = regex.compile(r"[*†‡§¶]+|[\[(]?\d{1,3}[\])]?\.?")
FLOWS: tuple[Flow, ...] = ("body", "notes")


@stage(needs="order", adds="line_end, heading, byline, quotation, verse, item")
def reflow(draft: Draft, desk: Desk) -> Iterator[Mark]:
    """Say of each line end what it is: the hyphen goes where it broke a word, stays where the word has one."""
    flows = {flow: settings(draft, flow) for flow in FLOWS}
    texts = [one.text for lines in flows.values() for one in lines]
    seen = with_lost_hyphens(texts, desk.language, usage(texts))
    every = [one.line.span for lines in flows.values() for one in lines]
    given = Given(desk.decisions, every, draft.witness.text)
    for flow, lines in flows.items():
        yield from _said(draft, flow, lines, desk.language, seen, given)


def _said(
    draft: Draft, flow: Flow, every: list[Set], language: Language, seen: Usage, given: Given
) -> Iterator[Mark]:
    lines = [one for one in every if not one.noise]
    blocks = Blocks(lines, flow, language, given, _first_lines(lines, draft) if flow == "notes" else frozenset())
    yield from blocks.marks()
    ends = list(_ends(lines, blocks, language, seen))
    told = {one.line.span: end for one, end in zip(lines, ends, strict=True)}
    last: LineEnd = "space"
    for one in every:
        end = told.get(one.line.span) or _after_a_speck(one, last)
        last = end.value
        yield given.end(_end_of(draft, one), end)


def _first_lines(lines: list[Set], draft: Draft) -> frozenset[int]:
    """The lines that notes begin with: the first in each, where its mark stands apart."""
    starts = sorted((one.line.span.start, i) for i, one in enumerate(lines))
    found = set()
    for mark in draft.marked("note"):
        k = bisect_left(starts, (mark.spans[0].start, 0)) if mark.spans else len(starts)
        if k < len(starts) and starts[k][0] < mark.spans[-1].end:
            found.add(starts[k][1])
    return frozenset(found)


def _after_a_speck(one: Set, last: LineEnd) -> Join:
    """A speck parts the lines about it no further than they are: it may stand between the halves of a word."""
    if last == "paragraph" and one.blank_after:
        return Join("paragraph", 0.6, SPECK)
    return Join("none" if last in ("soft", "hard", "none") else "space", 0.6, SPECK)


SPECK = (Evidence("setting", "a line without words is a speck"),)


class Blocks:
    """The lines of a flow that are not running prose, the editor's headings among them."""

    def __init__(
        self, lines: list[Set], flow: Flow, language: Language, given: Given, first: frozenset[int] = frozenset()
    ) -> None:
        self.lines, self.given = lines, given
        spans = [one.line.span for one in lines]
        self.decided = list(_runs([given.heading.get(span) for span in spans]))
        decided = {k for i, j in self.decided for k in range(i, j)}
        found = headings(lines, language.known) if flow == "body" else []
        self.headings = [one for one in found if not any(
            spans[i] in given.no_heading or i in decided for i in range(one.first, one.end))]
        taken = decided | {i for one in self.headings for i in range(one.first, one.end)}
        self.verses = list(verses(lines, frozenset(taken))) if flow == "body" else []
        taken |= {k for i, j in self.verses for k in range(i, j)}
        self.quotations = list(quotations(lines, frozenset(taken))) if flow == "body" else []
        self.items = items(lines, frozenset(taken)) if flow == "body" else []
        self.notes = [i for i, one in enumerate(lines) if flow == "notes" and (
            i in first or NOTE_BEGINS.match(one.text))]

    def marks(self) -> Iterator[Mark]:
        for one in self.headings:
            why = (Evidence("setting", one.says),)
            yield Mark("byline" if one.level is None else "heading", self._spans(one.first, one.end), one.level,
                       one.certainty, why)
        for i, j in self.decided:
            yield self.given.heading_mark(self._spans(i, j))
        for i, j in self.verses:
            yield Mark("verse", self._spans(i, j), None, 0.85,
                       (Evidence("setting", "each line begins with a capital and ends before it is full"),))
        for i, j in self.quotations:
            yield Mark("quotation", self._spans(i, j), None, 0.8, (Evidence("setting", "the lines are all set in"),))
        for i in self.items:
            yield Mark("item", self._spans(i, i + 1), None, 0.8, (Evidence("setting", "the lines count on"),))

    def _spans(self, first: int, end: int) -> tuple[Span, ...]:
        return tuple(one.line.span for one in self.lines[first:end])

    def ends(self) -> dict[int, tuple[LineEnd, str]]:
        """What line ends are for what stands there, by the number of the line; "space" where its join decides."""
        found: dict[int, tuple[LineEnd, str]] = {}
        for i in self.notes:
            found[i - 1] = "paragraph", "a note begins"
        for i in self.notes:
            if NOTE_MARK.fullmatch(self.lines[i].text):
                found[i] = "space", "the mark of a note stands before it"
        for i in self.items:
            found[i - 1] = "paragraph", "an item of a list begins"
        for i, j in self.quotations:
            found[i - 1] = found[j - 1] = "paragraph", "a quotation is set apart"
        for i, j in self.verses:
            stanzas = has_stanzas(self.lines[i:j])
            for k in range(i, j - 1):
                parted = stanzas and self.lines[k].blank_after
                found[k] = ("paragraph", "a stanza ends") if parted else ("verse", "it is a line of verse")
            found[i - 1] = found[j - 1] = "paragraph", "verse is set apart"
        for i, j in [*((one.first, one.end) for one in self.headings), *self.decided]:
            for k in range(i, j - 1):
                found[k] = "space", "a heading goes on"
            found[i - 1] = found[j - 1] = "paragraph", "a heading is set apart"
        return found


def _runs(decisions: Sequence[Decision | None]) -> Iterator[tuple[int, int]]:
    """The stretches of lines that one decision is about."""
    at = 0
    for decision, run in groupby(decisions, key=id):
        size = len(list(run))
        if decision != id(None):
            yield at, at + size
        at += size


def _ends(lines: list[Set], blocks: Blocks, language: Language, seen: Usage) -> Iterator[Join]:
    """What the end of each line is: as its block has it, a paragraph's end where that is likelier, else its join."""
    set_apart = blocks.ends()
    long_lines = unwrapped(lines)
    chances = [*paragraph_ends(lines), (1.0, ())]
    for i, one in enumerate(lines):
        join = joined_at(one.text, lines[i + 1].text, language, seen) if i + 1 < len(lines) else SPACE
        chance, why = chances[i]
        value, says = set_apart.get(i, (None, ""))
        if value in ("paragraph", "verse"):
            yield Join(value, 0.9, (Evidence("setting", says),))
        elif value is None and i + 1 < len(lines) and long_lines:
            why = (Evidence("setting", "each paragraph here is one long line"),)
            yield Join("paragraph", 0.95, why, (Candidate(join.value, 0.05),))
        elif value is None and chance > 0.5:
            yield Join("paragraph", round(min(chance, 0.9999), 4), why, (Candidate(join.value, round(1 - chance, 4)),))
        else:
            yield join._replace(certainty=round(join.certainty * (1 - (chance if value is None else 0)), 4))


def _end_of(draft: Draft, one: Set) -> Span:
    """The blanks and the break after the letters of a line; none at the end of a file or where pages were glued."""
    at = one.line.span.end
    found = LINE_END.match(draft.witness.text, at)
    return Span(at, found.end() if found else at)
