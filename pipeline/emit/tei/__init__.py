"""The edition as TEI P5: the critical text with every correction in its place, in two profiles from one source."""

from pipeline.draft import Draft
from pipeline.emit.markup import DECLARATION, NAMESPACE, language_tag, witness_name
from pipeline.emit.metadata import Metadata
from pipeline.emit.source import Lines
from pipeline.emit.tei.answers import Answers, Sigla
from pipeline.emit.tei.body import text_xml
from pipeline.emit.tei.header import header_xml
from pipeline.emit.tei.lines import Letters, Profile
from pipeline.emit.tei.seams import seams_xml


def edition_xml(draft: Draft, metadata: Metadata, profile: Profile = "app") -> bytes:
    """`edition.xml` (app: received, diplomatic and critical text by witness) or `edition-choice.xml` (choice).

    The header is written last, because it declares what the text points to.
    """
    answers, source, sigla = Answers(draft), Lines(draft), Sigla(witness_name(draft.witness.siglum))
    letters = Letters(draft, answers, source, sigla, profile)
    text = text_xml(draft, answers, source, letters, language_tag(metadata.language))
    seams = seams_xml(draft, answers)
    header = header_xml(draft, metadata, answers, source, sigla, profile, text + seams)
    start = f'<TEI xmlns="{NAMESPACE}" xml:lang="en">\n'
    return "".join([DECLARATION, start, header, text, seams, "\n</TEI>\n"]).encode()
