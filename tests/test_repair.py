"""Repair, one small text for each phenomenon: what is damaged is corrected, what is right stays, and each says why."""

import pytest
import regex

from pipeline.draft import Draft
from pipeline.model import Band, Correction, Fault, Level, Mark, Span, Verdict, Witness
from pipeline.stages.certainty import MEASURES
from pipeline.stages.repair import repair
from pipeline.view import view
from tests.smallest import after, desk, draft_after

TOWN = ("The bakers of this town sell their bread to the millers, and it is in this town that the millers sell their "
        "flour to them. In the beginning the guild was small; in the end it is as large as this town and that. ")
DASHES = "One house - the first - is red. Two more - the next ones - are blue. "
QUOTES = "They say “yes” to this, “no” to that, and “perhaps” to the rest. "

DAMAGED = {
    "a ligature split behind": ("The fi rst offi cial was specifi cally asked.",
                                "The first official was specifically asked."),
    "a ligature split on both sides": ("It has a speci fi c weight.", "It has a specific weight."),
    "a ligature split twice in a word": ("It is fi ft y years old.", "It is fifty years old."),
    "a ligature as one sign": ("The ﬁrst ﬂower is diﬃcult to ﬁnd.", "The first flower is difficult to find."),
    "a ligature lost": ("The ofcial report of the ofcer is sufcient for the specic case.",
                        "The official report of the officer is sufficient for the specific case."),
    "a ligature unnamed": ("A de\ufffdnition of the \ufffdrst kind.", "A definition of the first kind."),
    "a ligature behind a capital": ("Th e baker is oft en late.", "The baker is often late."),
    "a digit for a letter": ("The relati9ns between the c1asses.", "The relations between the classes."),
    "a digit for an apostrophe": ("It1s late, and he doesn1t mind.", "It’s late, and he doesn’t mind."),
    "a sign for letters": ("There was no a1terr~tive to it.", "There was no alternative to it."),
    "a blank lost behind a comma": ("And only afterwards,after supper, did they speak.",
                                    "And only afterwards, after supper, did they speak."),
    "a blank lost behind a stop": ("They went home.The baker slept.", "They went home. The baker slept."),
    "a blank lost behind a dash": (DASHES + "Then came a quarrel -this time a loud one.",
                                   DASHES + "Then came a quarrel - this time a loud one."),
    "a quotation mark never closed": (QUOTES * 3 + "From the ‘outset it was so. They ‘both came. We ‘had to go.",
                                      QUOTES * 3 + "From the outset it was so. They both came. We had to go."),
    "words run together": ("It was good forthe town, and itwas old.", "It was good for the town, and it was old."),
    "a word torn": ("The govern ment had fallen.", "The government had fallen."),
    "letters of like shape": ("We must see tbe rnodern world.", "We must see the modern world."),
    "words that exist but do not fit": ("It was at the same tine that they came.",
                                        "It was at the same time that they came."),
    "a plural’s apostrophe read as a figure": ("Here are the bakers1 ovens.", "Here are the bakers’ ovens."),
    "a quotation mark read as a figure": (QUOTES + "We saw the “guild’1 of bakers.",
                                          QUOTES + "We saw the “guild” of bakers."),
    "a hyphen of the text layer": ("The govern\ufffement fell.", "The government fell."),
}
RIGHT = (
    "It is made of it; if I may, I take it off a wall. Of fish and of fire he says nothing.",
    "In 1848 and 1871, see pp.234-252, G.Myrdal, J.S.Mill and T.Jefferson say so, on the 1st and the 22nd.",
    "Hic Rhodus, hic salta! They call it tout court, en bloc, de facto; qua relation, a romantic naivete.",
    "No Man’s Land lies between the State and the Party. He read The Times and went to The Hague in May.",
    "’Twas so, ’tis so; goin’ with th’ others o’ the place, tho’ he shan’t, the bakers’ guild said.",
    "The connexion shewn in the musick of the antient publick theatre is to be compleated; he chuses it.",
    "He dwelleth in the towne, and she wished for the olde shoppe of the honourable gaol-keeper.",
    "Off ice and snow he came; an off shore wind; the fi at the end of sol-fa; fa, fi and so on.",
    "Mr. Zarnowitz of Przemyśl met Ms. Okonkwo-Brandt and Señor Etxeberria at Llanfairpwll.",
    "« Non ; mais oui ; et puis, enfin ! » dit-il. Il est là . . . et elle aussi.",
    "Self-valorisation, post- and neo-Keynesian ideologies, the worker-producers, anti-historicism.",
    "The arid barn on the burn had a bum nave and a dower; the modem is a tine of the fork.",
    "Points A and B; the inhabitants of A pay to B, and B pays to A. Then A pays, and B does not.",
    "We pray to Him who gave us His word, and to that Friend whose name is Love.",
)


@pytest.mark.parametrize(("damaged", "mended"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_corrected(damaged: str, mended: str) -> None:
    assert after(repair, damaged) == mended


@pytest.mark.parametrize("text", [*(mended for _, mended in DAMAGED.values()), *RIGHT, TOWN + DASHES + QUOTES.strip()])
def test_what_is_right_stays(text: str) -> None:
    assert after(repair, text) == text


def test_a_stray_capital_is_small_where_little_words_have_them() -> None:
    strays = ("They came to The town late at night. For a long while they asked why In the end they met. He saw "
              "with his own eyes That the mill was shut. Nobody had told them when This was to begin.")
    mended = ("They came to the town late at night. For a long while they asked why in the end they met. He saw "
              "with his own eyes that the mill was shut. Nobody had told them when this was to begin.")
    plain = TOWN * 40
    assert after(repair, plain + strays) == plain + mended
    stays = "It stays so for the State and for the Party, to The Hague and in The Times."
    assert after(repair, plain + stays) == plain + stays


def test_the_document_itself_is_evidence() -> None:
    power = "the productive power of labour"
    text = f"Here is {power}. There is {power} again, and once more {power}. Now the productive Dower of labour grows."
    assert after(repair, text).endswith(f"Now {power} grows.")


def test_a_word_that_the_author_has_again_is_his() -> None:
    text = "The kaldor stands on the hill. Each kaldor has its keeper, and no kaldor is without one: see the kaldor."
    assert after(repair, text) == text


def test_a_hyphen_is_taken_out_where_the_document_has_the_word_whole() -> None:
    text = "There is something in it. It is some-thing new. We want something else."
    assert after(repair, text) == text.replace("some-thing", "something")


def broken(text: str, *ends: str) -> Draft:
    """A draft of typed lines with what their ends are."""
    draft = Draft(Witness("S1", "typed.txt", "utf-8", text))
    return draft.add(Mark("line_end", (Span(line.span.end, line.span.end),), end)
                     for line, end in zip(draft.lines(), ends, strict=True))


def test_a_word_broken_at_a_line_end_is_corrected_in_both_lines() -> None:
    draft = broken("It is a fi ne speci-\nfi cally local thing.", "soft", "paragraph")
    draft = draft.add(tuple(repair(draft, desk())))
    assert view(draft, Level.DIPLOMATIC, joined=True).text == "It is a fine specifically local thing."
    assert view(draft, Level.DIPLOMATIC).text == "It is a fine speci-\nfically local thing."
    assert view(draft, Level.RECEIVED).text == draft.witness.text


def test_each_correction_can_be_taken_back() -> None:
    draft = draft_after(repair, "The fi rst relati9ns, and tbe a1terr~tive.")
    taken_back = draft.add(Verdict(i, False, "ed") for i, _ in draft.corrections if draft.standing[i].in_force)
    assert len(draft.corrections) == 4
    assert view(taken_back, Level.CRITICAL).text == draft.witness.text


def test_each_correction_says_what_kind_of_fault_by_which_rule_and_why() -> None:
    draft = draft_after(repair, "The fi rst relati9ns, and tbe a1terr~tive.")
    rules = desk().rules.by_id
    for _, entry in draft.corrections:
        assert entry.fault is Fault.RECOGNITION
        assert entry.rules and set(entry.rules) <= set(rules)
        assert entry.evidence and all(regex.search(r"\p{L}{2}", reason.says) for reason in entry.evidence)
        assert 0 < entry.certainty <= 1


def test_a_doubtful_reading_is_proposed_not_applied() -> None:
    text = "He wrote of the prinkiple of the thing."
    draft = draft_after(repair, text)
    assert view(draft, Level.CRITICAL).text == text
    assert [entry.edits[0].new for _, entry in draft.corrections] == ["principle"]
    assert all(entry.band is Band.DOUBTFUL for _, entry in draft.corrections)


def test_what_an_edition_knows_is_right() -> None:
    assert after(repair, "The relatins of the town.", known="relatins") == "The relatins of the town."


def test_the_same_text_is_read_the_same_way_twice() -> None:
    text = TOWN + " ".join(damaged for damaged, _ in DAMAGED.values())
    assert draft_after(repair, text).entries == draft_after(repair, text).entries


def test_older_spelling_is_not_taken_for_damage() -> None:
    text = ("He seemeth to seeke the kindnesse of the souldiers, aboue all in the countrey, and goeth onely to "
            "the firme ground; they giue him newes of the paire, and of the businesse of seuen moneths.")
    assert after(repair, text) == text


def test_the_measures_all_have_a_weight() -> None:
    assert set(desk().rules.weights) == set(MEASURES)


def test_the_witness_is_never_touched() -> None:
    text = "  The fi  rst \r\n relati9ns,\fand tbe\ta1terr~tive. \n"
    draft = draft_after(repair, text)
    assert draft.witness.bytes == text.encode()
    assert all(text[edit.span.start : edit.span.end] == edit.old
               for _, entry in draft.corrections if isinstance(entry, Correction) for edit in entry.edits)
