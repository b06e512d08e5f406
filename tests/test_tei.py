"""What the TEI promises: every text and every byte comes back from it, it is valid, and no pointer leads nowhere."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import log
from pipeline.draft import Draft
from pipeline.emit.metadata import Metadata
from pipeline.emit.schema import violations
from pipeline.emit.source import source_xml
from pipeline.emit.tei import edition_xml
from pipeline.emit.tei_reading import Text, apps, classes, dangling, parsed, text_of, witness_bytes
from pipeline.model import BLOCK_KINDS, Level, Mark, Query, Span
from pipeline.view import view
from tests.strategies import histories, raw_drafts

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
TEI_ALL = Path(os.environ.get("TEI_SCHEMA", Path(__file__).parents[2] / "shared" / "tei" / "tei_all.rng"))
TEXTS: dict[Text, Callable[[Draft], str]] = {
    "received": lambda draft: view(draft, Level.RECEIVED).text,
    "diplomatic": lambda draft: view(draft, Level.DIPLOMATIC).text,
    "reading": lambda draft: view(draft, Level.CRITICAL, joined=True).text,
    "regular": lambda draft: view(draft, Level.REGULAR, joined=True).text,
    "notes": lambda draft: view(draft, Level.CRITICAL, "notes", joined=True).text,
}
WORDS = ("", "so", "<b>&amp;", "\x00\x0c", "]]>", "\u202e", "\ufffe", "a\tb\r\nc")
KINDS = (*BLOCK_KINDS, "crux", "stet", "remark", "query", "furniture")
DECISIONS = ("", "2026-11-24 ed.main crux", "2026-11-24T10:00:00Z 2<a accept", "2026-13-40 ed.main note", "never")
DRAWN = settings(max_examples=200, phases=[Phase.generate], deadline=None, derandomize=True,
                 suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def forms(draft: Draft, metadata: Metadata | None = None) -> dict[str, bytes]:
    """The TEI files of a draft by name."""
    about = metadata or Metadata(title="A Pamphlet")
    return {"edition.xml": edition_xml(draft, about), "edition-choice.xml": edition_xml(draft, about, "choice"),
            f"source-{draft.witness.siglum}.xml": source_xml(draft)}


@st.composite
def dressed(draw: st.DrawFn) -> Draft:
    """A draft as others draw it, with blocks, doubts and remarks of awkward places and letters besides."""
    draft = draw(st.one_of(histories(), histories(), raw_drafts()))
    size = len(draft.witness.text)
    entries = list(draft.entries)
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=6)):
        a, b = sorted((draw(st.integers(-1, size + 1)), draw(st.integers(-1, size + 1))))
        spans = draw(st.sampled_from(((Span(a, b),), (Span(a, b),), ())))
        if kind == "query":
            entries.append(Query(spans, draw(st.sampled_from(WORDS)), (), draw(st.sampled_from(("", "order.x", "<")))))
            continue
        value = draw(st.sampled_from((None, None, 1, 2, 3, "none", *WORDS)))
        entries.append(Mark(kind, spans, value, resp=draw(st.sampled_from(("", "", "ed.main", "S1", "2<a"))),
                            decision=draw(st.sampled_from(DECISIONS))))
    return Draft(draft.witness, tuple(entries))


def all_comes_back(draft: Draft) -> None:
    files = forms(draft)
    *editions, source = files.values()
    assert witness_bytes(source) == draft.witness.bytes
    for edition in editions:
        for name, made in TEXTS.items():
            assert text_of(edition, name) == made(draft), name


# --- promises, drawn -------------------------------------------------------------------------------------------------


@given(dressed())
@settings(DRAWN, max_examples=400)
def test_every_text_and_every_byte_comes_back(draft: Draft) -> None:
    all_comes_back(draft)


@given(dressed())
@DRAWN
def test_every_file_is_as_our_schema_says_and_no_pointer_leads_nowhere(draft: Draft) -> None:
    files = forms(draft)
    for content in files.values():
        assert violations(content) == []
    assert dangling(files) == []


@given(dressed())
@DRAWN
def test_the_same_draft_gives_the_same_bytes(draft: Draft) -> None:
    assert forms(draft) == forms(Draft(draft.witness, draft.entries))


@given(dressed())
@DRAWN
def test_every_row_of_the_log_stands_in_the_tei_as_it_says(draft: Draft) -> None:
    rows = {row["id"]: row for row in log.corrections(draft)}
    queries = {row["id"]: "note" for row in log.queries(draft)}
    for profile in ("app", "choice"):
        edition = edition_xml(draft, Metadata(), profile)
        shown = {name: row["tei"] for name, row in rows.items() if row["tei"] != "none"}
        assert classes(edition) == shown | queries
        pieces: dict[str, list[tuple[str, str]]] = {}
        for app in apps(edition):
            row = rows[app.row]
            assert (app.cert, app.fault) == (row["certainty"], row["fault"])
            pieces.setdefault(app.row, []).append((app.readings["received"], app.lem))
        for name, row in rows.items():
            if row["tei"] in ("app", "orig"):
                told = [edit for edit in row["edits"] if log.is_shown(draft, Span(*edit["span"]))]
                assert sorted(pieces[name]) == sorted((edit["old"], edit["new"]) for edit in told)


@pytest.fixture(scope="session")
def tei_all() -> etree.RelaxNG:
    if not TEI_ALL.is_file():
        pytest.skip(f"there is no {TEI_ALL}: name a schema of TEI P5 with TEI_SCHEMA=path to check against it")
    return etree.RelaxNG(etree.parse(TEI_ALL))


@given(draft=dressed())
@settings(DRAWN, max_examples=60, suppress_health_check=[*HealthCheck])
def test_every_file_is_tei_p5(tei_all: etree.RelaxNG, draft: Draft) -> None:
    for content in forms(draft).values():
        assert tei_all.validate(parsed(content)), tei_all.error_log
