"""The TEI header: what the edition is of, who answers for it, what was done in this run and how it is encoded."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable

import regex

from pipeline import __version__, entries
from pipeline.draft import Draft
from pipeline.emit.markup import attributes, char_declaration, element, glyphs, language_tag, ncname, plain
from pipeline.emit.metadata import Metadata
from pipeline.emit.orders import imposition
from pipeline.emit.source import Lines, has_surface
from pipeline.emit.tei.answers import TOOL, Answers, Session, Sigla, copy_number, editor_name
from pipeline.emit.tei.lines import Profile
from pipeline.log import Row
from pipeline.model import Flow, Page
from pipeline.variants import SECOND

URI = regex.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[!-;=?-Z_a-z~%]+")  # an address as it may stand in an attribute
FAULTS = {
    "recognition": "the machine misread the page, or the text layer lost something",
    "printing": "the printer, typist or translator erred",
    "spelling": "nobody erred: the spelling is of its time",
}
CARRIES = {
    "app": "This file carries the text at every level by witness: as received ({received}), as printed ({print}) and "
           "as edited ({edition}). The same edition with choice, sic and corr is edition-choice.xml.",
    "choice": "This file carries the text as received (every sic), as printed (sic where the print erred, corr where "
              "the machine did) and as edited (every corr). It names no witnesses: the same edition with an apparatus "
              "by witness is edition.xml.",
}
NOT_CARRIED = (
    "Neither file carries proposals not made, readings set aside, other candidates, lines seen twice or second copies "
    "of pages, but for the words in which these differ: the log (corrections.jsonl) has the first three, the source "
    "file the letters of the last two."
)
COPY_SAYS = (
    "Copy {} of what stands in this witness more than once: lines that a page repeats of another, a fragment within "
    "another, a page seen again. Where it differs its words are given; where nothing is said it agrees."
)
TWICE: tuple[Flow, ...] = ("repeats", "twins")
IN_FORCE = ("applied", "accepted")


def header_xml(
    draft: Draft, metadata: Metadata, answers: Answers, source: Lines, sigla: Sigla, profile: Profile,
    text: str,
) -> str:
    """The `teiHeader`; what the text points to is declared here, so it is written after the text."""
    return "".join([
        "<teiHeader>\n <fileDesc>\n", _titles(metadata, answers), _publication(metadata),
        _sources(metadata, answers, source, sigla), " </fileDesc>\n <encodingDesc>\n",
        _practice(draft, metadata, answers, profile, sigla), _classes(answers, profile), _application(draft, answers),
        char_declaration(glyphs(text)), " </encodingDesc>\n", _profile(draft, metadata, source),
        _revisions(answers), "</teiHeader>\n",
    ])


# --- fileDesc ----------------------------------------------------------------------------------------------------


def _titles(metadata: Metadata, answers: Answers) -> str:
    named = dict(metadata.editors)
    editors = [*named, *sorted(answers.editors - named.keys())]
    people = dict.fromkeys(editor_name(editor) for editor in editors)
    names = {editor_name(editor): named.get(editor, editor) for editor in reversed(editors)}
    return "".join([
        "  <titleStmt>\n", f"   <title>{plain(metadata.title)}</title>\n",
        *(f"   <author>{plain(author)}</author>\n" for author in (metadata.author,) if author),
        *(f'   <editor role="translator">{plain(name)}</editor>\n' for name in (metadata.translator,) if name),
        *(f'   <editor xml:id="{ncname(who)}"><name>{plain(names[who])}</name></editor>\n' for who in people),
        _software(TOOL, "order of pages, line ends, apparatus", f"corrigenda {__version__}"),
        *(_software(f"ag.{family}", f"corrections by the rules of the family {family}", f"corrigenda rules: {family}")
          for family in sorted(answers.families)),
        "  </titleStmt>\n",
    ])


def _software(name: str, does: str, called: str) -> str:
    return (f'   <respStmt xml:id="{ncname(name)}"><resp>{plain(does)}</resp>'
            f'<name type="software">{plain(called)}</name></respStmt>\n')


def _publication(metadata: Metadata) -> str:
    licence = element("licence", plain(metadata.rights), target=metadata.licence_target)
    if not URI.fullmatch(metadata.licence_target):
        licence = f"<p>{plain(' '.join(filter(None, (metadata.rights, metadata.licence_target))))}</p>"
    edition = f"  <editionStmt><edition>{plain(metadata.edition)}</edition></editionStmt>\n" if metadata.edition else ""
    publisher = (f"<publisher>{plain(metadata.publisher)}</publisher>" if metadata.publisher
                 else "<authority>No publisher has been stated.</authority>")
    return (f'{edition}  <publicationStmt>{publisher}<availability status="{metadata.availability}">{licence}'
            "</availability></publicationStmt>\n")


def _sources(metadata: Metadata, answers: Answers, source: Lines, sigla: Sigla) -> str:
    """The print, and within it the witness, which is a transcription of it, and what it has twice; then the edition."""
    witness = answers.draft.witness
    return (
        f"  <sourceDesc>\n   <bibl>{_print(metadata)}</bibl>\n   <listWit>\n"
        f'    <witness xml:id="{sigla.print}" n="print">The print, as far as its transcriptions tell.\n'
        f'     <listWit><witness xml:id="{sigla.received}" n="received"{attributes(corresp=source.file)}>'
        f"{plain(witness.name)}, as received: "
        f'<idno type="sha256">{witness.sha256}</idno>, {plain(witness.encoding)}, '
        f'<measure unit="byte" quantity="{len(witness.bytes)}"/>{_copies(answers, sigla)}'
        "</witness></listWit></witness>\n"
        f'    <witness xml:id="{sigla.edition}" n="edition">The reading of this edition.</witness>\n'
        "   </listWit>\n  </sourceDesc>\n"
    )


def _copies(answers: Answers, sigla: Sigla) -> str:
    """The other copies of what stands in the witness more than once."""
    most = max((int(copy_number(row)) for row in answers.rows if row["category"] == "variant"), default=1)
    if most < SECOND and any(answers.draft.lines(flow) for flow in TWICE):
        most = SECOND
    copies = "".join(f'<witness xml:id="{sigla.received}.{k}" n="copy">{COPY_SAYS.format(k)}</witness>'
                     for k in range(SECOND, most + 1))
    return f"<listWit>{copies}</listWit>" if copies else ""


def _print(metadata: Metadata) -> str:
    if metadata.bibliography:
        return plain(metadata.bibliography)
    parts = [("author", metadata.author), ("title", metadata.title), ("date", metadata.date)]
    return ", ".join(f"<{name}>{plain(value)}</{name}>" for name, value in parts if value)


# --- encodingDesc ------------------------------------------------------------------------------------------------


def _practice(draft: Draft, metadata: Metadata, answers: Answers, profile: Profile, sigla: Sigla) -> str:
    """What was done in this run, in the words an editor would use."""
    rows = [row for row in answers.rows if row["status"] in IN_FORCE]
    letters = Counter(row["fault"] for row in rows if row["tei"] in ("app", "orig"))
    carried = CARRIES[profile].format(**sigla._asdict())
    ends = Counter(row["tei"] for row in rows)
    corrected = letters["recognition"] + letters["printing"]
    joins = ends["pc"] + ends["lb"]
    variants = '  <variantEncoding method="parallel-segmentation" location="internal"/>\n' if profile == "app" else ""
    return (
        "  <editorialDecl>\n"
        f'   <correction status="{_trust(rows)}" method="markup"><p>{_many(corrected, "correction")} made: '
        f'{letters["recognition"]} of the machine’s reading, {letters["printing"]} of the print. Each keeps what was '
        "received, who answers for it (@resp), how certain it is (@cert) and of what class it is (@ana)."
        f"{plain(' ' + metadata.evidence) if metadata.evidence else ''}</p></correction>\n"
        f'   <normalization method="markup"><p>{_many(letters["spelling"], "spelling")} made regular (orig and reg).'
        "</p></normalization>\n"
        '   <quotation marks="all"><p>Quotation marks stand in the text as they are printed.</p></quotation>\n'
        f'   <hyphenation eol="some"><p>{_many(joins, "word")} joined over line and page ends: a hyphen that goes is '
        "pc with force weak, one that stays is pc with force strong, and the line that follows has lb with break no."
        "</p></hyphenation>\n"
        "   <segmentation><p>Paragraphs, headings, verse and divisions are inferred from the setting of the lines. "
        "One lb begins each line, and @corresp points to it in the source. Line feeds within the text are for the eye "
        f'alone. {_many(ends["fw"], "line")} of furniture stand aside as fw.</p></segmentation>\n'
        f"   <interpretation><p>{plain(carried)} {NOT_CARRIED} {_many(len(answers.queries), 'doubt')} left to the "
        "editor stand as notes of type query. What speaks for each page to follow the one before stands apart, as a "
        "note on both page breaks; how sheets and sides lay is told in the source file.</p></interpretation>\n"
        f"  </editorialDecl>\n{variants}"
    )


def _trust(rows: Iterable[Row]) -> str:
    """How far the corrections have been looked at: high only where an editor has accepted them all."""
    made = [row["status"] for row in rows if row["fault"]]
    if not made:
        return "unknown"
    return "high" if all(status == "accepted" for status in made) else "medium"


def _many(count: int, name: str) -> str:
    """A count in words.

    >>> _many(1, "line"), _many(2, "line")
    ('1 line', '2 lines')
    """
    return f"{count} {name}{'' if count == 1 else 's'}"


def _classes(answers: Answers, profile: Profile) -> str:
    """The classes that @ana points to: faults, categories and rules."""
    lists = {
        "faults": [(f"fault.{fault}", FAULTS[fault]) for fault in sorted(answers.faults)],
        "categories": [(f"cat.{name}", name) for name in sorted(answers.categories)],
        "rules": [(f"rule.{rule}", rule) for rule in sorted(answers.rules)],
    }
    built = "".join(
        f'   <taxonomy xml:id="{name}">\n'
        + "".join(f'    <category xml:id="{ncname(key)}"><catDesc>{plain(says)}</catDesc></category>\n'
                  for key, says in held)
        + "   </taxonomy>\n"
        for name, held in lists.items() if held
    )
    return f"  <classDecl>\n{built}  </classDecl>\n" if built else ""


def _application(draft: Draft, answers: Answers) -> str:
    """The tool, its rules, and which log this was made from: a log changed since does not fit its edition."""
    sha256 = hashlib.sha256(entries.jsonl(draft.entries).encode("utf-8")).hexdigest()
    log = element("desc", f"All that was said of the witness is in entries.jsonl, sha256 {sha256}.")
    agents = [TOOL, *(f"ag.{family}" for family in sorted(answers.families))]
    ptrs = "".join(element("ptr", target=f"#{ncname(agent)}") for agent in agents)
    return (f'  <appInfo><application ident="corrigenda" version="{_version()}"><label>corrigenda {__version__}</label>'
            f"{log}{ptrs}</application></appInfo>\n")


def _version() -> str:
    """The numbers of the version: TEI allows no more."""
    return ".".join(part for part in __version__.split(".")[:4] if part.isdigit())


# --- profileDesc and revisionDesc --------------------------------------------------------------------------------


def _profile(draft: Draft, metadata: Metadata, source: Lines) -> str:
    tag = language_tag(metadata.language)
    return (f' <profileDesc>\n  <langUsage><language ident="{tag}">{plain(metadata.language)}</language></langUsage>\n'
            f"{_order(draft, source)} </profileDesc>\n")


def _order(draft: Draft, source: Lines) -> str:
    """The pages in reading order, where that is not the order of the file."""
    read = [k for k, page in enumerate(draft.pages) if has_surface(draft, k)
            and not (isinstance(page.value, Page) and page.value.twin_of is not None)]
    starts = [draft.pages[k].spans[0].start for k in read if draft.pages[k].spans]
    if starts == sorted(starts):
        return ""
    found = imposition(draft)
    sure = f", {found.margin:.1f} nats before the best other order" if math.isfinite(found.margin) else ""
    ptrs = "".join(element("ptr", target=source.page_pointer(k)) for k in read)
    pinned = sum(bool(mark.decision) for mark in draft.marks if mark.kind == "seam")
    by_hand = f" {_many(pinned, 'seam')} set by the editor." if pinned else ""
    return ("  <listTranspose><desc>The pages in reading order, which is inferred and marked nowhere in the source: "
            f"scheme {plain(found.scheme)}{sure}.{by_hand}</desc>\n   <transpose>{ptrs}</transpose></listTranspose>\n")


def _revisions(answers: Answers) -> str:
    """What was done by whom: the run undated, since it is made anew from the same input; each session of an editor."""
    sessions = sorted(answers.sessions.items())
    changes = "".join(_session(session, decisions) for session, decisions in sessions)
    return (
        ' <revisionDesc status="draft">\n  <listChange ordered="true">\n'
        f'   <change xml:id="ch.run" who="#{TOOL}">Pages put in order, lines joined, corrections made by rule.'
        "</change>\n"
        f"{changes}  </listChange>\n </revisionDesc>\n"
    )


def _session(session: Session, decisions: set[str]) -> str:
    count = Counter(decision.split(" ")[2] if decision.count(" ") > 1 else "decided" for decision in decisions)
    told = ", ".join(f"{what} {n}" for what, n in sorted(count.items()))
    return "   " + element("change", plain(f"Decisions: {told}."), xml_id=ncname(session.name),
                           when=session.day, who=f"#{ncname(editor_name(session.who))}") + "\n"
