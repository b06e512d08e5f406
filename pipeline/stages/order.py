"""Restores the order of the pages: weighs every hypothesis, keeps the best if it stands clear, else asks."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from pipeline.desk import Desk
from pipeline.draft import Draft
from pipeline.model import Candidate, Entry, Evidence, Imposition, Mark, Page, Query, Seam
from pipeline.stages import stage
from pipeline.stages.furniture import BARE_FOLIO
from pipeline.stages.hypotheses import as_it_lies, hypotheses
from pipeline.stages.impositions import LOOSE, UNKNOWN
from pipeline.stages.layout import Row
from pipeline.stages.numbering import out_of_turn
from pipeline.stages.page_ends import bettered, doubtful_ends
from pipeline.stages.pages import row_span, scanned, spans_of
from pipeline.stages.pins import Pin, obedient, obeys, pins, rearranged, settled
from pipeline.stages.printed import numbered, printed, stretches
from pipeline.stages.repeats import open_seams, overlap, repeats
from pipeline.stages.scan import MOST_SEAM, Scan
from pipeline.stages.scoring import Solution, same_order

AS_LIKELY = 6.0  # nats by which schemes of one order may differ, and be judged by how the sides divide
SURER_LOOSE = 3.0  # times the margin of other orders for loose sheets: one that is missing or blank upsets many seams
FEWEST_FOLIOS = 4  # that agree, before another is expected
EDGE = 0.2  # of a side, where folios stand
NOT_FIGURES = regex.compile(r"[^0-9]+")
UNDECIDED = "undecided"
POSITIONS = {2: ("left", "right"), 4: ("upper left", "upper right", "lower left", "lower right")}
BEYOND_NUMBERS = 9.0  # nats from which an order is believed whatever is numbered: two works have a chapter IV each
PLACES = "order.places"  # the scheme is certain, not which of its pages are blank
WORDS_SHOWN = 4
TORN = -0.6  # nats a page end, on the mean, below which pages cannot be said to run on as they lie
TORN_ANEW = 0.25  # the same of an order that was chosen among many
TORN_SAYS = ("the pages do not run on as they lie, and no scheme that is known puts them in order; "
             "the order of the file is kept")
FEWEST_TORN = 4
BREAKS_OFF_SAYS = ("the lines do not run on at so many places that pages may lie in another order here, and nothing "
                   "shows where they end; the order of the file is kept")
WORDS_APART_SAYS = ("on some sides every word stands on a line of its own, as where a side was turned, so that "
                    "the pages may lie in another order; the order of the file is kept")
FALLING_BACK = 0.2  # the share of folios that are less than the one before, from which pages are not in order
FALL_BACK_SAYS = ("the numbers printed on the pages do not stand in their order, and no scheme that is known puts them "
                  "in order; the order of the file is kept")
BUT_FOR_PINS = ", but for what the editor has set"


@stage(needs="pages", adds="page, imposition, seam, query, repeat, variant, furniture")
def order(draft: Draft, desk: Desk) -> Iterator[Entry]:
    """Say in which order the pages read, by the scheme they lay in, and how each runs on into the next."""
    scan = scanned(draft, desk)
    if not scan.rows:
        return
    pinned = pins(scan, desk.decisions)
    found = sorted(hypotheses(scan, lambda one: obeys(one, pinned)), key=lambda one: -one.score)
    found = obedient(found, pinned)
    best = found[0]
    margin = next((best.score - other.score for other in found[1:] if not same_order(best, other)), math.inf)
    doubt = _doubt(scan, found, margin, desk.settings.order_margin)
    best = bettered(_shown(scan, best, found))
    undecided = doubt is not None and doubt.rule != PLACES
    if undecided:
        best = _shown(scan, next((one for one in found if not one.seams), best), found)
    best = rearranged(best, pinned)
    if undecided and pinned and settled(best, pinned):
        doubt, undecided = None, False
    if doubt:
        yield replace(doubt, says=doubt.says + BUT_FOR_PINS) if undecided and pinned else doubt
    yield Mark("imposition", (), Imposition(UNDECIDED if undecided else best.laid.scheme.name, margin),
               certainty=1 / (1 + math.exp(-min(margin, 30.0))))
    folios = _folios(best)
    late = {} if undecided else dict(_late_folios(best, folios))
    yield from _pages(best, folios | {n: str(number) for n, (number, _) in late.items()})
    for number, row in late.values():
        yield Mark("furniture", (row_span(row),), "folio", certainty=0.95,
                   evidence=(Evidence("folio", f"the number {number} by itself, as the pages around it are numbered"),))
    if not undecided:
        yield from doubtful_ends(best, desk.settings.order_margin)
    yield from _twins(best)
    yield from _missing(best)
    if len(scan.lay.sides) > 1 and margin < BEYOND_NUMBERS:
        yield from _out_of_turn(best)
    yield from repeats(best)
    yield from open_seams(best)
    yield from _seams(best, pinned)


def _shown(scan: Scan, best: Solution, found: Sequence[Solution]) -> Solution:
    """Of solutions that read alike the one whose pages divide the sides best."""
    fewest = len(scan.forced) - 1
    alike = [one for one in found if len(one.laid.in_file) >= fewest and one.score > best.score - AS_LIKELY
             and same_order(best, one)]
    shown = max(alike, key=lambda one: one.score, default=best)
    plain = as_it_lies(scan)
    return plain if not shown.seams and len(shown.laid.in_file) < len(plain.laid.in_file) else shown


def _doubt(scan: Scan, found: Sequence[Solution], margin: float, least: float) -> Query | None:
    """What is undecided about the order, if anything is."""
    best = found[0]
    least = least * SURER_LOOSE if best.laid.scheme.name == LOOSE.name else least
    torn = Query((), TORN_SAYS, rule="order.torn")
    if best.laid.scheme is UNKNOWN:
        return torn
    if margin < least:
        near = [one for one in found[1:] if best.score - one.score < least and not same_order(best, one)]
        names = dict.fromkeys(one.laid.scheme.name for one in (best, *near))
        if best.seams and all((one.laid.scheme, one.laid.pages) == (best.laid.scheme, best.laid.pages) for one in near):
            return Query((), _places_say(best, near), rule=PLACES)
        says = (f"the order of the pages is not certain: {', '.join(names)} fit almost alike "
                f"({margin:.1f} nats apart, {least:g} asked for); the order of the file is kept")
        share = dict.fromkeys(names, 0.0)
        for one in (best, *near):
            share[one.laid.scheme.name] += math.exp(one.score - best.score)
        candidates = tuple(Candidate(name, weight / sum(share.values())) for name, weight in share.items())
        return Query((), says, candidates[:4], rule="order.undecided")
    shown = as_it_lies(scan) if len(best.reading) == 1 and scan.lay.certain else best
    badly = shown.runs_on < (TORN_ANEW if shown.seams else TORN)
    if len(shown.reading) >= FEWEST_TORN and badly and printed(scan, shown.laid, shown.cuts) < least:
        return torn
    if best.laid.scheme.as_it_lies and scan.words_apart:
        return replace(torn, says=WORDS_APART_SAYS)
    if best.laid.scheme.as_it_lies and scan.lay.certain and _fall_back(scan):
        return replace(torn, says=FALL_BACK_SAYS)
    if len(best.reading) == 1 and scan.breaks_off and not _seen_in_order(scan, found, least):
        return replace(torn, says=BREAKS_OFF_SAYS)
    return None


def _fall_back(scan: Scan) -> bool:
    """Whether the numbers printed on the pages fall back as they lie, more often than misread ones do."""
    numbers = [number for _, number in scan.numbers]
    back = sum(b < a for a, b in pairwise(numbers))
    return len(numbers) >= FEWEST_FOLIOS and back >= FALLING_BACK * (len(numbers) - 1)


def _seen_in_order(scan: Scan, found: Sequence[Solution], least: float) -> bool:
    """Whether pages are seen that run on as they lie, or are numbered so."""
    plain = as_it_lies(scan)
    return (printed(scan, plain.laid, plain.cuts) >= least
            or any(one.laid.scheme.as_it_lies and len(one.reading) > FEWEST_TORN and one.runs_on > 0
                   and one.score > found[0].score - AS_LIKELY for one in found[1:]))


def _places_say(best: Solution, near: Sequence[Solution]) -> str:
    """In what solutions of one scheme differ: which of the pages are blank."""
    ways = dict.fromkeys(", ".join(map(str, one.laid.blanks)) or "none" for one in (best, *near))
    return (f"that {best.laid.pages} pages lie in one scheme ({best.laid.scheme.name}) is certain, "
            f"which of them are blank is not: {' or '.join(ways)}; where a side divides may have to be set by hand")


def _late_folios(best: Solution, folios: dict[int, str]) -> Iterator[tuple[int, tuple[int, Row]]]:
    """Numbers alone at the edge of pages that are those expected there, now that the pages around them are known."""
    scan = best.scan
    offsets = [int(folio) - n for n, folio in folios.items()]
    offset = max(sorted(set(offsets), key=abs), key=offsets.count, default=0)
    if offsets.count(offset) < FEWEST_FOLIOS:
        return
    for first, end, pages in stretches(scan, best.laid, best.cuts):
        awaited = {str(n + offset): n for n in pages if n not in folios}
        for k in range(first, end):
            if (n := awaited.get(NOT_FIGURES.sub("", scan.line(k)), 0)) and k not in scan.furniture.found and (
                BARE_FOLIO.fullmatch(scan.line(k)) and min(k - first, end - 1 - k) < EDGE * (end - first)
            ):
                yield n, (n + offset, scan.rows[k])


def _pages(best: Solution, folios: dict[int, str]) -> Iterator[Mark]:
    """Every page with its place, its folio and where it lay, the blank ones too."""
    where = {page: (k, side) for k, side in enumerate(best.laid.sides) for page in side if page}
    cuts = {page: (a, b) for page, a, b in best.reading}
    for n in range(1, best.laid.pages + 1):
        sheet, face = best.laid.scheme.leaf(best.laid.pages, n, where[n][0] if n in where else None)
        position = None
        if n in where and (names := POSITIONS.get(len(where[n][1]))):
            position = names[where[n][1].index(n)]
        page = Page(n, folios.get(n), sheet, face, position, n in best.laid.blanks, n in best.laid.missing)
        spans = spans_of(best.scan.text, best.scan.rows[slice(*cuts[n])]) if n in cuts else ()
        says = f"the page bears the number {folios[n]}" if n in folios else ""
        evidence = (Evidence("folio", says),) if says else ()
        yield Mark("page", spans, page, evidence=evidence)


def _twins(best: Solution) -> Iterator[Entry]:
    """The pages of the sides scanned a second time, each a second reading of the page it copies."""
    scan = best.scan
    for twin in scan.twins:
        side = scan.lay.sides[twin.side]
        here = sorted((a, n) for n, a, _ in best.reading if side.first <= a < side.end) or [(side.first, 1)]
        cuts = [0, *(twin.cut(scan.text, scan.rows[a], (a - side.first) / side.rows) for a, _ in here[1:])]
        for (_, n), (first, end) in zip(here, pairwise([*cuts, len(twin.rows)]), strict=True):
            spans = spans_of(scan.text, twin.rows[first:end])
            yield Mark("page", spans, Page(twin_of=n), evidence=(Evidence("double", f"page {n} was scanned twice"),))
            yield Query(spans, f"page {n} was scanned twice; the copy that reads better stands in the text",
                        rule="order.doubled")


def _out_of_turn(best: Solution) -> Iterator[Query]:
    """That what is numbered does not stand as it is counted, so that pages may still lie in another order."""
    scan = best.scan
    for before, behind in out_of_turn(scan, best.laid, best.cuts):
        says = f"“{scan.line(behind)[:40]}” stands before “{scan.line(before)[:40]}”: the order is in doubt"
        yield Query((row_span(scan.rows[behind]), row_span(scan.rows[before])), says, rule="order.numbers")


def _missing(best: Solution) -> Iterator[Query]:
    """That pages are wanting."""
    if best.laid.missing:
        names = ", ".join(map(str, sorted(best.laid.missing)))
        yield Query((), f"pages {names} are not in the witness", rule="order.missing")


def _folios(best: Solution) -> dict[int, str]:
    """The number printed on each page: first where it is the one expected, then in the order they stand."""
    scan = best.scan
    found: dict[int, str] = {}
    pairs = [(number, page) for numbers, pages in numbered(scan, best.laid, best.cuts)
             for number in numbers for page in pages]
    offsets = [number - page for number, page in pairs]
    offset = max(sorted(set(offsets), key=abs), key=offsets.count, default=0)
    for numbers, pages in numbered(scan, best.laid, best.cuts):
        left = [number for number in numbers if number - offset not in pages]
        rest = [page for page in pages if page + offset not in numbers]
        found |= {page: str(page + offset) for page in pages if page + offset in numbers}
        if len(left) == len(rest):
            found |= {page: str(number) for page, number in zip(rest, left, strict=True)}
    return found


def _seams(best: Solution, pinned: Sequence[Pin]) -> Iterator[Mark]:
    """How each page runs on into the next, and how much better than into any other."""
    scan, reading = best.scan, best.reading
    by_hand = {(pin.before, pin.after): pin for pin in pinned}
    for (a, first, end), (b, start, _) in pairwise(reading):
        if b != a + 1 and not set(range(a + 1, b)) <= set(best.laid.blanks):
            continue
        score = scan.runs_on(end, start)
        if join := scan.joins.get((end, start)):
            others = [MOST_SEAM]  # none without overlap says more
        else:
            others = [scan.runs_on(end, other) for page, other, _ in reading if page not in (a, b)]
        evidence = (overlap(scan.text, join, a, b),) if join else _evidence(scan, end, start, score)
        evidence += _lay(best, a, b)
        seam = Mark("seam", (), Seam(a, b, score, score - max(others) if others else math.inf), evidence=evidence)
        pin = by_hand.get((first, start))
        yield replace(seam, evidence=(pin.evidence, *seam.evidence), resp=pin.decision.who,
                      decision=pin.decision.name) if pin else seam


def _lay(best: Solution, a: int, b: int) -> tuple[Evidence, ...]:
    """Where two pages lay, if that was on folded sheets: which page each faces there."""
    scheme, count = best.laid.scheme, best.laid.pages
    facing = {page: (other, scheme.leaf(count, page, None)[0]) for side in best.laid.sides if len(side) == 2
              for page, other in (side, side[::-1])}
    if not scheme.gathering or a not in facing or b not in facing:
        return ()
    told = (f"page {page} faces {facing[page][0] or 'a blank page'} on sheet {facing[page][1]}" for page in (a, b))
    return (Evidence("sheet", ", ".join(told)),)


def _evidence(scan: Scan, end: int, start: int, score: float) -> tuple[Evidence, ...]:
    """Why a seam is thought to hold, in words."""
    i, j = scan.last_before[end] - 1, scan.last_before[start]
    if i < 0 or j >= len(scan.body):
        return ()
    before = " ".join(scan.line(scan.body[i]).split()[-WORDS_SHOWN:])
    after = " ".join(scan.line(scan.body[j]).split()[:WORDS_SHOWN])
    tail, head = scan.tails[i], scan.heads[j]
    if tail.ends == "broken":
        whole = bool(head.words) and scan.phrases.known(tail.broken + head.words[0])
        kind, says = "broken word", "a broken word is made whole" if whole else "a word is broken off"
    elif tail.ends.startswith("stop"):
        kind, says = "sentence ends", "a sentence ends and another begins" if head.starts != "lower" else "ends badly"
    else:
        kind, says = "sentence runs on", "the sentence runs on"
    return (Evidence(kind, f"{says}: ‘{before} | {after}’", round(score, 2)),)
