"""Measures which of two copies is believed where they differ: `python -m bench.copies [FOLDER] [--noise .02,.06,.1]`.

Passages of a folder's texts are damaged twice, each time in another way (letters for others, lost, too many), and stand
in one file, the second a repeat of the first. Of the words in which the copies differ and one of them is right: the
share that stands right when the first copy is kept, and after `second_readings`; how many right words went; and what
was proposed by certainty, with the share that was right but for the marks about the word, which are not weighed.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.overlaps import DATA, damaged, words_of
from pipeline.desk import Desk, Settings
from pipeline.draft import Draft
from pipeline.language import language
from pipeline.model import Mark, Page, Span, Witness
from pipeline.rulebook import rulebook
from pipeline.stages import copies
from pipeline.stages.layout import Row
from pipeline.stages.second_readings import second_readings

PASSAGE, MOST = 400, 40  # words, passages
BANDS = (0.5, 0.7, 0.85, 0.93, 0.97, 1.0)


def passages(folder: Path) -> Iterator[str]:
    """Passages of whole words from all over a folder."""
    every = words_of(folder)
    while words := list(islice(every, PASSAGE)):
        yield " ".join(words)
        next(islice(every, 19 * PASSAGE, 19 * PASSAGE), None)


def twice(text: str, noise: float, dice: random.Random) -> tuple[Draft, dict[Span, tuple[str, str, str]]]:
    """A passage damaged twice as a draft, and of the words that differ what stands, the other copy and the truth."""
    one, other = damaged(text, noise, dice), damaged(text, noise, dice)
    whole = f"{one}\n{other}\n{text}"
    ends = [len(one), len(one) + 1 + len(other), len(whole)]
    rows = [Row(0, ends[0]), Row(ends[0] + 1, ends[1]), Row(ends[1] + 1, ends[2])]
    first, second, truth = (copies.words_of(whole, [row]) for row in rows)
    meant = {pair.first: pair.second[0].letters for pair in copies.side_by_side(first, truth)
             if len(pair.first) == len(pair.second) == 1}
    pairs = copies.side_by_side(first, second)
    found = {Span(pair.first[0].at[0], pair.first[0].at[-1] + 1):
             (pair.first[0].letters, pair.second[0].letters, meant[pair.first]) for pair in pairs
             if not pair.alike and len(pair.first) == len(pair.second) == 1 and pair.first in meant}
    marks = [Mark("variant", (one.place, *one.there), 2) for one in copies.differences(whole, pairs)]
    page = Mark("page", (Span(0, ends[1]),), Page(1))
    beyond = Mark("page", (Span(ends[1] + 1, ends[2]),), Page(2, twin_of=1))
    repeat = Mark("repeat", (Span(ends[0] + 1, ends[1]),), Span(0, ends[0]))
    return Draft(Witness("S1", "", "utf-8", whole)).add([page, beyond, repeat, *marks]), found


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=DATA)
    asked.add_argument("--noise", default="0.02,0.06,0.1")
    told = asked.parse_args()
    texts = list(islice(passages(told.folder), MOST))
    desk = Desk(language("en"), rulebook(), frozenset(), (), Settings())
    bands: Counter[float] = Counter()
    right: Counter[float] = Counter()
    print("noise  differ  first right  then right  better  worse")
    for noise in map(float, told.noise.split(",")):
        dice, kept, then, better, worse, count = random.Random(1), 0, 0, 0, 0, 0
        for text in texts:
            draft, places = twice(text, noise, dice)
            changed = {entry.edits[0].span.start: entry for entry in second_readings(draft, desk)}
            for place, (one, other, truth) in places.items():
                if truth not in (one, other):
                    continue
                entry = next((changed[k] for k in range(place.start, place.end) if k in changed), None)
                reads = one
                if entry:
                    edit = entry.edits[0]
                    at = edit.span.start - place.start
                    reads = one[:at] + edit.new + one[at + len(edit.old) :]
                    band = next(top for top in BANDS if entry.certainty <= top)
                    bands[band] += 1
                    right[band] += _bare(reads) == _bare(truth)
                    reads = reads if entry.applies else one
                count, kept, then = count + 1, kept + (one == truth), then + (reads == truth)
                better, worse = better + (reads == truth != one), worse + (one == truth != reads)
        print(f"{noise:5.2f} {count:7} {kept / count:12.3f} {then / count:11.3f} {better:7} {worse:6}", flush=True)
    print("certainty to  proposed  right")
    for band in BANDS[1:]:
        print(f"{band:12.2f} {bands[band]:9} {right[band] / max(1, bands[band]):6.3f}")


if __name__ == "__main__":
    main()
