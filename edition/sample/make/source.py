"""Reads text.md: the pamphlet as its blocks, each of runs that say what is set and what is meant."""

import re
from pathlib import Path
from typing import NamedTuple

RUN = re.compile(r"\[\^(?P<note>\d+)\]|\*(?P<em>[^*]+)\*|\{(?P<sic>[^|}]*)\|(?P<corr>[^}]*)\}")
COMMENT = re.compile(r"<!--.*?-->\s*", re.S)
NOTE = re.compile(r"\[\^(\d+)\]: (.*)")
KINDS = (("## ", "heading"), ("# ", "title"), ("> ", "quotation"), ("| ", "verse"))
MARKS = "*†‡§"


class Run(NamedTuple):
    """A piece of a block: what the print sets, what it means, whether in italics, and the note it calls, if any."""

    print: str
    meant: str
    italic: bool = False
    note: int = 0


class Block(NamedTuple):
    """A heading, paragraph, list entry, quotation, or a stanza (one run list a line)."""

    kind: str
    lines: tuple[tuple[Run, ...], ...]

    @property
    def reading(self) -> str:
        """The block as the reading text has it: as meant, without the marks of notes."""
        return "\n".join("".join(run.meant for run in line) for line in self.lines)


class Pamphlet(NamedTuple):
    blocks: tuple[Block, ...]
    notes: dict[int, Block]


def runs(text: str) -> tuple[Run, ...]:
    r"""The runs of one line of source.

    >>> [run.meant for run in runs("it was {recieved|received} *gladly*.[^1]")]
    ['it was ', 'received', ' ', 'gladly', '.', '']
    """
    found, at = [], 0
    for match in RUN.finditer(text):
        if before := text[at : match.start()]:
            found.append(Run(before, before))
        if match["note"]:
            found.append(Run("", "", note=int(match["note"])))
        elif match["em"]:
            found.append(Run(match["em"], match["em"], italic=True))
        else:
            found.append(Run(match["sic"], match["corr"]))
        at = match.end()
    rest = text[at:]
    return (*found, Run(rest, rest)) if rest else tuple(found)


def pamphlet(path: Path) -> Pamphlet:
    """The whole pamphlet, from its source."""
    blocks: list[Block] = []
    notes: dict[int, Block] = {}
    for chunk in re.split(r"\n\s*\n", COMMENT.sub("", path.read_text("utf-8")).strip()):
        if note := NOTE.match(chunk):
            notes[int(note[1])] = Block("note", (runs(note[2]),))
            continue
        kind, start = next(((kind, start) for start, kind in KINDS if chunk.startswith(start)), ("paragraph", ""))
        if kind == "paragraph" and re.match(r"\d+\. ", chunk):
            kind = "entry"
        lines = tuple(runs(line.removeprefix(start)) for line in chunk.split("\n"))
        blocks.append(Block(kind, lines))
    return Pamphlet(tuple(blocks), notes)
