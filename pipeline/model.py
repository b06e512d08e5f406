"""The model: a witness that never changes, and the entries that accumulate about it.

All positions are code-point offsets into `Witness.text`, half-open, from 0. Because the witness never changes, an
offset is a permanent address. What the entries add up to is computed in `draft`, the texts in `view`.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Literal, NamedTuple

import regex

LINE_BREAK = regex.compile(r"\r\n|[\r\n\f]")
FILE_LINE_BREAK = regex.compile(r"\r\n|[\r\n]")  # a form feed ends no line of the file


class Span(NamedTuple):
    """A stretch of the witness; empty only in a mark (a line end at the end of a file), never in an edit."""

    start: int
    end: int


class Fault(IntEnum):
    """Who is corrected. The value is the level of the view in which the correction first shows."""

    RECOGNITION = 1  # the machine misread the page, or the text layer lost it
    PRINTING = 2  # the printer, typist or translator erred
    SPELLING = 3  # nobody erred; the spelling is of its time


class Level(IntEnum):
    """Which faults a view has corrected: each level holds those below it."""

    RECEIVED = 0
    DIPLOMATIC = 1
    CRITICAL = 2
    REGULAR = 3


class Band(IntEnum):
    """What a certainty is good for: `SAFE` and `LIKELY` are applied, `DOUBTFUL` is proposed only."""

    SAFE = 1
    LIKELY = 2
    DOUBTFUL = 3


SAFE_FROM, LIKELY_FROM = 0.97, 0.85


def band_of(certainty: float) -> Band:
    """The band of a calibrated certainty, before a rule or an edition lowers it.

    >>> band_of(0.99).name, band_of(0.9).name, band_of(0.4).name
    ('SAFE', 'LIKELY', 'DOUBTFUL')
    """
    if certainty >= SAFE_FROM:
        return Band.SAFE
    return Band.LIKELY if certainty >= LIKELY_FROM else Band.DOUBTFUL


class Evidence(NamedTuple):
    """One reason: its kind, one plain phrase a reader understands, and its weight in nats where it has one."""

    kind: str
    says: str
    weight: float = 0.0


class Candidate(NamedTuple):
    """A reading that might stand instead, with its certainty."""

    reading: str
    certainty: float


class Edit(NamedTuple):
    """Whole words of one line of one page, and what stands instead.

    `old` quotes the witness. `sic` quotes the level below the correction's fault where that differs from the witness.
    """

    span: Span
    old: str
    new: str
    sic: str | None = None

    @property
    def below(self) -> str:
        """What the level below reads at this place."""
        return self.old if self.sic is None else self.sic


@dataclass(frozen=True)
class Correction:
    """One decision on letters; its edits stand or fall together."""

    fault: Fault
    category: str
    rules: tuple[str, ...]
    edits: tuple[Edit, ...]
    certainty: float = 1.0
    ceiling: Band = Band.SAFE  # the lowest band its rule or edition allows
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    resp: str = ""  # the editor; empty where the rules alone answer for it
    decision: str = ""  # the line of decisions.jsonl it comes from

    @property
    def band(self) -> Band:
        return max(self.ceiling, band_of(self.certainty))

    @property
    def applies(self) -> bool:
        """Whether it takes force by itself; a doubtful one waits for the editor."""
        return self.band is not Band.DOUBTFUL

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(edit.span for edit in self.edits)


class Page(NamedTuple):
    """What is known of a page: its place in reading order (None until `order` has run), and where it lay."""

    n: int | None = None
    folio: str | None = None
    sheet: int | None = None
    side: str | None = None  # "A" or "B"
    position: str | None = None  # "left" or "right"; of four "upper left" and so on
    blank: bool = False
    missing: bool = False
    twin_of: int | None = None


class Imposition(NamedTuple):
    """The scheme the pages lay in, and the margin in nats to the best different reading order."""

    scheme: str
    margin: float


class Seam(NamedTuple):
    """Where one page runs on into the next; score and margin in nats."""

    from_n: int
    to_n: int
    score: float
    margin: float


LineEnd = Literal["space", "soft", "hard", "none", "verse", "paragraph"]
LINE_ENDS: tuple[LineEnd, ...] = ("space", "soft", "hard", "none", "verse", "paragraph")
Flow = Literal["body", "notes", "furniture", "twins", "repeats"]

# What a mark may say. Furniture, notes and repeats set the flow of the letters they cover; a furniture mark with the
# value "body" gives letters back to the body. A variant is what another copy reads: its spans are the place in the
# text, then where those other words stand; its value is which copy it is, from 2.
FLOW_OF_KIND: dict[str, Flow] = {"furniture": "furniture", "note": "notes", "repeat": "repeats"}
BLOCK_KINDS = ("heading", "byline", "quotation", "verse", "item", "paragraph")
MARK_KINDS = (
    "page", "line_end", "imposition", "seam", "variant", "crux", "stet", "remark", *FLOW_OF_KIND, *BLOCK_KINDS,
)

MarkValue = str | int | Page | Imposition | Seam | Span | None


@dataclass(frozen=True)
class Mark:
    """A statement that changes no letter. Of two marks of one kind at one place the later holds."""

    kind: str
    spans: tuple[Span, ...]
    value: MarkValue = None
    certainty: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    resp: str = ""
    decision: str = ""
    alternatives: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Query:
    """A doubt left for the editor."""

    spans: tuple[Span, ...]
    says: str
    candidates: tuple[Candidate, ...] = ()
    rule: str = ""
    evidence: tuple[Evidence, ...] = ()
    answered: str = ""  # the decision that settled it


@dataclass(frozen=True)
class Verdict:
    """An editor's word on a correction: `of` is its place in `Draft.entries`. Undoing is deciding again."""

    of: int
    accepted: bool
    resp: str
    decision: str = ""


Entry = Mark | Correction | Query | Verdict


@dataclass(frozen=True)
class Witness:
    """One transcription as received: its siglum, the name people know it by, its encoding, its text.

    `text.encode(encoding)` gives the bytes received; a byte-order mark is letter 0.

    >>> Witness("S1", "pamphlet.txt", "utf-8", "a\\r\\nb\\fc").line_number(5)
    2
    """

    siglum: str
    name: str
    encoding: str
    text: str

    @property
    def bytes(self) -> bytes:
        return self.text.encode(self.encoding)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.bytes).hexdigest()

    @cached_property
    def file_lines(self) -> tuple[int, ...]:
        """Where each line of the file begins, counting LF, CR and CRLF only."""
        return (0, *(match.end() for match in FILE_LINE_BREAK.finditer(self.text)))

    def line_number(self, offset: int) -> int:
        """The 1-based line of the file that holds this offset."""
        return bisect_right(self.file_lines, offset)
