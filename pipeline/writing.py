"""What a run writes: every file of the contract computed from the draft, put in place all together or not at all."""

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline import __version__, entries, log
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.emit.apparatus import apparatus
from pipeline.emit.diff import corrections_diff, diff_html
from pipeline.emit.html import index_html
from pipeline.emit.metadata import Metadata
from pipeline.emit.orders import order_json
from pipeline.emit.source import source_xml
from pipeline.emit.tei import edition_xml
from pipeline.errors import Refused
from pipeline.log import Row
from pipeline.model import Level
from pipeline.view import view

UNSEALED = "timings.json"  # what varies from run to run
ORDER_PAGE = "order.html"  # what `corrigenda order` puts beside a run, or where one will be
TEXTS: dict[str, Callable[[Draft], str]] = {
    "received.txt": lambda draft: view(draft, Level.RECEIVED).text,
    "diplomatic.txt": lambda draft: view(draft, Level.DIPLOMATIC).text,
    "reading.txt": lambda draft: view(draft, Level.CRITICAL, joined=True).text,
    "notes.txt": lambda draft: view(draft, Level.CRITICAL, "notes", joined=True).text,
}


def source_name(siglum: str) -> str:
    """The name of the file that a witness comes back from."""
    return f"source-{siglum}.xml"


def written(draft: Draft, metadata: Metadata) -> tuple[dict[str, bytes], list[Row]]:
    """The files of a run but `run.json` by name, and the rows of the log."""
    rows = log.corrections(draft)
    texts = {name: ended(made(draft)) for name, made in TEXTS.items()} | {
        "corrections.jsonl": log.jsonl(rows),
        "queries.jsonl": log.jsonl(log.queries(draft)),
        "entries.jsonl": entries.jsonl(draft.entries),
        "order.json": order_json(draft),
        "apparatus.tsv": apparatus(rows),
        "corrections.diff": corrections_diff(draft),
        "diff.html": diff_html(draft, metadata.title),
        "index.html": index_html(draft, metadata),
    }
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    files["edition.xml"] = edition_xml(draft, metadata, profile="app")
    files["edition-choice.xml"] = edition_xml(draft, metadata, profile="choice")
    files[source_name(draft.witness.siglum)] = source_xml(draft)
    return files, rows


def ended(text: str) -> str:
    """A text as a file: with a line end after its last line, or empty."""
    return text + "\n" if text else ""


def run_json(draft: Draft, metadata: Metadata, desk: Desk, rows: list[Row], files: Mapping[str, bytes]) -> bytes:
    """`run.json`: what the run was made of and with, and the checksum of every file, sealed by its own."""
    witness = draft.witness
    said: dict[str, Any] = {
        "tool": {"name": "corrigenda", "version": __version__},
        "witness": {"siglum": witness.siglum, "name": witness.name, "encoding": witness.encoding,
                    "sha256": witness.sha256, "bytes": len(witness.bytes)},
        "metadata": asdict(metadata),
        "settings": {"ceiling": desk.settings.ceiling.name.lower(), "order_margin": desk.settings.order_margin},
        "rules": {"sha256": desk.rules.checksum},
        "language": {"code": desk.language.code, "sha256": desk.language.checksum},
        "decisions": len(desk.decisions),
        "counts": counts(draft, rows),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    said["seal"] = seal(said)
    return dumped(said)


def dumped(said: Mapping[str, Any]) -> bytes:
    """What `run.json` says, as its bytes."""
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def counts(draft: Draft, rows: list[Row]) -> dict[str, Any]:
    """How many pages, queries, and corrections of each category and status there are."""
    corrections = Counter(f"{row['category']} {row['status']}" for row in rows)
    return {"pages": len(draft.pages), "corrections": dict(sorted(corrections.items())), "queries": len(draft.queries)}


def seal(said: Mapping[str, Any]) -> str:
    """The checksum of all that `run.json` says besides it."""
    rest = {name: value for name, value in said.items() if name != "seal"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode("utf-8")).hexdigest()


@contextmanager
def replacing(target: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Write the files aside; when the block is left without an exception they stand in the place of the last run's.

    Raises `Refused` where `target` holds something that no run wrote, or cannot be written.
    """
    strange = not target.is_dir() or {path.name for path in target.iterdir()} - {ORDER_PAGE} if target.exists() else ()
    if strange and not (target / "run.json").is_file():
        raise Refused(f"{target} holds something that is not an edition; name an empty or new folder with --out")
    aside: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        for name, content in files.items():
            (aside / name).write_bytes(content)
        yield aside
        aside.chmod(0o755)
        before = aside.with_name(aside.name + "-before")
        if target.exists():
            target.rename(before)
        aside.rename(target)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as why:
        raise Refused(f"{target} cannot be written: {why.strerror or why}") from None
    finally:
        if aside:
            shutil.rmtree(aside, ignore_errors=True)


def write_aside(path: Path, content: bytes) -> None:
    """One file, written aside and then put in its place; its folder is made where it is wanting."""
    aside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        aside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        aside.chmod(0o644)
        aside.replace(path)
    except OSError as why:
        raise Refused(f"{path} cannot be written: {why.strerror or why}") from None
    finally:
        if aside:
            aside.unlink(missing_ok=True)
