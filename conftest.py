"""What doctests may use without an import: `after`, so that a stage can show the smallest page on which it happens."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _smallest(doctest_namespace: dict[str, Any]) -> None:
    from tests.smallest import after

    doctest_namespace["after"] = after
