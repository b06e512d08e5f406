"""Says of each printed line which block it belongs to and how it ends, by reading the pages against their source."""

from collections.abc import Iterator
from typing import NamedTuple

from source import MARKS, Block, Pamphlet, Run
from typeset import HEADS

SOFT = "\u00ad"  # how the undamaged text layer gives a hyphen that typst put in


class Line(NamedTuple):
    """A printed line: what it says, its flow, the number of its block (or note), and its hyphen, soft, hard or none."""

    text: str
    flow: str
    block: int | None = None
    hyphen: str | None = None


class Slip(NamedTuple):
    """A fault of the print: on which page, where in that page's lines joined by line feeds, and what was meant."""

    page: int
    start: int
    end: int
    meant: str


class Layout(NamedTuple):
    pages: tuple[tuple[Line, ...], ...]
    slips: tuple[Slip, ...]

    def text(self, page: int) -> str:
        """All that is printed on a page, numbered from 1, head to foot."""
        return "\n".join(line.text for line in self.pages[page - 1])


class Letter(NamedTuple):
    """A letter of the source that is not blank: its block, whether a blank comes before it, its fault if any."""

    sign: str
    block: int
    after_blank: bool
    slip: Run | None


def laid_out(layer: str, book: Pamphlet, marks: dict[int, str]) -> Layout:
    """The lines of an undamaged text layer (a form feed after each page), each letter checked against the source."""
    body = list(_letters(list(enumerate(book.blocks)), marks))
    notes = list(_letters([(n, note) for n, note in book.notes.items()], marks, notes=True))
    pages, slips = [], []
    body_at = notes_at = 0
    for number, page in enumerate(layer.removesuffix("\f").split("\f"), 1):
        lines: list[Line] = []
        offset = 0
        for text in page.splitlines():
            signs = "".join(text.removesuffix(SOFT).split())
            printed = text.removesuffix(SOFT) + "-" * text.endswith(SOFT)
            if text == HEADS[number % 2] and not lines:
                lines.append(Line(printed, "head"))
            elif _next(body, body_at, signs):
                lines.append(Line(printed, "body", body[body_at].block, _hyphen(text, body, body_at + len(signs))))
                slips += _slips(body[body_at : body_at + len(signs)], number, printed, offset)
                body_at += len(signs)
            elif _next(notes, notes_at, signs):
                lines.append(Line(printed, "note", notes[notes_at].block, _hyphen(text, notes, notes_at + len(signs))))
                notes_at += len(signs)
            elif text == str(number):
                lines.append(Line(printed, "folio"))
            else:
                raise SystemExit(f"page {number}: the line {text!r} is not what the source has next")
            offset += len(printed) + 1
        pages.append(tuple(lines))
    if body_at < len(body) or notes_at < len(notes):
        raise SystemExit("the text layer ends before the source does")
    return Layout(tuple(pages), tuple(_joined(slips)))


def _letters(blocks: list[tuple[int, Block]], marks: dict[int, str], notes: bool = False) -> Iterator[Letter]:
    for number, block in blocks:
        after_blank = True
        for line in block.lines:
            opening = [Run(marks[number], marks[number])] if notes else []
            for run in (*opening, *line):
                slip = run if run.print != run.meant else None
                for sign in marks[run.note] if run.note else run.print:
                    if not sign.isspace():
                        yield Letter(sign, number, after_blank, slip)
                    after_blank = sign.isspace()
            after_blank = True


def _next(letters: list[Letter], at: int, signs: str) -> bool:
    return bool(signs) and "".join(letter.sign for letter in letters[at : at + len(signs)]) == signs


def _hyphen(text: str, letters: list[Letter], end: int) -> str | None:
    if text.endswith(SOFT):
        return "soft"
    goes_on = end < len(letters) and letters[end].block == letters[end - 1].block and not letters[end].after_blank
    return "hard" if text.endswith("-") and goes_on else None


def _slips(letters: list[Letter], page: int, text: str, offset: int) -> Iterator[tuple[Run, Slip]]:
    places = [offset + k for k, sign in enumerate(text) if not sign.isspace()]
    for letter, place in zip(letters, places, strict=False):
        if letter.slip:
            yield letter.slip, Slip(page, place, place + 1, letter.slip.meant)


def _joined(slips: list[tuple[Run, Slip]]) -> Iterator[Slip]:
    """One slip for all letters of a run."""
    for run in dict.fromkeys(run for run, _ in slips):
        own = [slip for of, slip in slips if of == run]
        if len({slip.page for slip in own}) > 1:
            raise SystemExit(f"the printing fault {run.print!r} falls on a page end: set it elsewhere")
        yield Slip(own[0].page, own[0].start, own[-1].end, run.meant)


def marks_needed(layout: Layout, book: Pamphlet) -> dict[int, str]:
    """The mark of each note: a star, and daggers where a page has several."""
    marks = {}
    for lines in layout.pages:
        begun = list(dict.fromkeys(line.block for line in lines if line.flow == "note" and line.block is not None))
        new = [number for number in begun if number not in marks]
        marks |= {number: MARKS[k] for k, number in enumerate(new, len(begun) - len(new))}
    return {number: marks[number] for number in book.notes}
