"""What the lessons show beside a report's own sections: the small practice maps, and a few tables of them."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from textwrap import shorten
from typing import Any

from sroi import wording
from sroi.errors import NameRefused, Problem, did_you_mean
from sroi.evaluation import evaluate
from sroi.files.tree import to_tree
from sroi.framing import TIMINGS
from sroi.impact_map import ImpactMap
from sroi.reports.blocks import Details, Figure, Section, Table
from sroi.result import Result
from sroi.wording import STEP_WORDS, TIMING_WORDS


@dataclass(frozen=True)
class PracticeTable:
    """A small table of words; the columns from `figures_from` on hold figures, and are set to the right."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures_from: int = 1

    def _repr_html_(self) -> str:
        return wording.html_table(self.caption, self.headings, self.rows, self.figures_from)


@cache
def practice_trees() -> Mapping[str, Any]:
    """Return the practice maps as trees, by name.

    >>> sorted(practice_trees())[:3]
    ['allotment', 'choir', 'gp_visits']
    """
    trees: dict[str, Any] = tomllib.loads((files("sroi.teaching") / "practice_maps.toml").read_text("utf-8"))
    return trees


def practice_map(name: str) -> ImpactMap:
    """Return a practice map; NameRefused, with the nearest name, if there is none.

    >>> round(evaluate(practice_map("kitchen")).sroi_ratio, 3)
    1.608
    """
    trees = practice_trees()
    if name not in trees:
        raise NameRefused(Problem(f"there is no practice map '{name[:40]}'", did_you_mean(name[:40], trees)))
    return ImpactMap.model_validate(copy.deepcopy(trees[name]))


def steps_to_the_ratio(result: Result) -> PracticeTable:
    """Return the steps from gross value to the ratio, as a table.

    >>> steps_to_the_ratio(evaluate(practice_map("kitchen"))).rows[-1]
    ('SROI ratio', '1.61 : 1')
    """
    currency = result.impact_map.currency
    rows = [(STEP_WORDS[step], wording.money(change, currency)) for step, change in result.ladder.items() if change]
    rows += [("Total inputs", wording.money(result.total_inputs, currency))]
    rows += [("Net present value", wording.money(result.net_present_value, currency))]
    rows += [("SROI ratio", f"{wording.ratio(result.sroi_ratio)} : 1")]
    return PracticeTable(f"{result.impact_map.title} ({result.rules()})", ("Step", currency), tuple(rows))


def parts(section: Section, *names: str) -> Section:
    """Return a report's section with these tables and figures of it alone: a lesson shows what it speaks of.

    KeyError, naming those there are, for a name that it does not have.
    """
    known = {block.name for block in section.blocks if isinstance(block, Table | Figure)}
    if missing := [name for name in names if name not in known]:
        raise KeyError(f"no {missing[0]} in {section.name}; there are {', '.join(sorted(known))}")
    kept = tuple(block for block in section.blocks if isinstance(block, Table | Figure) and block.name in names)
    return replace(section, blocks=kept)


def first_working(section: Section) -> Section:
    """Return the working of a report's first outcome by itself, opened."""
    first = next(block for block in section.blocks if isinstance(block, Details))
    return replace(section, heading=first.summary, blocks=first.blocks)


def values_table(impact_map: ImpactMap) -> PracticeTable:
    """Return what one unit of each priced outcome is, what it is worth, and the beginning of its source.

    >>> from sroi.shipped import example
    >>> values_table(example("wheels_to_meals")).rows[3][:3]
    ('One GP consultation', '£19', "The Guide's worked example: see published")
    """
    rows = {}
    for outcome in impact_map.outcomes:
        proxy, left_out = outcome.proxy, impact_map.not_counted()
        if proxy is not None and proxy.value is not None and outcome.id not in left_out:
            worth = wording.unit_money(proxy.value.value or 0.0, impact_map.currency)
            source = shorten(proxy.source or proxy.value.source or "", 100, placeholder=" ..")
            rows[proxy.description or outcome.label] = (worth, source)
    caption = f"{impact_map.title}: what one unit is worth for a year"
    headings = ("One unit of change", "Worth", "Source")
    return PracticeTable(caption, headings, tuple((unit, *rest) for unit, rest in rows.items()), len(headings))


def under_each_timing(impact_map: ImpactMap) -> PracticeTable:
    """Return the ratio of a map under each rule of timing.

    >>> from sroi.shipped import example
    >>> [row[1] for row in under_each_timing(example("wheels_to_meals")).rows]
    ['1.93 : 1', '1.96 : 1', '2.00 : 1', '2.00 : 1']
    """
    rows = []
    for timing in TIMINGS:
        tree = to_tree(impact_map)
        tree["conventions"]["discount_timing"] = timing
        result = evaluate(ImpactMap.model_validate(tree))
        rows.append((TIMING_WORDS[timing], f"{wording.ratio(result.sroi_ratio)} : 1"))
    return PracticeTable(f"{impact_map.title}: one map under four rules", ("Rule", "SROI ratio"), tuple(rows))


def range_table(impact_map: ImpactMap) -> PracticeTable:
    """Return a map's range: the ends of the central nine in ten, the middle, the chance of a ratio above 1.

    >>> [row[0] for row in range_table(practice_map("allotment")).rows][:2]
    ['Ratio from the middle values', 'One chance in twenty below']
    """
    from sroi.uncertainty import study_uncertainty

    found = study_uncertainty(impact_map)
    said = [
        ("Ratio from the middle values", found.base),
        ("One chance in twenty below", found.quantile(0.05)),
        ("As likely below as above", found.quantile(0.5)),
        ("One chance in twenty above", found.quantile(0.95)),
    ]
    rows = [(words, f"{wording.ratio(ratio)} : 1") for words, ratio in said]
    rows.append(("Chance of more than 1 : 1", wording.per_cent(float(found.chance_above(1.0)))))
    return PracticeTable(f"{impact_map.title}: the range of the ratio", ("What", "Ratio"), tuple(rows))
