"""The case studies' figures worked out a second time, with nothing of the program: numbers typed again, plain loops.

Prices are typed as their sources print them and brought to 2024 here, by index values typed from the publishers' tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

# UK GDP deflator (HM Treasury / ONS, December 2025; 2024 = 100). A financial year: three quarters of it, one of the next.
DEFLATOR = {
    2005: 61.5718, 2006: 63.4682, 2008: 66.89, 2009: 68.217, 2010: 69.1217, 2011: 70.834, 2012: 71.9294,
    2013: 73.4795, 2014: 74.6524, 2019: 81.1085, 2022: 90.5005,
}  # fmt: skip


def of_2024(printed: float, year: int, financial: bool = True) -> float:
    """Return a printed sum in the prices of 2024, to the penny."""
    index = 0.75 * DEFLATOR[year] + 0.25 * DEFLATOR[year + 1] if financial else DEFLATOR[year]
    return round(printed * 100 / index, 2)


# 13,000 in 2019 prices, brought on by prices and by real GDP per head to the power 1.3.
POINT = round(13000 * 100 / DEFLATOR[2019] * (52621.18 / 52515.684) ** 1.3, 2)
WAGE = 11.44


class Line(NamedTuple):
    """An outcome: quantities and prices by year of activity, how it starts and lasts, and what is deducted."""

    quantities: list[float]
    prices: list[float]
    begins: int = 1
    duration: float = 1.0
    deadweight: float = 0.0
    displacement: float = 0.0
    attribution: float = 0.0
    drop_off: float = 0.0
    health_rate: bool = False


def once(quantity: float, price: float, *rest: float) -> Line:
    """Return an outcome of one year: its quantity, price, duration and deductions, which starts in that year."""
    return Line([quantity], [price], 1, *rest)


def flat(year: float, health: bool = False) -> float:
    """Return the factor of a time at 3.5 % a year."""
    return float(1.035**-year)


def green_book(year: float, health: bool = False) -> float:
    """Return the factor of a whole year by the Green Book of 2026: 3.5 %, from year 31 on 3 %; for health 1.5 %."""
    factor = 1.0
    for past in range(1, int(year) + 1):
        factor /= 1.015 if health else 1.035 if past <= 30 else 1.03
    assert not health or year <= 30
    return factor


class Sheet(NamedTuple):
    """A case study: its outcomes, its inputs by year, the factor of a time, and when in a year both fall."""

    lines: dict[str, Line]
    inputs: list[float]
    factor: Callable[[float, bool], float] = flat
    falls: float = 0.0
    input_falls: float = 1.0

    def outcome(self, name: str) -> dict[int, float]:
        """Return an outcome's present value in each year."""
        line = self.lines[name]
        years: dict[int, float] = {}
        for cohort, quantity in enumerate(line.quantities, start=1):
            price = line.prices[cohort - 1] if len(line.prices) > 1 else line.prices[0]
            worth = quantity * price * (1 - line.deadweight) * (1 - line.displacement) * (1 - line.attribution)
            left, year = line.duration, cohort + line.begins - 1
            while left > 1e-12:
                present = worth * min(left, 1.0) * self.factor(year - self.falls, line.health_rate)
                years[year] = years.get(year, 0.0) + present
                worth, left, year = worth * (1 - line.drop_off), left - 1, year + 1
        return years

    def total_inputs(self) -> float:
        """Return what was put in, at present value."""
        return sum(given * self.factor(year - self.input_falls, False) for year, given in enumerate(self.inputs, 1))

    def figures(self) -> dict[str, float | None]:
        """Return the figures that expected.yaml holds."""
        by_year: dict[int, float] = {}
        for name in self.lines:
            for year, value in self.outcome(name).items():
                by_year[year] = by_year.get(year, 0.0) + value
        total, put_in = sum(by_year.values()), self.total_inputs()
        payback, running = None, 0.0
        for year in range(1, max(by_year) + 1):
            value = by_year.get(year, 0.0)
            if running < put_in <= running + value:
                payback = year - 1 + (put_in - running) / value
                break
            running += value
        return {
            "total_inputs": put_in,
            "total_present_value": total,
            "net_present_value": total - put_in,
            "sroi_ratio": total / put_in,
            "payback_years": payback,
        }


def employment() -> Sheet:
    """Return job coaching in Thornwick."""
    in_work = 80 * 19 / 74 * 0.7
    return Sheet(
        {
            "earnings": once(in_work, of_2024(12568, 2012), 2, 0.35, 0.20, 0.25, 0.40),
            "hope": once(60 * 20 / 55 * 0.3, POINT, 1, 0.45, 0, 0.30),
            "setback": once(60 * 7 / 55 * 0.4, -POINT, 0.5, 0.20),
            "health_care": once(in_work, of_2024(1132, 2012), 2, 0.35, 0.20, 0.25, 0.40),
        },
        [142000 + 900 * WAGE + 410 * WAGE],
    )


def homelessness() -> Sheet:
    """Return the eight homes above the old brewery: three years of activity, flats that stand from the second on."""
    week, rough = of_2024(162.44, 2010), of_2024(7900, 2010)
    return Sheet(
        {
            "settled": Line([0, 4.0, 0], [POINT], 1, 5, 0.30, 0.10, 0.30, 0.10, health_rate=True),
            "alone_at_first": Line([0, 0.9, 0], [-POINT], 1, 0.5, health_rate=True),
            "building_works": Line([1.3, 0, 0], [-POINT], 1, 1, 0.40, health_rate=True),
            "temporary_weeks": Line([5 * 48, 0, 0], [week], 2, 45, 0.20, 0.10, 0.15, 0.01),
            "rough_sleeping": Line([3, 0, 0], [rough], 2, 20, 0.30, 0.10, 0.35, 0.01),
            "emergencies": Line([0, 20, 20], [of_2024(109, 2011)], 1, 1, 0.40, 0, 0.40),
        },
        [300000 + 300000 + 85000 + 38000 + 4000, 38000, 38000],
        green_book,
    )


def community_garden() -> Sheet:
    """Return the Ropewalk garden: carbon at the value of the year of emission, printed in 2022 prices."""
    carbon = [of_2024(printed, 2022, financial=False) for printed in (260.96, 264.93, 268.97)]
    damage = of_2024(587, 2010)
    return Sheet(
        {
            "happier": Line([2.9, 4.5, 4.8], [POINT], 1, 1, 0.35, 0.05, 0.20),
            "less_greenhouse_gas": Line([2.1, 3.4, 3.6], carbon, 1, 1, 0.25, 0, 0.15),
            "mower_and_deliveries": Line([0.9, 0.3, 0.3], [-price for price in carbon]),
            "saturdays": Line([0.2, 0.2, 0.1], [-POINT], 1, 1, 0.20),
            "less_damage": Line([5, 7, 9], [damage], 1, 1, 0.30, 0.40, 0.30),
        },
        [20100 + 17000 + 1300 + 620 * WAGE, 21400 + 2100 + 1300 + 900 * WAGE, 21900 + 1900 + 1300 + 940 * WAGE],
    )


def prevention() -> Sheet:
    """Return Steady on your feet: everything in the middle of its year."""
    return Sheet(
        {
            "out_again": once(240 * 26 / 58 * 0.16, POINT, 1, 0.35, 0.05, 0.25),
            "strains": once(240 * 9 / 58 * 0.05, -POINT, 0.2, 0.30),
            "hip_fractures": once(1.6, of_2024(10000, 2008), 2, 0, 0, 0.40, 0.50),
            "hip_fracture_care": once(1.6, of_2024(2700, 2008), 2, 0, 0, 0.40, 0.50),
            "other_admissions": once(6, of_2024(1542, 2013), 2, 0, 0, 0.40, 0.50),
            "ambulances": once(19, of_2024(180, 2013), 1, 0, 0.10, 0.40),
            "home_care": once(95, of_2024(128.5333333, 2013), 1, 0.30, 0.10, 0.30),
            "class_injuries": once(4, -of_2024(111, 2011)),
        },
        [86000 + 41000 + 450 * WAGE + 9000],
        falls=0.5,
        input_falls=0.5,
    )


def school_programme() -> Sheet:
    """Return the mentors in two schools; the first quantity is what `sroi survey` makes of answers.csv."""
    return Sheet(
        {
            "happier": once(31.745763, POINT, 0.75, 0, 0.05, 0.35),
            "mentor_left": once(3, -POINT, 0.3),
            "fewer_absences": once(4, of_2024(1509, 2005), 1, 0, 0, 0.40),
            "fewer_exclusions": once(2, of_2024(7181, 2005), 1, 0, 0, 0.50),
        },
        [158000 + 7600 + 340 * WAGE],
    )


def youth_cohorts() -> Sheet:
    """Return the bus on the Harrow Lane estate: three cohorts, everything in the middle of its year."""
    return Sheet(
        {
            "better_life": Line([5.2, 11.5, 13.2], [POINT], 1, 1, 0, 0.10, 0.30),
            "kept_away": Line([0, 0.6, 0.9], [-POINT], 1, 1, 0.20),
            "noise": Line([0.5, 0.5, 0.3], [-POINT], 1, 1, 0.25, 0.20),
            "first_offences": Line([1, 4, 5], [of_2024(3152, 2008)], 1, 1, 0, 0.10, 0.45),
            "less_damage": Line([6, 12, 15], [of_2024(587, 2010)], 1, 1, 0.25, 0.30, 0.40),
            "apprenticeships": Line([0, 2, 7], [of_2024(1208, 2010)], 2, 10, 0.40, 0.15, 0.40, 0.10),
        },
        [81000 + 26000 + 510 * WAGE, 86000 + 6000 + 760 * WAGE, 88500 + 6000 + 690 * WAGE],
        falls=0.5,
        input_falls=0.5,
    )


def procurement() -> Sheet:
    """Return the first year of Millbrook's contract: weeks that bear fruit in the three years after, two jobs."""
    return Sheet(
        {
            "apprentice_weeks": Line([210], [140], 2, 3, 0.50, 0.10, 0.30, 0.20),
            "local_jobs": once(2, 9000, 1, 0.40, 0.20, 0.25),
        },
        [24000],
    )


SHEETS: dict[str, Callable[[], Sheet]] = {
    made.__name__: made
    for made in (employment, homelessness, community_garden, prevention, school_programme, youth_cohorts)
}
