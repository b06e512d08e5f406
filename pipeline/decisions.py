"""The editor's decisions, one line each in `decisions.jsonl`, addressed by place and quotation, never by an id."""

from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.model import Fault, Span

What = Literal[
    "accept", "reject", "emend", "stet", "crux", "answer", "join", "paragraph", "heading", "furniture",
    "page_end", "page_order", "note",
]
KINDS: tuple[What, ...] = get_args(What)


@dataclass(frozen=True)
class Decision:
    """One decision: when (ISO 8601), who (an editor's id), what, and of which place, quoted.

    `old` quotes the witness at `spans` (pieces joined by ` … `; for page_order the first words of each page); `new` is
    the reading for emend, accept and answer, the kind of line end for join, of furniture for furniture ("body" gives
    the letters back to the text), "" or "none" to undo a paragraph or heading.
    """

    when: str
    who: str
    what: What
    witness: str
    spans: tuple[Span, ...]
    old: str
    new: str = ""
    fault: Fault | None = None
    reason: str = ""
    line: int = 0  # where it stands in the file

    @property
    def name(self) -> str:
        """How the log and the TEI point to it."""
        return f"{self.when} {self.who} {self.what}"
