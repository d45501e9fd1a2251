"""The sheet Sensitivity: one number at a time, each outcome left out, time at nil; live."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from sroi.evaluation import evaluate
from sroi.files import workbook_rates
from sroi.files.workbook_layout import EVIDENCE, FIRST, INPUTS, height_of
from sroi.files.workbook_working import AT_MAP, Working
from sroi.names import DEDUCTIONS
from sroi.nouns import PartOfStakeholder
from sroi.sensitivity import Variation, left_out, one_way, time_at_nil

STEPS = (("Shares and drop-off, by points", 0.10, "0%"), ("Quantities, proxies and inputs, by", 0.10, "0%"),
         ("Durations, by years", 1.0, "0.0"), ("Discount rate, by points", 0.01, "0.0%"))  # fmt: skip
STEP_FIRST, TABLE = 4, 11
_STEP = {**dict.fromkeys((*DEDUCTIONS, "drop_off", "share"), 0), "duration": 2, "discount_rate": 3}


def write_sensitivity(pen: Any, sheet: Any, working: Working) -> None:
    """Write the sheet: the steps may be changed; a range on the sheet Evidence takes their place."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 46)
    sheet.set_column(2, 7, 14)
    sheet.write_string(0, 0, "What if the numbers were different", pen.format(bold=True, font_size=14))
    said = "Each number is moved alone. The sroi program also varies head counts and numbers by year, and works out the ends that survey counts give."
    sheet.write_string(1, 0, said, pen.format(italic=True))
    sheet.write_string(3, 0, "Steps, for numbers without a range of their own", pen.heading())
    sheet.set_row(3, 28)
    for place, (label, step, shown) in enumerate(STEPS):
        sheet.write_string(STEP_FIRST + place, 0, label, pen.format())
        pen.put(sheet, STEP_FIRST + place, 1, step, pen.input(num_format=shown, align="left"))
    for column, heading in enumerate(
        ("Number", "What it is", "Base", "Low", "High", "Ratio at low", "Ratio at high", "Spread")
    ):
        sheet.write_string(TABLE, column, heading, pen.heading(align="right" if column > 1 else "left"))
    row = TABLE + 1
    for variation in one_way(working.map):
        formulas = _Formulas(working, variation)
        if not formulas.live:
            continue
        _write_variation(pen, sheet, row, working, variation, formulas)
        row += 1
    row = _write_left_out(pen, sheet, working, row + 2)
    _write_time(pen, sheet, working, row + 2)
    sheet.freeze_panes(TABLE + 1, 1)


class _Formulas:
    """The formulas for one number: its base cell, and the ratio with another number in its place."""

    def __init__(self, working: Working, variation: Variation) -> None:
        self.working, self.field = working, variation.field
        owner = variation.name.partition(".")[0]
        rows = {outcome.id: place for place, outcome in enumerate(working.map.outcomes)}
        inputs = {given.id: place for place, given in enumerate(working.map.inputs)}
        number = working.map.numbers()[variation.name]
        self.row = rows.get(owner, -1)
        self.base, self.live = "", not number.by_year
        if self.field == "discount_rate":
            self.base = working.setting("conventions.discount_rate")
            self.live = self.live and not any(
                given.value is not None and given.value.by_year for given in working.map.inputs
            )
        elif owner in inputs:
            self.base = f"Inputs!{xl_rowcol_to_cell(FIRST + inputs[owner], INPUTS.column(self.field), True, True)}"
            self.worth = f"Inputs!{xl_rowcol_to_cell(FIRST + inputs[owner], INPUTS.column('worth'), True, True)}"
        elif self.row >= 0:
            outcome = working.map.outcomes[self.row]
            moved = any(o.proxy is not None and o.proxy.anchored_to for o in working.map.outcomes)
            by_year = working.values.cohorts[self.row] > 1
            self.live = self.live and not by_year and not (self.field == "proxy" and moved)
            key = {"proxy": "proxy.value", "share": "quantity.share", "times": "quantity.times"}.get(
                self.field, self.field
            )
            self.base = working.input(self.row, key)
            self.part = isinstance(outcome.quantity, PartOfStakeholder)
        else:
            self.live = False

    def ratio(self, number: str) -> str:
        """Return the formula of the ratio with `number` (a cell) in place of the base."""
        if self.field == "discount_rate":
            return self._at_rate(number)
        if self.row < 0:
            return f"IF({self.base}=0,sroi_ratio,total_present_value/(total_inputs-{self.worth}+{self.worth}*{number}/{self.base}))"
        w, row = self.working, self.row

        def own(name: str) -> str:
            return f"Working!{w.cell(row, name)}"

        counts = own("counts")
        amounts = {"quantity": own("quantity"), "proxy": own("proxy")}
        kept = own("kept")
        if self.field in ("quantity", "proxy"):
            amounts[self.field] = f"{number}*{own('factor')}" if self.field == "proxy" else number
        elif self.field in ("share", "times"):
            times = w.input(row, "quantity.times")
            share = number if self.field == "share" else w.input(row, "quantity.share")
            often = number if self.field == "times" else f'IF({times}="",1,{times})'
            amounts["quantity"] = f"{w.of_people('size', w.input(row, 'quantity.of'))}*{share}*{often}"
        elif self.field in DEDUCTIONS:
            shares = [number if name == self.field else own(name) for name in DEDUCTIONS]
            added = f"MAX(0,1-{'-'.join(shares)})"
            multiplied = "*".join(f"(1-{share})" for share in shares)
            kept = f'IF({w.setting("conventions.deductions")}="add",{added},{multiplied})'
        annuity = own("annuity")
        if self.field in ("drop_off", "duration"):
            annuity = self._annuity(number)
        worth = f"{amounts['quantity']}*{amounts['proxy']}*{kept}*{annuity}"
        return f"(total_present_value+{counts}*({worth}-{own('present_value')}))/total_inputs"

    def _annuity(self, number: str) -> str:
        """Return the worth of 1 over an outcome's life, with another drop-off or duration; no 0^0 and no array entry."""
        w, row = self.working, self.row
        late = f"Working!{w.cell(row, 'late')}"
        drop_off = number if self.field == "drop_off" else f"Working!{w.cell(row, 'drop_off')}"
        duration = number if self.field == "duration" else f"Working!{w.cell(row, 'duration')}"
        early = f'IF({w.setting("conventions.drop_off_from")}="first_year",1,0)'
        years = w.line(2, 1, w.size.span, sheet=True)
        age = f"({years}-1-{late})"
        rest = f"({duration}-{age})"
        part = f"(({rest}>=1)+({rest}>0)*({rest}<1)*{rest})*({age}>=0)"
        # Only years that count have an exponent, and a drop-off of 100 % leaves the first year alone: so no 0^0 arises.
        faded = f"(1-{drop_off})^(({age}>=0)*({rest}>0)*({age}+{early}))"
        factors = workbook_rates.factors(row, 1, w.size.span)
        first = f"IF({early}=1,0,MIN(1,{duration})*INDEX({factors},1,{late}+1))"
        return f"IF({drop_off}>=1,{first},SUMPRODUCT({faded}*{part}*{factors}))"

    def _at_rate(self, number: str) -> str:
        w = self.working
        timing, input_timing = w.setting("conventions.discount_timing"), w.setting("conventions.input_timing")
        now = f"(1+{number})^{w.setting('conventions.present_at')}"

        def shift(when: str) -> str:
            return f'IF({when}="start_of_year",1,IF({when}="mid_year",0.5,0))'

        years = w.line(2, 1, w.size.span, sheet=True)
        yearly = w.line(AT_MAP, 1, w.size.span, sheet=True)
        counts, at_map, worth = (w.column(name) for name in ("counts", "at_the_maps_rate", "present_value"))
        own = f"SUMPRODUCT({counts},1-{at_map},{worth})"
        value = f"({own}+SUMPRODUCT({yearly}*(1+{number})^({shift(timing)}-{years}))*{now})"
        first = f"Working!{w.time(6, 1)}"
        inputs = (
            f'IF({input_timing}="none",total_inputs,total_inputs/{first}*{now}*(1+{number})^({shift(input_timing)}-1))'
        )
        return f'IF({timing}="none",sroi_ratio,{value}/{inputs})'


def _write_variation(
    pen: Any, sheet: Any, row: int, working: Working, variation: Variation, formulas: _Formulas
) -> None:
    field = variation.field
    share = field in _STEP and field != "duration"
    shown = {"num_format": "0.0##%" if share else "#,##0.##"}
    sheet.set_row(row, height_of([(variation.label, 46)]))
    sheet.write_string(row, 0, variation.name, pen.format())
    sheet.write_string(row, 1, variation.label, pen.format(text_wrap=True))
    base, low, high = (xl_rowcol_to_cell(row, column, False, True) for column in (2, 3, 4))
    blank = {"duration": "1", "times": "1"}.get(field, "0")
    pen.formula(sheet, row, 2, f'=IF({formulas.base}="",{blank},{formulas.base})', variation.base, pen.locked(**shown))
    names = f"Evidence!{xl_range_abs(FIRST, 0, FIRST + working.size.evidence - 1, 0)}"
    step = f"${'B'}${STEP_FIRST + _STEP.get(field, 1) + 1}"
    least = {"discount_rate": "-0.99", "proxy": "-1E+15", "quantity": "-1E+15"}.get(field, "0")
    most = "1" if share else "500" if field == "duration" else "1E+15"
    for column, key, sign, figure in ((3, "low", "-", variation.low), (4, "high", "+", variation.high)):
        at = EVIDENCE.column(key)
        area = f"Evidence!{xl_range_abs(FIRST, at, FIRST + working.size.evidence - 1, at)}"
        known = f'IFERROR(INDEX({area},MATCH("{variation.name}",{names},0)),"")'
        move = step if field in _STEP else f"ABS({base})*{step}"
        if variation.own_range and working.map.numbers()[variation.name].estimate is not None:
            estimate = working.map.numbers()[variation.name].estimate
            if estimate is not None and estimate.low is None:
                # What survey counts, experts or a list of values give is worked out by the program.
                pen.put(sheet, row, column, figure, pen.locked(**shown))
                continue
        pen.formula(sheet, row, column, f'=IF(ISNUMBER({known}),{known},MIN({most},MAX({least},{base}{sign}{move})))', figure,
                    pen.locked(**shown))  # fmt: skip
    ratio = pen.locked(num_format="0.00")
    pen.formula(sheet, row, 5, f"={formulas.ratio(low)}", variation.ratio_low, ratio)
    pen.formula(sheet, row, 6, f"={formulas.ratio(high)}", variation.ratio_high, ratio)
    pen.formula(
        sheet, row, 7, f"=ABS({xl_rowcol_to_cell(row, 6)}-{xl_rowcol_to_cell(row, 5)})", variation.spread, ratio
    )


def _write_left_out(pen: Any, sheet: Any, working: Working, row: int) -> int:
    for column, heading in enumerate(("With one outcome left out", "", "SROI ratio")):
        sheet.write_string(row, column, heading, pen.heading())
    rows = {outcome.id: place for place, outcome in enumerate(working.map.outcomes)}
    for place, each in enumerate(left_out(evaluate(working.map)), start=1):
        own = rows[each.id]
        worth = f"Working!{working.cell(own, 'counts')}*Working!{working.cell(own, 'present_value')}"
        sheet.write_string(row + place, 0, each.id, pen.format())
        sheet.write_string(row + place, 1, each.label, pen.format(text_wrap=True))
        pen.formula(
            sheet,
            row + place,
            2,
            f"=(total_present_value-{worth})/total_inputs",
            each.sroi_ratio,
            pen.locked(num_format="0.00"),
        )
        row_last = row + place
    return row_last if left_out(evaluate(working.map)) else row


def _write_time(pen: Any, sheet: Any, working: Working, row: int) -> None:
    kinds, worth = (INPUTS.column(key) for key in ("kind", "worth"))
    last = FIRST + working.size.inputs - 1
    time = f'SUMIF(Inputs!{xl_range_abs(FIRST, kinds, last, kinds)},"time",Inputs!{xl_range_abs(FIRST, worth, last, worth)})'
    without = time_at_nil(working.map)
    figure = float(without.sroi_ratio) if without is not None else float(evaluate(working.map).sroi_ratio)
    sheet.write_string(row, 0, "With time among the inputs at nil", pen.heading())
    sheet.write_string(row, 1, "", pen.heading())
    pen.formula(sheet, row, 2, f'=IF(total_inputs-{time}>0,total_present_value/(total_inputs-{time}),"no ratio")',
                figure if figure == figure else "no ratio", pen.locked(num_format="0.00"))  # fmt: skip
