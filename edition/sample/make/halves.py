"""Finds which lines of Tesseract's text lie on the left page of a side and which on the right, from its hOCR."""

import regex
from lxml import etree

BOX = regex.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
FORM_FEED = "\f"


def halves(text: str, hocr: str) -> list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
    """For each side the spans of its left and of its right page in the text."""
    root = etree.fromstring(hocr.encode())
    sides = root.xpath("//*[@class='ocr_page']")
    found, at = [], 0
    for side in sides:
        middle = _box(side)[2] / 2
        pages: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        last = None
        end_of_side = text.find(FORM_FEED, at) if FORM_FEED in text[at:] else len(text)
        for line in side.xpath(".//*[contains(@class, 'ocr_') and ./*[@class='ocrx_word']]"):
            words = ["".join(word.itertext()) for word in line.xpath(".//*[@class='ocrx_word']")]
            said = " ".join(words)
            if not said.strip():
                continue
            start = text.index(said, at, end_of_side)
            if text[at:start].strip():
                raise SystemExit(f"hOCR and text differ before {said!r}: {text[at:start]!r}")
            at = start + len(said)
            left, _, right, _ = _box(line)
            half = int((left + right) / 2 > middle)
            if half == last:
                pages[half][-1] = (pages[half][-1][0], at)
            else:
                pages[half].append((start, at))
            last = half
        if text[at:end_of_side].strip():
            raise SystemExit(f"hOCR lacks {text[at:end_of_side]!r}")
        at = end_of_side + 1
        found.append(pages)
    return found


def _box(node: etree._Element) -> tuple[int, int, int, int]:
    match = BOX.search(node.get("title", ""))
    if match is None:
        raise SystemExit(f"no box in {node.get('title')!r}")
    return tuple(int(x) for x in match.groups())  # type: ignore[return-value]
