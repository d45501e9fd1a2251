"""What a portfolio report says, as blocks that every format renders: told once from a `PortfolioStudy`."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from sroi import plots, wording
from sroi.comparison.aspects import RULES, rule
from sroi.comparison.causes import conventions_words
from sroi.comparison.restatement import NOT_RANKED, Scope
from sroi.framing import Conventions
from sroi.plots import ProjectRatio
from sroi.portfolio.money import Pot
from sroi.portfolio.projects import Project
from sroi.portfolio.study import PortfolioStudy
from sroi.portfolio.sums import is_calendar
from sroi.portfolio.sureness import Sureness
from sroi.reading import NOT_STATED
from sroi.reports import portfolio_doubts as doubts
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table
from sroi.reports.portfolio_doubts import MOST_ROWS, count, in_full, names_words

_MOST_BARS = 14


def tell_portfolio(study: PortfolioStudy, title: str = "") -> Story:
    """Return the portfolio report's story; every section stands, and says so where there is nothing to show."""
    heading = title or f"Portfolio of {count(len(study.projects), 'project')}"
    sections = (
        _together(study), _each(study), _restated(study), _whose(study), _when(study), doubts.twice(study),
        doubts.far(study),
        doubts.findings(study), doubts.failed(study), doubts.method(),
    )  # fmt: skip
    return Story(heading, f"{study.source}. Social return on investment of several projects", sections)


def _prices(year: int | str) -> str:
    return "price year not stated" if year == NOT_STATED else f"{year} prices"


# ---- together ----


def _together(study: PortfolioStudy) -> Section:
    heading = "The portfolio as a whole"
    if not study.projects:
        text = "No run left a result, so there is nothing to add up. What failed stands below."
        return Section("together", heading, (Paragraph(text, "lead"),))
    blocks: list[Block] = []
    if len(study.pots) > 1:
        currencies = ", ".join(pot.currency for pot in study.pots)
        text = f"Currencies differ ({currencies}), and different currencies are never added: each has its own total."
        blocks.append(Paragraph(text, "lead"))
    for pot, sure in zip(study.pots, study.sureness, strict=True):
        twice = (doubts.at_stake_words(study, pot),) if study.at_stake(pot) else ()
        blocks += _pot(pot, (_range_words(sure), *twice))
    blocks.append(_kinds(study.projects))
    if study.failed:
        left = len(study.failed)
        several = (
            "1 further run has left no result and is"
            if left == 1
            else f"{left:,} further runs have left no result and are"
        )
        blocks.append(Paragraph(f"{several} in no figure here: see “What failed”.", "note"))
    return Section("together", heading, tuple(blocks))


def _pot(pot: Pot, caveats: Sequence[str]) -> list[Block]:
    money = f"{pot.currency}, {_prices(pot.price_year)}"
    if not pot.projects:
        return [Paragraph(f"{pot.currency}: nothing can be added up.", "lead"), *_left_out(pot)]
    ratio = pot.sroi_ratio
    blocks: list[Block] = [Paragraph(f"{wording.ratio(ratio)} : 1" if not math.isnan(ratio) else "no ratio", "ratio")]
    if math.isnan(ratio):
        blocks.append(Paragraph("There is no ratio: nothing was put in.", "lead"))
    else:
        step = 0.1 if abs(ratio) < 10 else 1.0
        about = wording.money(round(ratio / step) * step, pot.currency, 2 if step < 1 else 0)
        say = f"{count(len(pot.projects), 'project')} together: about {about} of social value"
        blocks.append(
            Paragraph(
                f"{say} for each {wording.money(1, pot.currency)} put in. This is value to people, not cash.", "lead"
            )
        )
    blocks.append(Paragraph(f"Total value over total inputs, not a mean of ratios; {money}."))
    blocks += [Paragraph(each) for each in caveats]
    net = pot.total_present_value - pot.total_inputs
    rows = (
        ("Projects", f"{len(pot.projects):,}"),
        ("Total present value", wording.money(pot.total_present_value, pot.currency)),
        ("Total inputs", wording.money(pot.total_inputs, pot.currency)),
        ("Net present value", wording.money(net, pot.currency)),
        ("SROI ratio of all", wording.ratio(ratio) if math.isnan(ratio) else f"{wording.ratio(ratio)} : 1"),
    )
    blocks.append(
        Table(
            f"totals_{pot.currency}",
            f"The portfolio in figures ({money})",
            ("Figure", pot.currency),
            rows,
            (False, True),
        )
    )
    if pot.working:
        text = "Price years differ. Each project's value and inputs were brought to one price year by the GDP deflator:"
        blocks += [Paragraph(text), Bullets(pot.working)]
    return [*blocks, *_left_out(pot)]


def _range_words(sure: Sureness | None) -> str:
    if sure is None:
        return "No project that counts here states a range, so nothing can be said of how sure this ratio is."
    low, high, together_low, together_high = (
        wording.ratio(each) for each in (sure.low, sure.high, sure.together_low, sure.together_high)
    )
    text = (
        f"Range from the stated ranges: {low} to {high} (central 90 %), if the projects are independent of each other; "
        f"if the values of all rose and fell together, {together_low} to {together_high}."
    )
    still = sure.projects - sure.with_ranges
    rest = (
        f" {still:,} of {sure.projects:,} projects state no range, or their map is not there: they stand still in it."
    )
    return f"{text}{rest if still else ''} {sure.draws:,} draws, seed {sure.seed}."


def _left_out(pot: Pot) -> list[Block]:
    if not pot.left_out:
        return []
    text = (
        f"{count(len(pot.left_out), 'project')} in {pot.currency} could not be brought to {_prices(pot.price_year)}, "
        "and nothing of another price year is added:"
    )
    by_reason: dict[str, list[str]] = {}
    for project, why in pot.left_out:
        by_reason.setdefault(f"{_prices(project.price_year)}: {why}", []).append(project.name)
    items = tuple(f"{names_words(names)} ({why})" for why, names in by_reason.items())
    return [Paragraph(text), Bullets(items)]


def _kinds(projects: Sequence[Project]) -> Paragraph:
    forecasts = sum(each.analysis == "forecast" for each in projects)
    others = len(projects) - forecasts
    if forecasts and others:
        text = (
            f"{count(forecasts, 'forecast')} and {count(others, 'evaluation')} stand together here: the one says "
            "what is hoped for, the other what was found."
        )
    else:
        text = f"All of them are {'forecasts: they say what is hoped for' if forecasts else 'evaluations'}."
    return Paragraph(text, "note")


# ---- project by project ----


def _each(study: PortfolioStudy) -> Section:
    heading = "Project by project"
    if not study.projects:
        return Section("projects", heading, (Paragraph("There is none with a result."),))
    ranked = study.order == "ratio"
    blocks: list[Block] = [Paragraph(_order_words(ranked))]
    ratios = [
        ProjectRatio(each.name, each.sroi_ratio, interval, each.analysis == "forecast")
        for each, interval in zip(study.projects, study.intervals, strict=True)
    ]
    drawn = [each for each in ratios if not math.isnan(each.sroi_ratio)]
    if drawn:
        low, high = min(each.sroi_ratio for each in drawn), max(each.sroi_ratio for each in drawn)
        said = (
            f"Dots, one for each of {count(len(drawn), 'project')}, in the order of {'ratios' if ranked else 'names'}, "
            f"whiskers where ranges are stated. From {wording.ratio(low)} to {wording.ratio(high)}. The table "
            "has them all."
        )
        blocks.append(
            Figure(
                "projects", "The ratio of each project, with its range", said,
                lambda width: plots.picture(
                    lambda axes: plots.project_ratios(ratios, axes), width, plots.projects_height(len(drawn), width)
                ),
            )
        )  # fmt: skip
    blocks += in_full(_projects_table(study), "All projects, one by one")
    without = [each for each in study.projects if each.no_map]
    if without:
        reasons = sorted({each.no_map for each in without})
        text = (
            f"{count(len(without), 'project')}: no interval and no restatement, for the value map is not there to "
            f"reckon with ({'; '.join(reasons)})."
        )
        blocks.append(Paragraph(text, "note"))
    return Section("projects", heading, tuple(blocks))


def _order_words(ranked: bool) -> str:
    if ranked:
        return (
            "In the order of their ratios, as was asked for. A ratio says nothing of another project's: read it beside "
            "what it covers, how long its changes are taken to last, and who is counted."
        )
    return f"In the order of their names. {NOT_RANKED.replace('stand in the order given and are not', 'are not')}"


def _projects_table(study: PortfolioStudy) -> Table:
    rows = []
    ranked = study.order == "ratio"
    for project, interval, covers in zip(study.projects, study.intervals, study.scopes, strict=True):
        row = [
            project.name, wording.analysis_word(project.analysis), wording.ratio(project.sroi_ratio),
            "–" if interval is None else f"{wording.ratio(interval[0])} to {wording.ratio(interval[1])}",
            wording.money(project.total_inputs, project.currency),
            wording.money(project.total_present_value, project.currency),
            "not stated" if project.price_year == NOT_STATED else str(project.price_year),
        ]  # fmt: skip
        rows.append(tuple([*row, *_scope_cells(covers)] if ranked else row))
    headings = ["Project", "Kind", "SROI ratio", "Range (90 %)", "Inputs", "Present value", "Prices"]
    numeric = [False, False, True, True, True, True, True]
    if ranked:
        headings += ["Years of activity", "Longest change", "Stakeholders", "Outcomes counted"]
        numeric += [True] * 4
    return Table("projects", "All projects with their ratios, ranges and sums, each in its own money", tuple(headings),
                 tuple(rows), tuple(numeric), wide=True)  # fmt: skip


def _scope_cells(covers: Scope | None) -> list[str]:
    if covers is None:
        return ["–"] * 4
    lasting = wording.number_words(covers.longest_duration, "duration", "")
    return [str(covers.activity_years), lasting, str(covers.stakeholders), f"{covers.counted} of {covers.outcomes}"]


def _restated(study: PortfolioStudy) -> Section:
    heading = "Under the same rules"
    if study.common is None:
        text = "No value map is there to reckon with, so no ratio can be restated."
        return Section("restated", heading, (Paragraph(text),))
    blocks: list[Block] = [
        Paragraph(
            f"Each map keeps its own conventions. Here all are reckoned under those that most of them have: "
            f"{conventions_words(study.common)}. This makes the sums alike, not the projects."
        )
    ]
    moved = [
        (each.name, wording.ratio(each.sroi_ratio), wording.ratio(study.restated[each.name]), own)
        for each in study.projects
        if each.impact_map is not None and (own := _own_rules(each.impact_map.conventions, study.common))
    ]
    if moved:
        headings = ("Project", "Own rules", "Same rules", "What its own rules are")
        table = Table("restated", "Ratios under their own rules and under the same ones", headings, tuple(moved),
                      (False, True, True, False), wide=True)  # fmt: skip
        blocks += in_full(table, "Projects with rules of their own")
        alike = len(study.restated) - len(moved)
        if alike:
            blocks.append(Paragraph(f"{count(alike, 'project')} had these rules already.", "note"))
    else:
        blocks.append(Paragraph("All that can be restated have these rules already: nothing changes."))
    return Section("restated", heading, tuple(blocks))


def _own_rules(own: Conventions, common: Conventions) -> str:
    """Return a map's own conventions, in words, where the common ones differ."""
    return conventions_words(own, [field for field in RULES if rule(own, field) != rule(common, field)])


# ---- whose, where, when ----


def _whose(study: PortfolioStudy) -> Section:
    blocks: list[Block] = []
    for pot in study.pots:
        if pot.projects:
            of = f" ({pot.currency})" if len(study.pots) > 1 else ""
            blocks += _sums(study, pot, "by_stakeholder", "stakeholder", f"Who gains{of}", "Value by stakeholder")
            blocks += _sums(study, pot, "by_place", "place", f"Where the value is{of}", "Value by place")
            blocks += _sums(study, pot, "by_outcome", "outcome", f"What changes{of}", "Value by outcome")
    if not blocks:
        blocks = [Paragraph("There is nothing to add up.")]
    elif study.tables["by_place"].empty:
        blocks.append(Paragraph("No outcome says in which place it is, so nothing is told by place.", "note"))
    note = "Stakeholders, outcomes and places go by their names: what one project calls otherwise is another line."
    return Section("whose", "Whose value it is, what changes and where", (*blocks, Paragraph(note, "note")))


def _sums(study: PortfolioStudy, pot: Pot, name: str, column: str, lead: str, caption: str) -> list[Block]:
    frame = study.tables[name]
    frame = frame[frame["currency"] == pot.currency]
    if frame.empty:
        return []
    money = f"{pot.currency}, {_prices(pot.price_year)}"
    labels = [str(each) or "not stated" for each in frame[column]]
    bars = list(zip(labels, frame["present_value"].tolist(), strict=True))
    bars = sorted((each for each in bars if each[1]), key=lambda each: -abs(each[1]))
    all_bars, bars = len(bars), bars[:_MOST_BARS]
    bars.sort(key=lambda each: -each[1])
    blocks: list[Block] = [Paragraph(lead, "lead")]
    if bars and name != "by_outcome":
        said = "; ".join(f"{label}: {wording.money(value, pot.currency)}" for label, value in bars[:6])
        blocks.append(_bars(f"{name}_{pot.currency}", f"{caption}{_of(len(bars), all_bars)}", said, bars, pot, money))
    rows = tuple(
        (label, f"{row['projects']:,}", wording.money(float(row["present_value"]), pot.currency),
         *([_put_in(row, pot)] if name == "by_stakeholder" else []))
        for label, row in zip(labels[:MOST_ROWS], frame.to_dict("records"), strict=False)
    )  # fmt: skip
    put_in = ("Put in",) if name == "by_stakeholder" else ()
    headings = (column.capitalize(), "Projects", "Present value", *put_in)
    caption = f"{caption} ({money}){_of(len(rows), len(frame), f'tables/{name}.csv')}"
    return [*blocks, Table(f"{name}_{pot.currency}", caption, headings, rows, (False, *(True,) * (len(headings) - 1)))]


def _put_in(row: Mapping[Hashable, Any], pot: Pot) -> str:
    return wording.money(float(row["inputs"]), pot.currency) if row["inputs"] else "–"


def _of(shown: int, all_of_them: int, file: str = "") -> str:
    where = f"; all are in {file}" if file else ""
    return f", the {shown} largest of {all_of_them:,}{where}" if shown < all_of_them else ""


def _bars(name: str, caption: str, said: str, bars: Sequence[tuple[str, float]], pot: Pot, money: str) -> Figure:
    label = f"Present value, {money}"
    draw: Callable[[float], object] = lambda width: plots.picture(  # noqa: E731
        lambda axes: plots.value_by_name(bars, pot.currency, label, axes), width, 1.2 + 0.42 * len(bars)
    )
    return Figure(name, caption, f"Bars. {said}.", draw)  # type: ignore[arg-type]


def _when(study: PortfolioStudy) -> Section:
    blocks: list[Block] = []
    frame = study.tables["by_year"]
    for pot in study.pots:
        own = frame[frame["currency"] == pot.currency]
        if own.empty:
            continue
        calendar = is_calendar(pot.projects)
        rows = tuple(
            (str(row["year"]), f"{row['projects']:,}", wording.money(float(row["value"]), pot.currency),
             wording.money(float(row["present_value"]), pot.currency))
            for row in own.head(MOST_ROWS).to_dict("records")
        )  # fmt: skip
        said = "The calendar year in which each year of a project begins." if calendar else (
            "Years counted from the beginning of each project: not all of them say when they began."
        )  # fmt: skip
        more = f", the first {len(rows)} of {len(own):,}; all are in tables/by_year.csv" if len(rows) < len(own) else ""
        caption = f"Value by year ({pot.currency}, {_prices(pot.price_year)}){more}"
        headings = ("Year", "Projects with value", "Value", "Present value")
        if Paragraph(said) not in blocks:
            blocks.append(Paragraph(said))
        blocks.append(Table(f"by_year_{pot.currency}", caption, headings, rows, (True,) * 4))
    return Section("years", "When the value comes", tuple(blocks) or (Paragraph("There is nothing to show."),))
