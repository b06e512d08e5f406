"""Fits what certainties rest on, and tells how true they are on documents that were not used in fitting.

usage: python -m bench.certainty [--write]

Fitted on the training part of overproof (very likely public domain) and on works of `lmcorpus`, clean and made worse in
known ways; told of everything else. The sets whose licence forbids it are only measured. `--write` makes
`rules/certainty.tsv` anew.
"""

import lzma
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

from bench.damaged import misread, respelt, torn, without_ligatures
from bench.repair import DATA, SETS, Scan, laid, reading, scans
from pipeline.desk import Desk
from pipeline.language import language
from pipeline.model import Correction, Span
from pipeline.rulebook import MEASURED, rulebook, rules_folder
from pipeline.stages.certainty import MEASURES, certainty
from pipeline.stages.repair import Chosen, read_through, repair

HEAD = """\
# What the certainty of a correction rests on: the weights of its measures (pipeline/stages/certainty.py).
# Made by `python -m bench.certainty --write`, not by hand: a logistic regression on the training part of overproof
# (Trove newspapers, very likely public domain) and on works of lmcorpus, clean and made worse.
"""
BANDS = (0.0, 0.3, 0.5, 0.7, 0.85, 0.97, 1.01)
TYPED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-", "¬": "-"})
OUTER = regex.compile(r"^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$")
LENGTH, STEP = 12_000, 16  # letters of a work, and every so many works
RIDGE = 1.0
TORN, LOST = 6, 3  # times that each work is torn, and that its ligatures are lost
MISREAD = 4  # times that half of each work is misread
OLD_WEIGHT = 0.15  # each respelt word: there are very many


class Place(NamedTuple):
    """What was chosen somewhere, how it measures, and whether it is right."""

    measured: tuple[float, ...]
    right: bool
    weight: float = 1.0


def places(scan: Scan, desk: Desk, weight: float = 1.0) -> list[Place]:
    """The readings chosen in a scan, both times it is read through; of two at one place the later."""
    draft = laid(scan.seen, desk)
    applied = [entry for entry in repair(draft, desk) if isinstance(entry, Correction) and entry.applies]
    true = reading(laid(scan.true, desk)).translate(TYPED)
    found: dict[tuple[Span, ...], Place] = {}
    for stand in (draft, draft.add(applied)):
        chosen = [one for one in read_through(stand, desk) if one.measured]
        here = _counterparts(chosen[0].shown.text.translate(TYPED), true) if chosen else None
        for one in chosen:
            start, end = one.best.proposal.start, one.best.proposal.end
            if one.shown.flow == "body" and here:
                found[one.shown.places(start, end)] = Place(one.measured, _is_right(one, true, here), weight)
    return list(found.values())


def _counterparts(text: str, true: str) -> Callable[[int], int]:
    """Where each place of a text stands in its truth."""
    codes = Levenshtein.opcodes(text, true)
    starts = [code.src_start for code in codes]

    def counterpart(offset: int) -> int:
        code = codes[max(bisect_right(starts, offset) - 1, 0)]
        return int(code.dest_start + min(offset - code.src_start, code.dest_end - code.dest_start))

    return counterpart


def _is_right(one: Chosen, true: str, counterpart: Callable[[int], int]) -> bool:
    """Whether the words of the truth at this place are those chosen, but for the marks around them."""
    start, end = counterpart(one.best.proposal.start), counterpart(one.best.proposal.end)
    while start > 0 and not true[start - 1].isspace():
        start -= 1
    while end < len(true) and not true[end].isspace():
        end += 1
    meant, words = one.best.proposal.new.translate(TYPED), true[start:end]
    if OUTER.sub("", meant) in (OUTER.sub("", words), OUTER.sub("", words.replace("-", ""))):
        return True  # the truth of some sets keeps the hyphens of line ends
    return len(meant) > 3 and regex.search(rf"(?<!\p{{L}}){regex.escape(meant)}(?!\p{{L}})", words) is not None


# --- what is read ----------------------------------------------------------------------------------------------------


def _works(first: int) -> Iterator[tuple[int, str, str]]:
    for period in ("old", "modern"):
        for k, path in enumerate(sorted((DATA / "lmcorpus" / period).glob("*.txt.xz"))[first::STEP]):
            text = lzma.decompress(path.read_bytes()).decode("utf-8")
            begin = text.find("\n\n", len(text) // 2) + 2
            yield k, path.name, text[begin : begin + LENGTH]


def made(first: int, desk: Desk) -> dict[str, list[Place]]:
    """The places of every sixteenth work: clean, in old spelling, torn, without ligatures, misread."""
    sets: dict[str, list[Place]] = {"clean": [], "old spelling": [], "torn": [], "ligatures": [], "misread": []}
    for k, name, text in _works(first):
        older = respelt(text, k)
        sets["clean"] += places(Scan(name, text, text), desk)
        sets["old spelling"] += places(Scan(name, older, older), desk, OLD_WEIGHT)
        for other in range(TORN):
            sets["torn"] += places(Scan(name, torn(text, k + 1000 * other), text), desk)
        for other in range(LOST):
            sets["ligatures"] += places(Scan(name, without_ligatures(text, k + 1000 * other), text), desk)
        for other in range(MISREAD):
            half = text[: len(text) // 2] if other % 2 else text[len(text) // 2 :]
            sets["misread"] += places(Scan(name, misread(half, 100 * k + other), half), desk)
    return sets


# --- fitting ---------------------------------------------------------------------------------------------------------


def fitted(rows: Sequence[Place]) -> list[float]:
    """Weights of a logistic regression by Newton's method, held small by a ridge."""
    size = len(MEASURES)
    weights = [0.0] * size
    for _ in range(30):
        slope = [-RIDGE * weight if i else 0.0 for i, weight in enumerate(weights)]
        bend = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for measured, right, weight in rows:
            chance = certainty(dict(zip(MEASURES, weights, strict=True)), measured)
            miss, slack = weight * (right - chance), weight * chance * (1 - chance)
            there = [(i, one) for i, one in enumerate(measured) if one]
            for i, one in there:
                slope[i] += miss * one
                row, by = bend[i], slack * one
                for j, other in there:
                    row[j] += by * other
        step = _solved(bend, slope)
        weights = [weight + by for weight, by in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a system of linear equations, by Gauss and Jordan."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r, row in enumerate(rows):
            if r != i and row[i]:
                by = row[i] / rows[i][i]
                rows[r] = [a - by * b for a, b in zip(row, rows[i], strict=True)]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


# --- what is told ----------------------------------------------------------------------------------------------------


def tell(name: str, rows: Iterable[Place], weights: Sequence[float]) -> None:
    """How often readings of so much certainty are right, and the expected error of the certainty."""
    named = dict(zip(MEASURES, weights, strict=True))
    judged = [(certainty(named, row.measured), row.right) for row in rows]
    parts, error = [], 0.0
    for low, high in pairwise(BANDS):
        here = [(sure, right) for sure, right in judged if low <= sure < high]
        if here:
            share = sum(right for _, right in here) / len(here)
            error += abs(sum(sure for sure, _ in here) - sum(right for _, right in here))
            parts.append(f"{low:.2f}: {share:.3f} of {len(here)}")
    error /= max(len(judged), 1)
    print(f"{name}: {len(judged)} places, expected error {error:.3f}; right from " + ", ".join(parts), flush=True)


def main() -> None:
    desk = Desk(language("en"), rulebook())
    trained = {"overproof, training part": [one for scan in scans("overproof", "train") for one in places(scan, desk)]}
    trained |= made(2, desk)
    weights = fitted([row for rows in trained.values() for row in rows])
    if "--write" in sys.argv:
        (rules_folder() / MEASURED).write_text(HEAD + "".join(
            f"{name}\t{weight:.4f}\n" for name, weight in zip(MEASURES, weights, strict=True)), encoding="utf-8")
    for name, rows in trained.items():
        tell(f"fitted on, {name}", rows, weights)
    for name in SETS:
        tell(f"held out, {name}", (one for scan in scans(name) for one in places(scan, desk)), weights)
    for name, rows in made(3, desk).items():
        tell(f"held out, {name}", rows, weights)


if __name__ == "__main__":
    main()
