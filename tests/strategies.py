"""What Hypothesis draws: witnesses of awkward letters, pages of several spans, marks, and histories of entries."""

from collections.abc import Callable
from itertools import pairwise

import regex
from hypothesis import strategies as st

from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import LINE_ENDS, Correction, Edit, Entry, Fault, Level, Mark, Page, Query, Span, Verdict, Witness
from pipeline.view import view

BREAKS = ("\n", "\n", "\n", "\r\n", "\r", "\f", "\n\f", "\n\n")
BLANKS = (" ", " ", " ", "  ", "\t", "\u00a0", "\u2028", "\x85", "\x1c", "\ufeff")
WORDS = ("a", "to", "we", "rn", "e\u0301", "\u0301", "𝔞𝔟", "ſo", "the", "“", "”", ",", ".",
         "-", "—", "to-", "x¬", "1", "¶")
INNER = regex.compile(r"[^\s\ufeff] ?([^\s\ufeff])(?= ?[^\s\ufeff])")
FLOWS = ("furniture", "note", "repeat")
VIEWS = tuple((level, joined) for level in Level if level for joined in (False, True))

words = st.sampled_from(WORDS)
readings = st.lists(st.sampled_from((*WORDS, " ", " ")), max_size=4).map("".join)


@st.composite
def texts(draw: st.DrawFn, most: int = 24) -> str:
    parts = st.one_of(words, words, st.sampled_from(BLANKS), st.sampled_from(BREAKS))
    return "".join(draw(st.lists(parts, max_size=most)))


@st.composite
def witnesses(draw: st.DrawFn) -> Witness:
    return Witness("S1", "drawn.txt", draw(st.sampled_from(("utf-8", "utf-16-le", "utf-16-be"))), draw(texts()))


@st.composite
def page_marks(draw: st.DrawFn, witness: Witness) -> list[Mark]:
    """Pages of several spans, interleaved, in any order, some blank, some twins; some letters are no page's."""
    size = len(witness.text)
    cuts = sorted(draw(st.sets(st.integers(0, size), max_size=6)))
    count = draw(st.integers(0, 4))
    held: list[list[Span]] = [[] for _ in range(count + 1)]
    for a, b in pairwise(cuts):
        held[draw(st.integers(0, count))].append(Span(a, b))
    places = draw(st.permutations(range(count)))
    marks = []
    for k, n in enumerate(places):
        spans = tuple(draw(st.permutations(held[k])))
        twin = 0 if n and draw(st.integers(0, 4)) == 0 else None
        marks.append(Mark("page", spans, Page(n=n, blank=not spans, twin_of=twin)))
    return marks


@st.composite
def spans(draw: st.DrawFn, size: int, beyond: int = 0) -> Span:
    a, b = sorted((draw(st.integers(-beyond, size + beyond)), draw(st.integers(-beyond, size + beyond))))
    return Span(a, b)


@st.composite
def flow_marks(draw: st.DrawFn, witness: Witness) -> list[Mark]:
    values = st.sampled_from((None, None, "body"))
    return [
        Mark(draw(st.sampled_from(FLOWS)), (draw(st.one_of(spans(len(witness.text)), inside_a_line(witness))),),
             draw(values))
        for _ in range(draw(st.integers(0, 3)))
    ]


@st.composite
def inside_a_line(draw: st.DrawFn, witness: Witness) -> Span:
    """A letter or two with letters of the line on both sides, as a star that calls a note has."""
    inner = [match.start(1) for match in INNER.finditer(witness.text, overlapped=True)]
    start = draw(st.sampled_from(inner)) if inner else 0
    return Span(start, min(start + draw(st.integers(1, 2)), len(witness.text)))


def line_end_marks(draw: st.DrawFn, draft: Draft) -> list[Mark]:
    values = st.sampled_from((None, *LINE_ENDS))
    return [
        Mark("line_end", (Span(line.span.end, line.span.end),), value)
        for line in draft.all_lines if line.runs_on is None and (value := draw(values))
    ]


@st.composite
def laid_out(draw: st.DrawFn) -> Draft:
    """A draft with its pages, flows and line ends, before any letter is corrected."""
    witness = draw(witnesses())
    draft = Draft(witness).add(draw(page_marks(witness))).add(draw(flow_marks(witness)))
    return draft.add(line_end_marks(draw, draft))


@st.composite
def asked(draw: st.DrawFn, draft: Draft) -> tuple[Level, bool, int, int, str]:
    """A place in a view and what it should read."""
    level, joined = draw(st.sampled_from(VIEWS))
    size = len(view(draft, level, joined=joined).text)
    start = draw(st.integers(0, size))
    end = draw(st.one_of(st.just(start), st.integers(start, min(size, start + 6))))
    return level, joined, start, end, draw(readings)


def corrected(draft: Draft, level: Level, joined: bool, start: int, end: int, new: str) -> Draft:
    """The draft with what was asked, or `Refused`."""
    edits = view(draft, level, joined=joined).edit(start, end, new)
    return draft.add([Correction(Fault(level), "letters", ("test.drawn",), edits)])


@st.composite
def histories(draw: st.DrawFn) -> Draft:
    """A draft in which letters were corrected, pairs of places as one decision, and corrections judged."""
    draft = draw(laid_out())
    steps: tuple[Callable[[st.DrawFn, Draft], Draft], ...] = (_one, _one, _one, _pair, _judged, _marked)
    for step in draw(st.lists(st.sampled_from(steps), max_size=5)):
        try:
            draft = step(draw, draft)
        except Refused:
            continue
    return draft


def _one(draw: st.DrawFn, draft: Draft) -> Draft:
    return corrected(draft, *draw(asked(draft)))


def _pair(draw: st.DrawFn, draft: Draft) -> Draft:
    """Two words of one view, as far apart as may be, that stand or fall together."""
    level = draw(st.sampled_from(tuple(Fault)))
    shown = view(draft, Level(level))
    places = [draw(st.integers(0, len(shown.text))) for _ in range(2)]
    edits = shown.edit_together([(at, at, draw(words)) for at in places])
    return draft.add([Correction(level, "pair", ("test.pair",), edits)])


def _marked(draw: st.DrawFn, draft: Draft) -> Draft:
    """Marks made after letters were corrected: some cut a correction off."""
    draft = draft.add(draw(flow_marks(draft.witness)))
    return draft.add(line_end_marks(draw, draft))


def _judged(draw: st.DrawFn, draft: Draft) -> Draft:
    if not draft.corrections:
        return draft
    of = draw(st.sampled_from([i for i, _ in draft.corrections]))
    return draft.add([Verdict(of, draw(st.booleans()), "ed")])


@st.composite
def raw_drafts(draw: st.DrawFn) -> Draft:
    """Entries nobody has looked at: out of bounds, misquoting, overlapping, judged before they were made."""
    witness = draw(witnesses())
    size = len(witness.text)
    made: list[Entry] = []
    for kind in draw(st.lists(st.sampled_from("cccccvvpflq"), max_size=10)):
        if kind == "c":
            made.append(draw(_raw_corrections(witness)))
        elif kind == "v":
            made.append(Verdict(draw(st.integers(-3, 11)), draw(st.booleans()), "ed"))
        elif kind == "p":
            some = draw(st.lists(spans(size, 2), max_size=3))
            made.append(Mark("page", tuple(some), Page(n=draw(st.one_of(st.none(), st.integers(0, 3))))))
        elif kind == "q":
            made.append(Query((draw(spans(size, 2)),), "is this so?"))
        else:
            name, value = ("line_end", draw(st.sampled_from(LINE_ENDS))) if kind == "l" else (
                draw(st.sampled_from(FLOWS)), None)
            made.append(Mark(name, tuple(draw(st.lists(spans(size, 2), max_size=2))), value))
    return Draft(witness, tuple(made))


@st.composite
def _raw_corrections(draw: st.DrawFn, witness: Witness) -> Correction:
    edits = []
    for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2, 2)))):
        start = draw(st.integers(-2, len(witness.text) + 1))
        span = Span(start, start + draw(st.integers(0, 4)))
        quoted = witness.text[max(span.start, 0) : max(span.end, 0)]
        old = quoted if draw(st.integers(0, 9)) else draw(readings)
        edits.append(Edit(span, old, draw(readings), draw(st.sampled_from((None, None, None, "a", "to")))))
    fault, certainty = draw(st.sampled_from(tuple(Fault))), draw(st.sampled_from((1.0, 1.0, 0.9, 0.2, 1.5)))
    return Correction(fault, "raw", (), tuple(edits), certainty)
