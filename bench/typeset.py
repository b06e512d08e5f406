"""Makes pairs of pages, as read by Tesseract and as they are: sets prose, prints it, spoils the print, has it read.

usage: python -m bench.typeset PAGES PAIRS.jsonl [SEED]     then: make train PAIRS=PAIRS.jsonl TO=my-rules

The prose is that of `lmcorpus/old`, in the public domain, so that what is counted in the pairs is free. Fonts, sizes,
one column or two, blur, noise, threshold and skew are drawn for each page; the same seed gives the same pages. Pages
past reading, or read in another order, are left out. Needs `tesseract` on the path, and typst and Pillow
(`pip install -e '.[bench]'`).
"""

import io
import json
import lzma
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from bench.repair import DATA

FONTS = ("Libertinus Serif", "New Computer Modern", "EB Garamond", "Liberation Serif", "DejaVu Serif")
LETTERS = 2600  # of a page
MOST_MISREAD = 0.25
SHEET = """\
#set page(width: 148mm, height: auto, margin: 12mm)
#set text(font: sys.inputs.font, size: eval(sys.inputs.size), hyphenate: false, fallback: true)
#set par(justify: true, leading: 0.5em)
#let column(name) = sys.inputs.at(name).split("\\n\\n").map(it => [#it]).join(parbreak())
#let pieces = (column("first"), column("second")).slice(0, int(sys.inputs.columns))
#grid(columns: pieces.len(), gutter: 5mm, ..pieces)
"""


class Print(NamedTuple):
    """How a page is set, and how its image is spoilt."""

    font: str
    size: float  # points
    columns: int
    dots: int  # an inch
    blur: float  # dots
    noise: float  # of 255
    threshold: int  # above it is white; 0 for a page that keeps its greys
    skew: float  # degrees


def drawn(chance: random.Random) -> Print:
    """A way of printing and spoiling a page."""
    return Print(chance.choice(FONTS), round(chance.uniform(6.5, 10.5), 1), chance.choice((1, 2)),
                 chance.choice((110, 125, 140, 160)), chance.uniform(0.4, 1.0),
                 chance.uniform(5, 45), chance.choice((0, 0, 130, 150, 170)), chance.gauss(0, 0.3))


def stretches(pages: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Stretches of whole paragraphs, each of another work while there are more."""
    paths = sorted((DATA / "lmcorpus/old").glob("*.txt.xz"))
    for k, path in enumerate(chance.choices(paths, k=pages)):
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
        begin = text.find("\n\n", chance.randrange(max(len(text) - 2 * LETTERS, 1))) + 2
        end = text.find("\n\n", begin + LETTERS // 2)
        here = text[begin : end if begin < end < begin + 2 * LETTERS else begin + LETTERS].strip()
        yield f"{path.name[:-7]}-{k}", "\n\n".join(" ".join(part.split()) for part in here.split("\n\n"))


def image(text: str, how: Print, chance: random.Random) -> bytes:
    """The page as a spoilt image (PNG)."""
    import typst
    from PIL import Image, ImageFilter

    half = text.rfind(" ", 0, len(text) // 2) + 1 if how.columns == 2 else len(text)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder, "sheet.typ")
        sheet.write_text(SHEET, encoding="utf-8")
        made = typst.compile(str(sheet), format="png", ppi=how.dots, sys_inputs={
            "font": how.font, "size": f"{how.size}pt", "columns": str(how.columns), "first": text[:half].strip(),
            "second": text[half:].strip()})
    clean = Image.open(io.BytesIO(made[0] if isinstance(made, list) else made)).convert("L")
    page = clean.rotate(how.skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(how.blur))
    specks = Image.frombytes("L", page.size, chance.randbytes(page.size[0] * page.size[1]))
    page = Image.blend(page, specks, how.noise / 255)
    if how.threshold:
        page = page.point([0 if level < how.threshold else 255 for level in range(256)])
    held = io.BytesIO()
    page.save(held, "PNG", dpi=(how.dots, how.dots))
    return held.getvalue()


def read(page: bytes) -> str:
    """What Tesseract reads on an image."""
    ran = subprocess.run(("tesseract", "-", "-", "-l", "eng"), input=page, capture_output=True, check=True)
    return ran.stdout.decode("utf-8").strip("\n\f ")


def distance(seen: str, true: str) -> float:
    """The share of the letters that are misread, wherever lines end."""
    seen, true = " ".join(seen.split()), " ".join(true.split())
    return Levenshtein.distance(seen, true) / max(len(true), 1)


def main() -> None:
    if len(sys.argv) < 3 or not sys.argv[1].isdigit():
        raise SystemExit("usage: python -m bench.typeset PAGES PAIRS.jsonl [SEED]")
    if not shutil.which("tesseract"):
        raise SystemExit("there is no tesseract on the path, to read the pages (Debian: apt-get install tesseract-ocr)")
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
        for name, text in stretches(int(sys.argv[1]), chance):
            how = drawn(chance)
            seen = read(image(text, how, chance))
            if distance(seen, text) > MOST_MISREAD:
                continue
            out.write(json.dumps({"id": name, "ocr": seen, "gt": text, **how._asdict()}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
