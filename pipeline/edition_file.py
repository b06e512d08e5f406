"""An edition's folder: what `edition.toml` says of the work, its witness, its rights and its settings."""

import shutil
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import regex

from pipeline.desk import Settings
from pipeline.emit.metadata import Metadata
from pipeline.errors import Refused
from pipeline.model import Band
from pipeline.receive import receive

Expected = tuple[str, Callable[[object], bool]]
TEXT: Expected = "a string", lambda value: isinstance(value, str)
YEAR: Expected = "a string or a year", lambda value: isinstance(value, str | int | date) and not isinstance(value, bool)
NUMBER: Expected = "a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)
LIST: Expected = "a list of strings", lambda value: (
    isinstance(value, list) and all(isinstance(one, str) for one in value))
TABLE: Expected = "a table", lambda value: isinstance(value, dict | list)
TEXTS = ("title", "author", "translator", "date", "language", "publisher", "edition")
KEYS: dict[str, dict[str, Expected]] = {
    "": dict.fromkeys(TEXTS, TEXT) | {"date": YEAR, "edition": YEAR} | dict.fromkeys(
        ("editor", "witness", "rights", "source", "settings"), TABLE),
    "witness": dict.fromkeys(("file", "siglum", "sha256", "encoding"), TEXT),
    "rights": dict.fromkeys(("status", "licence", "statement"), TEXT),
    "source": {"bibliography": TEXT},
    "settings": {"ceiling": TEXT, "order_margin": NUMBER, "without": LIST},
}
SHA256 = regex.compile(r"[0-9a-f]{64}")
XML_NAME = regex.compile(r"[A-Za-z][A-Za-z0-9.-]*")
HOW_TO_ADD = "copy it to {witness}, or run: make edition EDITION={name} WITNESS=path/to/it"


@dataclass(frozen=True)
class EditionFile:
    """One edition: its folder and what its `edition.toml` says."""

    folder: Path
    metadata: Metadata
    siglum: str
    witness: Path
    sha256: str
    encoding: str | None
    settings: Settings
    without: tuple[str, ...]  # rules switched off

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def how_to_add(self) -> str:
        how = HOW_TO_ADD.format(witness=self.witness, name=self.name)
        return f"edition {self.name}: its witness is not here; {how}"

    @property
    def own_rules(self) -> tuple[Path, ...]:
        folder = self.folder / "rules"
        return (folder,) if folder.is_dir() else ()

    @property
    def names(self) -> frozenset[str]:
        """The edition's own right words, one a line of `names.txt`; a line that begins with # is a remark."""
        path = self.folder / "names.txt"
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def is_edition(folder: Path) -> bool:
    return (folder / "edition.toml").is_file()


def editions(folder: Path) -> list[Path]:
    """The editions in a folder of editions, by name."""
    return sorted(path for path in folder.iterdir() if is_edition(path)) if folder.is_dir() else []


def read(folder: Path) -> EditionFile:
    """Read an edition's folder. Raises `Refused` for what cannot be understood, naming the place."""
    path = folder / "edition.toml"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"{folder} is no edition: it has no edition.toml; make one with: corrigenda new SOURCE") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise Refused(f"{path} cannot be read: {why}") from None
    tables = {name: _table(path, said, name) for name in KEYS}
    top, witness, rights, settings = (tables[name] for name in ("", "witness", "rights", "settings"))
    siglum, sha256 = witness.get("siglum", "S1"), witness.get("sha256", "")
    if not XML_NAME.fullmatch(siglum):
        raise Refused(f"{path}: witness.siglum is “{siglum}”; expected a letter, then letters, figures, dots, hyphens")
    if sha256 and not SHA256.fullmatch(sha256):
        raise Refused(f"{path}: witness.sha256 is “{sha256}”; expected 64 figures and letters a to f, or nothing")
    given = {name: str(top[name]) for name in TEXTS if name in top} | {
        "rights": rights.get("statement", ""), "licence_target": rights.get("licence", ""),
        "status": _one_of(path, "rights.status", rights.get("status", "unknown"), ("free", "restricted", "unknown")),
        "bibliography": tables["source"].get("bibliography", ""), "editors": _editors(path, said),
    }
    ceiling = _one_of(path, "settings.ceiling", settings.get("ceiling", "safe"), ("safe", "likely", "doubtful"))
    return EditionFile(
        folder, Metadata(**{"title": folder.name} | {name: value for name, value in given.items() if value}),
        siglum, folder / witness.get("file", "witness/witness.txt"), sha256,
        witness.get("encoding"), Settings(Band[ceiling.upper()], float(settings.get("order_margin", 3.0))),
        tuple(settings.get("without", ())),
    )


def _editors(path: Path, said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    editors = said.get("editor", [])
    if not isinstance(editors, list) or not all(
        isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("name"), str)
        and XML_NAME.fullmatch(one["id"]) and one["name"] for one in editors
    ):
        raise Refused(f"{path}: each [[editor]] needs an id and a name; an id begins with a letter and has letters, "
                      "figures, dots and hyphens")
    return tuple((one["id"], one["name"]) for one in editors)


def _one_of(path: Path, key: str, given: str, choices: tuple[str, ...]) -> str:
    if given not in choices:
        raise Refused(f"{path}: {key} is “{given}”; expected {', '.join(choices[:-1])} or {choices[-1]}")
    return given


def _table(path: Path, said: dict[str, Any], name: str) -> dict[str, Any]:
    table = said.get(name, {}) if name else said
    if not isinstance(table, dict):
        raise Refused(f"{path}: [{name}] must be a table")
    where = f"[{name}]" if name else "the top"
    if unknown := set(table) - KEYS[name].keys():
        raise Refused(f"{path}: unknown key {', '.join(sorted(unknown))} in {where}; "
                      f"there are {', '.join(sorted(KEYS[name]))}")
    for key, value in table.items():
        expected, fits = KEYS[name][key]
        if not fits(value):
            raise Refused(f"{path}: {key} in {where} is {value!r}; expected {expected}")
    return table


def toml(title: str, file: str, sha256: str, encoding: str) -> str:
    """The `edition.toml` of a new edition, with what is to be filled in."""
    return f'''# What this edition is of. Fill in what is empty; the TEI header is made from it.
title = {_quoted(title)}
author = ""
date = ""
language = "en"

[source]
bibliography = ""

[witness]
siglum = "S1"
file = {_quoted(file)}
sha256 = "{sha256}"
encoding = "{encoding}"

[rights]
status = "unknown"      # free, restricted or unknown
licence = ""            # an address, where there is one
statement = "The rights have not been stated yet."

[[editor]]
id = "ed.main"
name = "the corrigenda editors"
'''


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in plain) + '"'


def new(source: Path | str, folder: Path, *, title: str = "", encoding: str | None = None) -> Path:
    """Begin an edition of a source: a folder with the witness, `edition.toml` and lists still empty, or nothing."""
    if folder.exists():
        raise Refused(f"{folder} is there already; name another folder")
    witness = receive(source, encoding=encoding)
    stem = Path(witness.name).stem or "witness"
    file = f"witness/{Path(witness.name).name if source != '-' else 'witness.txt'}"
    aside: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        (aside / "witness").mkdir()
        (aside / file).write_bytes(witness.bytes)
        said = toml(title or stem, file, witness.sha256, witness.encoding)
        (aside / "edition.toml").write_text(said, encoding="utf-8")
        (aside / "names.txt").write_text("# One right word a line: names and terms that the language does not know.\n",
                                         encoding="utf-8")
        (aside / "decisions.jsonl").write_text("", encoding="utf-8")
        aside.chmod(0o755)
        aside.rename(folder)
    except OSError as why:
        raise Refused(f"{folder} cannot be written: {why.strerror or why}") from None
    finally:
        if aside:
            shutil.rmtree(aside, ignore_errors=True)
    return folder
