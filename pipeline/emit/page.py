"""What every page of HTML we write shares: the shell, the letters made safe to show, and the text piece by piece."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import regex

from pipeline.draft import WHITE, Draft, Line, bare
from pipeline.model import BLOCK_KINDS, Edit, Flow, Level, LineEnd, Mark, Page, Span
from pipeline.view import HYPHENS

STYLE = Path(__file__).with_name("reading.css")
CONTROL = regex.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# Letters HTML forbids or that turn the direction of what follows: a witness must not rearrange our page.
FORBIDDEN = regex.compile(r"[\x80-\x9f\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Noncharacter_Code_Point}]")
WHITE_BEFORE, WHITE_AFTER = regex.compile(rf"^[{WHITE}]+"), regex.compile(rf"[{WHITE}]+\Z")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def shown(text: str) -> str:
    r"""The text with controls as their symbols and what cannot be shown as U+FFFD.

    >>> shown("a\0b\u202ec\tb")
    'a␀b�c\tb'
    """
    return FORBIDDEN.sub("\ufffd", CONTROL.sub(_symbol, text))


def safe(text: str) -> str:
    """The text as text, whatever it holds: in an element as in a quoted attribute.

    >>> safe('<b title="&">')
    '&lt;b title=&quot;&amp;&quot;&gt;'
    """
    return escape(shown(text), quote=True)


def document(title: str, language: str, body: str, more_style: Path | None = None) -> str:
    """A whole page: one file, its style within, nothing fetched and nothing run."""
    style = "".join(path.read_text(encoding="utf-8") for path in (STYLE, more_style) if path)
    return (
        f'<!DOCTYPE html>\n<html lang="{safe(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )


class Stretch(NamedTuple):
    """Letters of a line as the critical text has them, the edit that made them so, and the corrections behind it."""

    text: str
    edit: Edit | None = None
    entries: tuple[int, ...] = ()  # places in `Draft.entries`, the uppermost first


class Told(NamedTuple):
    """A line of the critical text: its pieces, its stretches, its letters, how it ends, the hyphen its end takes away.

    `joins_at` is where the last of its letters that stay stood in the witness: the join at its end is known by it.
    """

    pieces: tuple[Line, ...]
    stretches: tuple[Stretch, ...]
    text: str
    end: LineEnd
    joins_at: int
    hyphen: str = ""

    @property
    def page(self) -> int:
        """Which page it stands on, in reading order from 0."""
        return self.pieces[0].page


def told(draft: Draft, flow: Flow = "body") -> list[Told]:
    """The lines of a flow as the critical text has them; one that lost all its letters has an empty text."""
    found: list[Told] = []
    kept = -1  # the last line that has letters
    for line in draft.whole_lines(flow):
        stretches = _bare(tuple(stretch for piece in line for stretch in _stretches(draft, piece)))
        text, end = "".join(stretch.text for stretch in stretches), draft.line_end(line[-1])
        if text:
            kept = len(found)
        elif end == "paragraph" and kept >= 0:
            found[kept] = found[kept]._replace(end=end)
        found.append(Told(line, stretches, text, end, _last_letters(draft, line)))
    return [_without_hyphen(one) if one.end == "soft" and one.text and k < kept else one for k, one in enumerate(found)]


def blocks(draft: Draft) -> dict[Span, Mark]:
    """The mark that says what kind of block begins in a line; of several the last."""
    found: dict[Span, Mark] = {}
    for mark in draft.marks:
        if mark.kind in BLOCK_KINDS and mark.spans:
            start = mark.spans[0].start
            if line := draft.line_at(Span(start, start + 1)):
                found[line.span] = mark
    return found


def page_number(page: Mark, index: int) -> int:
    """The place of a page in reading order, from 1."""
    return page.value.n if isinstance(page.value, Page) and page.value.n is not None else index + 1


def _stretches(draft: Draft, line: Line) -> Iterator[Stretch]:
    text, at = draft.witness.text, line.span.start
    for edit, i in draft.edits_in(line.span, Level.CRITICAL):
        if at < edit.span.start:
            yield Stretch(text[at : edit.span.start])
        below = (j for _, j in draft.edits_in(edit.span, Level.DIPLOMATIC) if j != i)
        yield Stretch(edit.new, edit, (i, *dict.fromkeys(below)))
        at = edit.span.end
    if at < line.span.end:
        yield Stretch(text[at : line.span.end])
    if line.runs_on:
        yield Stretch(text[slice(*line.runs_on)])


def _last_letters(draft: Draft, line: tuple[Line, ...]) -> int:
    """Where the last piece of a line that keeps letters ends."""
    kept = [piece for piece in line if bare(draft.reading(piece.span, Level.CRITICAL) or "")] if line[1:] else []
    return (kept or line)[-1].span.end


def _without_hyphen(one: Told) -> Told:
    """The line without the hyphen that its end takes away."""
    if one.text[-1] not in HYPHENS:
        return one
    return one._replace(
        stretches=tuple(_cut(one.stretches, 0, len(one.text) - 1)), text=one.text[:-1], hyphen=one.text[-1]
    )


def _bare(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """The stretches of a line without the white that an edit has left at its ends."""
    text = "".join(stretch.text for stretch in stretches)
    lead = len(text) - len(WHITE_BEFORE.sub("", text))
    return tuple(_cut(stretches, lead, max(len(WHITE_AFTER.sub("", text)), lead)))


def _cut(stretches: tuple[Stretch, ...], start: int, end: int) -> Iterator[Stretch]:
    """The stretches with those letters only that stand between two places of their text."""
    at = 0
    for stretch in stretches:
        yield stretch._replace(text=stretch.text[max(start - at, 0) : max(end - at, 0)])
        at += len(stretch.text)


def _symbol(match: regex.Match[str]) -> str:
    code = ord(match[0])
    return "\u2421" if code == 0x7F else chr(0x2400 + code)
