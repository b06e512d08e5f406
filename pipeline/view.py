"""A view: a text computed from a draft, and the way back from it to the witness.

Line by line a view shows the lines of one flow in reading order. Joined, its lines run on as their line ends say, and
every run of blanks is one space. `View.edit` is the one way from a match in a view to edits of the witness.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein, Opcodes

from pipeline.draft import WHITE, Draft, Line
from pipeline.errors import Refused
from pipeline.model import Edit, Flow, Level, LineEnd, Span

HYPHENS = "-\u00ad\u2010\u2011\u00ac\ufffe\u2e17"  # what a broken word may end in, printed or in the text layer
BLANKS = regex.compile(rf"[{WHITE}]+")
# A word is a run of non-blanks cut at dashes and at outer punctuation; each mark of punctuation is a word of its own.
WORD = regex.compile(r"[^\s\p{P}](?:(?:(?!--)[^\s–—―‒])*[^\s\p{P}])?|(\p{P})\1*|\S")
JOIN: dict[LineEnd, str] = {"space": " ", "soft": "", "hard": "", "none": "", "verse": "\n", "paragraph": "\n\n"}


def words(text: str) -> Iterator[Span]:
    """The words of a text, marks of punctuation among them, as places in it.

    >>> text = "It1s “tine”—pp.234-252."
    >>> [text[a:b] for a, b in words(text)]
    ['It1s', '“', 'tine', '”', '—', 'pp.234-252', '.']
    """
    return (Span(*match.span()) for match in WORD.finditer(text))


def one_blank(text: str) -> str:
    """The text with each run of white as one space and none at its ends.

    >>> one_blank(" and  so\\ton ")
    'and so on'
    """
    return BLANKS.sub(" ", text).strip(" ")


def strung(lines: Iterable[tuple[str, LineEnd]]) -> Iterator[tuple[int, int, str]]:
    """For each line that keeps letters: which line it is, how many of its letters stay, and what follows it.

    A line without letters vanishes with its line end; but where it closed a paragraph, the paragraph still ends.
    """
    last: tuple[int, str, LineEnd] | None = None
    for i, (text, end) in enumerate(lines):
        if text:
            if last:
                yield _stays(*last)
            last = i, text, end
        elif last and end == "paragraph":
            last = last[0], last[1], end
    if last:
        yield last[0], len(last[1]), ""


def _stays(i: int, text: str, end: LineEnd) -> tuple[int, int, str]:
    return i, len(text) - (end == "soft" and text[-1] in HYPHENS), JOIN[end]


def joined(lines: Iterable[tuple[str, LineEnd]]) -> str:
    r"""Lines run on as their ends say.

    >>> joined([("to-", "soft"), ("morrow  we", "space"), ("", "paragraph"), ("ever-", "hard"), ("more", "space")])
    'tomorrow we\n\never-more'
    """
    tidy = [(one_blank(text), end) for text, end in lines]
    return "".join(tidy[i][0][:length] + then for i, length, then in strung(tidy))


class Piece(NamedTuple):
    """A stretch of a view that comes from one place of the witness: letter for letter, or as a whole."""

    at: int
    length: int
    span: Span
    whole: bool  # edited, or a run of blanks: no letter of it has a place of its own
    line: int  # which line of the flow
    tail: str = ""  # a hyphen the join took away


@dataclass(frozen=True)
class View:
    """A text of one flow at one level, and where each of its letters comes from."""

    draft: Draft
    level: Level
    flow: Flow
    text: str
    pieces: tuple[Piece, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.at for piece in self.pieces]

    def _within(self, start: int, end: int) -> Sequence[Piece]:
        """The pieces with letters in a stretch of the view, and those without letters between them."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = bisect_left(self._starts, end)
        while first < last and self.pieces[first].at + self.pieces[first].length <= start:
            first += 1
        return self.pieces[first:last]

    def places(self, start: int, end: int) -> tuple[Span, ...]:
        """Where a stretch of the view stands in the witness: one span for each line it touches."""
        found: dict[int, Span] = {}
        for piece in self._within(start, end):
            a = piece.span.start if piece.whole else piece.span.start + max(start - piece.at, 0)
            b = piece.span.end if piece.whole else min(piece.span.start + end - piece.at, piece.span.end)
            found[piece.line] = Span(found[piece.line].start if piece.line in found else a, b)
        return tuple(found.values())

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """The stretch widened to the words and edited places it touches; an empty one to the word beside it."""
        if start == end:
            beside = [(a, b) for a, b in self._words_near(start, end) if a <= start <= b]
            if not beside:
                return start, end
            start, end = beside[0]
        while True:
            a, b = start, end
            for word in self._words_near(a, b):
                if word.start < b and a < word.end:
                    start, end = min(start, word.start), max(end, word.end)
            for piece in self._within(start, end):
                if piece.whole:
                    start, end = min(start, piece.at), max(end, piece.at + piece.length)
            if (a, b) == (start, end):
                return a, b

    def _words_near(self, start: int, end: int) -> Iterator[Span]:
        """The words of the runs of non-blanks that a stretch touches."""
        first, last = start, end
        while first > 0 and not self.text[first - 1].isspace():
            first -= 1
        while last < len(self.text) and not self.text[last].isspace():
            last += 1
        return (Span(a + first, b + first) for a, b in words(self.text[first:last]))

    def edit(self, start: int, end: int, new: str) -> tuple[Edit, ...]:
        """The edits that make this stretch of the view read `new`: one for each line whose letters change.

        The stretch is widened to whole words; what is read again there is restated. Raises `Refused` where nothing
        would change, and where a line end would go: what a line end is, a mark says.
        """
        a, b = self.whole_words(start, end)
        if a == b:
            raise Refused(f"there is no word to edit at {start}")
        old, new = self.text[a:b], self.text[a:start] + new + self.text[end:b]
        found = [self._edit(lo, hi, text) for lo, hi, text in self._by_line(a, b, new)]
        edits = tuple(edit for edit in found if edit)
        if not edits or old == new:
            raise Refused(f"“{old}” already reads so")
        return edits

    def _edit(self, start: int, end: int, new: str) -> Edit | None:
        """The edit of a stretch of one line; none where it reads so already and nothing is in force there."""
        pieces = self._within(start, end)
        (span,) = self.places(start, end)
        level = Level(max(self.level - 1, Level.RECEIVED))
        old, below = self.draft.witness.text[span.start : span.end], self.draft.reading(span, level)
        if below is None:
            raise Refused(f"“{old}” cuts across a correction of the level below")
        if one_blank(below) == new and self.draft.reading(span, self.level) == below:
            return None
        if pieces[-1].whole:
            new += pieces[-1].tail
        return Edit(span, old, new, None if below == old else below)

    def _by_line(self, start: int, end: int, new: str) -> Iterator[tuple[int, int, str]]:
        """The stretch line by line, with the share of `new` that falls to each."""
        codes = Levenshtein.opcodes(self.text[start:end], new)
        at, told = start, 0
        for left, right in pairwise(self._within(start, end)):
            if left.line == right.line:
                continue
            ends, begins = left.at + left.length, right.at
            till, then = _counterpart(codes, ends - start), _counterpart(codes, begins - start)
            if self.text[ends:begins] != new[till:then]:
                old = self.text[start:end]
                raise Refused(f"“{old}” to “{new}” takes away a line end; say of the line end what it is")
            yield at, ends, new[told:till]
            at, told = begins, then
        yield at, end, new[told:]


def _counterpart(codes: Opcodes, offset: int) -> int:
    """Where a place of the old text comes to stand in the new one."""
    for code in codes:
        if code.src_start <= offset < code.src_end:
            return int(code.dest_start + min(offset - code.src_start, code.dest_end - code.dest_start))
    return int(codes.dest_len)


class _Stretch(NamedTuple):
    text: str
    span: Span
    whole: bool


def _stretches(draft: Draft, line: Line, level: Level) -> Iterator[_Stretch]:
    """A line as what the witness reads and what stands instead."""
    text, at = draft.witness.text, line.span.start
    for edit, _ in draft.edits_in(line.span, level):
        if at < edit.span.start:
            yield _Stretch(text[at : edit.span.start], Span(at, edit.span.start), False)
        yield _Stretch(edit.new, edit.span, True)
        at = edit.span.end
    if at < line.span.end:
        yield _Stretch(text[at : line.span.end], Span(at, line.span.end), False)


def _with_single_blanks(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """The stretches of a line with each run of blanks as one space, and none at its ends."""
    blank: _Stretch | None = None
    begun = False
    for stretch in stretches:
        for part in _parted(stretch):
            if part.text == " ":
                blank = blank or part
                continue
            if part.text and blank and begun:
                yield blank
            if part.text:
                blank, begun = None, True
            yield part


def _parted(stretch: _Stretch) -> Iterator[_Stretch]:
    """A stretch with its outer blanks, and any run of more than one, apart."""
    text, span, whole = stretch
    if whole:
        yield _Stretch(one_blank(text), span, True)
        return
    at = 0
    for match in BLANKS.finditer(text):
        a, b = match.span()
        if a and b < len(text) and match.group() == " ":
            continue
        if at < a:
            yield _Stretch(text[at:a], Span(span.start + at, span.start + a), False)
        yield _Stretch(" ", Span(span.start + a, span.start + b), True)
        at = b
    if at < len(text):
        yield _Stretch(text[at:], Span(span.start + at, span.end), False)


def view(draft: Draft, level: Level, flow: Flow = "body", *, joined: bool = False) -> View:
    """The view of a draft at a level: line by line, or with its lines joined.

    >>> from pipeline.model import Mark, Witness
    >>> draft = Draft(Witness("S1", "", "utf-8", "to-\\nmorrow  we")).add([Mark("line_end", (Span(3, 4),), "soft")])
    >>> view(draft, Level.CRITICAL, joined=True).text
    'tomorrow we'
    """
    lines = draft.lines(flow)
    stretches = [list(_with_single_blanks(_stretches(draft, line, level))) if joined
                 else _bare(list(_stretches(draft, line, level))) for line in lines]
    texts = ["".join(stretch.text for stretch in line) for line in stretches]
    ends: list[LineEnd] = [draft.line_end(line) if joined else "verse" for line in lines]
    built: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for i, length, then in strung(zip(texts, ends, strict=True)):
        left = length
        for text, span, whole in stretches[i]:
            tail = text[left:]
            if tail and not whole:
                span = Span(span.start, span.end - len(tail))
            text = text[:left]
            left -= len(text)
            pieces.append(Piece(at, len(text), span, whole, i, tail))
            built.append(text)
            at += len(text)
        built.append(then)
        at += len(then)
    return View(draft, level, flow, "".join(built), tuple(pieces))


def _bare(stretches: list[_Stretch]) -> list[_Stretch]:
    """The stretches of a line without the white that an edit has left at its ends."""
    for order in (1, -1):
        for k in range(len(stretches))[::order]:
            text, span, whole = stretches[k]
            bare = text.lstrip() if order == 1 else text.rstrip()
            cut = len(text) - len(bare)
            if cut and not whole:
                span = Span(span.start + cut, span.end) if order == 1 else Span(span.start, span.end - cut)
            stretches[k] = _Stretch(bare, span, whole)
            if bare:
                break
    return stretches
