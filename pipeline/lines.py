"""Lines of text: the words in them, how they run on as their ends say, and how edits lie in one.

A view is set line by line from what is here. The text of a line is found first and fast; the pieces it is made of,
which are the way back to the witness, only where somebody asks for them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from pipeline.draft import WHITE, WHITE_LETTERS, Line, bare
from pipeline.model import Edit, LineEnd, Span

HYPHENS = "-\u00ad\u2010\u2011\u00ac\ufffe\u2e17"  # what a broken word may end in, printed or in the text layer
BLANKS = regex.compile(rf"[{WHITE}]+")
# A word is a run of non-blanks cut at dashes and at outer punctuation; each mark of punctuation is a word of its own.
WORD = regex.compile(
    rf"[^{WHITE}\p{{P}}](?:(?:(?!--)[^{WHITE}–—―‒])*[^{WHITE}\p{{P}}])?|(\p{{P}})\1*|[^{WHITE}]"
)
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
    if text.isprintable() and "  " not in text:  # of all white only the space is printable
        return text.strip(" ")
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
    line: int  # which whole line of the flow
    tail: str = ""  # a hyphen the join took away


def set_line(text: str, line: Sequence[Line], edits: Sequence[Edit], joined: bool) -> str:
    """What a whole line of the witness reads with these edits: joined, with single blanks."""
    parts: list[str] = []
    for piece in line:
        at, ends = piece.span
        for (start, end), _, new, _ in edits:
            if at <= start < ends:
                parts += (text[at:start], new)
                at = end
        parts.append(text[at:ends])
        if piece.runs_on:
            parts.append(text[slice(*piece.runs_on)])
    return one_blank("".join(parts)) if joined else bare("".join(parts))


def pieces_of(
    text: str, line: Sequence[Line], edits: Sequence[Edit], joined: bool, number: int, at: int, length: int
) -> Iterator[Piece]:
    """The pieces of a whole line that begins at a place of a view and keeps so many of its letters."""
    stretches = _stretches(text, line, edits)
    for shown, span, whole in _with_single_blanks(stretches) if joined else _bare(list(stretches)):
        tail = shown[length:]
        if tail and not whole:
            span = Span(span.start, span.end - len(tail))
        kept = len(shown) - len(tail)
        yield Piece(at, kept, span, whole, number, tail)
        at, length = at + kept, length - kept


class _Stretch(NamedTuple):
    text: str
    span: Span
    whole: bool


def _stretches(text: str, line: Sequence[Line], edits: Sequence[Edit]) -> Iterator[_Stretch]:
    """A line as what the witness reads and what stands instead, with the white between its pieces."""
    for piece in line:
        at, ends = piece.span
        for edit in edits:
            if at <= edit.span.start < ends:
                if at < edit.span.start:
                    yield _Stretch(text[at : edit.span.start], Span(at, edit.span.start), False)
                yield _Stretch(edit.new, edit.span, True)
                at = edit.span.end
        if at < ends:
            yield _Stretch(text[at:ends], Span(at, ends), False)
        if piece.runs_on and (white := text[slice(*piece.runs_on)]):
            yield _Stretch(white, piece.runs_on, True)


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
    if whole and (bare(text) or not text):  # edited; else it is the white between two pieces
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


def _bare(stretches: list[_Stretch]) -> list[_Stretch]:
    """The stretches of a line without the white that an edit has left at its ends."""
    for order in (1, -1):
        for k in range(len(stretches))[::order]:
            text, span, whole = stretches[k]
            shown = text.lstrip(WHITE_LETTERS) if order == 1 else text.rstrip(WHITE_LETTERS)
            cut = len(text) - len(shown)
            if cut and not whole:
                span = Span(span.start + cut, span.end) if order == 1 else Span(span.start, span.end - cut)
            stretches[k] = _Stretch(shown, span, whole)
            if shown:
                break
    return stretches
