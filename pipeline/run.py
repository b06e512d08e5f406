"""A run: from a source and the editor's decisions to every file of the contract, or to nothing at all."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline import decisions, edition_file
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.edition_file import EditionFile
from pipeline.emit.apparatus import compare
from pipeline.emit.metadata import Metadata
from pipeline.emit.order_page import order_html
from pipeline.emit.pdf_sides import is_pdf, text_layer
from pipeline.errors import Broken, Refused
from pipeline.language import language
from pipeline.log import Row
from pipeline.model import Correction, Entry, Mark, Query, Verdict, Witness
from pipeline.receive import receive
from pipeline.rulebook import rulebook
from pipeline.stages import Stage
from pipeline.stages.decide import decide
from pipeline.stages.order import order
from pipeline.stages.pages import pages
from pipeline.stages.reflow import reflow
from pipeline.stages.repair import repair
from pipeline.verify import verify
from pipeline.writing import UNSEALED, replacing, run_json, write_aside, written

STAGES: tuple[Stage, ...] = (pages, order, reflow, repair, decide)
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What a run came to: the draft, where its files are, and how the apparatus differs from the one accepted."""

    draft: Draft
    metadata: Metadata
    out: Path
    rows: tuple[Row, ...]
    differs: tuple[str, ...] = ()
    locked: Path | None = None


def kind_of(entry: Entry) -> str:
    """The name by which a stage declares that it may add this entry."""
    if isinstance(entry, Mark):
        return entry.kind
    return {Correction: "correction", Query: "query", Verdict: "verdict"}[type(entry)]


def checked(stages: Sequence[Stage]) -> Sequence[Stage]:
    """The stages, once it is sure that each comes after those it needs."""
    for k, stage in enumerate(stages):
        if missing := set(stage.needs) - {earlier.__name__ for earlier in stages[:k]}:
            raise Broken(f"stage {stage.__name__} needs {', '.join(sorted(missing))} before it")
    return stages


@contextmanager
def uncollected() -> Iterator[None]:
    """Without a search for values that hold each other: a run makes millions that stay, and hardly any of this kind."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


@uncollected()
def drafted(
    witness: Witness, desk: Desk, stages: Sequence[Stage] = STAGES, tell: Tell = lambda stage: None
) -> tuple[Draft, dict[str, float]]:
    """The draft that the stages make of a witness, and the seconds each took."""
    draft, took = Draft(witness), {}
    for stage in checked(stages):
        tell(stage.__name__)
        begun = time.perf_counter()
        said = tuple(stage(draft, desk))
        if strange := {kind_of(entry) for entry in said} - stage.adds:
            raise Broken(f"stage {stage.__name__} may not add {', '.join(sorted(strange))}")
        draft = draft.add(said)
        took[stage.__name__] = round(time.perf_counter() - begun, 3)
    return draft, took


@uncollected()
def edition(
    source: Path | str, out: Path | None = None, *, with_decisions: bool = True, encoding: str | None = None,
    accept: bool = False, rules: Path | None = None, witness: Path | None = None, spoken: str = "",
    tell: Tell = lambda stage: None,
) -> Result:
    """Make the edition of a source (a file, `-` for standard input) or of an edition's folder.

    Writes every file of a run to `out` (of a folder, by default, its `out/`), verified before anything is replaced.
    Raises `Refused` where the source, the rules or the decisions are at fault.
    """
    home = edition_file.read(Path(source)) if source != "-" and Path(source).is_dir() else None
    if home is None and out is None:
        raise Refused("say where the edition is to be written: --out DIR")
    if home and spoken:
        raise Refused(f"the language of an edition stands in its file: write it into {home.folder / 'edition.toml'}")
    if home is None and (accept or witness):
        raise Refused(f"{source} is a file: --accept and --witness belong to an edition's folder (corrigenda new)")
    target = out if out is not None else home.folder / "out"  # type: ignore[union-attr]
    desk, read, metadata = _laid_out(home, source, witness, encoding, rules, with_decisions, spoken)
    draft, took = drafted(read, desk, tell=tell)
    tell("write")
    begun = time.perf_counter()
    files, rows = written(draft, metadata)
    files["run.json"] = run_json(draft, metadata, desk, rows, files)
    took["write"] = round(time.perf_counter() - begun, 3)
    with replacing(target, files) as aside:
        begun = time.perf_counter()
        if findings := verify(aside, again=False):
            raise Broken("the edition does not prove itself: " + "; ".join(map(str, findings[:3])))
        took["verify"] = round(time.perf_counter() - begun, 3)
        (aside / UNSEALED).write_text(json.dumps(took, indent=1) + "\n", encoding="utf-8")
    locked = home.folder / "apparatus.tsv" if home and with_decisions and out is None else None
    differs = _compare(locked, files["apparatus.tsv"].decode(), accept)
    return Result(draft, metadata, target, tuple(rows), differs, locked)


def ordered(
    source: Path | str, *, with_decisions: bool = True, encoding: str | None = None, witness: Path | None = None,
    tell: Tell = lambda stage: None,
) -> tuple[Draft, Metadata, EditionFile | None]:
    """The pages of a source or of an edition put in order, and nothing more; with the edition, if it is one.

    The source may be a PDF, whose text layer is then taken: for its order, not as a witness to be edited.
    """
    home = edition_file.read(Path(source)) if source != "-" and Path(source).is_dir() else None
    if home is None and is_pdf(source):
        layer = text_layer(Path(source))
        desk, metadata = Desk(language("en"), rulebook()), Metadata(title=Path(source).stem)
        read = Witness("S1", Path(source).name, "utf-8", layer)
    else:
        desk, read, metadata = _laid_out(home, source, witness, encoding, None, with_decisions)
    draft, _ = drafted(read, desk, (pages, order), tell)
    return draft, metadata, home


def write_order_page(draft: Draft, metadata: Metadata, path: Path) -> None:
    """Write `order.html`, aside first; the lines it offers an editor are dated today and signed by the first editor."""
    who = next((editor for editor, _ in metadata.editors), "ed.main")
    page = order_html(draft, metadata.title, metadata.language, who, date.today().isoformat())
    write_aside(path, page.encode("utf-8"))


def _laid_out(
    home: EditionFile | None, source: Path | str, witness: Path | None, encoding: str | None, rules: Path | None,
    with_decisions: bool, code: str = "",
) -> tuple[Desk, Witness, Metadata]:
    """The desk, the witness and what is known of the work: rules and edition are checked before the text is read."""
    book = rulebook(rules, *(home.own_rules if home else ()), without=home.without if home else ())
    code = code or (home.metadata.language if home else "en")
    spoken = language(code)
    book = book.read_in(spoken.code, spoken.words_only)
    if home is None:
        read = receive(source, encoding=encoding)
        title = Path(read.name).stem or read.name
        return Desk(spoken, book), read, Metadata(title=title, language=code, evidence=spoken.about)
    read = _witness(home, witness, encoding)
    editors = frozenset(name for name, _ in home.metadata.editors)
    said = decisions.read(home.folder / "decisions.jsonl", read, editors) if with_decisions else ()
    about = replace(home.metadata, evidence=spoken.about)
    return Desk(spoken, book, home.names, said, home.settings), read, about


def _witness(home: EditionFile, given: Path | None, encoding: str | None) -> Witness:
    path = given or home.witness
    if not given and not path.exists():
        raise Refused(home.how_to_add)
    read = receive(path, siglum=home.siglum, encoding=encoding or home.encoding)
    if home.sha256 and read.sha256 != home.sha256:
        raise Refused(f"{path} is not the witness of edition {home.name}: its sha256 is {read.sha256[:12]}…, "
                      f"expected {home.sha256[:12]}…; decisions are addressed to that file and no other")
    return replace(read, name=home.witness.name)


def _compare(locked: Path | None, now: str, accept: bool) -> tuple[str, ...]:
    """How the apparatus differs from the one that was accepted; accepting makes it the one that is."""
    if locked is None:
        return ()
    if accept or not locked.exists():
        locked.write_text(now, encoding="utf-8", newline="")
        return ()
    return tuple(compare(locked.read_text(encoding="utf-8"), now))
