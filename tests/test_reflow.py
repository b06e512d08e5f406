"""What reflow makes of line ends, paragraphs, headings, verse and the rest: a small before and after for each."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline.decisions import Decision
from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.language import language
from pipeline.model import Flow, Level, Mark, Page, Span, Witness
from pipeline.rulebook import Rulebook
from pipeline.stages.reflow import reflow
from pipeline.view import one_blank, view
from tests.strategies import laid_out

ENGLISH = language("en")
PROSE = (
    ("The compositor stood at his case from six in the morning,",
     "and set the pamphlet letter by letter, as his father had",
     "done before him. Nobody asked him what he thought of the",
     "argument, nor did he offer it; but he read every word of",
     "what he set, and he forgot very little."),
    ("In the evening the sheets were hung to dry upon lines that",
     "ran from wall to wall. The boys who folded them could not",
     "read, and put the gatherings together by their signatures",
     "alone, so that a sheet laid wrong was bound wrong."),
    ("It happened once that an entire forme was turned round, and",
     "nobody saw it until the binder had done with a hundred of",
     "the copies. They were sold with the rest."),
)
READ = "\n\n".join(" ".join(lines) for lines in PROSE)


def drafted(text: str, *marks: Mark, decisions: tuple[Decision, ...] = ()) -> Draft:
    draft = Draft(Witness("S1", "case", "utf-8", text)).add(marks)
    return draft.add(reflow(draft, Desk(ENGLISH, Rulebook(()), decisions=decisions)))


def read(text: str, *marks: Mark, decisions: tuple[Decision, ...] = ()) -> str:
    return view(drafted(text, *marks, decisions=decisions), Level.CRITICAL, joined=True).text


def kinds(text: str, *marks: Mark, decisions: tuple[Decision, ...] = ()) -> list[tuple[str, object, str]]:
    """The blocks that are marked: kind, value, and the letters."""
    draft = drafted(text, *marks, decisions=decisions)
    return [(mark.kind, mark.value, " | ".join(text[slice(*span)] for span in mark.spans))
            for mark in draft.marks if mark.kind not in ("line_end", "page")]


def decision(what: str, text: str, old: str, new: str = "") -> Decision:
    start = text.index(old)
    return Decision("2026-01-01", "ed", what, "S1", (Span(start, start + len(old)),), old, new)  # type: ignore[arg-type]


def prose(*between: str) -> str:
    """The lines of the prose with these before its second and third paragraphs."""
    first, *rest = ("\n".join(lines) for lines in PROSE)
    return first + "".join("\n" + one + paragraph for one, paragraph in zip(between, rest, strict=True)) + "\n"


# --- words that a line end cuts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "reads"), [
    ("of commu-\nnism as", "of communism as"),
    ("the self-\nvalorisation of", "the self-valorisation of"),
    ("becoming ever-\nincreasingly what", "becoming ever-increasingly what"),
    ("a well-\nknown man", "a well-known man"),
    ("the com-\r\nmon good", "the common good"),
    ("the com- \n  mon good", "the common good"),
    ("the com\u00ad\nmon good", "the common good"),
    ("the com\ufffe\nmon good", "the common good"),
    ("the com\u00ac\nmon good", "the common good"),
    ("the Anglo-\nSaxon tongue", "the Anglo-Saxon tongue"),
    ("from 1848-\n1849 on", "from 1848-1849 on"),
    ("in pre- and\npost-war years", "in pre- and post-war years"),
    ("both pre-\nand post-war years", "both pre- and post-war years"),
    ("on the one hand -\nand on the other", "on the one hand - and on the other"),
    ("on the one hand\n- and on the other", "on the one hand - and on the other"),
    ("he came—\nand went", "he came—and went"),
    ("he came\n—and went", "he came—and went"),
    ("he came —\nand went", "he came — and went"),
    ("it cost —20 then, and\n—30 after, or —40", "it cost —20 then, and —30 after, or —40"),
    ("dit-il, troublait-\nelle la paix ; dira-t-elle oui", "dit-il, troublait-elle la paix ; dira-t-elle oui"),
    ("tte to-\nmorrow and to-morrow and to-morrow", "tte to-morrow and to-morrow and to-morrow"),
    ("a vis-à-\nvis at the ball", "a vis-à-vis at the ball"),
    ("an\nother day", "an other day"),
    ("it is not\nable to be", "it is not able to be"),
])
def test_a_hyphen_goes_where_it_broke_a_word_and_stays_where_the_word_has_one(text: str, reads: str) -> None:
    assert read(text) == reads


@pytest.mark.parametrize(("text", "value"), [
    ("by his instruc: :\ntion and example", "soft"),  # the hyphen misread: a letter for repair to correct
    ("all that thresh- -\nold of learning", "soft"),
    ("it made it inconve -\nnient to wander", "soft"),
    ("a merely acci8\ndental thing", "soft"),
    ("to be healthy -\nin our impulses", "space"),
    ("he had no word.\nable men were few", "space"),
    ("and they spoke of commu\nnism as the word", "none"),
    ("there it was that he dis\ncovered the door", "none"),  # one half is a word too
    ("he came there with\nin a week of the day", "space"),  # both are, and they stand beside each other often
    ("it was an order for\never kept by them", "space"),
])
def test_a_hyphen_misread_or_lost_is_known_by_the_word_it_broke(text: str, value: str) -> None:
    draft = drafted(text)
    assert draft.line_end(draft.lines()[0]) == value


def test_the_document_itself_says_whether_its_word_has_a_hyphen() -> None:
    assert read("the forme-\nbook lay; the forme-book was old") == "the forme-book lay; the forme-book was old"
    assert read("the forme-\nbook lay; the formebook was old") == "the formebook lay; the formebook was old"


@pytest.mark.parametrize("words", ["of|it", "if|I", "off|a", "an|other", "to|day", "in|to", "any|one", "Hic|Rhodus"])
def test_nothing_right_is_welded(words: str) -> None:
    """Two words stay two where a line ends between them, though together they might be one."""
    text = prose("\n", "\n")
    for place in ("father had\n", "upon lines that\n"):
        assert words.replace("|", " ") in read(text.replace(place, place[:-1] + " " + words.replace("|", "\n") + " "))


def test_a_word_goes_on_over_a_page_end_wherever_its_other_page_lies() -> None:
    text = "nism was the word\n\nthey spoke of commu-\n"
    pages = (Mark("page", (Span(0, 18),), Page(n=2)), Mark("page", (Span(19, len(text)),), Page(n=1)))
    assert read(text, *pages) == "they spoke of communism was the word"


def test_a_word_goes_on_over_furniture_and_notes() -> None:
    text = "they spoke of commu-\n12\n* A note.\nTHE PAMPHLET\nnism as the word\n"
    marks = [Mark(kind, (Span(at := text.index(old), at + len(old)),)) for kind, old in
             (("furniture", "12"), ("note", "* A note."), ("furniture", "THE PAMPHLET"))]
    assert read(text, *marks) == "they spoke of communism as the word"


def test_a_speck_between_two_lines_parts_them_no_further() -> None:
    draft = drafted("they spoke of commu-\n»\nnism as the word\n")
    assert [draft.line_end(line) for line in draft.lines()][:2] == ["soft", "none"]


def test_an_ornament_between_paragraphs_joins_nothing() -> None:
    assert "very little.\n\n⋮\n\nIn the evening" in read(prose("\n⋮\n\n", "\n"))


def test_what_is_not_sure_names_the_other_reading() -> None:
    draft = drafted("as it relat-\ni9ns had it")
    mark = draft.line_ends[draft.lines()[0].span.end]
    assert mark.value == "soft" and mark.certainty < 0.98
    assert [each.reading for each in mark.alternatives] == ["hard"]


def test_every_mark_has_its_reasons_in_words() -> None:
    draft = drafted(prose("\n", "   "))
    ends = [mark for mark in draft.marks if mark.kind == "line_end" and mark.value == "paragraph"]
    assert ends and all(mark.evidence and mark.evidence[0].says for mark in ends[:-1])


# --- paragraphs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    prose("\n", "\n"),
    prose("    ", "    "),
    prose("", ""),
    prose("\n", "\n").replace("\n", " \r\n"),
    prose("\n", "\n").replace("\n", "\r"),
    "\n".join(" \n".join(lines) for lines in PROSE),
    "\ufeff" + prose("\n", "\n"),
    READ,
    READ.replace("\n\n", "\n"),
    READ.replace("\n\n", "\r\n"),
], ids=["blank lines", "indents", "short lines only", "CRLF and blanks everywhere", "CR", "blanks where lines wrap",
        "byte-order mark", "no line wraps", "no line wraps, no blank lines", "no line wraps, CRLF"])
def test_paragraphs_are_found_by_the_habits_of_the_document(text: str) -> None:
    assert read(text).removeprefix("\ufeff") == READ


def test_a_paragraph_runs_on_over_a_page_end() -> None:
    text = prose("", "")
    cut = text.index("argument")
    pages = (Mark("page", (Span(0, cut),), Page(n=1)), Mark("page", (Span(cut, len(text)),), Page(n=2)))
    assert read(text, *pages) == READ


def test_a_paragraph_may_end_with_its_page() -> None:
    text = prose("", "")
    cut = text.index("In the evening")
    pages = (Mark("page", (Span(0, cut),), Page(n=1)), Mark("page", (Span(cut, len(text)),), Page(n=2)))
    assert read(text, *pages) == READ


def test_speech_that_follows_speech_is_a_new_paragraph() -> None:
    text = ("“Who has set this line, and set it so much awry, sir?”\n"
            "“Not I, nor any man that works in this house, I swear.”\n")
    assert read(prose("", "") + text).endswith("sir?”\n\n“Not I, nor any man that works in this house, I swear.”")


# --- headings, bylines, verse, quotations, lists ----------------------------------------------------------------------


def test_a_title_and_its_byline_stand_apart() -> None:
    text = "THE PRINTER’S REPLY\nJohn Blackwood\n" + prose("", "")
    assert kinds(text) == [("heading", 1, "THE PRINTER’S REPLY"), ("byline", None, "John Blackwood")]
    assert read(text) == "THE PRINTER’S REPLY\n\nJohn Blackwood\n\n" + READ


def test_a_number_and_the_title_below_it_are_headings() -> None:
    text = prose("II\nOf the Sheets and the Lines\n", "III\nOf a Forme Turned Round\n")
    assert [(kind, value) for kind, value, _ in kinds(text)] == [("heading", 2)] * 4
    assert "very little.\n\nII\n\nOf the Sheets and the Lines\n\nIn the evening" in read(text)


def test_a_title_of_several_lines_is_one_heading() -> None:
    text = prose("\nHOW THE SHEETS WERE HUNG TO DRY AND WHO WAS\nTHERE TO FOLD THEM\n\n", "\n")
    assert kinds(text) == [
        ("heading", 2, "HOW THE SHEETS WERE HUNG TO DRY AND WHO WAS | THERE TO FOLD THEM")]
    assert "\n\nHOW THE SHEETS WERE HUNG TO DRY AND WHO WAS THERE TO FOLD THEM\n\n" in read(text)


@pytest.mark.parametrize("line", ["He never said why.", "“Yes,” said he.", "and the rest"])
def test_a_short_line_of_prose_is_no_heading(line: str) -> None:
    assert kinds(prose("\n" + line + "\n\n", "\n")) == []


def test_a_name_below_prose_is_no_heading() -> None:
    text = prose("", "") + "John Blackwood\nTHE SECOND LETTER\n" + prose("", "")
    assert [letters for _, _, letters in kinds(text)] == ["THE SECOND LETTER"]


VERSE = ("The ink is black, the page is white,\nThe hand that sets it works by night,\n"
         "And no man reads by candle-light\nThe words he sets in lead.\n")


def test_verse_keeps_its_lines() -> None:
    text = prose("\n" + VERSE + "\n", "\n")
    assert [kind for kind, *_ in kinds(text)] == ["verse"]
    assert "\n\n" + VERSE + "\nIn the evening" in read(text)


def test_verse_keeps_its_lines_where_no_other_line_is_wrapped() -> None:
    text = READ + "\n\n" + VERSE + "\n" + READ
    assert read(text) == text


def test_stanzas_are_parted_and_lines_that_a_scan_sets_apart_are_not() -> None:
    stanzas = prose("\n" + VERSE + "\n" + VERSE + "\n", "\n")
    assert VERSE + "\n" + VERSE in read(stanzas)
    loose = prose("\n" + VERSE.replace("\n", "\n\n") + "\n", "\n").replace("father had\n", "father had\n\n")
    assert "\n\n" + VERSE + "\n" in read(loose)


def test_the_close_of_a_letter_is_no_verse() -> None:
    text = prose("\nI am, Sir, yours,\n\nJohn Blackwood.\n\n", "\n")
    assert kinds(text) == []
    assert "yours,\n\nJohn Blackwood.\n\n" in read(text)


@pytest.mark.parametrize("line", ["Thing;", "My dear Duke:—", "Sincerely and gratefully,"])
def test_a_line_that_runs_on_is_no_heading(line: str) -> None:
    assert kinds(prose("\n" + line + "\n\n", "\n")) == []


def test_a_number_that_ends_a_sentence_is_no_heading() -> None:
    text = prose("", "").replace("and he forgot very little.", "until the close of World War\nII.")
    assert kinds(text) == []


def test_a_quotation_that_is_set_in_stands_apart() -> None:
    quoted = ("      the forme was locked at noon, and by\n      nightfall it had gone to press, as it\n"
              "      was written in the book of the house.\n")
    text = prose("", "").replace("done before him.", "done before him:\n" + quoted + "And that was all.")
    assert [kind for kind, *_ in kinds(text)] == ["quotation"]
    assert "him:\n\nthe forme was locked at noon, and by nightfall it" in read(text)


def test_items_of_a_list_stand_apart() -> None:
    text = prose("1. the case, which holds the letters;\n2. the stick, in which a line is set;\n3. the forme.\n", "")
    assert [letters for kind, _, letters in kinds(text) if kind == "item"] == [
        "1. the case, which holds the letters;", "2. the stick, in which a line is set;", "3. the forme."]
    assert "\n\n1. the case, which holds the letters;\n\n2. the stick" in read(text)


def test_a_date_or_a_number_that_begins_a_line_is_no_item() -> None:
    assert not [1 for kind, *_ in kinds(prose("", "").replace("done before", "12. done before")) if kind == "item"]


# --- decisions --------------------------------------------------------------------------------------------------------


def test_the_editor_says_what_a_line_end_is() -> None:
    text = "they spoke of commu-\nnism as the word\n"
    draft = drafted(text, decisions=(decision("join", text, "commu-", "hard"),))
    mark = draft.line_ends[draft.lines()[0].span.end]
    assert (mark.value, mark.resp) == ("hard", "ed") and mark.decision
    assert view(draft, Level.CRITICAL, joined=True).text == "they spoke of commu-nism as the word"


def test_the_editor_ends_a_paragraph_or_takes_its_end_away() -> None:
    text = prose("\n", "\n")
    ended = read(text, decisions=(decision("paragraph", text, "as his father had"),))
    assert ended == READ.replace("father had ", "father had\n\n")
    run_on = read(text, decisions=(decision("paragraph", text, "very little.", "none"),))
    assert run_on == READ.replace("little.\n\n", "little. ")


def test_the_editor_makes_and_unmakes_headings() -> None:
    text = prose("OF SHEETS\n", "")
    assert kinds(text, decisions=(decision("heading", text, "OF SHEETS", "none"),)) == []
    made = kinds(text, decisions=(decision("heading", text, "the copies. They were sold with the rest."),))
    assert [letters for *_, letters in made] == ["OF SHEETS", "the copies. They were sold with the rest."]


def test_a_heading_of_several_lines_that_the_editor_sets_is_one() -> None:
    text = prose("", "")
    old = PROSE[1][-1] + "\n" + PROSE[2][0]
    made = kinds(text, decisions=(decision("heading", text, old, "3"),))
    assert made == [("heading", 3, old.replace("\n", " | "))]
    assert "\n\n" + old.replace("\n", " ") + "\n\n" in read(text, decisions=(decision("heading", text, old, "3"),))


def test_a_decision_that_fits_no_line_is_named() -> None:
    text = prose("", "")
    late = Decision("2026-01-01", "ed", "join", "S1", (Span(len(text), len(text)),), "", "soft")
    with pytest.raises(Refused, match="2026-01-01 ed join"):
        drafted(text, decisions=(late,))
    with pytest.raises(Refused, match="no kind of line end"):
        drafted(text, decisions=(decision("join", text, "every word", "glue"),))


def test_a_star_that_another_flow_has_in_the_middle_of_a_line_is_no_end_of_it() -> None:
    first, *rest = PROSE[0]
    for called in ("The compositor* stood", "The compositor * stood", "The compositor stood*"):
        text = "\n".join((first.replace("The compositor stood", called), *rest))
        star = text.index("*")
        reads = read(text, Mark("furniture", (Span(star, star + 1),), "note mark"))
        assert reads == " ".join(PROSE[0])


def marked_notes(text: str) -> list[Mark]:
    """The note at the foot of the first page, and its two stars."""
    called, begins = text.index("*"), text.rindex("*")
    return [Mark("note", (Span(begins, text.index("stick.") + 6),), "*"), *(
        Mark("furniture", (Span(at, at + 1),), "note mark") for at in (called, begins))]


def test_a_sentence_runs_on_over_a_note_at_the_foot_of_its_page() -> None:
    lines = list(PROSE[0])
    for note in ("* An old word for a com-\nposing stick.", "*\nAn old word for a com-\nposing stick."):
        text = "\n".join([lines[0].replace("case", "case*"), *lines[1:3], note, *lines[3:]]) + "\n"
        draft = drafted(text, *marked_notes(text))
        assert view(draft, Level.CRITICAL, joined=True).text == " ".join(lines)


def test_each_note_is_a_paragraph_though_its_mark_stands_apart() -> None:
    text = "\n".join([*PROSE[0], "* Not so in the first", "edition.", "* He was."])
    first, second = text.index("* Not"), text.index("* He")
    marks = [Mark("note", (Span(first, second - 1),), "*"), Mark("note", (Span(second, len(text)),), "*")]
    marks += [Mark("furniture", (Span(at, at + 1),), "note mark") for at in (first, second)]
    notes = view(drafted(text, *marks), Level.CRITICAL, "notes", joined=True).text
    assert notes == "Not so in the first edition.\n\nHe was."


def test_a_printed_line_that_the_text_layer_cuts_behind_a_raised_mark_is_one() -> None:
    cut = "what he set.*", "Nobody minded. He read it, and on he went from"
    text = "\n".join([*PROSE[0][:4], *cut, *PROSE[0][1:4], "what he set.*", *PROSE[1]]) + "\n"
    marks = [Mark("furniture", (Span(at, at + 1),), "note mark") for at, letter in enumerate(text) if letter == "*"]
    first, last = read(text, *marks).split("\n\n")
    assert "word of what he set. Nobody minded. He read it," in first and first.endswith("what he set.")
    assert last == " ".join(PROSE[1])


def test_the_editor_speaks_of_a_line_end_behind_the_star_that_calls_a_note() -> None:
    text = "\n".join(PROSE[0]).replace("of the\n", "of the*\n")
    star = text.index("*")
    mark = Mark("furniture", (Span(star, star + 1),), "note mark")
    ends = decision("join", text, "\nargument", "paragraph")
    assert read(text, mark, decisions=(ends,)) == " ".join(PROSE[0]).replace("of the argument", "of the\n\nargument")


def test_a_blank_line_parts_though_a_line_about_it_is_cut() -> None:
    text = "\n".join(PROSE[0]).replace("very little", "very* little") + "\n\n" + "\n".join(PROSE[1])
    star = text.index("*")
    assert read(text, Mark("furniture", (Span(star, star + 1),))) == " ".join(PROSE[0]) + "\n\n" + " ".join(PROSE[1])


# --- promises ---------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(laid_out())
def test_reflow_speaks_of_every_line_once_and_loses_no_letter(draft: Draft) -> None:
    marks = [entry for entry in reflow(draft, Desk(ENGLISH, Rulebook(()))) if isinstance(entry, Mark)]
    done = draft.add(marks)
    said = [mark.spans[0].start for mark in marks if mark.kind == "line_end"]
    flows: tuple[Flow, ...] = ("body", "notes")
    assert sorted(said) == sorted(line[-1].span.end for flow in flows for line in draft.whole_lines(flow))
    shown = "".join(view(done, Level.RECEIVED, joined=True).text.split())
    lines = [one_blank(draft.witness.text[slice(*line.span)]) for line in draft.lines()]
    soft = [done.line_end(line) == "soft" for line in draft.lines()]
    whole = "".join("".join(line.split()) for line in lines)
    assert len(whole) - sum(soft) <= len(shown) <= len(whole)


def test_the_same_draft_gives_the_same_marks() -> None:
    text = prose("OF SHEETS\n", "")
    assert all(one == then for one, then in pairwise([drafted(text).entries for _ in range(3)]))
