"""Builds the evidence of a language from folders of clean prose and word lists: `make language`.

Only counts are kept, and none under three, so that no passage of a text can be read back from them.
"""

import argparse
import math
import sys
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import marisa_trie

from pipeline.errors import Refused
from pipeline.language.counting import Runs, Seen, prose, runs
from pipeline.language.evidence import UNSEEN, count_of, counted
from pipeline.language.letters import spelling
from pipeline.language.lexicon import listed, right_cases
from pipeline.language.provenance import Sources, told
from pipeline.language.tables import OTHER, stepped, written
from pipeline.language.tokens import EDGE, NUMBER

FEWEST = 3  # no count below this is kept
# Of the chance of a word after one it was never seen after: the share that goes by how many words it is seen after
# (Kneser and Ney: `francisco` is common, but after one word only); the rest by how common it is.
BY_KINDS = 0.8
PERIODS = ("old", "modern")
WORD_LISTS = (Path("/usr/share/dict/british-english-large"), Path("/usr/share/dict/american-english-large"))
TERMS = Path("/usr/share/doc/wbritish-large/copyright")

Arrays = dict[str, "array[int] | array[float]"]


def build(folders: Mapping[str, Path], lists: Sequence[Path], terms: Path, hold_out: int, out: Path) -> None:
    """Count, judge, and write the evidence and its provenance; nothing of an old one is touched before all is made."""
    read = prose(dict(folders), hold_out, lambda line: print(line, file=sys.stderr, flush=True))
    told_by_lists = listed(line for path in lists for line in path.read_text(encoding="utf-8").splitlines())
    cases = right_cases(told_by_lists, read.seen)
    print("counting runs of words", file=sys.stderr, flush=True)
    counts = runs(read, FEWEST)
    words = marisa_trie.Trie(
        sorted(cases.keys() | {word for word, seen in read.seen.items() if seen.total >= FEWEST} - {EDGE, NUMBER})
    )
    arrays, rare_unseen = lexicon_arrays(words, cases, read.seen, counts)
    arrays |= run_arrays(counts)
    arrays["letters"] = spelling(sorted(cases))
    made = {
        "old": sum(seen.old for word, seen in read.seen.items() if word != EDGE),
        "modern": sum(seen.modern for word, seen in read.seen.items() if word != EDGE),
        "rare": max(counts.ones[OTHER], 1),
        "rare_unseen": rare_unseen,
        "words": len(words),
        "right": len(cases),
        "pairs": len(counts.twos),
        "triples": len(counts.threes),
    }
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as aside:
        words.save(str(Path(aside) / "words.marisa"))
        for name, values in arrays.items():
            written(Path(aside) / f"{name}.bin", values)
        told(Path(aside), made, Sources(read.read, read.held_out, tuple(lists), terms, FEWEST))
        for path in sorted(Path(aside).iterdir()):
            path.replace(out / path.name)


def lexicon_arrays(
    words: "marisa_trie.Trie", cases: Mapping[str, int], seen: Mapping[str, Seen], counts: Runs
) -> tuple[Arrays, float]:
    """What is kept of each word, in the order of the trie, and the share of rare words that are not in it."""
    nothing, size = Seen(), len(words)
    arrays: Arrays = {name: array("B", bytes(size)) for name in ("cases", "capital", "old", "modern")}
    arrays["rank"] = array("H", bytes(2 * size))
    rank_of = {word: rank for rank, word in enumerate(counts.ranked)}
    rare = 0.0
    for word, number in words.items():
        entry = seen.get(word, nothing)
        entry = entry if entry.total >= FEWEST else nothing
        arrays["cases"][number] = cases.get(word, 0)
        placed = entry.lower + entry.title
        arrays["capital"][number] = round(255 * entry.title / placed) if placed else 0
        # Of two periods one may have seen a word once; the counts are dropped together or kept together.
        arrays["old"][number] = counted(entry.old)
        arrays["modern"][number] = counted(entry.modern)
        arrays["rank"][number] = rank = rank_of.get(word, OTHER)
        if rank == OTHER:
            rare += max(sum(count_of(int(arrays[period][number])) for period in PERIODS), UNSEEN)
    return arrays, max(1 - rare / max(counts.ones[OTHER], 1), 0.05)


def run_arrays(counts: Runs) -> Arrays:
    """-ln P of each run kept, and of what is left to words not seen after it: absolute discounting, interpolated."""
    ranks, total = len(counts.ranked), sum(counts.ones)
    single = [max(count, UNSEEN) / total for count in counts.ones]
    kinds = sum(counts.before)
    after = [
        (1 - BY_KINDS) * chance + BY_KINDS * max(before, UNSEEN) / kinds
        for chance, before in zip(single, counts.before, strict=True)
    ]
    less, chances = _discounted(
        counts.twos, _discount(counts.once_to_four[2]), dict(enumerate(counts.ones)), lambda run: after[run & 0xFFFF]
    )
    pair_chance = {run: chance for (run, _), chance in zip(counts.twos, chances, strict=True)}
    pair_count = dict(counts.twos)

    def shorter(run: int) -> float:
        run &= 0xFFFFFFFF
        found = pair_chance.get(run)
        return less.get(run >> 16, 1.0) * after[run & 0xFFFF] if found is None else found

    pair_less, triple_chances = _discounted(counts.threes, _discount(counts.once_to_four[3]), pair_count, shorter)
    return {
        "one": array("f", (-math.log(chance) for chance in single)),
        "one_after": array("f", (-math.log(chance) for chance in after)),
        "one_less": array("f", (-math.log(less.get(rank, 1.0)) for rank in range(ranks))),
        "pairs": _begins([run >> 16 for run, _ in counts.twos], range(ranks)),
        "pair_word": array("H", (run & 0xFFFF for run, _ in counts.twos)),
        "pair": array("B", (stepped(-math.log(chance)) for chance in chances)),
        "pair_less": array("B", (stepped(-math.log(pair_less.get(run, 1.0))) for run, _ in counts.twos)),
        "triples": _begins([run >> 16 for run, _ in counts.threes], (run for run, _ in counts.twos)),
        "triple_word": array("H", (run & 0xFFFF for run, _ in counts.threes)),
        "triple": array("B", (stepped(-math.log(chance)) for chance in triple_chances)),
    }


def _discount(few: tuple[int, int, int, int]) -> float:
    """What is taken off every count for runs not seen (Chen and Goodman's for counts of three and more)."""
    once, twice, thrice, four = few
    if not (once and thrice and four):
        return 1.0
    return min(2.5, max(0.5, 3 - 4 * once / (once + 2 * twice) * four / thrice))


def _discounted(
    kept: Sequence[tuple[int, int]], discount: float, context_counts: Mapping[int, int], shorter: Callable[[int], float]
) -> tuple[dict[int, float], list[float]]:
    """The share each context leaves to words not seen after it, and the chance of the last word of each run kept."""
    less: dict[int, float] = {}
    chances: list[float] = []
    for context, followers in groupby(kept, key=lambda run: run[0] >> 16):
        group = list(followers)
        total = max(context_counts[context], sum(count for _, count in group))
        left = 1 - sum(count - discount for _, count in group) / total
        less[context] = left
        chances += [(count - discount) / total + left * shorter(run) for run, count in group]
    return less, chances


def _begins(contexts: Sequence[int], every: Iterable[int]) -> "array[int]":
    """Where the runs of each context begin in a sorted list, and its end."""
    return array("I", [*(bisect_left(contexts, context) for context in every), len(contexts)])


def _home() -> Path:
    """The folder of texts beside the project, where it is developed."""
    return Path(__file__).resolve().parents[3] / "shared" / "data" / "lmcorpus"


def main(arguments: Sequence[str]) -> int:
    """`old=DIR modern=DIR`, or nothing where the folders of development lie beside the project."""
    parser = argparse.ArgumentParser(
        prog='make language CORPUS="old=DIR modern=DIR"', description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folders", nargs="*", metavar="old=DIR modern=DIR", help="prose before and since about 1940")
    parser.add_argument("--words", nargs="+", type=Path, default=list(WORD_LISTS), help="word lists, one word a line")
    parser.add_argument("--terms", type=Path, default=TERMS, help="the licence of the word lists, carried with them")
    parser.add_argument("--hold-out", type=int, default=0, metavar="N",
                        help="leave out every Nth work of each folder, to measure on")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "en")
    given = parser.parse_intermixed_args(arguments)
    try:
        folders = {period: _home() / period for period in PERIODS}
        for named in given.folders:
            period, _, folder = named.partition("=")
            if period not in PERIODS or not folder:
                raise Refused(f"“{named}” names no folder of prose; expected old=DIR modern=DIR")
            folders[period] = Path(folder)
        _look(folders, given.words, given.terms)
        build(folders, given.words, given.terms, given.hold_out, given.out)
    except Refused as why:
        print(why, file=sys.stderr)
        return 1
    return 0


def _look(folders: Mapping[str, Path], lists: Sequence[Path], terms: Path) -> None:
    """Say what is missing before anything is counted."""
    for period, folder in folders.items():
        if not folder.is_dir():
            raise Refused(
                f"there is no folder {folder} for the {period} prose; give both: "
                'make language CORPUS="old=DIR modern=DIR", folders of UTF-8 prose (*.txt, *.txt.xz)'
            )
    for path in (*lists, terms):
        if not path.is_file():
            raise Refused(
                f"there is no word list or licence {path}; install Debian's wbritish-large and wamerican-large, "
                "or name others with --words and --terms"
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
