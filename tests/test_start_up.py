"""`sroi evaluate` feels instant: held to its target beside a bare import of NumPy and pydantic, in the same run."""

from __future__ import annotations

import sys

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import start_up


@pytest.mark.slow
@pytest.mark.alone
def test_evaluating_sixty_outcomes_takes_at_most_two_and_a_half_times_the_imports() -> None:
    ratios = []
    for _ in range(6):  # these machines are shared: a disturbed measurement is taken again
        measured = start_up.measure(runs=9)
        ratios.append(measured["sroi evaluate (60 outcomes)"][0] / measured["python -c 'import numpy, pydantic'"][0])
        if ratios[-1] <= start_up.TARGET:
            return
    raise AssertionError(f"sroi evaluate took {ratios} times the imports")
