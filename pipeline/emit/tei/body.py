"""The text of the edition: front and body, divisions, blocks, pages, lines and furniture, in reading order."""

from collections import Counter
from typing import Literal

from pipeline.draft import Draft, Line
from pipeline.emit.markup import NOTHING, Said, attributes, element, ncname, text
from pipeline.emit.source import Lines, has_surface
from pipeline.emit.tei.answers import Answers
from pipeline.emit.tei.blocks import Block, Marked, Set, Setting, setting
from pipeline.emit.tei.lines import Hyphen, Letters
from pipeline.log import Row
from pipeline.model import Flow, Mark, Page, Span

UNTITLED = 99  # a division without a heading holds no other
TAGS = {  # the elements a block opens in, outermost first; a list and verse are set apart below
    "heading": ("head",), "quotation": ("quote", "p"), "verse": ("lg",), "item": ("item",), "paragraph": ("p",),
}
FURNITURE = {"header": "header", "folio": "pageNum", "catchword": "catch", "signature": "sig", "note mark": "noteMark"}
Where = Literal["", "front", "body"]


def text_xml(draft: Draft, answers: Answers, source: Lines, letters: Letters, language: str) -> str:
    """The `text` element."""
    return element("text", "".join(_Text(draft, answers, source, letters).written()), xml_lang=language)


class _Text:
    """The state of writing a text: what is open, and whether a word goes on."""

    def __init__(self, draft: Draft, answers: Answers, source: Lines, letters: Letters) -> None:
        self.draft, self.answers, self.source, self.letters = draft, answers, source, letters
        self.body, self.notes = setting(draft, "body"), setting(draft, "notes")
        self.titles = _title_blocks(self.body)
        self.where: Where = ""
        self.divisions: list[int] = []
        self.at_top = False  # nothing but headings and bylines since the division began
        self.in_list = False
        self.broken = False  # a word of the body goes on
        self.furniture = Marked(draft, "furniture")
        self.inside: dict[Flow, Span | None] = {}  # the white after the last line of a flow, where it runs on
        self.verse = self.note_verse = 0  # which verse is open
        self.note = -1  # the block whose note is open
        self.note_start = 0  # where in `out` the last note opens
        self.pieces: Counter[int] = Counter()  # of each note so far
        self.counted: Counter[int] = Counter()  # lines of each page
        self.out: list[str] = []

    def written(self) -> list[str]:
        lines = self.draft.all_lines
        at = 0
        self._begin("front" if self.titles else "body")
        for index, page in enumerate(self.draft.pages):
            if isinstance(page.value, Page) and page.value.twin_of is not None:
                while at < len(lines) and lines[at].page == index:
                    at += 1
                continue
            self._page(index, page)
            body_seen = False
            while at < len(lines) and lines[at].page == index:
                line = lines[at]
                if line.flow == "body":
                    self._body_line(line)
                    body_seen = True
                elif line.flow == "notes":
                    self._note_line(line)
                elif line.flow == "furniture":
                    self._furniture(line, self._edge(at, body_seen))
                at += 1
            self._close_note()
        self._end()
        return self.out

    # --- pages ---------------------------------------------------------------------------------------------------

    @property
    def gap(self) -> str:
        """The white before what stands between lines: none within a word, none within a line."""
        return "" if self.broken or self.inside.get("body") is not None else "\n"

    def _page(self, index: int, mark: Mark) -> None:
        if self.where == "front" and index == self.body.blocks[self.titles].first.page:
            self._begin("body")
        page = mark.value if isinstance(mark.value, Page) else Page()
        kind = "missing" if page.missing else "blank" if page.blank else None
        facs = self.source.page_pointer(index) if has_surface(self.draft, index) else None
        pb = element("pb", xml_id=f"pb{index + 1}", n=page.n if page.n is not None else index + 1, type=kind,
                     facs=facs, break_="no" if self.broken else None)
        self.out += (self.gap, pb)

    def _edge(self, at: int, body_seen: bool) -> str | None:
        """Whether furniture stands at the head or the foot of its page; none where text stands on both sides of it."""
        if not body_seen:
            return "top"
        lines = self.draft.all_lines
        page, k = lines[at].page, at + 1
        while k < len(lines) and lines[k].page == page:
            if lines[k].flow == "body":
                return None
            k += 1
        return "bottom"

    def _furniture(self, line: Line, place: str | None) -> None:
        if self.inside.get("notes") is None:
            self._close_note()
        row = self.answers.furniture_at.get(line.span.start)
        mark = self.furniture.at(line.span.start)
        kind = FURNITURE.get(str(mark.value), "other") if mark else "other"
        where = self.source.pointer(line.span.start)
        if kind == "noteMark":
            place = None  # it stands where it calls the note, or where the note begins
        said = self._said(row) if row else NOTHING
        self.out += (self.gap, element("fw", self.letters.line(line), said, type=kind, place=place, corresp=where))

    def _said(self, row: Row) -> Said:
        return {"xml_id": ncname(row["id"]), "ana": self.answers.ana(row), "resp": self.answers.resp(row),
                "cert": row["certainty"], "change": self.answers.change(row["decision"])}

    # --- lines ---------------------------------------------------------------------------------------------------

    def _lb(self, line: Line, set_: Set) -> str:
        self.counted[line.page] += 1
        row = self.answers.join_at.get(set_.joins_at) if set_.joins_at is not None else None
        said = self._said(row) if row and row["tei"] == "lb" else NOTHING
        lb = element("lb", "", said, n=self.counted[line.page], corresp=self.source.pointer(line.span.start),
                     break_="no" if set_.goes_on else None)
        return lb if set_.goes_on else "\n" + lb

    def _letters(self, line: Line, set_: Set) -> str:
        hyphen = Hyphen(set_.hyphen, self.answers.join_at.get(line.span.end)) if set_.hyphen else None
        white, self.inside[line.flow] = self.inside.get(line.flow), line.runs_on
        begins = self._lb(line, set_) if white is None else text(self.draft.witness.text[slice(*white)])
        return begins + self.letters.line(line, hyphen)

    def _body_line(self, line: Line) -> None:
        self._close_note()
        set_ = self.body.lines[line]
        block = self.body.blocks[set_.block]
        if line == block.first:
            self._open(set_.block, block)
            self.verse = set_.verse
        elif block.in_verse and set_.verse != self.verse:
            self.out.append("</l>\n<l>")
            self.verse = set_.verse
        self.out.append(self._letters(line, set_))
        self.broken = set_.ends_in_word
        if line == block.last:
            self._close(set_.block, block)

    # --- blocks --------------------------------------------------------------------------------------------------

    def _tags(self, number: int, block: Block) -> tuple[str, ...]:
        if number < self.titles:
            return ("docTitle", "titlePart") if block.kind == "heading" else ("byline",)
        if block.kind == "byline":
            return ("byline",) if self.at_top else ("p",)
        tags = TAGS[block.kind]
        return ("quote", "lg") if block.in_verse and block.kind == "quotation" else tags

    def _open(self, number: int, block: Block) -> None:
        if number >= self.titles:
            self._divide(block)
        elif number == 0:
            self.out.append("\n<titlePage>")
        if block.kind == "item" and not self.in_list:
            self.out.append("\n<list>")
            self.in_list = True
        self.out.append("\n")
        self.out += (f"<{tag}>" for tag in self._tags(number, block))
        if block.in_verse:
            self.out.append("\n<l>")

    def _close(self, number: int, block: Block) -> None:
        if block.in_verse:
            self.out.append("</l>\n")
        self.out += (f"</{tag}>" for tag in reversed(self._tags(number, block)))
        self.at_top = self.at_top and block.kind in ("heading", "byline")
        then = self.body.blocks[number + 1].kind if number + 1 < len(self.body.blocks) else None
        if self.in_list and then != "item":
            self.out.append("\n</list>")
            self.in_list = False
        if number + 1 == self.titles:
            self.out.append("\n</titlePage>")

    def _divide(self, block: Block) -> None:
        """Open the division a block belongs to: one for each heading, within that of a higher one."""
        if block.kind != "heading":
            if not self.divisions:
                self._division(UNTITLED)
            return
        if self.at_top and self.divisions and self.divisions[-1] in (block.depth, UNTITLED):
            self.divisions[-1] = block.depth  # a second heading, or the first below a byline
            return
        while self.divisions and self.divisions[-1] >= block.depth:
            self._end_division()
        self._division(block.depth)

    def _division(self, depth: int) -> None:
        self.out.append("\n<div>")
        self.divisions.append(depth)
        self.at_top = True

    def _end_division(self) -> None:
        self.divisions.pop()
        self.out.append("\n</div>")

    def _begin(self, where: Where) -> None:
        if self.where:
            self.out.append(f"\n</{self.where}>")
        self.out.append(f"\n<{where}>")
        self.where = where
        if where == "body":
            self.out += ("\n" + note for note in self.letters.general)

    def _end(self) -> None:
        if not self.body.blocks:
            self.out.append("\n<div><p/></div>")  # TEI asks for a text
        while self.divisions:
            self._end_division()
        self.out.append(f"\n</{self.where}>\n")

    # --- notes ---------------------------------------------------------------------------------------------------

    def _note_line(self, line: Line) -> None:
        set_ = self.notes.lines[line]
        block = self.notes.blocks[set_.block]
        continued = line != block.first
        if self.note != set_.block:
            self._close_note()
            self._open_note(set_.block)
            if block.in_verse:
                self.out.append('<l part="F">' if continued and set_.verse == self.note_verse else "<l>")
        elif block.in_verse and set_.verse != self.note_verse:
            self.out.append("</l>\n<l>")
        self.note_verse = set_.verse
        self.out.append(self._letters(line, set_))
        if line == block.last:
            self._close_note()

    def _open_note(self, number: int) -> None:
        """Open a printed note, or the next piece of one that other things of the page cut off."""
        k = self.pieces[number]
        self.pieces[number] += 1
        if k:
            self.out[self.note_start] = _note_start(number, k - 1, goes_on=True)
        self.out.append(self.gap)
        self.note, self.note_start = number, len(self.out)
        self.out.append(_note_start(number, k, goes_on=False))

    def _close_note(self) -> None:
        if self.note < 0:
            return
        self.out.append(("</l>" if self.notes.blocks[self.note].in_verse else "") + "</note>")
        self.note = -1


def _note_start(number: int, k: int, *, goes_on: bool) -> str:
    """How the piece of a note opens, linked to those before and after it."""
    names = [f"note{number + 1}" + (f".{j + 1}" if j else "") for j in (k - 1, k, k + 1)]
    return "<note" + attributes(xml_id=names[1], type="printed", prev=f"#{names[0]}" if k else None,
                                next=f"#{names[2]}" if goes_on else None) + ">"


def _title_blocks(body: Setting) -> int:
    """How many blocks stand on title pages: headings and bylines on pages before the first that has text."""
    for k, block in enumerate(body.blocks):
        if block.kind not in ("heading", "byline"):
            return k if k and body.blocks[k - 1].last.page < block.first.page else 0
    return 0
