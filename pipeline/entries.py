"""Entries as they were said, one JSON object a line, and back: with the witness they give every file again."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from pipeline.errors import Refused
from pipeline.model import (
    Band,
    Candidate,
    Correction,
    Edit,
    Entry,
    Evidence,
    Fault,
    Imposition,
    Mark,
    MarkValue,
    Page,
    Query,
    Seam,
    Span,
    Verdict,
)

Row = dict[str, Any]
VALUES: dict[str, type[Page] | type[Imposition] | type[Seam] | type[Span]] = {
    "page": Page, "imposition": Imposition, "seam": Seam, "place": Span,
}


def jsonl(entries: Iterable[Entry]) -> str:
    """The entries in the order in which they were said.

    >>> jsonl([Mark("line_end", (Span(3, 4),), "soft")])
    '{"certainty": 1.0, "entry": "mark", "kind": "line_end", "spans": [[3, 4]], "value": "soft"}\\n'
    """
    return "".join(
        json.dumps(_row(entry), ensure_ascii=False, sort_keys=True, allow_nan=True) + "\n" for entry in entries
    )


def read(text: str, name: str = "entries.jsonl") -> tuple[Entry, ...]:
    """The entries of such lines. Raises `Refused`, naming the line, for what is no entry."""
    found: list[Entry] = []
    for k, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        try:
            row = json.loads(line)
            found.append(READERS[row["entry"]](row))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as why:
            raise Refused(f"{name}, line {k} is no entry of a log ({type(why).__name__}: {why})") from None
    return tuple(found)


def _row(entry: Entry) -> Row:
    """An entry as an object; what is empty is left out."""
    if isinstance(entry, Verdict):
        return _full({"entry": "verdict", "of": entry.of, "accepted": entry.accepted, "resp": entry.resp,
                      "decision": entry.decision})
    if isinstance(entry, Query):
        return _full({"entry": "query", "spans": entry.spans, "says": entry.says, "candidates": entry.candidates,
                      "rule": entry.rule, "evidence": entry.evidence, "answered": entry.answered})
    shared = {"certainty": entry.certainty, "evidence": entry.evidence, "resp": entry.resp, "decision": entry.decision}
    if isinstance(entry, Mark):
        return _full({"entry": "mark", "kind": entry.kind, "spans": entry.spans, "value": _value(entry.value),
                      "alternatives": entry.alternatives, **shared})
    return _full({"entry": "correction", "fault": entry.fault.name.lower(), "category": entry.category,
                  "rules": entry.rules, "edits": entry.edits, "ceiling": entry.ceiling.name.lower(),
                  "candidates": entry.candidates, **shared})


def _full(row: Row) -> Row:
    return {key: value for key, value in row.items() if value not in ("", (), None)}


def _value(value: MarkValue) -> object:
    for name, kind in VALUES.items():
        if isinstance(value, kind):
            return {name: list(value)}
    return {"text": ""} if value == "" else value


def _mark(row: Row) -> Mark:
    value = row.get("value")
    if isinstance(value, dict):
        (name, fields), = value.items()
        value = fields if name == "text" else VALUES[name](*fields)
    return Mark(row["kind"], _spans(row), value, row["certainty"], _evidence(row), row.get("resp", ""),
                row.get("decision", ""), _candidates(row, "alternatives"))


def _correction(row: Row) -> Correction:
    edits = tuple(Edit(Span(*span), old, new, sic) for span, old, new, sic in row.get("edits", ()))
    return Correction(
        Fault[row["fault"].upper()], row.get("category", ""), tuple(row.get("rules", ())), edits, row["certainty"],
        Band[row["ceiling"].upper()], _evidence(row), _candidates(row, "candidates"), row.get("resp", ""),
        row.get("decision", ""),
    )


def _query(row: Row) -> Query:
    return Query(_spans(row), row.get("says", ""), _candidates(row, "candidates"), row.get("rule", ""),
                 _evidence(row), row.get("answered", ""))


def _verdict(row: Row) -> Verdict:
    return Verdict(row["of"], row["accepted"], row.get("resp", ""), row.get("decision", ""))


READERS: dict[str, Callable[[Row], Entry]] = {
    "mark": _mark, "correction": _correction, "query": _query, "verdict": _verdict,
}


def _spans(row: Row) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in row.get("spans", ()))


def _evidence(row: Row) -> tuple[Evidence, ...]:
    return tuple(Evidence(*one) for one in row.get("evidence", ()))


def _candidates(row: Row, key: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(*one) for one in row.get(key, ()))
