"""Repair beside its peers, on the same words in the same run: prints `bench/RESULTS.md` and writes it.

usage: python -m bench.results [--few N] [--only SET,SET] [--no-speed] [--long]

Each system reads each set in a process of its own (`bench.trial`); `../shared/data/eval_correction.py` measures, on
texts whose lines are joined, in all rows alike. `--few` takes N documents of each set, evenly spaced.
What is not the whole (`--few`, `--only`, `--no-speed`) is printed, not written.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from bench.flags import BINS, Flag, Tally, summed, tally
from bench.peers import PEERS
from bench.repair import DATA, SETS, Scan, laid, measure, reading, scans
from bench.speed import PEER, Pace, measured, ratio_of
from bench.trial import OURS, Row, tried
from pipeline.desk import Desk
from pipeline.language import language
from pipeline.rulebook import rulebook

RESULTS = Path(__file__).with_name("RESULTS.md")
BOOKLETS = "booklets"
STRETCH = 20  # letters that are lost or added in one piece: a line out of its place, not letters misread
BAR = 40  # signs of the widest bar


class Made(NamedTuple):
    """What a system made of the documents of a set, how that measures (strict or fold, and hipe), and what it took."""

    system: str
    texts: list[str]
    row: Row
    plain: Row
    seconds: float | None = None
    peak: float | None = None


class Set(NamedTuple):
    """The documents of a set: their names and truth; what each system made of them, ours last; what is flagged."""

    name: str
    documents: list[str]
    true: list[str]
    norm: str
    made: list[Made]
    flags: Tally

    @property
    def ours(self) -> Made:
        return self.made[-1]


@cache
def scorer() -> ModuleType:
    return measure("eval_correction")


# --- reading ---------------------------------------------------------------------------------------------------------


def few(documents: Sequence[Scan], n: int) -> list[Scan]:
    """So many documents, evenly spaced; all where none is 0 or there are no more."""
    return [documents[k * len(documents) // n] for k in range(n)] if 0 < n < len(documents) else list(documents)


def booklets() -> Iterator[Scan]:
    """The English booklets, as received and as they are."""
    for folder in sorted((DATA / "booklets/dev").iterdir()):
        case = folder / "case.json"
        if case.exists() and json.loads(case.read_text(encoding="utf-8"))["lang"] == "en":
            yield Scan(folder.name, (folder / "witness.txt").read_bytes().decode("utf-8"),
                       (folder / "truth/reading.txt").read_text(encoding="utf-8"))


def read_set(name: str, documents: Sequence[Scan], whole: bool) -> Set:
    """A set as every system reads it; `whole` sends ours down the whole line, so that it also orders the pages."""
    desk = Desk(language("en"), rulebook())

    def joined(text: str) -> str:
        return reading(laid(text, desk))

    norm = "fold" if whole else "strict"
    told = tried(OURS, [(scan.seen, "") for scan in documents], "whole" if whole else "")
    seen = told["received"] if whole else [joined(scan.seen) for scan in documents]
    true = [scan.true if whole else joined(scan.true) for scan in documents]

    def made(system: str, texts: list[str], seconds: float | None = None, peak: float | None = None) -> Made:
        rows = [(str(k), *three) for k, three in enumerate(zip(seen, true, texts, strict=True))]
        return Made(system, texts, scorer().evaluate(rows, norm, True, per_doc=True),
                    scorer().evaluate(rows, "hipe", True), seconds, peak)

    all_made = []
    for peer in PEERS:
        if peer.installed:
            by_peer = tried(peer.name, [("", text) for text in seen], "")
            all_made.append(made(peer.name, by_peer["applied"], by_peer["seconds"], by_peer["peak"]))
    all_made += [made(f"{OURS}, safe only", told["safe"]), made(OURS, told["applied"], told["seconds"], told["peak"])]
    flagged = [tally(text, meant, [Flag(*one) for one in found], scorer())
               for text, meant, found in zip(told["received"], true, told["flags"], strict=True)]
    return Set(name, [scan.name for scan in documents], true, norm, all_made, summed(flagged))


# --- telling ---------------------------------------------------------------------------------------------------------


def table(head: str, rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    names = [name.strip() for name in head.split("|")]
    lines = [names, ["---"] + ["--:"] * (len(names) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def not_worse(row: Row) -> float:
    """The share of documents whose character error rate is no higher than before."""
    better = [bool(one["cer_after"] <= one["cer_before"]) for one in row["per_doc"].values()]
    return sum(better) / max(len(better), 1)


def changes_table(found: Set) -> str:
    """Every system on a set: by the set's norm, and by words alone (hipe)."""
    rows = []
    for made in found.made:
        row, plain = made.row, made.plain
        alone = made.system == PEERS[0].name
        rows.append((
            made.system, f"{row['cer_after']:.4f}", f"{row['wer_after']:.4f}",
            row["true_fixes"], row["wrong_fixes"], row["false_changes"],
            *(f"{one[key]:.3f}" if one["changed"] else "" for one in (row, plain)
              for key in ("correction_precision", "correction_recall")),
            *(f"{one['false_change_per_1000_correct']:.2f}" for one in (row, plain)), f"{not_worse(row):.3f}",
            f"{row['gt_words'] / made.seconds:,.0f}" if made.seconds and not alone else "",
            f"{made.peak:.0f}" if made.peak and not alone else "",
        ))
    norm = found.norm
    return table(f"system | CER | WER | true | wrong | false | P {norm} | R {norm} | P hipe | R hipe | "
                 f"false in 1,000, {norm} | hipe | not worse | words/s | MB", rows)


def flags_table(sets: Sequence[Set]) -> str:
    rows = []
    for found in sets:
        told = found.flags
        rows.append((
            found.name, told.one_word, f"{told.offered / max(told.one_word, 1):.3f}",
            told.errors, f"{told.flagged / max(told.errors, 1):.3f}", told.flags,
            f"{told.flags / max(told.errors, 1):.2f}", len(told.judged), f"{told.expected_error:.3f}",
        ))
    return table("set | one-word errors | right reading among five | errors | flagged | flags | flags an error | "
                 "corrections | expected calibration error", rows)


def reliability(told: Tally) -> str:
    """How often corrections of so much certainty are right, as bars; a stop shows where the bar should end."""
    lines = []
    for low, high, (n, sure, right) in zip(BINS[:-1], BINS[1:], told.reliability, strict=True):
        bar = ("█" * round(right * BAR)).ljust(BAR + 1)
        mark = round(sure * BAR)
        lines.append(f"{low:.2f}-{high:.2f} {n:6}  certain {sure:.3f}  right {right:.3f}  "
                     f"{bar[:mark]}|{bar[mark + 1:]}" if n else f"{low:.2f}-{high:.2f} {n:6}")
    return "```\n" + "\n".join(line.rstrip() for line in lines) + "\n```\n"


def is_text(name: str) -> bool:
    """Whether a booklet is a text layer, not a scan."""
    return "_text_" in f"{name}_"


def booklets_table(found: Set) -> str:
    """Each booklet before and after: what its letters lost, and what lines out of their place."""
    rows = []
    for k, name in enumerate(found.documents):
        row = found.ours.row["per_doc"][str(k)]
        left, astray = letters_left(found.ours.texts[k], found.true[k])
        rows.append((
            name, "text" if is_text(name) else "scan", f"{row['cer_before']:.4f}", f"{row['cer_after']:.4f}",
            f"{row['cer_reduction_pct']:.0f} %", f"{row['correction_precision']:.3f}",
            f"{row['correction_recall']:.3f}", row["false_changes"], left + astray,
            f"{astray / max(left + astray, 1):.2f}",
        ))
    return table("booklet | kind | CER before | after | fewer | precision | recall | false | letters still wrong | "
                 f"share in stretches of {STRETCH} or more", rows)


def letters_left(text: str, true: str) -> tuple[int, int]:
    """How many letters are wrong by themselves, and how many in long stretches lost or added."""
    here, there = (scorer().norm(one, "fold", True) for one in (text, true))
    alone = stretched = 0
    for code in scorer().Levenshtein.opcodes(here, there):
        if code.tag != "equal":
            n = max(code.src_end - code.src_start, code.dest_end - code.dest_start)
            alone, stretched = (alone, stretched + n) if n >= STRETCH else (alone + n, stretched)
    return alone, stretched


def bars(sets: Sequence[Set], paces: Sequence[Pace]) -> str:
    """What was asked, and whether it is reached."""
    rows: list[tuple[str, str, str]] = []

    def bar(asked: str, figure: float, reached: bool, form: str = ".3f") -> None:
        rows.append((asked, format(figure, form), "yes" if reached else "**no**"))

    for found in sets:
        row, plain, told, name = found.ours.row, found.ours.plain, found.flags, found.name
        bar(f"{name}: CER after, not above before ({row['cer_before']:.4f})", row["cer_after"],
            row["cer_after"] <= row["cer_before"], ".4f")
        bar(f"{name}: documents not made worse, .99", not_worse(row), not_worse(row) >= 0.99)
        bar(f"{name}: expected error of {len(told.judged)} certainties, .03 at most", told.expected_error,
            told.expected_error <= 0.03)
        if name == "icdar2017-mono":
            false = row["false_change_per_1000_correct"]
            bar(f"{name}: false changes in 1,000, .2 at most", false, false <= 0.2, ".2f")
        if name in ("overproof", "icdar2017-periodicals"):
            precision, recall = plain["correction_precision"], plain["correction_recall"]
            false = plain["false_change_per_1000_correct"]
            bar(f"{name}: recall of what is applied (hipe), .30", recall, recall >= 0.3)
            bar(f"{name}: false changes in 1,000 (hipe), .3 at most", false, false <= 0.3, ".2f")
            bar(f"{name}: precision (hipe), .95", precision, precision >= 0.95)
        if name != "booklets":
            offered, flagged = told.offered / max(told.one_word, 1), told.flagged / max(told.errors, 1)
            bar(f"{name}: right reading among the first five, .85", offered, offered >= 0.85)
            bar(f"{name}: errors flagged, .85", flagged, flagged >= 0.85)
            bar(f"{name}: flags an error, 2 at most", told.flags / max(told.errors, 1), told.flags <= 2 * told.errors)
        else:
            each = [(one, row["per_doc"][str(k)]) for k, one in enumerate(found.documents)]
            for one, its in each:
                if is_text(one):
                    bar(f"{one}: correction recall, .90", its["correction_recall"], its["correction_recall"] >= 0.9)
                else:
                    fewer = its["cer_reduction_pct"] / 100
                    bar(f"{one}: fewer character errors, .40", fewer, fewer >= 0.4)
    if paces and (ratio := ratio_of(paces)) is not None:
        bar(f"speed: part of the rate of {PEER}, .25", ratio, ratio >= 0.25)
    return table("bar | figure | reached", rows)


def told(arguments: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Everything, part by part as it is found."""
    begun = time.time()
    missing = [f"{peer.name} (package {peer.package})" for peer in PEERS if not peer.installed]
    say("# Repair beside its peers\n\nMade by `make bench`, not by hand. Measured with `eval_correction.py` of the "
        "development data on texts whose lines are joined, in all rows alike; false changes are counted in 1,000 "
        "right words. `safe only` applies the safe band alone, the row below it all that is applied: safe and likely.")
    if arguments.few:
        say(f"Only {arguments.few} documents of each set were read: the figures are rough.")
    if missing:
        say(f"Not installed and left out: {', '.join(missing)}.")
    asked = arguments.only.split(",") if arguments.only else [*SETS, BOOKLETS]
    sets = []
    for name in SETS:
        if name in asked:
            found = read_set(name, few(scans(name), arguments.few), whole=False)
            say(f"## {name}\n\n{len(found.documents)} documents.\n\n{changes_table(found)}")
            sets.append(found)
    if BOOKLETS in asked:
        found = read_set(BOOKLETS, few(list(booklets()), arguments.few), whole=True)
        say("## Booklets\n\nThe English booklets, put in order by us for every row; ours goes down the whole line.\n\n"
            f"{changes_table(found)}\n{booklets_table(found)}")
        sets.append(found)
    if sets:
        say("## Applied and proposed together\n\nErrors are those of more than marks and capitals; a flag is a "
            f"correction, applied or proposed, or a query.\n\n{flags_table(sets)}")
        say("## How true the certainty is\n\nOf all corrections, applied or proposed: how often those of so much "
            "certainty are right. The upright line is where the bar should end.\n\n"
            f"{reliability(summed([found.flags for found in sets]))}")
    paces: list[Pace] = []
    if not arguments.no_speed:
        paces = measured(arguments.long)
        say("## Speed and memory\n\nProse of `lmcorpus` set in lines, torn and misread; ours from the text received to "
            "the reading text, pages, order and reflow with it.\n\n" + table(
                "system | words | words/s | µs a word | seconds to begin | MB at most",
                [(pace.system, f"{pace.words:,}", f"{pace.rate:,.0f}", f"{1e6 / pace.rate:.0f}", f"{pace.begin:.2f}",
                  f"{pace.peak:.0f}") for pace in paces]))
    say(f"## The bars\n\n{bars(sets, paces)}")
    say(f"{platform.python_implementation()} {platform.python_version()}, {time.strftime('%Y-%m-%d')}; "
        f"{time.time() - begun:.0f} seconds in all.")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--few", type=int, default=0, help="documents of each set")
    parser.add_argument("--long", action="store_true", help="a text of a million words too")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--only", default="", help=f"of {', '.join((*SETS, BOOKLETS))}")
    arguments = parser.parse_args()
    parts: list[str] = []

    def say(part: str) -> None:
        parts.append(part)
        print(part, flush=True)
        print()

    told(arguments, say)
    if not (arguments.few or arguments.only or arguments.no_speed):
        RESULTS.write_text("\n\n".join(part.rstrip() for part in parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
