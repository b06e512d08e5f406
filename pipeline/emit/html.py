"""The reading edition: the critical text on one page, its corrections marked discreetly, its apparatus at the end."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Protocol

from pipeline import log
from pipeline.draft import Draft
from pipeline.emit.orders import pages as ordered_pages
from pipeline.emit.page import Stretch, blocks, document, page_number, safe, told
from pipeline.emit.sheets import summed_up
from pipeline.log import Row
from pipeline.model import Flow, Mark, Span

IN_FORCE = ("applied", "accepted")
TAG_OF_BLOCK = {
    "quotation": ("<blockquote><p>", "</p></blockquote>"), "verse": ('<p class="verse">', "</p>"),
    "byline": ('<p class="byline">', "</p>"), "item": ('<p class="item">', "</p>"),
}
AFTER_LINE = {"space": " ", "verse": "<br>\n"}
# The parts of the apparatus: anchor, heading, whether it is open, and which corrections it lists.
PARTS: tuple[tuple[str, str, bool, Callable[[Row], bool]], ...] = (
    ("emendations", "Emendations", True, lambda row: row["fault"] == "printing" and row["status"] in IN_FORCE),
    ("recognition", "Misreadings corrected", False,
     lambda row: row["fault"] == "recognition" and row["status"] in IN_FORCE),
    ("copies", "What second copies read", False, lambda row: row["category"] == "variant"),
    ("spelling", "Spelling", False, lambda row: row["fault"] == "spelling" and row["status"] in IN_FORCE),
    ("proposed", "Proposed, not made", False, lambda row: row["status"] == "proposed"),
    ("aside", "Set aside", False, lambda row: row["status"] in ("rejected", "superseded")),
)


class Described(Protocol):
    """What the reading edition asks of a work's metadata."""

    @property
    def title(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def rights(self) -> str: ...
    @property
    def language(self) -> str: ...


def index_html(draft: Draft, metadata: Described) -> str:
    """`index.html`: one file that needs no network."""
    rows = log.corrections(draft)
    doubts = log.queries(draft)
    anchors: set[str] = set()
    text = _text(draft, "body", anchors)
    notes = _text(draft, "notes", anchors) if draft.lines("notes") else ""
    parts = [
        ("text", "", f'<section id="text" class="text" lang="{safe(metadata.language)}">\n{text}</section>\n'),
        ("notes", "Notes", f'<div class="text" lang="{safe(metadata.language)}">\n{notes}</div>\n' if notes else ""),
        ("apparatus", "Apparatus", _apparatus(rows, anchors)),
        ("queries", "Queries", _queries(doubts)),
        ("order", "The order of the pages", _order(draft)),
    ]
    links = " ".join(f'<a href="#{name}">{head or "Text"}</a>' for name, head, said in parts if said)
    body = "".join(
        said if not head else f'<section id="{name}">\n<h2>{head}</h2>\n{said}</section>\n'
        for name, head, said in parts if said
    )
    author = f'<p class="author">{safe(metadata.author)}</p>\n' if metadata.author else ""
    rights = f"<p>{safe(metadata.rights)}</p>\n" if metadata.rights else ""
    return document(
        metadata.title, "en",
        f'<header>\n<h1 lang="{safe(metadata.language)}">{safe(metadata.title)}</h1>\n{author}'
        f'<p class="told">{_counts(draft, rows, doubts)}</p>\n<nav aria-label="Parts">{links}</nav>\n</header>\n'
        f"<main>\n{body}</main>\n"
        f"<footer>\n{rights}<p>Edited from witness {safe(draft.witness.siglum)}, {safe(draft.witness.name)} "
        f"(sha256 {draft.witness.sha256[:16]}…).</p>\n</footer>\n",
    )


def _counts(draft: Draft, rows: list[Row], doubts: list[Row]) -> str:
    in_force = Counter(row["fault"] or row["category"] for row in rows if row["status"] in IN_FORCE)
    proposed = sum(row["status"] == "proposed" for row in rows)
    told_of = [
        (sum(1 for _ in draft.pages), "page", "pages"), (in_force["printing"], "emendation", "emendations"),
        (in_force["recognition"], "misreading corrected", "misreadings corrected"),
        (in_force["spelling"], "spelling regularised", "spellings regularised"),
        (in_force["hyphenation"], "word joined at a line end", "words joined at line ends"),
        (in_force["furniture"], "line of furniture left out", "lines of furniture left out"),
        (proposed, "correction proposed", "corrections proposed"), (len(doubts), "query", "queries"),
    ]
    return ", ".join(f"{n:,} {one if n == 1 else many}" for n, one, many in told_of if n) + "."


# --- the text ----------------------------------------------------------------------------------------------------


def _text(draft: Draft, flow: Flow, anchors: set[str]) -> str:
    """A flow as blocks; in the body with the number of each page where it begins."""
    names, begin = log.ids(draft), blocks(draft)
    pages = len(draft.pages) if flow == "body" else 0
    written: list[str] = []
    close, turned = "", 0
    for one in told(draft, flow):
        if not one.text:
            continue
        if not close:
            opening, close = _block(next((begin[line.span] for line in one.pieces if line.span in begin), None))
            written.append(opening)
        if turned <= one.page < pages:
            written.append(_page_anchors(draft, range(turned, one.page + 1), anchors))
            turned = one.page + 1
        written += (_stretch(stretch, names, draft.witness.siglum, anchors) for stretch in one.stretches)
        if one.end == "paragraph":
            written.append(close + "\n")
            close = ""
        else:
            written.append(AFTER_LINE.get(one.end, ""))
    if close:
        written.append(close + "\n")
    if turned < pages:
        written.append(f'<p class="goes-on">{_page_anchors(draft, range(turned, pages), anchors)}</p>\n')
    return "".join(written)


def _block(mark: Mark | None) -> tuple[str, str]:
    """How a block opens and closes; a mark that says "none" or "" has been taken back."""
    if mark is None or mark.value in ("none", ""):
        return "<p>", "</p>"
    if mark.kind == "heading":
        level = min(mark.value + 1, 6) if isinstance(mark.value, int) and mark.value > 0 else 2
        return f"<h{level}>", f"</h{level}>"
    return TAG_OF_BLOCK.get(mark.kind, ("<p>", "</p>"))


def _page_anchors(draft: Draft, numbers: Iterable[int], anchors: set[str]) -> str:
    """The numbers of pages that begin here: shown in the margin, but no part of the text that is copied."""
    built = []
    for k in numbers:
        n = page_number(draft.pages[k], k)
        name = f"p{n}"
        place = "" if name in anchors else f' id="{name}"'
        anchors.add(name)
        built.append(f'<a class="page"{place} href="#{name}" data-n="{n}" aria-label="page {n}"></a>')
    return "".join(built)


def _stretch(stretch: Stretch, names: dict[int, str], siglum: str, anchors: set[str]) -> str:
    """Letters of the text; where they were corrected, with a link to the entry."""
    if stretch.edit is None:
        return safe(stretch.text)
    first, *others = (names[i] for i in stretch.entries)
    lower = "".join(f'<span id="{safe(name)}"></span>' for name in others if name not in anchors)
    place = "" if first in anchors else f' id="{safe(first)}"'
    anchors.update((first, *others))
    was = safe(f"{stretch.edit.old} {siglum}")
    label = ' aria-label="words left out"' if not stretch.text else ""
    return f'{lower}<a class="corr"{place} href="#app-{safe(first)}" title="{was}"{label}>{safe(stretch.text)}</a>'


# --- the apparatus -----------------------------------------------------------------------------------------------


def _apparatus(rows: list[Row], anchors: set[str]) -> str:
    """The corrections by kind: emendations first, the recognition log on request."""
    said = []
    for name, head, opened, belongs in PARTS:
        chosen = [row for row in rows if belongs(row)]
        if chosen:
            state = " open" if opened else ""
            lists = "".join(_by_page(chosen, anchors))
            summary = f"<summary>{head} ({len(chosen):,})</summary>"
            said.append(f'<details id="{name}"{state}>\n{summary}\n{lists}</details>\n')
    return "".join(said)


def _by_page(rows: list[Row], anchors: set[str]) -> Iterator[str]:
    for page, group in groupby(rows, key=lambda row: row["page"]):
        head = f"Page {page}" if page is not None else "Elsewhere"
        entries = "".join(_entry(row, anchors) for row in group)
        yield f'<h3>{head}</h3>\n<ul class="apparatus">\n{entries}</ul>\n'


def _entry(row: Row, anchors: set[str]) -> str:
    """An entry as readers know it: place, lemma], what else is read and where."""
    siglum = safe(row["witness"])
    readings = f"{safe(row['source'])} <i>{siglum}</i>"
    if copy := row.get("copy"):
        also = f"; {readings}" if row["source"] != row["corr"] else ""
        readings = f'<span class="copy">{safe(copy["reading"])} <i>{safe(copy["siglum"])}</i></span>{also}'
    elif row["sic"] != row["source"]:
        readings = f"{safe(row['sic'])} <i>P</i>; {readings}"
    lemma = safe(row["corr"]) or "<i>left out</i>"
    return (f'<li id="app-{safe(row["id"])}">{_place(row, anchors)} <b>{lemma}</b>] {readings} '
            f'<span class="because">{safe(_because(row))}</span></li>\n')


def _place(row: Row, anchors: set[str]) -> str:
    target = row["id"] if row["id"] in anchors else f"p{row['page']}"
    place = f"l. {row['line']}" if row["line"] is not None else "—"
    return f'<a href="#{safe(target)}">{place}</a>' if target in anchors else place


def _because(row: Row) -> str:
    who = [*row["rules"], *([row["resp"]] if row["resp"] else [])]
    if row["category"] == "variant":
        return ""
    reasons = [*who, *dict.fromkeys(one["says"] for one in row["evidence"]), f"certainty {row['certainty']:g}"]
    if row["status"] not in IN_FORCE:
        reasons.append(row["status"])
    if row["candidates"]:
        reasons.append("or " + ", ".join(_candidates(row)))
    return "; ".join(reasons)


def _candidates(row: Row) -> list[str]:
    return [f"{one['reading']} ({one['certainty']:g})" for one in row["candidates"]]


def _queries(doubts: list[Row]) -> str:
    said = []
    for row in doubts:
        at = f"Page {row['page']}, l. {row['line']}: " if row["page"] is not None else ""
        place = f'<a href="#p{row["page"]}">{at}</a>' if at else ""
        source = f"“{safe(row['source'])}” " if row["source"] else ""
        more = "; ".join(_candidates(row)) + (f" [{row['decision']}]" if row["decision"] else "")
        because = f' <span class="because">{safe(more)}</span>' if more else ""
        said.append(f'<li id="{safe(row["id"])}">{place}{source}{safe(row["says"])}{because}</li>\n')
    return f'<ul class="apparatus">\n{"".join(said)}</ul>\n' if said else ""


def _order(draft: Draft) -> str:
    """The scheme, how sure it is, and where each page lay."""
    heads = ("Page", "Folio", "Sheet", "Side", "Half", "Lines of the file", "")
    rows = "".join(_page_row(draft, page) for page in ordered_pages(draft))
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (f"<p>{safe(summed_up(draft))}</p>\n"
            f'<div class="wide" tabindex="0" role="region" aria-label="Where each page lay">\n'
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n")


def _page_row(draft: Draft, page: Row) -> str:
    told_of = [name for name in ("blank", "missing") if page[name]]
    if page["twin_of"] is not None:
        told_of.append(f"a second copy of page {page['twin_of']}")
    n = "" if page["n"] is None else f'<a href="#p{page["n"]}">{page["n"]}</a>'
    cells = (safe("" if page[name] is None else str(page[name])) for name in ("folio", "sheet", "side", "position"))
    lines = _lines([Span(*span) for span in page["spans"]], draft)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in (n, *cells, lines, ", ".join(told_of))) + "</tr>\n"


def _lines(spans: list[Span], draft: Draft) -> str:
    if not spans:
        return ""
    first = draft.witness.line_number(min(span.start for span in spans))
    last = draft.witness.line_number(max(span.end for span in spans) - 1)
    return f"{first}–{last}" if last > first else f"{first}"
