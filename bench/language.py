"""Measures the language evidence on works it has not counted: `python -m bench.language [DATA] [--evidence DIR]`.

Without `--evidence` (a folder made with `--hold-out 12`) such evidence is built first, which takes some minutes.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import regex

from bench.misread import words_beside
from pipeline.language import Language, folded
from pipeline.language.build import WORD_LISTS, main
from pipeline.language.counting import text_of, works
from pipeline.language.evidence import evidence
from pipeline.language.tokens import tokens, words_of

HELD_OUT = 12
PIECE = 40_000  # tokens of each held-out work that are measured
LETTERS_ONLY = regex.compile(r"\p{L}+(?:['’-]\p{L}+)*")
MISREADINGS = (("h", "b"), ("b", "h"), ("e", "c"), ("c", "e"), ("n", "u"), ("u", "n"), ("rn", "m"), ("m", "rn"),
               ("P", "D"), ("p", "d"), ("f", "t"), ("t", "f"), ("l", "t"), ("t", "l"), ("i", "l"), ("l", "i"),
               ("a", "o"), ("o", "a"), ("s", "a"), ("r", "n"), ("n", "r"), ("li", "h"), ("h", "li"), ("cl", "d"),
               ("d", "cl"), ("ri", "n"), ("w", "v"), ("y", "v"), ("m", "n"), ("e", "o"), ("o", "e"))  # fmt: skip
SHORT = words_of("a o an as at be by do go he if in is it me my no of on or so to up us we")
PART = 12_000  # of these, where readings are chosen
REAL_ERRORS = ("overproof", "icdar2017-mono", "icdar2017-periodicals", "impresso", "bln600")


def held_out(corpus: Path) -> dict[str, list[list[str]]]:
    """The beginning of each held-out work as tokens, by period."""
    found = {period: works(corpus / period)[HELD_OUT - 1 :: HELD_OUT] for period in ("old", "modern")}
    return {period: [list(islice(tokens(text_of(path)), PIECE)) for path in paths] for period, paths in found.items()}


def perplexity(language: Language, texts: Iterable[Sequence[str]]) -> float:
    """e to the mean surprise of a word, or edge of a sentence, after the two before it."""
    nats = count = 0.0
    for text in texts:
        for k in range(1, len(text)):
            nats += language.surprise(text[k], tuple(text[max(k - 2, 0) : k]))
            count += 1
    return math.exp(nats / count)


def right_known(language: Language, texts: Iterable[Sequence[str]]) -> tuple[float, float, list[str]]:
    """Of the words of clean prose the share known, that of those in small letters, and the commonest not known."""
    seen = Counter(word for text in texts for word in text if word and LETTERS_ONLY.fullmatch(word))
    unknown = Counter({word: n for word, n in seen.items() if not language.known(word)})
    small = sum(n for word, n in seen.items() if word.islower())
    small_unknown = Counter({word: n for word, n in unknown.items() if word.islower()})
    return (1 - unknown.total() / seen.total(), 1 - small_unknown.total() / small,
            [f"{word} {n}" for word, n in small_unknown.most_common(40)])


Words = list[str]
Choice = tuple[str, Words, Words, Words, Words]


def look_alikes(word: str, listed: frozenset[str]) -> list[str]:
    """The words that one misreading makes of a word."""
    found = {word[: m.start()] + new + word[m.end() :] for old, new in MISREADINGS for m in regex.finditer(old, word)}
    return sorted(found & listed - {word})


def choices(text: Sequence[str], listed: frozenset[str]) -> Iterator[Choice]:
    """Places of a clean text with a wrong reading that is made of words: kind, before, right, wrong, after."""
    for k in range(2, len(text) - 2, 3):
        word, before, after = text[k], list(text[k - 2 : k]), list(text[k + 1 : k + 3])
        if not word.islower() or not word.isalpha():
            continue
        yield from (("misread", before, [word], [other], after) for other in look_alikes(word, listed))
        for cut in range(1, len(word)):
            if word[:cut] in listed and word[cut:] in listed and (cut > 1 or word[0] in "ao") and len(word) - cut > 1:
                yield "split", before, [word], [word[:cut], word[cut:]], after
        if text[k + 1].islower() and word + text[k + 1] in listed:
            yield "welded", before, [word, text[k + 1]], [word + text[k + 1]], list(text[k + 2 : k + 4])


def nats(language: Language, before: list[str], reading: list[str], after: list[str]) -> float:
    """The surprise of a reading in its place and of the two words that follow."""
    line = [*before, *reading, *after]
    return sum(language.surprise(line[k], tuple(line[max(k - 2, 0) : k])) for k in range(len(before), len(line)))


def chosen(
    language: Language, texts: Iterable[Sequence[str]], listed: frozenset[str]
) -> dict[str, tuple[float, int, float]]:
    """By kind: how often the right reading is the likelier, of how many, and how often it is not by e³ or more."""
    right, bad, every = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        for kind, before, reading, wrong, after in choices(text[:PART], listed):
            gain = nats(language, before, wrong, after) - nats(language, before, reading, after)
            every[kind] += 1
            right[kind] += gain > 0
            bad[kind] += gain < -3
    return {kind: (right[kind] / n, n, bad[kind] / n) for kind, n in sorted(every.items())}


def pages_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Texts as read by a machine, and as they stand."""
    for path in sorted(folder.glob("**/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield entry["ocr"], entry["gt"]
    for path in sorted(folder.glob("dev/*.ocr.txt")):
        yield path.read_text(encoding="utf-8"), path.with_name(path.name.replace(".ocr.", ".gt.")).read_text("utf-8")


def errors_known(language: Language, data: Path, listed: frozenset[str]) -> Iterator[str]:
    """Of each set of real pages: the shares known among right words, misread non-words and misread words."""
    for name in REAL_ERRORS:
        known, every, junk = Counter[str](), Counter[str](), Counter[str]()
        for seen, true in pages_of(data / "ocr" / name):
            for word, meant in words_beside(seen, true):
                if not LETTERS_ONLY.fullmatch(word):
                    continue
                if word == meant:
                    kind = "right"
                elif folded(word) != folded(meant):
                    kind = "real-word errors" if folded(word) in listed else "non-word errors"
                else:
                    continue
                every[kind] += 1
                if language.known(word):
                    known[kind] += 1
                    junk[word] += kind == "non-word errors"
        told = "  ".join(f"{kind} {known[kind] / every[kind]:.4f} of {n}" for kind, n in sorted(every.items()))
        yield f"known, {name}: {told}; " + " ".join(f"{w} {n}" for w, n in junk.most_common(25) if n)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def speeds(language: Language, text: Sequence[str]) -> Iterator[str]:
    """How long the first answer takes, and how many answers a second come cold and warm."""
    ask = "import time; t = time.perf_counter(); from pipeline.language import language; english = language('en'); " \
          "english.known('connexion'); english.surprise('power', ('the', 'productive')); print(time.perf_counter() - t)"
    loads = [float(subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout)
             for _ in range(5)]
    yield f"import and first answers: {1000 * min(loads):.0f} ms"
    places = [(text[k], tuple(text[k - 2 : k])) for k in range(2, len(text))]
    for how in ("cold", "warm"):
        taken = seconds(lambda: [language.surprise(word, before) for word, before in places])
        yield f"surprise, {how}: {len(places) / taken:,.0f} a second"
    taken = seconds(lambda: [language.known(word) for word in text])
    yield f"known: {len(text) / taken:,.0f} a second"


def tell(language: Language, data: Path) -> None:
    """Print every measure."""
    texts = held_out(data / "lmcorpus")
    lists = (word for path in WORD_LISTS for word in path.read_text("utf-8").split())
    listed = SHORT | {word for word in lists if len(word) > 2 and word.islower() and word.isalpha()}
    for line in speeds(language, texts["old"][0]):
        print(line)
    for period, pieces in texts.items():
        print(f"perplexity, {period}: {perplexity(language, pieces):.1f}")
        all_known, small_known, unknown = right_known(language, pieces)
        print(f"known, {period}: {all_known:.5f}, in small letters {small_known:.5f}; not: {', '.join(unknown)}")
        for kind, (right, count, bad) in chosen(language, pieces, listed).items():
            print(f"right reading chosen, {period}, {kind}: {right:.4f} of {count}; wrong by 3 nats: {bad:.4f}")
    for line in errors_known(language, data, listed):
        print(line)


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.language", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--evidence", type=Path, help=f"made with --hold-out {HELD_OUT}")
    given = parser.parse_args(arguments)
    if given.evidence:
        tell(evidence("en", given.evidence), given.data)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = [f"{period}={given.data / 'lmcorpus' / period}" for period in ("old", "modern")]
        if status := main([*corpus, "--hold-out", str(HELD_OUT), "--out", f"{folder}/en"]):
            return status
        tell(evidence("en", Path(folder) / "en"), given.data)
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
