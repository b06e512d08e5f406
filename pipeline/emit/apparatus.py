"""The apparatus as a table made for `git diff`: one line a correction, and how two of them differ."""

from collections import Counter
from collections.abc import Iterable, Iterator

import regex

from pipeline.log import Row

COLUMNS = ("page", "line", "id", "source", "corr", "status", "band", "rules", "resp")
# What would break a line of the table or mislead the eye: controls, directions, invisible letters, line separators.
UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]")
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def apparatus(rows: Iterable[Row]) -> str:
    """The corrections among the rows of a log as a table; joins and furniture change no letter and are left out."""
    lines = [COLUMNS, *(_cells(row) for row in rows if row["fault"] is not None)]
    return "".join("\t".join(cells) + "\n" for cells in lines)


def escaped(text: str) -> str:
    r"""The text on one line, with what cannot be seen written out.

    >>> print(escaped("a\tb\u202ec\\"))
    a\tb\u202ec\\
    """
    return UNSEEN.sub(lambda match: ESCAPES.get(match[0]) or _number(ord(match[0])), text)


def compare(locked: str, now: str) -> list[str]:
    """The lines that went (-) and came (+), in order of place; none where both say the same.

    >>> compare("page\\n1\\tx\\n", "page\\n1\\ty\\n")
    ['-1\\tx', '+1\\ty']
    """
    before, after = (Counter(text.removesuffix("\n").split("\n") if text else ()) for text in (locked, now))
    gone = ((*_place(line), 0, "-" + line) for line in (before - after).elements())
    come = ((*_place(line), 1, "+" + line) for line in (after - before).elements())
    return [line for *_, line in sorted([*gone, *come])]


def _cells(row: Row) -> Iterator[str]:
    """The cells of a line; the last is never empty, so that no line ends in white."""
    for name in COLUMNS:
        value = row[name]
        if value is None or (value == "" and name == "resp"):
            yield "-"
        else:
            yield escaped(" ".join(value) if name == "rules" else str(value))


def _number(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _place(line: str) -> tuple[int, int, int]:
    """Page, line and offset, so that the old and the new line of one place stand together; the header comes first."""
    page, number, name = [*line.split("\t"), "", "", ""][:3]
    start = name.partition(".")[2].partition("-")[0]
    return _count(page), _count(number), _count(start)


def _count(cell: str) -> int:
    return int(cell) if cell.isascii() and cell.isdigit() else -1
