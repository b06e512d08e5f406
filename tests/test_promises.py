"""The six promises of the model, on anything that can be said and on what is said past `Draft.add`."""

from collections import Counter
from collections.abc import Callable
from itertools import groupby, pairwise
from typing import get_args

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.draft import WHITE, Draft, Line
from pipeline.errors import Refused
from pipeline.model import LINE_BREAK, Correction, Edit, Fault, Flow, Level, LineEnd, Mark, Page, Span, Verdict, Witness
from pipeline.view import View, view, words
from tests.strategies import VIEWS, asked, corrected, histories, laid_out, raw_drafts

FLOWS: tuple[Flow, ...] = get_args(Flow)
LETTER = regex.compile(rf"[^{WHITE}]")
BLANKS = regex.compile(rf"(?:(?!\n)[{WHITE}])+")
BY_LINE_END = regex.compile(rf"[{WHITE}]*\n[{WHITE}]*")
OUTER_WHITE = regex.compile(rf"^[{WHITE}]+|[{WHITE}]+$")
DRAFTS = st.one_of(histories(), raw_drafts())


def drawn(times: int) -> settings:
    """So many times what the profile draws (tests/conftest.py)."""
    return settings(max_examples=times * settings.default.max_examples)  # type: ignore[union-attr]


# --- what each promise says ------------------------------------------------------------------------------------------


def every_letter_once(draft: Draft) -> None:
    """Promise 6: each letter is in one line of one flow."""
    text = draft.witness.text
    shown = Counter(k for flow in FLOWS for line in draft.lines(flow) for k in range(*line.span)
                    if LETTER.match(text[k]))
    assert shown == Counter(match.start() for match in LETTER.finditer(text))


def nothing_in_force_overlaps(draft: Draft) -> None:
    """Promise 4, first half: in force at one level, nothing overlaps; nor does anything a level is made of."""
    for fault in Fault:
        spans = sorted(span for i, entry in draft.corrections
                       if entry.fault == fault and draft.standing[i].in_force for span in entry.spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
        laid = [edit.span for edit, _ in draft.edits(Level(fault))]
        assert all(a.end <= b.start for a, b in pairwise(laid))


def parts_stand_together(draft: Draft) -> None:
    """Promise 4, second half: each part of what is in force is there or under an upper edit; of the rest, nothing."""
    for level in Level:
        laid = draft.edits(level)
        there = {(edit, i) for edit, i in laid}
        assert len(there) == len(laid)
        for i, entry in draft.corrections:
            for edit in entry.edits:
                covered = any(
                    upper.span.start <= edit.span.start and edit.span.end <= upper.span.end
                    and draft.entries[j].fault > entry.fault for upper, j in laid  # type: ignore[union-attr]
                )
                if draft.standing[i].in_force and entry.fault <= level:
                    assert (edit, i) in there or covered
                else:
                    assert (edit, i) not in there


def line_of_the_page(draft: Draft) -> Callable[[Line], tuple[int, Span]]:
    """On which line of which piece of a page a line stands, whatever else stands there."""
    def found(line: Line) -> tuple[int, Span]:
        start, end = line.span
        span = next(span for span in draft.pages[line.page].spans if span.start <= start and end <= span.end)
        before = [match.end() for match in LINE_BREAK.finditer(draft.witness.text, span.start, start)]
        return line.page, Span(before[-1] if before else span.start, span.end)
    return found


def views_are_the_edits_laid_on_the_lines(draft: Draft) -> None:
    """The text of every view, computed again the slow way."""
    text = draft.witness.text
    for level in Level:
        for flow in FLOWS:
            lines = []
            for _, pieces in groupby(draft.lines(flow), key=line_of_the_page(draft)):
                read, at = "", None
                for line in pieces:
                    start, end = line.span
                    if at is not None and LETTER.match(text[at]) and LETTER.match(text[start - 1]):
                        pass  # what stands between is close to both
                    elif at is not None:
                        read += text[at] if not LETTER.match(text[at]) else text[start - 1]
                    letters = list(text[start:end])
                    for edit, _ in reversed(draft.edits(level)):
                        if start <= edit.span.start and edit.span.end <= end:
                            letters[edit.span.start - start : edit.span.end - start] = [edit.new]
                    read, at = read + "".join(letters), end
                lines.append(OUTER_WHITE.sub("", read))
            assert view(draft, level, flow).text == "\n".join(line for line in lines if line)


def every_letter_has_its_way_back(draft: Draft) -> None:
    """Promise 6, in the views: what is shown and not edited stands in the witness where its piece says."""
    for joined in (False, True):
        places: Counter[int] = Counter()
        for flow in FLOWS:
            shown = view(draft, Level.RECEIVED, flow, joined=joined)
            for at, length, span, whole, _, tail in shown.pieces:
                if not whole:
                    assert shown.text[at : at + length] == draft.witness.text[slice(*span)]
                    places.update(range(*span))
                    places.update(range(span.end, span.end + len(tail)))
        assert all(count == 1 for count in places.values())
        assert {k for k, letter in enumerate(draft.witness.text) if LETTER.match(letter)} <= set(places)


def as_asked(text: str, joined: bool, gone: bool) -> str:
    """What a view should read: no white about line ends; joined, no runs of it; where lines are gone, neither they."""
    if joined:
        text = BLANKS.sub(" ", text)
    return BY_LINE_END.sub(lambda match: "\n" if gone else "\n" * match[0].count("\n"), OUTER_WHITE.sub("", text))


def lines_shown(shown: View) -> int:
    return len({piece.line for piece in shown.pieces})


# --- the promises, drawn ---------------------------------------------------------------------------------------------


@given(DRAFTS)
@drawn(1)
def test_the_witness_encodes_to_the_bytes_received(draft: Draft) -> None:
    received = draft.witness.bytes
    later = Draft(draft.witness)
    for entry in draft.entries:
        try:
            later = later.add([entry])
        except Refused:
            later = Draft(later.witness, (*later.entries, entry))
    assert later.witness.bytes == received == draft.witness.text.encode(draft.witness.encoding)
    assert later.entries == draft.entries


@given(st.data())
@drawn(5)
def test_an_edit_does_what_it_says_or_is_refused(data: st.DataObject) -> None:
    draft = data.draw(DRAFTS)
    level, joined, start, end, new = data.draw(asked(draft))
    shown = view(draft, level, joined=joined)
    try:
        later = corrected(draft, level, joined, start, end, new)
    except Refused:
        return
    reads = view(later, level, joined=joined)
    gone = lines_shown(reads) != lines_shown(shown)
    wanted = as_asked(shown.text[:start] + new + shown.text[end:], joined, gone)
    assert as_asked(reads.text, joined, gone) == wanted, (shown.text, start, end, new)
    if not gone:
        assert view(later, level, "notes", joined=joined).text == view(draft, level, "notes", joined=joined).text


@given(st.data())
@drawn(3)
def test_another_word_in_the_place_of_a_word_is_never_refused(data: st.DataObject) -> None:
    draft = data.draw(DRAFTS)
    level, joined = data.draw(st.sampled_from(VIEWS))
    shown = view(draft, level, joined=joined)
    lettered = [word for word in words(shown.text)
                if regex.search(r"\w", shown.text[slice(*word)]) and len(shown.places(*word)) == 1]
    assume(lettered)
    start, end = data.draw(st.sampled_from(lettered))
    later = corrected(draft, level, joined, start, end, "another")
    assert view(later, level, joined=joined).text == f"{shown.text[:start]}another{shown.text[end:]}"


@given(st.data())
@drawn(1)
def test_a_correction_changes_no_view_below_its_level(data: st.DataObject) -> None:
    draft = data.draw(DRAFTS)
    level, joined, start, end, new = data.draw(asked(draft))
    try:
        later = corrected(draft, level, joined, start, end, new)
    except Refused:
        return
    for lower in Level:
        for flow in FLOWS if lower < level else ():
            for run_on in (False, True):
                assert view(later, lower, flow, joined=run_on).text == view(draft, lower, flow, joined=run_on).text


@given(DRAFTS)
@drawn(2)
def test_corrections_in_force_never_overlap_and_their_parts_stand_together(draft: Draft) -> None:
    nothing_in_force_overlaps(draft)
    parts_stand_together(draft)
    views_are_the_edits_laid_on_the_lines(draft)


@given(st.data())
@drawn(1)
def test_undoing_is_deciding_and_nothing_is_deleted(data: st.DataObject) -> None:
    draft = data.draw(DRAFTS)
    standing = [i for i, _ in draft.corrections if draft.standing[i].in_force]
    assert set(draft.standing) == {i for i, _ in draft.corrections}
    if not standing:
        return
    of = data.draw(st.sampled_from(standing))
    without = draft.add([Verdict(of, False, "ed")])
    assert without.standing[of].status == "rejected"
    assert all(i != of for level in Level for _, i in without.edits(level))
    again = without.add([Verdict(of, True, "ed")])
    assert again.standing[of].status == "accepted"
    assert again.entries[: len(draft.entries)] == draft.entries
    for level in Level:
        for flow in FLOWS:
            assert view(again, level, flow).text == view(draft, level, flow).text


@given(st.one_of(laid_out(), DRAFTS))
@drawn(2)
def test_every_letter_comes_out_once(draft: Draft) -> None:
    every_letter_once(draft)
    every_letter_has_its_way_back(draft)


# --- named cases -----------------------------------------------------------------------------------------------------


def set_out(text: str, *ends: tuple[int, LineEnd], pages: tuple[tuple[Span, ...], ...] = ()) -> Draft:
    draft = Draft(Witness("S1", "own.txt", "utf-8", text))
    draft = draft.add(Mark("page", spans, Page(n=n)) for n, spans in enumerate(pages))
    return draft.add(Mark("line_end", (Span(at, at),), value) for at, value in ends)


def reading(draft: Draft, old: str, new: str, level: Level = Level.DIPLOMATIC, joined: bool = False) -> Draft:
    start = view(draft, level, joined=joined).text.index(old)
    later = corrected(draft, level, joined, start, start + len(old), new)
    for check in (every_letter_once, nothing_in_force_overlaps, parts_stand_together,
                  views_are_the_edits_laid_on_the_lines):
        check(later)
    return later


@pytest.mark.parametrize(("old", "new", "reads"), [
    ("wo", "vo", "one vord three four"),  # inside
    ("ne wo", "n 2", "on 2rd three four"),  # across, from the left
    ("word th", "T", "one Tree four"),  # across, to the right
    ("three", "3", "one word 3 four"),  # beside
    ("one word three", "all", "all four"),  # around
])
def test_an_edit_upon_an_earlier_one_reads_as_asked(old: str, new: str, reads: str) -> None:
    draft = reading(set_out("one w0rd three four"), "w0rd", "word")
    assert view(reading(draft, old, new), Level.CRITICAL).text == reads


def test_of_several_parts_one_edited_again_the_others_are_restated() -> None:
    draft = set_out("’tis said’ by one\nand by another")
    edits = (Edit(Span(0, 1), "’", "‘"), Edit(Span(9, 10), "’", "”"))
    draft = draft.add([Correction(Fault.RECOGNITION, "marks", (), edits)])
    later = reading(draft, "‘", "“")
    assert view(later, Level.DIPLOMATIC).text == "“tis said” by one\nand by another"
    assert [later.standing[i].status for i, _ in later.corrections] == ["superseded", "applied"]


def test_both_parts_of_a_pair_are_asked_anew_together() -> None:
    draft = set_out("'tis so' he")
    shown = view(draft, Level.DIPLOMATIC)
    draft = draft.add([Correction(Fault.RECOGNITION, "marks", (), shown.edit_together([(0, 1, "‘"), (7, 8, "’")]))])
    shown = view(draft, Level.DIPLOMATIC)
    later = draft.add([Correction(Fault.RECOGNITION, "marks", (), shown.edit_together([(0, 1, "“"), (7, 8, "”")]))])
    assert view(later, Level.DIPLOMATIC).text == "“tis so” he"
    with pytest.raises(Refused, match="two ways"):
        shown.edit_together([(1, 4, "it"), (2, 3, "u")])


def test_what_supersedes_one_part_supersedes_the_whole() -> None:
    draft = set_out("a b c")
    pair = Correction(Fault.RECOGNITION, "pair", (), (Edit(Span(0, 1), "a", "A"), Edit(Span(4, 5), "c", "C")))
    later = Correction(Fault.RECOGNITION, "one", (), (Edit(Span(4, 5), "c", "k"),))
    raw = Draft(draft.witness, (pair, later))
    assert view(raw, Level.DIPLOMATIC).text == "a b k"
    assert raw.standing[0].superseded_by == 1


def test_what_is_superseded_is_so_by_what_did_it_first() -> None:
    draft = set_out("a b\nc")
    pair = Correction(Fault.RECOGNITION, "pair", (), (Edit(Span(0, 1), "a", "A"), Edit(Span(4, 5), "c", "C")))
    one, other = (Correction(Fault.RECOGNITION, "one", (), (edit,))
                  for edit in (Edit(Span(0, 1), "a", "x"), Edit(Span(4, 5), "c", "k")))
    raw = Draft(draft.witness, (pair, one, other))
    assert view(raw, Level.DIPLOMATIC).text == "x b\nk"
    assert [raw.standing[i].superseded_by for i in range(3)] == [1, None, None]


def test_an_insertion_at_the_start_of_a_paragraph_and_of_a_page() -> None:
    text = "end.\nNext one\nlast page"
    draft = set_out(text, (4, "paragraph"), pages=((Span(14, 23),), (Span(0, 14),)))
    for level, joined in ((Level.DIPLOMATIC, False), (Level.CRITICAL, True)):
        later = reading(draft, "Next", "The Next", level, joined)
        later = reading(later, "last", "The last", level, joined)
        shown = view(later, level, joined=joined).text
        assert shown == ("The last page end.\n\nThe Next one" if joined else "The last page\nend.\nThe Next one")
        assert later.line_at(later.corrections[0][1].spans[0]).page == 1  # type: ignore[union-attr]
        assert later.line_at(later.corrections[1][1].spans[0]).page == 0  # type: ignore[union-attr]


def test_a_pair_in_distant_places_stands_and_falls_together() -> None:
    draft = set_out("“one\n" + "more\n" * 500 + "end'")
    last = len(draft.witness.text) - 1
    draft = draft.add([Correction(Fault.PRINTING, "marks", (), (
        Edit(Span(0, 1), "“", "‘"), Edit(Span(last, last + 1), "'", "’")))])
    shown = view(draft, Level.CRITICAL).text
    assert shown[0] + shown[-1] == "‘’"
    shown = view(draft.add([Verdict(len(draft.entries) - 1, False, "ed")]), Level.CRITICAL).text
    assert shown[0] + shown[-1] == "“'"


def test_a_word_cut_by_a_page_end_whose_other_half_lies_elsewhere() -> None:
    text = "cifically we\nSo it is spe-"
    draft = set_out(text, (len(text), "soft"), pages=((Span(13, 26),), (Span(0, 13),)))
    assert view(draft, Level.CRITICAL, joined=True).text == "So it is specifically we"
    later = reading(draft, "specifically", "spacifjcally", joined=True)
    assert view(later, Level.DIPLOMATIC).text == "So it is spa-\ncifjcally we"
    assert len(later.corrections[0][1].edits) == 2


def test_a_word_cut_by_a_line_end_keeps_its_hyphen() -> None:
    draft = set_out("to rnor-\nrow we", (8, "soft"))
    later = reading(draft, "rnorrow", "morrow", joined=True)
    assert view(later, Level.DIPLOMATIC).text == "to mor-\nrow we"


def test_a_word_corrected_with_its_hyphen_keeps_it_when_it_is_edited_again() -> None:
    draft = reading(set_out("to rnor~\nrow we", (8, "soft")), "rnor~", "nor-")
    later = reading(draft, "norrow", "morrow", joined=True)
    assert view(later, Level.DIPLOMATIC).text == "to mor-\nrow we"


@pytest.mark.parametrize(("text", "ends", "old", "new", "lines"), [
    ("spe- ci fically", (), "spe- ci fically", "specifically", "specifically"),  # several to one
    ("ofthe man", (), "ofthe", "of the", "of the man"),
    ("fi rst", (), " ", "", "first"),  # a blank goes: its words are one
    ("a word ,", (), " ,", ",", "a word,"),
    ("aaa", (), "aaa", "a a", "a a"),
    ("aaa a", (), "aa a", "a", "aa"),
    ("aa, b", (), ", ", "", "aab"),
    ("a bc d", (), "bc ", " ", "a  d"),
    ("a , b", (), ", ", "", "a  b"),  # joined, the blank beside what goes is no matter
    ("one tbe\ntwo", (), "tbe two", "the two", "one the\ntwo"),  # over a line end that stays
    ("one\ntwo", (), "one two", "one and two", "one\nand two"),
    ("con-\nnection so", ((4, "soft"),), "connection", "connexion", "con-\nnexion so"),
    ("a rn~\nore", ((5, "none"),), "rn~ore", "more", "a m\nore"),
    ("end.\nNext", ((4, "paragraph"),), "end.", "end!", "end!\nNext"),
    ("one\n~\ntwo", (), "~ ", "", "one\ntwo"),  # a line of noise
])
def test_an_ordinary_edit_is_made(
    text: str, ends: tuple[tuple[int, LineEnd], ...], old: str, new: str, lines: str
) -> None:
    draft = set_out(text, *ends)
    shown = view(draft, Level.DIPLOMATIC, joined=True).text
    later = reading(draft, old, new, joined=True)
    assert view(later, Level.DIPLOMATIC, joined=True).text == as_asked(shown.replace(old, new, 1), True, False)
    assert view(later, Level.DIPLOMATIC).text == lines


@pytest.mark.parametrize(("text", "end", "old", "new"), [
    ("to-\nx y", (3, "soft"), "tox", "to"),  # y would run on into “to”
    ("a ever-\nmore", (7, "hard"), "ever-more", "more"),  # so would more into “a”
    ("foo “\nbar", (5, "none"), "“", ""),
    ("a the\nb", (5, "paragraph"), " the\n", ""),  # half the blank line after it
])
def test_an_edit_that_would_glue_its_neighbours_is_refused(
    text: str, end: tuple[int, LineEnd], old: str, new: str
) -> None:
    draft = set_out(text, end)
    with pytest.raises(Refused):
        reading(draft, old, new, joined=True)


def test_a_line_without_letters_vanishes_with_its_line_end() -> None:
    draft = set_out("to-\n~~\nmorrow", (3, "soft"), (6, "paragraph"))
    later = reading(draft, "~~", "")
    assert view(later, Level.DIPLOMATIC).text == "to-\nmorrow"
    assert view(set_out("a\n \nb"), Level.RECEIVED).text == "a\nb"


def test_a_repeat_is_out_of_the_body_and_is_not_lost() -> None:
    draft = set_out("one two\none two\nthree").add([Mark("repeat", (Span(8, 15),), Span(0, 7))])
    assert view(draft, Level.RECEIVED).text == "one two\nthree"
    assert view(draft, Level.RECEIVED, "repeats").text == "one two"
    every_letter_once(draft)


@pytest.mark.parametrize(("text", "lines", "joined"), [
    ("sumpsimus.* Before that", "sumpsimus. Before that", "sumpsimus. Before that"),
    ("won*derful", "wonderful", "wonderful"),
    ("one * two", "one two", "one two"),
    ("one *two", "one two", "one two"),
    ("* one two *\nthree", "one two\nthree", "one two three"),
    ("to-*\nmorrow", "to-\nmorrow", "tomorrow"),
    ("to*-\nmorrow", "to-\nmorrow", "tomorrow"),
    ("one * t*wo *\nthree*, four", "one two\nthree, four", "one two three, four"),
])
def test_a_star_of_another_flow_ends_no_line(text: str, lines: str, joined: str) -> None:
    stars = [Mark("furniture", (Span(at, at + 1),)) for at, letter in enumerate(text) if letter == "*"]
    end = text.find("-") + 1
    draft = set_out(text).add(stars)
    draft = draft.add([Mark("line_end", (Span(end, end),), "soft")] if end else [])
    assert view(draft, Level.RECEIVED).text == lines
    assert view(draft, Level.CRITICAL, joined=True).text == joined
    views_are_the_edits_laid_on_the_lines(draft)
    every_letter_has_its_way_back(draft)


def test_the_white_beside_a_star_is_there_though_the_mark_has_it_too() -> None:
    draft = set_out("one* two").add([Mark("furniture", (Span(3, 5),))])
    assert view(draft, Level.RECEIVED).text == "one two"


def test_a_word_that_a_star_cuts_is_edited_on_both_sides_of_it() -> None:
    draft = set_out("a won*dcrful tale").add([Mark("furniture", (Span(5, 6),))])
    later = reading(draft, "wondcrful", "wonderful", joined=True)
    assert view(later, Level.DIPLOMATIC).text == "a wonderful tale"
    assert [edit for edit, _ in later.edits(Level.DIPLOMATIC)] == [Edit(Span(6, 12), "dcrful", "derful")]
    shown = view(later, Level.DIPLOMATIC)
    assert shown.places(0, 11) == (Span(0, 5), Span(6, 12)) and shown.at(Span(6, 12)) == (5, 11)


def test_the_blank_about_a_star_is_no_letter_to_edit() -> None:
    draft = set_out("note * book").add([Mark("furniture", (Span(5, 6),))])
    with pytest.raises(Refused, match="the blank about what stands between"):
        reading(draft, "note book", "notebook", joined=True)
    assert view(reading(draft, "note book", "a note bok"), Level.DIPLOMATIC).text == "a note bok"


def test_no_line_end_is_said_within_a_line() -> None:
    draft = set_out("one* two").add([Mark("furniture", (Span(3, 4),))])
    with pytest.raises(Refused, match="line end"):
        draft.add([Mark("line_end", (Span(3, 3),), "paragraph")])


def test_letters_of_control_are_shown() -> None:
    draft = set_out("\x1ca\x1f")
    every_letter_once(draft)
    views_are_the_edits_laid_on_the_lines(draft)


def test_levels_stack_on_one_word() -> None:
    draft = reading(set_out("I recicve it"), "recicve", "recieve", Level.DIPLOMATIC)
    draft = reading(draft, "recieve", "receive", Level.CRITICAL)
    assert [view(draft, level).text[2:9] for level in Level] == ["recicve", "recieve", "receive", "receive"]
    later = reading(draft, "recieve", "relieve", Level.DIPLOMATIC)
    assert view(later, Level.CRITICAL).text == "I relieve it"
    assert later.queries  # what the upper entry was made for has changed


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edits", "why"), [
    ((), "no edits"),
    ((Edit(Span(2, 2), "", "x"),), "edits nothing"),
    ((Edit(Span(2, 5), "e\nt", "x"),), "one line"),
    ((Edit(Span(0, 3), "one", "two\n"),), "one line"),
    ((Edit(Span(0, 3), "One", "two"),), "does not read"),
    ((Edit(Span(-3, 0), "", "two"),), "does not read"),
    ((Edit(Span(0, 3), "one", "one"),), "changes nothing"),
    ((Edit(Span(0, 2), "on", "a"), Edit(Span(1, 3), "ne", "b")), "overlap"),
    ((Edit(Span(3, 4), "\n", " "),), "one line"),
    ((Edit(Span(3, 4), "\n", "-"),), "one line of one page"),
    ((Edit(Span(0, 3), "one", "two", "ore"),), "level below"),
])
def test_an_edit_that_cannot_be_is_refused(edits: tuple[Edit, ...], why: str) -> None:
    correction = Correction(Fault.RECOGNITION, "", (), edits)
    draft = set_out("one\ntwo")
    with pytest.raises(Refused, match=why):
        draft.add([correction])
    assert not Draft(draft.witness, (correction,)).edits(Level.REGULAR)


def test_an_edit_across_a_seam_is_refused() -> None:
    draft = set_out("onetwo", pages=((Span(0, 3),), (Span(3, 6),)))
    with pytest.raises(Refused, match="one line of one page"):
        draft.add([Correction(Fault.RECOGNITION, "", (), (Edit(Span(2, 4), "et", "x"),))])


def test_an_edit_on_a_blank_page_is_refused() -> None:
    draft = set_out("\n \n", pages=((),))
    with pytest.raises(Refused, match="no word"):
        view(draft, Level.DIPLOMATIC).edit(0, 0, "x")
    with pytest.raises(Refused):
        draft.add([Correction(Fault.RECOGNITION, "", (), (Edit(Span(1, 2), " ", "x"),))])


def test_a_page_moved_after_the_order_is_fixed_is_refused() -> None:
    draft = set_out("one\ntwo", pages=((Span(0, 4),), (Span(4, 7),)))
    with pytest.raises(Refused, match="order"):
        draft.add([Mark("page", (Span(0, 4),), Page(n=2))])


def test_line_by_line_no_edit_makes_two_blanks_of_one_in_silence() -> None:
    draft = set_out("one aa")
    with pytest.raises(Refused):
        view(draft, Level.DIPLOMATIC).edit(4, 5, " ")
    assert reading(draft, "aa", " a", joined=True).edits(Level.DIPLOMATIC)[0][0].new == "a"


@pytest.mark.parametrize("of", [-1, 0, 5])
def test_a_verdict_on_no_correction_is_refused(of: int) -> None:
    draft = set_out("one").add([Mark("remark", (Span(0, 3),), "own")])
    with pytest.raises(Refused, match="verdict"):
        draft.add([Verdict(of, True, "ed")])


def test_a_joined_view_cannot_take_a_line_end_away() -> None:
    draft = set_out("one\ntwo", (3, "space"))
    with pytest.raises(Refused, match="line end"):
        view(draft, Level.DIPLOMATIC, joined=True).edit(0, 7, "onetwo")


# --- size ------------------------------------------------------------------------------------------------------------


def test_a_long_book_is_corrected_in_one_go() -> None:
    count = 20_000
    line = "so rnany words on a line\n"
    draft = set_out(line * count)
    draft = draft.add(
        Mark("line_end", (Span(k * len(line) + 24, (k + 1) * len(line)),), "space") for k in range(count)
    )
    shown = view(draft, Level.DIPLOMATIC)
    draft = draft.add(
        Correction(Fault.RECOGNITION, "letters", (), shown.edit(k * len(line) + 3, k * len(line) + 8, "many"))
        for k in range(count)
    )
    assert view(draft, Level.CRITICAL).text == ("so many words on a line\n" * count)[:-1]
    assert view(draft, Level.CRITICAL, joined=True).text == ("so many words on a line " * count)[:-1]
