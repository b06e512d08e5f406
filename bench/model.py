"""What a draft and its views cost at the size of a book: `python -m bench.model [--words N]`."""

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from pipeline import log
from pipeline.draft import Draft
from pipeline.model import Correction, Fault, Level, Mark, Page, Span, Verdict, Witness
from pipeline.view import view, words

Made = TypeVar("Made")
LINE = "it was a rnarvellous tbing to see them corne on, he said,\n"  # twelve words, three of them misread
READ = {"rnarvellous": "marvellous", "tbing": "thing", "corne": "come"}
LINES_A_PAGE = 35


def measured(what: str, make: Callable[[], Made]) -> Made:
    begun = time.perf_counter()
    made = make()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<44}{time.perf_counter() - begun:8.2f} s{peak:9.0f} MB")
    return made


def laid_out(words_wanted: int) -> Draft:
    """A book of one sentence, its pages in reverse, each with its folio as furniture, each line with its end."""
    lines = words_wanted // 12
    leaves = ["".join([LINE] * LINES_A_PAGE) + f"{n + 1}\n\f" for n in range(-(-lines // LINES_A_PAGE))]
    witness = Witness("S1", "made by bench/model.py", "utf-8", "".join(leaves))
    marks, at = [], 0
    for n, leaf in enumerate(leaves):
        end = at + len(leaf)
        marks.append(Mark("page", (Span(at, end),), Page(n=len(leaves) - n, folio=str(n + 1))))
        marks.append(Mark("furniture", (Span(at + LINES_A_PAGE * len(LINE), end - 2),), "folio"))
        marks += (Mark("line_end", (Span(k - 1, k),), "space")
                  for k in range(at + len(LINE), at + LINES_A_PAGE * len(LINE) + 1, len(LINE)))
        at = end
    return Draft(witness).add(marks)


def readings(draft: Draft) -> Iterator[Correction]:
    """A correction for each misread word of the running text."""
    shown = view(draft, Level.DIPLOMATIC, joined=True)
    for start, end in words(shown.text):
        if new := READ.get(shown.text[start:end]):
            yield Correction(Fault.RECOGNITION, "character", ("bench.made",), shown.edit(start, end, new))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--words", type=int, default=1_000_000, help="how long the book is (default 1,000,000)")
    count = asked.parse_args().words
    print(f"{'':<44}{'time':>10}{'peak':>12}")
    draft = measured(f"pages, line ends, furniture: {count:,} words", lambda: laid_out(count))
    found = measured("every reading asked of a joined view", lambda: list(readings(draft)))
    draft = measured(f"{len(found):,} corrections added in one go", lambda: draft.add(found))
    measured("… and one verdict more", lambda: draft.add([Verdict(len(draft.entries) - 1, False, "ed")]))
    measured("what each level is made of", lambda: draft.edits(Level.REGULAR))
    for level in (Level.RECEIVED, Level.DIPLOMATIC, Level.CRITICAL):
        measured(f"view {level.name.lower()}, line by line", partial(view, draft, level))
        measured(f"view {level.name.lower()}, joined", partial(view, draft, level, joined=True))
    rows = measured("the log, a row for each", lambda: log.corrections(draft))
    measured("… as JSON Lines", lambda: log.jsonl(rows))


if __name__ == "__main__":
    main()
