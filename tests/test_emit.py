"""What the forms promise: they tell what the log tells, read as the views read, and text stays text."""

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import log
from pipeline.draft import Draft
from pipeline.emit.apparatus import COLUMNS, apparatus, compare
from pipeline.emit.diff import corrections_diff, diff_html
from pipeline.emit.html import index_html
from pipeline.emit.orders import order_json
from pipeline.emit.page import shown
from pipeline.lines import set_line
from pipeline.model import (
    Candidate,
    Correction,
    Edit,
    Evidence,
    Fault,
    Imposition,
    Level,
    Mark,
    Page,
    Query,
    Seam,
    Span,
    Witness,
)
from pipeline.view import one_blank, view, words

HOSTILE = "<script>alert('x')</script> a&b \u202eevil\x00\x1b[31m \x85 \ufffe \"q\" ]]> end"


@dataclass(frozen=True)
class Described:
    title: str = "A Pamphlet"
    author: str = "An Author"
    rights: str = "In the public domain"
    language: str = "en"


class Read(HTMLParser):
    """The text of a page of HTML by element, its ids, its links, and whether its elements nest."""

    VOID = ("meta", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.classes: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.titles: list[str] = []
        self.pieces: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [held["id"]] if "id" in held else []
        self.titles += [held["title"]] if "title" in held else []
        self.links += [held["href"]] if "href" in held else []
        self.sources += [value for name, value in held.items() if name in ("src", "srcset", "onclick", "onload")]
        if tag not in self.VOID:
            self.open.append(tag)
            self.classes.append(held.get("class", "") or held.get("id", ""))

    @property
    def where(self) -> str:
        return " ".join(self.open + self.classes)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.classes.pop()
        if tag in ("p", "h2"):
            self.pieces.append((self.where, "\n\n"))

    def handle_data(self, text: str) -> None:
        self.pieces.append((self.where, text))

    def text(self, within: str, *, without: tuple[str, ...] = ()) -> str:
        return "".join(text for where, text in self.pieces
                       if within in where.split() and not set(without) & set(where.split()))


def correct(text: str, old: str, new: str, fault: Fault = Fault.RECOGNITION, **more: object) -> Correction:
    at = text.index(old)
    return Correction(fault, "character", ("t.r",), (Edit(Span(at, at + len(old)), old, new),), **more)  # type: ignore[arg-type]


def line_end(text: str, before: str, kind: str) -> Mark:
    at = text.index(before) + len(before)
    return Mark("line_end", (Span(at, at + 1),), kind)


SAMPLE = "HEAD\nA Title\nAn exarnple of bro-\nken words,\nrecicved.\nNew parag-\n9\fraph here\n..,\nthe end"


def sample() -> Draft:
    second = SAMPLE.index("raph")
    return Draft(Witness("S1", "pamphlet.txt", "utf-8", SAMPLE)).add([
        Mark("page", (Span(0, second),), Page(1, sheet=1, side="A", position="right")),
        Mark("page", (Span(second, len(SAMPLE)),), Page(2, folio="10")),
        Mark("page", (), Page(3, blank=True)),
    ]).add([
        Mark("imposition", (Span(0, 0),), Imposition("saddle", 12.345)),
        Mark("seam", (), Seam(1, 2, 4.125, 3.0), evidence=(Evidence("word", "a word goes on", 2.0),)),
        Mark("furniture", (Span(0, 4), Span(SAMPLE.index("9"), SAMPLE.index("9") + 1)), "head"),
        Mark("heading", (Span(5, 12),), 1), line_end(SAMPLE, "Title", "paragraph"), line_end(SAMPLE, "bro-", "soft"),
        line_end(SAMPLE, "recicved.", "paragraph"), line_end(SAMPLE, "parag-", "soft"),
        line_end(SAMPLE, "..,", "paragraph"),
        correct(SAMPLE, "exarnple", "example", certainty=0.98, evidence=(Evidence("lexicon", "a known word", 3.0),)),
        correct(SAMPLE, "recicved", "recieved"), correct(SAMPLE, "..,", ""),
        Correction(Fault.PRINTING, "letters", (), (
            Edit(Span(SAMPLE.index("recicved"), SAMPLE.index("recicved") + 8), "recicved", "received", "recieved"),),
            resp="ed.a"),
        correct(SAMPLE, "words", "swords", certainty=0.3),
        Query((Span(SAMPLE.index("end"), SAMPLE.index("end") + 3),), "end of what?", (Candidate("hend", 0.2),)),
        Query((), "a leaf may be missing", rule="order.missing"),
    ])


def hostile() -> Draft:
    draft = Draft(Witness("S1", "<b>name</b>", "utf-8", HOSTILE))
    quoted = correct(HOSTILE, '"q"', '" onclick="x')
    evil = correct(HOSTILE, "end", "<img src=x onerror=alert(1)>", evidence=(Evidence("x", "</span><b>\x00", 1.0),))
    return draft.add([evil, quoted, correct(HOSTILE, "evil", "\u202elive\x07", certainty=0.1),
                      Query((Span(0, 8),), "<i>why</i>", (Candidate("<u>", 0.5),), "<r>")])


# --- the apparatus -----------------------------------------------------------------------------------------------


def test_the_apparatus_has_one_line_a_correction_and_no_other() -> None:
    lines = apparatus(log.corrections(sample())).split("\n")
    assert lines[0] == "\t".join(COLUMNS) and lines[-1] == ""
    assert len(lines) - 2 == len(sample().corrections)
    assert "1\t3\tS1.16-24.recognition\texarnple\texample\tapplied\tsafe\tt.r\t-" in lines


def test_no_reading_breaks_a_line_of_the_apparatus() -> None:
    (row,) = [row for row in log.corrections(hostile()) if row["status"] == "proposed"]
    table = apparatus([{**row, "corr": "a\tb\nc\u2028d\\"}])
    assert len(table.splitlines()) == 2
    assert r"a\tb\nc\u2028d\\" in table and "\u202e" not in table
    assert all(line.count("\t") == len(COLUMNS) - 1 for line in table.splitlines())
    assert all(line == line.rstrip() for line in table.splitlines())


def test_comparing_names_what_went_and_what_came() -> None:
    rows = log.corrections(sample())
    table = apparatus(rows)
    assert compare(table, table) == []
    changed = apparatus([{**row, "corr": "exemple"} if row["corr"] == "example" else row for row in rows])
    gone, come = compare(table, changed)
    assert gone.startswith("-1\t3\t") and "\texample\t" in gone and come.startswith("+") and "\texemple\t" in come
    assert len(compare("", table)) == len(table.splitlines())
    assert compare(table + "<<<<<<< ours\n", table) == ["-<<<<<<< ours"]


# --- the order ---------------------------------------------------------------------------------------------------


def test_the_order_tells_pages_seams_and_doubts() -> None:
    told = json.loads(order_json(sample()))
    assert list(told) == ["scheme", "margin", "pages", "seams", "queries"]
    assert (told["scheme"], told["margin"]) == ("saddle", 12.35)
    assert [(page["n"], page["folio"], page["blank"]) for page in told["pages"]] == [
        (1, None, False), (2, "10", False), (3, None, True)]
    assert told["seams"] == [{"from": 1, "to": 2, "score": 4.12, "margin": 3.0, "evidence": [
        {"kind": "word", "says": "a word goes on", "weight": 2.0}]}]
    assert [query["says"] for query in told["queries"]] == ["a leaf may be missing"]


def test_a_twin_comes_last_and_has_no_place() -> None:
    draft = Draft(Witness("S1", "", "utf-8", "one\fone\ftwo")).add([
        Mark("page", (Span(0, 4),), Page(twin_of=1)), Mark("page", (Span(4, 8),), Page(1)),
        Mark("page", (Span(8, 11),), Page(2))])
    told = json.loads(order_json(draft))
    assert [(page["n"], page["twin_of"]) for page in told["pages"]] == [(1, None), (2, None), (None, 1)]


def test_an_order_nobody_looked_for_is_plain() -> None:
    told = json.loads(order_json(Draft(Witness("S1", "", "utf-8", "text"))))
    assert (told["scheme"], told["margin"]) == ("plain", None)
    assert [(page["n"], page["spans"]) for page in told["pages"]] == [(1, [[0, 4]])]
    assert json.loads(order_json(Draft(Witness("S1", "", "utf-8", ""))))["pages"] == []


# --- the diff ----------------------------------------------------------------------------------------------------


def test_the_diff_shows_a_broken_word_whole_and_says_why() -> None:
    said = corrections_diff(sample())
    hunk = said[said.index("@@ page 1, line 3 @@"):].split("\n\n")[0]
    assert hunk.split("\n")[1:5] == ["-An exarnple of bro-", "-ken words,", "+An example of broken", "+words,"]
    assert "# exarnple → example  t.r, recognition, certainty 0.98 (safe)  S1.16-24.recognition" in hunk
    assert "# bro- … ken → broken  hyphenation" in hunk
    assert "swords" not in said and "HEAD" not in said


def test_the_diff_of_an_untouched_text_has_no_hunk() -> None:
    said = corrections_diff(Draft(Witness("S1", "", "utf-8", "as it\nwas")))
    assert said == "# S1: received against critical text, 0 places\n"


def test_each_correction_in_force_is_in_both_diffs() -> None:
    draft = sample()
    terminal, page = corrections_diff(draft), Read(diff_html(draft, "T"))
    for row in log.corrections(draft):
        if row["tei"] in ("app", "pc", "lb"):
            assert row["id"] in terminal
            assert row["id"] in page.ids
    assert "recieved" in page.text("why")


def test_the_diff_page_reads_as_received_and_as_critical() -> None:
    draft = sample()
    page = Read(diff_html(draft, "T"))
    critical = page.text("text", without=("del", "why"))
    wanted = view(draft, Level.CRITICAL, joined=True).text
    assert "".join(critical.split()) == "".join(wanted.split())  # a page may end within a word
    received = page.text("text", without=("ins", "why"))
    assert "exarnple of bro-ken words, recicved" in one_blank(received)


# --- the reading edition -----------------------------------------------------------------------------------------


def test_the_reading_edition_reads_as_the_critical_view() -> None:
    draft = sample()
    page = Read(index_html(draft, Described()))
    assert [one_blank(part) for part in page.text("text").split("\n\n") if part.strip()] == (
        view(draft, Level.CRITICAL, joined=True).text.split("\n\n"))


def test_a_link_in_the_page_leads_somewhere_in_it() -> None:
    for page in (Read(index_html(sample(), Described())), Read(index_html(hostile(), Described())),
                 Read(diff_html(sample(), "T"))):
        assert len(page.ids) == len(set(page.ids))
        assert {link[1:] for link in page.links} <= set(page.ids)


def test_the_reading_edition_has_pages_corrections_queries_and_order() -> None:
    page = Read(index_html(sample(), Described()))
    assert {"p1", "p2", "p3", "S1.16-24.recognition", "app-S1.16-24.recognition", "order", "queries"} <= set(page.ids)
    assert "end of what?" in page.text("queries") and "a leaf may be missing" in page.text("queries")
    assert "laid as saddle (12.3 nats before" in page.text("order") and "right" in page.text("order")
    assert "1 emendation" in page.text("header") and "1 correction proposed" in page.text("header")
    assert "received] recieved P; recicved S1" in page.text("emendations")


def test_a_heading_taken_back_is_a_paragraph() -> None:
    draft = sample()
    assert "<h2>" in index_html(draft, Described()).split("</section>")[0]
    undone = draft.add([Mark("heading", (Span(5, 12),), "none")])
    assert "<h2>" not in index_html(undone, Described()).split("</section>")[0]


@pytest.mark.parametrize("make", [
    lambda draft: index_html(draft, Described(title=HOSTILE, author=HOSTILE, rights=HOSTILE, language='"><b>')),
    lambda draft: diff_html(draft, HOSTILE),
])
def test_hostile_text_stays_text(make: object) -> None:
    said = make(hostile())  # type: ignore[operator]
    page = Read(said)
    assert not {"script", "img", "i>", "u", "r", "link", "iframe"} & set(page.tags)
    assert page.sources == [] and all(link.startswith("#") for link in page.links)
    assert not set(said) & set("\x00\x1b\x07\x85\u202e\ufffe")
    assert "<script>alert('x')</script> a&b �evil␀␛[31m" in page.text("text")
    assert any('"q"' in title for title in page.titles)
    assert "http://" not in said and "https://" not in said and "url(" not in said


def test_hostile_text_does_not_reach_the_terminal() -> None:
    said = corrections_diff(hostile())
    assert not set(said) & set("\x00\x1b\x07\x85\u202e\ufffe")
    assert {letter for letter in said if not letter.isprintable()} == {"\n"}


def test_forbidden_letters_are_shown_as_such() -> None:
    assert shown("\x00\x7f\ud800\U0001ffff\u2066") == "␀␡���"
    assert shown("é\u200fא ſ\u0301") == "é\u200fא ſ\u0301"


TEXT = "HEAD\ntbe exarn-\nple, of\n..\n“tine” and\n1ts end-\n\nfourth\fline  exarnple\nnext"
KINDS = st.sampled_from(["space", "soft", "hard", "none", "verse", "paragraph"])


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    plain = Draft(Witness("S1", "t.txt", "utf-8", TEXT))
    marks = [Mark("line_end", (Span(line.span.end, line.span.end + 1),), draw(KINDS)) for line in plain.all_lines[:-1]]
    places = draw(st.lists(st.sampled_from(list(words(TEXT))), max_size=8, unique=True))
    edits = [
        Correction(draw(st.sampled_from(list(Fault))), "x", (), (Edit(at, TEXT[slice(*at)], draw(READINGS)),))
        for at in places
    ]
    stars = [Mark("furniture", (Span(at, at + draw(st.integers(1, 3))),))
             for at in draw(st.lists(st.integers(0, len(TEXT) - 3), max_size=3))]
    return Draft(plain.witness, (*marks, Mark("furniture", (Span(0, 4),), "head"), *stars, *edits))


READINGS = st.sampled_from(["", "one", "two-", "a b", "<&>"])


@settings(max_examples=150, deadline=None)
@given(drafts())
def test_every_form_reads_as_the_view_reads(draft: Draft) -> None:
    wanted = [one_blank(part) for part in view(draft, Level.CRITICAL, joined=True).text.split("\n\n")]
    edition = Read(index_html(draft, Described())).text("text")
    changes = Read(diff_html(draft, "T")).text("text", without=("del", "why"))
    for said in (edition, changes):
        assert [one_blank(part) for part in said.split("\n\n") if one_blank(part.replace("\n", " "))] == wanted


@settings(max_examples=80, deadline=None)
@given(drafts())
def test_every_form_is_the_same_twice(draft: Draft) -> None:
    again = Draft(draft.witness, draft.entries)
    assert index_html(draft, Described()) == index_html(again, Described())
    assert diff_html(draft, "T") == diff_html(again, "T") and corrections_diff(draft) == corrections_diff(again)
    assert apparatus(log.corrections(draft)) == apparatus(log.corrections(again))


@settings(max_examples=80, deadline=None)
@given(drafts())
def test_the_lines_of_a_diff_are_the_body_as_received(draft: Draft) -> None:
    said = [line for line in corrections_diff(draft).split("\n") if line[:1] == "-"]
    body = [set_line(TEXT, line, (), joined=False) for line in draft.whole_lines()]
    places = [body.index(line[1:]) for line in said]
    assert all(a < b for a, b in pairwise(places))
