"""`corrigenda order`: what it prints and draws, and the PDF it puts in order, on small booklets printed here."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.errors import Refused
from pipeline.stages import impositions
from pipeline.stages.impositions import Sides
from tests.small_pdf import Column, Drawn, pdf
from tests.test_order import imposed, paged

WIDE, HIGH = 200, 300  # of a page
pdfium = pytest.importorskip("pypdfium2")


def asked(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["order", *map(str, arguments)])


def refused(*arguments: str | Path) -> str:
    result = asked(*arguments)
    assert isinstance(result.exception, Refused)
    return str(result.exception)


def booklet(lay: Sides, text: Sequence[Sequence[str]], rotate: int = 0, turned: int = 0) -> bytes:
    """The pages on the sides of a scheme as a PDF, the content of each side turned about."""
    drawn = []
    for side in lay:
        columns = []
        for k, page in enumerate(side):
            if page and page <= len(text):
                x, y = k * WIDE + 20, HIGH - 40
                wide = len(side) * WIDE
                columns.append(Column(wide - x, HIGH - y, text[page - 1], 180) if turned == 180
                               else Column(x, y, text[page - 1]))
        drawn.append(Drawn(len(side) * WIDE, HIGH, columns, rotate))
    return pdf(drawn)


def texts(path: Path) -> list[list[str]]:
    """The lines of each page of a PDF, as far as they lie within it."""
    document = pdfium.PdfDocument(path)
    found = []
    for page in document:
        layer = page.get_textpage()
        found.append(layer.get_text_bounded().split("\r\n"))
        layer.close()
        page.close()
    document.close()
    return found


@pytest.fixture
def saddle(tmp_path: Path) -> Path:
    """A folder with a booklet of sixteen pages, as a text and as a PDF."""
    (tmp_path / "scan.txt").write_text(imposed(impositions.saddle(16), paged(16)), encoding="utf-8")
    (tmp_path / "scan.pdf").write_bytes(booklet(impositions.saddle(16), paged(16)))
    return tmp_path


def test_the_pages_of_a_pdf_are_cut_out_and_put_in_order(saddle: Path) -> None:
    result = asked(saddle / "scan.txt", "--pdf", saddle / "scan.pdf", "--out", saddle / "new.pdf")
    assert result.exit_code == 0
    assert texts(saddle / "new.pdf") == paged(16)
    page = pdfium.PdfDocument(saddle / "new.pdf")[0]
    assert page.get_size() == (WIDE, HIGH)
