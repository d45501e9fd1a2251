"""The ratio, written out: the outcomes that count added up, the inputs added up, the one divided by the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sroi import wording
from sroi.explaining.explanation import MOST_ROWS, Explanation, in_one_line
from sroi.explaining.givens import rate_given
from sroi.explaining.paper import Cell, Paper
from sroi.explaining.pencil import MONEY, NUMBER, Figure, Working, quotient, total
from sroi.impact_map import ImpactMap
from sroi.nouns import Input, Outcome
from sroi.result import Result


def explain_ratio(impact_map: ImpactMap, result: Result) -> Explanation:
    """Return how the ratio comes about from what each outcome and each input is worth."""
    paper = Paper(impact_map.currency)
    nouns: list[Outcome | Input] = [*impact_map.outcomes, *impact_map.inputs]
    owners = {noun.id: noun.stakeholder for noun in nouns}
    labels = {noun.id: in_one_line(noun.label) for noun in nouns}
    counted = [name for name, counts in zip(result.priced, result.counted, strict=True) if counts]
    gained = {name: float(result.present_value[result.priced.index(name)]) for name in counted}
    given = {each.id: float(result.inputs[place]) for place, each in enumerate(impact_map.inputs)}
    worth = _added(paper, impact_map, "Outcomes that count", "Total present value", gained, owners, labels)
    put_in = _added(paper, impact_map, "Inputs", "Total inputs", given, owners, labels)
    net = Working("{} − {}", (worth, put_in), lambda gains, costs: gains - costs)
    net_worth = paper.work("Net present value", "total present value − total inputs", net, MONEY)
    if not put_in.value > 0:
        paper.say("Nothing was put in, so there is no ratio.")
        ratio = math.nan
    else:
        figure = paper.work("SROI ratio", "total present value / total inputs", quotient(worth, put_in), NUMBER)
        net_ratio = quotient(net_worth, put_in)
        net_figure = paper.work("Net SROI ratio", "net present value / total inputs", net_ratio, NUMBER)
        # A ratio is printed to two decimals everywhere.
        figure.digits.decimals = net_figure.digits.decimals = 2
        ratio = figure.value
    left_out = impact_map.not_counted()
    if left_out:
        paper.say(
            "Not counted: {}. `sroi explain` with one of these names says why, and what it would be.",
            ", ".join(list(left_out)[:MOST_ROWS]) + (", .." if len(left_out) > MOST_ROWS else ""),
        )
    parts = paper.read()
    summary = f"The SROI ratio is {wording.ratio(ratio)} : 1 ({result.rules()})."
    discounts = impact_map.conventions.discount_timing != "none"
    givens = (rate_given(impact_map),) if discounts else ()
    title, shown = in_one_line(impact_map.title), f"{wording.ratio(ratio)} : 1"
    return Explanation("sroi_ratio", "ratio", title, ratio, shown, summary, givens, parts)


def _added(
    paper: Paper,
    impact_map: ImpactMap,
    caption: str,
    words: str,
    worth: Mapping[str, float],
    owners: Mapping[str, str],
    labels: Mapping[str, str],
) -> Figure:
    """Write down the sum of what several are worth: each in a line; if they are many, a line for each stakeholder."""
    if not worth:
        paper.say(f"{caption}: none.")
        return paper.take(0.0, MONEY)
    figures = dict(zip(worth, paper.given_column(list(worth.values())), strict=True))
    if len(figures) <= MOST_ROWS:
        rows: list[list[Cell]] = [[name, labels[name], figure] for name, figure in figures.items()]
        whole = paper.column([total(*figures.values())])[0]
        paper.rule(caption, ("Name", "In words", "Present value"), rows, total=[words, "", whole])
        return whole
    sums = {}
    for who in impact_map.stakeholders:
        own = [name for name in figures if owners[name] == who.id]
        if own:
            what = f"{caption}: {in_one_line(who.label)} ({len(own)})"
            sums[what] = _named_sum(own, [figures[name] for name in own])
    subtotals = paper.column(list(sums.values()))
    for (what, working), subtotal in zip(sums.items(), subtotals, strict=True):
        paper.show(what, "", working, subtotal)
    whole = paper.column([total(*subtotals)])[0]
    paper.show(words, "", total(*subtotals), whole)
    return whole


def _named_sum(names: Sequence[str], figures: Sequence[Figure]) -> Working:
    """Return gp_visits £1,710 + friends £772: names are ids, which hold no brace."""
    pattern = " + ".join(f"{name} {{}}" for name in names)
    return Working(pattern, tuple(figures), lambda *each: math.fsum(each))
