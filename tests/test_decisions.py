"""The editor's decisions: read, refused by name where they do not fit, and carried out as said."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.decisions import APART, Decision, read, written
from pipeline.draft import Draft
from pipeline.errors import Refused
from pipeline.model import Candidate, Correction, Edit, Fault, Level, Mark, Query, Span, Witness
from pipeline.stages.decide import decide
from pipeline.view import view
from tests.smallest import desk

TEXT = "the Dower of labour\nis productive Dower here\n"
WITNESS = Witness("S1", "typed.txt", "utf-8", TEXT)
DOWER, HERE = Span(4, 9), Span(34, 39)


def proposal(span: Span, new: str, certainty: float = 0.99, fault: Fault = Fault.RECOGNITION) -> Correction:
    old = TEXT[span.start : span.end]
    return Correction(fault, "character", ("letters.trial",), (Edit(span, old, new),), certainty)


def decision(what: str, *spans: Span, new: str = "", fault: Fault | None = None, when: str = "2026-11-24",
             reason: str = "", text: str = TEXT) -> Decision:
    old = APART.join(text[span.start : span.end] for span in spans)
    return Decision(when, "ed.main", what, "S1", spans, old, new, fault, reason, 1)  # type: ignore[arg-type]


def decided(entries: Iterable[Correction | Query | Mark], *decisions: Decision, text: str = TEXT) -> Draft:
    draft = Draft(Witness("S1", "typed.txt", "utf-8", text)).add(entries)
    return draft.add(tuple(decide(draft, desk(decisions=decisions))))


def statuses(draft: Draft) -> list[str]:
    return [draft.standing[i].status for i, _ in draft.corrections]


# --- carried out -----------------------------------------------------------------------------------------------------


def test_a_proposal_accepted_takes_force_with_the_editor_named() -> None:
    draft = decided([proposal(DOWER, "power", 0.5)], decision("accept", DOWER, new="power"))
    assert statuses(draft) == ["accepted"]
    assert view(draft, Level.DIPLOMATIC).text.startswith("the power of labour")


def test_a_correction_rejected_is_out_of_force_and_not_deleted() -> None:
    draft = decided([proposal(DOWER, "power")], decision("reject", DOWER, new="power"))
    assert statuses(draft) == ["rejected"]
    assert view(draft, Level.CRITICAL).text == TEXT.strip()


def test_rejecting_one_reading_leaves_another_alone() -> None:
    draft = decided([proposal(DOWER, "Tower", 0.4), proposal(DOWER, "power")], decision("reject", DOWER, new="Tower"))
    assert statuses(draft) == ["rejected", "applied"]


def test_an_emendation_is_the_editors_own_and_of_the_print_unless_said() -> None:
    draft = decided([], decision("emend", DOWER, new="wealth"))
    (_, made), = draft.corrections
    assert (made.fault, made.resp, statuses(draft)) == (Fault.PRINTING, "ed.main", ["accepted"])
    assert view(draft, Level.DIPLOMATIC).text == TEXT.strip()
    assert view(draft, Level.CRITICAL).text.startswith("the wealth of")


def test_an_emendation_supersedes_what_it_contradicts() -> None:
    draft = decided([proposal(DOWER, "power")], decision("emend", DOWER, new="Tower", fault=Fault.RECOGNITION))
    assert statuses(draft) == ["superseded", "accepted"]
    assert view(draft, Level.DIPLOMATIC).text.startswith("the Tower of")


def test_an_emendation_supersedes_what_is_only_proposed_there() -> None:
    draft = decided([proposal(DOWER, "Tower", 0.4)], decision("emend", DOWER, new="power", fault=Fault.RECOGNITION))
    assert statuses(draft) == ["superseded", "accepted"]


def test_an_emendation_to_what_a_rule_proposes_is_its_acceptance() -> None:
    draft = decided([proposal(DOWER, "power", 0.5)], decision("emend", DOWER, new="power"))
    assert statuses(draft) == ["accepted"]
    assert draft.corrections[0][1].fault is Fault.RECOGNITION


def test_what_no_rule_proposes_any_more_is_still_accepted() -> None:
    draft = decided([], decision("accept", DOWER, new="power", fault=Fault.RECOGNITION))
    assert view(draft, Level.DIPLOMATIC).text.startswith("the power of")


def test_an_acceptance_fits_a_rule_that_takes_in_more_words() -> None:
    wide = proposal(Span(0, 9), "the power", 0.5)
    assert statuses(decided([wide], decision("accept", DOWER, new="power"))) == ["accepted"]


def test_stet_is_against_all_that_is_proposed() -> None:
    draft = decided([proposal(DOWER, "Tower", 0.4), proposal(DOWER, "power")], decision("stet", DOWER))
    assert statuses(draft) == ["rejected", "rejected"]
    assert [mark.kind for mark in draft.marks] == ["stet"]


def test_a_later_decision_holds_against_an_earlier_one() -> None:
    draft = decided([proposal(DOWER, "power")],
                    decision("reject", DOWER, new="power"), decision("accept", DOWER, new="power", when="2026-11-25"))
    assert statuses(draft) == ["accepted"]


def test_two_emendations_of_one_line_both_stand() -> None:
    draft = decided([], decision("emend", DOWER, new="power"), decision("emend", Span(13, 19), new="labor"))
    assert view(draft, Level.CRITICAL).text.startswith("the power of labor\n")


def test_a_decision_in_two_pieces_is_one_correction() -> None:
    text = "it is spa-\ncifically so"
    draft = decided([Mark("line_end", (Span(10, 11),), "soft")],
                    decision("emend", Span(6, 9), Span(11, 20), new=f"spe{APART}cifically", text=text), text=text)
    assert view(draft, Level.CRITICAL, joined=True).text == "it is specifically so"
    assert len(draft.corrections) == 1


def test_an_answer_settles_its_query_by_the_reading_chosen() -> None:
    query = Query((DOWER,), "which?", (Candidate("power", 0.5), Candidate("Tower", 0.4)), "letters.known-confusions")
    draft = decided([query], decision("answer", DOWER, new="power"))
    assert view(draft, Level.DIPLOMATIC).text.startswith("the power of")
    assert draft.queries[-1].answered.startswith("2026-11-24 ed.main answer")


def test_an_answer_may_be_to_let_it_stand() -> None:
    query = Query((DOWER,), "which?", (Candidate("power", 0.5),), "letters.known-confusions")
    draft = decided([query], decision("answer", DOWER, new="Dower"))
    assert view(draft, Level.CRITICAL).text == TEXT.strip()
    assert draft.queries[-1].answered


def test_a_crux_and_a_note_change_no_letter() -> None:
    draft = decided([], decision("crux", DOWER, reason="no sense"), decision("note", HERE, reason="see p. 3"))
    assert [(mark.kind, mark.value) for mark in draft.marks] == [("crux", "no sense"), ("remark", "see p. 3")]
    assert view(draft, Level.REGULAR).text == TEXT.strip()


def test_a_spelling_is_regularised_above_the_critical_text() -> None:
    draft = decided([], decision("emend", Span(13, 19), new="labor", fault=Fault.SPELLING))
    assert view(draft, Level.CRITICAL).text == TEXT.strip()
    assert "of labor" in view(draft, Level.REGULAR).text


def test_the_levels_stack_on_one_word() -> None:
    draft = decided([proposal(DOWER, "powre")], decision("emend", DOWER, new="power", fault=Fault.PRINTING))
    assert [view(draft, level).text[4:9] for level in Level] == ["Dower", "powre", "power", "power"]


@pytest.mark.parametrize(("one", "why"), [
    (decision("emend", DOWER, new="Dower"), "decide stet"),
    (decision("emend", Span(13, 22), new="x"), "within one line"),
])
def test_what_cannot_be_carried_out_is_named(one: Decision, why: str) -> None:
    with pytest.raises(Refused, match=f"(?s)line 1: decision 2026-11-24 ed.main emend.*{why}"):
        decided([], one)


# --- read and refused ------------------------------------------------------------------------------------------------


def row(**said: object) -> dict[str, object]:
    return {"when": "2026-11-24T10:00:00Z", "who": "ed.main", "what": "emend", "witness": "S1", "spans": [[4, 9]],
            "old": "Dower", "new": "power", **said}


def file(folder: Path, *rows: dict[str, object] | str) -> Path:
    path = folder / "decisions.jsonl"
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in rows))
    return path


def test_decisions_come_in_the_order_of_when_and_place_however_merged(tmp_path: Path) -> None:
    rows = [row(), row(spans=[[34, 39]], when="2026-11-24T09:00:00Z"), row(when="2026-11-24T12:00:00+03:00", new="x")]
    orders = [[one.new for one in read(file(tmp_path, *some), WITNESS)] for some in (rows, rows[::-1])]
    assert orders[0] == orders[1]
    first = read(file(tmp_path, *rows), WITNESS)
    assert [(one.spans[0].start, one.new) for one in first] == [(4, "x"), (34, "power"), (4, "power")]


def test_at_one_moment_a_place_is_cleared_before_it_is_filled(tmp_path: Path) -> None:
    path = file(tmp_path, row(), row(what="reject", new="Tower"))
    assert [one.what for one in read(path, WITNESS)] == ["reject", "emend"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    one = decision("emend", DOWER, new="power", fault=Fault.PRINTING, reason="“sense”")
    path = tmp_path / "decisions.jsonl"
    path.write_text(written(one), encoding="utf-8")
    assert read(path, WITNESS) == (one,)


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read(tmp_path / "none.jsonl", WITNESS) == ()


@pytest.mark.parametrize(("said", "why"), [
    ("{", "line 2.* not JSON"),
    ("[]", "line 2.*is missing"),
    (row(what="accpet"), "line 2.*accpet.*expected one of accept"),
    (row(old="Tower"), "line 2: decision .* no longer fits: it quotes “Tower”, the witness has “Dower” there"),
    (row(spans=[[4, 9000]]), "line 2.*behind the end"),
    (row(spans=[[9, 4]]), "line 2.*spans"),
    (row(spans=[]), "line 2.*spans"),
    (row(spans=[[4.0, 9]]), "line 2.*spans"),
    (row(when="yesterday"), "line 2.*expected a date"),
    (row(when="2026-02-31"), "line 2.*expected a date"),
    (row(who="ed.nobody"), "line 2.*no editor of this edition"),
    (row(witness="S2"), "line 2.*S2.*S1"),
    (row(fault="author"), "line 2.*recognition, printing, spelling"),
    (row(because="x"), "line 2.*because is unknown"),
    (row(what="join", spans=[[19, 20]], old="\n", new="hyphen"), "line 2.*no kind of line end"),
    (row(what="page_order", spans=[[4, 9], [20, 22]], old="Dower"), "line 2.*no longer fits"),
])
def test_a_decision_that_does_not_fit_is_named(tmp_path: Path, said: dict[str, object] | str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(file(tmp_path, row(), said), WITNESS, frozenset({"ed.main"}))


def test_a_page_is_quoted_by_its_first_words(tmp_path: Path) -> None:
    path = file(tmp_path, row(what="page_end", spans=[[20, 20]], old="is productive", new=""))
    assert read(path, WITNESS)[0].what == "page_end"
