"""A witness as TEI `sourceDoc`: line by line in the order of its file, so that its bytes come back.

A `line` holds all letters of a line of the file but its line feed; a carriage return is one of them. The lines in the
order of their numbers, with a line feed between them, are the file. A line that no line feed follows names the next in
`@next`: it ends in a lone carriage return, or the rest of it stands on another page (L15.1, L15.2).
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.draft import Draft
from pipeline.emit.markup import (
    DECLARATION,
    NAMESPACE,
    attributes,
    char_declaration,
    element,
    plain,
    source_file,
    text,
    witness_name,
)
from pipeline.model import Page, Span

HOW_TO_READ = (
    "The lines in the order of their numbers, with a line feed between them and none after a line that has @next, are "
    "the text of the file; encoded as stated they are its bytes. Carriage returns are letters of their line; letters "
    "that XML forbids are g, declared below."
)


BARE = regex.compile(r"[^ \t\u00a0]")  # what is no indent


class SourceLine(NamedTuple):
    """A line of the file, or the piece of one that stands on one page."""

    name: str  # "15", "15.2"
    span: Span  # without the line feed
    page: int | None
    runs_on: bool  # no line feed follows


class Lines:
    """The lines of a witness as `line` elements, and which of them holds a place."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.file = source_file(draft.witness.siglum)

    @cached_property
    def all(self) -> tuple[SourceLine, ...]:
        witness, found = self.draft.witness, list[SourceLine]()
        cuts = _cuts(self.draft)
        bounds = [start for start, _ in cuts]
        ends = (*witness.file_lines, len(witness.text))
        for number, (start, end) in enumerate(pairwise(ends), 1):
            fed = end > start and witness.text[end - 1] == "\n"
            stop = end - 1 if fed else end
            inner = bounds[bisect_right(bounds, start) : bisect_right(bounds, stop - 1)] if stop > start else []
            pieces = list(pairwise((start, *inner, stop)))
            for k, (a, b) in enumerate(pieces, 1):
                name = f"{number}.{k}" if len(pieces) > 1 else f"{number}"
                page = cuts[max(bisect_right(bounds, a) - 1, 0)][1]
                runs_on = k < len(pieces) or (not fed and number < len(witness.file_lines))
                found.append(SourceLine(name, Span(a, b), page, runs_on))
        return tuple(found)

    @cached_property
    def _starts(self) -> list[int]:
        return [line.span.start for line in self.all]

    def pointer(self, offset: int) -> str:
        """The pointer to the line that holds this place."""
        return f"{self.file}#L{self.all[max(bisect_right(self._starts, offset) - 1, 0)].name}"

    def page_pointer(self, index: int) -> str:
        """The pointer to the surface of a page."""
        return f"{self.file}#page{index + 1}"


def source_xml(draft: Draft) -> bytes:
    """`source-S1.xml`."""
    return "".join([DECLARATION, f'<TEI xmlns="{NAMESPACE}">\n', _header(draft), _source(draft), "</TEI>\n"]).encode()


def has_surface(draft: Draft, index: int) -> bool:
    """Whether there was a page to see; of one that is missing there is only the knowledge that it is."""
    page = draft.pages[index]
    return bool(page.spans) or not (isinstance(page.value, Page) and page.value.missing)


def _cuts(draft: Draft) -> list[tuple[int, int | None]]:
    """Where the file passes from one page to the next: white between pages goes with the page before it.

    White that begins a line goes with the letters of the line.
    """
    witness = draft.witness
    spans = sorted((span, k) for k, page in enumerate(draft.pages) for span in page.spans)
    cuts: list[tuple[int, int | None]] = [(0, spans[0][1] if spans else None)]
    for span, k in spans:
        if k != cuts[-1][1]:
            begins = witness.file_lines[witness.line_number(span.start) - 1]
            indented = begins > cuts[-1][0] and not BARE.search(witness.text, begins, span.start)
            cuts.append((begins if indented else span.start, k))
    return cuts


def _header(draft: Draft) -> str:
    witness = draft.witness
    name = plain(witness.name)
    return (
        "<teiHeader>\n <fileDesc>\n"
        f"  <titleStmt><title>{name} (witness {plain(witness.siglum)}), as received</title></titleStmt>\n"
        '  <publicationStmt><p>Part of the edition <ref target="edition.xml">edition.xml</ref>.</p></publicationStmt>\n'
        f'  <sourceDesc>\n   <bibl xml:id="{witness_name(witness.siglum)}"><title>{name}</title> '
        f'<idno type="sha256">{witness.sha256}</idno> <note type="encoding">{plain(witness.encoding)}</note> '
        f'<extent><measure unit="byte" quantity="{len(witness.bytes)}"/></extent></bibl>\n  </sourceDesc>\n'
        f" </fileDesc>\n <encodingDesc>\n <editorialDecl><p>{HOW_TO_READ}</p></editorialDecl>\n"
        f"{char_declaration(witness.text)} </encodingDesc>\n</teiHeader>\n"
    )


def _source(draft: Draft) -> str:
    """The surfaces in the order in which their pages begin in the file, those without letters last.

    Those of one side stand together, and the sides of one sheet, where it is known on which they lay.
    """
    lines = Lines(draft).all
    of_page: dict[int | None, list[int]] = {}
    for k, line in enumerate(lines):
        of_page.setdefault(line.page, []).append(k)
    empty = [k for k in range(len(draft.pages)) if k not in of_page and has_surface(draft, k)]
    sheets: dict[int | str, dict[str | None, list[str]]] = {}
    for index, held in [*of_page.items(), *((k, []) for k in empty)]:
        sheet, side = _leaf(draft, index)
        surface = "".join(_surface(draft, index, [list(run) for run in _runs(held)], lines))
        # what lay on no sheet that is known stands by itself, in its place
        sheets.setdefault(f"alone {index}" if sheet is None else sheet, {}).setdefault(side, []).append(surface)
    folded = any("B" in sides for sides in sheets.values())
    built = "".join(_sheet(sheet, sides, folded) for sheet, sides in sheets.items())
    return f'<sourceDoc xml:id="source"{attributes(n=draft.witness.name)}>\n{built}</sourceDoc>\n'


def _leaf(draft: Draft, index: int | None) -> tuple[int | None, str | None]:
    """The sheet a page lay on, and which side of it."""
    page = draft.pages[index].value if index is not None else None
    return (page.sheet, page.side) if isinstance(page, Page) and page.sheet is not None else (None, None)


def _sheet(sheet: int | str, sides: dict[str | None, list[str]], folded: bool) -> str:
    """A sheet with its sides; of what was not folded it is not known which sides were of one sheet."""
    if isinstance(sheet, str):
        return "".join(surface for surfaces in sides.values() for surface in surfaces)
    if not folded:
        return _group("side", str(sheet), "".join(surface for surfaces in sides.values() for surface in surfaces))
    there = "".join(_group("side", side, "".join(surfaces)) if side else "".join(surfaces)
                    for side, surfaces in sides.items())
    return _group("sheet", str(sheet), there)


def _group(kind: str, n: str, surfaces: str) -> str:
    return f'<surfaceGrp{attributes(type=kind, n=n)}>\n{surfaces}</surfaceGrp>\n'


def _runs(numbers: list[int]) -> Iterator[list[int]]:
    """Numbers in runs without a gap."""
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _surface(draft: Draft, index: int | None, zones: list[list[int]], lines: tuple[SourceLine, ...]) -> Iterator[str]:
    """A page: where it lay, and its lines in a zone for each run of them."""
    yield f"<surface{_where(draft, index)}>\n{_labels(draft, index)}"
    for zone in zones:
        yield '<zone xml:space="preserve">\n'
        for k in zone:
            line = lines[k]
            then = f"#L{lines[k + 1].name}" if line.runs_on else None
            letters = text(draft.witness.text[line.span.start : line.span.end])
            yield element("line", letters, xml_id=f"L{line.name}", n=line.name, next=then) + "\n"
        yield "</zone>\n"
    yield "</surface>\n"


def _where(draft: Draft, index: int | None) -> str:
    page = draft.pages[index].value if index is not None else None
    if index is None or not isinstance(page, Page):
        return attributes(type="unplaced")
    twin = page.twin_of is not None
    kind = "twin" if twin else "blank" if page.blank else None
    n = None if twin else page.n if page.n is not None else index + 1
    return attributes(xml_id=f"page{index + 1}", n=n, type=kind)


def _labels(draft: Draft, index: int | None) -> str:
    """Where the page lay on its side, what number it bears, and of which page it is a second copy."""
    page = draft.pages[index].value if index is not None else None
    if not isinstance(page, Page):
        return ""
    told = {"position": page.position, "folio": page.folio, "copy-of": page.twin_of}
    return "".join(element("label", plain(str(value)), type=name) + "\n" for name, value in told.items()
                   if value not in (None, ""))
