"""What several test files share: a small sound map that a test can bend, and the command line as a process."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from in_chromium import running_browser

import sroi

ROOT = Path(__file__).parents[1]

# How long an example takes to be made or tried says what else the machine does: where time counts, a test measures it.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

_NOTED = {"value": 0.1, "note": "asked the residents"}
_SMALL: dict[str, Any] = {
    "sroi": 1,
    "title": "A small sound map",
    "analysis": "forecast",
    "currency": "GBP",
    "price_year": 2024,
    "activity": {"years": 1},
    "narrative": {
        "purpose": "to test",
        "audience": "whoever tests",
        "scope": "a year",
        "decisions": "none",
        "limits": "invented",
    },
    "negative_outcomes_sought": "asked the residents' panel in May",
    "stakeholders": [
        {
            "id": "people",
            "name": "People",
            "size": 100,
            "involved": [
                {"stage": "outcomes", "how": "interviews", "said": "I sleep again."},
                {"stage": "value", "how": "ranking game"},
                {"stage": "verification", "how": "results read out"},
            ],
        },
        {"id": "funder", "name": "Funder"},
    ],
    "inputs": [{"id": "grant", "stakeholder": "funder", "kind": "money", "value": 1000, "source": "accounts"}],
    "outcomes": [
        {
            "id": name,
            "stakeholder": "people",
            "description": words,
            "indicator": "says so",
            "material": {"relevance": "named by most", "significance": "half of the total"},
            "quantity": {"value": 50, "source": "survey"},
            "proxy": {"value": 30, "source": "made for the test", "price_year": 2024},
            "duration": 2,
            "deadweight": _NOTED,
            "displacement": _NOTED,
            "attribution": _NOTED,
            "drop_off": _NOTED,
        }
        for name, words in (("calmer", "Feel calmer"), ("healthier", "Feel healthier"))
    ],
}


# What takes longest begins first, so that no core is left with a long file when the others are done: `make test` hands
# out whole files in this order, and the rest as they come. In it stands what takes more than about half a minute alone.
_LONGEST = (
    *("test_warm_identity", "test_exact", "test_batch_crashes", "test_simulation", "test_report", "test_cluster"),
    *("test_warm_engine", "test_stores", "test_batch", "test_assurance_pack", "test_edited_word", "test_plots"),
    *("test_plots_of_change", "test_workbook", "test_against_oracle", "test_site", "test_explorer_in_a_browser"),
    *("test_lessons_in_a_browser", "test_lessons_in_workbooks", "test_report_in_a_browser", "test_workbook_faults"),
    *("test_faulty_files", "test_lessons_notebooks", "test_impact_standard", "test_house"),
)
_PLACE = {name: place for place, name in enumerate(_LONGEST)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    items.sort(key=lambda item: _PLACE.get(item.path.stem, len(_LONGEST)))


@pytest.fixture(scope="session")
def sound_tree() -> dict[str, Any]:
    """A sound map without any finding, as a tree to copy, for what several tests share."""
    return _SMALL


@pytest.fixture
def small_tree() -> dict[str, Any]:
    """A sound map without any finding, as a tree that the test may change."""
    return copy.deepcopy(_SMALL)


@pytest.fixture
def small_map(small_tree: dict[str, Any]) -> sroi.ImpactMap:
    """The same as a map."""
    return sroi.ImpactMap.model_validate(small_tree)


@pytest.fixture(scope="session")
def _surroundings() -> Iterator[dict[str, str]]:
    """Start a warm process, and give what finds it: the environment of `command` below, for all else too."""
    from sroi.warm.service import SOCKET, NoWarmProcess, WarmProcess

    there = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in there.items():
            patch.setenv(name, value)
        try:
            process = WarmProcess.start()
        except NoWarmProcess:
            yield {}
            return
    yield {**there, SOCKET: process.address}
    process.end()


@pytest.fixture(scope="module")
def warm_notebooks(_surroundings: dict[str, str]) -> Iterator[None]:
    """Run the notebooks of a file's tests from one warm process, where the way of running is not what is tested.

    A notebook leaves the same in either way, which `test_warm_identity` shows; it takes seconds less.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _surroundings.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `sroi ARGUMENTS` as a process of its own, in an empty folder."""

    def run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        # A width that the machine's own terminal, or another test, left in the environment is nobody's wish here.
        ours = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**ours, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "sroi", *arguments],
            capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment, timeout=120, check=False, **more,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; tests that ask for it carry `pytestmark = needs_chromium`."""
    with running_browser() as running:
        yield running
