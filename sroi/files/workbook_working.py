"""The sheet Working: METHOD's formulas as Excel formulas, one row for each outcome, each with its value stored.

Every convention is a live switch on the sheet Map. Only functions that Excel 2016, Excel Online and LibreOffice share
are used, no array entry, and nowhere does 0^0 arise (Excel gives an error there).
"""

from __future__ import annotations

from collections.abc import Callable

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from sroi.files import workbook_rates
from sroi.files.workbook_layout import (
    BY_YEAR,
    FIRST,
    OUTCOMES,
    SETTINGS_SHEET,
    STAKEHOLDERS,
    WITHOUT_MONEY,
    YEARS_SHEET,
    setting_row,
)
from sroi.files.workbook_values import Size, values_of
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS

Put = Callable[[int, int, str, "float | str"], None]

# Rows of the time lines, counted from 0; year or time n stands in column TIME + n.
NUMBER, RATES, COMPOUND, VALUE_FACTORS, INPUT_FACTORS, SCHEDULE, WORTH, RUNNING, REACHED, UNDISCOUNTED, AT_MAP = range(
    2, 13
)
TIME = 2
OUTCOME_HEAD, OUTCOME_FIRST = 14, workbook_rates.OUTCOME_FIRST


class Working:
    """The working's columns and cells, and every value as Python has it."""

    def __init__(self, impact_map: ImpactMap, size: Size) -> None:
        self.map, self.size = impact_map, size
        n, span = size.cohorts, size.span
        names = (
            *("id", "counts", "priced", "cohorts", "late", "duration", "drop_off"),
            *("at_the_maps_rate", "schedule_row", "own_now"),
        )
        self.at: dict[str, int] = {name: place for place, name in enumerate(names)}
        here = len(names)
        for level in range(size.anchors):
            self.at[f"root{level}"] = here
            here += 1
        self.at["factor"] = here
        here += 1
        for block, width in (
            ("quantity", n), ("proxy", n), ("deadweight", n), ("displacement", n), ("attribution", n), ("kept", n),
            ("full", n), ("annuity", n), ("left", span), ("value", span),
        ):  # fmt: skip
            self.at[block] = here
            here += width
        for name in (
            "gross",
            "after_deadweight",
            "after_displacement",
            "after_attribution",
            "lasting",
            "present_value",
        ):
            self.at[name] = here
            here += 1
        self.width = here
        self.values = values_of(impact_map, size)

    # ---- addresses ----

    def setting(self, key: str) -> str:
        """Return the address of a setting's value on the sheet Map."""
        return f"{SETTINGS_SHEET}!{xl_rowcol_to_cell(setting_row(key), 2, True, True)}"

    def input(self, row: int, key: str) -> str:
        """Return the address of an outcome's input cell on the sheet Outcomes; `row` counted from 0."""
        return f"Outcomes!{xl_rowcol_to_cell(FIRST + row, OUTCOMES.column(key), False, True)}"

    def inputs(self, key: str) -> str:
        """Return the range of one column of the sheet Outcomes."""
        column = OUTCOMES.column(key)
        return f"Outcomes!{xl_range_abs(FIRST, column, FIRST + self.size.outcomes - 1, column)}"

    def cell(self, row: int, name: str, offset: int = 0) -> str:
        """Return the address of an outcome's cell in the working, within that sheet."""
        return str(xl_rowcol_to_cell(OUTCOME_FIRST + row, self.at[name] + offset, False, True))

    def block(self, row: int, name: str, first: int, last: int) -> str:
        """Return a part of an outcome's block, entries `first` to `last`."""
        line, start = OUTCOME_FIRST + row, self.at[name]
        area = str(xl_range_abs(line, start + first, line, start + last))
        return area.replace(f"${line + 1}", str(line + 1))

    def column(self, name: str, sheet: bool = True) -> str:
        """Return the range of one column of the working over all outcomes."""
        start = self.at[name]
        area = xl_range_abs(OUTCOME_FIRST, start, OUTCOME_FIRST + self.size.outcomes - 1, start)
        return f"Working!{area}" if sheet else area

    def years_column(self, name: str, year: int) -> str:
        """Return one year of a block over all outcomes, within that sheet."""
        at = self.at[name] + year - 1
        return str(xl_range_abs(OUTCOME_FIRST, at, OUTCOME_FIRST + self.size.outcomes - 1, at))

    def line(self, row: int, first: int, last: int, sheet: bool = False) -> str:
        """Return a part of a time line, times or years `first` to `last`."""
        area = xl_range_abs(row, TIME + first, row, TIME + last)
        return f"Working!{area}" if sheet else area

    def time(self, row: int, n: int) -> str:
        """Return one cell of a time line."""
        return str(xl_rowcol_to_cell(row, TIME + n, True, True))

    def year_of(self, name: str, year: int) -> str:
        """Return the formula for one year of a number on the sheet Years; `name` is itself a formula."""
        rows = self.size.by_year
        names = f"{YEARS_SHEET}!{xl_range_abs(FIRST, 0, FIRST + rows - 1, 0)}"
        area = f"{YEARS_SHEET}!{xl_range_abs(FIRST, 2, FIRST + rows - 1, 2 + self.size.times - 1)}"
        return f"IFERROR(INDEX({area},MATCH({name},{names},0),{year}),0)"

    def yearly_sum(self, name: str, line: int) -> str:
        """Return the formula for a number of the sheet Years, each year of activity times its entry in a time line."""
        last = FIRST + self.size.by_year - 1
        names = f"{YEARS_SHEET}!{xl_range_abs(FIRST, 0, last, 0)}"
        area = f"{YEARS_SHEET}!{xl_range_abs(FIRST, 2, last, 1 + self.size.cohorts)}"
        factors = self.line(line, 1, self.size.cohorts, sheet=True)
        return f"IFERROR(SUMPRODUCT(INDEX({area},MATCH({name},{names},0),0),{factors}),0)"

    def of_people(self, key: str, who: str) -> str:
        """Return the formula for what the sheet Stakeholders says of somebody; `who` is itself a formula."""
        column, last = STAKEHOLDERS.column(key), FIRST + self.size.stakeholders - 1
        people = f"Stakeholders!{xl_range_abs(FIRST, 0, last, 0)}"
        return f"INDEX(Stakeholders!{xl_range_abs(FIRST, column, last, column)},MATCH({who},{people},0))"

    # ---- the sheet ----

    def write(self, put: Put, put_factor: Put) -> None:
        """Put every formula of the sheet, each with its value; `put_factor` puts those of the sheet Rates."""
        self._write_time_lines(put)
        for row in range(self.size.outcomes):
            self._write_outcome(put, row)
            self._write_discounts(put, put_factor, row)

    def _write_time_lines(self, put: Put) -> None:
        size, values = self.size, self.values
        rate, timing = self.setting("conventions.discount_rate"), self.setting("conventions.discount_timing")
        input_timing = self.setting("conventions.input_timing")
        present_at = self.setting("conventions.present_at")
        names = f"{YEARS_SHEET}!{xl_range_abs(FIRST, 0, FIRST + size.by_year - 1, 0)}"
        area = f"{YEARS_SHEET}!{xl_range_abs(FIRST, 2, FIRST + size.by_year - 1, 2 + size.times - 1)}"
        listed = f'INDEX({area},MATCH("discount_rate",{names},0),0)'
        put(COMPOUND, TIME, "=1", 1.0)
        for n in range(1, size.times + 1):
            put(NUMBER, TIME + n, f"={n}", float(n))
            named = workbook_rates.rate(f"MATCH({rate},{workbook_rates.names()},0)", n, size.times)
            found = f'=IF(OR(ISNUMBER({rate}),{rate}="{BY_YEAR}"),0,{named})'
            put(SCHEDULE, TIME + n, found, values.schedule[n - 1])
            given = f"INDEX({listed},1,MIN({n},COUNT({listed})))"
            put(
                RATES, TIME + n,
                f'=IF(ISNUMBER({rate}),{rate},IF({rate}="{BY_YEAR}",{given},{self.time(SCHEDULE, n)}))',
                values.rates[n - 1],
            )  # fmt: skip
            put(COMPOUND, TIME + n, f"={self.time(COMPOUND, n - 1)}*(1+{self.time(RATES, n)})", values.compound[n])
        whole = f"INT({present_at})"
        now = (
            f"INDEX({self.line(COMPOUND, 0, size.times)},1,{whole}+1)"
            f"*(1+INDEX({self.line(RATES, 0, size.times)},1,MIN({whole}+2,{size.times + 1})))^({present_at}-{whole})"
        )
        put(COMPOUND, 1, f"={now}", values.now)
        now = xl_rowcol_to_cell(COMPOUND, 1, True, True)
        put(VALUE_FACTORS, 1, f'=IF({timing}="start_of_year",1,IF({timing}="mid_year",0.5,0))', values.early)
        for row, last, when, factors in (
            (VALUE_FACTORS, size.span, timing, values.value_factors),
            (INPUT_FACTORS, size.cohorts, input_timing, values.input_factors),
        ):
            for n in range(1, last + 1):
                start, end, own = self.time(COMPOUND, n - 1), self.time(COMPOUND, n), self.time(RATES, n)
                at = f'IF({when}="end_of_year",{end},IF({when}="start_of_year",{start},{start}*(1+{own})^0.5))'
                put(row, TIME + n, f'=IF(OR({timing}="none",{when}="none"),1,{now}/{at})', factors[n - 1])
        counts, at_map = (self.column(name, sheet=False) for name in ("counts", "at_the_maps_rate"))
        for n in range(1, size.span + 1):
            yearly = self.years_column("value", n)
            factor = workbook_rates.factors_of_year(n, size.outcomes)
            put(UNDISCOUNTED, TIME + n, f"=SUMPRODUCT({counts},{yearly})", values.undiscounted[n - 1])
            put(AT_MAP, TIME + n, f"=SUMPRODUCT({counts},{at_map},{yearly})", values.at_map[n - 1])
            put(WORTH, TIME + n, f"=SUMPRODUCT({counts},{yearly},{factor})", values.worth[n - 1])
            before = f"{self.time(RUNNING, n - 1)}+" if n > 1 else ""
            put(RUNNING, TIME + n, f"={before}{self.time(WORTH, n)}", values.running[n - 1])
            put(REACHED, TIME + n, f"=IF({self.time(RUNNING, n)}>=total_inputs,1,0)", values.reached[n - 1])

    def _write_outcome(self, put: Put, row: int) -> None:
        line, values, size = OUTCOME_FIRST + row, self.values, self.size
        given = {key: self.input(row, key) for key in (
            "id", "stakeholder", "quantity", "quantity.of", "quantity.share", "quantity.times", "starts", "duration",
            "proxy.value", "proxy.anchored_to", "proxy.transfer", "drop_off", "valued", "included",
            "material.decision", "discount_rate", *DEDUCTIONS)}  # fmt: skip

        def cell(name: str, formula: str, value: float | str, offset: int = 0) -> None:
            put(line, self.at[name] + offset, f"={formula}", value)

        own = self.cell(row, "id")
        cell("id", f'IF({given["id"]}="","",{given["id"]})', values.ids[row])
        priced = (
            f'IF(AND(OR({given["quantity"]}<>"",{given["quantity.of"]}<>""),'
            f'OR({given["proxy.value"]}<>"",{given["proxy.anchored_to"]}<>"")),1,0)'
        )
        cell("priced", priced, values.priced[row])
        kept_out = ",".join(f'{given[key]}<>"no"' for key in ("valued", "included", "material.decision"))
        kept_out += f',{given["proxy.transfer"]}<>"yes"'
        there = f'IFERROR({self.of_people("included", given["stakeholder"])},"yes")<>"no"'
        cell("counts", f'IF(AND({own}<>"",{kept_out},{there}),{self.cell(row, "priced")},0)', values.counts[row])
        root = f"root{size.anchors - 1}"
        root_proxy = f"INDEX({self.inputs('proxy.value')},{self.cell(row, root)})"
        yearly = ",".join(f'{given[key]}="{BY_YEAR}"' for key in ("quantity", *DEDUCTIONS))
        cell(
            "cohorts",
            f'IF(OR({yearly},{root_proxy}="{BY_YEAR}"),{self.setting("activity.years")},1)',
            values.cohorts[row],
        )
        cell("late", f'IF(OR({given["starts"]}="after",{given["starts"]}=2),1,0)', values.late[row])
        cell("duration", f'IF({given["duration"]}="",1,{given["duration"]})', values.duration[row])
        cell("drop_off", f'IF({given["drop_off"]}="",0,{given["drop_off"]})', values.drop_off[row])
        here = str(row + 1)
        anchors, ids = self.inputs("proxy.anchored_to"), self.inputs("id")
        for level in range(size.anchors):
            anchor = f"INDEX({anchors},{here})"
            cell(f"root{level}", f'IF({anchor}="",{here},MATCH({anchor},{ids},0))', values.roots[level][row])
            here = self.cell(row, f"root{level}")
        column = WITHOUT_MONEY.column("weight")
        weights = f"'Without money'!{xl_range_abs(FIRST, column, FIRST + size.outcomes - 1, column)}"
        weighed = f"'Without money'!{xl_range_abs(FIRST, 0, FIRST + size.outcomes - 1, 0)}"

        def weight(who: str) -> str:
            return f"INDEX({weights},MATCH({who},{weighed},0))"

        cell(
            "factor",
            f'IF({given["proxy.anchored_to"]}="",1,{weight(own)}/{weight(f"INDEX({ids},{here})")})',
            values.factor[row],
        )
        often = f'IF({given["quantity.times"]}="",1,{given["quantity.times"]})'
        part = f"{self.of_people('size', given['quantity.of'])}*{given['quantity.share']}*{often}"
        for y in range(size.cohorts):
            exists = f"{y + 1}<={self.cell(row, 'cohorts')}"
            plain = f'IF({given["quantity"]}="{BY_YEAR}",{self.year_of(f"{own}&{chr(34)}.quantity{chr(34)}", y + 1)},{given["quantity"]})'
            quantity = f'IF({given["quantity.of"]}<>"",{part},{plain})'
            is_there = f"AND({exists},{self.cell(row, 'priced')}=1)"
            cell("quantity", f"IF({is_there},{quantity},0)", values.quantity[row, y], y)
            name = f'INDEX({ids},{here})&".proxy"'
            price = f'IF({root_proxy}="{BY_YEAR}",{self.year_of(name, y + 1)},{root_proxy})*{self.cell(row, "factor")}'
            cell("proxy", f"IF({is_there},{price},0)", values.proxy[row, y], y)
            for field in DEDUCTIONS:
                listed = self.year_of(f'{own}&".{field}"', y + 1)
                share = f'IF({given[field]}="{BY_YEAR}",{listed},{given[field]})'
                cell(
                    field,
                    f'IF(OR({given[field]}="",{y + 1}>{self.cell(row, "cohorts")}),0,{share})',
                    values.shares[field][row, y],
                    y,
                )
            a, b, c = (self.cell(row, field, y) for field in DEDUCTIONS)
            added = f"MAX(0,1-{a}-{b}-{c})"
            multiplied = f"(1-{a})*(1-{b})*(1-{c})"
            adds = f'{self.setting("conventions.deductions")}="add"'
            cell("kept", f"IF({exists},IF({adds},{added},{multiplied}),0)", values.kept[row, y], y)
            # Full value stands in reverse, the last cohort first, so that one SUMPRODUCT meets each age.
            back = size.cohorts - 1 - y
            full = f"{self.cell(row, 'quantity', y)}*{self.cell(row, 'proxy', y)}*{self.cell(row, 'kept', y)}"
            cell("full", full, values.full[row, y], back)
            last = size.span - 1 - y
            factors = workbook_rates.factors(row, y + 1, size.span)
            worth = f"SUMPRODUCT({self.block(row, 'left', 0, last)},{factors})"
            cell("annuity", worth, values.annuity[row, y], y)
        late, duration, drop_off = (self.cell(row, name) for name in ("late", "duration", "drop_off"))
        early = f'IF({self.setting("conventions.drop_off_from")}="first_year",1,0)'
        for k in range(size.span):
            age = f"({k}-{late})"
            lasts = f"MAX(0,MIN(1,{duration}-{age}))"
            faded = f"IF({age}+{early}=0,1,(1-{drop_off})^({age}+{early}))"
            cell("left", f"IF({k}<{late},0,{lasts}*{faded})", values.left[row, k], k)
            several = min(size.cohorts, k + 1)
            fulls = self.block(row, "full", size.cohorts - several, size.cohorts - 1)
            lefts = self.block(row, "left", k + 1 - several, k)
            cell("value", f"SUMPRODUCT({fulls},{lefts})", values.value[row, k], k)
        q, p, a, b = (
            self.block(row, name, 0, size.cohorts - 1) for name in ("quantity", "proxy", "deadweight", "displacement")
        )
        both = f"SUMPRODUCT({q}*{p}*(1-{a}-{b})*((1-{a}-{b})>0))"
        cell("gross", f"SUMPRODUCT({q},{p})", values.stages[0][row])
        cell("after_deadweight", f"SUMPRODUCT({q}*{p}*(1-{a}))", values.stages[1][row])
        cell(
            "after_displacement",
            f'IF({self.setting("conventions.deductions")}="add",{both},SUMPRODUCT({q}*{p}*(1-{a})*(1-{b})))',
            values.stages[2][row],
        )
        cell("after_attribution", f"SUM({self.block(row, 'full', 0, size.cohorts - 1)})", values.stages[3][row])
        cell("lasting", f"SUM({self.block(row, 'left', 0, size.span - 1)})", values.lasting[row])
        values_by_year = self.block(row, "value", 0, size.span - 1)
        worth = f"SUMPRODUCT({values_by_year},{workbook_rates.factors(row, 1, size.span)})"
        cell("present_value", worth, values.present_value[row])

    def _write_discounts(self, put: Put, put_factor: Put, row: int) -> None:
        """Write the factor of each year: the map's, or that of the outcome's own rate, which is flat or a schedule."""
        values, times, rate = self.values, self.size.times, self.input(row, "discount_rate")

        def cell(name: str, formula: str, value: float) -> None:
            put(OUTCOME_FIRST + row, self.at[name], f"={formula}", value)

        timing, present_at = self.setting("conventions.discount_timing"), self.setting("conventions.present_at")
        early = f"Working!{xl_rowcol_to_cell(VALUE_FACTORS, 1, True, True)}"
        named, now = (f"Working!{self.cell(row, name)}" for name in ("schedule_row", "own_now"))
        cell("at_the_maps_rate", f'IF({rate}="",1,0)', values.at_the_maps_rate[row])
        found = f"MATCH({rate},{workbook_rates.names()},0)"
        cell("schedule_row", f'IF(OR({rate}="",ISNUMBER({rate})),0,{found})', values.schedule_row[row])
        whole = f"INT({present_at})"
        part = f"(1+{workbook_rates.rate(named, f'{whole}+1', times)})^({present_at}-{whole})"
        grown = f"{workbook_rates.growth(named, whole, times)}*{part}"
        cell("own_now", f'IF({rate}="",1,IF(ISNUMBER({rate}),(1+{rate})^{present_at},{grown}))', values.own_now[row])
        for k in range(self.size.span):
            start, end = (workbook_rates.growth(named, time, times) for time in (k, k + 1))
            half = f"{start}*(1+{workbook_rates.rate(named, k + 1, times)})^0.5"
            at = f"IF({early}=0,{end},IF({early}=1,{start},{half}))"
            own = f"{now}/IF(ISNUMBER({rate}),(1+{rate})^({k + 1}-{early}),{at})"
            factor = f'IF({rate}="",Working!{self.time(VALUE_FACTORS, k + 1)},IF({timing}="none",1,{own}))'
            put_factor(*workbook_rates.factor_place(row, k + 1), f"={factor}", values.discount[row, k])
