"""Make the picture of the README: a page as received, and the same page in the edition, from a real run.

usage: python edition/sample/make/picture.py PAGE   (after `make edition`; needs Chromium)
"""

import html
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path(__file__).parents[1]
STYLE = """
body { margin: 0; display: flex; background: #e9e7e1; font-family: serif; width: 1360px; height: 640px }
figure { margin: 20px 10px 20px 20px; background: #fff; flex: 1; overflow: hidden; box-shadow: 0 1px 6px #0004 }
figcaption { font: italic 17px serif; padding: 10px 24px; color: #555; border-bottom: 1px solid #ddd }
pre { font: 14px/1.45 monospace; margin: 0; padding: 14px 24px }
mark { background: #ffd9d2; color: #a00; border-radius: 2px }
iframe { border: 0; width: 100%; height: 560px }
"""


def received(page: int) -> str:
    """The lines of a page of the witness, with every place marked that the edition reads otherwise."""
    text = (HOME / "witness/S1.txt").read_text(encoding="utf-8")
    order = json.loads((HOME / "out/order.json").read_text(encoding="utf-8"))
    (start, end), *_ = next(one["spans"] for one in order["pages"] if one["n"] == page)
    rows = [json.loads(row) for row in (HOME / "out/corrections.jsonl").read_text(encoding="utf-8").splitlines()]
    places = sorted({tuple(edit["span"]) for row in rows if row["status"] in ("applied", "accepted")
                     for edit in row["edits"] if start <= edit["span"][0] < end})
    shown, at = "", start
    for a, b in places:
        if a >= at:
            shown += f"{html.escape(text[at:a])}<mark>{html.escape(text[a:b])}</mark>"
            at = b
    return shown + html.escape(text[at:end])


def main() -> None:
    page = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    edition = (HOME / "out/index.html").as_uri()
    body = (f"<figure><figcaption>as received</figcaption><pre>{received(page)}</pre></figure>"
            f'<figure><figcaption>the edition</figcaption><iframe src="{edition}#p{page}"></iframe></figure>')
    chromium = shutil.which("chromium") or sys.exit("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder:
        side = Path(folder, "side.html")
        side.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>{STYLE}</style>{body}', encoding="utf-8")
        subprocess.run((chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--hide-scrollbars", f"--user-data-dir={folder}/home", "--window-size=1360,640",
                        f"--screenshot={HOME / 'before-and-after.png'}", side.as_uri()), check=True,
                       capture_output=True)


if __name__ == "__main__":
    main()
