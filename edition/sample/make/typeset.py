"""Sets the pamphlet with typst: A6 pages, justified and hyphenated, in the Libertinus Serif that typst brings along."""

import json
from pathlib import Path

import typst
from source import Block, Pamphlet, Run

HEADS = ("THE SLIP IN THE BOOK", "WHAT A CORRECTION OWES")  # verso, recto
STYLE = (Path(__file__).parent / "style.typ").read_text("utf-8")


def typeset(book: Pamphlet, marks: dict[int, str]) -> bytes:
    """The pages as a PDF, note `n` called by `marks[n]`."""
    title = [block for block in book.blocks if block.kind == "title"]
    text = [f"#let heads = ({json.dumps(HEADS)[1:-1]})", STYLE, _title_page(title)]
    after_heading = False
    for block in book.blocks[len(title) :]:
        text.append(_block(block, book, marks, after_heading))
        after_heading = block.kind == "heading"
    pdf, warnings = typst.compile_with_warnings("\n".join(text).encode(), format="pdf", ignore_system_fonts=True)
    if warnings:
        raise SystemExit(f"typst warns: {warnings[0]}")
    return bytes(pdf)


def _title_page(lines: list[Block]) -> str:
    name, under, by, imprint, verso = (_content(block.lines[0]) for block in lines)
    return f"""
#set page(numbering: none)
#v(24mm)
#align(center, text(20pt, weight: "bold", hyphenate: false, par(justify: false, [{name}])))
#v(3mm)
#align(center, text(11pt, style: "italic", [{under}]))
#v(16mm)
#align(center, text(9.5pt, [{by}]))
#v(1fr)
#align(center, text(8.5pt, [{imprint}]))
#pagebreak()
#v(1fr)
#text(8pt, par([{verso}]))
#pagebreak()
"""


def _block(block: Block, book: Pamphlet, marks: dict[int, str], after_heading: bool) -> str:
    if block.kind == "verse":
        return f"#verse({', '.join(f'[{_verse(line)}]' for line in block.lines)})"
    kind = "opening" if block.kind == "paragraph" and after_heading else block.kind
    return f"#{kind}[{_content(block.lines[0], book, marks)}]"


def _verse(line: tuple[Run, ...]) -> str:
    indent = len(line[0].print) - len(line[0].print.lstrip())
    return ("#h(1.2em)" if indent else "") + _content((line[0]._replace(print=line[0].print.lstrip()), *line[1:]))


def _content(line: tuple[Run, ...], book: Pamphlet | None = None, marks: dict[int, str] | None = None) -> str:
    set_runs = []
    for run in line:
        if run.note and book and marks:
            note = _content(book.notes[run.note].lines[0])
            set_runs.append(f"#note({json.dumps(marks[run.note], ensure_ascii=False)}, [{note}])")
        else:
            quoted = json.dumps(run.print, ensure_ascii=False)
            set_runs.append(f"#emph({quoted})" if run.italic else f"#{quoted}")
    return "".join(part + ";" for part in set_runs)


