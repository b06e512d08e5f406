"""Copies the imposed pages as an office copier does, twice over, and has Tesseract read the second copy."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

DPI = 220
SEED = 1938  # the year of the first xerographic copy
BLUR = (0.9, 1.2)  # pixels
LIGHT, TONER, GRAIN = 12.0, 14.0, 12.0  # unevenness of the lamp, the toner and the drum, in steps of grey
THRESHOLD = (165, 185)  # darker than this is black
SPECKS = 260  # a pass


def copies(pdf: bytes) -> list[Image.Image]:
    """One black-and-white picture a side, the second generation of a copy."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number, page in enumerate(document):
        page_image = page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
        for generation in range(2):
            page_image = copy(page_image, np.random.default_rng([SEED, number, generation]), generation)
        found.append(page_image.convert("1", dither=Image.Dither.NONE))
    return found


def copy(page: Image.Image, rng: np.random.Generator, generation: int) -> Image.Image:
    """One pass over the glass: laid down askew, out of focus, unevenly lit and toned, then black or white."""
    angle = rng.uniform(-0.45, 0.45)
    page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(rng.uniform(*BLUR)))
    tone = np.asarray(page, np.float32)
    tone += _clouds(tone.shape, rng, 90) * LIGHT + _clouds(tone.shape, rng, 6) * TONER
    tone += rng.normal(0, GRAIN, tone.shape)
    if generation == 0:
        tone -= _gutter(tone.shape, rng)
    tone = np.where(tone < rng.uniform(*THRESHOLD), 0, 255)
    return _speckled(Image.fromarray(tone.astype(np.uint8)), rng)


def _clouds(shape: tuple[int, ...], rng: np.random.Generator, size: int) -> np.ndarray:
    """Smooth noise about 0, its patches some `size` pixels across."""
    small = rng.normal(0, 1, (shape[0] // size + 2, shape[1] // size + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize((shape[1], shape[0]), Image.Resampling.BICUBIC))


def _gutter(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """The shadow of the fold, which did not lie flat: darkest in the middle, broader towards one end."""
    across = np.abs(np.arange(shape[1], dtype=np.float32) - shape[1] / 2 - rng.uniform(-6, 6))
    breadth = np.linspace(*rng.uniform(10, 34, 2), shape[0], dtype=np.float32)[:, None]
    return 215 * np.exp(-((across[None, :] / breadth) ** 2))


def _speckled(page: Image.Image, rng: np.random.Generator) -> Image.Image:
    tone = np.array(page)
    rows, columns = (rng.integers(0, length - 4, SPECKS) for length in tone.shape)
    for row, column in zip(rows, columns, strict=True):
        height, width = rng.integers(1, 4, 2)
        tone[row : row + height, column : column + width] = 0 if rng.random() < 0.7 else 255
    return Image.fromarray(tone)


def recognised(pages: list[Image.Image], folder: Path) -> dict[str, str]:
    """What Tesseract reads in the pictures: its plain text (a form feed after each side), hOCR and ALTO."""
    names = []
    for number, page in enumerate(pages, 1):
        name = folder / f"S2-side-{number}.png"
        page.save(name, dpi=(DPI, DPI), optimize=True)
        names.append(name.name)
    (folder / "sides.txt").write_text("\n".join(names) + "\n")
    command = ["tesseract", "sides.txt", "S2", "-l", "eng", "--psm", "3", "txt", "hocr", "alto"]
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=one_thread)
    return {kind: (folder / f"S2.{kind}").read_bytes().decode() for kind in ("txt", "hocr", "xml")}
