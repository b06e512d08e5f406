"""Says beside the evidence of a language what it was made from, how, and under what terms."""

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

ABOUT = """# Where the evidence comes from

Made by `make language`; the same sources give the same bytes.

- Words of the prose below: how often each stands in older and in modern prose, with what capitals, and how often it
  follows one or two others within a sentence. Nothing seen less than {fewest} times is kept, so that no passage can be
  read back. Counts and probabilities are rounded to a byte.
- Right spellings: the word lists {lists} (SCOWL; its notice and permission, which must stay with these files, are in
  `SCOWL.txt`), short words only where the prose bears them out, and words that are in no list but in enough of the
  prose, unless they lie one slip away from a far commoner word.
- The spelling model is made from the right spellings.

{words:,} words, {right:,} of them right spellings; {pairs:,} pairs, {triples:,} triples; from {old:,} words of older
and {modern:,} of modern prose.

The prose is in the public domain or dedicated to it, works of the United States government, or under CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/) or the Open Government Licence, as `SOURCES.tsv` says of each work with
its title and where it comes from: the attribution these licences ask for. Changes: only the counts are kept.

{held_out}

| file | bytes | sha256 |
|---|---:|---|
{sums}
"""
COLUMNS = ("title", "year", "licence", "repo", "commit", "path", "words")


@dataclass(frozen=True)
class Sources:
    """What the evidence was made from."""

    read: tuple[tuple[str, Path], ...]  # period and work
    held_out: tuple[tuple[str, Path], ...]
    lists: tuple[Path, ...]
    terms: Path
    fewest: int


def told(folder: Path, made: dict[str, int | float], sources: Sources) -> None:
    """Write SOURCES.tsv, SCOWL.txt, evidence.json (counts, checksums) and PROVENANCE.md into a folder of evidence."""
    sums = {path.name: _sum(path) for path in sorted(folder.iterdir())}
    whole = hashlib.sha256("".join(f"{name} {told_sum}\n" for name, told_sum in sums.items()).encode()).hexdigest()
    (folder / "evidence.json").write_text(
        json.dumps({"checksum": whole, "files": sums, **made}, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    (folder / "SCOWL.txt").write_bytes(sources.terms.read_bytes())
    (folder / "SOURCES.tsv").write_text(_works(sources), encoding="utf-8")
    rows = (f"| `{name}` | {(folder / name).stat().st_size} | `{told_sum}` |" for name, told_sum in sums.items())
    held_out = ", ".join(f"`{path.name}` ({period})" for period, path in sources.held_out)
    about = ABOUT.format(
        **made,
        fewest=sources.fewest,
        lists=" and ".join(f"`{path.name}` (sha256 `{_sum(path)}`)" for path in sources.lists),
        held_out=f"Works held out of the counts, as clean text to measure on: {held_out}." if held_out else
        "No work was held out; what was measured on held-out works is of evidence made with `--hold-out 12`.",
        sums="\n".join(rows),
    )
    (folder / "PROVENANCE.md").write_text(about, encoding="utf-8")


def _works(sources: Sources) -> str:
    """A line for each work, with what the list of its folder says of it."""
    lines = ["\t".join(("period", "counted", "file", *COLUMNS))]
    lists = {path.parent: _entries(path.parent) for _, path in (*sources.read, *sources.held_out)}
    held_out = set(sources.held_out)
    for period, path in sorted((*sources.read, *sources.held_out), key=lambda work: (work[0] != "old", work[1].name)):
        entry = lists[path.parent].get(path.name, {})
        counted = "no" if (period, path) in held_out else "yes"
        lines.append("\t".join((period, counted, path.name, *(entry.get(column, "") for column in COLUMNS))))
    return "\n".join(lines) + "\n"


def _entries(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / "SOURCES.tsv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as rows:
        return {row["file"]: row for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)}


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
