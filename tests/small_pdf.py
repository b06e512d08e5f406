"""A PDF written by hand: sides with lines of text at places and angles, as a booklet is printed."""

import math
from collections.abc import Sequence
from typing import NamedTuple


class Column(NamedTuple):
    """Lines from a place on, turned by so many degrees against the clock about it."""

    x: float
    y: float
    lines: Sequence[str]
    turned: int = 0


class Drawn(NamedTuple):
    """A side: its size, /Rotate, its columns, and grey squares that stand for pictures."""

    wide: float
    high: float
    columns: Sequence[Column] = ()
    rotate: int = 0
    pictures: Sequence[tuple[float, float]] = ()
    crop: tuple[float, float, float, float] | None = None


def pdf(sides: Sequence[Drawn]) -> bytes:
    """The bytes of the PDF."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"]
    kids = []
    for side in sides:
        content = "\n".join([*map(_column, side.columns), *(f"0.5 g {x} {y} 40 40 re f" for x, y in side.pictures)])
        raw = content.encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(raw), raw))
        crop = "/CropBox [{} {} {} {}] ".format(*side.crop) if side.crop else ""
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {side.wide} {side.high}] {crop}/Rotate "
                       f"{side.rotate} /Resources << /Font << /F 3 0 R >> >> /Contents {len(objects)} 0 R >>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + (b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                  % (len(objects) + 1, table, len(objects) + 1, len(out)))


def _column(column: Column) -> str:
    angle = math.radians(column.turned)
    cos, sin = round(math.cos(angle), 6), round(math.sin(angle), 6)
    lines = "\n".join(f"({_escaped(line)}) Tj T*" for line in column.lines)
    return f"BT /F 9 Tf 11 TL {cos} {sin} {-sin} {cos} {column.x} {column.y} Tm\n{lines}\nET"


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
