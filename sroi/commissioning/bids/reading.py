"""A filled profile or file of bids becomes nouns; what does not fit together is refused, all of it in one message."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sroi.commissioning.bids.formulas import ONE, ZERO, exact
from sroi.commissioning.bids.profile import (
    METHODS,
    Band,
    Criterion,
    Measure,
    Profile,
    Question,
    Tender,
    how_to_mend,
    told_apart,
)
from sroi.errors import FileRefused, Problem
from sroi.files.form_reader import Filled, Row


def fraction(row: Row, column: str) -> Fraction | None:
    """Return a number of a row as the fraction that was written, or None."""
    return None if row[column] is None else exact(row[column])


def text(row: Row, column: str) -> str:
    """Return a text of a row, empty if there is none."""
    return row[column] or ""


def profile_of(filled: Filled) -> Profile:
    """Return the profile in a filled form; FileRefused with every fault, each at its cell or line."""
    problems = [
        *_tender_problems(filled),
        *_criteria_problems(filled),
        *_measure_problems(filled),
        *_band_problems(filled),
    ]
    if problems:
        raise FileRefused(problems, filled.file)
    return Profile(
        _tender(filled.one("tender")),
        tuple(_criterion(row) for row in filled["criteria"]),
        tuple(_measure(row) for row in filled["measures"]),
        tuple(
            Band(row["name"], exact(row["share"]), text(row, "meaning"), text(row, "criterion"))
            for row in filled["bands"]
        ),
        tuple(Question(row["id"], row["title"], row["about"], bool(row["must_pass"])) for row in filled["questions"]),
    )


def _tender(row: Row) -> Tender:
    optional: dict[str, Any] = {
        name: fraction(row, name)
        for name in (
            "contract_value", "willingness_to_pay", "moderate_beyond", "price_low", "price_high", "unusual_times",
        )
    }  # fmt: skip
    # What is left out keeps what the noun says.
    for name in ("currency", "total", "rounding", "decimals", "tie_criterion", "unmoderated"):
        if row[name] is not None:
            optional[name] = row[name]
    return Tender(
        row["reference"], row["title"], row["buyer"], row["bids_open"], years=fraction(row, "years") or ONE,
        most_measures=row["most_measures"], most_measures_per_bid=row["most_measures_per_bid"], **optional,
    )  # fmt: skip


def _criterion(row: Row) -> Criterion:
    return Criterion(
        row["id"], row["title"], row["kind"], row["method"], fraction(row, "weight") or ZERO, text(row, "group"),
        fraction(row, "threshold"), fraction(row, "full_marks_price"), fraction(row, "no_marks_price"),
        fraction(row, "money_value"), text(row, "conventions"), text(row, "description"),
    )  # fmt: skip


def _measure(row: Row) -> Measure:
    return Measure(
        row["id"], row["title"], row["unit"], row["criterion"], fraction(row, "value"), fraction(row, "weight"),
        bool(row["mandatory"]), fraction(row, "low"), fraction(row, "high"), fraction(row, "limit"),
        text(row, "limit_by"), text(row, "source"),
    )  # fmt: skip


# ---- what does not fit together ----


def _tender_problems(filled: Filled) -> list[Problem]:
    row = filled.one("tender")
    problems = []
    if row["total"] == "willingness_to_pay" and not row["willingness_to_pay"]:
        problems.append(row.problem("willingness_to_pay", "nothing says what one per cent of the points is worth",
                                    "Give a sum above 0, or another way to make a total."))  # fmt: skip
    if row["price_low"] is not None and row["price_high"] is not None and row["price_low"] > row["price_high"]:
        problems.append(row.problem("price_low", "the lowest plausible price is above the highest", "Swap them."))
    most = row["most_measures"]
    if most is not None and len(filled["measures"]) > most:
        found = f"there are {len(filled['measures'])} measures, and this tender has at most {most}"
        problems.append(row.problem("most_measures", found, "Take measures out, or change your rule."))
    return problems


def _criteria_problems(filled: Filled) -> list[Problem]:
    total = filled.one("tender")["total"] or "weighted_sum"
    problems: list[Problem] = []
    for row in filled["criteria"]:
        problems += _criterion_problems(row, total)
    if total == "value_net_of_quality_price":
        return problems
    weights = sum((exact(row["weight"] or 0) for row in filled["criteria"]), ZERO)
    if weights != 1 and filled["criteria"]:
        found = f"the weights add up to {told_apart(weights, 1)}, and not to 100 %"
        problems.append(filled["criteria"][-1].problem("weight", found, how_to_mend(weights)))
    return problems


def _criterion_problems(row: Row, total: str) -> Iterable[Problem]:
    kind, method = row["kind"], row["method"]
    if method not in METHODS[kind]:
        yield row.problem("method", f"'{method}' is no formula for a criterion of kind {kind}",
                          f"Take {' or '.join(METHODS[kind])}.")  # fmt: skip
    if kind == "price" and total != "weighted_sum":
        yield row.problem("kind", f"with {total} the whole price is set against the points of all else",
                          "Take this criterion out, or choose weighted_sum.")  # fmt: skip
    priced = total == "value_net_of_quality_price"
    if priced and not row["money_value"]:
        yield row.problem("money_value", "nothing says what full marks are worth", "Give a sum above 0.")
    if priced and row["weight"] is not None:
        yield row.problem("weight", "with value_net_of_quality_price the money does the weighing",
                          "Leave the weight out.")  # fmt: skip
    if not priced and row["weight"] is None:
        yield row.problem("weight", "this criterion has no weight", "Give it one, in per cent.")
    if not priced and row["money_value"] is not None:
        yield row.problem("money_value", f"a sum for full marks means nothing with {total}", "Leave it out.")
    if kind == "sroi_ratio" and not row["conventions"]:
        yield row.problem("conventions", "an SROI ratio is to be scored, and no conventions are prescribed",
                          "Say by which rules all bidders reckon it, or take the criterion out: ratios made by "
                          "different rules are not to be ranked.")  # fmt: skip
    full, none = row["full_marks_price"], row["no_marks_price"]
    if method == "linear_between_set_prices":
        if full is None or none is None:
            missing = "full_marks_price" if full is None else "no_marks_price"
            yield row.problem(missing, "this formula needs two prices set beforehand", "Give both.")
        elif full >= none:
            yield row.problem("full_marks_price", "the price with full marks is not below the one with none",
                              "Full marks go to the lower price.")  # fmt: skip
    elif full is not None or none is not None:
        yield row.problem("full_marks_price" if full is not None else "no_marks_price",
                          f"a price set beforehand means nothing with {method}", "Leave it out.")  # fmt: skip


def _measure_problems(filled: Filled) -> list[Problem]:
    criteria = {row["id"]: row for row in filled["criteria"]}
    problems: list[Problem] = []
    for row in filled["measures"]:
        owner = criteria.get(row["criterion"])
        if owner is not None and owner["kind"] != "quantitative":
            found = f"'{row['criterion']}' is a criterion of kind {owner['kind']}"
            problems.append(row.problem("criterion", found, "A measure belongs to a quantitative criterion."))
        if row["low"] is not None and row["high"] is not None and row["low"] > row["high"]:
            problems.append(row.problem("low", "the least plausible is above the most plausible", "Swap them."))
    for name, owner in criteria.items():
        if owner["kind"] == "quantitative":
            own = [row for row in filled["measures"] if row["criterion"] == name]
            problems += _measures_of_one(owner, own)
    return problems


def _measures_of_one(criterion: Row, measures: list[Row]) -> Iterable[Problem]:
    if not measures:
        yield criterion.problem("id", f"the quantitative criterion '{criterion['id']}' has no measure",
                                "Give it one in the sheet Measures.")  # fmt: skip
        return
    if criterion["method"] == "weighted_sum":
        for row in measures:
            if row["weight"] is None:
                yield row.problem("weight", "this measure has no weight within its criterion", "Give it one.")
        weights = sum((exact(row["weight"] or 0) for row in measures), ZERO)
        if weights != 1:
            found = f"the weights of the measures of '{criterion['id']}' add up to {told_apart(weights, 1)}"
            yield measures[-1].problem("weight", f"{found}, and not to 100 %", how_to_mend(weights))
        return
    for row in measures:
        if row["weight"] is not None:
            yield row.problem("weight", f"a weight means nothing with {criterion['method']}",
                              "Leave it out: what a unit counts for is its value.")  # fmt: skip
        if len(measures) > 1 and row["value"] is None:
            yield row.problem("value", "several measures are added up, and this one has no value for a unit",
                              "Give what a unit counts for, in money.")  # fmt: skip


def _band_problems(filled: Filled) -> list[Problem]:
    problems = []
    general = any(not row["criterion"] for row in filled["bands"])
    owned = {row["criterion"] for row in filled["bands"] if row["criterion"]}
    by_id = {row["id"]: row for row in filled["criteria"]}
    for row in filled["criteria"]:
        if row["method"] == "quality_bands" and not general and row["id"] not in owned:
            found = f"'{row['id']}' is judged by bands, and there are none"
            problems.append(row.problem("method", found, "Give your scale in the sheet Bands: none is built in."))
    first: dict[tuple[str, str], Row] = {}
    for row in filled["bands"]:
        same = first.setdefault((" ".join(row["name"].split()).casefold(), row["criterion"] or ""), row)
        if same is not row:
            found = f"the band '{row['name']}' stands twice: also at {same.place('name')}"
            problems.append(row.problem("name", found, "Keep one of the two: letters' case makes no difference."))
        owner = by_id.get(row["criterion"] or "")
        if owner is not None and owner["method"] != "quality_bands":
            found = f"'{row['criterion']}' is not judged by bands"
            problems.append(row.problem("criterion", found, "Leave the criterion out, or change its formula."))
    return problems
