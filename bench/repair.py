"""What repair does: to a pamphlet with a key, to clean prose, to real recognition with its truth; and how fast.

usage: python -m bench.repair [refusal] [clean] [prose] [ocr] [certainty]   (all, where none is named)

Reads `../shared/data`, or the folder that DATA names. The pamphlet and the clean texts go through the whole line; of
the sets of real recognition the lines are run on and repaired, nothing is asked of pages and their order. What is
compared is laid out simply, line ends by their hyphens alone.
"""

import importlib.util
import json
import lzma
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline import log
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.language import language
from pipeline.model import Correction, Level, LineEnd, Mark, Span, Witness
from pipeline.receive import receive
from pipeline.rulebook import rulebook
from pipeline.run import drafted
from pipeline.stages.reflow import reflow
from pipeline.stages.repair import repair
from pipeline.view import HYPHENS, view

DATA = Path(os.environ.get("DATA", Path(__file__).parents[2] / "shared/data"))
SETS = ("overproof", "icdar2017-mono", "icdar2017-periodicals", "impresso", "bln600")
CERTAINTIES = ((0.05, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.97), (0.97, 0.99), (0.99, 1.01))


class Scan(NamedTuple):
    """A text as recognised, and as it is."""

    name: str
    seen: str
    true: str


def measure(name: str) -> ModuleType:
    """One of the measures that lie beside the data."""
    spec = importlib.util.spec_from_file_location(name, DATA / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"there is no {name}.py in {DATA}; name the folder: DATA=... python -m bench.repair")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def laid(text: str, known: Desk) -> Draft:
    """A draft on which each line end says whether its hyphen broke a word, and a blank line ends a paragraph."""
    draft = Draft(Witness("S1", "bench", "utf-8", text))
    lines = draft.lines()
    marks = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        end: LineEnd = "space"
        here = text[line.span.start : line.span.end]
        if following is None or text[line.span.end : following.span.start].count("\n") > 1:
            end = "paragraph"
        elif here[-1] in HYPHENS and len(here) > 1 and here[-2].isalpha() and text[following.span.start].islower():
            left = here[:-1].split()[-1]
            right = text[following.span.start : following.span.end].split()[0].rstrip(".,;:!?’”)")
            parts = all(known.language.known(part) for part in (left, right))
            end = "hard" if "-" in left or (parts and not known.language.known(left + right)) else "soft"
        marks.append(Mark("line_end", (Span(line.span.end, line.span.end),), end))
    return draft.add(marks)


def repaired(text: str, desk: Desk) -> Draft:
    """The draft of a text after reflow and repair alone."""
    draft = Draft(Witness("S1", "bench", "utf-8", text))
    draft = draft.add(tuple(reflow(draft, desk)))
    return draft.add(tuple(repair(draft, desk)))


def reading(draft: Draft) -> str:
    return view(draft, Level.DIPLOMATIC, joined=True).text


# --- what is read ----------------------------------------------------------------------------------------------------


def scans(name: str, part: str = "dev") -> list[Scan]:
    """A set of real recognition with its truth."""
    folder = DATA / "ocr" / name
    table = folder / f"{part}.jsonl"
    return pairs_in(table if table.exists() else folder / part)


def pairs_in(path: Path) -> list[Scan]:
    """Texts as recognised beside their truth: the rows of a `.jsonl`, or of a folder all such and `X.ocr.txt` pairs."""
    if path.is_dir():
        found = [scan for table in sorted(path.rglob("*.jsonl")) for scan in pairs_in(table)]
        for seen in sorted(path.rglob("*.ocr.txt")):
            true = seen.with_name(seen.name.removesuffix(".ocr.txt") + ".gt.txt")
            found.append(Scan(seen.name.removesuffix(".ocr.txt"), seen.read_text("utf-8"), true.read_text("utf-8")))
        return found
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    return [Scan(row["id"], row["ocr"], row["gt"]) for row in rows]


def booklets() -> Iterator[tuple[str, str]]:
    """The true texts of the English booklets by name, each once."""
    seen = set()
    for folder in sorted((DATA / "booklets/dev").iterdir()):
        text = (folder / "truth/reading.txt").read_text(encoding="utf-8")
        if json.loads((folder / "case.json").read_text(encoding="utf-8"))["lang"] == "en" and text not in seen:
            seen.add(text)
            yield folder.name, text


def books() -> Iterator[tuple[str, str]]:
    """Stretches of books, old and modern."""
    for period in ("old", "modern"):
        for path in sorted((DATA / "lmcorpus" / period).glob("*.txt.xz"))[::11]:
            text = lzma.decompress(path.read_bytes()).decode("utf-8")
            middle = text.find("\n\n", len(text) // 3) + 2
            yield f"{period}/{path.name[:-7]}", text[middle : middle + 60_000]


# --- what is told ----------------------------------------------------------------------------------------------------


def tell_refusal(desk: Desk) -> None:
    """The pamphlet, by the given part of its key."""
    begun = time.perf_counter()
    draft, took = drafted(receive(DATA / "../source/strategy-of-the-refusal.txt"), desk)
    seconds = time.perf_counter() - begun
    scored = measure("eval_refusal")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "corrections.jsonl").write_text(log.jsonl(log.corrections(draft)), encoding="utf-8")
        found = scored.score(folder, {"applied"})
    figures = ", ".join(f"{key} {found[key]}" for key in ("sure", "right", "missed", "wrong", "false"))
    print(f"refusal: {figures}; {seconds:.1f} s, of these repair {took['repair']:.1f}")
    for key in ("missed_list", "wrong_list", "false_list"):
        for row in found[key]:
            print("   ", key[:-5], row)


def tell_clean(desk: Desk) -> None:
    """What is changed in the true texts of the booklets, where nothing is wrong."""
    _tell_clean(desk, booklets(), whole=True)


def tell_prose(desk: Desk) -> None:
    """The same for beginnings of books, every eleventh work of the corpus that the language evidence was counted in."""
    _tell_clean(desk, books(), whole=False)


def _tell_clean(desk: Desk, texts: Iterable[tuple[str, str]], whole: bool) -> None:
    changes = count = 0
    for name, text in texts:
        draft = drafted(Witness("S1", name, "utf-8", text), desk)[0] if whole else repaired(text, desk)
        n = len(text.split())
        count += n
        applied = [entry for i, entry in draft.corrections if draft.standing[i].in_force]
        others = len(draft.corrections) - len(applied)
        changes += len(applied)
        print(f"clean {name}: {len(applied)} changes in {n} words; {others} proposed, {len(draft.queries)} queries",
              flush=True)
        for entry in applied:
            print("   ", told(entry, text))
    print(f"clean, all: {changes} changes in {count} words, one in {count // max(changes, 1)}")


def told(entry: Correction, text: str) -> str:
    """A correction in one line."""
    a, b = entry.edits[0].span.start, entry.edits[-1].span.end
    new = " … ".join(edit.new for edit in entry.edits)
    place = text[max(a - 40, 0) : a] + "[" + text[a:b] + "]" + text[b : b + 30]
    return f"{entry.certainty:.2f} {'+'.join(entry.rules)}: {place!r} -> {new!r}"


def tell_ocr(desk: Desk, names: Iterable[str] = SETS) -> None:
    """The table of the sets of real recognition, what is applied only."""
    scored = measure("eval_correction")
    for name in names:
        begun = time.perf_counter()
        rows = [(scan.name, _joined(scan.seen, desk), _joined(scan.true, desk), reading(repaired(scan.seen, desk)))
                for scan in scans(name)]
        took = time.perf_counter() - begun
        for norm in ("strict", "hipe"):
            found = scored.evaluate(rows, norm, True, 12 if norm == "hipe" and "-v" in sys.argv else 0)
            changes = ", ".join(f"{kind} {found[key]}" for kind, key in (
                ("true", "true_fixes"), ("wrong", "wrong_fixes"), ("false", "false_changes")))
            rate = found["false_change_per_1000_correct"]
            print(f"ocr {name} {norm}: precision {found['correction_precision']:.3f}, recall "
                  f"{found['correction_recall']:.3f}; {changes} ({rate:.2f} in 1,000); "
                  f"CER {found['cer_before']:.4f} to {found['cer_after']:.4f}; {found['gt_words'] / took:.0f} words/s",
                  flush=True)
            for kind in ("false_change", "wrong_fix") if found.get("examples") else ():
                for row in found["examples"][kind]:
                    print("   ", kind, row)


def _joined(text: str, desk: Desk) -> str:
    return reading(laid(text, desk))


def tell_certainty(desk: Desk) -> None:
    """How often a correction of so much certainty is right, over all sets."""
    sums: Counter[tuple[float, float, bool]] = Counter()
    for name in SETS:
        for scan in scans(name):
            draft = repaired(scan.seen, desk)
            true = _joined(scan.true, desk)
            for _, entry in draft.corrections:
                band = next(band for band in CERTAINTIES if band[0] <= entry.certainty < band[1])
                sums[*band, _is_true(entry, draft, true)] += 1
    for low, high in CERTAINTIES:
        right, wrong = sums[low, high, True], sums[low, high, False]
        share = right / max(right + wrong, 1)
        print(f"certainty {low:.2f} to {min(high, 1):.2f}: {right + wrong} places, right {share:.3f}")


def _is_true(entry: Correction, draft: Draft, true: str) -> bool:
    """Whether the new reading, with the words beside it, is nearer to some stretch of the truth than the old one."""
    edit = entry.edits[0]
    text = draft.witness.text
    before, after = text[max(edit.span.start - 25, 0) : edit.span.start], text[edit.span.end : edit.span.end + 25]
    shown = [" ".join((before + middle + after).split()) for middle in (edit.old, edit.new)]
    was, now = (fuzz.partial_ratio(one, true) * len(one) for one in shown)
    return now / len(shown[1]) > was / len(shown[0])


TELL = {"refusal": tell_refusal, "clean": tell_clean, "prose": tell_prose, "ocr": tell_ocr, "certainty": tell_certainty}


def main() -> None:
    asked = [name for name in sys.argv[1:] if not name.startswith("-")] or list(TELL)
    if unknown := [name for name in asked if name not in TELL]:
        raise SystemExit(f"there is no measure {unknown[0]}; there are {', '.join(TELL)}")
    desk = Desk(language("en"), rulebook())
    for name in asked:
        TELL[name](desk)


if __name__ == "__main__":
    main()
