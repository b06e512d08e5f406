"""Proves from the files of a run alone that nothing was lost, changed without an entry, or tampered with since.

Three proofs, each on its own: the checksums that `run.json` seals; what the TEI says, read as anybody would read it,
against the texts and the log; and every file made again from the witness and the entries.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

from pipeline import __version__, entries
from pipeline.draft import Draft
from pipeline.emit.metadata import Metadata
from pipeline.emit.schema import violations
from pipeline.emit.tei_reading import App, Text, apps, classes, copies, dangling, text_of, witness_bytes
from pipeline.errors import Refused
from pipeline.log import Row
from pipeline.model import Witness
from pipeline.writing import TEXTS, UNSEALED, counts, dumped, ended, seal, source_name, written

PROFILES = ("edition.xml", "edition-choice.xml")
CONTRACT = frozenset({
    *TEXTS, *PROFILES, "corrections.jsonl", "queries.jsonl", "entries.jsonl", "order.json", "apparatus.tsv",
    "corrections.diff", "diff.html", "index.html",
})

Files = dict[str, bytes]


class Finding(NamedTuple):
    """What does not hold, and of which file."""

    file: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}: {self.says}"


def verify(folder: Path, *, again: bool = True) -> tuple[Finding, ...]:
    """What does not hold of the files of a run; nothing where all is proved.

    `again` makes every file a second time from the witness and the entries and compares, byte for byte. It can only be
    done by the version that wrote them; with another, checksums and readings are all there is. Raises `Refused` where
    the folder is not what a run wrote.
    """
    if not (folder / "run.json").is_file():
        raise Refused(f"{folder} is not what a run wrote: it has no run.json; name the folder given to --out")
    findings: list[Finding] = []
    said = _said(folder, findings)
    if said is None:
        return tuple(findings)
    files = _sealed(folder, said, findings)
    proofs: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        (source_name(said["witness"]["siglum"]), lambda: _bytes_come_back(files, said)),
        *((name, lambda name=name: _reads_as_the_texts(files, name)) for name in PROFILES),
        *((name, lambda name=name: _the_log_agrees(files, name)) for name in PROFILES),
        ("corrections.jsonl", lambda: _the_log_quotes(files, said)),
        ("edition.xml", lambda: _schema_and_pointers_hold(files)),
    ]
    if again and said["tool"]["version"] == __version__:
        proofs.append(("entries.jsonl", lambda: _made_again(files, said)))
    for name, proof in proofs:
        try:
            findings += proof()
        except Exception as why:  # a file somebody has changed may break any reader, and that is the finding
            findings.append(Finding(name, f"cannot be read as a run writes it ({type(why).__name__}: {why})"))
    return tuple(dict.fromkeys(findings))


def _said(folder: Path, findings: list[Finding]) -> dict[str, Any] | None:
    """What `run.json` says, if it can be understood."""
    try:
        raw = (folder / "run.json").read_bytes()
        said = json.loads(raw)
        if said["seal"] != seal(said) or dumped(said) != raw:
            findings.append(Finding("run.json", "has been changed since the run: its seal does not fit what it says"))
        if not all(isinstance(said[name], dict) for name in ("witness", "files", "metadata", "tool")):
            raise TypeError("a table is missing")
        if not isinstance(said["witness"]["siglum"], str) or not isinstance(said["tool"]["version"], str):
            raise TypeError("siglum or version is no string")
    except (OSError, ValueError, KeyError, TypeError) as why:
        findings.append(Finding("run.json", f"cannot be read as a run writes it ({type(why).__name__}: {why})"))
        return None
    return dict(said)


def _sealed(folder: Path, said: dict[str, Any], findings: list[Finding]) -> Files:
    """The files as they are, with a finding for each that is missing or is not what the run wrote."""
    files: Files = {}
    for name in sorted({*CONTRACT, source_name(said["witness"]["siglum"]), *said["files"]}):
        path = folder / name
        try:
            files[name] = path.read_bytes()
        except OSError:
            findings.append(Finding(name, "is missing"))
            continue
        if name not in said["files"]:
            findings.append(Finding(name, "is not among the files that run.json seals"))
        elif hashlib.sha256(files[name]).hexdigest() != said["files"][name]:
            findings.append(Finding(name, "has been changed since the run: its checksum is not the one in run.json"))
    if UNSEALED in said["files"]:
        findings.append(Finding("run.json", f"seals {UNSEALED}, which no run does"))
    return files


# --- what the files say ----------------------------------------------------------------------------------------------


def _witness(files: Files, said: dict[str, Any]) -> Witness:
    told = said["witness"]
    raw = witness_bytes(files[source_name(told["siglum"])])
    return Witness(told["siglum"], told["name"], told["encoding"], raw.decode(told["encoding"]))


def _bytes_come_back(files: Files, said: dict[str, Any]) -> Iterator[Finding]:
    name = source_name(said["witness"]["siglum"])
    raw = witness_bytes(files[name])
    if hashlib.sha256(raw).hexdigest() != said["witness"]["sha256"] or len(raw) != said["witness"]["bytes"]:
        yield Finding(name, "does not give the bytes of the witness back")


def _reads_as_the_texts(files: Files, name: str) -> Iterator[Finding]:
    """The texts, read from the TEI by witness, are those written out."""
    for text in TEXTS:
        if ended(text_of(files[name], cast(Text, text.removesuffix(".txt")))) != files[text].decode("utf-8"):
            yield Finding(name, f"does not read as {text} does")


def _rows(files: Files, name: str) -> list[Row]:
    return [json.loads(line) for line in files[name].decode("utf-8").split("\n") if line]


def _the_log_quotes(files: Files, said: dict[str, Any]) -> Iterator[Finding]:
    """Every entry quotes its source, and each has an id of its own."""
    text = _witness(files, said).text
    rows = _rows(files, "corrections.jsonl")
    for row in rows:
        for edit in row["edits"]:
            start, end = edit["span"]
            if text[start:end] != edit["old"] or not 0 <= start < end:
                yield Finding("corrections.jsonl", f"{row['id']} does not quote the witness")
        if (copy := row.get("copy")) and _letters(copy["reading"]) != _letters(
            "".join(text[start:end] for start, end in copy["spans"])
        ):
            yield Finding("corrections.jsonl", f"{row['id']} does not quote its copy")
    if len({row["id"] for row in rows}) != len(rows):
        yield Finding("corrections.jsonl", "has an id twice")


def _letters(text: str) -> str:
    """A text without the white in it: where lines end is of no reading."""
    return "".join(text.split())


def _the_log_agrees(files: Files, name: str) -> Iterator[Finding]:
    """The TEI has each row of the log as the row says it has, and no others."""
    rows = {row["id"]: row for row in _rows(files, "corrections.jsonl")}
    unsaid = ("none",) if name == "edition.xml" else ("none", "rdg")  # choice names no witnesses
    wanted = {row["id"]: row["tei"] for row in rows.values() if row["tei"] not in unsaid}
    wanted |= {row["id"]: "note" for row in _rows(files, "queries.jsonl")}
    there = classes(files[name])
    for key in sorted(wanted.keys() | there.keys()):
        if wanted.get(key) != there.get(key):
            yield Finding(name, f"has {there.get(key, 'nothing')} for {key}, the log {wanted.get(key, 'nothing')}")
    pieces: defaultdict[str, list[App]] = defaultdict(list)
    for app in apps(files[name]):
        pieces[app.row].append(app)
    for key in sorted(pieces.keys() & rows.keys()):
        yield from _agree(name, rows[key], pieces[key])
    for one in copies(files[name]):
        row = rows.get(one.row, {})
        if (one.siglum.rpartition(".")[2], one.received, one.reading) != _copy(row):
            yield Finding(name, f"reads otherwise than the log at {one.row}")


def _copy(row: Row) -> tuple[str, str, str] | None:
    """What a row says of another copy: which it is, what is received, what it reads."""
    copy = row.get("copy")
    return (copy["siglum"].rpartition(".")[2], row["source"], copy["reading"]) if copy else None


def _agree(name: str, row: Row, pieces: list[App]) -> Iterator[Finding]:
    """The entries of the TEI read, are certain and are answered for as their row says."""
    if Counter(app.lem for app in pieces) - Counter(edit["new"] for edit in row["edits"]):  # a twin's are not shown
        yield Finding(name, f"reads otherwise than the log at {row['id']}")
    for app in pieces:
        if (app.cert, app.fault) != (row["certainty"], row["fault"]):
            yield Finding(name, f"says other than the log of the fault or certainty of {row['id']}")
        if row["resp"] and not any(pointer.endswith(row["resp"]) for pointer in app.resp):
            yield Finding(name, f"does not name {row['resp']} at {row['id']}")


def _schema_and_pointers_hold(files: Files) -> Iterator[Finding]:
    documents = {name: content for name, content in files.items() if name.endswith(".xml")}
    for name, content in documents.items():
        yield from (Finding(name, broken) for broken in violations(content))
    yield from (Finding("edition.xml", f"a pointer leads nowhere: {pointer}") for pointer in dangling(documents))


def _made_again(files: Files, said: dict[str, Any]) -> Iterator[Finding]:
    """Every file, made from the witness and the entries a second time, is the file that is there."""
    draft = Draft(_witness(files, said), entries.read(files["entries.jsonl"].decode("utf-8")))
    made, rows = written(draft, _metadata(said["metadata"]))
    for name in sorted(made):
        if files.get(name) != made[name]:
            yield Finding(name, "is not what the witness and the entries make of it")
    if said["counts"] != counts(draft, rows):
        yield Finding("run.json", "does not count what there is")


def _metadata(told: dict[str, Any]) -> Metadata:
    return Metadata(**{name: _tuples(value) for name, value in told.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
