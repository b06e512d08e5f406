"""Makes the sample edition's two witnesses and the truth about them from text.md. Run by hand; README.md says how."""

import json
import lzma
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import copier
import key
from halves import halves
from layout import Layout, Line, laid_out, marks_needed
from pdf import damaged, imposed, sides, text_layer
from rapidfuzz.distance import Levenshtein
from source import Pamphlet, pamphlet
from typeset import typeset

HERE = Path(__file__).parent
SAMPLE = HERE.parent
LETTER_OF_KIND = {"title": "h", "heading": "h", "verse": "v"}


class Received(NamedTuple):
    """A witness as it lies, and where each page of the booklet stands in it."""

    siglum: str
    text: str
    spans: dict[int, tuple[int, int]]


def main() -> None:
    book = pamphlet(HERE / "text.md")
    pdf, layout = set_in_type(book)
    layer = first_witness(pdf, layout)
    scan = second_witness(pdf)
    witnesses = [layer, scan]
    truth = SAMPLE / "truth"
    truth.mkdir(exist_ok=True)
    entries = list(key_entries(layout, witnesses))
    write(truth / "pages.json", in_lines(page_entries(layout, witnesses)))
    write(truth / "key.jsonl", "".join(one_line(entry) + "\n" for entry in entries))
    write(truth / "reading.txt", "\n\n".join(tidy(block.reading) for block in book.blocks) + "\n")
    kinds = [LETTER_OF_KIND.get(block.kind, "p") for block in book.blocks]
    write(truth / "reading_kinds.json", one_line(kinds) + "\n")
    write(truth / "notes.txt", "\n\n".join(note.reading for note in book.notes.values()) + "\n")
    write(truth / "case.json", by_name(figures(book, layout, witnesses, entries)))


def set_in_type(book: Pamphlet) -> tuple[bytes, Layout]:
    """The pages, set again until each note is called by the mark that its place on the page asks for."""
    marks = dict.fromkeys(book.notes, "*")
    while True:
        pdf = typeset(book, marks)
        layout = laid_out(text_layer(pdf), book, marks)
        needed = marks_needed(layout, book)
        if needed == marks:
            return pdf, layout
        marks = needed


def first_witness(pdf: bytes, layout: Layout) -> Received:
    """S1, the text layer of the imposed PDF with its tables broken; its lines are those of the undamaged one."""
    booklet = imposed(damaged(pdf))
    text = text_layer(booklet)
    spans = {}
    at = 0
    for pair in sides(len(layout.pages)):
        for number in pair:
            end = at
            for _ in layout.pages[number - 1]:
                end = text.index("\n", end) + 1
            spans[number] = (at, end - 1)
            at = end
        if text[at] != "\f":
            raise SystemExit(f"the side with pages {pair} has other lines once damaged")
        at += 1
    (SAMPLE / "witness").mkdir(exist_ok=True)
    (SAMPLE / "witness" / "S1.pdf").write_bytes(booklet)
    write(SAMPLE / "witness" / "S1.txt", text)
    return Received("S1", text, spans)


def second_witness(pdf: bytes) -> Received:
    """S2, what Tesseract reads on a copy of a copy; the pictures, hOCR and ALTO are kept beside it."""
    folder = SAMPLE / "witness"
    with tempfile.TemporaryDirectory() as scratch:
        read = copier.recognised(copier.copies(imposed(pdf)), Path(scratch))
        (folder / "images").mkdir(exist_ok=True)
        for picture in Path(scratch).glob("*.png"):
            (folder / "images" / picture.name).write_bytes(picture.read_bytes())
    write(folder / "S2.txt", read["txt"])
    (folder / "S2.hocr.xz").write_bytes(lzma.compress(read["hocr"].encode(), preset=9 | lzma.PRESET_EXTREME))
    (folder / "S2.alto.xml.xz").write_bytes(lzma.compress(read["xml"].encode(), preset=9 | lzma.PRESET_EXTREME))
    spans = {}
    found = halves(read["txt"], read["hocr"])
    for pair, side in zip(sides(2 * len(found)), found, strict=True):
        for number, pieces in zip(pair, side, strict=True):
            if len(pieces) != 1:
                raise SystemExit(f"Tesseract cut page {number} in {len(pieces)} pieces: try another SEED")
            spans[number] = pieces[0]
    return Received("S2", read["txt"], spans)


def page_entries(layout: Layout, witnesses: list[Received]) -> Iterator[dict[str, Any]]:
    """One entry a page, in reading order."""
    pairs = sides(len(layout.pages))
    for number, lines in enumerate(layout.pages, 1):
        side = next(k for k, pair in enumerate(pairs) if number in pair)
        body, notes = of_flow(lines, "body"), of_flow(lines, "note")
        folio = next((line.text for line in of_flow(lines, "folio")), None)
        yield {
            "n": number,
            "folio": folio,
            "sheet": side // 2 + 1,
            "side": "AB"[side % 2],
            "position": ("left", "right")[pairs[side].index(number)],
            "spans": {witness.siglum: [list(witness.spans[number])] for witness in witnesses},
            "header": [line.text for line in of_flow(lines, "head")],
            "text_lines": [line.text for line in body],
            "hyphen": [line.hyphen for line in body],
            "block": [line.block for line in body],
            "footnote_lines": [line.text for line in notes],
            "footnote_hyphen": [line.hyphen for line in notes],
            "footnote": [line.block for line in notes],
            "footer": [folio] if folio else [],
        }


def of_flow(lines: tuple[Line, ...], flow: str) -> list[Line]:
    return [line for line in lines if line.flow == flow]


def key_entries(layout: Layout, witnesses: list[Received]) -> Iterator[dict[str, Any]]:
    """Every place where a witness has not what is printed, then every fault of the print, in reading order."""
    for witness in witnesses:
        for number in range(1, len(layout.pages) + 1):
            printed = layout.text(number)
            places = list(key.places(witness.text, *witness.spans[number], printed))
            for place in places:
                told = key.ligature_kind if witness.siglum == "S1" else key.kind
                yield {
                    "witness": witness.siglum,
                    "page": number,
                    "span": [place.start, place.end],
                    "fault": "recognition",
                    "kind": told(place.stands, place.print),
                    "stands": place.stands,
                    "print": place.print,
                }
            for slip in layout.slips:
                if slip.page == number:
                    start, end = key.counterpart(witness.text, witness.spans[number], printed, slip.start, slip.end)
                    yield {
                        "witness": witness.siglum,
                        "page": number,
                        "span": [start, end],
                        "fault": "printing",
                        "kind": "misprint",
                        "stands": witness.text[start:end],
                        "print": printed[slip.start : slip.end],
                        "meant": slip.meant,
                    }


def figures(book: Pamphlet, layout: Layout, witnesses: list[Received], entries: list[dict[str, Any]]) -> dict[str, Any]:
    """What was made and with what, and how damaged it is."""
    reading = " ".join(block.reading for block in book.blocks)
    notes = " ".join(note.reading for note in book.notes.values())
    return {
        "pages": len(layout.pages),
        "scheme": "saddle",
        "spreads": sides(len(layout.pages)),
        "reading_words": len(reading.split()),
        "note_words": len(notes.split()),
        "damaged": {
            witness.siglum: dict(
                sorted(Counter(entry["kind"] for entry in entries if entry["witness"] == witness.siglum).items())
            )
            for witness in witnesses
        },
        "cer": {witness.siglum: round(character_error_rate(witness, layout), 5) for witness in witnesses},
        "extractor": "pdftotext -raw",
        "dpi": copier.DPI,
        "seed": copier.SEED,
        "tools": {
            **{name: version(name) for name in ("typst", "pikepdf", "pypdfium2", "numpy", "pillow", "rapidfuzz")},
            "python": ".".join(map(str, sys.version_info[:3])),
            "tesseract": first_line("tesseract", "--version"),
            "pdftotext": first_line("pdftotext", "-v"),
        },
    }


def character_error_rate(witness: Received, layout: Layout) -> float:
    """Page by page in true order, every run of blanks as one."""
    wrong = letters = 0
    for number in witness.spans:
        have = " ".join(witness.text[slice(*witness.spans[number])].split())
        want = " ".join(layout.text(number).split())
        wrong += Levenshtein.distance(have, want)
        letters += len(want)
    return wrong / letters


def first_line(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (done.stdout + done.stderr).splitlines()[0]


def tidy(verse: str) -> str:
    return "\n".join(line.strip() for line in verse.split("\n"))


def one_line(entry: object) -> str:
    return json.dumps(entry, ensure_ascii=False)


def by_name(told: dict[str, Any]) -> str:
    """A JSON object with one member a line."""
    return "{\n" + ",\n".join(f" {one_line(name)}: {one_line(value)}" for name, value in told.items()) + "\n}\n"


def in_lines(entries: Iterator[dict[str, Any]]) -> str:
    """A JSON list with one entry a line, so that a change shows as the lines it changes."""
    return "[\n" + ",\n".join(one_line(entry) for entry in entries) + "\n]\n"


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


if __name__ == "__main__":
    main()
