"""Builds the evidence of a language from folders of clean texts and word lists: `make language`.

Only counts are kept, and none under three, so that no passage of a text can be read back from them.
"""

import csv
import hashlib
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import marisa_trie
import regex

from pipeline.errors import Refused
from pipeline.language import NUMBER, counted_up

TOKEN = regex.compile(
    r"(\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*)|(\p{N}[\p{N}.,]*)|([.!?](?=\s|[”’\"')]))|(\n\n)"
)
FEWEST = 3
FEWEST_PAIRS, FEWEST_TRIPLES = 3, 4  # what fits into the 20 MB that the repository allows
HELD_OUT = 12  # every twelfth work stays out of the counts: clean text on which nothing may change
WORD_LISTS = [Path("/usr/share/dict/british-english-large"), Path("/usr/share/dict/american-english-large")]
BITS = 21


def texts(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Each work of a folder; None for the text of a work held out."""
    paths = sorted([*folder.glob("*.txt"), *folder.glob("*.txt.xz")])
    if not paths:
        raise Refused(f"{folder} holds no texts (*.txt or *.txt.xz)")
    for k, path in enumerate(paths):
        if k % HELD_OUT == HELD_OUT - 1:
            yield path, None
        else:
            raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
            yield path, raw.decode("utf-8")


class Counts:
    """The running counts of one build."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {"": 0, NUMBER: 1}
        self.words: list[Counter[int]] = [Counter(), Counter()]
        self.capitals: Counter[int] = Counter()
        self.inside: Counter[int] = Counter()
        self.pairs: Counter[int] = Counter()
        self.triples: Counter[int] = Counter()

    def add(self, text: str, period: int) -> None:
        """Count one work; `period` is 0 for older and 1 for modern prose."""
        ids, row, before = self.ids, [0], 0
        for match in TOKEN.finditer(text):
            word = match[1]
            if word:
                key = word.lower().replace("’", "'")
                k = ids.get(key)
                if k is None:
                    k = ids[key] = len(ids)
                if before:
                    self.inside[k] += 1
                    if word[0].isupper():
                        self.capitals[k] += 1
            else:
                k = 1 if match[2] else 0
            if k or before:
                row.append(k)
            before = k
        self.words[period].update(row)
        self.pairs.update([(a << BITS) | b for a, b in pairwise(row)])
        triples = zip(row, row[1:], row[2:], strict=False)
        self.triples.update([(a << 2 * BITS) | (b << BITS) | c for a, b, c in triples])

    def forget_the_rare(self) -> None:
        """Drop triples seen once so far, to bound memory; the loss falls on those that stay rare."""
        self.triples = Counter({k: n for k, n in self.triples.items() if n > 1})


def listed_words(lists: list[Path]) -> dict[str, int]:
    """The words of the lists: 1 in lower case, 2 with a capital, 3 both."""
    found: dict[str, int] = {}
    for path in lists:
        if not path.exists():
            raise Refused(f"no word list at {path}; install Debian's wbritish-large and wamerican-large")
        for word in path.read_text(encoding="utf-8").split():
            key = word.lower().replace("’", "'")
            found[key] = found.get(key, 0) | (2 if word[0].isupper() else 1)
    return found


def build(folders: dict[str, Path], lists: list[Path], out: Path) -> None:
    """Count the works of the folders (`old`, `modern`) and write the tables and their provenance."""
    counts, provenance = Counts(), []
    for period, name in enumerate(("old", "modern")):
        folder = folders[name]
        sources = _sources(folder)
        for k, (path, text) in enumerate(texts(folder)):
            entry = sources.get(path.name, {})
            told = f"{entry.get('title', path.name)} ({entry.get('year', '')}); {entry.get('licence', '')}"
            provenance.append(f"- {name}: {'held out of the counts: ' if text is None else ''}`{path.name}` {told}")
            if text is not None:
                counts.add(text, period)
            if k % 40 == 39:
                counts.forget_the_rare()
            print(f"\r{name} {k + 1} {path.name:40}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    out.mkdir(parents=True, exist_ok=True)
    _write(counts, listed_words(lists), out)
    _tell(out, provenance, lists)


def _sources(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / "SOURCES.tsv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as rows:
        return {row["file"]: row for row in csv.DictReader(rows, delimiter="\t")}


def _write(counts: Counts, listed: dict[str, int], out: Path) -> None:
    names = list(counts.ids)
    old, modern = counts.words
    rows: dict[str, tuple[int, int, int, int]] = {}
    for word, k in counts.ids.items():
        a, b = old[k], modern[k]
        if word and (a + b >= FEWEST):
            inside = counts.inside[k]
            rows[word] = (a, b, round(255 * counts.capitals[k] / inside) if inside else 0, listed.get(word, 0))
    for word, how in listed.items():
        rows.setdefault(word, (0, 0, 255 if how == 2 else 0, how))
    rows["\x01total"] = (old.total() - old[0], modern.total() - modern[0], 0, 0)
    rows["\x01sentence"] = (old[0], modern[0], 0, 0)
    marisa_trie.RecordTrie("<IIBB", sorted(rows.items())).save(str(out / "words.marisa"))
    low = (1 << BITS) - 1
    grams = [(f"{names[k >> BITS] or '.'} {names[k & low] or '.'}", (counted_up(n),))
             for k, n in counts.pairs.items() if n >= FEWEST_PAIRS]
    for k, n in counts.triples.items():
        if n >= FEWEST_TRIPLES:
            three = (names[k >> 2 * BITS], names[k >> BITS & low], names[k & low])
            grams.append((" ".join(word or "." for word in three), (counted_up(n),)))
    marisa_trie.RecordTrie("<B", sorted(grams)).save(str(out / "grams.marisa"))
    letters: Counter[str] = Counter()
    for word, (a, b, _, how) in rows.items():
        if word.isalpha() and (how or a + b >= 20):
            text = f"  {word} "
            for k in range(2, len(text)):
                letters[text[k - 2 : k]] += 1
                letters[text[k - 2 : k + 1]] += 1
    marisa_trie.RecordTrie("<B", sorted((k, (counted_up(n),)) for k, n in letters.items() if n >= FEWEST)).save(
        str(out / "letters.marisa"))


def _tell(out: Path, provenance: list[str], lists: list[Path]) -> None:
    sums = [f"- `{path.name}` {path.stat().st_size} bytes, sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
            for path in sorted(out.glob("*.marisa"))]
    head = ("# Where the evidence comes from\n\nMade by `make language`: counts of words and of runs of two and three "
            f"words (none under {FEWEST}; pairs from {FEWEST_PAIRS}, triples from {FEWEST_TRIPLES}), from the works "
            "below, and "
            f"the word lists {', '.join(path.name for path in lists)} (SCOWL, copyright 2000-2018 by Kevin Atkinson, "
            "who permits use, copying, modification and sale of the lists and of what is made from them, provided that "
            "this notice appears in all copies; see SCOWL.txt). Works under CC BY are named with "
            "their licence, as it asks.\n\n")
    (out / "PROVENANCE.md").write_text(head + "\n".join([*sums, "", *provenance]) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """`old=DIR modern=DIR`, or nothing where the folders of development are beside the project."""
    home = Path(__file__).parents[2]
    folders = {name: home.parent / "shared" / "data" / "lmcorpus" / name for name in ("old", "modern")}
    folders |= {name: Path(folder) for name, _, folder in (given.partition("=") for given in arguments)}
    try:
        for name, folder in folders.items():
            if name not in ("old", "modern") or not folder.is_dir():
                raise Refused(f"no folder of texts at {folder}; give both: make language CORPUS=\"old=DIR modern=DIR\"")
        build(folders, WORD_LISTS, Path(__file__).parent / "en")
    except Refused as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main(sys.argv[1:])
