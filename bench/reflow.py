"""How often line ends, paragraphs, headings and verse are told right: `python -m bench.reflow [BOOKLETS]`.

First each witness, its pages, furniture and notes laid by hand from the truth, so that reflow is measured alone; then
each reading text as it is, which must come back; then the lines of the truth written out after other habits.
"""

import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import Indel

from bench.laid import Booklet, TrueLine, booklet, laid
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.language import language
from pipeline.model import Level, Mark, Page, Span, Witness
from pipeline.rulebook import Rulebook
from pipeline.stages.reflow import reflow
from pipeline.view import view

BOOKLETS = Path(__file__).parents[1] / "../shared/data/booklets/dev"
DESK = Desk(language("en"), Rulebook(()))
JOINS = ("space", "soft", "hard", "none")


class Tally(Counter[tuple[str, str]]):
    """How often each kind (first) was told as each (second)."""

    def scores(self, kind: str) -> tuple[int, float, float, float]:
        """How many there are, and precision, recall and F1."""
        right = self[kind, kind]
        told = sum(n for (_, as_), n in self.items() if as_ == kind)
        there = sum(n for (true, _), n in self.items() if true == kind)
        precision, recall = right / told if told else 1.0, right / there if there else 1.0
        return there, precision, recall, 2 * right / (told + there) if told + there else 1.0


def measured(draft: Draft, owner: dict[Span, TrueLine], show: bool) -> tuple[Draft, Tally, Tally, float]:
    """The draft reflowed, how its line ends and how its headings were told, and the seconds it took."""
    draft.lines()
    begun = time.perf_counter()
    marks = list(reflow(draft, DESK))
    took = time.perf_counter() - begun
    done = draft.add(marks)
    ends, heads = Tally(), Tally()
    lines = done.lines()
    large = {span for mark in done.marked("heading", "byline") for span in mark.spans}
    for line, then in pairwise(lines):
        one, two = owner.get(line.span), owner.get(then.span)
        if not one or not two or not _follows(one, two):
            continue
        told = done.line_end(line)
        ends[one.end, told] += 1
        if show and one.end != told:
            text = done.witness.text
            mark = done.line_ends[line.span.end]
            print(f"    {one.end} told {told} {mark.certainty}: {text[slice(*line.span)][-60:]!r} | "
                  f"{text[slice(*then.span)][:50]!r} {[e.says for e in mark.evidence]}")
    for line in lines:
        if one := owner.get(line.span):
            as_ = "heading" if any(a <= line.span.start and line.span.end <= b for a, b in large) else "text"
            true = "heading" if one.kind == "h" else "text"
            heads[true, as_] += 1
            if show and true != as_:
                print(f"    {true} told {as_}: {done.witness.text[slice(*line.span)]!r}")
    return done, ends, heads, took


def _follows(one: TrueLine, two: TrueLine) -> bool:
    """Whether nothing that was lost stood between two lines."""
    return one.flow == two.flow == "body" and two.place == one.place + 1


def row(name: str, ends: Tally, heads: Tally, took: float) -> str:
    broken = [(true, told, n) for (true, told), n in ends.items() if true in ("soft", "hard") and told in JOINS]
    right = sum(n for true, told, n in broken if true == told)
    whole = sum(n for *_, n in broken)
    welds = sum(n for (true, told), n in ends.items() if true in ("space", "none", "verse", "paragraph")
                and told in ("soft", "hard", "none") and true != told)
    cells = [f"{name:32.32} {sum(ends.values()):5}", f"{right:3}/{whole:<3}", f"{welds:3}"]
    for tally, kind in ((ends, "paragraph"), (heads, "heading"), (ends, "verse")):
        there, precision, recall, f1 = tally.scores(kind)
        cells.append(f"{there:4} {precision:.3f} {recall:.3f} {f1:.3f}")
    return "  ".join([*cells, f"{took:.2f} s"])


HEAD = (f"{'':32} {'ends':>5}  {'broken':>7}  {'weld':>3}  {'paragraphs':^22}  {'headings':^22}  {'verse':^22}\n"
        f"{'':53}" + f"{'n':>4} {'P':^5} {'R':^5} {'F1':^5}  " * 3)


def witnesses(books: Iterable[Booklet], show: bool) -> None:
    """Each witness as it is."""
    print(HEAD)
    sums: dict[str, tuple[Tally, Tally]] = {kind: (Tally(), Tally()) for kind in ("text layers", "scans")}
    for book in books:
        _, ends, heads, took = measured(*laid(book), show)
        total = sums["scans" if book.scan else "text layers"]
        total[0].update(ends)
        total[1].update(heads)
        print(row(book.name, ends, heads, took))
    for name, (ends, heads) in sums.items():
        print(row(name, ends, heads, 0.0))


def readings(books: Iterable[Booklet], show: bool) -> None:
    """Each reading text as a witness, and its lines set anew: it must come back, verse where it can be known."""
    books = list(books)
    for name, setting in SETTINGS.items():
        print(f"\nThe reading text {name}: paragraphs that come back as they are, letters that differ")
        for book in books:
            verse = "v" in book.kinds and name != "as it is"
            wanted = "\n\n".join(text for text, kind in zip(book.reading.rstrip("\n").split("\n\n"), book.kinds,
                                                            strict=True) if not verse or kind != "v")
            draft = Draft(Witness("S1", "reading", "utf-8", setting(wanted)))
            came = view(draft.add(reflow(draft, DESK)), Level.CRITICAL, joined=True).text
            there, back = Counter(wanted.split("\n\n")), Counter(came.split("\n\n"))
            print(f"{book.name:32.32} {sum((there & back).values()):4} of {sum(there.values()):<4} "
                  f"{Indel.distance(wanted, came):4} {'' if came == wanted else 'differs'}"
                  f"{' (without its verse)' if verse else ''}")
            if show:
                for text in there - back:
                    print(f"    lost {text[:160]!r}")
                for text in back - there:
                    print(f"    came {text[:160]!r}")


def _typed(text: str) -> str:
    """As a typewriter sets it: lines of 64 letters, ragged, each paragraph set in, no word broken."""
    return "\n".join(textwrap.fill(each, 64, initial_indent="     ", break_on_hyphens=False, break_long_words=False)
                     for each in text.split("\n\n"))


SETTINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "with a line break between paragraphs": lambda text: text.replace("\n\n", "\n"),
    "typewritten, each paragraph set in": _typed,
}


# --- other habits -----------------------------------------------------------------------------------------------------

Habit = Callable[[TrueLine, bool, bool], str]  # a line, whether it opens and whether it closes a paragraph
HABITS: dict[str, Habit] = {
    "blank lines": lambda one, opens, closes: one.text + ("\n\n" if closes else "\n"),
    "indents": lambda one, opens, closes: ("   " if opens and one.kind == "p" else "") + one.text + "\n",
    "short lines only": lambda one, opens, closes: one.text + "\n",
    "trailing blanks": lambda one, opens, closes: one.text + ("\n" if closes or one.end == "soft" else " \n"),
    "blanks everywhere, CRLF": lambda one, opens, closes: one.text + (" \r\n \r\n" if closes else " \r\n"),
}


def habits(books: Iterable[Booklet], show: bool) -> None:
    """The lines of the truth, clean, set after other habits."""
    books = list(books)
    for name, habit in HABITS.items():
        print(f"\nThe lines of the truth with {name}\n{HEAD}")
        for book in books:
            print(row(book.name, *measured(*_written(book, habit), show)[1:]))


def _written(book: Booklet, habit: Habit) -> tuple[Draft, dict[Span, TrueLine]]:
    pages = [[line for line in book.lines[n] if line.flow == "body"] for n in sorted(book.lines)]
    every = [line for page in pages for line in page]
    opens = {id(two) for one, two in pairwise(every) if one.end == "paragraph"}
    text, marks, owner = "", [], {}
    for n, page in enumerate(pages):
        start = len(text)
        for line in page:
            shown = habit(line, id(line) in opens, line.end == "paragraph")
            at = len(text) + len(shown) - len(shown.lstrip())
            owner[Span(at, at + len(line.text))] = line
            text += shown
        if page:
            marks.append(Mark("page", (Span(start, len(text)),), Page(n=n + 1)))
            text += "\n"
    return Draft(Witness("S1", "habit", "utf-8", text)).add(marks), owner


def _books(folder: Path) -> Iterator[Booklet]:
    found = sorted(path.parent for path in folder.glob("*/case.json"))
    if not found:
        raise SystemExit(f"no booklets in {folder}: give the folder that holds their folders")
    return map(booklet, found)


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    folder, show = Path(given[0]) if given else BOOKLETS, "--show" in sys.argv
    parts = [part for part in (witnesses, readings, habits) if f"--{part.__name__}" in sys.argv]
    for part in parts or (witnesses, readings, habits):
        part(_books(folder), show)
