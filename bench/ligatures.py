"""Torn and lost ligatures among places that only look so: how much is put right, and what is wrongly touched.

usage: python -m bench.ligatures [-v]

Each text below is a page of short paragraphs: those of `DAMAGED` with the word in brackets damaged in one way, between
those of `SOUND`, which must stay as they are. Of each way there are two pages: one whose every such word is damaged, as
a text layer does it, and one where it befell one word in six. Precision and recall are of what is applied; told at the
end is what failed, by its kind (`-v`: each place).
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import regex

from bench.damaged import MAC_ROMAN, SIGNS
from bench.repair import reading, repaired
from pipeline.desk import Desk
from pipeline.language import language
from pipeline.rulebook import rulebook

# Where fonts of old programs have them: the first two are Apple's, the others vary from font to font.
PRIVATE = {"fi": "\uf001", "fl": "\uf002", "ff": "\uf003", "ffi": "\uf004", "ffl": "\uf005"}
BEFELL = 6  # one word in so many, on the second page
LIGATURE = regex.compile(r"ffi|ffl|ff|fi|fl")
RARER = regex.compile(r"Th|ft|tt")  # what finer fonts tie too
WORD = regex.compile(r"\[(\S+)\]")

# Words in brackets hold the ligature that is damaged; nothing else in their paragraph does.
DAMAGED = """\
He gave a clear [definition] of the word.
The [first] of them came home at noon.
We could not [find] the key to the house.
It was the [final] word in the quarrel.
She was quite [satisfied] with the answer.
They had a [conflict] with the neighbours.
The [office] was closed until Monday.
An [officer] stood at the door and waited.
It is a very [difficult] question to answer.
There is no [difference] between the two.
The [effect] of the law was soon seen.
They [suffered] greatly in the cold winter.
His [influence] over the workers was great.
The [flowers] stood on the table by the window.
Their [profit] was small in that year.
The people will [benefit] from the new road.
He had no [confidence] in the minister.
The old [classification] was given up.
It is a [significant] step for the union.
She [identified] the man at once.
The [efficient] use of steam came later.
There was not [sufficient] bread for all.
He made every [effort] to reach the shore.
The [affair] was kept from the public.
The [staff] of the school met on Tuesday.
He could not [afford] a new coat.
The [offer] came too late to help them.
They [refused] it, and the [offender] was sent home.
The [reflection] of the moon lay on the water.
The wind blew the [flag] from its pole.
The army crossed the [field] before dawn.
The [fire] burned all night in the town.
The [fishermen] sold their catch on the quay.
He wrote [fifteen] letters in one day.
The [figures] in the report are not true.
There were [five] children in the house.
The [scientific] method was new to them.
This [specific] case was never decided.
The [artificial] light hurt her eyes.
The [beneficial] results were soon plain.
He was [terrified] by the noise in the street.
It must be [modified] in the next year.
The [sacrifice] of so many was in vain.
The [pacific] temper of the people is known.
The [inflation] of prices ruined the poor.
The river [flows] past the mill to the sea.
The [floor] of the hall was made of stone.
They [fled] from the burning village at night.
The price of [flour] rose again in the spring.
The [waffle] was cold when it came to the table.
The [baffled] doctor went home to his books.
A [shuffle] of feet was heard in the passage.
The [traffic] in the street never ceased.
The [coffee] was strong and black.
He [affirmed] it before the judge.
A [ruffian] took her purse on the bridge.
His [indifference] to the poor was well known.
The [afflicted] people asked for bread.
The [raffle] was held in the church hall.
She [differed] from him in every opinion.
The [infinite] patience of the mother was seen.
He [confined] himself to the plain truth.
The [defiant] prisoners sang in their cells.
The [unofficial] strike went on for weeks.
"""

RARELY_TIED = """\
The [after] dinner speech was very long.
The people [often] came to the old mill.
She [left] the house before the rain.
It was a [gift] from the old king.
A [soft] rain fell upon the roads.
The [letter] came on a Monday morning.
It did not [matter] to the old man.
The [cotton] mills of the town are closed.
A [little] bread is all they had.
[The] baker of the town is late.
[This] town lives by its mills.
[They] went home along the river.
"""

SOUND = """\
The best of it was lost in the war.
The worst of it is over now.
I do not know if I can come.
I would go if it were not so late.
Ask him if in his view it is just.
She took the top off ice cream and ate it.
He slid off ice into the cold water.
They drank off spring water in the hills.
He took his hat off in the hall.
They turned off at the next village.
He set off in the dark of the morning.
It fell off it and broke in two.
The half in the box is mine.
The chief in the tent was old.
The proof is in the eating.
The roof is made of straw.
Half is better than none at all.
The thief is known to the whole town.
He was deaf in one ear from birth.
The cliff is steep and white.
A stiff in the mortuary is no joke.
The sheriff is an old man now.
The tariff is high on all corn.
The staff in his hand was of ash.
Her belief in him was shaken.
The relief is great, the grief is greater.
A leaf in the wind, a wolf in the fold.
The reef is far from the shore.
The brief in the case was long.
A man of flesh and blood stood there.
The price of fish and the price of flour rose.
The house of fire and the tower of flint.
The joy of finding it was short.
The shelf life of bread is a day.
If fish is cheap they eat it.
A company of ten men came to the town.
The ships went out to tack and to fish.
It was paid for, but ton for ton it was dear.
A cuff link lay on the stairs.
The self is a riddle to itself.
The hi-fi stood in the corner of the room.
He reads sci fi and nothing else.
The singer went from fa to fi and back.
The sol-fa names are do, re, mi, fa, fi.
The writ of fi. fa. was sent to the sheriff.
Hugh of St Albans (fl. 1240) wrote on law.
The painter (fl. c. 1480) is not known by name.
A poet, fl. 1590, of whom nothing is left.
Take 3 fl. oz. of milk and stir it well.
See pp. 12 ff. of the second volume.
See ff. 3 and 4 of the manuscript.
Compare f. 12 of the same book.
The mark ff means very loud, and fff louder.
The bound on f in the interval is given.
Let f be even; if f is odd the sum is nothing.
If f is given, i is found, and l is free.
The function f (x) is never negative.
The letters f and i are tied by the printer.
The type f i stands in another case.
« Fi donc ! » s'écria la fille du roi.
Il fit fi de tous les conseils de sa mère.
La fin du film fut triste et fort longue.
Un fil de fer et une feuille de papier.
Il suffit de le dire à son fils aîné.
Les effets de la différence sont difficiles à dire.
Le chef indien fut fier de sa flotte.
Elle souffle sur le feu, et la flamme renaît.
Une fleur offerte au fiancé de sa fille.
Alla fine si fidò di suo figlio.
Il fiume e i fiori di Firenze sono belli.
Gli uffici del fisco sono chiusi oggi.
Il soffio del vento e la fiamma del fuoco.
Fu il caffè a far difficile il sonno.
Chi fa da sé fa per tre, fino alla fine.
Dixit Deus: fiat lux; et facta est lux.
Non fit quod iubet, nec fieri potest.
Er stand auf einer Brücke auf dem Fluß.
Das Schiff in dem Hafen lief auf Grund.
We walked along the Hauptstraße to the house of Þórr.
The Weißes Haus is an inn by the river.
Mr Ffoulkes and Mrs ffrench came to dine.
Sir John ffolkes spoke for the landlords.
Effie and Fifi went home to Cardiff in the rain.
Llandaff is older than Cardiff is.
The brothers Wolff in the next street are bakers.
Ivanoff is the hero, and Petroff in the end is shot.
The works of Orff, of Pfitzner and of Graff are played.
Rimsky-Korsakoff is played tonight.
Old Jeff is dead, and Cliff is gone to sea.
Radcliffe and Wycliffe were not of one mind.
Sheffield and Huddersfield are not far away.
The bailiff in the yard was asleep.
Our bread is black; at night we go to bed.
He led the men up the hill and owed them all.
He lit a lamp and sat by the ring of light.
The air was full of ash and the lock was broken.
The ne plus ultra of the art is silence.
The de facto rule and the a priori one are two.
The ring was sold; the red one, not the other.
Sir, he said, re your letter: it is late.
O come to us; O let us in from the rain.
The Oxford Fl. 12 is a shelf mark.
An off-white wall, an off-licence, a set-off.
Take it off, I said, and he took it off.
If only it were so; if ever, if any.
He is of age, of use, and of it all the best.
"""


class Paragraph(NamedTuple):
    """A paragraph as it is, as it is seen, and what befell it ("" for one that is sound)."""

    true: str
    seen: str
    kind: str = ""


Damage = Callable[[str, str, str], str]  # from what stands before the ligature, it, and what stands behind
WAYS: dict[str, Damage] = {
    "split behind": lambda left, tied, right: f"{left}{tied} {right}",
    "split before": lambda left, tied, right: f"{left} {tied}{right}",
    "split on both sides": lambda left, tied, right: f"{left} {tied} {right}",
    "split between": lambda left, tied, right: f"{left}{tied[0]} {tied[1:]}{right}",
    "lost": lambda left, tied, right: left + right,
    "lost, a blank left": lambda left, tied, right: f"{left} {right}",
    "one sign": lambda left, tied, right: left + SIGNS[tied] + right,
    "one sign, split behind": lambda left, tied, right: f"{left}{SIGNS[tied]} {right}",
    "U+FFFD": lambda left, tied, right: f"{left}\ufffd{right}",
    "MacRoman": lambda left, tied, right: left + MAC_ROMAN.get(tied, tied) + right,
    "Private Use": lambda left, tied, right: left + PRIVATE[tied] + right,
}
NEEDS_LEFT = ("split before", "split on both sides", "split between", "lost, a blank left")
NEEDS_RIGHT = ("split behind", "split on both sides", "lost, a blank left", "one sign, split behind")


def damaged(paragraph: str, way: str, ligature: "regex.Pattern[str]") -> Paragraph | None:
    """A paragraph with the word in brackets damaged; None where the way is not open to the word.

    >>> damaged("We [find] it.", "split behind", LIGATURE)
    Paragraph(true='We find it.', seen='We fi nd it.', kind='split behind')
    """
    word = WORD.findall(paragraph)[-1]
    found = ligature.search(word)
    true = WORD.sub(r"\1", paragraph)
    if found is None:
        return None
    left, tied, right = word[: found.start()], found[0], word[found.end() :]
    if (way in NEEDS_LEFT and not left) or (way in NEEDS_RIGHT and not right):
        return None
    worse = WAYS[way](left, tied, right)
    at = true.rindex(word)
    return None if worse == word else Paragraph(true, true[:at] + worse + true[at + len(word) :], way)


def pages() -> Iterator[list[Paragraph]]:
    """Two pages for each way, and one on which nothing is wrong."""
    sound = [Paragraph(line, line) for line in SOUND.splitlines()]
    yield sound
    for way in WAYS:
        hurt = [one for line in DAMAGED.splitlines() if (one := damaged(line, way, LIGATURE))]
        if way == "split behind":
            hurt += [one for line in RARELY_TIED.splitlines() if (one := damaged(line, way, RARER))]
        yield mixed(hurt, sound)
        befallen = [one if k % BEFELL == 0 else Paragraph(one.true, one.true) for k, one in enumerate(hurt)]
        yield mixed(befallen, sound)


def mixed(hurt: list[Paragraph], sound: list[Paragraph]) -> list[Paragraph]:
    """Both on one page, evenly."""
    places = [(k / len(one), paragraph) for one in (hurt, sound) for k, paragraph in enumerate(one)]
    return [paragraph for _, paragraph in sorted(places, key=lambda place: place[0])]


def main() -> None:
    desk = Desk(language("en"), rulebook())
    told: Counter[tuple[str, str]] = Counter()
    for page in pages():
        text = reading(repaired("\n\n".join(paragraph.seen for paragraph in page) + "\n", desk))
        for paragraph, now in zip(page, text.split("\n\n"), strict=True):
            end = "right" if now == paragraph.true else "missed" if now == paragraph.seen else "wrong"
            told[paragraph.kind, end] += 1
            if end != "right" and "-v" in sys.argv:
                print(f"{end} ({paragraph.kind or 'sound'}): {paragraph.seen!r} -> {now!r}")
    print(f"{'':24}{'places':>7}{'right':>7}{'missed':>7}{'wrong':>7}")
    for kind in ("", *WAYS):
        right, missed, wrong = (told[kind, end] for end in ("right", "missed", "wrong"))
        print(f"{kind or 'sound, left alone':24}{right + missed + wrong:7}{right:7}{missed:7}{wrong:7}")
    right = sum(told[way, "right"] for way in WAYS)
    there = sum(told[way, end] for way in WAYS for end in ("right", "missed", "wrong"))
    applied = right + sum(told[kind, "wrong"] for kind in ("", *WAYS))
    print(f"{told.total()} places, {there} damaged: precision {right / max(applied, 1):.4f} (bar .995), "
          f"recall {right / max(there, 1):.4f} (bar .98)")


if __name__ == "__main__":
    main()
