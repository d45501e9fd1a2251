"""The sheet Result: the ratio with its rules, the ladder, by year, stakeholder and outcome; live, made to be printed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from sroi import wording
from sroi.evaluation import evaluate
from sroi.files.workbook_layout import BY_YEAR, FIRST, INPUTS, STAKEHOLDERS
from sroi.files.workbook_working import REACHED, RUNNING, UNDISCOUNTED, WORTH, Working
from sroi.names import DEDUCTIONS

MONEY = "#,##0.00;[Red]-#,##0.00"
_TOTALS = (
    ("total_present_value", "Total present value"), ("total_inputs", "Total inputs"),
    ("net_present_value", "Net present value"), ("sroi_ratio", "SROI ratio (to 1)"),
    ("net_sroi_ratio", "Net SROI ratio (to 1)"), ("payback_years", "Payback, years"),
)  # fmt: skip
TOTAL_FIRST = 5


def write_result(pen: Any, sheet: Any, working: Working) -> None:
    """Write the sheet; its totals stand under the names that others rely on."""
    result = evaluate(working.map)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 5, 18)
    title = working.setting("title")
    pen.formula(sheet, 0, 0, f"={title}", working.map.title, pen.format(bold=True, font_size=18, font_color="#00548A"))
    sheet.merge_range(1, 0, 1, 5, "", pen.format(text_wrap=True))
    pen.formula(sheet, 1, 0, _rules(working), _rules_now(working), pen.format(text_wrap=True))
    sheet.set_row(0, 26)
    sheet.set_row(1, 28)
    sheet.merge_range(2, 0, 2, 5, "", pen.format())
    sheet.write_string(
        2,
        0,
        "About value to people, not cash. Ratios of different organisations are not to be ranked.",
        pen.format(italic=True),
    )
    _write_totals(pen, sheet, working, result)
    row = _write_ladder(pen, sheet, working, result, TOTAL_FIRST + len(_TOTALS) + 2)
    row = _write_stakeholders(pen, sheet, working, result, row + 2)
    row = _write_years(pen, sheet, working, row + 2)
    row = _write_outcomes(pen, sheet, working, row + 2)
    # Spare rows show as nothing until somebody fills in what they stand for.
    blank = pen.format(bg_color="#FFFFFF")
    sheet.conditional_format(
        TOTAL_FIRST + len(_TOTALS), 1, row, 5, {"type": "cell", "criteria": "==", "value": '""', "format": blank}
    )
    sheet.print_area(0, 0, row, 5)


def _rules(working: Working) -> str:
    rate, timing = working.setting("conventions.discount_rate"), working.setting("conventions.discount_timing")
    kind = f'IF({working.setting("analysis")}="forecast","Forecast","Evaluation")'
    shown = f'IF(ISNUMBER({rate}),TEXT({rate},"0.0#%")&" a year",{rate}&"")'
    rated = f"SUMPRODUCT({working.column('counts')},1-{working.column('at_the_maps_rate')})"
    own = f'IF({rated}>0," (at a rate of their own: "&{rated}&")","")'
    return (
        f'={kind}&", "&{working.setting("currency")}&", "&{working.setting("price_year")}&" prices, "'
        f'&IF({timing}="none","not discounted","discounted at "&{shown}&{own}&", "&SUBSTITUTE({timing},"_"," "))'
        f'&", deductions: "&{working.setting("conventions.deductions")}'
    )


def _rules_now(working: Working) -> str:
    chart, rules = working.map, working.map.conventions
    rate = rules.discount_rate
    number = working.values.rates[0]
    text = rate if isinstance(rate, str) else "by year" if rate.by_year else ""
    if not text:
        shown = f"{number * 100:.2f}"
        text = f"{shown[:-1] if shown.endswith('0') else shown}% a year"
    rated = int((working.values.counts * (1 - working.values.at_the_maps_rate)).sum())
    own = f" (at a rate of their own: {rated})" if rated else ""
    timing = (
        "not discounted"
        if rules.discount_timing == "none"
        else f"discounted at {text}{own}, {rules.discount_timing.replace('_', ' ')}"
    )
    kind = wording.analysis_word(chart.analysis).capitalize()
    return f"{kind}, {chart.currency}, {chart.price_year} prices, {timing}, deductions: {rules.deductions}"


def _heading(pen: Any, sheet: Any, row: int, *texts: str) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, pen.heading(align="right" if column else "left"))
    sheet.set_row(row, 28 if any(len(text) > 19 for text in texts[1:]) else None)


def _write_totals(pen: Any, sheet: Any, working: Working, result: Any) -> None:
    _heading(pen, sheet, TOTAL_FIRST - 1, "In figures", "")
    counts, worth = working.column("counts"), working.column("present_value")
    column = INPUTS.column("worth")
    inputs = f"Inputs!{xl_range_abs(FIRST, column, FIRST + working.size.inputs - 1, column)}"
    reached = working.line(REACHED, 1, working.size.span, sheet=True)
    running = working.line(RUNNING, 1, working.size.span, sheet=True)
    yearly = working.line(WORTH, 1, working.size.span, sheet=True)
    first = f"MATCH(1,{reached},0)"
    before = f"(INDEX({running},1,{first})-INDEX({yearly},1,{first}))"
    formulas = {
        "total_present_value": f"SUMPRODUCT({counts},{worth})",
        "total_inputs": f"SUM({inputs})",
        "net_present_value": "total_present_value-total_inputs",
        "sroi_ratio": 'IF(total_inputs>0,total_present_value/total_inputs,"no ratio")',
        "net_sroi_ratio": 'IF(total_inputs>0,net_present_value/total_inputs,"no ratio")',
        "payback_years": f'IFERROR({first}-1+(total_inputs-{before})/INDEX({yearly},1,{first}),"never")',
    }
    for place, (name, label) in enumerate(_TOTALS):
        row = TOTAL_FIRST + place
        figure = float(getattr(result, name))
        value = figure if figure == figure else ("never" if name == "payback_years" else "no ratio")
        big = {"bold": True, "font_size": 14} if name == "sroi_ratio" else {}
        style = pen.locked(
            num_format="0.00" if "ratio" in name or name == "payback_years" else MONEY, align="right", **big
        )
        sheet.write_string(row, 0, label, pen.format(**big))
        pen.formula(sheet, row, 1, f"={formulas[name]}", value, style)
        pen.book.define_name(name, f"=Result!{xl_rowcol_to_cell(row, 1, True, True)}")
    span, cohorts = working.size.span, working.size.cohorts
    ends = f"SUMPRODUCT(MAX({working.column('duration')}+{working.column('late')}+{working.column('cohorts')}-1))"
    # The program refuses such a share, and here it would be reckoned with: the ratio must not stand there as if it were sound.
    shares = [working.inputs(key) for key in ("quantity.share", *DEDUCTIONS, "drop_off")]
    beyond = "+".join(f'COUNTIF({each},"<0")+COUNTIF({each},">1")' for each in shares)
    worded = "+".join(f'COUNTA({each})-COUNT({each})-COUNTIF({each},"{BY_YEAR}")' for each in shares)
    check = (
        f'=IF({beyond}+{worded}>0,"CHECK: a share is no number from 0 % to 100 %: no figure here can be trusted. `sroi check` names the cell.",'
        f'IF({ends}>{span},"CHECK: an outcome lasts beyond year {span}, which this workbook does not count.",'
        f'IF({working.setting("activity.years")}>{cohorts},"CHECK: more than {cohorts} years of activity: make the workbook anew.","Checked: all years are counted.")))'
    )
    pen.formula(sheet, TOTAL_FIRST + len(_TOTALS), 0, check, "Checked: all years are counted.", pen.format(italic=True))


def _write_ladder(pen: Any, sheet: Any, working: Working, result: Any, row: int) -> int:
    _heading(pen, sheet, row, "From gross value to what can be claimed", "Present value")
    counts = working.column("counts")
    stages = [working.column(name) for name in ("gross", "after_deadweight", "after_displacement", "after_attribution")]
    lasting, faded = working.column("duration"), working.column("lasting")
    totals = [f"SUMPRODUCT({counts},{stage},{lasting})" for stage in stages]
    totals += [f"SUMPRODUCT({counts},{stages[3]},{faded})", "total_present_value"]
    formulas = [
        totals[0],
        *(f"{after}-{before}" for before, after in pairwise(totals)),
        totals[-1],
    ]
    for place, ((step, change), formula) in enumerate(zip(result.ladder.items(), formulas, strict=True), start=1):
        sheet.write_string(row + place, 0, wording.STEP_WORDS[step], pen.format())
        pen.formula(sheet, row + place, 1, f"={formula}", float(change), pen.locked(num_format=MONEY))
    return row + len(formulas)


def _write_stakeholders(pen: Any, sheet: Any, working: Working, result: Any, row: int) -> int:
    _heading(pen, sheet, row, "By stakeholder", "Present value", "Put in")
    size, people = working.size, working.map.stakeholders
    owner = INPUTS.column("stakeholder")
    given = f"Inputs!{xl_range_abs(FIRST, owner, FIRST + size.inputs - 1, owner)}"
    worth_column = INPUTS.column("worth")
    worth = f"Inputs!{xl_range_abs(FIRST, worth_column, FIRST + size.inputs - 1, worth_column)}"
    for place in range(size.stakeholders):
        who = people[place] if place < len(people) else None
        line = row + 1 + place
        own = f"Stakeholders!{xl_rowcol_to_cell(FIRST + place, 0, True, True)}"
        name = f"Stakeholders!{xl_rowcol_to_cell(FIRST + place, STAKEHOLDERS.column('name'), True, True)}"
        pen.formula(sheet, line, 0, f'=IF({name}<>"",{name},{own}&"")', who.label if who else "", pen.format())
        gained = f"SUMPRODUCT(({working.inputs('stakeholder')}={own})*{working.column('counts')}*{working.column('present_value')})"
        put_in = f"SUMIF({given},{own},{worth})"
        for column, formula, figure in (
            (1, gained, result.present_value_of(who.id) if who else ""), (2, put_in, result.inputs_of(who.id) if who else ""),
        ):  # fmt: skip
            pen.formula(sheet, line, column, f'=IF({own}="","",{formula})', figure, pen.locked(num_format=MONEY))
    return row + size.stakeholders


def _write_years(pen: Any, sheet: Any, working: Working, row: int) -> int:
    _heading(pen, sheet, row, "By year", "Value, undiscounted", "Present value", "Running sum")
    values = working.values
    for year in range(1, working.size.span + 1):
        sheet.write_number(row + year, 0, year, pen.format(align="left"))
        for column, line, figures in (
            (1, UNDISCOUNTED, values.undiscounted),
            (2, WORTH, values.worth),
            (3, RUNNING, values.running),
        ):
            pen.formula(sheet, row + year, column, f"=Working!{working.time(line, year)}", float(figures[year - 1]),
                        pen.locked(num_format=MONEY))  # fmt: skip
    return row + working.size.span


def _write_outcomes(pen: Any, sheet: Any, working: Working, row: int) -> int:
    _heading(pen, sheet, row, "By outcome", "Gross value", "Present value", "Counts", "Ratio with it, or without it")
    values = working.values
    total, inputs = float(evaluate(working.map).total_present_value), float(evaluate(working.map).total_inputs)
    for place in range(working.size.outcomes):
        line = row + 1 + place
        there = values.ids[place] != ""
        own, counts = working.input(place, "id"), f"Working!{working.cell(place, 'counts')}"
        words = working.input(place, "description")
        outcome = working.map.outcomes[place] if there else None
        label = (outcome.description or outcome.id) if outcome is not None else ""
        pen.formula(sheet, line, 0, f'=IF({words}<>"",{words},{own}&"")', label, pen.format(text_wrap=True))
        sheet.set_row(line, 27 if len(label) > 48 else None)
        gross = f"Working!{working.cell(place, 'gross')}*Working!{working.cell(place, 'duration')}"
        worth = f"Working!{working.cell(place, 'present_value')}"
        pv, counted = float(values.present_value[place]), float(values.counts[place])
        other = (total + pv * (1 - 2 * counted)) / inputs if inputs > 0 else "no ratio"
        for column, formula, figure, shown in (
            (1, gross, float(values.stages[0][place] * values.duration[place]), MONEY), (2, worth, pv, MONEY),
            (3, counts, counted, "0"),
            (4, f'IF(total_inputs>0,(total_present_value+{worth}*(1-2*{counts}))/total_inputs,"no ratio")', other, "0.00"),
        ):  # fmt: skip
            pen.formula(
                sheet,
                line,
                column,
                f'=IF({own}="","",{formula})',
                figure if there else "",
                pen.locked(num_format=shown),
            )
    return row + working.size.outcomes
