"""Imports point one way: a module imports only from the layers below its own."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "pipeline"
LAYERS = (  # from the ground up; modules of one layer may import each other only within one package
    ("errors",), ("model",), ("standing",), ("draft",), ("lines",), ("view", "receive", "variants"),
    ("decisions", "language", "rulebook"), ("desk",), ("stages",),
    ("log", "entries"), ("emit",), ("edition_file", "writing"), ("verify",), ("run",),
    ("telling", "filtering", "explaining"), ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room(name: str) -> str:
    return name.removeprefix("pipeline.").split(".")[0]


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "pipeline":
            found |= {alias.name for alias in node.names if alias.name in RANK}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline."):
            found.add(room(node.module or ""))
        elif isinstance(node, ast.Import):
            found |= {room(alias.name) for alias in node.names if alias.name.startswith("pipeline.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    mine = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert mine in RANK, f"say in LAYERS where {mine} belongs"
    for other in imported(path) - {mine}:
        assert RANK[other] < RANK[mine], f"{path.name} imports {other}, which stands above it"


def test_stages_write_nothing_and_what_is_written_knows_no_stage() -> None:
    for path in MODULES:
        mine = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if mine == "stages":
            assert not imported(path) & {"emit", "receive", "log", "entries", "writing", "verify", "run", "cli"}
        if mine in ("emit", "log", "entries", "writing", "verify"):
            assert "stages" not in imported(path)
