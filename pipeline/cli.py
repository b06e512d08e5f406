"""The commands: they read what was asked, call the run, and print; they decide nothing."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import __version__
from pipeline.errors import Broken, Refused

if TYPE_CHECKING:
    from pipeline.run import Result

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="From damaged text of scanned print to a critical edition that can be trusted.\n\n"
         "Example: corrigenda edition scan.txt --out edition-of-scan",
)
Out = Annotated[Path | None, typer.Option("--out", help="Folder to write to (of an edition's folder: its out/).")]
Encoding = Annotated[str | None, typer.Option(help="The encoding of the witness, where it is not found rightly.")]
Rules = Annotated[Path | None, typer.Option(help="Another folder of rules.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]


def _version(asked: bool) -> None:
    if asked:
        print(f"corrigenda {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]
    = False,
) -> None:
    del version


@app.command()
def edition(
    source: Annotated[str, typer.Argument(help="A text file, - for standard input, or an edition's folder.")],
    out: Out = None,
    no_decisions: Annotated[bool, typer.Option("--no-decisions", help="Leave the editor's decisions aside.")] = False,
    encoding: Encoding = None,
    rules: Rules = None,
    witness: Annotated[Path | None, typer.Option(help="Where the witness of the edition lies.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Accept the changes to apparatus.tsv.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the edition of a source.

    Example: corrigenda edition scan.txt --out edition-of-scan
    """
    from pipeline import run

    with _progress() as tell:
        result = run.edition(source, out, with_decisions=not no_decisions, encoding=encoding, accept=accept,
                             rules=rules, witness=witness, tell=tell)
    _tell(result, as_json)
    if result.differs:
        _differs(result)
        raise typer.Exit(1)


@app.command()
def editions(
    folder: Annotated[Path, typer.Argument(help="The folder of editions.")] = Path("edition"),
    only: Annotated[str | None, typer.Option(help="Only this edition.")] = None,
    witness: Annotated[Path | None, typer.Option(help="Where the witness of that edition lies.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Accept the changes to apparatus.tsv.")] = False,
) -> None:
    """Make every edition of a folder whose witness is at hand.

    Example: corrigenda editions edition --only sample
    """
    from pipeline import edition_file, run

    found = edition_file.editions(folder)
    chosen = [path for path in found if only in (None, path.name)]
    if not chosen:
        raise Refused(f"no edition {only or ''} in {folder}; there are: {', '.join(p.name for p in found) or 'none'}")
    if witness and len(chosen) > 1:
        raise Refused("a witness belongs to one edition: name it too, with --only NAME (make edition EDITION=NAME)")
    differ = False
    for path in chosen:
        home = edition_file.read(path)
        if not witness and not home.witness.exists():
            print(home.how_to_add)
            continue
        with _progress() as tell:
            result = run.edition(path, witness=witness, accept=accept, tell=tell)
        _tell(result)
        if result.differs:
            differ = True
            _differs(result)
    if differ:
        raise typer.Exit(1)


@app.command()
def new(
    source: Annotated[Path, typer.Argument(help="The witness: a text file.")],
    folder: Annotated[Path | None, typer.Argument(help="The folder to make (edition/NAME-OF-THE-FILE).")] = None,
    title: Annotated[str, typer.Option(help="The title of the work.")] = "",
    encoding: Encoding = None,
) -> None:
    """Begin an edition: a folder with the witness, edition.toml, names and decisions.

    Example: corrigenda new scan.txt edition/pamphlet --title "A Pamphlet"
    """
    from pipeline import run

    made = run.new(source, folder or Path("edition") / source.stem, title=title, encoding=encoding)
    print(f"begun: {made}\nfill in {made / 'edition.toml'}, then: corrigenda edition {made}")


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="What a run wrote.")],
    as_json: AsJson = False,
) -> None:
    """Prove from the files alone that nothing was lost, changed without an entry, or tampered with.

    Example: corrigenda verify edition/sample/out
    """
    from pipeline.verify import verify as prove

    findings = prove(folder).findings
    if as_json:
        print(json.dumps([str(finding) for finding in findings], ensure_ascii=False, indent=1))
    elif not findings:
        print(f"{folder}: verified. The bytes come back, texts, log and TEI agree, every change has its entry.")
    else:
        for finding in findings:
            print(finding, file=sys.stderr)
    if findings:
        raise typer.Exit(1)


@app.command("rules")
def show_rules(
    rule: Annotated[str | None, typer.Argument(help="The id of a rule, or of a family.")] = None,
    rules: Rules = None,
    as_json: AsJson = False,
) -> None:
    """List the rules, or explain one.

    Example: corrigenda rules ligature
    """
    from pipeline.rulebook import rulebook

    book = rulebook(rules)
    chosen = [r for r in book.rules if rule is None or r.id == rule or r.id.split(".")[0] == rule]
    if not chosen:
        raise Refused(f"there is no rule {rule}; corrigenda rules lists them")
    if as_json:
        rows = [{"id": r.id, "says": r.says, "kind": r.kind, "safety": r.safety.name.lower(), "category": r.category}
                for r in chosen]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif len(chosen) == 1:
        _explain(chosen[0])
    else:
        _table(("rule", "corrected because", "at most"), [(r.id, r.says, r.safety.name.lower()) for r in chosen])


@app.command()
def diff(
    folder: Annotated[Path, typer.Argument(help="What a run wrote.")],
    other: Annotated[Path | None, typer.Argument(help="What another run wrote, to compare with.")] = None,
) -> None:
    """Show received against critical text, or what one run corrects and another does not.

    Example: corrigenda diff edition/sample/out
    """
    from pipeline.emit.apparatus import compare

    name = "apparatus.tsv" if other else "corrections.diff"
    for path in filter(None, (folder, other)):
        if not (path / name).is_file():
            raise Refused(f"{path} is not what a run wrote: it has no {name}")
    text = (folder / name).read_text(encoding="utf-8")
    lines = compare(text, (other / name).read_text(encoding="utf-8")) if other else text.splitlines()
    for line in lines:
        colour = {"-": typer.colors.RED, "+": typer.colors.GREEN, "#": typer.colors.CYAN}.get(line[:1])
        typer.secho(line, fg=colour if sys.stdout.isatty() else None)


class _progress:
    """Tells on a terminal which stage is at work, and leaves no trace."""

    def __enter__(self) -> Any:
        return self.tell if sys.stderr.isatty() else lambda stage: None

    def tell(self, stage: str) -> None:
        print(f"\r{stage + ' …':20}", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            print("\r" + " " * 20 + "\r", end="", file=sys.stderr, flush=True)


def _tell(result: "Result", as_json: bool = False) -> None:
    """The summary a person can act on."""
    from pipeline.run import scheme_of

    found = scheme_of(result.draft)
    if as_json:
        print((result.out / "run.json").read_text(encoding="utf-8"), end="")
        return
    print(f"{result.metadata.title}: {result.out}")
    order = f"{found.scheme}, margin {found.margin:.1f} nats" if found else "as received"
    print(f"pages      {len(result.draft.pages)} ({order})")
    bands = Counter(
        (row["category"], row["band"] if row["status"] == "applied" else row["status"]) for row in result.rows
    )
    kinds = sorted({kind for _, kind in bands}, key=["safe", "likely"].__contains__, reverse=True)
    _table(("corrections", *kinds),
           [(name, *(str(bands[name, kind] or "") for kind in kinds)) for name in sorted({name for name, _ in bands})])
    print(f"queries    {len(result.draft.queries)}")
    print(f"look at    {result.out / 'diff.html'}, {result.out / 'queries.jsonl'}; read {result.out / 'index.html'}")


def _differs(result: "Result") -> None:
    for line in result.differs:
        print(line)
    print(f"the apparatus differs from the one accepted ({len(result.differs)} lines above); the files are written. "
          "To accept: make edition ACCEPT=1, or corrigenda edition … --accept", file=sys.stderr)


def _explain(rule: Any) -> None:
    print(f"{rule.id}\ncorrected because {rule.says}\ncategory {rule.category}, fault {rule.fault.name.lower()}, "
          f"at most {rule.safety.name.lower()}")
    for example in rule.examples:
        print(f"  {example}")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A table where people look, tab-separated lines when piped."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*head, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def main() -> None:
    """Run a command; what the user gave wrongly is told in one sentence, exit 1."""
    try:
        app(standalone_mode=True)
    except Refused as why:
        sys.exit(f"corrigenda: {why}")
    except Broken as why:
        sys.exit(f"corrigenda: this is a fault of corrigenda, nothing was written: {why}")
    except KeyboardInterrupt:
        sys.exit(130)
