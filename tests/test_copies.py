"""Two copies of one text: where they differ both readings are told, and the word that fits stands."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import log
from pipeline.draft import Draft
from pipeline.emit.html import index_html
from pipeline.emit.metadata import Metadata
from pipeline.emit.schema import violations
from pipeline.emit.tei import edition_xml
from pipeline.emit.tei_reading import Copy, apps, classes, copies, dangling, parsed
from pipeline.model import Entry, Level, Mark, Page, Span, Witness
from pipeline.run import edition
from pipeline.stages.copies import differences, side_by_side, words_of
from pipeline.stages.layout import Row
from pipeline.stages.order import order
from pipeline.stages.pages import pages
from pipeline.stages.second_readings import second_readings
from pipeline.variants import variants
from pipeline.verify import verify
from pipeline.view import view
from tests.marked_up import TEI, all_comes_back, draft_of, forms, read_as, text_in
from tests.smallest import desk
from tests.strategies import histories, raw_drafts
from tests.test_overlaps import LINES

FIRST = "and all that stands between is the productive Dower of labour in the towns"
SECOND = "and all that stanbs between is the productive power of labour in the towns"


def rows_of(text: str) -> list[Row]:
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]
    return [Row(a, text.find("\n", a) if "\n" in text[a:] else len(text)) for a in starts]


def differing(one: str, other: str) -> list[tuple[str, str]]:
    """What two copies, typed line by line, have at the places where they differ."""
    text = f"{one}\n{other}"
    rows, lines = rows_of(text), one.count("\n") + 1
    pairs = side_by_side(words_of(text, rows[:lines]), words_of(text, rows[lines:]))
    return [(text[slice(*found.place)], "|".join(text[slice(*span)] for span in found.there))
            for found in differences(text, pairs)]


# --- side by side ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other", "told"), [
    ("the papcr was wet", "the paper was wct", [("papcr", "paper"), ("wet", "wct")]),
    ("ink hacl held,and he", "ink had held, and he", [("hacl", "had"), ("held,and", "held, and")]),
    ("one two z", "one extra two z", [("one", "one extra")]),
    ("one extra two z", "one two z", [("one extra", "one")]),
    ("so specifi-\ncally the same", "so specifically the same", []),
    ("so specisi-\ncally the same", "so specifi-\ncally the same", [("specisi", "specifi")]),
    ("a well-known man", "a wellknown man", [("well-known", "wellknown")]),
    ("a one two\ntbree four z", "a onc two three\nfour z", [("one", "onc"), ("tbree", "three")]),
    ("are in force", "we are in force to", []),  # where copies begin and end is known from these very words
])
def test_copies_differ_in_the_fewest_words_and_not_in_how_their_lines_end(
    one: str, other: str, told: list[tuple[str, str]]
) -> None:
    assert differing(one, other) == told


# --- which stands ----------------------------------------------------------------------------------------------------


def copied(first: str, *others: str, known: str = "") -> Draft:
    """A draft of a line and other copies of it, decided."""
    text = "\n".join((first, *others))
    rows, marks = rows_of(text), list[Entry]()
    for k, row in enumerate(rows[1:], 2):
        pairs = side_by_side(words_of(text, rows[:1]), words_of(text, [row]))
        marks += [Mark("repeat", (Span(row.start, row.end),), Span(0, len(first)))]
        marks += [Mark("variant", (found.place, *found.there), k) for found in differences(text, pairs)]
    draft = Draft(Witness("S1", "typed.txt", "utf-8", text)).add(marks)
    return draft.add(second_readings(draft, desk(known)))


def stands(draft: Draft) -> str:
    return view(draft, Level.CRITICAL).text


def test_of_two_readings_that_are_words_the_one_that_fits_its_place_stands() -> None:
    draft = copied(FIRST, SECOND)
    assert stands(draft) == SECOND.replace("stanbs", "stands")
    [(_, changed)] = draft.corrections
    assert changed.rules == ("order.repeat",) and changed.applies
    assert changed.evidence[0].says == "the second copy, in line 2 of the file, reads ‘power’"


@pytest.mark.parametrize("text", [
    ("he went to Grimsby in the morning", "he went to Grirnsby in the morning"),
    ("it was a nave of stone in the church", "it was a naue of stone in the church"),
    ("in the year 1848 it was", "in the year 1843 it was"),
    ("they werc drawn from the beroce8 of old", "they werc drawn fromthe beroce8 of old"),
    ("he said: no", "he said; no"),
])
def test_where_the_other_copy_is_no_better_the_first_stands(text: tuple[str, str]) -> None:
    assert stands(copied(*text)) == text[0]


def test_a_word_in_two_pieces_is_whole_where_the_other_copy_has_it_so() -> None:
    assert stands(copied("we shall speci fically ask", "we shall specifically ask")) == "we shall specifically ask"


def test_copies_that_agree_are_surer_than_one() -> None:
    once, twice = (copied("the old mau went home", *["the old mate went home"] * n).corrections[0][1] for n in (1, 2))
    assert once.certainty <= twice.certainty


# --- what is told ----------------------------------------------------------------------------------------------------

TEXT = "one tbe three four\none the threc foar"
COPY = (Mark("repeat", (Span(19, 37),), Span(0, 18)), Mark("variant", (Span(4, 7), Span(23, 26)), 2),
        Mark("variant", (Span(8, 13), Span(27, 32)), 2), Mark("variant", (Span(14, 18), Span(33, 37)), 2))


def test_the_other_copys_words_stand_in_the_app_of_the_correction_or_one_of_their_own() -> None:
    draft = draft_of(TEXT, *COPY, read_as(TEXT, ("tbe", "the")))
    assert text_in(draft) == (
        '<pb/><div><p><lb/>one <app><lem wit="#ED #P">the</lem><rdg wit="#S1">tbe</rdg><rdg wit="#S1.2">the</rdg></app>'
        ' <app><lem wit="#ED #P #S1">three</lem><rdg wit="#S1.2">threc</rdg></app>'
        ' <app><lem wit="#ED #P #S1">four</lem><rdg wit="#S1.2">foar</rdg></app></p></div>')
    assert "S1.2" not in text_in(draft, "choice")
    all_comes_back(draft)


def test_a_place_that_an_edit_cuts_is_told_with_the_words_about_it() -> None:
    draft = draft_of(TEXT, *COPY, read_as(TEXT, ("ree f", "ree; f")))
    assert ('<app><lem wit="#ED #P #S1">th<app><lem wit="#ED #P">ree; f</lem><rdg wit="#S1">ree f</rdg></app>our</lem>'
            '<rdg wit="#S1.2">threc foar</rdg></app>') in text_in(draft)
    assert [(one.place, one.reading) for one in variants(draft)] == [
        (Span(4, 7), "the"), (Span(8, 18), "threc foar")]
    all_comes_back(draft)


def test_the_other_copy_is_a_witness_within_its_witness() -> None:
    def witnesses(draft: Draft) -> list[str | None]:
        listed = parsed(edition_xml(draft, Metadata())).iterfind(f".//{TEI}listWit//{TEI}listWit//{TEI}listWit/*")
        return [one.get("{http://www.w3.org/XML/1998/namespace}id") for one in listed]

    assert witnesses(draft_of(TEXT)) == []
    assert witnesses(draft_of(TEXT, COPY[0])) == ["S1.2"]
    third = Mark("variant", (Span(4, 7), Span(23, 26)), 3)
    assert witnesses(draft_of(TEXT, *COPY, third)) == ["S1.2", "S1.3"]


def test_the_row_of_a_variant_quotes_the_place_and_the_copy() -> None:
    draft = draft_of(TEXT, *COPY, read_as(TEXT, ("tbe", "the")))
    row = next(row for row in log.corrections(draft) if row["category"] == "variant")
    assert (row["id"], row["source"], row["corr"], row["tei"]) == ("S1.4-7.variant", "tbe", "the", "rdg")
    assert row["copy"] == {"siglum": "S1.2", "reading": "the", "spans": [[23, 26]]}
    assert next(copies(edition_xml(draft, Metadata()))) == Copy("S1.4-7.variant", "S1.2", "tbe", "the")


def test_readers_see_the_other_copys_reading_in_the_apparatus() -> None:
    page = index_html(draft_of(TEXT, *COPY), Metadata())
    assert '<b>three</b>] <span class="copy">threc <i>S1.2</i></span>' in page


@st.composite
def with_copies(draw: st.DrawFn) -> Draft:
    """A draft as others draw it, in which any words are said to be read otherwise by any copies."""
    draft = draw(st.one_of(histories(), raw_drafts()))
    size = len(draft.witness.text)
    place = st.tuples(st.integers(-1, size + 1), st.integers(0, 6)).map(lambda one: Span(one[0], one[0] + one[1]))
    marks = [Mark("variant", tuple(spans), copy) for spans, copy in draw(st.lists(
        st.tuples(st.lists(place, max_size=3), st.sampled_from((2, 2, 2, 3, 1, None))), min_size=1, max_size=6))]
    return Draft(draft.witness, (*draft.entries, *marks))


@given(with_copies())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_whatever_copies_read_every_text_comes_back_and_the_log_agrees(draft: Draft) -> None:
    all_comes_back(draft)
    files = forms(draft)
    assert dangling(files) == [] and not any(violations(content) for content in files.values())
    rows = {row["id"]: row for row in log.corrections(draft)}
    told = {one.row: (one.siglum, one.received, one.reading) for one in copies(files["edition.xml"])}
    assert told == {name: (row["copy"]["siglum"], row["source"], row["copy"]["reading"])
                    for name, row in rows.items() if row["category"] == "variant"}
    assert {name for name, kind in classes(files["edition.xml"]).items() if kind == "rdg"} == told.keys()
    assert {app.row for app in apps(files["edition.xml"])}.isdisjoint(told)


# --- a whole run -----------------------------------------------------------------------------------------------------



def overlapping_scans() -> str:
    """Four scans, each of which repeats the last lines of the one before; some words of the copies are misread."""
    lines = LINES[:60]
    scans = [lines[0:18], lines[15:33], lines[30:48], lines[45:60]]
    scans[0][16] = scans[0][16].replace(" ", " thc ", 1)
    scans[1][2] = scans[1][2].replace("e", "c", 1)
    return "\f".join("\n".join(scan) + "\n" for scan in scans)


def test_a_run_tells_both_readings_proves_them_and_sees_when_one_was_changed(tmp_path: Path) -> None:
    source = tmp_path / "scans.txt"
    source.write_text(overlapping_scans(), encoding="utf-8")
    out = tmp_path / "out"
    edition(source, out)
    assert verify(out) == ()
    rows = [row for row in map(json.loads, (out / "corrections.jsonl").read_text(encoding="utf-8").splitlines())
            if row["category"] == "variant"]
    assert len(rows) == 2
    tei = (out / "edition.xml").read_text(encoding="utf-8")
    reading = f">{rows[0]['copy']['reading']}</rdg>"
    assert reading in tei
    (out / "edition.xml").write_text(tei.replace(reading, ">otherwise</rdg>"), encoding="utf-8")
    assert any(f"reads otherwise than the log at {rows[0]['id']}" in found.says for found in verify(out, again=False))


# --- pages seen again ------------------------------------------------------------------------------------------------


def ordered(text: str) -> Draft:
    draft = Draft(Witness("S1", "", "utf-8", text))
    for stage in (pages, order):
        draft = draft.add(stage(draft, desk()))
    return draft


def read(draft: Draft) -> list[tuple[str, str]]:
    return [(draft.witness.text[slice(*one.place)], one.reading) for one in variants(draft)]


def page(k: int, *misread: tuple[str, str]) -> str:
    text = "\n".join(LINES[12 * k : 12 * k + 12]) + "\n"
    for old, new in misread:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def twins(draft: Draft) -> list[int]:
    return [mark.value.twin_of for mark in draft.pages if isinstance(mark.value, Page) and mark.value.twin_of]


def whole(count: int) -> str:
    return " ".join(" ".join(LINES[:count]).split())


def body(draft: Draft) -> str:
    return " ".join(view(draft, Level.RECEIVED).text.split())


def test_a_page_scanned_twice_is_a_second_reading_of_the_page() -> None:
    word = LINES[25].split()[1]
    draft = ordered("\f".join([page(0), page(1), page(2), page(2, (word, "qzq")), page(3)]))
    assert twins(draft) == [3] and body(draft) == whole(48)
    assert read(draft) == [(word, "qzq")]


def test_of_a_page_scanned_three_times_one_is_read_and_the_others_are_its_copies() -> None:
    one, other = LINES[25].split()[1], LINES[28].split()[1]
    for copies_of_it in ([page(2), page(2, (one, "qzq")), page(2, (other, "zqz"))],
                         [page(2, (one, "qzq")), page(2, (other, "zqz")), page(2)]):
        draft = ordered("\f".join([page(0), page(1), *copies_of_it, page(3)]))
        assert twins(draft) == [3, 3] and body(draft) == whole(48)
        assert sorted(read(draft)) == sorted([(one, "qzq"), (other, "zqz")])


def test_a_third_copy_of_a_passage_is_compared_with_the_first() -> None:
    words = " ".join(LINES).split()
    pieces = [words[:60], words[40:70], words[45:120], *(words[at : at + 60] for at in range(100, 700, 48))]
    pieces[0][50], pieces[2][3] = "ncts", "ropc"
    draft = ordered("\n\n".join(map(" ".join, pieces)))
    assert [(one.copy, one.reading) for one in variants(draft)] == [(3, "ropc"), (2, words[50]), (3, words[50])]
