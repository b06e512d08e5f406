"""What a text is made of: paragraphs, headings, verse and the rest, from what the line ends and marks say."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, get_args

from pipeline.draft import Draft, Line
from pipeline.lines import HYPHENS, one_blank
from pipeline.model import BLOCK_KINDS, Flow, Level, LineEnd, Mark

Kind = Literal["heading", "byline", "quotation", "verse", "item", "paragraph"]
KINDS: tuple[Kind, ...] = get_args(Kind)
JOINED = ("soft", "hard", "none")
UNDONE = ("", "none")
DEEPEST = 7  # TEI numbers divisions to 7


class Set(NamedTuple):
    """A line, or piece of one, in its block: which, which verse, whether a word comes over from the line before."""

    line: Line
    block: int
    verse: int
    goes_on: bool
    joins_at: int | None  # the end of the line whose word goes on here
    hyphen: Literal["", "weak", "strong"]  # the last letter is a hyphen: one that goes, or one that stays
    ends_in_word: bool


class Block(NamedTuple):
    """A block: what it is, how deep a heading stands, whether its lines are verse, and its first and last line."""

    kind: Kind
    depth: int
    in_verse: bool
    first: Line
    last: Line


class Setting(NamedTuple):
    """The lines of a flow as they are set."""

    lines: dict[Line, Set]
    blocks: tuple[Block, ...]


def setting(draft: Draft, flow: Flow) -> Setting:
    """The lines of a flow in their blocks.

    A line that lost all its letters stays with the one before it, and its line end says nothing; but where it closed a
    paragraph, the paragraph still ends.
    """
    lines = draft.whole_lines(flow)
    told = [[one_blank(draft.reading(piece.span, Level.CRITICAL) or "") for piece in line] for line in lines]
    ends = _ends(draft, lines, told)
    placed: dict[Line, Set] = {}
    block = verse = 0
    joins_at: int | None = None
    end: LineEnd | None = None
    for line, texts, own in zip(lines, told, ends, strict=True):
        last = max((k for k, text in enumerate(texts) if text), default=-1)  # the last piece that keeps letters
        if last >= 0:
            block += end == "paragraph"
            verse += end == "verse"
            end = own
        for k, piece in enumerate(line):
            hyphen: Literal["", "weak", "strong"] = ""
            if k == last and own in JOINED and texts[k][-1] in HYPHENS:
                hyphen = "weak" if own == "soft" else "strong"
            placed[piece] = Set(piece, block, verse, joins_at is not None, joins_at if last >= 0 else None, hyphen,
                                end in JOINED)
        if last >= 0:
            joins_at = line[last].span.end if own in JOINED else None
    return Setting(placed, tuple(_blocks(draft, list(placed.values()), [text for texts in told for text in texts])))


def _ends(draft: Draft, lines: Iterable[Sequence[Line]], told: list[list[str]]) -> list[LineEnd | None]:
    """How each line that keeps letters ends; none for the last of them, and for lines that keep none."""
    ends: list[LineEnd | None] = []
    kept: int | None = None
    for k, (line, texts) in enumerate(zip(lines, told, strict=True)):
        end = draft.line_end(line[-1])
        ends.append(end if any(texts) else None)
        if any(texts):
            kept = k
        elif kept is not None and end == "paragraph":
            ends[kept] = end
    if kept is not None:
        ends[kept] = None
    return ends


def _blocks(draft: Draft, placed: list[Set], texts: list[str]) -> Iterable[Block]:
    marked = Marked(draft, *BLOCK_KINDS)
    start = 0
    for k in range(1, len(placed) + 1):
        if k < len(placed) and placed[k].block == placed[start].block:
            continue
        named = next((j for j in range(start, k) if texts[j]), start)
        mark = marked.at(placed[named].line.span.start)
        kind: Kind = next((one for one in KINDS if mark and one == mark.kind), "paragraph")
        in_verse = kind == "verse" or placed[start].verse != placed[k - 1].verse
        if in_verse and kind in ("byline", "paragraph"):  # a byline holds no verses, a paragraph of them is verse
            kind = "heading" if kind == "byline" else "verse"
        depth = mark.value if mark and isinstance(mark.value, int) and not isinstance(mark.value, bool) else 1
        yield Block(kind, min(max(depth, 1), DEEPEST), in_verse, placed[start].line, placed[k - 1].line)
        start = k


class Marked:
    """Which mark of some kinds covers a place: of several the last, and none where that takes it back."""

    def __init__(self, draft: Draft, *kinds: str) -> None:
        marks = [mark for mark in draft.marks if mark.kind in kinds]
        self.bounds = sorted({offset for mark in marks for span in mark.spans for offset in span})
        self.marks: list[Mark | None] = [None] * len(self.bounds)
        for mark in marks:
            for start, end in mark.spans:
                for k in range(bisect_left(self.bounds, start), bisect_left(self.bounds, end)):
                    self.marks[k] = None if mark.value in UNDONE else mark

    def at(self, offset: int) -> Mark | None:
        k = bisect_right(self.bounds, offset) - 1
        return self.marks[k] if k >= 0 else None
