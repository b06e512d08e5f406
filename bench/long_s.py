"""Print before about 1800, its long s read as f: how much comes back, what is wrongly touched, and where none is.

usage: python -m bench.long_s [-v]

Makes such text by the rule of the typesetters (an s is long but at the end of its word and beside an f; some set it
short before b and k too) from the booklets, which the language evidence does not know, and from works of `lmcorpus`,
which it does; read as f always, or now and then. The same texts as they are, and the sets of real recognition, must
show no habit.
"""

import random
import sys
from itertools import pairwise

import regex

from bench.repair import SETS, Scan, booklets, books, laid, scans
from pipeline.desk import Desk
from pipeline.language import language
from pipeline.model import Correction
from pipeline.rulebook import rulebook
from pipeline.stages.habits import habit, habits

LONG_S = regex.compile(r"(?<![fF])s(?=\p{L})(?!sf|f)")
SHORT_BEFORE = regex.compile(r"s(?=[bk])")
SHARES = (1.0, 0.6, 0.15)  # of the long s, those read as f
BANDS = (0.4, 0.6, 0.85, 0.97, 1.01)


def misread(text: str, share: float, seed: int) -> str:
    """The text with its long s read as f; one letter for another, so that places keep.

    >>> misread("his passion is so unsatisfied, he has us discuss offsets", 1.0, 0)
    'his paffion is fo unfatisfied, he has us difcufs offsets'
    """
    chance = random.Random(seed)
    short = chance.random() < 0.5

    def letter(found: "regex.Match[str]") -> str:
        stays = (short and SHORT_BEFORE.match(text, found.start())) or chance.random() >= share
        return "s" if stays else "f"

    return LONG_S.sub(letter, text)


def tell(name: str, texts: list[tuple[str, str]], desk: Desk, share: float) -> None:
    """Words misread and put right, and right words changed, over some texts."""
    wrong_words = right_words = 0
    made: list[tuple[Correction, str, str]] = []
    for seed, (_, true) in enumerate(texts, 1):
        seen = misread(true, share, seed)
        for one, other in zip(seen.split(), true.split(), strict=True):
            wrong_words, right_words = wrong_words + (one != other), right_words + (one == other)
        made += ((entry, seen, true) for entry in habits(laid(seen, desk), desk))
    applied = [row for row in made if row[0].applies]
    wrong = [row for row in applied if not _is_right(row[0], row[2])]
    false = sum(seen[a:b] == true[a:b] for entry, seen, true in wrong for (a, b), *_ in entry.edits[:1])
    by_certainty = []
    for low, high in pairwise(BANDS):
        here = [_is_right(entry, true) for entry, _, true in made if low <= entry.certainty < high]
        by_certainty.append(f"{low:.2f}: {sum(here)} of {len(here)}")
    print(f"{name}, {share:.0%} read as f: {wrong_words} words misread, {len(applied)} changed; precision "
          f"{1 - len(wrong) / max(len(applied), 1):.4f}, recall {(len(applied) - len(wrong)) / wrong_words:.4f}; "
          f"{false} of {right_words} right words changed; right from certainty {', '.join(by_certainty)}", flush=True)
    for entry, seen, true in wrong if "-v" in sys.argv else ():
        a, b = entry.edits[0].span
        print(f"    {entry.certainty:.3f} {seen[a - 30 : b + 20]!r}: read “{entry.edits[0].new}”, is “{true[a:b]}”")


def _is_right(entry: Correction, true: str) -> bool:
    return all(true[edit.span.start : edit.span.end] == edit.new for edit in entry.edits)


def main() -> None:
    desk = Desk(language("en"), rulebook())
    texts = {"booklets": list(booklets()), "lmcorpus": list(books())}
    for name, works in texts.items():
        for share in SHARES:
            tell(name, works, desk, share)
    plain = [Scan(name, text, text) for works in texts.values() for name, text in works]
    pages = {"true texts": plain} | {name: scans(name) for name in SETS}
    (rule,) = desk.rules.of("habit")
    for name, those in pages.items():
        found = [one.name for one in those if habit(rule, one.seen, desk.language)]
        print(f"{name}: {len(found)} of {len(those)} texts show the habit as they are {found or ''}")


if __name__ == "__main__":
    main()
