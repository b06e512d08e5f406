"""Explains an entry of the log to a person: what was read, what stands instead, why, by whom, and how certain."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import regex

from pipeline.errors import Refused
from pipeline.log import Row
from pipeline.rulebook import rulebook

FILES = ("corrections.jsonl", "queries.jsonl")
PLACE = regex.compile(r"(?:(\p{L}+\d+)\.)?(\d+)(?:-(\d+))?")
BANDS = {"safe": "safe", "likely": "likely, to be looked at first", "doubtful": "doubtful, so only proposed"}


def entries_at(folder: Path, name: str) -> list[Row]:
    """The rows of the log with this id, or at this place (`S1.102334`, `S1.102334-102341`, or the offset alone).

    Raises `Refused` where the folder is not what a run wrote, or has nothing there.
    """
    rows: list[Row] = []
    for file in FILES:
        try:
            lines = (folder / file).read_text(encoding="utf-8").splitlines()
            rows += [json.loads(line) for line in lines]
        except (OSError, UnicodeDecodeError, json.JSONDecodeError):
            raise Refused(f"{folder} is not what a run wrote: it has no {file} that can be read; name the folder given "
                          "to --out") from None
    found = [row for row in rows if row["id"] == name]
    if not found and (place := PLACE.fullmatch(name)):
        start = int(place[2])
        end = int(place[3]) if place[3] else start + 1
        found = [row for row in rows if place[1] in (None, row["witness"])
                 and any(a < max(end, start + 1) and start < max(b, a + 1) for a, b in row["spans"])]
    if not found:
        raise Refused(f"{folder} has no entry {name}; the ids stand in {' and '.join(FILES)}, and a place is written "
                      "S1.102334")
    return found


def told(rows: Iterable[Row], rules: Path | None = None) -> Iterator[str]:
    """The rows in lines that can be read."""
    known = rulebook(rules).by_id
    for row in rows:
        says = {name: known[name].says for name in row.get("rules") or () if name in known}
        yield from _told(row, says)
        yield ""


def sentence(evidence: Sequence[Row]) -> str:
    """The reasons of an entry as one plain sentence, without the damage, that the rule names already.

    >>> sentence([{"kind": "lexicon", "says": "“tbe” is no known word"}, {"kind": "damage", "says": "h was read as b"}])
    '“tbe” is no known word.'
    """
    says = "; ".join(one["says"] for one in evidence if one["kind"] != "damage")
    return says and says + "."


def _told(row: Row, says: dict[str, str]) -> Iterator[str]:
    yield row["id"]
    where = f"page {row['page']}" + (f" (printed {row['folio']})" if row["folio"] else "")
    yield f"  where      {where}, line {row['line']} of the file"
    if "says" in row:
        yield f"  asked      {row['says']}"
    else:
        left_out = "left out of the text" if row["category"] == "furniture" else "(nothing)"
        yield f"  reads      {row['source']} → {row['corr'] or left_out}"
        if copy := row.get("copy"):
            yield f"  {copy['siglum']:<9}  {copy['reading']}"
        if row["sic"] != row["source"]:
            yield f"  the print  {row['sic']}"
        if row["fault"]:
            yield f"  fault      {row['fault']}, {row['category']}"
    for name, because in says.items():
        yield f"  because    {because} ({name})"
    if why := sentence(row["evidence"]):
        yield f"  why        {why}"
    if "certainty" in row:
        yield f"  certain    {row['certainty']:g}: {BANDS[row['band']]}"
        by = f" by {row['resp']}" if row["resp"] else ""
        yield f"  status     {row['status']}{by}" + (f", {row['decision']}" if row["decision"] else "")
    if row["candidates"]:
        others = ", ".join(f"{one['reading']} ({one['certainty']:g})" for one in row["candidates"])
        yield f"  readings   {others}"
