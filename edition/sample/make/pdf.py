"""Imposes the pages as a stitched booklet, breaks the ToUnicode tables of the fonts, and reads the text layer back."""

import io
import re
import subprocess
import tempfile
from pathlib import Path

import pikepdf

ENTRY = re.compile(r"^<([0-9A-F]{4})> <([0-9A-F]*)>$", re.M)
LIGATURES = ("ffi", "ffl", "ff", "fi", "fl")
# What each letter shape stands for once damaged. A booklet joined from two files holds each font twice, and the two
# were written by different programs; faults of these kinds are reported for pdfminer, PyMuPDF, docling and others.
SPLIT = {ligature: ligature + " " for ligature in LIGATURES}
LOST = {"fi": "\ufffd", "fl": "\ufffd", "ffi": "\ufffd", "ffl": "\ufffd", "ff": ""}
MAC_ROMAN = {"fi": "Þ", "fl": "ß"}
SIGN = {"fi": "\ufb01", "fl": "\ufb02", "ff": "\ufb00", "ffi": "\ufb03", "ffl": "\ufb04"}
FIRST_FILE = {"Regular": SPLIT, "Italic": MAC_ROMAN, "Bold": SIGN}
SECOND_FILE = {"Regular": LOST, "Italic": MAC_ROMAN, "Bold": SIGN}
SECOND_FILE_BEGINS = 11  # the page with which the second file begins


def sides(pages: int) -> list[tuple[int, int]]:
    """The page numbers left and right on each side of each sheet, as they lie once the staples are out.

    >>> sides(8)
    [(8, 1), (2, 7), (6, 3), (4, 5)]
    """
    return [(pages - k, k + 1) if k % 2 == 0 else (k + 1, pages - k) for k in range(pages // 2)]


def damaged(pdf: bytes) -> bytes:
    """The same pages with broken ToUnicode tables: not a mark on the paper changes."""
    with pikepdf.open(io.BytesIO(pdf)) as doc:
        copies: dict[tuple[int, int], pikepdf.Object] = {}
        for number, page in enumerate(doc.pages, 1):
            second = number >= SECOND_FILE_BEGINS
            page.Resources = doc.make_indirect(pikepdf.Dictionary(page.Resources))
            page.Contents = doc.make_stream(_without_actual_text(page))
            fonts = pikepdf.Dictionary(page.Resources.Font)
            for name, font in fonts.items():
                key = (font.objgen[0], int(second))
                if key not in copies:
                    copies[key] = _with_table(doc, font, SECOND_FILE if second else FIRST_FILE)
                fonts[name] = copies[key]
            page.Resources.Font = fonts
        return _saved(doc)


def _without_actual_text(page: pikepdf.Page) -> bytes:
    """The page's content without typst's /ActualText: most programs write none, and only the table speaks."""
    kept, dropped = [], []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            dropped.append(name == "BDC" and "/ActualText" in operands[1])
        if name not in ("BDC", "BMC", "EMC") or not (dropped.pop() if name == "EMC" else dropped[-1]):
            kept.append((operands, operator))
    return pikepdf.unparse_content_stream(kept)


def _with_table(doc: pikepdf.Pdf, font: pikepdf.Object, tables: dict[str, dict[str, str]]) -> pikepdf.Object:
    name = str(font.BaseFont).removesuffix("-Identity-H")
    table = next(table for face, table in tables.items() if name.endswith(face))

    def entry(match: re.Match[str]) -> str:
        letters = bytes.fromhex(match[2]).decode("utf-16-be").replace("\u00ad", "-")
        return f"<{match[1]}> <{table.get(letters, letters).encode('utf-16-be').hex().upper()}>"

    copy = doc.make_indirect(pikepdf.Dictionary(font))
    copy.ToUnicode = doc.make_stream(ENTRY.sub(entry, font.ToUnicode.read_bytes().decode()).encode())
    return copy


def imposed(pdf: bytes) -> bytes:
    """The pages two to a side, in the order of the flat sheets."""
    with pikepdf.open(io.BytesIO(pdf)) as doc, pikepdf.new() as booklet:
        for left, right in sides(len(doc.pages)):
            halves = [booklet.copy_foreign(doc.pages[n - 1].as_form_xobject()) for n in (left, right)]
            width, height = (float(x) for x in doc.pages[0].mediabox[2:])
            page = booklet.add_blank_page(page_size=(2 * width, height))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(L=halves[0], R=halves[1]))
            page.Contents = booklet.make_stream(b"q /L Do Q q 1 0 0 1 %f 0 cm /R Do Q" % width)
        return _saved(booklet)


def _saved(doc: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    doc.save(out, deterministic_id=True)
    return out.getvalue()


def text_layer(pdf: bytes) -> str:
    """What `pdftotext -raw` reads, a form feed after each page of the PDF."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "booklet.pdf")
        path.write_bytes(pdf)
        command = ["pdftotext", "-raw", "-enc", "UTF-8", path, "-"]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()
