"""Arrays of numbers in files, written once and read where they lie: opening one reads nothing."""

import mmap
import sys
from array import array
from pathlib import Path
from typing import Any, cast

RANKS = 1 << 16  # a word among runs of words is two bytes
OTHER, EDGE_RANK, NUMBER_RANK = 0, 1, 2  # ranks of every rarer word together, of EDGE and of NUMBER
STEP = 1 / 16  # nats in one step of a byte: 0 to 15.94
MOST = 255


def written(path: Path, values: "array[int] | array[float]") -> None:
    """Write an array, low byte first on every machine."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    path.write_bytes(values.tobytes())


def opened(path: Path, kind: str) -> "memoryview[Any]":
    """The array of a file, mapped into memory."""
    if not path.stat().st_size:
        return memoryview(array(kind))
    if sys.byteorder == "big":
        values = array(kind, path.read_bytes())
        values.byteswap()
        return memoryview(values)
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast(cast(Any, kind))


def stepped(nats: float) -> int:
    """Nats as a byte.

    >>> stepped(1.02) * STEP
    1.0
    """
    return min(MOST, max(0, round(nats / STEP)))
