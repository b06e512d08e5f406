"""A small edition on which everything happens: what the tests of the run, of `verify` and of the commands make."""

import json
from pathlib import Path

from pipeline.decisions import APART
from pipeline.run import Result, edition

TEXT = """THE MENDER OF BOOKS
By the corrigenda editors

The fi rst mender of books was a baker. He had no lea-
ther and no thread, but he had fl our and water, and he knew
that a leaf which is torn wants only another leaf behind it.
The relati9ns between his trade and ours are o1d ones, and no-
body has ever denied them, though they hare been forgotten.

It1s an honest trade. The baker himself wrote that he could
mend a book in the time it takes to bake a loaf, and his nei-
\fTHE MENDER OF BOOKS 2

ghbours believed him. They brought their bibles and their ac-
count books, and he mended them all with his flour and water.

His colour was white, and his honesty was as speci fi c as it
was rare. What he could not mend he left alone, and he wrote
upon the fi rst leaf what he had done and what he had not.

The end of the story is not known, for the leaf is missing.
"""


def row(what: str, old: str, new: str | None = None, *, at: int = 0, fault: str = "", reason: str = "",
        when: str = "2026-11-24") -> dict[str, object]:
    """A decision on words quoted: the `at`-th place where they stand."""
    start = -1
    for _ in range(at + 1):
        start = TEXT.index(old, start + 1)
    said: dict[str, object] = {"when": when, "who": "ed.main", "what": what, "witness": "S1",
                               "spans": [[start, start + len(old)]], "old": old}
    return said | ({"new": new} if new is not None else {}) | ({"fault": fault} if fault else {}) | (
        {"reason": reason} if reason else {})


def decided() -> list[dict[str, object]]:
    """Decisions of every kind but those on pages."""
    broken = row("emend", "nei", f"neigh{APART}bours", fault="printing", reason="set wrongly over the page")
    other = TEXT.index("ghbours")
    broken["spans"] = [*broken["spans"], [other, other + 7]]  # type: ignore[misc]
    broken["old"] = f"nei{APART}ghbours"
    return [
        row("emend", "hare", "have", fault="recognition", when="2026-11-25T08:00:00Z"),
        row("emend", "honest", "humble", reason="the author’s own copy"),
        row("emend", "colour", "color", fault="spelling"),
        row("accept", "o1d", "old", fault="recognition"),
        row("reject", "relati9ns", "relations", when="2026-11-23"),
        row("stet", "bibles"),
        row("crux", "takes to bake", reason="a word may be missing"),
        row("note", "missing", reason="the witness ends here"),
        row("heading", "THE MENDER OF BOOKS\n"[:-1], "1"),
        row("join", "no-\n", "soft"),
        row("paragraph", "behind it.\n", "none"),
        row("furniture", "THE MENDER OF BOOKS 2"),
        broken,
    ]


def folder(home: Path, decisions: list[dict[str, object]] | None = None) -> Path:
    """An edition's folder with the text as its witness."""
    (home / "witness").mkdir(parents=True)
    (home / "witness" / "mender.txt").write_text(TEXT, encoding="utf-8", newline="")
    (home / "edition.toml").write_text(
        'title = "The Mender of Books"\nauthor = "The corrigenda editors"\ndate = "1926"\n'
        '[witness]\nfile = "witness/mender.txt"\n[rights]\nstatus = "free"\nstatement = "Ours."\n'
        '[[editor]]\nid = "ed.main"\nname = "the corrigenda editors"\n', encoding="utf-8")
    lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in (decided() if decisions is None else decisions)]
    (home / "decisions.jsonl").write_text("".join(lines), encoding="utf-8")
    return home


def made(home: Path) -> Result:
    """The edition, made."""
    return edition(folder(home))
