"""Measures the order of booklets as people make them: `python -m bench.real_booklets [DATA] [--only NAME]`.

Texts of the development data are typeset on small pages as essays, manuals, poems, letters, forms, in two columns;
imposed as booklets are (sides turned, the outer page first, four pages a side), and read back by the usual extractors.
For each: the scheme found, whether every letter stands in its place (furniture does not count), neighbours rightly
joined, whether a question is asked, the margin. Needs `pip install typst pypdf pypdfium2` and poppler's `pdftotext`.
"""

import argparse
import json
import random
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pypdf
import pypdfium2
import regex
import typst

from bench.order import DATA, ordered
from pipeline.model import Witness

NOT_READ = regex.compile(r"[^\p{L}\p{N}]+")
NUMBER_ONLY = regex.compile(r"[\P{L}]*")
JOINT = 40  # letters to either hand of a page end, by which a seam is known again
A5 = (419.53, 595.28)
RUNNING_HEAD = "Letters of the coast"

HEAD = '#set page("a5", margin: 16mm, numbering: "1", {page})\n#set text(size: {size}pt, {text})\n{more}\n'


class Booklet(NamedTuple):
    """A booklet as it is made: its pages in reading order, blank ones too, and what is printed on each."""

    name: str
    pdf: Path
    pages: list[str]


# ---- what is typeset

def _q(text: str) -> str:
    return '#"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _set(page: str = "", size: float = 9, text: str = "hyphenate: true", more: str = "#set par(justify: true)") -> str:
    return HEAD.format(page=page, size=size, text=text, more=more)


def essay(parts: list[str], rng: random.Random) -> str:
    """Prose with running heads and an unnumbered title page."""
    head = f'header: context if counter(page).get().first() > 1 {{ align(center, emph("{RUNNING_HEAD}")) }}'
    body = "\n\n".join(_q(part) for part in parts[:45])
    title = f"#align(center)[\n\n\n= {_q('On the tides')}\n\nby a keeper of lights\n]\n#pagebreak()\n"
    return _set(head, 10) + title + body


def manual(parts: list[str], rng: random.Random) -> str:
    """Numbered sections with exercises and points, each on a page of its own, and a list of contents."""
    said = iter(cycle(_sentences(parts)))
    out = [_set(text="hyphenate: false", more='#set heading(numbering: "1.")\n#set par(spacing: 1.2em)'),
           f"#align(center)[#text(20pt)[{_q('The lamp room')}]]\n#pagebreak()\n#outline()\n#pagebreak()"]
    for n in range(1, 13):
        title = " ".join(next(said).split()[:5]).rstrip(",;.")
        out.append(f"= {_q(title)}\n")
        for k in range(1, rng.randint(2, 4)):
            out.append(f"*Exercise {k}: {_q(' '.join(next(said).split()[:4]))}*\n\n{_q(next(said)[:260])}\n")
            out += [f"- {_q(next(said)[:70])}" for _ in range(rng.randint(2, 5))]
            out.append("")
        out.append(f"*Exam*\n\n{_q(next(said)[:180])}\n" + ("#pagebreak()" if n % 3 else ""))
    return "\n".join(out)


def poems(parts: list[str], rng: random.Random) -> str:
    """Short lines, a poem a page, some over two; no running head."""
    words = iter(cycle(" ".join(parts).split()))
    out = [_set(size=10, more="#set par(leading: .6em)"),
           f"#align(center)[#text(18pt)[{_q('Salt and ash')}]]\n#pagebreak()"]
    for _ in range(14):
        out.append(f"#text(13pt)[{_q(' '.join(next(words) for _ in range(3)).title())}]\n\n")
        for _ in range(rng.randint(3, 7)):
            out.append(" \\\n".join(_q(" ".join(next(words) for _ in range(rng.randint(4, 7))).capitalize())
                                    for _ in range(4)) + "\n\n")
        out.append("#pagebreak(weak: true)")
    return "\n".join(out)


def zine(parts: list[str], rng: random.Random) -> str:
    """Few words in large type, pictures, no folios, a blank page, a colophon."""
    out = ['#set page("a5", margin: 14mm)\n#set text(size: 13pt)',
           f"#align(center + horizon)[#text(28pt)[{_q('Lights out')}]]\n#pagebreak()\n#rect(width: 100%, height: 80%)"]
    for part in parts[6:15]:
        out.append(f"#pagebreak()\n#text(17pt)[{_q(' '.join(part.split()[:3]))}]\n\n{_q(' '.join(part.split()[3:90]))}")
    out.append(f"#pagebreak()\n{_q('Printed by the authors at the harbour. Take it, copy it, pass it on.')}")
    return "\n\n".join(out)


def columns(parts: list[str], rng: random.Random) -> str:
    """Two columns a page, numbered parts, no folios."""
    out = ['#set page("a5", margin: 12mm, columns: 2)\n#set text(size: 8pt)\n#set heading(numbering: "I.")\n']
    for k in range(0, 24, 6):
        out.append(f"= {_q(' '.join(parts[k].split()[:3]))}\n")
        out += [_q(part) + "\n" for part in parts[k:k + 6]]
    return "\n".join(out)


def letters(parts: list[str], rng: random.Random) -> str:
    """Letters that begin and end alike, with dates and folios, paragraphs apart."""
    out = [_set(size=9, more="#set par(spacing: 1.1em)")]
    for n, part in enumerate(parts[4:22]):
        out.append(f"#align(right)[{_q(f'Harbour House, {n + 3} May 18{41 + n}')}]\n\n{_q('My dear friend,')}\n\n"
                   f"{_q(part)}\n\n{_q('Believe me, ever yours,')}\n\n#align(right)[{_q('A. M.')}]\n\n#v(1em)")
    return "\n".join(out)


def forms(parts: list[str], rng: random.Random) -> str:
    """Pages to be filled in, one nearly like the next."""
    out = [_set(size=10)]
    for n in range(1, 13):
        out.append(f"== Record of the watch {n}\n\n" + "\n\n".join(_q(f"{what}: ..............") for what in (
            "Name of the keeper", "Lamp lit at", "Lamp out at", "Wind and weather", "Ships seen", "Oil used"))
            + f"\n\n{_q(parts[n][:160])}\n#pagebreak(weak: true)")
    return "\n".join(out)


def _sentences(parts: list[str]) -> list[str]:
    return [one for part in parts for one in regex.split(r"(?<=[.!?]) ", part) if len(one) > 30]


KINDS = (essay, manual, poems, zine, columns, letters, forms)


# ---- how it is imposed: of each side the cells (page, column, row, turned), in the order they are drawn

Cell = tuple[int, int, int, bool]


def saddle(n: int) -> Iterator[list[Cell]]:
    """Two up."""
    for k in range(n // 2):
        left, right = (n - k, k + 1) if k % 2 == 0 else (k + 1, n - k)
        yield [(left, 0, 0, False), (right, 1, 0, False)]


def backs_turned(n: int) -> Iterator[list[Cell]]:
    """Two up, every second side upside down, as printers for the short edge want it."""
    for k, ((left, *_), (right, *_)) in enumerate(saddle(n)):
        yield [(right, 0, 0, True), (left, 1, 0, True)] if k % 2 else [(left, 0, 0, False), (right, 1, 0, False)]


def all_turned(n: int) -> Iterator[list[Cell]]:
    """Two up, every side upside down."""
    for (left, *_), (right, *_) in saddle(n):
        yield [(right, 0, 0, True), (left, 1, 0, True)]


def outer_first(n: int) -> Iterator[list[Cell]]:
    """Two up, the page nearer the end of the booklet drawn first on every side."""
    for side in saddle(n):
        yield sorted(side, reverse=True)


def four_up(n: int) -> Iterator[list[Cell]]:
    """Four up, the upper row turned."""
    for k in range(0, n // 2, 4):
        yield [(n - k - 3, 0, 1, True), (k + 4, 1, 1, True), (n - k, 0, 0, False), (k + 1, 1, 0, False)]
        yield [(k + 3, 0, 1, True), (n - k - 2, 1, 1, True), (k + 2, 0, 0, False), (n - k - 1, 1, 0, False)]


def facing(n: int) -> Iterator[list[Cell]]:
    """Not imposed: as they read, two up."""
    for k in range(1, n, 2):
        yield [(k, 0, 0, False), (k + 1, 1, 0, False)]


def single(n: int) -> Iterator[list[Cell]]:
    """Not imposed: as they read."""
    for k in range(1, n + 1):
        yield [(k, 0, 0, False)]


SCHEMES: tuple[Callable[[int], Iterator[list[Cell]]], ...] = (
    saddle, backs_turned, all_turned, outer_first, four_up, facing, single)


def imposed(pages: list[pypdf.PageObject | None], sides: list[list[Cell]], *, by_rotate: bool) -> pypdf.PdfWriter:
    """The sides; turned by their content, or as a whole by /Rotate where all of a side is turned."""
    out = pypdf.PdfWriter()
    wide, high = A5
    for cells in sides:
        columns, rows = (1 + max(cell[axis] for cell in cells) for axis in (1, 2))
        whole = by_rotate and all(cell[3] for cell in cells)
        side = pypdf.PageObject.create_blank_page(width=wide * columns, height=high * rows)
        for page, x, y, turned in cells:
            if (here := pages[page - 1]) is None:
                continue
            if whole:
                move = pypdf.Transformation().translate(wide * (columns - 1 - x), high * y)
            elif turned:
                move = pypdf.Transformation().rotate(180).translate(wide * (x + 1), high * (y + 1))
            else:
                move = pypdf.Transformation().translate(wide * x, high * y)
            side.merge_transformed_page(here, move)
        if whole:
            side.rotate(180)
        out.add_page(side)
    return out


# ---- how it is read back

def poppler(*options: str) -> Callable[[Path], str]:
    """What pdftotext reads."""
    def read(pdf: Path) -> str:
        return subprocess.run(["pdftotext", "-enc", "UTF-8", *options, str(pdf), "-"], check=True,
                              capture_output=True).stdout.decode()
    return read


def pdfium(pdf: Path) -> str:
    """What pdfium reads: CR LF, U+FFFE for a hyphen at a line end, sides one after another with a form feed."""
    with pypdfium2.PdfDocument(pdf) as found:
        return "\f".join(page.get_textpage().get_text_bounded() + "\r\n" for page in found)


EXTRACTORS = {"raw": poppler("-raw"), "plain": poppler(), "layout": poppler("-layout"), "pdfium": pdfium}


# ---- how well it is put in order

def read_letters(lines: list[str]) -> str:
    """The letters of lines that are not furniture."""
    kept = [line for line in lines if not NUMBER_ONLY.fullmatch(line) and RUNNING_HEAD not in line]
    return NOT_READ.sub("", unicodedata.normalize("NFKC", "".join(kept)))


def judged(found: dict[str, Any], text: str, pages: list[str]) -> tuple[bool, float]:
    """Whether every letter stands in its place, and of the seams between pages how many are made."""
    there = [page for page in found["pages"] if page["spans"] and page["twin_of"] is None]
    lines = [regex.split(r"[\r\n\f]+", text[a:b]) for page in there for a, b in page["spans"]]
    read = read_letters([line for piece in lines for line in piece])
    true = [page for page in pages if page]
    seams = [a[-JOINT:] + b[:JOINT] for a, b in pairwise(true)]
    return read == "".join(true), sum(seam in read for seam in seams) / max(1, len(seams))


def booklets(data: Path, folder: Path) -> Iterator[Booklet]:
    """Every kind of booklet, each from another text."""
    texts = [path for path in sorted(data.glob("booklets/dev/*/truth/reading.txt")) if "_fr_" not in str(path)]
    for k, kind in enumerate(KINDS):
        text = texts[(2 * k + 1) % len(texts)].read_text(encoding="utf-8")
        parts = [part for part in text.split("\n\n") if len(part) > 80]
        source, pdf = folder / f"{kind.__name__}.typ", folder / f"{kind.__name__}.pdf"
        source.write_text(kind(parts, random.Random(k)), encoding="utf-8")
        typst.compile(source, output=pdf)
        single = [read_letters(page.splitlines()) for page in EXTRACTORS["raw"](pdf).split("\f")[:-1]]
        yield Booklet(kind.__name__, pdf, single)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", nargs="?", type=Path, default=DATA)
    asked.add_argument("--only", default="")
    asked.add_argument("--keep", type=Path, help="a folder in which to leave what was made")
    told = asked.parse_args()
    folder = told.keep or Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    count, exact_ones, quietly_wrong = 0, 0, 0
    print(f"{'booklet':32} {'scheme found':26} pages exact   adj  asks margin      s")
    for booklet in booklets(told.data, folder):
        for k, scheme in enumerate(SCHEMES):
            of = 8 if scheme is four_up else 4
            pages: list[pypdf.PageObject | None] = [*pypdf.PdfReader(booklet.pdf).pages]
            pages += [None] * (-len(pages) % of) if scheme is not single else []
            pdf = folder / f"{booklet.name}_{scheme.__name__}.pdf"
            imposed(pages, list(scheme(len(pages))), by_rotate=k % 2 == 0).write(pdf)
            for how, extract in EXTRACTORS.items():
                name = f"{booklet.name}_{scheme.__name__}_{how}"
                if told.only not in name:
                    continue
                text = extract(pdf)
                (folder / f"{name}.txt").write_bytes(text.encode())
                _, found, took = ordered(Witness("S1", name, "utf-8", text))
                exact, adj = judged(found, text, booklet.pages)
                asks = bool(found["queries"])
                count, exact_ones = count + 1, exact_ones + exact
                quietly_wrong += adj < 0.9 and not asks
                margin = "-" if found["margin"] is None else format(found["margin"], ".1f")
                print(f"{name:32} {found['scheme']:26} {len(pages):5} {'yes' if exact else 'NO':5} {adj:5.3f} "
                      f"{'yes' if asks else '-':>5} {margin:>6} {took:6.2f}", flush=True)
                (folder / f"{name}.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    print(f"{exact_ones} of {count} exact, {quietly_wrong} wrong and not asked about")
    if not told.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
