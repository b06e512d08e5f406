"""The order of pages, on small booklets typed here: each scheme, what stays as it is, what is asked, what is pinned."""

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.decisions import Decision
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.language import language
from pipeline.model import Imposition, Mark, Page, Query, Seam, Span, Witness
from pipeline.rulebook import Rulebook
from pipeline.stages import impositions
from pipeline.stages.impositions import SADDLE, SCHEMES, Sides, backs_turned, laid, last_first, turned
from pipeline.stages.order import order
from pipeline.stages.pages import pages

# Sixteen pages of twelve lines, each breaking off in the middle of a sentence.
PROSE = """
The old harbour lay under a grey sky when the first boats came home, and the women who had waited on the wall since
morning went down to the steps with their baskets. Nobody spoke. The wind had turned in the night and brought with it a
smell of rain and of wet rope, and the nets that had been spread to dry on the stones were heavy again. A boy ran along
the quay and called the names of the boats as they passed the light. When he came to the last name he stopped, looked
out once more over the water, and went back to his mother without a word. She took his hand. They stood together until
the harbour master lit the lamp and told them that it was time to go home, since there was nothing more to be seen.
On the hill the church clock struck five. In the schoolroom the teacher closed the window, put the chalk into its box
and wrote a line in the book that lay open on her desk. She had written such a line every evening for eleven years, and
had never asked herself who would read it. That evening she did. She turned back the leaves, one after the other, and
found that she could remember almost every day by the weather alone. There had been a winter in which the snow reached
the sills, and a summer so dry that the well behind the mill gave out. Of the children she remembered less than she
had thought. Their faces came and went like the boats, and only a few had stayed. Captain Marlow was one of them. He
had been a small boy with a loud voice, and he had learned his letters from the names of ships. Now he owned two of
them, and people took off their hats to him when he walked to the market. He himself took off his hat to nobody but the
teacher, and he did it every time, even in the rain. What he thought about on his long voyages he told to no one. It
was known that he kept a box under his bed and that there was a key to it which he wore round his neck. His men said
that it held money. The cook, who had seen it open, said that it held nothing but paper, written all over in a hand so
small that a man would need good eyes to read it. They laughed at the cook. But when the ship was lost on the rocks
below the point, and the captain was carried up the beach with water in his lungs, the first thing he asked for was
the box. It had been washed ashore a mile to the north. A fisherman brought it on his cart, covered with a sack, and
would take no money for it. The captain opened it himself. The paper was wet but the ink had held, and he laid the
sheets out one by one upon the kitchen table, so that the whole room looked as if it had been covered with snow. Then
he sent for the teacher. She came in her black coat, shook the rain from her umbrella and stood at the door, for she
had never been inside his house. He asked her to sit down and to read. She read for two hours, while the fire burned
low and the rain beat against the glass. It was the history of the town, every boat and every storm, every birth and
every death that he had heard of, written down year by year since the day on which he had first gone to sea. Nothing
in it was invented. When she had finished she took off her spectacles and was silent for a time. Then she said that he
had made three mistakes in spelling, and that it was the best thing she had ever read. The captain laughed until he
had to hold his side. They agreed that it should be printed, and that the children should learn to read from it, and
so it was done. The printer in the county town was slow but he was honest, and before the next winter there were two
hundred copies on a shelf in the schoolroom, bound in blue cloth, with a picture of the harbour on the cover. Some of
the older people did not like it. They said that what was past should be left alone, and that it was no good to remind
a family of the boat that had not come home. Others came in the evening, when they thought that nobody would see them,
and asked to look at one page only. The teacher let them look. She noticed that they always read it twice, the second
time with a finger on the line, and that most of them moved their lips. One of them was the woman who had waited on the
wall. Her boy had grown up in the meantime and had gone away to the city, where he worked in an office and wrote home
once a month. She asked for the year in which the light had been built. There, between the price of herring and the
death of a horse, stood the name of the boat, the number of men, and the hour at which it had last been seen. Nothing
else. She read it three times. After that she closed the book, thanked the teacher and said that now it was finished,
because somebody had written it down. She walked home along the quay in the dark. The wind had gone round to the south
and the sky was full of stars. The harbour master was lighting the lamp, a little later than usual, for he too had
grown old. He wished her a good evening, and she wished him the same. From the ships at anchor came the sound of a
fiddle, and someone on the wall was singing. She stopped to listen, as she had not done for many years, and when the
song was over she clapped her hands like a girl. Then she went in, lit the fire and began to write a letter. It was a
long one. She told her son of the book and of the captain, of the teacher who had become so thin, and of the new
herring market, and at the end she asked him whether he would not come home for a week in the spring. He came in April,
with a parcel under his arm and a new hat, and he stayed until the boats went out again.
"""
LINES_A_PAGE = 12


def set_to(measure: int, prose: str) -> list[str]:
    """The prose in lines, words broken over no line end."""
    lines, line = [], ""
    for word in prose.split():
        if len(line) + len(word) >= measure:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return [*lines, line]


LINES = set_to(30, PROSE)


def paged(count: int, per_page: int = LINES_A_PAGE) -> list[list[str]]:
    """So many pages, the last of which ends with a sentence."""
    found = [LINES[k * per_page : (k + 1) * per_page] for k in range(count)]
    last = " ".join(found[-1])
    return [*found[:-1], set_to(30, last[: last.rindex(".") + 1])]


def imposed(sides: Sides, text: Sequence[Sequence[str]], between: str = "\f", beside: str = "\n\n") -> str:
    """The pages on the sides of a scheme, as a text layer has them."""
    there = (["\n".join(text[page - 1]) for page in side if page and page <= len(text)] for side in sides)
    return ("\n" + between).join(beside.join(side) for side in there if side) + "\n"


def desk(*decisions: Decision) -> Desk:
    return Desk(language("en"), Rulebook(()), decisions=decisions)


def laid_out(text: str, *decisions: Decision) -> Draft:
    draft, before = Draft(Witness("S1", "typed.txt", "utf-8", text)), desk(*decisions)
    for stage in (pages, order):
        draft = draft.add(stage(draft, before))
    return draft


def scheme(draft: Draft) -> str:
    return next(mark.value.scheme for mark in draft.marks if isinstance(mark.value, Imposition))


def places(draft: Draft) -> list[Page]:
    return [mark.value for mark in draft.pages if isinstance(mark.value, Page)]


def reads(draft: Draft) -> list[str]:
    """The lines of the body in the order found."""
    return [draft.witness.text[slice(*line.span)] for line in draft.lines()]


def asked(draft: Draft) -> list[Query]:
    return [entry for entry in draft.entries if isinstance(entry, Query)]


def read_on(text: Sequence[Sequence[str]]) -> list[str]:
    return [line for page in text for line in page]


@pytest.mark.parametrize(
    ("name", "sides", "count"),
    [
        ("saddle", impositions.saddle, 16),
        ("saddle_reversed", last_first(impositions.saddle), 16),
        ("saddle_fronts_then_backs", impositions.fronts_then_backs, 16),
        ("duplex_swapped", impositions.duplex_swapped, 16),
        ("signatures", impositions.gatherings(8), 16),
        ("single_reversed", last_first(impositions.singles), 10),
        ("reader_spreads_reversed", last_first(impositions.spreads), 16),
        ("oddeven_flip", impositions.odd_then_even_back, 12),
        ("oddeven", impositions.odd_then_even, 12),
        ("saddle_rtl", turned(impositions.saddle), 16),
        ("saddle_half_turned", backs_turned(impositions.saddle), 16),
        ("quarto", impositions.quarto, 16),
        ("saddle_two_up", impositions.two_up, 16),
    ],
)
def test_every_scheme_is_undone(name: str, sides: Callable[[int], Sides], count: int) -> None:
    text = paged(count)
    draft = laid_out(imposed(sides(count), text))
    assert scheme(draft) == name
    assert reads(draft) == read_on(text)
    assert not asked(draft)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from([one for one in SCHEMES if one.fits(16) and one.gathering in (0, impositions.ALL, 8)]))
def test_every_scheme_comes_back_from_its_own_layout(one: impositions.Scheme) -> None:
    text = paged(16)
    draft = laid_out(imposed(one.sides(16), text))
    assert reads(draft) == read_on(text) or asked(draft)


@settings(deadline=None, max_examples=15)
@given(st.integers(3, 12), st.sampled_from(("\f", "\n\n\n\n", "\n\n", "\n")), st.integers(8, 14))
def test_text_in_order_is_left_alone_however_it_is_paged(count: int, between: str, lines: int) -> None:
    text = paged(count, lines)
    draft = laid_out(imposed(impositions.singles(count), text, between))
    assert reads(draft) == read_on(text)


def test_loose_sheets_of_a_booklet_are_nested_again() -> None:
    text, sides = paged(16), impositions.saddle(16)
    draft = laid_out(imposed([side for sheet in (2, 0, 3, 1) for side in sides[2 * sheet : 2 * sheet + 2]], text))
    assert scheme(draft) == "loose_sheets" and reads(draft) == read_on(text)


def test_pages_each_by_itself_may_lie_as_in_a_booklet() -> None:
    text = paged(16)
    draft = laid_out(imposed([(page,) for side in impositions.saddle(16) for page in side], text))
    assert scheme(draft) == "saddle" and reads(draft) == read_on(text)


@pytest.mark.parametrize("between", ["\f", "\n\n\n\n"])
@pytest.mark.parametrize("beside", ["\n\n", "\n"])
def test_a_booklet_is_put_in_order_whatever_parts_its_pages(between: str, beside: str) -> None:
    text = paged(16)
    assert reads(laid_out(imposed(impositions.saddle(16), text, between, beside))) == read_on(text)


def test_a_booklet_of_eight_pages_with_a_blank_one() -> None:
    text = paged(7)
    draft = laid_out(imposed(impositions.saddle(8), text))
    assert scheme(draft) == "saddle" and reads(draft) == read_on(text)
    assert [page.n for page in places(draft) if page.blank] == [8]
    first = places(draft)[0]
    assert (first.n, first.sheet, first.side, first.position) == (1, 1, "A", "right")


def test_a_missing_side_is_named_and_its_pages_have_their_place() -> None:
    text = paged(16)
    sides = impositions.saddle(16)
    numbered = [[*page, str(n)] for n, page in enumerate(text, 1)]
    draft = laid_out(imposed([side for side in sides if 5 not in side], numbered))
    assert [page.n for page in places(draft) if page.missing] == [5, 12]
    assert reads(draft) == read_on([page for n, page in enumerate(text, 1) if n not in (5, 12)])
    assert [page.folio for page in places(draft)][:6] == ["1", "2", "3", "4", None, "6"]
    assert any("5, 12" in query.says for query in asked(draft))


def test_a_side_scanned_twice_stands_once_in_the_text() -> None:
    text = paged(16)
    sides = impositions.saddle(16)
    draft = laid_out(imposed([*sides[:4], sides[3], *sides[4:]], text))
    assert reads(draft) == read_on(text)
    assert sorted(page.twin_of for page in places(draft) if page.twin_of) == [4, 13]
    assert len(draft.lines("twins")) == 2 * LINES_A_PAGE


@pytest.mark.parametrize("between", ["\f", "\n\n\n\n", "\n\n", "\n"])
def test_what_is_in_order_is_left_alone(between: str) -> None:
    text = paged(12)
    draft = laid_out(imposed(impositions.singles(12), text, between))
    assert scheme(draft) == "plain" and reads(draft) == read_on(text)
    assert not asked(draft) and not draft.lines("furniture")


def test_reader_spreads_keep_their_order() -> None:
    text = paged(12)
    draft = laid_out(imposed(impositions.covered_spreads(12), text))
    assert scheme(draft) == "reader_spreads" and reads(draft) == read_on(text)


def test_pages_in_no_known_order_are_asked_about_and_stay_as_they_lie() -> None:
    text = paged(12)
    shuffled = [text[k] for k in (7, 2, 10, 0, 5, 11, 3, 8, 1, 6, 9, 4)]
    draft = laid_out(imposed(impositions.singles(12), shuffled))
    assert scheme(draft) == "undecided" and reads(draft) == read_on(shuffled)
    assert asked(draft)


def test_prose_whose_lines_do_not_run_on_is_asked_about_though_no_page_end_can_be_seen() -> None:
    sample = Path(__file__).parents[1] / "edition/sample/truth/reading.txt"
    lines = textwrap.wrap(" ".join(sample.read_text(encoding="utf-8").split()), 64)
    cards = [lines[k : k + 8] for k in range(0, len(lines), 8)]
    shuffled = [line for card in (*cards[::2], *cards[1::2]) for line in card]
    (query,) = laid_out("\n".join(shuffled)).queries
    assert query.rule == "order.undecided"
    assert [one.reading for one in query.candidates] == ["oddeven", "evenodd"]  # as the cards do lie, and its like
    assert not laid_out("\n".join(lines)).queries


def test_an_order_that_little_speaks_for_is_asked_about() -> None:
    text = [[f"Number {n}.", f"Row {n}."] * 6 for n in range(8)]  # every page like the other
    draft = laid_out(imposed(impositions.saddle(8), text))
    assert reads(draft) == read_on([text[page - 1] for side in impositions.saddle(8) for page in side])
    assert len(draft.pages) >= 4


def with_heads(text: Sequence[Sequence[str]]) -> list[list[str]]:
    """Pages with a running head and their folio, but for the first two: the title and its back, each of a few lines."""
    heads = ("THE HISTORY", "WINTER QUARTERS")
    rest = [[heads[n % 2], *page, str(n)] for n, page in enumerate(text[2:], 3)]
    title = ["The History", "or Winter Quarters", "A tale of the coast"]
    return [title, ["Printed for the author", "in two colours."], *rest]


def test_folios_prove_an_order_whatever_short_pages_are_among_them() -> None:
    text = paged(16)
    text[15] = text[15][:5]
    printed = with_heads(text)
    draft = laid_out(imposed(impositions.saddle(16), printed, beside="\n"))
    margin = next(mark.value.margin for mark in draft.marks if isinstance(mark.value, Imposition))
    assert scheme(draft) == "saddle" and margin > desk().settings.order_margin and not asked(draft)
    assert reads(draft) == [*printed[0], *printed[1], *read_on(text[2:])]
    assert [page.folio for page in places(draft)] == [None, None, *(str(n) for n in range(3, 17))]


@pytest.mark.parametrize("between", ["\f", ""])
def test_pages_that_can_be_seen_are_there_though_their_order_cannot(between: str) -> None:
    text = paged(12)
    numbered = [["THE HARBOUR", *text[k], str(n)] for n, k in enumerate((7, 2, 10, 0, 5, 11, 3, 8, 1, 6, 9, 4), 21)]
    draft = laid_out(imposed(impositions.singles(12), numbered, between))
    assert len(draft.pages) == 12 and len(draft.lines("furniture")) == 24


def test_two_pages_with_a_form_feed_between_them_are_two() -> None:
    assert [len(mark.spans) for mark in laid_out(imposed(impositions.singles(2), paged(2))).pages] == [1, 1]


def test_pinned_pages_follow_each_other() -> None:
    text = paged(12)
    shuffled = [text[k] for k in (7, 2, 10, 0, 5, 11, 3, 8, 1, 6, 9, 4)]
    received = imposed(impositions.singles(12), shuffled)
    sequence = [received.index(page[0]) for page in text]
    words = " … ".join(page[0][:12] for page in text)
    spans = tuple(Span(at, at + 12) for at in sequence)
    draft = laid_out(received, Decision("2026-01-01", "ed", "page_order", "S1", spans, words))
    assert reads(draft) == read_on(text)


def test_a_pinned_order_in_part_is_obeyed_by_the_best_scheme_that_has_it() -> None:
    text = paged(16)
    received = imposed(impositions.saddle(16), text)
    spans = tuple(Span(at, at + 9) for at in (received.index(text[8][0]), received.index(text[2][0])))
    draft = laid_out(received, Decision("2026-01-01", "ed", "page_order", "S1", spans, "x"))
    lines = reads(draft)
    assert lines.index(text[2][0]) == lines.index(text[8][-1]) + 1
    assert sorted(lines) == sorted(read_on(text))


def test_a_pinned_page_end_is_one() -> None:
    received = "\n".join(LINES[:20])
    at = received.index(LINES[7])
    draft = laid_out(received, Decision("2026-01-01", "ed", "page_end", "S1", (Span(at, at + 5),), LINES[7][:5]))
    assert [mark.spans[0].start for mark in draft.pages] == [0, at]


def test_seams_say_why_in_words() -> None:
    text = paged(16)
    draft = laid_out(imposed(impositions.saddle(16), text))
    seams = [mark for mark in draft.marks if isinstance(mark.value, Seam)]
    values = [mark.value for mark in seams if isinstance(mark.value, Seam)]
    assert [(seam.from_n, seam.to_n) for seam in values] == [(n, n + 1) for n in range(1, 16)]
    last, first = text[0][-1].split()[-1], text[1][0].split()[0]
    assert f"{last} | {first}" in seams[0].evidence[0].says


def test_no_page_is_lost_whatever_the_scheme() -> None:
    for one in SCHEMES:
        for n in range(one.fewest, 70):
            if one.fits(n):
                there = sorted(page for side in one.sides(n) for page in side if page)
                assert there == list(range(1, n + 1)), (one.name, n)


def test_a_blank_page_is_no_neighbour() -> None:
    assert laid(SADDLE, 8, (2,)).adjoin(1, 3)
    assert not laid(SADDLE, 8).without_side(1).adjoin(1, 3)


LETTERS = st.sampled_from(
    ["a", "A", ".", "-", " ", "  ", "\n", "\n", "\n\n\n", "\f", "\r\n", "7", "*", "\u2028", "the "]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(LETTERS, st.sampled_from(LINES[:30]), st.characters()), max_size=80).map("".join))
def test_every_letter_is_on_one_page_whatever_the_text(text: str) -> None:
    draft = laid_out(text)
    white = "\ufeff"
    there = [at for mark in draft.pages for span in mark.spans for at in range(*span) if not text[at].isspace()]
    assert sorted(at for at in there if text[at] not in white) == [
        at for at, c in enumerate(text) if not c.isspace() and c not in white]


def test_the_same_text_gives_the_same_order() -> None:
    received = imposed(impositions.saddle(16), paged(16))
    assert laid_out(received).entries == laid_out(received).entries


def test_marks_of_pages_are_all_placed() -> None:
    draft = laid_out(imposed(impositions.saddle(16), paged(15)))
    held = [mark for mark in draft.pages if isinstance(mark, Mark)]
    assert [mark.value.n for mark in held if isinstance(mark.value, Page)] == list(range(1, 17))
