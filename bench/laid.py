"""A booklet laid by hand: where each line of its truth stands in the witness, as page, furniture and note marks."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import regex
from rapidfuzz import fuzz, process

from pipeline.draft import Draft
from pipeline.model import Mark, Page, Span, Witness

WHOLE = regex.compile(r"[^\s\ufeff](?:[^\r\n\f]*[^\s\ufeff])?")
COLUMN = regex.compile(r"[^\s\ufeff](?:(?!\s{3})[^\r\n\f])*(?<=\S)")  # columns side by side lie three blanks apart
ALIKE = 60  # from which a piece of the witness may be a line


class TrueLine(NamedTuple):
    """A line as it was typeset: its page, its flow, its paragraph, what kind of paragraph, and what its end is."""

    page: int
    text: str
    flow: str
    block: int = -1
    kind: str = ""
    end: str = ""
    place: int = -1  # among the lines of the text


@dataclass(frozen=True)
class Booklet:
    """A booklet with its truth: the lines of each page in their order, and the text they make."""

    name: str
    scan: bool
    columns: bool
    witness: Witness
    lines: dict[int, list[TrueLine]]
    spreads: list[list[int]]
    reading: str
    kinds: list[str]


def booklet(folder: Path) -> Booklet:
    """Read a booklet."""
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    pages = json.loads((folder / "truth/pages.json").read_text(encoding="utf-8"))
    kinds = json.loads((folder / "truth/reading_kinds.json").read_text(encoding="utf-8"))
    reading = (folder / "truth/reading.txt").read_bytes().decode()
    text = (folder / "witness.txt").read_bytes().decode()
    columns = any("-layout" in feature for feature in case["features"])
    lines = _true_lines(pages, reading.rstrip("\n").split("\n\n"), kinds)
    return Booklet(folder.name, case["kind"] == "scan", columns, Witness("S1", folder.name, "utf-8", text), lines,
                   case["spreads"], reading, kinds)


def _true_lines(pages: list[Any], paragraphs: list[str], kinds: list[str]) -> dict[int, list[TrueLine]]:
    here = [page for page in pages if page["in_witness"]]
    blocks = sorted({block for page in here for block in page["block"]})
    body = [(page["n"], *line) for page in here
            for line in zip(page["text_lines"], page["hyphen"], page["block"], strict=True)]
    if len(blocks) != len(kinds):
        raise SystemExit(f"{len(blocks)} paragraphs on the pages, {len(kinds)} in the reading text")
    place = {block: i for i, block in enumerate(blocks)}
    found: dict[int, list[TrueLine]] = {page["n"]: [] for page in here}
    at = 0
    for k, (n, text, hyphen, block) in enumerate(body):
        kind, paragraph = kinds[place[block]], paragraphs[place[block]]
        last = k + 1 == len(body) or body[k + 1][3] != block
        kept = text[:-1] if hyphen == "soft" else text
        at = paragraph.find(kept, at) + len(kept) if paragraph.find(kept, at) >= 0 else at
        end = "paragraph" if last else "verse" if kind == "v" else hyphen or (
            "space" if paragraph[at : at + 1].isspace() else "none")
        at = 0 if last else at
        found[n].append(TrueLine(n, text, "body", block, kind, end, k))
    for page in here:
        n = page["n"]
        found[n] = [*(TrueLine(n, text, "furniture") for text in page["header"]), *found[n],
                    *(TrueLine(n, text, "note") for text in page["footnote_lines"]),
                    *(TrueLine(n, text, "furniture") for text in page["footer"])]
    return found


def laid(book: Booklet) -> tuple[Draft, dict[Span, TrueLine]]:
    """The witness with the marks of its pages, and which line of the truth each piece of it is."""
    text = book.witness.text
    pieces = [Span(*match.span()) for match in (COLUMN if book.columns else WHOLE).finditer(text)]
    owner: dict[int, TrueLine | int] = {}
    read = [text[a:b] for a, b in pieces]
    for side in ((0,), (1,)) if book.columns else ((0, 1),):
        there = {spread[k] for spread in book.spreads for k in side if k < len(spread) and spread[k] in book.lines}
        order = sorted(there, key=lambda n: _about(book.lines[n], read))
        lines = [line for n in order for line in book.lines[n]]
        for i, j in _aligned([line.text for line in lines], read):
            owner[j] = lines[i + _holds_next(lines, i, read[j])]
    _give_to_neighbours(owner, pieces, text)
    pages: dict[int, list[int]] = {}
    for j, line in sorted(owner.items()):
        pages.setdefault(line if isinstance(line, int) else line.page, []).append(j)
    marks = [_page_mark(n, pages[n], pieces, text) for n in sorted(pages)]
    for j, line in sorted(owner.items()):
        flow = "furniture" if isinstance(line, int) else line.flow
        if flow != "body" and not (isinstance(line, int) and _inside(j, owner)):
            marks.append(Mark(flow, (pieces[j],)))
    draft = Draft(book.witness).add(marks)
    return draft, {pieces[j]: line for j, line in owner.items() if isinstance(line, TrueLine)}


def _holds_next(lines: Sequence[TrueLine], i: int, piece: str) -> int:
    """1 where a piece is two lines that the extraction made one, so that its end is that of the second."""
    if i + 1 == len(lines) or len(piece) < len(lines[i].text) + len(lines[i + 1].text) - 6:
        return 0
    return int(fuzz.ratio(piece[-len(lines[i + 1].text) :], lines[i + 1].text) > 80)


def _about(lines: Sequence[TrueLine], pieces: Sequence[str]) -> int:
    """About where a page lies: the middle of where its long lines are found."""
    found = [process.extractOne(line.text, pieces, scorer=fuzz.ratio) for line in lines if len(line.text) > 30]
    return sorted(one[2] for one in found)[len(found) // 2] if found else 0


def _aligned(lines: list[str], pieces: list[str]) -> Iterator[tuple[int, int]]:
    """The heaviest chain of pairs of lines and pieces that are alike, in the order of both."""
    best = [(0.0, -1)] * (len(pieces) + 1)  # a Fenwick tree: the weight of the heaviest chain that ends before a piece
    nodes: list[tuple[int, int, int]] = []

    def heaviest(j: int) -> tuple[float, int]:
        found = (0.0, -1)
        while j > 0:
            found = max(found, best[j])
            j -= j & -j
        return found

    for i, line in enumerate(lines):
        added = []
        for _, likeness, j in process.extract(line, pieces, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None):
            weight, last = heaviest(j)
            added.append((weight + (likeness - ALIKE + 5) * min(len(line), 40), len(nodes), j))
            nodes.append((i, j, last))
        for weight, node, j in added:
            k = j + 1
            while k <= len(pieces):
                best[k] = max(best[k], (weight, node))
                k += k & -k
    node = heaviest(len(pieces))[1]
    while node >= 0:
        i, j, node = nodes[node]
        yield i, j


def _give_to_neighbours(owner: dict[int, "TrueLine | int"], pieces: Sequence[Span], text: str) -> None:
    """A piece that is no line of the truth belongs to the page of the piece before it."""
    last = next((line.page for _, line in sorted(owner.items()) if isinstance(line, TrueLine)), 1)
    for j in range(len(pieces)):
        line = owner.setdefault(j, last)
        last = line if isinstance(line, int) else line.page


def _inside(j: int, owner: dict[int, "TrueLine | int"]) -> bool:
    """Whether a stray piece has text of its page before and after it."""
    page, sides = owner[j], []
    for step in (-1, 1):
        k = j + step
        while isinstance(owner.get(k), int):
            k += step
        sides.append(owner.get(k))
    return all(isinstance(line, TrueLine) and line.flow == "body" and line.page == page for line in sides)


def _page_mark(n: int, held: Sequence[int], pieces: Sequence[Span], text: str) -> Mark:
    spans: list[Span] = []
    for k, j in enumerate(held):
        if k and held[k - 1] == j - 1:
            spans[-1] = Span(spans[-1].start, pieces[j].end)
        else:
            spans.append(pieces[j])
    return Mark("page", tuple(spans), Page(n=n))
