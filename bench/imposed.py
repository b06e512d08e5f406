"""Measures the order of pages on books it prints itself: `python -m bench.imposed [TEXT...] [--only WORD] [--few]`.

Every scheme with 4 to 400 pages, with blank pages, with page ends that are seen or not, with folios and running heads
or none, with up to one letter in twenty misread, with a side missing or scanned twice. The texts are the sample's and
those given (files, or folders of them), one behind the other where one is too short; without any, those of the
development booklets. Of each book: whether the lines read exactly in order, whether it was asked, the margin in nats,
page ends (F1), seconds, and the most memory. **Wrong** is what is not exact and was not asked about; a page end that
was asked about may lie where the question says.
"""

import argparse
import json
import multiprocessing
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from bench.imposing import LOST, PARTED, PRINTED, Book, Case, Line, breaks, imposed, loose_sheets, shuffled
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.emit.orders import order_json
from pipeline.language import language
from pipeline.model import Witness
from pipeline.rulebook import Rulebook
from pipeline.stages.impositions import SCHEMES, Sides
from pipeline.stages.order import order
from pipeline.stages.pages import pages

HOME = Path(__file__).parents[1]
SAMPLE = HOME / "edition/sample/truth/reading.txt"
DATA = HOME.parent / "shared/data/booklets/dev"
COUNTS = (4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 200, 300, 400)
NOISES = (0.0, 0.01, 0.02, 0.03, 0.05)
REPORTS = ("order.missing", "order.doubled")  # what a query says that leaves no doubt about the order
PAGE_END = "order.page_end"
GATHERINGS = (8, 16), (4, 8, 12, 16, 20, 32, 64)  # that are printed: of signatures laid in another way, and as usual
MANY, OFTEN = 64, 0.5  # pages from which a scheme is not printed with every number of them, but so often
NO_SCHEME = "in no order"
SHORT = 60  # letters of what may stand in two texts
FEW = 6  # every so manieth book
FEWEST = 8  # pages from which a scheme must be found
BARS = (f"no order wrong without a question; 95 % of those with a scheme and {FEWEST} pages or more answered; "
        "20 s and 500 MB for 400 pages")


class Row(NamedTuple):
    """What came of a book."""

    case: Case
    exact: bool
    asked: bool
    named: bool
    margin: float
    seconds: float  # of one processor
    memory: float  # MB more than before the book was opened
    ends: float
    ends_asked: int
    told: bool  # what is not exact are page ends that were asked about

    @property
    def wrong(self) -> bool:
        return not (self.exact or self.asked or self.told)


class Way(NamedTuple):
    """A way to lay pages: the name it goes by, its sides, of what its pages are a multiple, the fewest, if folded."""

    name: str
    sides: Callable[[random.Random], Callable[[int], Sides]]
    multiple: int
    fewest: int
    folded: bool


def always(sides: Callable[[int], Sides]) -> Callable[[random.Random], Callable[[int], Sides]]:
    """Sides that are laid in one way, whatever chance says."""
    return lambda _: sides


def ways() -> dict[str, Way]:
    """Every way to lay pages; of schemes of one name the others are marked."""
    found: dict[str, Way] = {}
    for scheme in SCHEMES:
        if scheme.gathering > 0 and scheme.gathering not in GATHERINGS[scheme.name == "signatures"]:
            continue
        name = f"{scheme.name} of {scheme.gathering}" if scheme.gathering > 0 else scheme.name
        while name in found:
            name += "'"
        found[name] = Way(scheme.name, always(scheme.sides), scheme.multiple, scheme.fewest, bool(scheme.gathering))
    return found | {"loose sheets": Way("loose_sheets", loose_sheets, 4, 12, True),
                    NO_SCHEME: Way("undecided", shuffled, 1, 8, False)}


def cases() -> Iterator[Case]:
    """Every scheme with every number of pages it can have, the rest drawn by chance."""
    for name, way in ways().items():
        for count in COUNTS:
            pages = max(way.multiple, round(count / way.multiple) * way.multiple)
            if pages < way.fewest or pages > 1.2 * count or pages < count / 1.2:
                continue
            number = crc32(f"{name} {pages}".encode()) % 10**5
            spell = random.Random(number)
            if pages > MANY and spell.random() > OFTEN:
                continue
            lost = spell.choice(LOST) if way.folded and pages >= 12 and spell.random() < 0.3 else "nothing"
            yield Case(number, name, pages, spell.choice(list(PARTED)), spell.choice(("nothing", *PRINTED)),
                       spell.choice(NOISES), lost, _blanks(pages, way.folded, spell))


def _blanks(pages: int, folded: bool, spell: random.Random) -> tuple[int, ...]:
    """Pages left blank: most often none, else at the end, behind the title or inside the cover."""
    if not folded or pages < 8 or spell.random() < 0.5:
        return ()
    last = tuple(range(pages - spell.randrange(3), pages + 1))
    return spell.choice((last, last, (2, *last), (pages - 1,), (2,)))


def texts(given: Iterable[Path]) -> list[list[str]]:
    """The paragraphs of each text; what stands in one before is not taken again, nor the headings above it."""
    files = [SAMPLE, *(file for path in given for file in (sorted(path.glob("*.txt")) if path.is_dir() else [path]))]
    seen: set[str] = set()
    library = []
    for file in files:
        parts = [part for part in file.read_text(encoding="utf-8").split("\n\n") if part.strip()]
        library.append(_not_seen(parts, seen))
        seen.update(parts)
    return library


def _not_seen(parts: Sequence[str], seen: set[str]) -> list[str]:
    kept: list[str] = []
    again = False
    for part in reversed(parts):
        again = part in seen if len(part) >= SHORT else again
        if not again:
            kept.append(part)
    return kept[::-1]


def english(data: Path) -> list[Path]:
    """The reading texts of the development booklets."""
    return [path.parent / "truth/reading.txt" for path in sorted(data.glob("*/case.json"))
            if json.loads(path.read_text(encoding="utf-8"))["lang"] == "en"]


def printed(case: Case, library: list[list[str]]) -> Book | None:
    """The book of a case, of one text or of as many as it takes; none where all together are too short."""
    sides = ways()[case.scheme].sides(random.Random(case.number))
    text: list[str] = []
    for k in range(len(library)):
        text = [*text, *library[(case.number + k) % len(library)]]
        if k + 1 < len(library) and sum(map(len, text)) < case.pages * 14 * 36 * 1.5:
            continue
        if book := imposed(case, sides, text):
            return book
    return None


def measured(case: Case, book: Book) -> Row:
    """A book put in order."""
    desk = Desk(language("en"), Rulebook((), ""))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    draft = Draft(Witness("S1", "imposed.txt", "utf-8", book.text))
    for stage in (pages, order):
        draft = draft.add(stage(draft, desk))
    took = time.process_time() - begun
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    found = json.loads(order_json(draft))
    ends_asked = [query for query in found["queries"] if query["rule"] == PAGE_END]
    asked = any(query["rule"] not in (*REPORTS, PAGE_END) for query in found["queries"])
    margin = found["margin"] if found["margin"] is not None else 99.9
    return Row(case, exact(book, found["pages"]), asked, found["scheme"] == ways()[case.scheme].name, margin, took,
               memory, ends(book.lines, found["pages"]), len(ends_asked), told(book, found["pages"], ends_asked))


def told(book: Book, found: list[dict[str, Any]], ends_asked: list[dict[str, Any]]) -> bool:
    """Whether the lines are in order once each page ends where it was asked about."""
    places = {a for query in ends_asked for a, _ in query["spans"]}
    true, taken = (_torn(book.lines, ends) for ends in _breaks(book.lines, found))
    if not true ^ taken or not true ^ taken <= places:
        return False
    of = {line.start: k for k, page in enumerate(found) for a, b in page["spans"] for line in book.lines
          if a <= line.start < b}
    usual: dict[int, Counter[int]] = {}
    for line in book.lines:
        usual.setdefault(of.get(line.start, -1), Counter())[line.page] += 1
    order_found = [usual[k].most_common(1)[0][0] for k in sorted(usual) if k >= 0 and found[k]["twin_of"] is None]
    return order_found == sorted(set(order_found))


def _torn(lines: Sequence[Line], ends: set[int]) -> set[int]:
    """Of page ends those where it matters for the order of the lines: the next line of the file is not the next one."""
    text = [line for line in lines if line.place is not None]
    rank = {page: k for k, page in enumerate(sorted({line.page for line in text}))}
    of = {line.start: rank[line.page] for line in text}
    before = {b.start: a.start for a, b in pairwise(text)}
    return {at for at in ends if of[at] - of[before[at]] not in (0, 1)}


def exact(book: Book, found: list[dict[str, Any]]) -> bool:
    """Whether every line of the text is read once, whole, in its place; of a page scanned twice either copy."""
    spans = [tuple(span) for page in found if page["twin_of"] is None for span in page["spans"]]
    text = sorted(line for line in book.lines if line.place is not None)
    read: list[tuple[int, int | None]] = []
    for a, b in spans:
        for line in text:
            if line.start < b and line.end > a:
                if not a <= line.start < line.end <= b:
                    return False
                read.append((line.page, line.place))
    return read == sorted({(line.page, line.place) for line in text}, key=lambda one: (one[0], one[1] or 0))


def ends(lines: Iterable[Line], found: list[dict[str, Any]]) -> float:
    """How many of the page ends between lines of the text are found, and of those found are there (F1)."""
    true, taken = _breaks(list(lines), found)
    return 2 * len(true & taken) / max(1, len(true) + len(taken))


def _breaks(lines: Sequence[Line], found: list[dict[str, Any]]) -> tuple[set[int], set[int]]:
    """Where pages end, and where they were found to."""
    place = {at: k for k, page in enumerate(found) for a, b in page["spans"] for at in range(a, b)}
    return breaks(lines, lambda line: line.page), breaks(lines, lambda line: place.get(line.start))


def table(rows: list[Row], by: str, key: Callable[[Row], object]) -> Iterator[str]:
    """The figures of the rows for each value of what they are told apart by."""
    yield f"\n{by:34} books exact asked WRONG  named    F1 ends asked   s most  MB most"
    for value in dict.fromkeys(sorted(map(key, rows), key=_as_number)):
        yield _line(str(value), [row for row in rows if key(row) == value])


def _as_number(value: object) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value))


def _line(name: str, rows: list[Row]) -> str:
    answered = [row for row in rows if row.exact and not row.asked]
    wrong = sum(row.wrong for row in rows)
    ends_found = sum(row.ends for row in answered) / max(1, len(answered))
    return (f"{name:34} {len(rows):5} {sum(row.exact for row in rows):5} {sum(row.asked for row in rows):5} "
            f"{wrong:5} {sum(row.named for row in answered) / max(1, len(answered)):6.0%} {ends_found:6.3f} "
            f"{sum(row.ends_asked for row in answered):10} "
            f"{max(row.seconds for row in rows):7.1f} {max(row.memory for row in rows):8.0f}")


def reported(rows: list[Row]) -> Iterator[str]:
    """The tables, and what is to be reached."""
    yield from table(rows, "scheme", lambda row: row.case.scheme)
    yield from table(rows, "pages", lambda row: min(COUNTS, key=lambda count: abs(count - row.case.pages)))
    yield from table(rows, "what parts the pages", lambda row: row.case.parted)
    yield from table(rows, "misread letters", lambda row: row.case.noise)
    yield from table(rows, "printed about the text", lambda row: row.case.printed)
    yield from table(rows, "lost", lambda row: row.case.lost)
    yield "\n" + _line("all", rows)
    known = [row for row in rows if row.case.scheme != NO_SCHEME and row.case.pages >= FEWEST]
    answered = sum(row.exact and not row.asked for row in known)
    if known:
        yield (f"{answered} of {len(known)} with a scheme and {FEWEST} pages or more answered "
               f"({answered / len(known):.1%}); {sum(row.wrong for row in rows)} wrong. Bars: {BARS}.")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("texts", nargs="*", type=Path)
    asked.add_argument("--only", default="", help="books of a scheme with this in its name, or of this number")
    asked.add_argument("--few", action="store_true", help=f"every {FEW}th book")
    asked.add_argument("--write", type=Path, help="the books are written here, not measured")
    told = asked.parse_args()
    library = texts(told.texts or english(DATA))
    language("en")
    rows: list[Row] = []
    fork = multiprocessing.get_context("fork")
    for case in cases():
        wanted = told.only in case.scheme or told.only == str(case.number)
        if not wanted or (told.few and crc32(str(case.number).encode()) % FEW) or not (book := printed(case, library)):
            continue
        if told.write:
            (told.write / f"{case.number}.txt").write_text(book.text, encoding="utf-8", newline="")
            continue
        with fork.Pool(1) as alone:  # so that the memory is of this book
            row = alone.apply(partial(measured, case, book))
        rows.append(row)
        verdict = "WRONG" if row.wrong else "asked" if row.asked else "exact" if row.exact else "told"
        says = [case.parted, case.printed, f"{case.noise:.0%}"]
        says += [f"lost {case.lost}"] if case.lost != "nothing" else []
        says += [f"blank {case.blanks}"] if case.blanks else []
        says += [f"{row.ends_asked} page ends asked"] if row.ends_asked else []
        says += [] if row.named else ["another name"]
        print(f"{case.number:5} {case.scheme:32} {case.pages:4} {verdict:6} {row.margin:7.1f} {row.ends:6.3f} "
              f"{row.seconds:6.1f} s {row.memory:5.0f} MB  {'; '.join(says)}",
              flush=True)
    print("\n".join(reported(rows)))


if __name__ == "__main__":
    main()
