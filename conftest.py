"""What doctests may use without an import, and that nothing is skipped where everything is installed."""

import os
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _smallest(doctest_namespace: dict[str, Any]) -> None:
    """`after`, so that a stage can show in its docstring the smallest page on which it happens."""
    from tests.smallest import after

    doctest_namespace["after"] = after


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With NOTHING_SKIPPED=1, as in CI, a skipped test is a failure: something is not installed that should be."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NOTHING_SKIPPED") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
