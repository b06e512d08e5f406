"""A run: from a source and the editor's decisions to every file of the contract, or to nothing at all."""

import hashlib
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import __version__, decisions, edition_file, log
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.edition_file import EditionFile
from pipeline.emit.apparatus import apparatus, compare
from pipeline.emit.diff import corrections_diff, diff_html
from pipeline.emit.html import index_html
from pipeline.emit.metadata import Metadata
from pipeline.emit.orders import order_json
from pipeline.emit.source import source_xml
from pipeline.emit.tei import edition_xml
from pipeline.errors import Broken, Refused
from pipeline.language import language
from pipeline.model import Correction, Entry, Imposition, Level, Mark, Query, Verdict, Witness
from pipeline.receive import receive
from pipeline.rulebook import rulebook
from pipeline.stages import Stage
from pipeline.stages.decide import decide
from pipeline.stages.order import order
from pipeline.stages.pages import pages
from pipeline.stages.reflow import reflow
from pipeline.stages.repair import repair
from pipeline.verify import seal, verify
from pipeline.view import view

STAGES: tuple[Stage, ...] = (pages, order, reflow, repair, decide)
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What a run came to: the draft, where its files are, and how the apparatus differs from the one accepted."""

    draft: Draft
    metadata: Metadata
    out: Path
    rows: tuple[dict[str, Any], ...]
    differs: tuple[str, ...] = ()


def kind_of(entry: Entry) -> str:
    """The name by which a stage declares that it may add this entry."""
    if isinstance(entry, Mark):
        return entry.kind
    return {Correction: "correction", Query: "query", Verdict: "verdict"}[type(entry)]


def checked(stages: Sequence[Stage]) -> Sequence[Stage]:
    """The stages, once it is sure that each comes after those it needs."""
    for k, stage in enumerate(stages):
        if missing := set(stage.needs) - {earlier.name for earlier in stages[:k]}:
            raise Broken(f"stage {stage.name} needs {', '.join(sorted(missing))} before it")
    return stages


def drafted(
    witness: Witness, desk: Desk, stages: Sequence[Stage] = STAGES, tell: Tell = lambda stage: None
) -> tuple[Draft, dict[str, float]]:
    """The draft that the stages make of a witness, and the seconds each took."""
    draft, took = Draft(witness), {}
    for stage in checked(stages):
        tell(stage.name)
        begun = time.perf_counter()
        entries = tuple(stage(draft, desk))
        if strange := {kind_of(entry) for entry in entries} - stage.adds:
            raise Broken(f"stage {stage.name} may not add {', '.join(sorted(strange))}")
        draft = draft.add(entries)
        took[stage.name] = round(time.perf_counter() - begun, 3)
    return draft, took


def edition(
    source: Path | str, out: Path | None = None, *, with_decisions: bool = True, encoding: str | None = None,
    accept: bool = False, rules: Path | None = None, witness: Path | None = None, tell: Tell = lambda stage: None,
) -> Result:
    """Make the edition of a source (a file, `-` for standard input) or of an edition's folder.

    Writes every file of a run to `out` (of a folder, by default, its `out/`), verified before anything is replaced.
    Raises `Refused` where the source, the rules or the decisions are at fault.
    """
    home = edition_file.read(Path(source)) if source != "-" and Path(source).is_dir() else None
    if home is None and out is None:
        raise Refused("say where the edition is to be written: --out DIR")
    target = out if out is not None else home.folder / "out"  # type: ignore[union-attr]
    read = _witness(home, witness, encoding) if home else receive(source, encoding=encoding)
    book = rulebook(rules, *(home.own_rules if home else ()), without=home.without if home else ())
    said = decisions.read(home.folder / "decisions.jsonl", read) if home and with_decisions else ()
    metadata = home.metadata if home else Metadata(title=Path(read.name).stem or read.name)
    desk = Desk(language(metadata.language), book, home.names if home else frozenset(), tuple(said))
    if home:
        desk = replace(desk, settings=home.settings)
    draft, took = drafted(read, desk, tell=tell)
    tell("write")
    files, rows = written(draft, metadata)
    files["run.json"] = _run_json(draft, desk, rows, files)
    _put(target, files, took)
    locked = home.folder / "apparatus.tsv" if home and with_decisions and out is None else None
    return Result(draft, metadata, target, tuple(rows), _compare(locked, files["apparatus.tsv"].decode(), accept))


def _witness(home: EditionFile, given: Path | None, encoding: str | None) -> Witness:
    path = given or home.witness
    if not given and not path.exists():
        raise Refused(home.how_to_add)
    read = receive(path, siglum=home.siglum, encoding=encoding or home.encoding)
    if home.sha256 and read.sha256 != home.sha256:
        raise Refused(f"{path} is not the witness of edition {home.name}: its sha256 is {read.sha256[:12]}…, "
                      f"expected {home.sha256[:12]}…; decisions are addressed to that file and no other")
    return read


def written(draft: Draft, metadata: Metadata) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """The files of a run but `run.json`, by name, and the rows of the log."""
    rows = log.corrections(draft)
    texts = {
        "received.txt": _ended(view(draft, Level.RECEIVED).text),
        "diplomatic.txt": _ended(view(draft, Level.DIPLOMATIC).text),
        "reading.txt": _ended(view(draft, Level.CRITICAL, joined=True).text),
        "notes.txt": _ended(view(draft, Level.CRITICAL, "notes", joined=True).text),
        "corrections.jsonl": log.jsonl(rows),
        "queries.jsonl": log.jsonl(log.queries(draft)),
        "order.json": order_json(draft),
        "apparatus.tsv": apparatus(rows),
        "corrections.diff": corrections_diff(draft),
        "diff.html": diff_html(draft, metadata.title),
        "index.html": index_html(draft, metadata),
    }
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    files["edition.xml"] = edition_xml(draft, metadata, profile="app")
    files["edition-choice.xml"] = edition_xml(draft, metadata, profile="choice")
    files[f"source-{draft.witness.siglum}.xml"] = source_xml(draft)
    return files, rows


def _ended(text: str) -> str:
    return text + "\n" if text else ""


def _run_json(draft: Draft, desk: Desk, rows: list[dict[str, Any]], files: dict[str, bytes]) -> bytes:
    witness = draft.witness
    said: dict[str, Any] = {
        "tool": {"name": "corrigenda", "version": __version__},
        "witness": {"siglum": witness.siglum, "name": witness.name, "encoding": witness.encoding,
                    "sha256": witness.sha256, "bytes": len(witness.bytes)},
        "settings": {"ceiling": desk.settings.ceiling.name.lower(), "order_margin": desk.settings.order_margin},
        "rules": {"sha256": desk.rules.checksum},
        "language": {"code": desk.language.code, "sha256": desk.language.checksum},
        "decisions": len(desk.decisions),
        "counts": {
            "pages": len(draft.pages),
            "corrections": dict(sorted(Counter(f"{row['category']} {row['status']}" for row in rows).items())),
            "queries": len(draft.queries),
        },
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    said["seal"] = seal(said)
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _put(target: Path, files: dict[str, bytes], took: dict[str, float]) -> None:
    """Write the files aside, verify them, and only then put them in the place of the last run's."""
    if target.exists() and (not target.is_dir() or (any(target.iterdir()) and not (target / "run.json").is_file())):
        raise Refused(f"{target} holds something that is not an edition; name an empty or new folder with --out")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as why:
        raise Refused(f"{target} cannot be written: {why.strerror}") from None
    try:
        for name, content in files.items():
            (aside / name).write_bytes(content)
        begun = time.perf_counter()
        if findings := verify(aside).findings:
            raise Broken("the edition does not prove itself: " + "; ".join(str(finding) for finding in findings[:3]))
        took["verify"] = round(time.perf_counter() - begun, 3)
        (aside / "timings.json").write_text(json.dumps(took, indent=1) + "\n", encoding="utf-8")
        aside.chmod(0o755)
        before = aside.with_name(aside.name + "-before")
        if target.exists():
            target.rename(before)
        aside.rename(target)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as why:
        raise Refused(f"{target} cannot be written: {why.strerror or why}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _compare(locked: Path | None, now: str, accept: bool) -> tuple[str, ...]:
    """How the apparatus differs from the one that was accepted; accepting makes it the one that is."""
    if locked is None:
        return ()
    if accept or not locked.exists():
        locked.write_text(now, encoding="utf-8", newline="")
        return ()
    return tuple(compare(locked.read_text(encoding="utf-8"), now))


def new(source: Path, folder: Path, *, title: str = "", encoding: str | None = None) -> Path:
    """Begin an edition of a source: a folder with the witness, `edition.toml` and lists still empty."""
    if folder.exists():
        raise Refused(f"{folder} is there already; name another folder")
    witness = receive(source, encoding=encoding)
    file = f"witness/{Path(witness.name).name}"
    (folder / "witness").mkdir(parents=True)
    (folder / file).write_bytes(witness.bytes)
    said = edition_file.toml(title or Path(witness.name).stem, file, witness.sha256, witness.encoding)
    (folder / "edition.toml").write_text(said, encoding="utf-8")
    (folder / "names.txt").write_text("# One right word a line: names and terms the language evidence does not know.\n",
                                      encoding="utf-8")
    (folder / "decisions.jsonl").write_text("", encoding="utf-8")
    return folder


def scheme_of(draft: Draft) -> Imposition | None:
    """The imposition found, if one was."""
    found: Iterable[Mark] = draft.marked("imposition")
    return next((mark.value for mark in found if isinstance(mark.value, Imposition)), None)
