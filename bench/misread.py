"""Counts which words, and which letters, are read as which others, and prints the tables of them that the rules use.

usage: python -m bench.misread [--write]
       python -m bench.misread --to FOLDER PAIRS ...     (make train PAIRS="..." TO=FOLDER)

Counted on the training part of overproof, the one set whose licence allows it (see the README of the data); the
development part is left for `python -m bench.repair`. `--write` makes `rules/misread-words.tsv` and
`rules/misread-letters.tsv` anew. With PAIRS, pages of your own with their truth, FOLDER is made a copy of our rules in
which the counts of yours are added to ours. PAIRS are files `.jsonl` with `{"id", "ocr", "gt"}` a line, or folders with
such files or with `NAME.ocr.txt` beside `NAME.gt.txt`.
"""

import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import regex
from rapidfuzz.distance import Levenshtein

from bench.repair import Scan, pairs_in, scans
from pipeline.language import Language, language
from pipeline.rulebook import LETTERS, rules_folder
from pipeline.stages.channel import LONGEST

TABLE = "misread-words.tsv"
LEAST, IN_DOCUMENTS = 3, 2
MORE = "# With the counts of other pages added, by `make train`.\n"
MOSTLY = 2 / 3  # of what is no word: how often it must mean this, not another word or a piece of one, the next time too
HEAD = f"""\
# Made by `python -m bench.misread --write`, not by hand, from the training part of overproof (Trove newspapers with
# their corrected text, very likely public domain), aligned word by word: what was read, a tab, what was meant; each
# at least {LEAST} times, in {IN_DOCUMENTS} documents or more.
"""
HEAD_OF_LETTERS = f"""\
# Made by `python -m bench.misread --write`, not by hand, from the training part of overproof (Trove newspapers with
# their corrected text, very likely public domain), aligned letter by letter in words that are known again: what was
# read, a tab, what was meant, how often, and of how many; each at least {LEAST} times, in {IN_DOCUMENTS} documents.
"""
OUTER = regex.compile(r"^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$")
PLAIN_WORD = regex.compile(r"\p{L}+")
TYPED = str.maketrans("’‘“”—–¬", "''\"\"---")


def words_beside(seen: str, true: str) -> Iterator[tuple[str, str]]:
    """The words of a page beside what they should be, where one stands between the same blanks as the other.

    >>> list(words_beside("at tbe same tine.", "at the same time."))
    [('at', 'at'), ('tbe', 'the'), ('same', 'same'), ('tine', 'time')]
    """
    seen, true = (" ".join(text.translate(TYPED).split()) for text in (seen, true))
    blanks = [(0, 0)]
    for step in Levenshtein.opcodes(seen, true):
        if step.tag == "equal":
            blanks += [(step.src_start + k + 1, step.dest_start + k + 1)
                       for k in range(step.src_end - step.src_start) if seen[step.src_start + k] == " "]
    blanks.append((len(seen) + 1, len(true) + 1))
    for (a, b), (c, d) in pairwise(blanks):
        read, meant = OUTER.sub("", seen[a : c - 1]), OUTER.sub("", true[b : d - 1])
        if read and meant:
            yield read, meant


def counted(pages: Iterable[Scan], known: Language) -> Iterator[tuple[str, str, int, int]]:
    """Each word read for another often enough, the commonest first: read, meant, how often, in how many documents."""
    often: Counter[tuple[str, str]] = Counter()
    stands: Counter[str] = Counter()
    homes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for page in pages:
        stands.update(OUTER.sub("", word) for word in page.seen.translate(TYPED).split())
        for read, meant in words_beside(page.seen, page.true):
            if is_misread(read, meant, known):
                often[read, meant] += 1
                homes[read, meant].add(page.name)
    for (read, meant), n in sorted(often.items(), key=lambda row: (-row[1], row[0])):
        mostly = known.known(read) or n >= MOSTLY * (stands[read] + 1)
        if n >= LEAST and len(homes[read, meant]) >= IN_DOCUMENTS and mostly:
            yield read, meant, n, len(homes[read, meant])


def is_misread(read: str, meant: str, known: Language) -> bool:
    """Whether one plain word was read as another, and not only its capitals; a name is rather itself.

    >>> from pipeline.language import language
    >>> [is_misread(read, meant, language("en")) for read, meant in (("tbe", "the"), ("Juno", "June"), ("THE", "the"))]
    [True, False, False]
    """
    name = read[0].isupper() and known.known(read) and not known.known(read.lower())
    return (
        read.lower() != meant.lower()
        and PLAIN_WORD.fullmatch(read) is not None
        and PLAIN_WORD.fullmatch(meant) is not None
        and known.known(meant)
        and (len(read) > 1 or known.known(read))
        and not name
    )


def letters_counted(pages: Iterable[Scan]) -> Iterator[tuple[str, str, int, int]]:
    """What letters were read for which others, the commonest first: read, meant, how often, of how many there are."""
    slips: Counter[tuple[str, str]] = Counter()
    there: Counter[str] = Counter()
    homes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for page in pages:
        for read, meant in words_beside(page.seen, page.true):
            if " " in read + meant:
                continue
            there[""] += len(meant)
            there.update(meant[k : k + n] for n in range(1, LONGEST + 1) for k in range(len(meant) - n + 1))
            if Levenshtein.distance(read, meant) <= max(1, len(meant) // 2):
                for slip in misread_letters(read, meant):
                    slips[slip] += 1
                    homes[slip].add(page.name)
    for (read, meant), n in sorted(slips.items(), key=lambda row: (-row[1], row[0])):
        if n >= LEAST and len(homes[read, meant]) >= IN_DOCUMENTS:
            yield read, meant, n, there[meant]


def misread_letters(read: str, meant: str) -> Iterator[tuple[str, str]]:
    """The letters that differ, those together that stand together.

    >>> list(misread_letters("govcrnrnent", "government"))
    [('c', 'e'), ('rn', 'm')]
    """
    a = b = 0
    for same in _alike(read, meant):
        seen, true = read[a : same[0]], meant[b : same[1]]
        if (seen or true) and max(len(seen), len(true)) <= LONGEST and (seen + true).strip("'\""):
            yield seen, true
        a, b = same[0] + same[2], same[1] + same[2]


def _alike(read: str, meant: str) -> Iterator[tuple[int, int, int]]:
    """The stretches two words have alike, and their common end."""
    yield from ((code.src_start, code.dest_start, code.src_end - code.src_start)
                for code in Levenshtein.opcodes(read, meant) if code.tag == "equal")
    yield len(read), len(meant), 0


def main() -> None:
    asked = sys.argv[1:]
    if asked[:1] == ["--to"]:
        if len(asked) < 3:
            raise SystemExit("say where the rules go, and what to learn from: --to FOLDER PAIRS ...")
        learn(Path(asked[1]), [scan for path in asked[2:] for scan in pairs_in(_there(path))])
        return
    letters = list(letters_counted(scans("overproof", "train")))
    print(HEAD_OF_LETTERS + rows_of(letters), end="")
    rows = list(counted(scans("overproof", "train"), language("en")))
    print(HEAD + rows_of(rows), end="")
    if "--write" in asked:
        (rules_folder() / TABLE).write_text(HEAD + rows_of(row[:2] for row in rows), encoding="utf-8")
        (rules_folder() / LETTERS).write_text(HEAD_OF_LETTERS + rows_of(letters), encoding="utf-8")


def learn(folder: Path, pages: Sequence[Scan]) -> None:
    """Make a folder of rules: ours, with what these pages show of misreadings added to the tables."""
    ours = rules_folder()
    if folder.exists() and (folder.samefile(ours) or not (folder / TABLE).is_file()):
        raise SystemExit(f"{folder} holds something else; name a new folder, or one that was made so")
    if not pages:
        raise SystemExit("no pairs were found there; expected *.jsonl with id, ocr and gt, or *.ocr.txt with *.gt.txt")
    shutil.copytree(ours, folder, dirs_exist_ok=True)
    words, letters = list(counted(pages, language("en"))), list(letters_counted(pages))
    both = dict.fromkeys((*(row[:2] for row in words), *parsed(ours / TABLE)))
    (folder / TABLE).write_text(MORE + HEAD + rows_of(both), encoding="utf-8")
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for seen, meant, n, of in (*letters, *parsed(ours / LETTERS)):
        held = sums[str(seen), str(meant)]
        held[0], held[1] = held[0] + int(n), held[1] + int(of)
    rows = ((*slip, *held) for slip, held in sorted(sums.items(), key=lambda row: (-row[1][0], row[0])))
    (folder / LETTERS).write_text(MORE + HEAD_OF_LETTERS + rows_of(rows), encoding="utf-8")
    print(f"{len(pages)} pages read: {len(words)} words and {len(letters)} slips of letters are often enough misread; "
          f"their counts stand beside ours in {folder}\nto use them: corrigenda repair --rules {folder}")


def parsed(table: Path) -> list[tuple[str, ...]]:
    """The rows of a table."""
    lines = table.read_text(encoding="utf-8").splitlines()
    return [tuple(row.split("\t")) for row in lines if row and not row.startswith("#")]


def rows_of(rows: Iterable[Sequence[object]]) -> str:
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def _there(path: str) -> Path:
    if not Path(path).exists():
        raise SystemExit(f"there is nothing at {path}; expected pairs of texts, as recognised and as they are")
    return Path(path)


if __name__ == "__main__":
    main()
