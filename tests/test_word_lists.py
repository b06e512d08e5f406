"""Languages of which only a list of words is at hand: what is sure is done, the rest proposed, and it says so."""

import json
import sys
from pathlib import Path

import pytest
import regex

import pipeline
from pipeline.desk import Desk
from pipeline.errors import Refused
from pipeline.language import language
from pipeline.language.wordlist import NAMES, WordList, word_list
from pipeline.model import Level, Witness
from pipeline.rulebook import rulebook
from pipeline.run import drafted, edition
from pipeline.telling import summary
from pipeline.view import view

RATES = {"la": 27e-3, "de": 5e-2, "un": 1e-2, "et": 2e-2, "il": 1e-2, "que": 1e-2, "est": 1e-2, "les": 2e-2,
         "dans": 5e-3, "maison": 2e-4, "fille": 3e-4, "difficile": 1e-4, "offrir": 4e-5, "voulait": 1e-4,
         "bouquet": 1e-5, "homme": 3e-4, "petite": 2e-4, "avait": 1e-3, "jardin": 5e-5, "était": 2e-3, "trouver": 2e-4}
FRENCH = WordList("fr", dict.fromkeys(RATES, b""), RATES, "typed here")


def read(text: str, proposals: bool = False) -> str:
    """A French text as it reads by our rules and the few words above."""
    desk = Desk(FRENCH, rulebook().read_in("fr", words_only=True))
    draft, _ = drafted(Witness("S1", "typed.txt", "utf-8", text), desk)
    if proposals:
        return " ".join(edit.new for i, entry in draft.corrections for edit in entry.edits
                        if not draft.standing[i].in_force)
    return view(draft, Level.CRITICAL, joined=True).text


@pytest.mark.parametrize(("received", "meant"), [
    ("La petite fi lle était dans la maison.", "La petite fille était dans la maison."),
    ("Il voulait t'off rir un bouquet.", "Il voulait t'offrir un bouquet."),
    ("La petite ﬁlle était dans le jardin et la mai-\nson.", "La petite fille était dans le jardin et la maison."),
    ("L’homme est dif ficile et il avait un ja5din.", "L’homme est difficile et il avait un jardin."),
    ("Il avait la mais0n et le jard1n.", "Il avait la maison et le jardin."),
])
def test_what_shows_itself_is_corrected_by_the_list_alone(received: str, meant: str) -> None:
    assert read(received) == meant


def test_what_needs_context_is_only_proposed() -> None:
    text = "La petite fille était dans le jardin de la moison."
    assert read(text) == text
    assert "maison" in read(text, proposals=True)


@pytest.mark.parametrize("text", [
    "Il est là ; la maison : les jardins ! Que voulait-il ? « La petite fille », dit l’homme.",
    "Dans La maison de l’homme il y a un jardin, Il avait une fille.",
    "On 1st of May it1s the miller1s turn, and Tho ho bo.",
])
def test_rules_of_english_are_for_english(text: str) -> None:
    assert read(text) == text


def test_a_rule_names_the_languages_it_is_for() -> None:
    book = rulebook()
    english, french = (book.read_in(code, words_only=False).by_id for code in ("en", "fr"))
    assert set(english) == set(book.by_id)
    assert "case.stop-lost" not in french and "ligatures.split-after" in french
    assert french["letters.other-letter"].safety == english["letters.other-letter"].safety


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    with pytest.raises(Refused, match=r"the words of French are not at hand; .* pip install 'corrigenda\[languages\]'"):
        word_list("fr")


@pytest.fixture(params=sorted(NAMES))
def tongue(request: pytest.FixtureRequest) -> WordList:
    pytest.importorskip("simplemma", reason="needs corrigenda[languages]")
    pytest.importorskip("wordfreq", reason="needs corrigenda[languages]")
    found = language(request.param)
    assert isinstance(found, WordList)
    return found


WORDS = {
    "de": "und der Häuser Straße schönste Fenster zurückgekommen Bewußtsein er Fluß",
    "es": "y el muchacho corazón quisieron mañana señor a difícil flor",
    "fr": "et l’homme aujourd’hui jusqu'à œil cœur donnâmes dit-elle à fille difficile sec fût",
    "it": "e dell’uomo perché città fanciulla c'è un'altra difficile fiore o",
    "la": "et rerum philosophia difficile amaverunt officium confessio fluminis",
}
NO_WORDS = "fi fl nd tion ffi ficile tbe ii 1es maison5"


def test_right_words_are_known_and_pieces_are_not(tongue: WordList) -> None:
    assert [word for word in WORDS[tongue.code].split() if not tongue.known(word)] == []
    assert [word for word in NO_WORDS.split() if tongue.known(word)] == []
    assert NAMES[tongue.code] in tongue.about


OPENINGS = {  # of Goethe, Cervantes, Manzoni and Caesar
    "de": "Wie froh bin ich, daß ich weg bin! Bester Freund, was ist das Herz des Menschen! Dich zu verlassen, "
          "den ich so liebe, von dem ich unzertrennlich war, und froh zu sein! Ich weiß, du verzeihst mir’s. "
          "Waren nicht meine übrigen Verbindungen recht ausgesucht vom Schicksal, um ein Herz wie das meine zu "
          "ängstigen? Ich hoffe, die fünf Offiziere auf dem Schiff finden die Auflage.",
    "es": "En un lugar de la Mancha, de cuyo nombre no quiero acordarme, no ha mucho tiempo que vivía un "
          "hidalgo de los de lanza en astillero, adarga antigua, rocín flaco y galgo corredor. El resto della "
          "concluían sayo de velarte, calzas de velludo para las fiestas, con sus pantuflos de lo mesmo, y los "
          "días de entresemana se honraba con su vellorí de lo más fino; fue suficiente y difícil al fin.",
    "it": "Quel ramo del lago di Como, che volge a mezzogiorno, tra due catene non interrotte di monti, tutto a"
          " seni e a golfi, a seconda dello sporgere e del rientrare di quelli, vien, quasi a un tratto, a "
          "ristringersi, e a prender corso e figura di fiume, tra un promontorio a destra, e un’ampia costiera "
          "dall’altra parte; è difficile il fine dell’officio.",
    "la": "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani, tertiam qui "
          "ipsorum lingua Celtae, nostra Galli appellantur. Hi omnes lingua, institutis, legibus inter se "
          "differunt. Gallos ab Aquitanis Garumna flumen, a Belgis Matrona et Sequana dividit; officium "
          "difficile fit, finis confertur.",
}
TORN = regex.compile(r"(?<=\p{L})(ffi|ff|fi|fl)(?=\p{L}{2})|(?<!\p{L})(fi|fl)(?=\p{L}{2})")


@pytest.mark.parametrize("code", OPENINGS)
def test_true_text_is_left_alone_and_torn_ligatures_are_mended(code: str) -> None:
    pytest.importorskip("wordfreq", reason="needs corrigenda[languages]")
    true = OPENINGS[code]
    torn = TORN.sub(lambda found: found[0] + " ", true)
    assert pipeline.repair(true, language=code).text == true
    assert torn.count(" ") - true.count(" ") >= 3
    assert pipeline.repair(torn, language=code).text == true


def test_an_edition_says_what_was_wanting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("wordfreq", reason="needs corrigenda[languages]")
    (tmp_path / "scan.txt").write_text("La petite fi lle était dans la maison.\n", encoding="utf-8")
    result = edition(tmp_path / "scan.txt", tmp_path / "out", spoken="fr")
    summary(result)
    says = "Of French only a list of words is at hand"
    written = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert written["metadata"]["evidence"].startswith(says) and written["language"]["code"] == "fr"
    assert says in (tmp_path / "out/edition.xml").read_text(encoding="utf-8")
    assert says in capsys.readouterr().out
    assert pipeline.repair("La petite fi lle.", language="fr").text == "La petite fille."


def test_of_english_nothing_is_wanting(tmp_path: Path) -> None:
    assert language("en").about == ""
    (tmp_path / "scan.txt").write_text("He said so.\n", encoding="utf-8")
    assert edition(tmp_path / "scan.txt", tmp_path / "out").metadata.evidence == ""


def test_the_language_of_an_edition_stands_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "edition.toml").write_text('title = "x"\n', encoding="utf-8")
    with pytest.raises(Refused, match="write it into"):
        edition(tmp_path, spoken="fr")


@pytest.mark.parametrize("code", OPENINGS)
def test_a_passage_of_another_language_in_an_english_book_is_left_alone(code: str) -> None:
    english = ("The bakers of this town sell their bread to the millers, and it is in this town that the millers sell "
               "their flour to them. In the beginning the guild was small; in the end it is as large as this town. ")
    text = f"{english * 3}\n\n{OPENINGS[code]}\n\nHe read it on the fi rst page. {english * 3}"
    mended = pipeline.repair(text)
    assert OPENINGS[code] in mended.text
    assert "on the first page." in mended.text
