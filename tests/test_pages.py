"""Pages as a scan shows them: sides, columns, furniture and notes, each on a page typed here."""

from itertools import pairwise

from pipeline.decisions import Decision
from pipeline.draft import Draft
from pipeline.model import Level, Mark, Span, Witness
from pipeline.stages.layout import layout
from pipeline.stages.pages import pages
from pipeline.view import view
from tests.test_order import desk, paged
from tests.test_order import laid_out as ordered


def found(text: str, *decisions: Decision) -> Draft:
    draft = Draft(Witness("S1", "typed.txt", "utf-8", text))
    return draft.add(pages(draft, desk(*decisions)))


def shown(draft: Draft, flow: str) -> list[str]:
    return [draft.witness.text[slice(*line.span)] for line in draft.lines(flow)]  # type: ignore[arg-type]


def on_pages(draft: Draft) -> list[list[str]]:
    text = draft.witness.text
    return [[line for span in page.spans for line in text[slice(*span)].split("\n") if line.strip()]
            for page in draft.pages]


def fed(text: list[list[str]]) -> str:
    return "\n\f".join("\n".join(page) for page in text) + "\n"


def test_a_form_feed_ends_a_page() -> None:
    text = paged(4)
    assert on_pages(found(fed(text))) == text


def test_gaps_larger_than_those_of_paragraphs_end_pages() -> None:
    text = [[*page[:5], "", *page[5:]] for page in paged(6)]
    draft = found("\n\n\n\n".join("\n".join(page) for page in text))
    assert len(draft.pages) == 6


def test_one_gap_of_many_sizes_ends_none() -> None:
    text = "\n\n\n".join("\n".join(page[: 3 + k]) for k, page in enumerate(paged(4)))
    assert len(found(text).pages) == 1


def test_columns_side_by_side_are_two_pages() -> None:
    left, right = paged(3)[:2]
    draft = found("\n".join(f"{a:<40}{b}" for a, b in zip(left, right, strict=True)) + "\n")
    assert [[line.strip() for line in page] for page in on_pages(draft)] == [left, right]


def test_a_word_broken_by_a_page_end_stays_on_both() -> None:
    draft = found("the theory of commu-\n\fnism as the party\n")
    assert on_pages(draft) == [["the theory of commu-"], ["nism as the party"]]


def test_running_heads_and_folios_are_furniture() -> None:
    text = [[f"{n}  THE HARBOUR", *page] for n, page in enumerate(paged(6), 4)]
    draft = found(fed(text))
    assert shown(draft, "furniture") == [page[0] for page in text]
    assert {mark.value for mark in draft.marks if mark.kind == "furniture"} == {"header"}


def test_a_folio_at_the_foot_is_furniture_and_says_why() -> None:
    text = [[*page, str(n)] for n, page in enumerate(paged(6), 1)]
    draft = found(fed(text))
    assert shown(draft, "furniture") == ["1", "2", "3", "4", "5", "6"]
    marks = [mark for mark in draft.marks if mark.kind == "furniture"]
    assert marks[0].value == "folio" and marks[0].evidence[0].says


def test_a_misread_running_head_is_one_still() -> None:
    heads = ["THE HARBOUR", "THE HARB0UR", "TNE HARBOUR", "THE HARBOUR", "THE HARBOUK", "THE HARBOUR"]
    draft = found(fed([[head, *page] for head, page in zip(heads, paged(6), strict=True)]))
    assert shown(draft, "furniture") == heads


def test_the_title_is_text_though_the_running_heads_repeat_it() -> None:
    first, second = paged(2)
    received = fed([["ON READING PROOFS", "By the printer", *first], ["^LON READING PROOFS", *second]])
    assert shown(found(received), "furniture") == ["^LON READING PROOFS"]
    many = [["THE HARBOUR", *page] for page in paged(6)]
    many[0].insert(1, "A tale of the coast")
    assert shown(found(fed(many)), "furniture") == ["THE HARBOUR"] * 5


def test_what_two_letters_begin_with_is_text() -> None:
    assert not shown(found(fed([["Dear Sir,", *page] for page in paged(2)])), "furniture")


def test_points_of_a_list_are_no_running_heads() -> None:
    assert not shown(found(fed([["• Turn off the lamp", *page] for page in paged(6)])), "furniture")


def test_a_head_and_a_folio_on_short_pages_are_furniture_wherever_they_stand_on_the_side() -> None:
    sides = [[f"{'LEFT HAND' if k % 2 else 'RIGHT HAND'}", *page, str(n)] for n, (k, page) in
             enumerate(((k, page) for k, page in enumerate(paged(12))), 1)]
    sides[0][4:-1] = []  # a page of three lines, and its folio
    received = fed([[*sides[k], *sides[k + 1]] for k in range(0, 12, 2)])
    assert shown(found(received), "furniture") == [line for page in sides for line in (page[0], page[-1])]


def test_two_pages_whose_paragraphs_come_by_turns_are_set_apart() -> None:
    text = paged(12)
    sides = []
    for k, begins in zip(range(0, 12, 2), ("WIND", "THE BOOK", "SNOWFALL", "A KEY", "PRINT", "LAMPS"), strict=True):
        text[k] = [*text[k][:3], "and so it ended.", begins, *text[k][5:]]
        left, right = text[k : k + 2]
        sides.append(["LEFT HAND", "RIGHT HAND", *left[:4], *right, "", *left[4:], "", str(k + 1), str(k + 2)])
    assert [page[1:-1] for page in on_pages(ordered(fed(sides)))] == text


def test_catchwords_are_furniture() -> None:
    text = paged(6)
    caught = [[*page, following[0].split()[0]] for page, following in pairwise(text)]
    draft = found(fed([*caught, text[-1]]))
    assert shown(draft, "furniture") == [page[-1] for page in caught]
    assert {mark.value for mark in draft.marks if mark.kind == "furniture"} == {"catchword"}


def test_a_line_that_comes_again_within_pages_is_text() -> None:
    text = [[*page[:6], "And so it went.", *page[6:]] if k % 2 else [*page[:3], "And so it went.", *page[3:]]
            for k, page in enumerate(paged(6))]
    assert not shown(found(fed(text)), "furniture")


def test_a_year_at_the_end_of_a_chapter_is_no_folio() -> None:
    assert not shown(found("\n".join([*paged(1)[0], "1848"]) + "\n"), "furniture")


def test_a_note_with_its_mark_in_the_text_is_a_note() -> None:
    page = paged(2)
    page[0][4] += "*"
    page[0] += ["* Not in the first edition.", "It was added by the printer."]
    draft = found(fed(page))
    assert shown(draft, "notes") == ["Not in the first edition.", "It was added by the printer."]


def test_the_mark_of_a_note_is_furniture_where_it_calls_and_where_the_note_begins() -> None:
    page = paged(2)
    first, then = page[0][4].split(" ", 1)
    page[0][4] = f"{first}* {then}"
    page[0] += ["* Not in the first edition."]
    draft = found(fed(page))
    assert shown(draft, "furniture") == ["*", "*"]
    marks = [mark for mark in draft.marks if mark.kind in ("note", "furniture")]
    assert [(mark.kind, mark.value) for mark in marks] == [
        ("note", "*"), ("furniture", "note mark"), ("furniture", "note mark")]
    assert len({mark.certainty for mark in marks}) == 1 and all(mark.evidence for mark in marks)
    assert view(draft, Level.RECEIVED).text.split("\n") == [*page[0][:4], f"{first} {then}", *page[0][5:-1], *page[1]]


def test_a_star_that_calls_no_note_stays_in_the_text() -> None:
    page = paged(2)
    page[0][4] += "*"
    assert not shown(found(fed(page)), "furniture")


def test_a_starred_line_without_a_mark_above_is_text() -> None:
    page = paged(2)
    page[0] += ["* Not in the first edition."]
    assert not shown(found(fed(page)), "notes")


def test_the_editor_gives_a_line_back_to_the_text_or_takes_it_out() -> None:
    text = [[*page, str(n)] for n, page in enumerate(paged(6), 1)]
    received = fed(text)
    back, out = received.index("\n2\n") + 1, received.index(text[0][5])
    draft = found(received, Decision("2026-01-01", "ed", "furniture", "S1", (Span(back, back + 1),), "2", "body"),
                  Decision("2026-01-01", "ed", "furniture", "S1", (Span(out, out + len(text[0][5])),), "x", "header"))
    assert shown(draft, "furniture") == [text[0][5], "1", "3", "4", "5", "6"]
    assert [mark.resp for mark in draft.marks if isinstance(mark, Mark) and mark.resp] == ["ed", "ed"]


def test_a_page_end_may_be_set_within_a_line_and_taken_away() -> None:
    begins = Decision("2026-01-01", "ed", "page_end", "S1", (Span(8, 13),), "begin")
    assert on_pages(found("one ends begin here\n", begins)) == [["one ends"], ["begin here"]]
    text = fed(paged(2))
    second = text.index("\f") + 1
    none = Decision("2026-01-01", "ed", "page_end", "S1", (Span(second, second),), "", "none")
    assert len(found(text, none).pages) == 1


def test_no_letter_is_lost_in_the_columns() -> None:
    text = "\n".join(f"{a:<36}{b}" for a, b in zip(*paged(3)[:2], strict=True))
    there = "".join(text[row.start : row.end] for row in layout(text).rows)
    assert sorted(there.replace(" ", "")) == sorted("".join(text.split()))
