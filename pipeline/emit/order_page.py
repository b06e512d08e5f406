"""`order.html`: a picture of the sheets as they lay, the pages as they read with every seam, the doubts at the top."""

import math
from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap

from pipeline.draft import Draft
from pipeline.emit.orders import queries
from pipeline.emit.page import document, safe, shown
from pipeline.emit.sheets import (
    JUDGED,
    SIGNS,
    PageSeen,
    RunsOn,
    Side,
    file_lines,
    nats,
    runs_on,
    seen,
    sides,
    summed_up,
)
from pipeline.log import Row

STYLE = Path(__file__).with_name("order.css")
CELL, HIGH, EDGE = 116, 150, 6  # units of the picture: a page's width and height, the white around a side
LETTERS_A_LINE, LINES_SHOWN = 15, 3
STATES = {"missing": "not in the file", "blank": "blank"}


def order_html(draft: Draft, title: str, language: str, who: str, when: str) -> str:
    """The page; `who` and `when` stand in the lines it offers for `decisions.jsonl`."""
    pages = seen(draft)
    seams = runs_on(draft, pages, who, when)
    body = (
        f"<header>\n<h1>The order of the pages</h1>\n<p class=\"author\">{safe(title)}</p>\n"
        f'<p class="told">{safe(summed_up(draft))}</p>\n'
        '<nav aria-label="Parts"><a href="#doubts">Doubts</a> <a href="#read">As they read</a> '
        '<a href="#lay">As they lay</a></nav>\n</header>\n'
        f'<main class="order">\n{_doubts(draft)}<div class="beside">\n{_read(draft, pages, seams, language)}'
        f"{_lay(sides(pages), language)}</div>\n</main>\n"
        f"<footer>\n<p>Witness {safe(draft.witness.siglum)}, {safe(draft.witness.name)} "
        f"(sha256 {draft.witness.sha256[:16]}…).</p>\n</footer>\n"
    )
    return document(f"The order of the pages: {title}", "en", body, STYLE)


# --- doubts ----------------------------------------------------------------------------------------------------------


def _doubts(draft: Draft) -> str:
    asked = "".join(f"<li>{_doubt(row)}</li>\n" for row in queries(draft))
    said = f'<ul class="doubts">\n{asked}</ul>\n' if asked else "<p>None.</p>\n"
    return f'<section id="doubts">\n<h2>Doubts</h2>\n{said}</section>\n'


def _doubt(row: Row) -> str:
    ways = "; ".join(f"{one['reading'].replace('_', ' ')} ({one['certainty']:.2g})" for one in row["candidates"])
    return f"? {safe(row['says'])}" + (f' <span class="because">{safe(ways)}</span>' if ways else "")


# --- as they read ----------------------------------------------------------------------------------------------------


def _read(draft: Draft, pages: list[PageSeen], seams: dict[int, RunsOn], language: str) -> str:
    """The pages as they read; between two of them the seam."""
    items = "".join(_page(draft, one, seams.get(one.n) if one.page.twin_of is None else None, language)
                    for one in pages)
    signs = ", ".join(f"{SIGNS[name]} {says}" for name, says in JUDGED.items()
                      if any(one.judged == name for one in seams.values()))
    key = f'<p class="told">How one page runs on into the next: {safe(signs)}.</p>\n' if signs else ""
    return f'<section id="read">\n<h2>As they read</h2>\n{key}<ol class="read">\n{items}</ol>\n</section>\n'


def _page(draft: Draft, one: PageSeen, then: RunsOn | None, language: str) -> str:
    lines = file_lines(draft, one)
    told = [f"printed number {one.page.folio}" if one.page.folio else "", one.where,
            f"lines {lines} of the file" if lines else STATES[one.state]]
    words = (f'<p class="words" lang="{safe(language)}">{safe(one.first)} … {safe(one.last)}</p>\n'
             if one.spans else "")
    name = one.name if one.page.twin_of is not None else f"Page {one.name}"
    return (f'<li id="{_anchor(one)}" class="{one.state or "there"}">\n<h3>{safe(name[:1].upper() + name[1:])}</h3>\n'
            f'<p class="told">{safe(", ".join(filter(None, told)))}</p>\n{words}{_seam(then) if then else ""}</li>\n')


def _seam(then: RunsOn) -> str:
    """How a page runs on: a sign and its words, the evidence, and the line that pins it."""
    margin = f", {nats(then.seam.margin)} before the best other page" if math.isfinite(then.seam.margin) else ""
    pin = (f'<details><summary>pin: page {then.seam.to_n} follows page {then.seam.from_n}</summary>\n'
           f"<p>A line for <code>decisions.jsonl</code>:</p>\n<pre><code>{safe(then.pin)}</code></pre>\n</details>\n"
           if then.pin else "")
    return (f'<div class="seam {then.judged}">\n<p><span class="sign" aria-hidden="true">{SIGNS[then.judged]}</span> '
            f'{safe(then.says or "nothing is known of the words here")} <span class="because">'
            f"{safe(JUDGED[then.judged])}; {nats(then.seam.score)} nats{margin}</span></p>\n{pin}</div>\n")


def _anchor(one: PageSeen) -> str:
    return f"copy{one.at + 1}" if one.page.twin_of is not None else f"p{one.n}"


# --- as they lay -----------------------------------------------------------------------------------------------------


def _lay(found: Iterable[Side], language: str) -> str:
    figures = "".join(_figure(side, language) for side in found)
    return f'<section id="lay">\n<h2>As they lay</h2>\n<div class="sheets">\n{figures}</div>\n</section>\n'


def _figure(side: Side, language: str) -> str:
    where = f"{side.where}: " if side.where else ""
    links = ", ".join(f'<a href="#{_anchor(one)}">{safe(one.name)}</a>' for one in side.pages)
    caption = f"<figcaption>{side.number}. {safe(where)}{links}</figcaption>\n"
    return f"<figure>\n{_picture(side, language)}{caption}</figure>\n"


def _picture(side: Side, language: str) -> str:
    """A side as SVG, with what it shows in words."""
    across = 1 if len(side.pages) == 1 else 2
    down = -(-len(side.pages) // across)
    wide, high = across * CELL + 2 * EDGE, down * HIGH + 2 * EDGE
    name = f"side{side.number}"
    told = "; ".join(f"page {one.name}, {one.state or 'begins ' + one.first}" for one in side.pages)
    cells = "".join(_drawn(one, EDGE + k % across * CELL, EDGE + k // across * HIGH, language)
                    for k, one in enumerate(side.pages))
    return (f'<svg viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
            f'aria-labelledby="{name}t {name}d">\n<title id="{name}t">Side {side.number} of the file</title>\n'
            f'<desc id="{name}d">{safe(told)}</desc>\n'
            f'<rect class="side" x="1" y="1" width="{wide - 2}" height="{high - 2}"/>\n{cells}</svg>\n')


def _drawn(one: PageSeen, x: int, y: int, language: str) -> str:
    """A page of a side: its number, its first words, its printed number at the foot."""
    middle = x + CELL // 2
    written = [f'<rect class="leaf {one.state or "there"}" x="{x}" y="{y}" width="{CELL}" height="{HIGH}"/>\n',
               f'<text class="number" x="{middle}" y="{y + 46}">{safe(one.name)}</text>\n']
    lines = _lines(one.first) if one.spans else [one.state]
    written += (f'<text class="first" lang="{safe(language)}" x="{middle}" y="{y + 74 + 16 * k}">{safe(line)}</text>\n'
                for k, line in enumerate(lines))
    if one.page.folio:
        written.append(f'<text class="first" x="{middle}" y="{y + HIGH - 8}">[{safe(one.page.folio)}]</text>\n')
    return "".join(written)


def _lines(words: str) -> list[str]:
    lines = wrap(shown(words), LETTERS_A_LINE, max_lines=LINES_SHOWN, placeholder=" …")
    return [line[: LETTERS_A_LINE + 2] for line in lines]
