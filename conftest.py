"""Doctests of modules that import parts not written yet wait for them: see CHANGES.md."""

from pathlib import Path

HERE = Path(__file__).parent / "pipeline"
AWAITED = ("rulebook.py", "verify.py", "emit/tei.py", "emit/metadata.py", "stages/pages.py", "stages/order.py",
           "stages/reflow.py", "stages/repair.py", "stages/decide.py")
WAITING = ("desk.py", "edition_file.py", "run.py", "stages/__init__.py", "__main__.py")
missing = [name for name in AWAITED if not (HERE / name).exists()]
collect_ignore = [str(HERE / name) for name in WAITING] if missing else []


def pytest_report_header() -> str:
    return f"not written yet: {', '.join(missing)}; not collected: {', '.join(WAITING)}" if missing else ""
