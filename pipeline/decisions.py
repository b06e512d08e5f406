"""The editor's decisions, one line each in `decisions.jsonl`, addressed by place and quotation, never by an id."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import regex

from pipeline.errors import Refused
from pipeline.model import LINE_ENDS, Fault, Span, Witness

What = Literal[
    "accept", "reject", "emend", "stet", "crux", "answer", "join", "paragraph", "heading", "furniture",
    "page_end", "page_order", "note",
]
KINDS: tuple[What, ...] = get_args(What)
KEYS = {"when", "who", "what", "witness", "spans", "fault", "old", "new", "reason"}
NEEDED = KEYS - {"fault", "new", "reason"}
WITH_READING = ("accept", "emend", "answer", "join")  # what says nothing without `new`
QUOTES_ONLY_THE_BEGINNING = ("page_end", "page_order")
CLEARING = ("reject", "stet")
NONE = "none"  # in `new`: no paragraph, heading, page end here after all
APART = " … "  # between the quotations of distant pieces
DATE = regex.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True)
class Decision:
    """One decision: when (ISO 8601), who (an editor's id), what, and of which place, quoted.

    `old` quotes the witness at `spans`, pieces joined by ` … `; of page_end and page_order it quotes the first words of
    each page that begins there. `new` is the reading of accept, emend, answer and (where one is meant among several)
    reject, pieces joined likewise; of a join the kind of line end; of furniture what it is, or "body" to give the
    letters back to the text; "none" takes a paragraph, heading or page end away.
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
        """How the log and the TEI point to it.

        >>> Decision("2026-11-24", "ed.main", "stet", "S1", (Span(3, 7), Span(9, 10)), "tine … ,").name
        '2026-11-24 ed.main stet S1.3-10'
        """
        at = f".{self.spans[0].start}-{self.spans[-1].end}" if self.spans else ""
        return f"{self.when} {self.who} {self.what} {self.witness}{at}"

    @property
    def pieces(self) -> tuple[tuple[Span, str], ...]:
        """Each place with what is to be read there; where the reading is in one piece, the first place has it all."""
        parts = self.new.split(APART) if len(self.spans) > 1 else [self.new]
        parts += [""] * (len(self.spans) - len(parts))
        return tuple(zip(self.spans, parts, strict=True)) if len(parts) == len(self.spans) else ()


def read(path: Path, witness: Witness, editors: frozenset[str] | None = None) -> tuple[Decision, ...]:
    """The decisions of a file in the order of (when, place), so that two people's lines may be merged in any order.

    No file, no decisions. Raises `Refused`, naming the line, where one cannot be understood, is by nobody that the
    edition names, or does not quote the witness.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as why:
        raise Refused(f"{path} cannot be read: {why}; expected one JSON object a line, in UTF-8") from None
    found = [_decision(f"{path}, line {k}", k, line) for k, line in enumerate(lines, 1) if line.strip()]
    for one in found:
        where = f"{path}, line {one.line}: decision {one.name}"
        if editors is not None and one.who not in editors:
            raise Refused(f"{where} is by {one.who}, who is no editor of this edition; expected one of "
                          f"{', '.join(sorted(editors)) or 'none'} ([[editor]] in edition.toml)")
        _refuse_misquoted(where, one, witness)
    return tuple(sorted(found, key=_turn))


def _turn(one: Decision) -> tuple[object, ...]:
    """When its turn comes: of two on one place at one moment, what clears the place goes before what fills it."""
    return _moment(one.when), one.spans, one.what not in CLEARING, one.what, one.new, one.who, one.line


def written(decision: Decision) -> str:
    """A decision as its line of the file."""
    row: dict[str, Any] = {
        "when": decision.when, "who": decision.who, "what": decision.what, "witness": decision.witness,
        "spans": [list(span) for span in decision.spans], "old": decision.old,
    }
    if decision.new or decision.what in WITH_READING:
        row["new"] = decision.new
    if decision.fault:
        row["fault"] = decision.fault.name.lower()
    if decision.reason:
        row["reason"] = decision.reason
    return json.dumps(row, ensure_ascii=False) + "\n"


def _decision(where: str, number: int, line: str) -> Decision:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as why:
        raise Refused(f"{where} is not JSON ({why.msg} at column {why.colno}); expected one object a line") from None
    if not isinstance(row, dict) or not row.keys() >= NEEDED or not row.keys() <= KEYS:
        keys = row.keys() if isinstance(row, dict) else set()
        odd = [*(f"{key} is missing" for key in sorted(NEEDED - keys)), *(f"{key} is unknown" for key in
                                                                        sorted(keys - KEYS))]
        raise Refused(f"{where}: {', '.join(odd) or 'no object'}; a decision has {', '.join(sorted(NEEDED))}, and may "
                      f"have {', '.join(sorted(KEYS - NEEDED))}")
    for key in ("when", "who", "what", "witness", "old", "new", "reason", "fault"):
        if not isinstance(row.get(key, ""), str):
            raise Refused(f"{where}: {key} must be a string, not {row[key]!r}")
    if row["what"] not in KINDS:
        raise Refused(f"{where}: what = {row['what']!r}; expected one of {', '.join(KINDS)}")
    if not DATE.fullmatch(row["when"]) or _moment(row["when"]) is None:
        raise Refused(f"{where}: when = {row['when']!r}; expected a date such as 2026-11-24 or 2026-11-24T18:30:00Z")
    if not row["who"] or not row["witness"]:
        raise Refused(f"{where}: who and witness must not be empty")
    if row["what"] in WITH_READING and "new" not in row:
        raise Refused(f"{where}: {row['what']} needs new, the reading")
    if row["what"] == "join" and row["new"] not in LINE_ENDS:
        raise Refused(f"{where}: new = {row['new']!r} is no kind of line end; expected one of {', '.join(LINE_ENDS)}")
    fault = row.get("fault", "")
    if fault and fault.upper() not in Fault.__members__:
        raise Refused(f"{where}: fault = {fault!r}; expected one of {', '.join(f.name.lower() for f in Fault)}")
    return Decision(
        row["when"], row["who"], row["what"], row["witness"], _spans(where, row["spans"]), row["old"],
        row.get("new", ""), Fault[fault.upper()] if fault else None, row.get("reason", ""), number,
    )


def _moment(when: str) -> datetime | None:
    """When it was, in universal time; a day alone is its first moment. None for a day that never was."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _spans(where: str, given: object) -> tuple[Span, ...]:
    pairs = given if isinstance(given, list) else []
    if not pairs or not all(
        isinstance(pair, list) and len(pair) == 2 and all(type(at) is int for at in pair) and 0 <= pair[0] <= pair[1]
        for pair in pairs
    ):
        raise Refused(f"{where}: spans = {given!r}; expected a list of [start, end], offsets into the witness")
    return tuple(Span(*pair) for pair in pairs)


def _refuse_misquoted(where: str, decision: Decision, witness: Witness) -> None:
    """Stop at a decision that does not quote what the witness has in its place."""
    if decision.witness != witness.siglum:
        raise Refused(f"{where} is about witness {decision.witness}; this edition has {witness.siglum}")
    if any(span.end > len(witness.text) for span in decision.spans):
        raise Refused(f"{where}: its place lies behind the end of the witness ({len(witness.text)} letters)")
    if not decision.pieces and decision.what in ("accept", "emend", "answer"):
        raise Refused(f"{where}: new has more pieces than there are spans; pieces are joined by “{APART}”")
    if decision.what in QUOTES_ONLY_THE_BEGINNING:
        quoted = decision.old.split(APART) if decision.what == "page_order" else [decision.old]
        fits = len(quoted) == len(decision.spans) and all(
            words and witness.text.startswith(words, span.start)
            for words, span in zip(quoted, decision.spans, strict=True)
        )
        reads = APART.join(witness.text[span.start : span.start + 24] for span in decision.spans)
    else:
        reads = APART.join(_quotations(decision.spans, witness))
        fits = decision.old == reads
    if not fits:
        raise Refused(f"{where} no longer fits: it quotes “{decision.old}”, the witness has “{reads}” there")


def _quotations(spans: tuple[Span, ...], witness: Witness) -> Iterator[str]:
    return (witness.text[span.start : span.end] for span in spans)
