"""What a command says to a person: tables where people look, plain lines when piped, JSON where a program reads."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.draft import Draft
from pipeline.emit.orders import imposition, queries
from pipeline.emit.page import shown
from pipeline.emit.pdf_pages import Cut
from pipeline.emit.sheets import JUDGED, SIGNS, UNDECIDED, nats, runs_on, seen, summed_up
from pipeline.rulebook import Rule
from pipeline.run import STAGES, Result

STEPS = (*(stage.__name__ for stage in STAGES), "write")
COLOURS = {"-": "red", "+": "green", "#": "cyan", "@": "bold"}
KINDS = ("safe", "likely", "proposed", "accepted", "rejected", "superseded")


@contextmanager
def stages(steps: Sequence[str] = STEPS) -> Iterator[Callable[[str], None]]:
    """Tells on a terminal which stage is at work, and leaves no trace there."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading …") as status:
        yield lambda stage: status.update(f"{stage} … ({steps.index(stage) + 1} of {len(steps)})")


def summary(result: Result, as_json: bool = False) -> None:
    """What a run came to, and where to look next."""
    if as_json:
        print((result.out / "run.json").read_text(encoding="utf-8"), end="")
    else:
        _summary(result)
    if result.differs:
        _differs(result)


def _summary(result: Result) -> None:
    print(f"{shown(result.metadata.title)}\norder        {summed_up(result.draft)}")
    if result.metadata.evidence:
        print(f"language     {result.metadata.evidence}")
    counted = Counter(
        (row["category"], row["band"] if row["status"] == "applied" else row["status"]) for row in result.rows
    )
    kinds = [kind for kind in KINDS if any(counted[name, kind] for name, _ in counted)]
    names = sorted({name for name, _ in counted})
    table(("corrections", *kinds), [(name, *(str(counted[name, kind] or "") for kind in kinds)) for name in names])
    open_ones = [query for query in result.draft.queries if not query.answered]
    print(f"queries      {len(open_ones)}" + ("" if not open_ones else f", first: {shown(open_ones[0].says)}"))
    proposed = sum(n for (_, kind), n in counted.items() if kind == "proposed")
    if proposed or open_ones:
        print(f"to decide    {proposed} proposals and {len(open_ones)} queries: {result.out / 'corrections.jsonl'}, "
              f"{result.out / 'queries.jsonl'}")
    print(f"look at      {result.out / 'diff.html'}\nread         {result.out / 'index.html'}\n"
          f"publish      {result.out / 'edition.xml'}")


def _differs(result: Result) -> None:
    differences(result.differs)
    print(f"the apparatus differs from {result.locked} in the {len(result.differs)} lines above; {result.out} is "
          "written, the lock is not. To accept: make edition ACCEPT=1, or corrigenda edition … --accept",
          file=sys.stderr)


def differences(lines: Sequence[str], as_json: bool = False) -> None:
    """The lines of a diff, in colour on a terminal."""
    if as_json:
        print(json.dumps(list(lines), ensure_ascii=False, indent=1))
        return
    if not sys.stdout.isatty():
        for line in lines:
            print(line)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True)
    for line in lines:
        console.print(Text(line, style=COLOURS.get(line[:1], "")))


def rules(chosen: Sequence[Rule], as_json: bool = False) -> None:
    """The rules as a list; one alone with all it says and its examples."""
    if as_json:
        rows = [{"id": rule.id, "says": rule.says, "kind": rule.kind, "fault": rule.fault.name.lower(),
                 "category": rule.category, "safety": rule.safety.name.lower(), "languages": rule.languages,
                 "examples": [example._asdict() for example in rule.examples]} for rule in chosen]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif len(chosen) == 1:
        _explained(chosen[0])
    else:
        table(("rule", "corrected because", "at most"),
              [(rule.id, rule.says, rule.safety.name.lower()) for rule in chosen])


def _explained(rule: Rule) -> None:
    print(f"{rule.id}\ncorrected because {rule.says}\nkind {rule.kind}, category {rule.category}, fault "
          f"{rule.fault.name.lower()}, at most {rule.safety.name.lower()}"
          + (f", for {', '.join(rule.languages)} only" if rule.languages else ""))
    for example in rule.examples:
        known = " (known to fail)" if example.fails else ""
        print(f"  stet  {example.sic}{known}" if example.stet else
              f"  sic   {example.sic}\n  corr  {example.corr}{known}")


def order(draft: Draft) -> None:
    """The pages as they read, how each runs on into the next, and what is doubtful about it."""
    pages = seen(draft)
    seams = runs_on(draft, pages, "", "")
    rows = []
    for page in pages:
        then = seams.get(page.n) if page.page.twin_of is None else None
        known = (f"{SIGNS[then.judged]} {then.says}", nats(then.seam.score), nats(then.seam.margin)) if then else ()
        words = (page.first, page.last) if page.spans else (page.state, "")
        rows.append(tuple(map(shown, (page.name, page.page.folio or "", page.where, *words, *(known or ("", "", ""))))))
    print(shown(summed_up(draft)))
    table(("page", "printed", "where it lay", "first words", "last words", "runs on", "nats", "margin"), rows)
    for judged in dict.fromkeys(then.judged for then in seams.values()):
        print(f"{SIGNS[judged]} {JUDGED[judged]}")
    for row in queries(draft):
        print(f"query: {shown(row['says'])}")


def paged(draft: Draft, found: Sequence[Cut], left_out: Sequence[Cut], out: Path) -> None:
    """What was put into a PDF in reading order, and what was not."""
    sure = imposition(draft).scheme != UNDECIDED
    print(f"{len(found) - len(left_out)} pages, {'in reading order' if sure else 'as they lie'}: {out}")
    for cut in left_out:
        why = cut.page.state or "not found in the PDF"
        print(f"left out: page {cut.page.name}, {why}")
    for row in queries(draft):
        print(f"query: {shown(row['says'])}", file=sys.stderr)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table where people look, tab-separated lines when piped."""
    if not sys.stdout.isatty():
        for row in (head, *rows):
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    shown = Table(*head, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)
