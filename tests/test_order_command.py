"""`corrigenda order`: what it prints and draws, and the PDF it puts in order, on small booklets printed here."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.draft import Draft
from pipeline.emit import pdf_pages
from pipeline.emit.sheets import runs_on, seen, sides
from pipeline.errors import Refused
from pipeline.model import Imposition, Mark, Page, Query, Seam, Span, Witness
from tests.edition import folder
from tests.small_pdf import Column, Drawn, pdf
from tests.test_browser import CHROMIUM, browsed, shown
from tests.test_order import imposed, paged

pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed: pip install 'corrigenda[pdf]'")

WIDE, HIGH, MARGIN = 200, 300, 20  # of a page
Sides = Sequence[Sequence[int]]
SADDLE: Sides = [(16, 1), (2, 15), (14, 3), (4, 13), (12, 5), (6, 11), (10, 7), (8, 9)]
SHUFFLED: Sides = [(n,) for n in (8, 3, 11, 1, 6, 12, 4, 9, 2, 7, 10, 5)]


def asked(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["order", *map(str, arguments)])


def refused(*arguments: str | Path) -> str:
    result = asked(*arguments)
    assert isinstance(result.exception, Refused), result.output
    return str(result.exception)


def side(text: Sequence[Sequence[str]], pages: Sequence[int], *, rotate: int = 0, turned: bool = False) -> Drawn:
    """A side with its pages from left to right, or with all of them standing on their heads."""
    wide = WIDE * len(pages)
    columns = []
    for k, page in enumerate(pages):
        x, y = k * WIDE + MARGIN, HIGH - 2 * MARGIN
        if page:
            columns.append(Column(wide - x, HIGH - y, text[page - 1], 180) if turned
                           else Column(x, y, text[page - 1]))
    return Drawn(wide, HIGH, columns, rotate)


def written(home: Path, lay: Sides, text: Sequence[Sequence[str]]) -> Path:
    """A folder with the pages on the sides of a booklet, as a text and as a PDF."""
    (home / "scan.txt").write_text(imposed([tuple(one) for one in lay], text), encoding="utf-8")
    (home / "scan.pdf").write_bytes(pdf([side(text, one) for one in lay]))
    return home


def read(path: Path) -> list[list[str]]:
    """The lines of each page of a PDF, as far as they lie within it."""
    found = []
    document = pdfium.PdfDocument(path)
    for page in document:
        layer = page.get_textpage()
        found.append([line for line in layer.get_text_bounded().split("\r\n") if line])
        layer.close()
        page.close()
    document.close()
    return found


def turns(path: Path) -> list[int]:
    document = pdfium.PdfDocument(path)
    found = [page.get_rotation() for page in document]
    document.close()
    return found


@pytest.fixture
def saddle(tmp_path: Path) -> Path:
    return written(tmp_path, SADDLE, paged(16))


# --- what it prints and draws ----------------------------------------------------------------------------------------


def test_it_prints_the_pages_as_they_read(saddle: Path) -> None:
    result = asked(saddle / "scan.txt", "--out", saddle / "order.html")
    rows = [line.split("\t") for line in result.stdout.splitlines() if line.count("\t") == 7]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, 17)]
    text = paged(16)
    for n, row in enumerate(rows[1:], 1):
        assert " ".join(text[n - 1]).startswith(row[3]) and " ".join(text[n - 1]).endswith(row[4])
    assert rows[1][2] == "sheet 1 A right" and "| ran along the quay" in rows[1][5]


def test_as_json_it_says_what_order_json_says_and_writes_nothing(saddle: Path) -> None:
    before = set(saddle.iterdir())
    said = json.loads(asked(saddle / "scan.txt", "--json").stdout)
    assert said["scheme"] == "saddle" and len(said["pages"]) == 16 and len(said["seams"]) == 15
    assert set(saddle.iterdir()) == before


def test_the_picture_of_an_edition_lies_in_its_out_and_offers_its_editor_lines(tmp_path: Path) -> None:
    home = folder(tmp_path / "mender", [])
    assert asked(home).exit_code == 0
    page = (home / "out" / "order.html").read_text(encoding="utf-8")
    assert "The Mender of Books" in page and "&quot;who&quot;: &quot;ed.main&quot;" in page


def test_a_line_it_offers_can_be_put_into_decisions(tmp_path: Path) -> None:
    home = folder(tmp_path / "mender", [])
    asked(home)
    page = (home / "out" / "order.html").read_text(encoding="utf-8")
    line = shown(page[page.index("<pre><code>") : page.index("</code></pre>")])
    (home / "decisions.jsonl").write_text(line + "\n", encoding="utf-8")
    (seam,) = json.loads(asked(home, "--json").stdout)["seams"]
    assert seam["evidence"][0] == {"kind": "editor", "says": "set by the editor", "weight": 0.0}


def test_a_line_it_offers_can_be_copied_whatever_letters_are_in_it() -> None:
    text = "a\ufffe\x00 b\nc"
    draft = drafted(text, Mark("page", (Span(0, 5),), Page(1)), Mark("page", (Span(6, 7),), Page(2)),
                    Mark("seam", (), Seam(1, 2, 1.0, 1.0)))
    line = runs_on(draft, seen(draft), "ed", "2026-11-24")[1].pin
    assert line.isascii() and json.loads(line)["old"] == "a\ufffe\x00 b … c"


def test_a_doubt_stands_at_the_top_and_no_seam_is_called_certain(tmp_path: Path) -> None:
    home = written(tmp_path, SHUFFLED, paged(12))
    result = asked(home / "scan.txt", "--out", home / "order.html")
    assert "not certain" in result.stdout and "\nquery: " in result.stdout and "✓" not in result.stdout
    page = (home / "order.html").read_text(encoding="utf-8")
    assert page.index('class="doubts"') < page.index('id="read"') < page.index('id="lay"')
    assert page.count('class="seam open"') == page.count('class="seam') == 11


def test_the_text_is_never_overwritten(saddle: Path) -> None:
    before = (saddle / "scan.txt").read_bytes()
    assert "one of the files to be read" in refused(saddle / "scan.txt", "--out", saddle / "scan.txt")
    assert (saddle / "scan.txt").read_bytes() == before


def test_the_witness_of_an_edition_is_never_overwritten_and_its_run_is_made_all_the_same(tmp_path: Path) -> None:
    home = folder(tmp_path / "mender", [])
    witness = home / "witness" / "mender.txt"
    before = witness.read_bytes()
    assert "one of the files to be read" in refused(home, "--out", witness)
    assert asked(home).exit_code == 0 and witness.read_bytes() == before
    assert CliRunner().invoke(app, ["edition", str(home)]).exit_code == 0
    assert (home / "out" / "run.json").is_file()


def test_what_a_witness_holds_is_text_in_the_picture_too(tmp_path: Path) -> None:
    pages = [[f"<script>{line}</script>" for line in page] for page in paged(4)]
    asked(written(tmp_path, [(1,), (2,), (3,), (4,)], pages) / "scan.txt", "--out", tmp_path / "order.html")
    assert "<script" not in (tmp_path / "order.html").read_text(encoding="utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_browser_shows_every_page_on_its_side_and_in_its_place(saddle: Path) -> None:
    asked(saddle / "scan.txt", "--out", saddle / "order.html")
    dom = browsed("--dump-dom", (saddle / "order.html").as_uri(), home=saddle / "home")
    lain = [shown(part.split("</figcaption>")[0]) for part in dom.split("<figcaption>")[1:]]
    assert lain == [f"{k}. sheet {(k + 1) // 2} {'AB'[(k + 1) % 2]}: {a}, {b}" for k, (a, b) in enumerate(SADDLE, 1)]
    heads = [shown(part.split("</h3>")[0]) for part in dom.split("<h3>")[1:]]
    assert heads == [f"Page {n}" for n in range(1, 17)]
    picture = saddle / "order.png"
    browsed("--window-size=360,1200", f"--screenshot={picture}", (saddle / "order.html").as_uri(), home=saddle / "home")
    assert picture.stat().st_size > 20_000


# --- a draft, drawn --------------------------------------------------------------------------------------------------


def drafted(text: str, *said: Mark | Query) -> Draft:
    return Draft(Witness("S1", "typed.txt", "utf-8", text)).add(said)


def test_sides_show_their_pages_from_left_to_right_and_blank_ones_beside_them() -> None:
    draft = drafted("four\none\nthree\nfour", Mark("page", (Span(5, 8),), Page(1, None, 1, "A", "right")),
                    Mark("page", (), Page(2, None, 1, "B", blank=True)),
                    Mark("page", (Span(9, 14),), Page(3, None, 1, "B", "right")),
                    Mark("page", (Span(0, 4),), Page(4, None, 1, "A", "left")),
                    Mark("page", (Span(15, 19),), Page(twin_of=4)))
    assert [[one.name for one in side.pages] for side in sides(seen(draft))] == [["4", "1"], ["2", "3"], ["copy of 4"]]


# --- a PDF put in order ----------------------------------------------------------------------------------------------


def test_the_pages_of_a_pdf_are_cut_out_and_put_in_order(saddle: Path) -> None:
    result = asked(saddle / "scan.txt", "--pdf", saddle / "scan.pdf", "--out", saddle / "new.pdf")
    assert result.exit_code == 0 and "16 pages" in result.stdout
    assert read(saddle / "new.pdf") == paged(16)
    document = pdfium.PdfDocument(saddle / "new.pdf")
    assert {page.get_size() for page in document} == {(WIDE, HIGH)}
    document.close()


def test_blank_pages_are_left_out_or_kept(tmp_path: Path) -> None:
    text = paged(15)
    home = written(tmp_path, [(16, 1), *SADDLE[1:]], [*text, []])
    (home / "scan.txt").write_text(imposed([tuple(one) for one in SADDLE], text), encoding="utf-8")
    result = asked(home / "scan.txt", "--pdf", home / "scan.pdf", "--out", home / "new.pdf")
    assert read(home / "new.pdf") == text and "left out: page 16, blank" in result.stdout
    asked(home / "scan.txt", "--pdf", home / "scan.pdf", "--out", home / "all.pdf", "--blanks")
    assert read(home / "all.pdf") == [*text, []]


def test_a_page_with_a_picture_and_no_words_is_kept(tmp_path: Path) -> None:
    text = paged(15)
    home = written(tmp_path, SADDLE, [*text, []])
    (home / "scan.txt").write_text(imposed([tuple(one) for one in SADDLE], text), encoding="utf-8")
    drawn = [side([*text, []], one) for one in SADDLE]
    (home / "scan.pdf").write_bytes(pdf([drawn[0]._replace(pictures=[(80, 130)]), *drawn[1:]]))
    asked(home / "scan.txt", "--pdf", home / "scan.pdf", "--out", home / "new.pdf")
    assert read(home / "new.pdf") == [*text, []]


@pytest.mark.parametrize("rotate", [0, 180])
def test_sides_that_stand_on_their_heads_are_turned(saddle: Path, rotate: int) -> None:
    text = paged(16)
    drawn = [side(text, one, rotate=rotate if k % 2 else 0, turned=k % 2 == 1) for k, one in enumerate(SADDLE)]
    (saddle / "scan.pdf").write_bytes(pdf(drawn))
    asked(saddle / "scan.txt", "--pdf", saddle / "scan.pdf", "--out", saddle / "new.pdf")
    upright = {n for k, one in enumerate(SADDLE) for n in one if k % 2 == 0}
    assert read(saddle / "new.pdf") == text
    assert turns(saddle / "new.pdf") == [0 if n in upright else 180 for n in range(1, 17)]


@pytest.mark.parametrize("rotate, seen_as", [(90, "1R,2L,3R"), (0, "1U,2D,3U")])
def test_sides_that_lie_on_their_edge_are_turned(saddle: Path, rotate: int, seen_as: str) -> None:
    text = paged(16)
    drawn = [Drawn(HIGH, 2 * WIDE, [Column(2 * MARGIN, k * WIDE + MARGIN, text[page - 1], 90)
                                    for k, page in enumerate(one)], rotate) for one in SADDLE]
    (saddle / "scan.pdf").write_bytes(pdf(drawn))
    result = asked(saddle / "scan.txt", "--pdf", saddle / "scan.pdf", "--out", saddle / "new.pdf", "--page-list")
    assert result.stdout.startswith(seen_as)
    assert turns(saddle / "new.pdf") == [90] * 16
    letters = ["".join("".join(page).split()) for page in read(saddle / "new.pdf")]
    assert letters == ["".join("".join(page).split()) for page in text]


def test_what_can_be_seen_of_a_side_is_cut_not_what_lies_beyond(tmp_path: Path) -> None:
    text = paged(16)
    home = written(tmp_path, SADDLE, text)
    columns = [[Column(k * WIDE + 70, HIGH + 10, text[page - 1]) for k, page in enumerate(one)] for one in SADDLE]
    crop = (50, 50, 50 + 2 * WIDE, 50 + HIGH)
    (home / "scan.pdf").write_bytes(pdf([Drawn(600, 500, one, crop=crop) for one in columns]))
    asked(home / "scan.txt", "--pdf", home / "scan.pdf", "--out", home / "new.pdf")
    assert read(home / "new.pdf") == text


def test_sides_with_one_page_are_put_in_order_whole(tmp_path: Path) -> None:
    text = paged(12)
    home = written(tmp_path, [(n,) for n in range(12, 0, -1)], text)
    result = asked(home / "scan.txt", "--pdf", home / "scan.pdf", "--out", home / "new.pdf", "--page-list")
    assert result.stdout.splitlines()[0] == "12,11,10,9,8,7,6,5,4,3,2,1"
    assert read(home / "new.pdf") == text


def test_sides_with_four_pages_are_cut_in_four_the_upper_row_turned(tmp_path: Path) -> None:
    text = paged(8)
    front, back = (5, 4, 8, 1), (3, 6, 2, 7)
    received = imposed([front, back], text)
    drawn = []
    for one in (front, back):
        upper = [Column((k + 1) * WIDE - MARGIN, HIGH + 2 * MARGIN, text[n - 1], 180) for k, n in enumerate(one[:2])]
        lower = [Column(k * WIDE + MARGIN, HIGH - 2 * MARGIN, text[n - 1]) for k, n in enumerate(one[2:])]
        drawn.append(Drawn(2 * WIDE, 2 * HIGH, [*upper, *lower]))
    (tmp_path / "scan.pdf").write_bytes(pdf(drawn))
    marks = [Mark("page", (Span(at, at + len("\n".join(page))),), Page(n, None, 1, "A" if n in front else "B"))
             for n, page in enumerate(text, 1) if (at := received.index("\n".join(page))) >= 0]
    found = pdf_pages.cuts(drafted(received, *marks), tmp_path / "scan.pdf")
    assert pdf_pages.page_list(found) == "1DR,2DL,2UL,1UR,1UL,2UR,2DR,1DL"
    content, left_out = pdf_pages.bound(found, tmp_path / "scan.pdf", blanks=False)
    (tmp_path / "new.pdf").write_bytes(content)
    assert read(tmp_path / "new.pdf") == text and not left_out
    assert turns(tmp_path / "new.pdf") == [0, 0, 180, 180, 180, 180, 0, 0]


def test_a_pdf_that_is_its_own_text_is_put_in_order(saddle: Path) -> None:
    result = asked(saddle / "scan.pdf", "--out", saddle / "new.pdf")
    assert result.exit_code == 0 and read(saddle / "new.pdf") == paged(16)
    assert asked(saddle / "scan.pdf", "--page-list").stdout.startswith("1R,2L,3R,4L")
    assert asked(saddle / "scan.pdf", "--out", saddle / "order.html").stdout.startswith("16 pages, laid as saddle")


def test_of_images_without_words_the_form_feeds_and_halves_tell(saddle: Path) -> None:
    (saddle / "scan.pdf").write_bytes(pdf([Drawn(2 * WIDE, HIGH, pictures=[(80, 130), (280, 130)])] * 8))
    result = asked(saddle / "scan.txt", "--pdf", saddle / "scan.pdf", "--out", saddle / "new.pdf", "--page-list")
    assert result.stdout.splitlines()[0] == "1R,2L,3R,4L,5R,6L,7R,8L,8R,7L,6R,5L,4R,3L,2R,1L"
    assert len(read(saddle / "new.pdf")) == 16


def test_without_a_pdf_the_list_of_pages_comes_from_the_text(saddle: Path) -> None:
    result = asked(saddle / "scan.txt", "--page-list")
    assert result.stdout == "1R,2L,3R,4L,5R,6L,7R,8L,8R,7L,6R,5L,4R,3L,2R,1L\n"


def test_an_order_that_is_not_certain_is_said_to_be_so(tmp_path: Path) -> None:
    home = written(tmp_path, SHUFFLED, paged(12))
    result = asked(home / "scan.txt", "--pdf", home / "scan.pdf", "--out", home / "new.pdf")
    assert "12 pages, as they lie" in result.output and "query: " in result.output
    assert read(home / "new.pdf") == [paged(12)[page - 1] for page, in SHUFFLED]


def test_what_cannot_be_done_is_said_in_a_sentence(saddle: Path, tmp_path: Path) -> None:
    text, given, new = saddle / "scan.txt", saddle / "scan.pdf", saddle / "new.pdf"
    before = given.read_bytes()
    (saddle / "image.pdf").write_bytes(pdf([Drawn(WIDE, HIGH)] * 3))
    assert "say where" in refused(text, "--pdf", given)
    assert "one of the files to be read" in refused(text, "--pdf", given, "--out", given)
    assert "one of the files to be read" in refused(text, "--pdf", given, "--out", text)
    assert "of which PDF" in refused(text, "--out", new)
    assert "no text layer" in refused(saddle / "image.pdf", "--out", new)
    assert "is no file" in refused(text, "--pdf", saddle / "none.pdf", "--out", new)
    assert "cannot be read as a PDF" in refused(text, "--pdf", text, "--out", new)
    (saddle / "other.pdf").write_bytes(pdf([Drawn(WIDE, HIGH, [Column(20, 200, ["Quite another text."])])] * 3))
    assert "is not the PDF of scan.txt" in refused(text, "--pdf", saddle / "other.pdf", "--out", new)
    assert "no text layer" in refused(text, "--pdf", saddle / "image.pdf", "--out", new)
    assert "cannot be written" in refused(text, "--pdf", given, "--out", text / "new.pdf")
    assert given.read_bytes() == before and not new.exists()


def test_without_pypdfium2_it_says_what_to_install(saddle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    assert "corrigenda[pdf]" in refused(saddle / "scan.txt", "--pdf", saddle / "scan.pdf", "--out", saddle / "new.pdf")


def test_a_seam_between_pages_of_a_certain_order_says_what_it_rests_on() -> None:
    pages = [Mark("page", (Span(k, k + 1),), Page(k // 2 + 1)) for k in (0, 2, 4)]
    seams = [Mark("seam", (), Seam(1, 2, 4.0, 3.5)), Mark("seam", (), Seam(2, 3, 0.5, -1.0))]
    told = {}
    for name in ("saddle", "plain", "undecided"):
        draft = drafted("a\nb\nc", *pages, *seams, Mark("imposition", (), Imposition(name, 9.0)))
        told[name] = [one.judged for one in runs_on(draft, seen(draft), "ed", "2026-01-01").values()]
    assert told == {"saddle": ["proved", "held"], "plain": ["proved", "lies"], "undecided": ["open", "open"]}
