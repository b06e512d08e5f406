"""What the log promises: every decision has its row, every row quotes its witness, and rows are read back."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import log
from pipeline.draft import Draft
from pipeline.model import Band, Candidate, Correction, Edit, Evidence, Fault, Level, Mark, Page, Query, Span, Verdict
from pipeline.model import Witness as W
from pipeline.view import view, words
from tests.strategies import histories, raw_drafts

KEYS = {
    "id", "rules", "category", "fault", "source", "sic", "corr", "edits", "spans", "witness", "page", "folio", "line",
    "certainty", "band", "evidence", "candidates", "status", "superseded_by", "decision", "resp", "tei",
}


def drafted(text: str, *entries: object) -> Draft:
    return Draft(W("S1", "t.txt", "utf-8", text)).add(entries)  # type: ignore[arg-type]


def correct(text: str, old: str, new: str, fault: Fault = Fault.RECOGNITION, **more: object) -> Correction:
    at = text.index(old)
    return Correction(fault, "character", ("t.r",), (Edit(Span(at, at + len(old)), old, new),), **more)  # type: ignore[arg-type]


def test_a_row_has_the_keys_of_the_contract_and_no_other() -> None:
    text = "HEAD\nthe exarnple is bro-\nken here\n"
    draft = drafted(text, correct(text, "exarnple", "example"), Mark("furniture", (Span(0, 4),), "head"),
                    Mark("line_end", (Span(25, 26),), "soft"), correct(text, "here", "there", certainty=0.2))
    rows = log.corrections(draft)
    assert all(set(row) == KEYS for row in rows)
    assert [(row["category"], row["tei"]) for row in rows] == [
        ("furniture", "fw"), ("character", "app"), ("hyphenation", "pc"), ("character", "none")]
    assert [row["fault"] for row in rows] == [None, "recognition", None, "recognition"]


def test_a_row_is_of_whole_words() -> None:
    text = "an exam ple, or “tbe"
    a = text.index("b")
    correction = Correction(Fault.RECOGNITION, "character", (), (
        Edit(Span(6, 9), text[6:9], "mp"), Edit(Span(a, a + 1), "b", "h")))
    (row,) = log.corrections(drafted(text, correction))
    assert (row["source"], row["corr"]) == ("exam ple … tbe", "example … the")
    assert row["id"] == f"S1.6-{a + 1}.recognition"


def test_two_edits_in_one_word_are_read_once() -> None:
    correction = Correction(Fault.RECOGNITION, "character", (), (
        Edit(Span(0, 1), "c", "e"), Edit(Span(5, 6), "1", "l")))
    (row,) = log.corrections(drafted("cxamp1e", correction))
    assert (row["source"], row["corr"]) == ("cxamp1e", "example")


def test_levels_stack_on_one_word() -> None:
    text = "to recicve it"
    lower = correct(text, "recicve", "recieve")
    upper = Correction(Fault.PRINTING, "spelling", (), (Edit(Span(3, 10), "recicve", "receive", "recieve"),))
    rows = log.corrections(drafted(text, lower, upper))
    assert [(r["source"], r["sic"], r["corr"]) for r in rows] == [
        ("recicve", "recicve", "recieve"), ("recicve", "recieve", "receive")]


def test_status_says_what_became_of_a_correction() -> None:
    text = "tbe man"
    first, doubtful = correct(text, "tbe", "toe"), correct(text, "man", "men", certainty=0.5)
    second = correct(text, "tbe", "the", resp="ed.a", decision="2026 a emend")
    draft = drafted(text, first, doubtful, second, Verdict(1, False, "ed.b", "2026 b reject"))
    rows = {row["corr"]: row for row in log.corrections(draft)}
    assert rows["toe"]["status"] == "superseded" and rows["toe"]["superseded_by"] == rows["the"]["id"]
    assert rows["toe"]["tei"] == "none"
    assert (rows["the"]["status"], rows["the"]["resp"], rows["the"]["tei"]) == ("accepted", "ed.a", "app")
    assert (rows["men"]["status"], rows["men"]["decision"], rows["men"]["resp"]) == (
        "rejected", "2026 b reject", "ed.b")
    assert len({row["id"] for row in rows.values()}) == 3


def test_rows_come_in_reading_order() -> None:
    text = "tbe end\fthc start"
    pages = (Mark("page", (Span(8, len(text)),), Page(1, folio="7")), Mark("page", (Span(0, 7),), Page(2)))
    draft = drafted(text, *pages, correct(text, "tbe", "the"), correct(text, "thc", "the"))
    assert [(row["source"], row["page"], row["folio"]) for row in log.corrections(draft)] == [
        ("thc", 1, "7"), ("tbe", 2, None)]


def test_the_line_counts_file_lines_and_no_form_feed() -> None:
    text = "a\fb\r\nc\rtbe\n"
    (row,) = log.corrections(drafted(text, correct(text, "tbe", "the")))
    assert row["line"] == 3


def test_a_join_reads_as_the_text_reads() -> None:
    text = "bro~\n...\nken is ever-\nmore so\nwith out"
    noise = correct(text, "...", "")
    draft = drafted(text, correct(text, "bro~", "bro-"), noise, *(
        Mark("line_end", (Span(a, a + 1),), kind)
        for a, kind in ((4, "soft"), (text.index("\nmore"), "hard"), (text.index("\nwith"), "none"))))
    joins = [row for row in log.corrections(draft) if row["category"] == "hyphenation"]
    assert [(row["source"], row["corr"], row["tei"]) for row in joins] == [
        ("bro~ … ken", "broken", "pc"), ("ever- … more", "ever-more", "pc"), ("so … with", "sowith", "lb")]
    running = view(draft, Level.CRITICAL, joined=True).text
    assert all(row["corr"] in running for row in joins)
    assert joins[0]["id"] == f"S1.0-{text.index('ken') + 3}.join"


def test_a_line_all_gone_still_closes_its_paragraph() -> None:
    text = "bro-\n...\nken"
    draft = drafted(text, correct(text, "...", ""), Mark("line_end", (Span(4, 5),), "soft"),
                    Mark("line_end", (Span(8, 9),), "paragraph"))
    assert [row["category"] for row in log.corrections(draft)] == ["character"]


def test_furniture_given_back_to_the_body_has_no_row() -> None:
    text = "HEAD\nbody\n9\n"
    head, last = Span(0, 4), Span(10, 11)
    draft = drafted(text, Mark("furniture", (head, last), "head"), Mark("furniture", (head,), "body"))
    assert [row["source"] for row in log.corrections(draft)] == ["9"]


def test_of_two_marks_the_furniture_row_tells_the_later() -> None:
    draft = drafted("HEAD\nbody", Mark("furniture", (Span(0, 4),), "head", 0.9),
                    Mark("furniture", (Span(0, 5),), "signature", 1.0, resp="ed.a"))
    (row,) = log.corrections(draft)
    assert (row["resp"], row["status"], row["certainty"]) == ("ed.a", "accepted", 1.0)


def test_a_certainty_is_never_rounded_into_another_band() -> None:
    text = "tbe thc"
    rows = log.corrections(drafted(text, correct(text, "tbe", "the", certainty=0.96999),
                                   correct(text, "thc", "the", certainty=0.123456)))
    assert [(row["certainty"], row["band"]) for row in rows] == [(0.96999, "likely"), (0.1235, "doubtful")]


def test_queries_quote_their_places() -> None:
    text = "one two\nthree"
    ask = Query((Span(8, 13), ), "which?", (Candidate("tree", 0.4),), "t.r", (Evidence("lexicon", "known", 1.0),))
    rows = log.queries(drafted(text, ask, Query((), "a page may be missing"), Query((Span(0, 3),), "why?")))
    assert [row["source"] for row in rows] == ["one", "three", ""]
    assert (rows[1]["id"], rows[1]["line"], rows[1]["page"]) == ("S1.8-13.query", 2, 1)
    assert rows[2]["id"] == "S1.query" and rows[2]["page"] is None


def test_an_answered_query_is_told_once() -> None:
    ask = Query((Span(0, 3),), "why?")
    (row,) = log.queries(drafted("one", ask, Query(ask.spans, ask.says, answered="2026 a answer")))
    assert row["decision"] == "2026 a answer"


def test_jsonl_is_one_sorted_object_a_line() -> None:
    said = log.jsonl([{"b": "é\u2028", "a": 1}, {"a": None}])
    assert said == '{"a": 1, "b": "é\u2028"}\n{"a": null}\n'
    assert log.jsonl([]) == ""


def test_raw_entries_do_not_break_the_log() -> None:
    witness = W("S1", "", "utf-8", "a b")
    raw = Draft(witness, (Correction(Fault.PRINTING, "x", (), ()),
                          Correction(Fault.RECOGNITION, "x", (), (Edit(Span(50, 60), "no", "yes"),))))
    rows = log.corrections(raw)
    assert [row["status"] for row in rows] == ["proposed", "proposed"]
    assert len({row["id"] for row in rows}) == 2


TEXT = "tbe recicve exarnple, of “tine” things—and 1ts\nfourth\nline exarnple\n"
READINGS = st.text("abcé1<&\u202e…", min_size=1, max_size=6)


@st.composite
def some_corrections(draw: st.DrawFn) -> list[Correction]:
    places = draw(st.lists(st.sampled_from(list(words(TEXT))), min_size=1, max_size=6))
    return [
        Correction(
            draw(st.sampled_from([Fault.RECOGNITION, Fault.PRINTING])), "character", ("t.r",),
            (Edit(place, TEXT[slice(*place)], draw(READINGS) + "!"),),
            draw(st.integers(0, 10_000)) / 10_000,
            evidence=(Evidence("lexicon", draw(READINGS), draw(st.integers(-9, 9)) / 4),),
            candidates=(Candidate(draw(READINGS), 0.5),), resp=draw(st.sampled_from(["", "ed.a"])),
        )
        for place in places
    ]


@settings(max_examples=60, deadline=None)
@given(some_corrections())
def test_corrections_come_back_from_their_rows(corrections: list[Correction]) -> None:
    draft = Draft(W("S1", "t.txt", "utf-8", TEXT), tuple(corrections))
    rows = [json.loads(line) for line in log.jsonl(log.corrections(draft)).split("\n") if line]
    assert sorted(log.entries(rows), key=repr) == sorted(corrections, key=repr)


@settings(max_examples=60, deadline=None)
@given(some_corrections())
def test_the_edits_in_force_quote_the_witness_and_say_what_the_view_reads(corrections: list[Correction]) -> None:
    draft = Draft(W("S1", "t.txt", "utf-8", TEXT), tuple(corrections))
    rows = log.corrections(draft)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["source"] == log.APART.join(TEXT[slice(*edit["span"])] for edit in row["edits"])
        for edit in row["edits"]:
            assert TEXT[slice(*edit["span"])] == edit["old"]
            if row["tei"] == "app" and row["fault"] == "printing":
                assert draft.reading(Span(*edit["span"]), Level.CRITICAL) == edit["new"]


@given(st.one_of(histories(), raw_drafts()))
def test_every_correction_of_a_history_comes_back_from_its_row(draft: Draft) -> None:
    rows = {row["id"]: row for row in map(json.loads, log.jsonl(log.corrections(draft)).split("\n")[:-1])}
    names = log.ids(draft)
    assert len(set(names.values())) == len(names)
    for i, said in draft.corrections:
        (back,) = log.entries([rows[names[i]]])
        assert (back.fault, back.category, back.rules, back.band) == (said.fault, said.category, said.rules, said.band)
        assert [(e.span, e.old, e.new, e.below) for e in back.edits] == [
            (e.span, e.old, e.new, e.below) for e in said.edits]
        assert (back.certainty, back.evidence, back.candidates) == (said.certainty, said.evidence, said.candidates)


@given(st.one_of(histories(), raw_drafts()))
def test_status_says_of_any_history_what_became_of_a_correction(draft: Draft) -> None:
    """Told again the slow way: each entry in turn against all that stand."""
    told: dict[int, tuple[str, int | None]] = {}

    def enter(i: int, status: str) -> None:
        mine = draft.entries[i]
        for j, (was, _) in list(told.items()):
            other = draft.entries[j]
            met = was in ("applied", "accepted") or (
                status == "accepted" and was == "proposed" and j not in draft.unsound)
            if met and j != i and other.fault == mine.fault and any(
                a.start < b.end and b.start < a.end for a in mine.spans for b in other.spans
            ):
                told[j] = "superseded", i
        told[i] = status, None

    for i, entry in enumerate(draft.entries):
        if isinstance(entry, Correction):
            if i in draft.unsound or not entry.applies:
                told[i] = "proposed", None
            else:
                enter(i, "accepted" if entry.resp else "applied")
        elif isinstance(entry, Verdict) and entry.of in told and entry.of not in draft.unsound:
            if entry.accepted:
                enter(entry.of, "accepted")
            else:
                told[entry.of] = "rejected", None
    names = log.ids(draft)
    rows = {row["id"]: row for row in log.corrections(draft)}
    for i, (status, by) in told.items():
        row = rows[names[i]]
        if draft.standing[i].because and i not in draft.unsound:  # its ground is gone: it stands no more, and asks
            assert status in ("applied", "accepted") and row["status"] == "proposed"
            assert any(draft.standing[i].because in query["says"] for query in log.queries(draft))
            continue
        assert (row["status"], row["superseded_by"]) == (status, None if by is None else names[by])
        assert (row["tei"] == "none") or row["status"] in ("applied", "accepted")


@given(st.one_of(histories(), raw_drafts()))
def test_rows_of_any_history_come_in_reading_order(draft: Draft) -> None:
    rank = {line.span: k for k, line in enumerate(draft.all_lines)}
    rows = log.corrections(draft)
    assert all(set(row) == KEYS for row in rows)
    at = [min((rank[line.span], span[0]) for span in row["spans"] if (line := draft.line_at(Span(*span))))
          for row in rows if any(draft.line_at(Span(*span)) for span in row["spans"])]
    assert [place for place, _ in at] == sorted(place for place, _ in at)


def test_a_word_cut_by_a_page_end_is_told_in_reading_order() -> None:
    text = "cifjcally we\nSo it is spa-"
    pages = (Mark("page", (Span(13, 26),), Page(1)), Mark("page", (Span(0, 13),), Page(2)))
    word = Correction(Fault.RECOGNITION, "character", (), (
        Edit(Span(0, 9), "cifjcally", "cifically"), Edit(Span(22, 25), "spa", "spe")))
    (row, join) = log.corrections(drafted(text, *pages, word, Mark("line_end", (Span(26, 26),), "soft")))
    assert (row["source"], row["corr"], row["page"]) == ("spa … cifjcally", "spe … cifically", 1)
    assert (join["source"], join["corr"]) == ("spa- … cifjcally", "specifically")
    assert (row["id"], join["id"]) == ("S1.0-25.recognition", "S1.0-26.join")


def test_a_ceiling_comes_back_as_far_as_it_has_an_effect() -> None:
    text = "tbe thc"
    draft = drafted(text, correct(text, "tbe", "the", ceiling=Band.DOUBTFUL),
                    correct(text, "thc", "the", certainty=0.9, ceiling=Band.LIKELY))
    back = log.entries(log.corrections(draft))
    assert [entry.band for entry in back] == [Band.DOUBTFUL, Band.LIKELY]
    assert [entry.applies for entry in back] == [False, True]
