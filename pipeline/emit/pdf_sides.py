"""A PDF as it lies: what can be seen of each of its sides, its words and where they stand, what is drawn on it."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

from pipeline.errors import Refused

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

HOW_TO_INSTALL = "reading and writing PDF needs pypdfium2: pip install 'corrigenda[pdf]'"
WORD = regex.compile(r"\w{2,}")
BACKGROUND = 0.9  # of a side: what covers so much of it is paper, not print

Box = tuple[float, float, float, float]  # left, bottom, right, top, as PDF has it


class Printed(NamedTuple):
    """A word as it stands on a side: its letters, its middle, by how many degrees it is turned against the clock."""

    letters: str
    x: float
    y: float
    turned: int


class PdfSide(NamedTuple):
    """A page of the PDF: what can be seen of it, how it is turned, its words, the middles of all that is drawn."""

    box: Box
    turned: int
    words: tuple[Printed, ...]
    drawn: tuple[tuple[float, float], ...]

    def cells(self, division: tuple[int, int]) -> list[Box]:
        """The side cut into pages, those higher up first, from left to right."""
        left, bottom, right, top = self.box
        across, down = division
        wide, high = (right - left) / across, (top - bottom) / down
        return [(left + i * wide, top - (j + 1) * high, left + (i + 1) * wide, top - j * high)
                for j in range(down) for i in range(across)]


@contextmanager
def opened(pdf: Path) -> Iterator["PdfDocument"]:
    """A PDF, closed again in the end. Raises `Refused` where it cannot be read, or nothing is installed to read it."""
    try:
        import pypdfium2
    except ImportError:
        raise Refused(HOW_TO_INSTALL) from None
    if not pdf.is_file():
        raise Refused(f"{pdf} is no file; expected a PDF")
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as why:
        raise Refused(f"{pdf} cannot be read as a PDF: {why}") from None
    try:
        yield document
    finally:
        document.close()


@contextmanager
def new() -> Iterator["PdfDocument"]:
    """A PDF without pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    try:
        yield document
    finally:
        document.close()


def is_pdf(source: Path | str) -> bool:
    """Whether a source goes by the name of a PDF."""
    return Path(source).suffix.lower() == ".pdf"


def text_layer(pdf: Path) -> str:
    """The text of a PDF, a form feed between its sides. Raises `Refused` where it has none."""
    with opened(pdf) as document:
        found = []
        for page in document:
            layer = page.get_textpage()
            found.append(layer.get_text_range())
            layer.close()
            page.close()
    if not any(WORD.search(side) for side in found):
        raise Refused(f"{pdf} has no text layer: recognise its text first, then corrigenda order TEXT --pdf {pdf}")
    return "\n\f".join(found)


def pdf_sides(document: "PdfDocument") -> list[PdfSide]:
    """The sides of a PDF, one by one, so that only one is open at a time."""
    found = []
    for page in document:
        found.append(_side(page))
        page.close()
    return found


def _side(page: "PdfPage") -> PdfSide:
    box = _within(page.get_cropbox(), page.get_mediabox())
    drawn = []
    for one in page.get_objects(max_depth=1):
        left, bottom, right, top = one.get_bounds()
        if (right - left) * (top - bottom) < BACKGROUND * (box[2] - box[0]) * (box[3] - box[1]):
            drawn.append(((left + right) / 2, (bottom + top) / 2))
    return PdfSide(box, page.get_rotation(), tuple(_words(page)), tuple(drawn))


def _within(box: Box, media: Box) -> Box:
    return max(box[0], media[0]), max(box[1], media[1]), min(box[2], media[2]), min(box[3], media[3])


def _words(page: "PdfPage") -> Iterator[Printed]:
    import pypdfium2.raw as pdfium

    layer = page.get_textpage()
    letters = "".join(chr(pdfium.FPDFText_GetUnicode(layer, k)) for k in range(layer.count_chars()))
    for match in WORD.finditer(letters):
        left, bottom, right, top = layer.get_charbox(match.start())
        angle = math.degrees(pdfium.FPDFText_GetCharAngle(layer, match.start()))  # with the clock
        yield Printed(match[0].casefold(), (left + right) / 2, (bottom + top) / 2, round(-angle / 90) % 4 * 90)
    layer.close()
