"""How each phenomenon of the page stands in the TEI: before and after."""



from pipeline import log
from pipeline.emit.metadata import Metadata
from pipeline.emit.source import source_xml
from pipeline.emit.tei import edition_xml
from pipeline.emit.tei_reading import apps, parsed, text_of
from pipeline.model import (
    Candidate,
    Mark,
    Page,
    Query,
    Span,
    Verdict,
)
from tests.marked_up import ID, TEI, all_comes_back, draft_of, read_as, shape, text_in, three_levels


def test_a_hyphen_goes_over_the_end_of_a_page() -> None:
    text = "we conquer-\n29\ning power"
    draft = draft_of(text, Mark("page", (Span(0, 14),), Page(1)), Mark("page", (Span(14, 24),), Page(2)),
                     Mark("furniture", (Span(12, 14),), "folio"), ("conquer-", "soft"))
    assert text_in(draft) == (
        '<pb/><div><p><lb/>we conquer<pc force="weak">-</pc><fw type="pageNum" place="bottom">29</fw><pb break="no"/>'
        '<lb break="no"/>ing power</p></div>')
    all_comes_back(draft)
    within = edition_xml(draft, Metadata()).partition(b"conquer<pc")[2].partition(b"ing power")[0]
    assert within and b"\n" not in within, "white within a word would part it for those who read white"


def test_a_hyphen_that_stays_and_a_word_that_goes_on_without_one() -> None:
    text = "self-\nvalorisa\ntion"
    draft = draft_of(text, ("self-", "hard"), ("valorisa", "none"))
    assert text_in(draft) == ('<pb/><div><p><lb/>self<pc force="strong">-</pc><lb break="no"/>valorisa'
                              '<lb break="no"/>tion</p></div>')
    assert text_of(edition_xml(draft, Metadata()), "reading") == "self-valorisation"


def test_both_halves_of_a_word_cut_by_a_line_end_are_corrected_in_an_app_each_and_linked() -> None:
    text = "a conqner-\niug power"
    draft = draft_of(text, ("conqner-", "soft"), read_as(text, ("conqner-", "conquer-"), ("iug", "ing")))
    assert text_in(draft) == (
        '<pb/><div><p><lb/>a <app><lem wit="#ED #P">conquer<pc force="weak">-</pc></lem><rdg wit="#S1">conqner-</rdg>'
        '</app><lb break="no"/><app><lem wit="#ED #P">ing</lem><rdg wit="#S1">iug</rdg></app> power</p></div>')
    first, second = apps(edition_xml(draft, Metadata()))
    assert (first.next, second.prev) == (f"#{second.id}", f"#{first.id}") and first.row == second.row
    all_comes_back(draft)


def test_a_correction_beside_punctuation_leaves_the_punctuation_outside() -> None:
    text = "the “tine”, then"
    draft = draft_of(text, read_as(text, ("tine", "time")))
    assert "the “<app>" in text_in(draft) and "</app>”, then" in text_in(draft)


def test_furniture_stands_within_a_paragraph_and_outside_the_text() -> None:
    text = "the end\nTHE HEAD\nof capital"
    draft = draft_of(text, Mark("furniture", (Span(8, 16),), "header"))
    assert text_in(draft) == ('<pb/><div><p><lb/>the end<fw type="header">THE HEAD</fw><lb/>of capital</p></div>')
    assert text_of(edition_xml(draft, Metadata()), "reading") == "the end of capital"


def test_verse_keeps_its_lines_also_where_one_runs_over() -> None:
    text = "Tyger, tyger,\nburning\nbright\nIn the night"
    draft = draft_of(text, Mark("verse", (Span(0, len(text)),)), ("tyger,", "verse"), ("bright", "verse"))
    assert text_in(draft) == ("<pb/><div><lg><l><lb/>Tyger, tyger,</l><l><lb/>burning<lb/>bright</l>"
                              "<l><lb/>In the night</l></lg></div>")
    assert text_of(edition_xml(draft, Metadata()), "reading") == "Tyger, tyger,\nburning bright\nIn the night"


def test_headings_divide_and_a_lower_one_divides_within() -> None:
    text = "One\nby A\ntext\nTwo\nThree\nmore"
    places = {word: Span(text.index(word), text.index(word) + len(word)) for word in text.split("\n")}
    draft = draft_of(text, Mark("heading", (places["One"],)), Mark("byline", (places["by A"],)),
                     Mark("heading", (places["Two"],), 2), Mark("heading", (places["Three"],), 1),
                     *((word, "paragraph") for word in places))
    assert text_in(draft) == (
        "<pb/><div><head><lb/>One</head><byline><lb/>by A</byline><p><lb/>text</p>"
        "<div><head><lb/>Two</head></div></div><div><head><lb/>Three</head><p><lb/>more</p></div>")


def test_a_title_page_is_front_matter() -> None:
    text = "The Work\nA. Writer\nfirst words"
    draft = draft_of(text, Mark("page", (Span(0, 19),), Page(1)), Mark("page", (Span(19, 30),), Page(2)),
                     Mark("heading", (Span(0, 8),)), Mark("byline", (Span(9, 18),)),
                     ("The Work", "paragraph"), ("A. Writer", "paragraph"))
    root = parsed(edition_xml(draft, Metadata())).find(f"{TEI}text")
    assert root is not None and [shape(child).replace("\n", "") for child in root] == [
        "<front><pb/><titlePage><docTitle><titlePart><lb/>The Work</titlePart></docTitle>"
        "<byline><lb/>A. Writer</byline></titlePage></front>",
        "<body><pb/><div><p><lb/>first words</p></div></body>"]
    all_comes_back(draft)


def test_quotations_and_lists_are_what_they_are() -> None:
    text = "said\nquoted\none\ntwo\nend"
    draft = draft_of(text, Mark("quotation", (Span(5, 11),)), Mark("item", (Span(12, 15),)),
                     Mark("item", (Span(16, 19),)), *((word, "paragraph") for word in ("said", "quoted", "one", "two")))
    assert text_in(draft) == ("<pb/><div><p><lb/>said</p><quote><p><lb/>quoted</p></quote>"
                              "<list><item><lb/>one</item><item><lb/>two</item></list><p><lb/>end</p></div>")


def test_a_note_that_goes_on_over_a_page_is_in_linked_pieces_and_reads_as_one() -> None:
    text = "body\n* a long foot-\nbody two\nnote ends"
    note, rest = Span(5, 19), Span(29, 38)
    draft = draft_of(text, Mark("page", (Span(0, 20),), Page(1)), Mark("page", (Span(20, 38),), Page(2)),
                     Mark("note", (note,)), Mark("note", (rest,)), ("foot-", "soft"))
    assert text_in(draft) == (
        '<pb/><div><p><lb/>body<note type="printed"><lb/>* a long foot<pc force="weak">-</pc></note><pb/>'
        '<lb/>body two</p><note type="printed"><lb break="no"/>note ends</note></div>')
    edition = edition_xml(draft, Metadata())
    assert text_of(edition, "notes") == "* a long footnote ends" and text_of(edition, "reading") == "body body two"
    first, second = parsed(edition).iter(f"{TEI}note")
    assert (first.get("next"), second.get("prev")) == (f"#{second.get(ID)}", f"#{first.get(ID)}")


def test_all_levels_on_one_word_come_back_each_by_its_witness() -> None:
    draft = three_levels()
    assert text_in(draft) == (
        '<pb/><div><p><lb/>we <choice><orig><app><lem wit="#ED">receive</lem><rdg wit="#P"><seg type="restored">recieve'
        '</seg></rdg><rdg wit="#S1"><seg type="received">recicve</seg></rdg></app></orig><reg>receave</reg></choice> it'
        '</p></div>')
    assert text_in(draft, "choice") == (
        "<pb/><div><p><lb/>we <choice><orig><choice><sic><choice><sic>recicve</sic><corr>recieve</corr></choice></sic>"
        "<corr>receive</corr></choice></orig><reg>receave</reg></choice> it</p></div>")
    for profile in ("app", "choice"):
        edition = edition_xml(draft, Metadata(), profile)
        assert [text_of(edition, name) for name in ("received", "diplomatic", "reading", "regular")] == [
            "we recicve it", "we recieve it", "we receive it", "we receave it"]
        assert {app.fault: (app.lem, app.readings) for app in apps(edition)} == {
            "recognition": ("recieve", {"received": "recicve"}),
            "printing": ("receive", {"received": "recicve", "print": "recieve"}),
            "spelling": ("receave", {"received": "recicve", "print": "recieve", "edition": "receive"})}


def test_what_is_proposed_rejected_or_superseded_is_not_in_the_text() -> None:
    text = "tbe arid wbile"
    draft = draft_of(text, read_as(text, ("tbe", "the"), certainty=0.3), read_as(text, ("arid", "and")),
                     read_as(text, ("wbile", "whale")), read_as(text, ("wbile", "while")))
    draft = draft.add([Verdict(1, False, "ed.a", "2026-11-24 ed.a reject")])
    assert text_in(draft) == ('<pb/><div><p><lb/>tbe arid <app><lem wit="#ED #P">while</lem><rdg wit="#S1">wbile</rdg>'
                              '</app></p></div>')


def test_a_document_without_letters_is_still_an_edition() -> None:
    for text in ("", "\n", "\ufeff", "\r\n\f\r"):
        draft = draft_of(text)
        assert text_in(draft) == "<div><p/></div>"
        all_comes_back(draft)


def test_a_page_of_furniture_alone_has_no_text() -> None:
    draft = draft_of("HEAD\n29", Mark("furniture", (Span(0, 7),), "header"))
    assert text_in(draft) == ('<pb/><fw type="header" place="top">HEAD</fw><fw type="header" place="top">29</fw>'
                              '<div><p/></div>')
    all_comes_back(draft)


def test_a_line_that_is_deleted_whole_takes_its_line_end_with_it() -> None:
    text = "bro-\n;..;\nken words"
    draft = draft_of(text, ("bro-", "soft"), ("..;", "verse"), read_as(text, (";..;", "")))
    assert text_in(draft) == (
        '<pb/><div><p><lb/>bro<pc force="weak">-</pc><lb break="no"/><app><lem wit="#ED #P"/><rdg wit="#S1">;..;</rdg>'
        '</app><lb break="no"/>ken words</p></div>')
    assert text_of(edition_xml(draft, Metadata()), "reading") == "broken words"
    assert text_of(edition_xml(draft, Metadata()), "diplomatic") == "bro-\nken words"


def test_a_paragraph_ends_though_the_line_that_closed_it_is_deleted() -> None:
    text = "one\n;;\ntwo"
    draft = draft_of(text, (";;", "paragraph"), read_as(text, (";;", "")))
    assert text_in(draft) == ('<pb/><div><p><lb/>one<lb/><app><lem wit="#ED #P"/><rdg wit="#S1">;;</rdg></app></p>'
                              '<p><lb/>two</p></div>')
    assert text_of(edition_xml(draft, Metadata()), "reading") == "one\n\ntwo"


def test_a_hyphen_is_found_before_what_is_deleted_at_the_end_of_its_line() -> None:
    text = "bro- ;;\nken"
    draft = draft_of(text, (";;", "soft"), read_as(text, (";;", "")))
    assert '<lb/>bro<pc force="weak">-</pc> <app><lem wit="#ED #P"/>' in text_in(draft)
    (join,) = (row for row in log.corrections(draft) if row["category"] == "hyphenation")
    assert (join["corr"], join["tei"]) == ("broken", "pc")
    all_comes_back(draft)


def test_verse_in_a_note_keeps_its_lines_also_over_the_end_of_a_page() -> None:
    text = "body\n* Tyger,\nburning\nbright"
    draft = draft_of(text, Mark("page", (Span(0, 14),), Page(1)), Mark("page", (Span(14, 28),), Page(2)),
                     Mark("note", (Span(5, 28),)), ("Tyger,", "verse"))
    turned = draft.add([Mark("line_end", (Span(21, 21),), "verse")])
    assert text_of(edition_xml(draft, Metadata()), "notes") == "* Tyger,\nburning bright"
    assert text_of(edition_xml(turned, Metadata()), "notes") == "* Tyger,\nburning\nbright"
    across = draft_of(text, Mark("page", (Span(0, 22),), Page(1)), Mark("page", (Span(22, 28),), Page(2)),
                      Mark("note", (Span(5, 28),)), ("Tyger,", "verse"))
    assert '<l><lb/>burning</l></note><pb/><note type="printed"><l part="F"><lb/>bright</l></note>' in text_in(across)
    assert text_of(edition_xml(across, Metadata()), "notes") == "* Tyger,\nburning bright"


def test_twins_and_repeats_are_told_in_the_source_alone() -> None:
    text = "a page\na page\nagain\nagain"
    draft = draft_of(text, Mark("page", (Span(0, 7),), Page(1)), Mark("page", (Span(7, 14),), Page(2, twin_of=1)),
                     Mark("page", (Span(14, 25),), Page(3)), Mark("repeat", (Span(20, 25),), 14))
    assert text_in(draft) == "<pb/><div><p><lb/>a page<pb/><lb/>again</p></div>"
    twin = parsed(source_xml(draft)).find(f".//{TEI}surface[@type='twin']")
    assert twin is not None and [label.text for label in twin.iter(f"{TEI}label")] == ["1"]


def test_a_crux_and_a_stet_are_marked_and_doubts_and_remarks_stand_beside_their_place() -> None:
    text = "an obscure word here"
    draft = draft_of(
        text, Mark("crux", (Span(3, 10),), resp="ed.a", decision="2026-11-24T09:00:00Z ed.a crux"),
        Mark("stet", (Span(11, 15),), resp="ed.a"), Mark("remark", (Span(16, 20),), "so in the first print"),
        Query((Span(3, 10),), "what is it?", (Candidate("obscene", 0.2),), "letters.rn"),
        Query((), "is a leaf missing?"))
    assert text_in(draft) == (
        '<note type="query">is a leaf missing?</note><pb/><div><p><lb/>an <seg type="crux">obscure</seg>'
        '<note type="query">what is it?<list type="candidates"><item>obscene</item></list></note> '
        '<seg type="stet">word</seg> here<note type="remark">so in the first print</note></p></div>')
    assert text_of(edition_xml(draft, Metadata()), "reading") == text
    change = parsed(edition_xml(draft, Metadata())).findall(f".//{TEI}change")[-1]
    assert (change.get("when"), change.get("who"), change.text) == ("2026-11-24", "#ed.a", "Decisions: crux 1.")




def test_a_star_within_a_line_stands_in_its_place_and_ends_no_line() -> None:
    text = "sumpsimus.* Before that we con-\nquer*ed it"
    stars = [Mark("furniture", (Span(at, at + 1),), "note mark") for at, letter in enumerate(text) if letter == "*"]
    draft = draft_of(text, *stars, ("con-", "soft"))
    assert text_in(draft) == (
        '<pb/><div><p><lb/>sumpsimus.<fw type="noteMark">*</fw> Before that we con<pc force="weak">-</pc>'
        '<lb break="no"/>quer<fw type="noteMark">*</fw>ed it</p></div>')
    all_comes_back(draft)
    assert b"quer<fw" in edition_xml(draft, Metadata()), "white within a word would part it for those who read white"


def test_a_star_within_a_note_stands_in_the_note() -> None:
    text = "So it was\n* He says* that"
    draft = draft_of(text, Mark("note", (Span(10, 25),)), Mark("furniture", (Span(19, 20),), "note mark"))
    assert text_in(draft).endswith(
        '<note type="printed"><lb/>* He says<fw type="noteMark">*</fw> that</note></div>')
    all_comes_back(draft)
