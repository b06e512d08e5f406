"""The editor decides the order: what is pinned holds, the rest is solved around it, contradictions are refused."""

import json
from collections.abc import Sequence
from itertools import pairwise, zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.decisions import APART, Decision
from pipeline.draft import Draft
from pipeline.emit.sheets import runs_on, seen
from pipeline.errors import Refused
from pipeline.model import Seam, Span
from tests.test_order import asked, imposed, laid_out, paged, reads, scheme

SIXTEEN = paged(16)
SIDES = ((16, 1), (2, 15), (14, 3), (4, 13), (12, 5), (6, 11), (10, 7), (8, 9))
SADDLE = imposed(SIDES, SIXTEEN)
ACROSS = "\f".join("".join(f"{left:<40}{right}\n" for left, right in zip_longest(*(SIXTEEN[n - 1] for n in side),
                                                                                fillvalue="")) for side in SIDES)
SHUFFLED = imposed([(n,) for n in (8, 3, 11, 1, 6, 12, 4, 9, 2, 7, 10, 5)], paged(12))


def pinned(text: str, *first_lines: str, line: int = 1, reason: str = "") -> Decision:
    """That the pages which begin with these lines follow each other."""
    words = [one[:12] for one in first_lines]
    spans = tuple(Span(text.index(one), text.index(one) + 12) for one in first_lines)
    return Decision("2026-01-01", "ed.main", "page_order", "S1", spans, APART.join(words), reason=reason, line=line)


def follow(draft: Draft, pages: Sequence[Sequence[str]], pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether the second page of each pair comes right behind the first."""
    lines = reads(draft)
    return all(lines.index(pages[b][0]) == lines.index(pages[a][-1]) + 1 for a, b in pairs)


@st.composite
def partly(draw: st.DrawFn, count: int) -> list[list[int]]:
    """A few runs of pages that might follow each other, no page in two of them."""
    order = draw(st.permutations(range(count)))
    cuts = sorted(draw(st.sets(st.integers(1, count - 1), min_size=1, max_size=4)))
    return [list(order[a:b]) for a, b in pairwise([0, *cuts]) if b - a > 1]


@pytest.mark.parametrize("received, count", [(SADDLE, 16), (SHUFFLED, 12)], ids=["saddle", "shuffled"])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(choice=st.data())
def test_what_is_pinned_is_obeyed_and_nothing_is_lost(received: str, count: int, choice: st.DataObject) -> None:
    text = paged(count)
    runs = choice.draw(partly(count))
    draft = laid_out(received, *(pinned(received, *(text[k][0] for k in run)) for run in runs))
    assert follow(draft, text, [pair for run in runs for pair in pairwise(run)])
    assert sorted(reads(draft)) == sorted(line for page in text for line in page)


@pytest.mark.parametrize("received", [SADDLE, ACROSS, SHUFFLED], ids=["saddle", "across", "shuffled"])
def test_a_pin_that_says_what_was_found_changes_no_page(received: str) -> None:
    before = laid_out(received)
    for then in runs_on(before, seen(before), "ed.main", "2026-11-24").values():
        row = json.loads(then.pin)
        said = Decision(row["when"], row["who"], row["what"], row["witness"],
                        tuple(Span(*span) for span in row["spans"]), row["old"])
        after = laid_out(received, said)
        assert [(mark.spans, mark.value) for mark in after.pages] == [(mark.spans, mark.value) for mark in before.pages]
        assert scheme(after) == scheme(before)


def test_an_order_pinned_whole_is_no_longer_asked_about() -> None:
    text = paged(12)
    draft = laid_out(SHUFFLED, pinned(SHUFFLED, *(page[0] for page in text)))
    assert reads(draft) == [line for page in text for line in page]
    assert scheme(draft) == "pinned" and not asked(draft)


def test_an_order_pinned_in_part_is_still_asked_about_where_nothing_else_speaks() -> None:
    text = paged(12)
    draft = laid_out(SHUFFLED, pinned(SHUFFLED, text[0][0], text[1][0], text[2][0]))
    assert follow(draft, text, [(0, 1), (1, 2)])
    assert scheme(draft) == "undecided" and any("the editor has set" in query.says for query in asked(draft))


def test_a_page_begins_where_a_pin_says_so() -> None:
    draft = laid_out(SADDLE, pinned(SADDLE, SIXTEEN[4][0], SIXTEEN[9][5]))
    lines = reads(draft)
    assert lines.index(SIXTEEN[9][5]) == lines.index(SIXTEEN[4][-1]) + 1
    assert SADDLE.index(SIXTEEN[9][5]) in [page.spans[0].start for page in draft.pages if page.spans]


def test_a_pinned_seam_says_who_set_it_and_why() -> None:
    draft = laid_out(SADDLE, pinned(SADDLE, SIXTEEN[2][0], SIXTEEN[3][0], reason="the folios say so"))
    (mark,) = [mark for mark in draft.marks if isinstance(mark.value, Seam) and mark.decision]
    assert isinstance(mark.value, Seam) and (mark.value.from_n, mark.value.to_n) == (3, 4)
    assert (mark.resp, mark.evidence[0].says) == ("ed.main", "the folios say so")


A, B, C = (SIXTEEN[k][0] for k in (2, 3, 4))


@pytest.mark.parametrize("one, other, why", [
    ((A, B), (A, C), "cannot both follow"), ((A, C), (B, C), "cannot follow two"), ((A, B), (B, A), "in a ring"),
    ((A, B, C), (C, A), "in a ring"),
])
def test_pins_that_contradict_each_other_are_refused_by_their_lines(
    one: tuple[str, ...], other: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Refused, match="lines 3 and 7") as refused:
        laid_out(SADDLE, pinned(SADDLE, *other, line=7), pinned(SADDLE, *one, line=3))
    assert why in str(refused.value)


def test_a_page_that_follows_itself_is_refused() -> None:
    with pytest.raises(Refused, match=r"line 4: .* in a ring"):
        laid_out(SADDLE, pinned(SADDLE, A, A, line=4))


def test_a_pin_on_words_that_another_line_says_begin_no_page_is_refused() -> None:
    at = SADDLE.index(B)
    none = Decision("2026-01-01", "ed.main", "page_end", "S1", (Span(at, at + 5),), B[:5], "none", line=2)
    with pytest.raises(Refused, match="lines 2 and 5"):
        laid_out(SADDLE, none, pinned(SADDLE, A, B, line=5))


def test_a_pin_on_the_second_copy_of_a_page_is_refused() -> None:
    sides = [(16, 1), (2, 15), (14, 3), (4, 13), (4, 13), (12, 5), (6, 11), (10, 7), (8, 9)]
    received = imposed(sides, SIXTEEN)
    first = SIXTEEN[3][0]
    copies = [at for at in range(len(received)) if received.startswith(first, at)]
    (twin,) = [page.spans[0].start for page in seen(laid_out(received)) if page.page.twin_of == 4]
    assert twin in copies
    after = received.index(SIXTEEN[4][0])
    said = Decision("2026-01-01", "ed.main", "page_order", "S1", (Span(twin, twin + 9), Span(after, after + 9)),
                    APART.join((first[:9], SIXTEEN[4][0][:9])), line=1)
    with pytest.raises(Refused, match="second copy"):
        laid_out(received, said)


@pytest.mark.parametrize("what", ["page_end", "page_order"])
@pytest.mark.parametrize("off", [-2, -1, 1, 2])
def test_a_page_within_a_side_begins_where_it_is_pinned_and_its_scheme_is_kept(what: str, off: int) -> None:
    line = (SIXTEEN[1] + SIXTEEN[14])[12 + off]  # of the second side, beside where its pages seem to part
    at = SADDLE.index(line)
    said = Decision("2026-01-01", "ed.main", "page_end", "S1", (Span(at, at + 5),), line[:5])
    draft = laid_out(SADDLE, said if what == "page_end" else pinned(SADDLE, SIXTEEN[13][0], line))
    assert at in [page.spans[0].start for page in draft.pages if page.spans]
    assert scheme(draft) == "saddle" and len(draft.pages) == 16
