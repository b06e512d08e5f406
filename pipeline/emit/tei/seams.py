"""How each page runs on into the next, and why it is thought so: notes that stand apart from the text."""

import math
from collections.abc import Iterator

from pipeline.draft import Draft
from pipeline.emit.markup import element, pointers, text
from pipeline.emit.tei.answers import TOOL, Answers
from pipeline.model import Mark, Page, Seam


def seams_xml(draft: Draft, answers: Answers) -> str:
    """The `standOff` element; nothing where no seam was weighed."""
    said = "".join(_notes(draft, answers))
    return f'\n<standOff><listAnnotation type="seams">\n{said}</listAnnotation></standOff>' if said else ""


def _notes(draft: Draft, answers: Answers) -> Iterator[str]:
    """One note a seam, on the two page breaks it joins."""
    breaks = {page.n if page.n is not None else k + 1: f"pb{k + 1}" for k, mark in enumerate(draft.pages)
              if isinstance(page := mark.value, Page) and page.twin_of is None}
    latest = {(seam.from_n, seam.to_n): (seam, mark) for mark in draft.marks if isinstance(seam := mark.value, Seam)}
    for (before, after), (seam, mark) in sorted(latest.items(), key=lambda one: one[0]):
        if before in breaks and after in breaks:
            yield element("note", text(_reasons(seam, mark)), type="seam",
                          target=pointers([breaks[before], breaks[after]]), change=answers.change(mark.decision),
                          resp=answers.by_mark(mark) or pointers([TOOL])) + "\n"


def _reasons(seam: Seam, mark: Mark) -> str:
    """The evidence in words, and what it weighs."""
    margin = f", {seam.margin:.1f} before the best other page" if math.isfinite(seam.margin) else ""
    weight = f"{seam.score:.1f} nats{margin}" if math.isfinite(seam.score) else ""
    return "; ".join(filter(None, (*(one.says for one in mark.evidence), weight)))
