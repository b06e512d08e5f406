"""What the TEI promises: every text and every byte comes back from it, it is valid, and no pointer leads nowhere."""

import math
import os
from pathlib import Path

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import log
from pipeline.draft import Draft
from pipeline.emit.metadata import Metadata
from pipeline.emit.schema import violations
from pipeline.emit.source import source_xml
from pipeline.emit.tei import edition_xml
from pipeline.emit.tei_reading import apps, classes, dangling, parsed, text_of, told_of_witness, witness_bytes
from pipeline.errors import Refused
from pipeline.model import (
    BLOCK_KINDS,
    LINE_ENDS,
    Correction,
    Edit,
    Entry,
    Evidence,
    Fault,
    Imposition,
    Mark,
    Page,
    Query,
    Seam,
    Span,
    Witness,
)
from tests.marked_up import TEI, all_comes_back, draft_of, forms, letters, read_as, three_levels
from tests.strategies import histories, inside_a_line, raw_drafts

TEI_ALL = Path(os.environ.get("TEI_SCHEMA", Path(__file__).parents[2] / "shared" / "tei" / "tei_all.rng"))
WORDS = ("", "so", "<b>&amp;", "\x00\x0c", "]]>", "\u202e", "\ufffe", "a\tb\r\nc")
TYPED = ("tbe", "arid", "of", ";.;", "x\x00", "(\u202e", "word", "—", "- ")
WORD = regex.compile(r"\S+")
FLOWS = (None, None, None, "note", "note", "furniture")
KINDS = (*BLOCK_KINDS, "crux", "stet", "remark", "query", "furniture", "variant")
DECISIONS = ("", "2026-11-24 ed.main crux", "2026-11-24T10:00:00Z 2<a accept", "2026-13-40 ed.main note", "never")
DRAWN = settings(max_examples=200, deadline=None, derandomize=True,
                 suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def pages(draw: st.DrawFn) -> Draft:
    """A draft of several pages as they are set: lines of a few words, of every flow, in which much is corrected."""
    lines = draw(st.lists(st.tuples(
        st.lists(st.sampled_from(TYPED), min_size=1, max_size=3).map(" ".join),
        st.sampled_from(("-", "-", "", "\ufffe")), st.sampled_from(LINE_ENDS), st.sampled_from(FLOWS), st.booleans(),
        st.sampled_from((False, False, False, True)),
    ), min_size=1, max_size=14))
    text, entries, starts, at = "", list[Entry](), [0], 0
    for words, hyphen, end, flow, turns, gone in lines:
        text += words + hyphen + "\n"
        if flow:
            entries.append(Mark(flow, (Span(at, len(text) - 1),)))
        entries.append(Mark("line_end", (Span(len(text) - 1, len(text)),), end))
        if gone:
            whole = Edit(Span(at, len(text) - 1), words + hyphen, "")
            entries.append(Correction(Fault.RECOGNITION, "noise", ("test.set",), (whole,)))
        at = len(text)
        starts += [at] if turns else []
    places = draw(st.permutations(range(len(starts))))
    bounds = zip(starts, [*starts[1:], at], strict=True)
    leaf = draw(st.sampled_from((lambda n: (None, None), lambda n: (n // 4 + 1, "AB"[n // 2 % 2]), lambda n: (n, "A"))))
    turned = [Mark("page", (Span(a, b),), Page(n + 1, None, *leaf(n)))
              for (a, b), n in zip(bounds, places, strict=True) if a < b]
    seams = [Mark("seam", (), Seam(n, n + 1, 0.5, draw(st.sampled_from((1.0, math.inf)))),
                  evidence=(Evidence("x", draw(st.sampled_from(WORDS))),)) for n in range(1, len(starts))]
    entries = [*turned, *draw(st.sampled_from(((), seams))), *entries]
    for match in WORD.finditer(text):
        new = draw(st.sampled_from((None, None, None, "", "", "so", "to-")))
        if new is not None and new != match[0]:
            fault = draw(st.sampled_from((Fault.RECOGNITION, Fault.RECOGNITION, *Fault)))
            entries.append(Correction(fault, "letters", ("test.set",), (Edit(Span(*match.span()), match[0], new),)))
    return Draft(Witness("S1", "set.txt", "utf-8", text), tuple(entries))


@st.composite
def dressed(draw: st.DrawFn) -> Draft:
    """A draft as others draw it, with blocks, doubts and remarks of awkward places and letters besides."""
    draft = draw(st.one_of(pages(), pages(), histories(), raw_drafts()))
    size = len(draft.witness.text)
    entries = list(draft.entries)
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=6)):
        a, b = sorted((draw(st.integers(-1, size + 1)), draw(st.integers(-1, size + 1))))
        spans = draw(st.sampled_from(((Span(a, b),), (Span(a, b),), ())))
        if kind == "query":
            entries.append(Query(spans, draw(st.sampled_from(WORDS)), (), draw(st.sampled_from(("", "order.x", "<")))))
            continue
        if kind == "furniture":
            spans = draw(st.sampled_from((spans, (draw(inside_a_line(draft.witness)),))))
        value = draw(st.sampled_from((None, None, 1, 2, 3, "none", "note mark", *WORDS)))
        if kind == "variant":
            spans, value = (draw(inside_a_line(draft.witness)), *spans), draw(st.sampled_from((2, 2, 3, 1)))
        entries.append(Mark(kind, spans, value, resp=draw(st.sampled_from(("", "", "ed.main", "S1", "2<a"))),
                            decision=draw(st.sampled_from(DECISIONS))))
    return Draft(draft.witness, tuple(entries))


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
        unsaid = ("none", "rdg") if profile == "choice" else ("none",)
        shown = {name: row["tei"] for name, row in rows.items() if row["tei"] not in unsaid}
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


# --- the witness as it came -------------------------------------------------------------------------------------------


def test_two_pages_on_each_line_of_the_file_are_told_apart_and_the_file_comes_back() -> None:
    text = "left one   right one\r\nleft two   right two\r"
    draft = draft_of(text, Mark("page", (Span(0, 8), Span(22, 30)), Page(1, sheet=1, side="A", position="left")),
                     Mark("page", (Span(11, 20), Span(33, 42)), Page(2)))
    assert [lb.get("corresp") for lb in parsed(edition_xml(draft, Metadata())).iter(f"{TEI}lb")] == [
        f"source-S1.xml#L{name}" for name in ("1.1", "2.1", "1.2", "2.2")]
    first = parsed(source_xml(draft)).find(f".//{TEI}surface")
    assert first is not None and [line.text for line in first.iter(f"{TEI}line")] == ["left one   ", "left two   "]
    assert [(label.get("type"), label.text) for label in first.iter(f"{TEI}label")] == [("position", "left")]
    all_comes_back(draft)


def test_a_page_that_begins_with_an_indent_begins_with_its_line() -> None:
    text = "one\n\n   two"
    draft = draft_of(text, Mark("page", (Span(0, 3),), Page(1)), Mark("page", (Span(8, 11),), Page(2)))
    lines = [(line.get("n"), line.text) for line in parsed(source_xml(draft)).iter(f"{TEI}line")]
    assert lines == [("1", "one"), ("2", None), ("3", "   two")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["\ufeffa\r\nb\rc\n\n", "a\fb \t \n",
                                  "\x00\x01\x1f\x7f\x85\u2028\ufdd0\ufffe\uffff\U0001fffe",
                                  "𝔞\u202e<&>\"']]>--&#13;", "\r\r\n\r", "  \n", "\n\r", "no end"])
def test_the_bytes_of_awkward_files_come_back(text: str, encoding: str) -> None:
    draft = Draft(Witness("S1", "a <b> & c.txt", encoding, text))
    source = source_xml(draft)
    assert witness_bytes(source) == text.encode(encoding)
    assert told_of_witness(source) == {"name": draft.witness.name, "encoding": encoding, "sha256": draft.witness.sha256,
                                       "bytes": len(draft.witness.bytes)}
    assert violations(source) == []


# --- the header, and what is refused ---------------------------------------------------------------------------------

FULL = Metadata(
    title="On <Work> & \x00Rest", author="A. Writer", translator="T. Over", date="1901", language="en-GB",
    publisher="A Press", edition="second", rights="Free \"to\" all", licence_target="https://example.org/by/4.0/",
    status="free", bibliography="A. Writer, On Work (1901), 16 pp.", editors=(("ed.a", "One"), ("two", "Two")),
)


def test_the_header_says_what_is_known_and_what_was_done() -> None:
    draft = three_levels()
    root = parsed(edition_xml(draft, FULL))

    def said(name: str) -> list[str]:
        return [letters(one) for one in root.iter(TEI + name)]

    assert said("title")[0] == "On <Work> & \ufffdRest" and said("author") == ["A. Writer"]
    assert said("editor") == ["T. Over", "One", "Two"] and said("publisher") == ["A Press"]
    assert said("licence") == ['Free "to" all'] and said("bibl") == ["A. Writer, On Work (1901), 16 pp."]
    assert {one.get("status") for one in root.iter(TEI + "availability")} == {"free"}
    assert said("correction")[0].startswith("2 corrections made: 1 of the machine’s reading, 1 of the print.")
    assert said("normalization") == ["1 spelling made regular (orig and reg)."]
    assert [one.get("n") for one in root.iter(TEI + "witness")] == ["print", "received", "edition"]
    assert violations(edition_xml(draft, FULL)) == []


def test_availability_is_always_stated() -> None:
    for metadata in (Metadata(), Metadata(rights="", status="so so"), Metadata(licence_target="not an address")):
        root = parsed(edition_xml(draft_of("a"), metadata))
        status = {one.get("status") for one in root.iter(TEI + "availability")}
        assert status == {"unknown"} and violations(edition_xml(draft_of("a"), metadata)) == []


def test_each_profile_says_what_it_carries() -> None:
    app, choice = (edition_xml(three_levels(), Metadata(), profile) for profile in ("app", "choice"))
    assert b"<variantEncoding" in app and b"<variantEncoding" not in choice
    assert b"It names no witnesses" in choice and b"<choice" in choice and b"<app " not in choice


@pytest.mark.parametrize("siglum", ["P", "ED", "source", "note1", "page1", "rules"])
def test_a_witness_may_bear_a_name_that_something_else_has(siglum: str) -> None:
    text = "tbe *\nnote"
    draft = Draft(Witness(siglum, "a.txt", "utf-8", text)).add([
        read_as(text, ("tbe", "the")), Mark("note", (Span(6, 10),))])
    files = forms(draft)
    assert dangling(files) == [] and [violations(content) for content in files.values()] == [[], [], []]
    all_comes_back(draft)


def test_the_order_of_the_pages_is_told_where_it_is_not_that_of_the_file() -> None:
    text = "second\nfirst\n"
    draft = draft_of(text, Mark("page", (Span(0, 7),), Page(2)), Mark("page", (Span(7, 13),), Page(1)),
                     Mark("imposition", (), Imposition("reversed", 4.25)))
    order = parsed(edition_xml(draft, Metadata())).find(f".//{TEI}listTranspose")
    assert order is not None
    assert [ptr.get("target") for ptr in order.iter(f"{TEI}ptr")] == ["source-S1.xml#page1", "source-S1.xml#page2"]
    assert "scheme reversed, 4.2 nats" in letters(order)
    pages = [surface.get("n") for surface in parsed(source_xml(draft)).iter(f"{TEI}surface")]
    assert pages == ["2", "1"]


def test_sheets_and_their_sides_hold_the_surfaces_of_their_pages() -> None:
    text = "four\none\ntwo\nthree\nfour\n"
    spans = [Span(9, 13), Span(5, 9), Span(13, 19), Span(0, 5)]
    pages = [Page(2, None, 1, "B", "left"), Page(1, None, 1, "A", "right"), Page(3, None, 1, "B", "right"),
             Page(4, None, 1, "A", "left")]
    draft = draft_of(text, *(Mark("page", (span,), page) for span, page in zip(spans, pages, strict=True)),
                     Mark("page", (Span(19, 24),), Page(twin_of=4)))
    root = parsed(source_xml(draft))
    sides = root.iterfind(f".//{TEI}surfaceGrp[@type='side']")
    lain = [[one.get("n") for one in side.iter(f"{TEI}surface")] for side in sides]
    assert lain == [["4", "1"], ["2", "3"]]
    assert [one.get("type") for one in root.iterfind(f".//{TEI}sourceDoc/*")] == ["sheet", "twin"]
    all_comes_back(draft)


def test_sides_that_are_no_folded_sheets_are_told_as_sides() -> None:
    draft = draft_of("a\nb", Mark("page", (Span(0, 1),), Page(2, None, 1, "A")),
                     Mark("page", (Span(2, 3),), Page(1, None, 2, "A")))
    groups = parsed(source_xml(draft)).iter(f"{TEI}surfaceGrp")
    assert [(one.get("type"), one.get("n")) for one in groups] == [("side", "1"), ("side", "2")]


def seamed(**said: str) -> Draft:
    seam = Mark("seam", (), Seam(1, 2, 1.5, 0.25), evidence=(Evidence("sentence runs on", "‘a | <b>’"),), **said)
    return draft_of("b\na", Mark("page", (Span(0, 1),), Page(2)), Mark("page", (Span(2, 3),), Page(1)), seam)


def test_each_seam_is_a_note_on_both_page_breaks() -> None:
    for profile in ("app", "choice"):
        root = parsed(edition_xml(seamed(), Metadata(), profile))
        (one,) = root.iterfind(f"{TEI}standOff//{TEI}note")
        assert (one.get("target"), one.get("resp")) == ("#pb1 #pb2", "#ag.corrigenda")
        assert letters(one) == "‘a | <b>’; 1.5 nats, 0.2 before the best other page"


def test_a_seam_that_an_editor_has_set_is_answered_for_by_the_editor() -> None:
    draft = seamed(resp="ed.main", decision="2026-11-24 ed.main page_order S1.0-3")
    root = parsed(edition_xml(draft, Metadata()))
    (one,) = root.iterfind(f"{TEI}standOff//{TEI}note")
    assert (one.get("resp"), one.get("change")) == ("#ed.main", "#ch.2026-11-24.ed.main")
    assert "1 seam set by the editor" in "".join(map(letters, root.iter(f"{TEI}listTranspose")))
    assert dangling(forms(draft)) == [] and violations(edition_xml(draft, Metadata())) == []


def test_a_missing_page_has_a_break_but_no_surface_and_a_blank_one_has_both() -> None:
    draft = draft_of("one", Mark("page", (Span(0, 3),), Page(1)), Mark("page", (), Page(2, missing=True)),
                     Mark("page", (), Page(3, blank=True)))
    files = forms(draft)
    breaks = [(pb.get("type"), pb.get("facs")) for pb in parsed(files["edition.xml"]).iter(f"{TEI}pb")]
    assert breaks == [(None, "source-S1.xml#page1"), ("missing", None), ("blank", "source-S1.xml#page3")]
    assert dangling(files) == []


def test_evidence_stands_with_its_correction() -> None:
    text = "tbe end"
    evidence = (Evidence("lexicon", "a <known> word", 3.0), Evidence("rule", "b\x00 for h"))
    draft = draft_of(text, read_as(text, ("tbe", "the"), evidence=evidence))
    for profile in ("app", "choice"):
        (app,) = apps(edition_xml(draft, Metadata(), profile))
        assert app.evidence == "a <known> word (lexicon, 3 nats); b\x00 for h (rule)"
        assert (app.cert, app.resp, app.place) == (1.0, ("#ag.letters",), "source-S1.xml#L1")


LAUGHS = b'<!DOCTYPE TEI [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><TEI xmlns="http://www.tei-c.org/ns/1.0">&b;</TEI>'


@pytest.mark.parametrize("content", [b"", b"no xml", b"<TEI", LAUGHS, b"\xff\xfe", b"<TEI>\x00</TEI>"])
def test_what_is_no_document_of_ours_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Refused):
        text_of(content, "reading")
    assert violations(content)


@pytest.mark.parametrize("before, after", [
    ('wit="#S1"', 'wit="#S2"'), ('resp="#ag.letters"', 'resp="#ag.nobody"'), ("#cat.character", "#cat.nothing"),
    ("source-S1.xml#L1", "source-S1.xml#L9"), ("source-S1.xml#page1", "source-S2.xml#page1"),
])
def test_a_pointer_that_leads_nowhere_is_found(before: str, after: str) -> None:
    text = "tbe end"
    files = forms(draft_of(text, read_as(text, ("tbe", "the"))))
    assert dangling(files) == []
    files["edition.xml"] = files["edition.xml"].replace(before.encode(), after.encode())
    lost = after.removeprefix("wit=").removeprefix("resp=").strip('"')
    assert any(f"“{lost}”" in one for one in dangling(files))


@pytest.mark.parametrize("before, after", [
    ("<lem ", "<rdg "), ('cert="1"', 'cert="sure"'), ("<lb ", '<lb rend="x" '), ("<p>", "<p><hi/>"),
    (' n="1"', ' n="0"'), ('version="', 'version="v'), ("</body>", "<p/></body>"),
    ("<availability", "<p/><availability"),
])
def test_our_schema_refuses_what_we_do_not_write(before: str, after: str) -> None:
    text = "tbe end"
    edition = edition_xml(draft_of(text, read_as(text, ("tbe", "the"))), Metadata()).decode()
    tampered = edition.replace(before, after)
    if before == "<lem ":
        tampered = tampered.replace("</lem>", "</rdg>")
    assert before in edition and violations(edition.encode()) == []
    assert violations(tampered.encode()) != []
