"""What was corrected, word by word: received against critical text, for a terminal and for a browser."""

from collections.abc import Iterator

from pipeline import log
from pipeline.draft import Draft
from pipeline.emit.page import Stretch, Told, document, page_number, safe, shown, told
from pipeline.lines import set_line
from pipeline.log import Row
from pipeline.model import Level, Page, Span

JOINS = ("soft", "hard", "none")


# --- for a terminal ----------------------------------------------------------------------------------------------


def corrections_diff(draft: Draft) -> str:
    """The lines as received (-) and as corrected (+), each followed by its changes (#).

    A word broken at a line end is shown whole, on the line where it begins.
    """
    why = _Why(draft)
    hunks = ["\n".join(lines) for hunk in _hunks(draft) if (lines := list(_hunk(draft, hunk, why)))]
    head = f"# {draft.witness.siglum}: received against critical text, {len(hunks)} places"
    return "\n\n".join([head, *hunks]) + "\n"


def _hunks(draft: Draft) -> Iterator[list[Told]]:
    """The lines, those together that a broken word ties."""
    hunk: list[Told] = []
    for one in told(draft):
        hunk.append(one)
        tied = [line for line in hunk if line.text]
        if not (tied and tied[-1].end in JOINS):
            yield hunk
            hunk = []
    if hunk:
        yield hunk


def _hunk(draft: Draft, hunk: list[Told], why: "_Why") -> Iterator[str]:
    reasons = [said for one in hunk for said in why.of(one)]
    if not reasons:
        return
    page = draft.pages[hunk[0].page]
    folio = f", folio {page.value.folio}" if isinstance(page.value, Page) and page.value.folio else ""
    number = draft.witness.line_number(hunk[0].pieces[0].span.start)
    yield f"@@ page {page_number(page, hunk[0].page)}{shown(folio)}, line {number} @@"
    received = [set_line(draft.witness.text, one.pieces, (), joined=False) for one in hunk]
    corrected = list(_rejoined(hunk))
    if received == corrected:
        yield from (" " + shown(line) for line in received)
    else:
        yield from ("-" + shown(line) for line in received)
        yield from ("+" + shown(line) for line in corrected)
    yield from ("# " + shown(reason) for reason in dict.fromkeys(reasons))


def _rejoined(hunk: list[Told]) -> Iterator[str]:
    """The lines as corrected, the rest of a broken word on the line where the word begins."""
    held, ties = "", False
    for one in hunk:
        if not one.text:
            continue
        if ties:
            first, blank, rest = one.text.partition(" ")
            held += first
            if blank:
                yield held
                held = rest.lstrip(" ")
        else:
            if held:
                yield held
            held = one.text
        ties = one.end in JOINS
    if held:
        yield held


class _Why:
    """Why a place reads otherwise than received, from the rows of the log."""

    def __init__(self, draft: Draft) -> None:
        rows = log.corrections(draft)
        names, by_id = log.ids(draft), {row["id"]: row for row in rows}
        self.changes: dict[int, Row] = {i: by_id[name] for i, name in names.items()}
        self.joins: dict[int, Row] = {row["spans"][0][1]: row for row in rows if row["category"] == "hyphenation"}

    def join(self, one: Told) -> Row | None:
        return self.joins.get(one.joins_at) if one.end in JOINS and one.text else None

    def of(self, one: Told) -> Iterator[str]:
        """Each change of a line in one line."""
        for stretch in one.stretches:
            for i in stretch.entries:
                yield f"{_change(self.changes[i])}  {_grounds(self.changes[i])}  {self.changes[i]['id']}"
        if row := self.join(one):
            yield f"{_change(row)}  {_grounds(row)}  {row['id']}"


def _change(row: Row) -> str:
    return f"{row['sic']} → {row['corr'] or '(nothing)'}"


def _grounds(row: Row) -> str:
    """Who says so, of what fault, and how sure it is.

    >>> _grounds({"rules": ["confusion.rn-for-m"], "resp": None, "fault": "recognition", "category": "character",
    ...           "certainty": 0.98, "band": "safe"})
    'confusion.rn-for-m, recognition, certainty 0.98 (safe)'
    """
    who = [*row["rules"], *([row["resp"]] if row["resp"] else [])]
    fault = row["fault"] or row["category"]
    return f"{', '.join([*who, fault])}, certainty {row['certainty']:g} ({row['band']})"


# --- for a browser -----------------------------------------------------------------------------------------------


def diff_html(draft: Draft, title: str) -> str:
    """The running text page by page, with what went and what came; each change says why on focus."""
    why = _Why(draft)
    lines = told(draft)
    changed = {i for one in lines for stretch in one.stretches for i in stretch.entries}
    joined = sum(1 for one in lines if why.join(one))
    body = "".join(_sections(draft, lines, why)) or '<p class="told">The body has no text.</p>\n'
    return document(
        f"{title}: what was corrected", "en",
        f"<header>\n<h1>{safe(title)}</h1>\n"
        '<p class="told">Received against critical text: <del>as received</del> <ins>as corrected</ins>. '
        "Focus a change, or point at it, to see its rule, its fault and its certainty.</p>\n"
        f'<p class="told">{_counted(len(changed), "correction")}, {_counted(joined, "word")} joined at line ends.</p>\n'
        f"</header>\n<main>\n{body}</main>\n",
    )


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def _sections(draft: Draft, lines: list[Told], why: _Why) -> Iterator[str]:
    page, goes_on, opened = -1, False, False
    seen: set[str] = set()
    for one in lines:
        if one.page != page:
            yield ("</p>\n" if opened else "") + ("</div>\n</section>\n" if page >= 0 else "")
            page, opened = one.page, False
            n = page_number(draft.pages[page], page)
            yield f'<section id="p{n}" aria-labelledby="h{n}">\n<h2 id="h{n}">Page {n}</h2>\n<div class="text">\n'
        if not opened:
            yield '<p class="goes-on">' if goes_on else "<p>"
            opened = True
        yield "".join(_stretch(stretch, why, seen) for stretch in one.stretches) + _end(draft, one, why, seen)
        if one.text:
            goes_on = one.end != "paragraph"
        if one.text and one.end == "paragraph":
            yield "</p>\n"
            opened = False
    if page >= 0:
        yield ("</p>\n" if opened else "") + "</div>\n</section>\n"


def _stretch(stretch: Stretch, why: _Why, seen: set[str]) -> str:
    if stretch.edit is None:
        return safe(stretch.text)
    rows = [why.changes[i] for i in stretch.entries]
    return _marked(stretch.edit.old, stretch.text, rows, seen)


def _end(draft: Draft, one: Told, why: _Why, seen: set[str]) -> str:
    """What follows a line: a blank, a new line of verse, or the join with what it took away."""
    if not one.text:
        return "<del> </del>"  # the line end went with the letters: the line before says what follows it
    if one.end == "space":
        return " "
    if one.end == "verse":
        return "<br>\n"
    row = why.join(one)
    if row is None:
        return ""
    end = one.joins_at
    edited = draft.edits_in(Span(end - 1, end), Level.CRITICAL)  # then the correction shows the hyphen already
    return _marked("" if edited else one.hyphen, "", [row], seen)


def _marked(old: str, new: str, rows: list[Row], seen: set[str]) -> str:
    """A change with its reasons: as a title for the mouse, as a note for the keyboard."""
    first, *others = (row["id"] for row in rows)
    name = "" if first in seen else f' id="{safe(first)}"'
    lower = "".join(f'<span id="{safe(other)}"></span>' for other in others if other not in seen)
    seen.update((first, *others))
    reasons = [f"{_change(row)}: {_grounds(row)}" for row in rows]
    reasons += dict.fromkeys(one["says"] for row in rows for one in row["evidence"])
    same = old == new
    went = f"<del>{safe(old)}</del>" if old and not same else ""
    came = safe(new) if same else f"<ins>{safe(new)}</ins>" if new else ""
    return (
        f'{lower}<span class="change"{name} tabindex="0" title="{safe("; ".join(reasons))}">{went}{came}'
        f'<span class="why" role="note">{"<br>".join(map(safe, reasons))}</span></span>'
    )
