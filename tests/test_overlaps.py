"""Pieces that overlap: joined where their edges are one text, however misread; what merely comes again is not."""

import json
import random
import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import log
from pipeline.draft import Draft
from pipeline.emit.orders import order_json
from pipeline.model import Imposition, Level, Page, Witness
from pipeline.stages.chains import chained
from pipeline.stages.impositions import SADDLE
from pipeline.stages.order import order
from pipeline.stages.overlaps import overlaps
from pipeline.stages.pages import pages
from pipeline.stages.second_readings import second_readings
from pipeline.view import view
from tests.smallest import desk
from tests.test_order import PROSE

WORDS = PROSE.split()
LINES = textwrap.wrap(" ".join(WORDS), 50)
LITANY = "Holy Mother of the waters, pray for us who go down to the sea in ships."
REFRAIN = "And the bells of the old town rang over the water,\nAnd the bells of the old town rang."


def chains_of(texts: list[str]) -> list[list[int]]:
    return chained([len(text) for text in texts], overlaps(texts)).chains


def pieces_of(words: list[str], long: int, shared: int) -> list[str]:
    """Pieces of so many words, each of which begins with the last ones of the piece before."""
    return [" ".join(words[at : at + long]) for at in range(0, len(words) - shared, long - shared)]


def ordered(text: str, known: str = "") -> Draft:
    draft, before = Draft(Witness("S1", "", "utf-8", text)), desk(known)
    for stage in (pages, order):
        draft = draft.add(stage(draft, before))
    return draft


def body(draft: Draft) -> str:
    return " ".join(view(draft, Level.RECEIVED).text.split())


def scheme(draft: Draft) -> str:
    return next(mark.value.scheme for mark in draft.marks if isinstance(mark.value, Imposition))


def repeated(draft: Draft) -> list[str]:
    text = draft.witness.text
    return [" ".join(" ".join(text[slice(*span)] for span in mark.spans).split()) for mark in draft.marked("repeat")]


# --- pieces and chains -----------------------------------------------------------------------------------------------


def test_the_tail_of_a_piece_and_the_head_of_another_are_one_though_both_are_misread() -> None:
    one = "The captain opened it himself. The papcr was wct but the ink had heid, and he laid the shccts out one by one"
    other = "Tbe paper was wet but thc ink hacl held,and he laid tne sheets out one by one upon the kitchen table"
    [found] = overlaps([other, one])
    assert (found.before, found.after) == (1, 0)
    assert one[found.begins :].startswith("The papcr") and other[: found.ends].endswith("one by one")


def test_pieces_in_any_order_are_one_chain() -> None:
    cut = pieces_of(WORDS, 60, 12)
    mixed = list(range(len(cut)))
    random.Random(1).shuffle(mixed)
    [chain] = chains_of([cut[k] for k in mixed])
    assert [mixed[k] for k in chain] == list(range(len(cut)))


def test_a_piece_within_another_is_set_aside() -> None:
    cut = pieces_of(WORDS[:300], 80, 15)
    texts = [*cut, " ".join(WORDS[20:60])]
    found = chained([len(text) for text in texts], overlaps(texts))
    assert found.inside[len(cut)].before == 0
    assert found.chains == [list(range(len(cut)))]


def test_where_two_pieces_fit_one_end_alike_it_is_left_open() -> None:
    shared = " ".join(WORDS[40:60])
    texts = [" ".join(WORDS[:60]), shared + " " + " ".join(WORDS[200:240]), shared + " " + " ".join(WORDS[300:340])]
    found = chained([len(text) for text in texts], overlaps(texts))
    assert found.joins == {} and len(found.rivals) == 1


def test_a_running_head_and_the_formula_of_letters_join_nothing() -> None:
    head, close = "Chronicles of the Harbour and Its People", "I remain, Sir, your most obedient humble servant"
    texts = [f"{head} {' '.join(WORDS[at : at + 50])} {close}" for at in range(0, 600, 50)]
    assert all(len(chain) == 1 for chain in chains_of(texts))


@given(st.permutations(range(1, 7)), st.integers(6, 15), st.integers(0, 2**32))
def test_what_was_cut_from_a_text_of_distinct_words_comes_back_as_one_chain(
    order: list[int], shared: int, seed: int
) -> None:
    letters = random.Random(seed)
    words = ["".join(letters.choices("abdefgimnorstuwyz", k=6)) for _ in range(300)]
    cut = pieces_of(words, 55, shared)[:6]
    texts = [cut[k - 1] for k in order]
    [chain] = chains_of(texts)
    assert [order[k] for k in chain] == list(range(1, 7))


# --- the order stage -------------------------------------------------------------------------------------------------


def test_the_pieces_of_a_transcript_read_in_order_and_what_they_share_is_read_once() -> None:
    cut = pieces_of(WORDS, 60, 12)
    random.Random(2).shuffle(cut)
    draft = ordered("\n\n".join(cut))
    assert scheme(draft) == "shuffled" and not draft.queries
    assert body(draft) == " ".join(WORDS)


@pytest.mark.parametrize("apart", ["\n", "\n\n", "\n\n* * *\n\n", "\n\f"])
def test_pieces_may_be_parted_by_a_line_end_white_stars_or_form_feeds(apart: str) -> None:
    cut = pieces_of(WORDS, 60, 12)
    random.Random(2).shuffle(cut)
    assert body(ordered(apart.join(cut))).replace(" * * *", "") == " ".join(WORDS)


def test_a_piece_within_another_is_a_second_reading_of_its_page() -> None:
    cut = pieces_of(WORDS, 60, 12)
    draft = ordered("\n\n".join([*cut[:3], " ".join(WORDS[10:50]), *cut[3:]]))
    assert body(draft) == " ".join(WORDS)
    twins = [mark.value.twin_of for mark in draft.pages if isinstance(mark.value, Page) and mark.value.twin_of]
    assert twins == [1]


def lines_of(first: int, end: int) -> list[str]:
    return LINES[first:end]


def scans(starts: list[tuple[int, int]]) -> str:
    return "\f".join("\n".join(lines_of(a, b)) + "\n" for a, b in starts)


def test_scans_in_order_that_repeat_lines_stay_in_order_and_lose_no_line() -> None:
    at = [(0, 12), (11, 22), (20, 32), (31, 43), (41, 53)]
    draft = ordered(scans(at))
    assert scheme(draft) == "plain"
    assert body(draft) == " ".join(" ".join(lines_of(0, 53)).split())
    assert len(repeated(draft)) == 4


def test_scans_in_any_order_that_repeat_lines_are_put_in_order() -> None:
    at = [(20, 32), (0, 12), (41, 53), (11, 22), (31, 43)]
    draft = ordered(scans(at))
    assert scheme(draft) == "shuffled"
    assert body(draft) == " ".join(" ".join(lines_of(0, 53)).split())


def test_pages_of_a_booklet_that_repeat_lines_are_found_on_their_sides() -> None:
    page = [lines_of(12 * k - 2 * bool(k), 12 * k + 12) for k in range(4)]
    page += [lines_of(12 * k - 3, 12 * k + 12) for k in range(4, 8)]
    sides = ["\n\n".join("\n".join(page[n - 1]) for n in side) + "\n" for side in SADDLE.sides(8)]
    draft = ordered("\f".join(sides))
    assert scheme(draft) == "saddle"
    assert body(draft) == " ".join(" ".join(lines_of(0, 96)).split())
    assert len(repeated(draft)) == 7


def test_one_short_line_in_common_joins_ends_that_nothing_else_fits() -> None:
    lines = [*lines_of(0, 30), "So it was.", *lines_of(30, 60)]
    at = [(43, 61), (9, 20), (30, 44), (0, 10), (19, 31)]  # two share nothing but the short line
    draft = ordered("\f".join("\n".join(lines[a:b]) + "\n" for a, b in at))
    assert body(draft) == " ".join(" ".join(lines).split()) and not draft.queries


def test_an_end_that_no_piece_repeats_is_asked_about_by_its_words() -> None:
    cut = pieces_of(WORDS[:400], 60, 12) + pieces_of(WORDS[440:800], 60, 12)
    random.Random(3).shuffle(cut)
    draft = ordered("\n\n".join(cut))
    asked = [query for query in draft.queries if query.rule == "order.open_seam"]
    ends = [" ".join(WORDS[:400][-4:]), " ".join(WORDS[440:800][-4:])]
    assert len(asked) == 2 and all(any(end in query.says for query in asked) for end in ends)
    read = body(draft)
    assert " ".join(WORDS[:400]) in read and " ".join(WORDS[440:800]) in read


def test_the_copies_readings_are_in_the_log_and_the_known_word_stands() -> None:
    cut = pieces_of(WORDS, 60, 12)
    cut[0] = cut[0].replace("nets that had been", "ncts that had been")
    cut[1] = cut[1].replace("wet rope", "wet ropc")
    draft = ordered("\n\n".join(cut), known=" ".join(WORDS))
    draft = draft.add(second_readings(draft, desk(" ".join(WORDS))))
    [(_, changed)] = draft.corrections
    assert [(edit.old, edit.new) for edit in changed.edits] == [("ncts", "nets")]
    assert " ".join(view(draft, Level.CRITICAL).text.split()) == " ".join(WORDS)
    rows = log.corrections(draft)
    told = [(row["source"], row["copy"]["reading"]) for row in rows if row["category"] == "variant"]
    assert told == [("rope,", "ropc,"), ("ncts", "nets")]
    assert sum(row["category"] == "repeat" and row["fault"] is None for row in rows) == len(cut) - 1


def test_order_json_leaves_out_what_is_repeated_and_says_where_it_is() -> None:
    draft = ordered(scans([(0, 12), (11, 22), (20, 32), (31, 43)]))
    text, found = draft.witness.text, json.loads(order_json(draft))["pages"]
    read = " ".join(" ".join(text[a:b] for page in found for a, b in page["spans"]).split())
    assert read == " ".join(" ".join(lines_of(0, 43)).split())
    assert [bool(page["repeats"]) for page in found] == [False, True, True, True]
    held = sorted(span for page in found for name in ("spans", "repeats") for span in page[name])
    assert all(not text[a[1] : b[0]].strip() for a, b in pairwise(held))


# --- scans that nothing parts ----------------------------------------------------------------------------------------

IN_A_ROW = [(0, 14), (10, 24), (20, 36), (32, 48), (44, 60), (56, 72), (68, 84)]


def test_scans_that_nothing_parts_but_the_lines_they_repeat_are_read_once() -> None:
    draft = ordered("\n".join("\n".join(lines_of(a, b)) for a, b in IN_A_ROW) + "\n")
    assert scheme(draft) == "plain" and not draft.queries
    assert body(draft) == " ".join(" ".join(lines_of(0, 84)).split())
    assert len(repeated(draft)) == len(IN_A_ROW) - 1


def test_so_are_those_that_are_misread() -> None:
    dice = random.Random(3)
    misread = "".join(dice.choice("aeinostr") if letter.isalpha() and dice.random() < 0.03 else letter
                      for letter in "\n".join("\n".join(lines_of(a, b)) for a, b in IN_A_ROW))
    assert len(body(ordered(misread))) == len(" ".join(" ".join(lines_of(0, 84)).split()))


@pytest.mark.parametrize("text", [
    ["He who would be first among many must be the last,", "and he who would be last among men must be first,"],
    ["the value of the bread is paid in silver coins, and", "the value of the bread is paid in copper coins, and"],
])
def test_two_lines_of_prose_that_say_nearly_the_same_are_no_overlap(text: list[str]) -> None:
    assert not_joined("\n".join([*lines_of(0, 9), *text, *lines_of(9, 20)]) + "\n")


# --- running heads, and what lies within other pieces ----------------------------------------------------------------


@pytest.mark.parametrize("numbered", [False, True])
def test_scans_that_repeat_lines_join_by_these_and_not_by_the_head_on_every_page(numbered: bool) -> None:
    heads = [f"CHRONICLES OF THE HARBOUR{f'     {k}' if numbered else ''}\n\n" for k in range(1, 9)]
    at = [(0, 12), (11, 22), (20, 32), (31, 43)]
    draft = ordered("\f".join(head + "\n".join(lines_of(a, b)) + "\n"
                              for head, (a, b) in zip(heads, at, strict=False)))
    assert body(draft) == " ".join(" ".join(lines_of(0, 43)).split()) and len(repeated(draft)) == 3
    assert not_joined("\f".join(head + "\n".join(lines_of(12 * k, 12 * k + 12)) + "\n"
                                for k, head in enumerate(heads)))


@pytest.mark.parametrize("places", [(0, 1), (1, 0), (-1, -2)])
def test_a_piece_within_a_piece_within_another_is_read_once(places: tuple[int, int]) -> None:
    pieces = [WORDS[:120], *(WORDS[at : at + 60] for at in range(100, len(WORDS) - 12, 48))]
    for at, piece in zip(places, (WORDS[10:80], WORDS[20:60]), strict=True):
        pieces.insert(at if at >= 0 else len(pieces), piece)
    draft = ordered("\n\n".join(map(" ".join, pieces)))
    assert body(draft) == " ".join(WORDS)


def test_a_page_scanned_twice_keeps_its_number_where_another_piece_is_set_aside() -> None:
    at = [(2, 8), (0, 12), (11, 22), (20, 32), (20, 32), (31, 43), (41, 53)]
    draft = ordered(scans(at))
    assert body(draft) == " ".join(" ".join(lines_of(0, 53)).split())
    assert sorted(mark.value.twin_of or 0 for mark in draft.pages if isinstance(mark.value, Page))[-2:] == [1, 3]


# --- what is no overlap ----------------------------------------------------------------------------------------------


def not_joined(text: str) -> bool:
    draft = ordered(text)
    return scheme(draft) != "shuffled" and not repeated(draft)


def test_a_refrain_is_no_overlap() -> None:
    stanzas = ["\n".join(lines_of(at, at + 4)) for at in range(0, 40, 4)]
    assert not_joined("\n\n".join(f"{stanza}\n{REFRAIN}" for stanza in stanzas))
    assert not_joined("\f".join(f"{REFRAIN}\n{stanza}\n{REFRAIN}\n" for stanza in stanzas))


def test_a_litany_is_no_overlap() -> None:
    names = ["Anna", "Brigid", "Clara", "Dorothy", "Elsbeth", "Frances", "Gertrud", "Hedwig"]
    assert not_joined("\n\n".join(LITANY for _ in names))
    assert not_joined("\n\n".join(f"Saint {name} of the rocks, stand by us.\n{LITANY}" for name in names))


def test_lines_sung_twice_are_no_overlap() -> None:
    stanzas = [lines_of(at, at + 3) for at in range(0, 60, 3)]
    assert not_joined("\n\n".join("\n".join([stanza[0], *stanza]) for stanza in stanzas))
    assert not_joined("\f".join("\n".join([*stanza, stanza[-1]]) + "\n" for stanza in stanzas))


def test_pages_that_are_nearly_alike_are_no_overlap() -> None:
    forms = [f"Name of the ship: {name}\n" + "\n".join(lines_of(0, 10)) + "\nSigned by the master of the harbour\n"
             for name in ("Anna", "Bertha", "Clara", "Dora", "Elsa", "Frieda")]
    assert not_joined("\f".join(forms))


def test_a_contents_list_that_quotes_the_headings_is_no_overlap() -> None:
    titles = [f"Of what the {name} told about the harbour in winter" for name in ("captain", "cook", "teacher", "boy")]
    chapters = ["\n".join([title, "", *lines_of(10 * at, 10 * at + 10)]) for at, title in enumerate(titles)]
    assert not_joined("\f".join(["\n".join(titles), *chapters]) + "\n")


def test_one_sentence_said_twice_is_no_overlap() -> None:
    cut = [" ".join(WORDS[at : at + 50]) for at in range(0, 600, 50)]
    cut[4] += " " + " ".join(WORDS[700:712])
    cut[5] = " ".join(WORDS[700:712]) + " " + cut[5]
    assert not_joined("\n\n".join(cut))
