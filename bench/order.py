"""Measures the order of pages on development data: `python -m bench.order [DATA] [--only NAME]`.

For each booklet, ordering case and clean reading text: the scheme found, whether the page sequence is exact, neighbours
rightly joined, page ends (F1), the margin in nats, seconds. Of a text already in order "yes" means left wholly alone.
"""

import argparse
import importlib.util
import json
import textwrap
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.emit.orders import order_json
from pipeline.language import language
from pipeline.model import Witness
from pipeline.receive import receive
from pipeline.rulebook import Rulebook
from pipeline.stages.order import order
from pipeline.stages.pages import pages

DATA = Path(__file__).parents[2] / "shared/data"


class Row(NamedTuple):
    """A line of the table."""

    case: str
    scheme: str
    exact: bool | None
    adj: float | None
    boundary: float | None
    margin: float | None
    seconds: float
    note: str = ""


def ordered(witness: Witness) -> tuple[Draft, dict[str, Any], float]:
    """A witness through the two stages, what `order.json` says, and the seconds it took."""
    desk = Desk(language("en"), Rulebook((), ""))
    begun = time.perf_counter()
    draft = Draft(witness)
    for stage in (pages, order):
        draft = draft.add(stage(draft, desk))
    took = time.perf_counter() - begun
    return draft, json.loads(order_json(draft)), took


def booklets(data: Path) -> Iterator[Row]:
    """The imposed booklets: the page sequence by what each page found begins and ends with."""
    for case in sorted(data.glob("booklets/dev/*/case.json")):
        draft, found, took = ordered(receive(case.parent / "witness.txt"))
        told = json.loads(case.read_text(encoding="utf-8"))
        truth = json.loads((case.parent / "truth/pages.json").read_text(encoding="utf-8"))
        exact, adj = _sequence(draft.witness.text, found, [page for page in truth if page["in_witness"]])
        queried = " asks" if found["queries"] else ""
        yield Row(case.parent.name, found["scheme"], exact, adj, None, found["margin"], took,
                  ("" if found["scheme"] == told["scheme"] else f"is {told['scheme']}") + queried)


def _sequence(text: str, found: dict[str, Any], truth: list[dict[str, Any]]) -> tuple[bool, float]:
    """Whether each page found, in its order, holds the lines of the true page at its place, and of how many seams."""
    there = [page for page in found["pages"] if page["spans"] and page["twin_of"] is None]
    texts = ["".join(text[a:b] + " " for a, b in page["spans"]) for page in there]
    matched = []
    for page in texts:
        scores = [fuzz.ratio(page[:3000], " ".join(one["text_lines"])[:3000]) for one in truth]
        matched.append(scores.index(max(scores)))
    hits = sum(b == a + 1 for a, b in pairwise(matched))
    return matched == list(range(len(truth))), round(hits / max(1, len(truth) - 1), 3)


def cases(data: Path) -> Iterator[Row]:
    """The ordering cases with the truth letter by letter."""
    judge = _judge(data / "eval_order.py")
    for path in sorted([*data.glob("order/*/truth.json"), *data.glob("order/real/*/truth.json")]):
        _, found, took = ordered(receive(path.parent / "scrambled.txt"))
        text, truth = judge.load(path.parent)
        spans = [span for page in found["pages"] if not page["twin_of"] for span in page["spans"]]
        score = judge.score(text, truth, spans)
        told = truth.get("scheme", found["scheme"])
        yield Row(path.parent.name, found["scheme"], score["exact"], score["adj"], score["bF1"], found["margin"], took,
                  ("" if found["scheme"] == told else f"is {told}") + (" asks" if found["queries"] else ""))


def clean(data: Path) -> Iterator[Row]:
    """Texts already in order, as they are, set in lines, and on pages: nothing may be moved, left out or asked."""
    for path in sorted(data.glob("booklets/dev/*/truth/reading.txt")):
        text = path.read_text(encoding="utf-8")
        lines = [line for part in text.split("\n") for line in textwrap.wrap(part, 66) or [""]]
        paged = "\f".join("\n".join(lines[k : k + 36]) + "\n" for k in range(0, len(lines), 36))
        for how, received in (("clean", text), ("set", "\n".join(lines)), ("paged", paged)):
            draft, found, took = ordered(Witness("S1", path.name, "utf-8", received))
            spans = [span for page in found["pages"] for span in page["spans"]]
            quiet = spans == sorted(spans) and not draft.lines("furniture") and not draft.lines("notes")
            yield Row(f"{how} {path.parent.parent.name}", found["scheme"], quiet and not found["queries"], None, None,
                      found["margin"], took, "asks" if found["queries"] else "")


def _judge(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("eval_order", path)
    assert spec and spec.loader, f"there is no {path}"
    judge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(judge)
    return judge


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", nargs="?", type=Path, default=DATA)
    asked.add_argument("--only", default="")
    told = asked.parse_args()
    print(f"{'case':36} {'scheme':26} exact   adj    F1  margin      s")
    for rows in (booklets, cases, clean):
        for row in rows(told.data):
            if told.only in row.case:
                numbers = " ".join(f"{'-' if x is None else format(x, '.3f'):>5}" for x in (row.adj, row.boundary))
                print(f"{row.case:36} {row.scheme:26} {'yes' if row.exact else 'NO':5} {numbers} "
                      f"{'-' if row.margin is None else format(row.margin, '.1f'):>7} {row.seconds:6.2f} {row.note}",
                      flush=True)


if __name__ == "__main__":
    main()
