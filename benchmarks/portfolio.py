"""How fast a portfolio is evaluated: 10,000 projects of 30 outcomes, every number with a range.

    make benchmark

Our columns beside a pandas group-by of the same lines and a plain loop over `sroi.evaluate`. The steps take turns in
one process; the loop runs over the first 50 projects and is scaled up. Times of one machine mean little; the ratios of
medians are what counts. Targets: 3 million projects a second for the totals from columns, 50,000 a second for exact
means and standard deviations. The numbers are invented.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import sroi
from sroi.portfolio.columns import lay_out
from sroi.portfolio.moments import spreads
from sroi.portfolio.reckoning import totals
from sroi.portfolio.tidy import read_tidy

PROJECTS, OUTCOMES, ROUNDS, LOOPED = 10_000, 30, 25, 50
TOTALS_TARGET, SPREAD_TARGET = 3e6, 5e4
RATE = 0.035
SHARES = ("deadweight", "displacement", "attribution", "drop_off")


def table() -> pd.DataFrame:
    """Return the tidy table of outcomes."""
    rng = np.random.default_rng(0)
    count = PROJECTS * OUTCOMES
    frame = pd.DataFrame(
        {
            "project": np.repeat([f"project {place:05d}" for place in range(PROJECTS)], OUTCOMES),
            "outcome": np.tile([f"outcome_{place:02d}" for place in range(OUTCOMES)], PROJECTS),
            "quantity": rng.uniform(1, 500, count),
            "proxy": rng.uniform(1, 300, count) * rng.choice([1, 1, 1, 1, -0.2], count),
            **{name: rng.uniform(0.05, 0.5, count) for name in SHARES},
            "duration": rng.integers(1, 11, count).astype(float),
            "inputs": np.repeat(rng.uniform(1e5, 1e6, PROJECTS), OUTCOMES),
        }
    )
    ranges = {}
    for name in ("quantity", "proxy", *SHARES):
        ends = frame[name] * 0.6, frame[name] * 1.5
        ranges[f"{name}_low"], ranges[f"{name}_high"] = np.minimum(*ends), np.maximum(*ends)
    return pd.concat([frame, pd.DataFrame(ranges)], axis=1)


def by_group(frame: pd.DataFrame) -> pd.Series:
    """Return the total of each project as one would write it in pandas."""
    left = (1 - frame.drop_off) / (1 + RATE)
    life = (1 - left**frame.duration) / (1 - left) / (1 + RATE)
    kept = (1 - frame.deadweight) * (1 - frame.displacement) * (1 - frame.attribution)
    return (frame.quantity * frame.proxy * kept * life).groupby(frame.project, sort=False).sum()


def as_map(rows: pd.DataFrame) -> sroi.ImpactMap:
    """Return one project of the table as a value map."""
    return sroi.ImpactMap.model_validate(
        {
            "sroi": 1,
            "title": rows.project.iloc[0],
            "analysis": "forecast",
            "currency": "GBP",
            "price_year": 2024,
            "stakeholders": [{"id": "people"}],
            "inputs": [{"id": "grant", "stakeholder": "people", "kind": "money", "value": rows.inputs.iloc[0]}],
            "outcomes": [
                {
                    "id": row.outcome,
                    "stakeholder": "people",
                    **{name: getattr(row, name) for name in ("quantity", "proxy", "duration", *SHARES)},
                }
                for row in rows.itertuples()
            ],
        }
    )


def taking_turns(steps: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the median time of each step [s]; the first round warms up."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS + 1):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def peak(step: Callable[[], Any]) -> float:
    """Return the most memory that a step takes beside what was there [MB]."""
    tracemalloc.start()
    step()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> int:
    """Measure, print the table, and return 1 if a target was missed."""
    frame = table()
    plain = frame[[name for name in frame if not name.endswith(("_low", "_high"))]]
    tidy = read_tidy(frame, str)
    columns = lay_out(tidy.lines)
    ranges = tidy.ranges.laid(columns.laid)
    maps = [as_map(rows) for _, rows in frame[: LOOPED * OUTCOMES].groupby("project", sort=False)]
    found = totals(columns).total_present_value
    assert np.allclose(found, by_group(frame), rtol=1e-9)
    assert np.allclose(found[:LOOPED], [sroi.evaluate(each).total_present_value for each in maps], rtol=1e-12)
    steps: dict[str, Callable[[], Any]] = {
        "totals, from columns": lambda: totals(columns),
        "pandas, group-by": lambda: by_group(frame),
        "a loop over sroi.evaluate": lambda: [sroi.evaluate(each) for each in maps],
        "exact mean and sd, from columns": lambda: spreads(columns, ranges),
        "laying the columns side by side": lambda: lay_out(tidy.lines),
        "evaluate_portfolio, from a DataFrame": lambda: sroi.evaluate_portfolio(plain),
    }
    medians = taking_turns(steps)
    medians["a loop over sroi.evaluate"] *= PROJECTS / LOOPED
    ours = medians["totals, from columns"]
    print(f"| {PROJECTS:,} projects x {OUTCOMES} outcomes | ms | projects a second | ratio | memory beside, MB |")
    print("|---|---|---|---|---|")
    for name, seconds in medians.items():
        memory = f"{peak(steps[name]):,.0f}" if "loop" not in name else "-"
        print(f"| {name} | {seconds * 1e3:,.1f} | {PROJECTS / seconds:,.0f} | {seconds / ours:,.2f} | {memory} |")
    reached = PROJECTS / ours, PROJECTS / medians["exact mean and sd, from columns"]
    print(f"targets: at least {TOTALS_TARGET:,.0f} and {SPREAD_TARGET:,.0f} projects a second")
    return int(reached[0] < TOTALS_TARGET or reached[1] < SPREAD_TARGET)


if __name__ == "__main__":
    sys.exit(main())
