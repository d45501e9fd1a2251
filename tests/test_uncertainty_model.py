"""The model of the uncertainty benchmark: its value map and its loop are the same model, so that the tools compare."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

import sroi

sys.path.insert(0, str(ROOT / "benchmarks"))

import uncertainty_model as benchmark


def test_the_door_gives_what_the_loop_of_the_benchmark_gives_for_the_same_draws(tmp_path: Path) -> None:
    model = benchmark.outcomes()
    impact_map = sroi.read_value_map(benchmark.write_value_map(tmp_path / "sixty.yaml", model))
    generator = np.random.default_rng(0)
    at, total = {}, np.zeros(200)
    for place, outcome in enumerate(model):
        draws = [law.draw(generator, 200) for law in outcome.laws]
        at.update({f"outcome_{place}.{name}": drawn for name, drawn in zip(benchmark.FACTORS, draws, strict=True)})
        total += benchmark.present_value(outcome.years, draws)
    result = sroi.evaluate(impact_map, at=at)
    np.testing.assert_allclose(result.total_present_value, total, rtol=1e-12)
    np.testing.assert_allclose(result.sroi_ratio, total / benchmark.PUT_IN, rtol=1e-12)
    np.testing.assert_array_equal(total, benchmark.numpy_loop(model, 200, seed=0))


def test_the_benchmarks_map_has_360_uncertain_numbers_and_they_come_back_from_the_file_to_the_last_bit(
    tmp_path: Path,
) -> None:
    model = benchmark.outcomes()
    read = sroi.read_value_map(benchmark.write_value_map(tmp_path / "sixty.yaml", model))
    numbers = read.numbers()
    uncertain = {name: number.estimate for name, number in numbers.items() if number.estimate.has_range}
    assert len(uncertain) == 360
    for place, outcome in enumerate(model):
        for name, law in zip(benchmark.FACTORS, outcome.laws, strict=True):
            estimate, written = uncertain[f"outcome_{place}.{name}"], law.as_estimate()
            assert (estimate.value, estimate.low, estimate.high) == (written["value"], written["low"], written["high"])


def test_the_benchmarks_loop_equals_the_sum_written_out_by_hand() -> None:
    # 100 at 10 for three years, half of it kept at each deduction, and half of that lost each year, at 3.5 %.
    by_hand = 1000 * 0.5**3 * (1 / 1.035 + 0.5 / 1.035**2 + 0.25 / 1.035**3)
    assert benchmark.present_value(3, [100, 10, 0.5, 0.5, 0.5, 0.5]) == pytest.approx(by_hand, rel=1e-14)


def test_the_benchmarks_right_answers_agree_with_its_loop() -> None:
    import uncertainty_reference as reference

    model = benchmark.outcomes(count=6)
    mean, sd = reference.mean_and_sd(model)
    totals = benchmark.numpy_loop(model, 100_000, seed=1)
    assert abs(totals.mean() - mean) < 4 * sd / 100_000**0.5
    for chance, quantile in zip(reference.CHANCES, reference.quantiles(model, 2**12, 2**15), strict=True):
        assert abs(np.mean(totals <= quantile) - chance) < 4 * (chance * (1 - chance) / 100_000) ** 0.5
