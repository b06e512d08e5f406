"""A view: a text computed from a draft, and the way back from it to the witness.

Line by line a view shows the lines of one flow in reading order. Joined, its lines run on as their line ends say, and
every run of blanks is one space. `View.edit` is the one way from a match in a view to edits of the witness.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein, Opcodes

from pipeline.draft import WHITE, WHITE_LETTERS, Draft, Line, bare
from pipeline.errors import Refused
from pipeline.lines import HYPHENS as HYPHENS
from pipeline.lines import Piece as Piece
from pipeline.lines import joined as joined
from pipeline.lines import one_blank as one_blank
from pipeline.lines import pieces_of, set_line
from pipeline.lines import strung as strung
from pipeline.lines import words as words
from pipeline.model import LINE_BREAK, Correction, Edit, Flow, Level, LineEnd, Span

TIDIED = regex.compile(rf"[{WHITE}]*\n[{WHITE}]*|[{WHITE}]+")


class KeptLine(NamedTuple):
    """A line that a view shows: where it begins there, how many letters it keeps, which whole line of the flow."""

    at: int
    length: int
    number: int


@dataclass(frozen=True)
class View:
    """A text of one flow at one level, and where each of its letters comes from."""

    draft: Draft
    level: Level
    flow: Flow
    text: str
    lines: tuple[KeptLine, ...]
    joined: bool = False

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Where each letter comes from, from first to last."""
        return tuple(piece for k in range(len(self.lines)) for piece in self._pieces(k))

    @cached_property
    def _found(self) -> dict[int, tuple[Piece, ...]]:
        return {}

    def _pieces(self, k: int) -> tuple[Piece, ...]:
        """The pieces of one of the lines shown; found once, and only where somebody asks."""
        if k not in self._found:
            at, length, number = self.lines[k]
            line = self.draft.whole_lines(self.flow)[number]
            edits = _edits_of(self.draft, line, self.level)
            found = pieces_of(self.draft.witness.text, line, edits, self.joined, number, at, length)
            self._found[k] = tuple(found)
        return self._found[k]

    @cached_property
    def _begins(self) -> list[int]:
        return [line.at for line in self.lines]

    def _within(self, start: int, end: int) -> Sequence[Piece]:
        """The pieces with letters in a stretch of the view, and those without letters between them."""
        first = max(bisect_right(self._begins, start) - 1, 0)
        last = bisect_left(self._begins, end, first)
        pieces = [piece for k in range(first, last) for piece in self._pieces(k) if piece.at < end]
        lettered = (k for k, piece in enumerate(pieces) if piece.at + piece.length > start)
        return pieces[next(lettered, len(pieces)) :]

    def places(self, start: int, end: int) -> tuple[Span, ...]:
        """Where a stretch of the view stands in the witness: one span for each line, or piece of one, it touches."""
        found: dict[Line, Span] = {}
        for piece in self._within(start, end):
            a = piece.span.start if piece.whole else piece.span.start + max(start - piece.at, 0)
            b = piece.span.end if piece.whole else min(piece.span.start + end - piece.at, piece.span.end)
            if line := self.draft.line_at(piece.span):
                found[line] = Span(found[line].start if line in found else a, b)
        return tuple(found.values())

    def at(self, span: Span) -> tuple[int, int]:
        """Where letters of the witness stand in the view; what is edited there is taken whole.

        Raises `Refused` where none of them is in this view.
        """
        found: list[tuple[int, int]] = []
        for piece in self._touching(span):
            if piece.whole:
                found.append((piece.at, piece.at + piece.length))
            else:
                shift = piece.at - piece.span.start
                found.append((max(span.start, piece.span.start) + shift, min(span.end, piece.span.end) + shift))
        if not found:
            raise Refused(f"“{self.draft.witness.text[span.start : span.end]}” is not in the {self.flow} of the text")
        return min(found)[0], max(end for _, end in found)

    @cached_property
    def _by_place(self) -> tuple[list[int], list[Piece]]:
        pieces = sorted(self.pieces, key=lambda piece: piece.span)
        return [piece.span.start for piece in pieces], pieces

    def _touching(self, span: Span) -> Iterator[Piece]:
        starts, pieces = self._by_place
        k = max(bisect_right(starts, span.start) - 1, 0)
        while k < len(pieces) and pieces[k].span.start < span.end:
            if pieces[k].span.end > span.start:
                yield pieces[k]
            k += 1

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
        while first > 0 and self.text[first - 1] not in WHITE_LETTERS:
            first -= 1
        while last < len(self.text) and self.text[last] not in WHITE_LETTERS:
            last += 1
        return (Span(a + first, b + first) for a, b in words(self.text[first:last]))

    # --- from a match to edits -----------------------------------------------------------------------------------

    def edit(self, start: int, end: int, new: str) -> tuple[Edit, ...]:
        """The edits that make this stretch of the view read `new`: one for each line whose letters change.

        The stretch is widened to whole words. Where it touches a correction of this level, that is superseded whole:
        what it does in other places is restated. Raises `Refused` where nothing would change, and where the view
        would not read as asked: what a line end is, a mark says.
        """
        return self.edit_together([(start, end, new)])

    def edit_together(self, asked: Iterable[tuple[int, int, str]]) -> tuple[Edit, ...]:
        """The edits of one decision that makes several stretches of the view read anew."""
        wanted = sorted(self._widened(*one) for one in asked)
        if any(left[1] > right[0] for left, right in pairwise(wanted)):
            raise Refused("one decision cannot read the same word in two ways")
        shares = [share for one in wanted for share in self._by_line(*one)]
        edits = tuple(self._edit(share) for share in shares if share.new != self.text[share.start : share.end])
        if not edits:
            raise Refused(f"“{self.text[slice(*wanted[0][:2])]}” already reads so")
        new = wanted[0][2]
        if len(shares) > 1 or new != shares[0].new or not new or new[-1] in HYPHENS:
            self._prove(wanted, shares, edits)  # the rest is so by construction: one line, which keeps its end
        return (*edits, *self._restated(edits))

    def _widened(self, start: int, end: int, new: str) -> tuple[int, int, str]:
        """The stretch as whole words, and what is to stand there; a blank that goes takes in the words it parted."""
        a, b = start, end
        while a < b and new[:1] == self.text[a] and new[0] in WHITE_LETTERS:
            a, new = a + 1, new[1:]
        while a < b and new[-1:] == self.text[b - 1] and new[-1] in WHITE_LETTERS:
            b, new = b - 1, new[:-1]
        if self.joined and not new and bare(self.text[a:b]) and (self._parted(a) or self._parted(b + 1)):
            # the blank beside a word that goes is no matter where another stays
            while self.text[a] == " ":
                a += 1
            while self.text[b - 1] == " ":
                b -= 1
        first, last = whole = self.whole_words(a, b)
        if first == last or self.text[first] in WHITE_LETTERS:
            first = self._word_before(first)
        if first == last or self.text[last - 1] in WHITE_LETTERS:
            last = self._word_after(last)
        if (first, last) != whole:
            first, last = self.whole_words(first, last)
        if not bare(self.text[first:last]):
            raise Refused(f"there is no word to edit at {start}")
        return first, last, self.text[first:a] + new + self.text[b:last]

    def _parted(self, at: int) -> bool:
        """Whether the letter before a place is white, or none."""
        return not 0 < at <= len(self.text) or self.text[at - 1] in WHITE_LETTERS

    def _word_before(self, at: int) -> int:
        """Where the word begins that stands before a place, with nothing but white between."""
        while at > 0 and self.text[at - 1] in WHITE_LETTERS:
            at -= 1
        return self.whole_words(at - 1, at)[0] if at else at

    def _word_after(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in WHITE_LETTERS:
            at += 1
        return self.whole_words(at, at + 1)[1] if at < len(self.text) else at

    def _by_line(self, start: int, end: int, new: str) -> Iterator["_Share"]:
        """The stretch line by line, with the share of `new` that falls to each: what parts the lines must be kept."""
        lines = list(self._lines_within(start, end))
        codes = Levenshtein.opcodes(self.text[start:end], new) if len(lines) > 1 else None
        told = 0
        for k, (lo, hi, pieces) in enumerate(lines):
            till = len(new)
            if codes is not None and k + 1 < len(lines):
                between = self.text[hi : lines[k + 1][0]]
                till = _nearest(new, between, told, _counterpart(codes, hi - start))
                if till < 0:
                    lost = "the blank about what stands between" if pieces[-1].line == lines[k + 1][2][0].line else (
                        "a line end; say of the line end what it is")
                    raise Refused(f"“{self.text[start:end]}” to “{new}” takes away {lost}")
                then = till + len(between)
            else:
                then = till
            share = bare(new[told:till])
            if LINE_BREAK.search(share):
                raise Refused(f"“{share}” is not the words of one line")
            yield _Share(lo, hi, share, pieces)
            told = then

    def _lines_within(self, start: int, end: int) -> Iterator[tuple[int, int, list[Piece]]]:
        """The lines, or pieces of one, with letters in a stretch: from where to where, and what they are made of."""
        for _, of_line in groupby(self._within(start, end), key=lambda piece: self.draft.line_at(piece.span)):
            pieces = list(of_line)
            lettered = [k for k, piece in enumerate(pieces) if piece.length]
            if not lettered:
                continue
            pieces = pieces[lettered[0] : lettered[-1] + 1]
            lo, hi = max(pieces[0].at, start), min(pieces[-1].at + pieces[-1].length, end)
            text = self.text[lo:hi]  # where a hyphen went that stood alone, a blank is left at the end of its line
            if bare(text):
                cut = len(text.rstrip(WHITE_LETTERS))
                yield lo + len(text) - len(text.lstrip(WHITE_LETTERS)), lo + cut, pieces

    def _edit(self, share: "_Share") -> Edit:
        """The edit that makes a stretch of one line read its share."""
        first, last = share.pieces[0], share.pieces[-1]
        span = Span(
            first.span.start if first.whole else first.span.start + share.start - first.at,
            last.span.end if last.whole else last.span.start + share.end - last.at,
        )
        old = self.draft.witness.text[span.start : span.end]
        below = self.draft.reading(span, Level(max(self.level - 1, Level.RECEIVED)))
        if below is None:
            raise Refused(f"“{old}” cuts across a correction of the level below")
        new = share.new + last.tail if last.whole else share.new
        return Edit(span, old, new, None if below == old else below)

    def _restated(self, edits: Sequence[Edit]) -> Iterator[Edit]:
        """What the corrections that these edits supersede do in other places."""
        for i in {i: None for edit in edits for _, i in self.draft.edits_in(edit.span, self.level)}:
            correction = self.draft.entries[i]
            if isinstance(correction, Correction) and correction.fault.value == self.level.value:
                yield from (one for one in correction.edits if not _meets(one, edits))

    # --- the proof -----------------------------------------------------------------------------------------------

    def _prove(
        self, wanted: Sequence[tuple[int, int, str]], shares: Sequence["_Share"], edits: Sequence[Edit]
    ) -> None:
        """Raises `Refused` unless the lines about the edits come to read as asked, white apart that no view shows."""
        for first, last in self._about({share.pieces[0].line for share in shares}):
            begins, after = self.lines[first], self.lines[last] if last < len(self.lines) else None
            ends = after.at if after else len(self.text)
            reads, at = [], begins.at
            for start, end, new in wanted:
                if begins.at <= start and end <= ends:
                    reads += [self.text[at:start], new]
                    at = end
            told = self._as_edited(begins.number, after.number if after else None, edits)
            # the letter stands for what follows: whether a blank parts it from what goes before is seen
            then = "x" if after else ""
            if self._tidy(told + then) != self._tidy("".join([*reads, self.text[at:ends], then])):
                raise Refused(f"the lines would read “{told}”, not as asked; say of the line ends what they are")

    def _about(self, lines: set[int]) -> Iterator[tuple[int, int]]:
        """Runs of the lines shown that hold these lines and the one before; the second number is the one after."""
        run: tuple[int, int] | None = None
        for line in sorted(lines):
            k = bisect_left(self._numbers, line)
            first, last = max(k - 1, 0), k + 1
            if run and first <= run[1]:
                run = run[0], last
            else:
                if run:
                    yield run
                run = first, last
        if run:
            yield run

    @cached_property
    def _numbers(self) -> list[int]:
        return [line.number for line in self.lines]

    def _as_edited(self, first: int, after: int | None, edits: Sequence[Edit]) -> str:
        """What lines come to read, up to where the line `after` begins, or to the end."""
        lines = self.draft.whole_lines(self.flow)[first : after + 1 if after is not None else None]
        texts = []
        for line in lines:
            held = [edit for edit in _edits_of(self.draft, line, self.level) if not _meets(edit, edits)]
            held += (edit for edit in edits if any(
                piece.span.start <= edit.span.start and edit.span.end <= piece.span.end for piece in line))
            texts.append(set_line(self.draft.witness.text, line, sorted(held), self.joined))
        ends = _line_ends(self.draft, lines, self.joined)
        return "".join(
            texts[i][:length] + then for i, length, then in strung(zip(texts, ends, strict=True))
            if after is None or i < after - first
        )

    def _tidy(self, text: str) -> str:
        """The text as a view may show it: no white about a line end, no line without letters; joined, single blanks."""
        return TIDIED.sub(lambda m: "\n" if "\n" in m[0] else " " if self.joined else m[0], bare(text))


def _meets(edit: Edit, others: Iterable[Edit]) -> bool:
    return any(edit.span.start < other.span.end and other.span.start < edit.span.end for other in others)


def _nearest(text: str, part: str, first: int, to: int) -> int:
    """Where `part` stands in the text, not before `first` and as near as may be to a place; -1 where it does not."""
    before, behind = text.rfind(part, first, to + len(part)), text.find(part, max(first, to))
    if before < 0 or behind < 0:
        return max(before, behind)
    return before if to - before < behind - to else behind


def _counterpart(codes: Opcodes, offset: int) -> int:
    """Where a place of the old text comes to stand in the new one."""
    for code in codes:
        if code.src_start <= offset < code.src_end:
            return int(code.dest_start + min(offset - code.src_start, code.dest_end - code.dest_start))
    return int(codes.dest_len)


class _Share(NamedTuple):
    """A stretch of the view in one line, what it should read, and the pieces it is made of."""

    start: int
    end: int
    new: str
    pieces: list[Piece]


def _edits_of(draft: Draft, line: Sequence[Line], level: Level) -> list[Edit]:
    """The edits in force up to a level in a whole line."""
    return [edit for piece in line for edit, _ in draft.edits_in(piece.span, level)]


def _line_ends(draft: Draft, lines: Iterable[Sequence[Line]], joined: bool) -> list[LineEnd]:
    return [draft.line_end(line[-1]) if joined else "verse" for line in lines]


def view(draft: Draft, level: Level, flow: Flow = "body", *, joined: bool = False) -> View:
    """The view of a draft at a level: line by line, or with its lines joined.

    >>> from pipeline.model import Mark, Witness
    >>> draft = Draft(Witness("S1", "", "utf-8", "to-\\nmorrow  we")).add([Mark("line_end", (Span(3, 4),), "soft")])
    >>> view(draft, Level.CRITICAL, joined=True).text
    'tomorrow we'
    """
    lines = draft.whole_lines(flow)
    letters = draft.witness.text
    texts = [set_line(letters, line, _edits_of(draft, line, level), joined) for line in lines]
    ends = _line_ends(draft, lines, joined)
    built: list[str] = []
    kept: list[KeptLine] = []
    at = 0
    for i, length, then in strung(zip(texts, ends, strict=True)):
        kept.append(KeptLine(at, length, i))
        built += (texts[i][:length], then)
        at += length + len(then)
    return View(draft, level, flow, "".join(built), tuple(kept), joined)
