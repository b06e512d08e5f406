"""The commands: they read what was asked, call the run, and print; they decide nothing."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import __version__
from pipeline.errors import Broken, Refused

if TYPE_CHECKING:
    from pipeline.draft import Draft
    from pipeline.run import Result

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="From damaged text of scanned print to a critical edition that can be trusted.\n\n"
         "Example: corrigenda edition scan.txt --out edition-of-scan",
)
Out = Annotated[Path | None, typer.Option("--out", help="Folder to write to (of an edition's folder: its out/).")]
Encoding = Annotated[str | None, typer.Option(help="The encoding of the witness, where it is not found rightly.")]
Rules = Annotated[Path | None, typer.Option(help="Another folder of rules.")]
Spoken = Annotated[str, typer.Option("--language", help="Its code: en; de, es, fr, it, la (by a list of words only).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
Accept = Annotated[bool, typer.Option("--accept", help="Accept the changes to apparatus.tsv.")]


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
    accept: Accept = False,
    spoken: Spoken = "",
    as_json: AsJson = False,
) -> None:
    """Make the edition of a source.

    Example: corrigenda edition scan.txt --out edition-of-scan
    """
    from pipeline import run, telling

    with telling.stages() as tell:
        result = run.edition(source, out, with_decisions=not no_decisions, encoding=encoding, accept=accept,
                             rules=rules, witness=witness, spoken=spoken, tell=tell)
    _told(result, as_json)


@app.command()
def editions(
    folder: Annotated[Path, typer.Argument(help="The folder of editions.")] = Path("edition"),
    only: Annotated[str | None, typer.Option(help="Only this edition.")] = None,
    witness: Annotated[Path | None, typer.Option(help="Where the witness of that edition lies.")] = None,
    accept: Accept = False,
) -> None:
    """Make every edition of a folder whose witness is at hand.

    Example: corrigenda editions edition --only sample
    """
    from pipeline import edition_file, run, telling

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
        with telling.stages() as tell:
            result = run.edition(path, witness=witness, accept=accept, tell=tell)
        telling.summary(result)
        differ = differ or bool(result.differs)
    if differ:
        raise typer.Exit(1)


@app.command()
def new(
    source: Annotated[str, typer.Argument(help="The witness: a text file.")],
    folder: Annotated[Path | None, typer.Argument(help="The folder to make (edition/NAME-OF-THE-FILE).")] = None,
    title: Annotated[str, typer.Option(help="The title of the work.")] = "",
    encoding: Encoding = None,
) -> None:
    """Begin an edition: a folder with the witness, edition.toml, names and decisions.

    Example: corrigenda new scan.txt edition/pamphlet --title "A Pamphlet"
    """
    from pipeline import edition_file

    made = edition_file.new(source, folder or Path("edition") / Path(source).stem, title=title, encoding=encoding)
    print(f"begun: {made}\nfill in {made / 'edition.toml'}, then: corrigenda edition {made}")


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="What a run wrote.")],
    as_json: AsJson = False,
) -> None:
    """Prove from the files alone that nothing was lost, changed without an entry, or tampered with.

    Example: corrigenda verify edition/sample/out
    """
    from pipeline.verify import verify as unproved

    findings = unproved(folder)
    if as_json:
        print(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False, indent=1))
    elif not findings:
        print(f"{folder}: verified. The bytes come back, texts, log and TEI agree, every change has its entry.")
    else:
        for finding in findings:
            print(f"{folder / finding.file}: {finding.says}", file=sys.stderr)
    if findings:
        raise typer.Exit(1)


@app.command()
def repair(
    source: Annotated[str, typer.Argument(help="A text file, or - for standard input.")] = "-",
    kept: Annotated[Path | None, typer.Option("--log", help="Where to write what was corrected and why.")] = None,
    names: Annotated[Path | None, typer.Option(help="A file of words to be taken as right, one a line.")] = None,
    joined: Annotated[bool, typer.Option("--joined", help="Write the reading text: pages in order, lines joined.")]
    = False,
    encoding: Encoding = None,
    rules: Rules = None,
    spoken: Spoken = "en",
) -> None:
    """Repair a text and write it as it lies, line by line; proposals and doubts change nothing.

    Example: corrigenda repair - < scan.txt > repaired.txt --log changes.jsonl
    """
    from pipeline import filtering
    from pipeline.language import language

    known = language(spoken)
    done = filtering.repaired(source, encoding=encoding, rules=rules, names=names, spoken=known)
    if kept:
        filtering.write_log(done, kept)
    sys.stdout.buffer.write(filtering.text(done, joined=joined))
    print("\n".join(filter(None, (filtering.summary(done, kept), known.about))), file=sys.stderr)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="The id of an entry, or a place: S1.102334.")],
    folder: Annotated[Path, typer.Argument(help="What a run wrote.")] = Path("edition/sample/out"),
    rules: Rules = None,
    as_json: AsJson = False,
) -> None:
    """Say of a correction or a doubt what, why, by which rule or person, and how certain.

    Example: corrigenda explain S1.17285 edition/sample/out
    """
    from pipeline import explaining

    found = explaining.entries_at(folder, name)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(explaining.told(found, rules)), end="")


@app.command("order")
def show_order(
    source: Annotated[str, typer.Argument(help="A text file, - for standard input, an edition's folder, or a PDF.")],
    out: Annotated[Path | None, typer.Option(
        "--out", help="The picture to write (order.html, of an edition in its out/), or with --pdf the PDF.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="The PDF whose text the source is: its pages are put in order.")]
    = None,
    page_list: Annotated[bool, typer.Option("--page-list", help="Print where each page lies, as qpdf takes it.")]
    = False,
    blanks: Annotated[bool, typer.Option("--blanks", help="Keep blank pages in the new PDF.")] = False,
    no_decisions: Annotated[bool, typer.Option("--no-decisions", help="Leave the editor's decisions aside.")] = False,
    encoding: Encoding = None,
    witness: Annotated[Path | None, typer.Option(help="Where the witness of the edition lies.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show in which order the pages read, and why; or put the pages of a PDF in that order.

    Example: corrigenda order booklet.pdf --out in-order.pdf
    """
    from pipeline import run, telling
    from pipeline.emit.orders import order_json
    from pipeline.emit.pdf_sides import is_pdf
    from pipeline.writing import ORDER_PAGE

    if not pdf and is_pdf(source) and (page_list or (out and is_pdf(out))):
        pdf = Path(source)
    if out and is_pdf(out) and not pdf:
        raise Refused(f"say of which PDF the pages are to be put into {out}: --pdf FILE.pdf")
    if pdf and not out and not page_list:
        raise Refused(f"say where the pages of {pdf} are to be written: --out FILE.pdf")
    with telling.stages(("pages", "order")) as tell:
        draft, metadata, home = run.ordered(source, with_decisions=not no_decisions, encoding=encoding,
                                            witness=witness, tell=tell)
    read = [given for given in (Path(source), pdf, witness, home.witness if home else None) if given]
    if out and out.exists() and any(given.exists() and out.samefile(given) for given in read):
        raise Refused(f"{out} is one of the files to be read; name another with --out")
    if pdf or page_list:
        _paged(draft, pdf, out, blanks=blanks, page_list=page_list)
        return
    if as_json:
        print(order_json(draft), end="")
    else:
        telling.order(draft)
    if out or not as_json:
        path = out or (home.folder / "out" if home else Path()) / ORDER_PAGE
        run.write_order_page(draft, metadata, path)
        print(f"look at      {path}", file=sys.stderr if as_json else sys.stdout)


def _paged(draft: "Draft", pdf: Path | None, out: Path | None, *, blanks: bool, page_list: bool) -> None:
    """The pages of a PDF in reading order, or only where they lie."""
    from pipeline import telling
    from pipeline.emit import pdf_pages
    from pipeline.writing import write_aside

    found = pdf_pages.cuts(draft, pdf) if pdf else pdf_pages.cuts_in_text(draft)
    if page_list:
        print(pdf_pages.page_list(found))
    if pdf and out:
        content, left_out = pdf_pages.bound(found, pdf, blanks=blanks)
        write_aside(out, content)
        telling.paged(draft, found, left_out, out)


@app.command("rules")
def show_rules(
    rule: Annotated[str | None, typer.Argument(help="The id of a rule, or of a family.")] = None,
    rules: Rules = None,
    as_json: AsJson = False,
) -> None:
    """List the rules, or explain one.

    Example: corrigenda rules ligatures
    """
    from pipeline import telling
    from pipeline.rulebook import rulebook

    book = rulebook(rules)
    chosen = [one for one in book.rules if rule in (None, one.id, one.family)]
    if not chosen:
        raise Refused(f"there is no rule or family {rule}; corrigenda rules lists them")
    telling.rules(chosen, as_json)


@app.command()
def diff(
    folder: Annotated[Path, typer.Argument(help="What a run wrote.")],
    other: Annotated[Path | None, typer.Argument(help="What another run wrote, to compare with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show received against critical text, or what one run corrects and another does not.

    Example: corrigenda diff edition/sample/out
    """
    from pipeline import telling
    from pipeline.emit.apparatus import compare

    name = "apparatus.tsv" if other else "corrections.diff"
    texts = []
    for path in (folder, other) if other else (folder,):
        if not (path / name).is_file():
            raise Refused(f"{path} is not what a run wrote: it has no {name}; name the folder given to --out")
        texts.append((path / name).read_text(encoding="utf-8"))
    lines = compare(*texts) if other else texts[0].splitlines()
    telling.differences(lines, as_json)


def _told(result: "Result", as_json: bool) -> None:
    from pipeline import telling

    telling.summary(result, as_json)
    if result.differs:
        raise typer.Exit(1)


def main() -> None:
    """Run a command; what the user gave wrongly is told in one sentence, exit 1."""
    try:
        app(standalone_mode=True)
    except Refused as why:
        sys.exit(f"corrigenda: {why}")
    except Broken as why:
        sys.exit(f"corrigenda: this is a fault of corrigenda, nothing was written: {why}")
    except BrokenPipeError:  # whoever read our lines has had enough
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
