"""An edition's folder: what `edition.toml` says of the work, its witness, its rights and its settings."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.desk import Settings
from pipeline.emit.metadata import Metadata
from pipeline.errors import Refused
from pipeline.model import Band

KEYS = {
    "": {"title", "author", "translator", "date", "language", "editor", "witness", "rights", "source", "settings",
         "publisher", "edition"},
    "witness": {"file", "siglum", "sha256", "encoding"},
    "rights": {"status", "licence", "statement"},
    "source": {"bibliography"},
    "settings": {"ceiling", "order_margin", "without"},
}
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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise Refused(f"{path} cannot be read: {why}") from None
    tables = {name: _table(path, said, name) for name in KEYS}
    editors = said.get("editor", [])
    if not isinstance(editors, list) or not all(isinstance(e, dict) and {"id", "name"} <= e.keys() for e in editors):
        raise Refused(f"{path}: each [[editor]] needs an id and a name")
    witness, rights, settings = tables["witness"], tables["rights"], tables["settings"]
    ceiling = str(settings.get("ceiling", "safe")).upper()
    if ceiling not in Band.__members__:
        raise Refused(f"{path}: settings.ceiling is “{ceiling.lower()}”; expected safe, likely or doubtful")
    given = {
        "title": said.get("title", ""), "author": said.get("author", ""), "date": str(said.get("date", "")),
        "language": said.get("language", "en"), "publisher": said.get("publisher", ""),
        "edition": str(said.get("edition", "")), "rights": rights.get("statement", ""),
        "licence_target": rights.get("licence", ""), "status": rights.get("status", ""),
        "bibliography": tables["source"].get("bibliography", ""),
        "editors": tuple((str(e["id"]), str(e["name"])) for e in editors),
    }
    return EditionFile(
        folder, Metadata(**{name: value for name, value in given.items() if value}), witness.get("siglum", "S1"),
        folder / witness.get("file", "witness/witness.txt"), witness.get("sha256", ""), witness.get("encoding"),
        Settings(Band[ceiling], float(settings.get("order_margin", 3.0))), tuple(settings.get("without", ())),
    )


def _table(path: Path, said: dict[str, Any], name: str) -> dict[str, Any]:
    table = said.get(name, {}) if name else said
    if not isinstance(table, dict):
        raise Refused(f"{path}: [{name}] must be a table")
    if unknown := set(table) - KEYS[name]:
        where = f"[{name}]" if name else "the top"
        raise Refused(f"{path}: unknown key {', '.join(sorted(unknown))} in {where}; "
                      f"there are {', '.join(sorted(KEYS[name]))}")
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
