"""Prices of another year and currency: by hand against the printed index, as properties, and what is refused."""

from __future__ import annotations

import csv
import math
import re

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from sroi.errors import MethodRefused, NameRefused
from sroi.evidence.prices import conversion, is_wellby, price_year, uprated, uprating
from sroi.evidence.series import (
    all_series,
    countries,
    default_series,
    disputed,
    exchange_rates,
    purchasing_power,
    series,
    series_names,
    source_of,
)

DATA = ROOT / "sroi" / "data" / "prices"

# Worked with a pocket calculator from the printed index: amount x index of the new year / index of the old one. A
# financial year is 3/4 of its first calendar year and 1/4 of the next. The amounts are open values (the Guide's GP visit,
# GMCA rows, HM Treasury's WELLBY, a wage) or plain round sums.
BY_HAND = [
    # UK GDP deflator: 2009 68.217, 2024 100:                                    19 x 100 / 68.217
    ("uk_gdp_deflator", 19, 2009, 2024, 27.852295),
    # 2019 81.1085:                                                              13,000 x 100 / 81.1085
    ("uk_gdp_deflator", 13000, 2019, 2024, 16027.913227),
    # 2013 73.4795:                                                              8.21 x 73.4795 / 81.1085
    ("uk_gdp_deflator", 8.21, 2019, 2013, 7.437774),
    # 1990 42.7537:                                                              250 x 42.7537 / 100
    ("uk_gdp_deflator", 250, 2024, 1990, 106.88425),
    # 2002/03 = 3/4 x 56.911 + 1/4 x 58.266 = 57.24975:                          500 x 100 / 57.24975
    ("uk_gdp_deflator", 500, "2002/03", 2024, 873.366259),
    # 2007/08 = 3/4 x 64.7322 + 1/4 x 66.89 = 65.27165; 2013/14 = 3/4 x 73.4795 + 1/4 x 74.6524 = 73.772725
    ("uk_gdp_deflator", 764, "2007/08", "2013/14", 863.504476),
    # 231 x 100 / 73.772725
    ("uk_gdp_deflator", 231, "2013/14", 2024, 313.123854),
    # 2009/10 = 3/4 x 68.217 + 1/4 x 69.1217 = 68.443175; 2023/24 = 3/4 x 96.2507 + 1/4 x 100 = 97.188025
    ("uk_gdp_deflator", 48.25, "2009/10", "2023/24", 68.514095),
    # ONS CPI: 2009 86.6, 2025 138.4:                                            1,000 x 138.4 / 86.6
    ("uk_cpi", 1000, 2009, 2025, 1598.152425),
    # US CPI-U: 2009 214.537, 2024 313.689:                                      100 x 313.689 / 214.537
    ("us_cpi", 100, 2009, 2024, 146.216737),
    # World Bank, New Zealand: 2010 81.1071, 2024 117.7739:                      40 x 117.7739 / 81.1071
    ("wb_gdp_deflator_nzl", 40, 2010, 2024, 58.083152),
]


@pytest.mark.parametrize(("name", "amount", "begin", "end", "by_hand"), BY_HAND)
def test_a_value_uprated_by_hand_comes_out_the_same(
    name: str, amount: float, begin: int | str, end: int | str, by_hand: float
) -> None:
    value, steps = uprated(amount, begin, end, series=name, currency=series(name).currency)
    assert value == pytest.approx(by_hand, abs=5e-7)
    assert amount * steps.factor == value


def test_the_shipped_deflator_is_the_reference_figure_for_figure() -> None:
    deflator = series("uk_gdp_deflator")
    assert (deflator.first, deflator.last, len(deflator.values)) == (1990, 2024, 35)
    assert [deflator.values[year] for year in (1990, 2009, 2013, 2014, 2019, 2024)] == [
        42.7537, 68.217, 73.4795, 74.6524, 81.1085, 100.0,
    ]  # fmt: skip


def test_the_wellby_of_2024_by_both_rules_and_what_makes_the_difference() -> None:
    by_prices, _ = uprated(13000, 2019, 2024)
    by_the_rule, steps = uprated(13000, 2019, 2024, series="wellby")
    # 13,000 x 100 / 81.1085, and that x (52,621.18 / 52,515.684)^1.3 = 1.002009^1.3 = 1.002612.
    assert by_prices == pytest.approx(16027.91, abs=0.005)
    assert by_the_rule == pytest.approx(16027.913227 * (52621.18 / 52515.684) ** 1.3, rel=1e-9)
    assert by_the_rule == pytest.approx(16069.78, abs=0.005)
    prices, income = steps.steps
    assert (prices.power, income.power) == (1.0, 1.3)
    assert income.factor == pytest.approx(1.002612, abs=5e-7)
    assert by_the_rule / by_prices == pytest.approx(income.factor, rel=1e-12)
    # Real income per head hardly grew from 2019 to 2024, so the rules differ by 42. Back to 2013,
    # when it was a tenth lower, they differ by far more: 13,000 x 73.4795 / 81.1085 x (47,820.28 / 52,515.684)^1.3.
    assert by_the_rule - by_prices == pytest.approx(41.87, abs=0.005)
    back = [uprated(13000, 2019, 2013, series=name)[0] for name in ("uk_gdp_deflator", "wellby")]
    assert back == pytest.approx([11777.23, 10427.09], abs=0.005)


# ---- every step is shown ----


def test_an_uprating_tells_index_values_factor_source_and_licence() -> None:
    said = str(uprating("2008/09", 2024))
    assert said.split("\n") == [
        "From 2008/09 to 2024 prices: x 1.487614, by uk_gdp_deflator.",
        "  UK GDP deflator at market prices, calendar years (December 2025 Quarterly National Accounts): "
        "67.22175 (2008/09) to 100 (2024); 100 / 67.22175 = 1.487614",
        "    2008/09 = 3/4 of 2008 (66.89) + 1/4 of 2009 (68.217) = 67.22175: "
        "a financial year is 3/4 of the calendar year in which it begins and 1/4 of the next",
        "    Source: HM Treasury / ONS 2025, Open Government Licence v3.0 (Crown copyright), "
        "https://www.gov.uk/government/collections/gdp-deflators-at-market-prices-and-money-gdp; "
        "level B: seen in a secondary source",
        "    Note: The vintage of December 2025; a later one (June 2026) was not at hand.",
    ]


def test_the_step_fit_for_a_source_is_one_sentence_with_the_figures() -> None:
    assert uprating(2019, 2024, series="wellby").sentence == (
        "Brought from 2019 to 2024 prices: x 1.236137 (UK GDP deflator, HM Treasury / ONS 2025: 81.1085 in 2019, 100 in "
        "2024; UK real GDP per head to the power 1.3, World Bank 2026: 52515.68 in 2019, 52621.18 in 2024)"
    )


def test_the_steps_in_plain_python_give_the_factor_again() -> None:
    told = uprating("2008/09", 2024, series="wellby").to_dict()
    steps = told["steps"]
    assert isinstance(steps, list)
    product = math.prod((step["to_value"] / step["from_value"]) ** step["power"] for step in steps)
    assert told["factor"] == pytest.approx(product, rel=1e-15)
    assert all(step["source"] and step["licence"] for step in steps)


def test_the_year_itself_needs_no_index() -> None:
    assert (uprating(2024, 2024).factor, uprating(2031, 2031).steps) == (1.0, ())
    assert str(uprating("2023/24", "2023/24")) == "From 2023/24 to 2023/24 prices: x 1; nothing to do."


def test_a_generic_name_stands_for_the_series_of_the_currency() -> None:
    assert uprating(2009, 2024, series="cpi", currency="GBP").series == "uk_cpi"
    assert uprating(2009, 2023, series="gdp_deflator", currency="KES").series == "wb_gdp_deflator_ken"
    assert default_series("USD", "cpi").name == "us_cpi"
    assert default_series("GBP").name == "uk_gdp_deflator"


def test_a_country_without_levels_is_chained_from_its_growth() -> None:
    # Kenya, World Bank: 4.3307 % in 2021, 6.9571 % in 2022.
    factor = uprating(2020, 2022, series="wb_gdp_deflator_ken").factor
    assert factor == pytest.approx(1.043307 * 1.069571, rel=1e-12)


# ---- years ----


@pytest.mark.parametrize(
    ("written", "basis", "read"),
    [
        (2024, "calendar", "2024"),
        ("2024", "calendar", "2024"),
        ("2008/09", "calendar", "2008/09"),
        (2008, "financial", "2008/09"),
        ("1999/00", "financial", "1999/00"),
    ],
)
def test_years_are_read_as_people_write_them(written: int | str, basis: str, read: str) -> None:
    assert str(price_year(written, basis)) == read


@pytest.mark.parametrize("written", ["2008/10", "2008-09", "08/09", "", "not stated", True, 1850, 20240, 2024.5, None])
def test_what_is_no_price_year_is_refused(written: object) -> None:
    with pytest.raises(NameRefused, match=r"is not a price year\. Give a year such as 2024, or a financial year"):
        uprating(written, 2024)  # type: ignore[arg-type]


def test_a_basis_that_is_none_is_refused() -> None:
    with pytest.raises(NameRefused, match=r"^'fiscal' is not a basis of price years\. Say calendar or financial\.$"):
        uprating(2009, 2024, basis="fiscal")


def test_a_whole_number_on_a_financial_basis_is_the_year_from_april() -> None:
    assert uprating(2008, 2023, basis="financial") == uprating("2008/09", "2023/24")


# ---- properties ----

DEFLATOR_YEARS = st.integers(1990, 2024)
ANY_YEAR = st.one_of(
    DEFLATOR_YEARS, st.integers(1990, 2023).map(lambda year: f"{year}/{(year + 1) % 100:02d}")
)  # fmt: skip
RULES = st.sampled_from(["uk_gdp_deflator", "uk_cpi", "wellby", "gdp_deflator", "cpi"])


@settings(max_examples=60, deadline=None)
@given(begin=ANY_YEAR, end=ANY_YEAR, rule=RULES)
def test_there_and_back_is_one(begin: int | str, end: int | str, rule: str) -> None:
    there, back = (uprating(*years, series=rule).factor for years in ((begin, end), (end, begin)))
    assert there * back == pytest.approx(1.0, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(years=st.tuples(ANY_YEAR, ANY_YEAR, ANY_YEAR), rule=RULES)
def test_a_chain_of_two_is_the_direct_way(years: tuple[int | str, int | str, int | str], rule: str) -> None:
    first, middle, last = years
    chained = uprating(first, middle, series=rule).factor * uprating(middle, last, series=rule).factor
    assert chained == pytest.approx(uprating(first, last, series=rule).factor, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(year=st.integers(1990, 2022), other=DEFLATOR_YEARS)
def test_a_financial_year_lies_between_the_two_that_it_takes_from(year: int, other: int) -> None:
    low, high = sorted(uprating(other, end).factor for end in (year, year + 1))
    assert low <= uprating(other, f"{year}/{(year + 1) % 100:02d}").factor <= high


@settings(max_examples=60, deadline=None)
@given(pair=st.tuples(*[st.sampled_from(sorted(exchange_rates()))] * 2), year=st.integers(2000, 2025))
def test_exchanging_there_and_back_is_the_same_sum(pair: tuple[str, str], year: int) -> None:
    one, other = pair
    there = conversion(250.0, one, other, year)
    assert conversion(there.amount, other, one, year).amount == pytest.approx(250.0, rel=1e-12)


# ---- currencies ----


def test_an_exchange_by_hand() -> None:
    # 2024: 0.7826 pounds and 0.9242 euros for a dollar: 100 x 0.9242 / 0.7826.
    changed = conversion(100, "GBP", "EUR", 2024)
    assert changed.amount == pytest.approx(118.093534, abs=5e-7)
    assert str(changed).split("\n")[:4] == [
        "GBP 100.00 = EUR 118.09, by exchange rate of 2024.",
        "  One US dollar is GBP 0.7826 in 2024: mean of 12 monthly averages",
        "  One US dollar is EUR 0.9242 in 2024: published annual",
        "  100.00 x 0.9242 / 0.7826 = 118.09",
    ]
    assert "Federal Reserve" in str(changed)


def test_what_buys_as_much_by_hand() -> None:
    # 2022: 0.633175 pounds in the UK, 0.721422 euros in Ireland buy what an international dollar buys.
    changed = conversion(100, "GBP", "EUR", 2022, by="ppp", to_country="IRL")
    assert changed.amount == pytest.approx(100 * 0.721422 / 0.633175, rel=1e-12)
    assert "One international dollar is EUR 0.721422 in 2022 (Ireland)" in str(changed)
    assert changed.to_dict()["licence"]


def refused(call: object, *given: object, **options: object) -> str:
    with pytest.raises((MethodRefused, NameRefused)) as refusal:
        call(*given, **options)  # type: ignore[operator]
    return str(refusal.value)


@pytest.mark.parametrize(
    ("given_", "options", "words"),
    [
        ((1, "GBP", "KES", 2020), {}, "there is no exchange rate for 'KES'. Known are AUD, BRL,"),
        ((1, "GBP", "EUR", 1999), {}, "the exchange rate of GBP reaches from 2000 to 2025, not to 1999. The nearest it has is 2000: bring the sum to the prices of 2000 first, convert it then."),
        ((1, "GBP", "EUR", 2020), {"by": "ppp"}, "EUR is used in 26 countries, and a PPP is one country's. Say which: AND, AUT,"),
        ((1, "GBP", "EUR", 2020), {"by": "ppp", "to_country": "NZL"}, "New Zealand pays in NZD, not in EUR. Name a country of the currency."),
        ((1, "GBP", "EUR", 2020), {"by": "ppp", "to_country": "XXX"}, "there is no country 'XXX'. Give its three-letter code, such as GBR or IRL."),
        ((1, "GBP", "EUR", 2020), {"by": "barter"}, "'barter' is not a way to convert. Say exchange rate or ppp."),
        ((1, "GBP", "EUR", "2020/21"), {}, "'2020/21' is not a calendar year. Rates are those of calendar years: give one, such as 2024."),
        ((1, "GBP", "USD", 2025), {"by": "ppp"}, "the PPP of United Kingdom reaches from 2000 to 2024, not to 2025."),
        ((math.nan, "GBP", "USD", 2020), {}, "nan is not a sum of money. Give a number."),
        ((1, "GBQ", "USD", 2020), {"by": "ppp"}, "there is no PPP for 'GBQ'. Give an ISO 4217 code, such as GBP."),
    ],
)  # fmt: skip
def test_a_conversion_that_cannot_be_is_refused(
    given_: tuple[object, ...], options: dict[str, object], words: str
) -> None:
    assert refused(conversion, *given_, **options).startswith(words)


# ---- what is refused, word for word ----


@pytest.mark.parametrize(
    ("years", "options", "words"),
    [
        ((1985, 2024), {}, "uk_gdp_deflator reaches from 1990 to 2024, not to 1985. The nearest it has is 1990: use that and say so."),
        ((1989, 2024), {}, "uk_gdp_deflator reaches from 1990 to 2024, not to 1989. The nearest it has is 1990: use that and say so, or take uk_cpi (1988 to 2025), another measure of prices."),
        ((2009, "2024/25"), {}, "uk_gdp_deflator reaches from 1990 to 2024, not to 2024/25 (it takes 2024 and 2025). The nearest it has is 2023/24: use that and say so, or take uk_cpi (1988 to 2025), another measure of prices."),
        ((1970, 2030), {}, "uk_gdp_deflator reaches from 1990 to 2024, not to 1970 or 2030. The nearest it has is 1990 and 2024: use that and say so."),
        ((1994, 2024), {"series": "wb_gdp_deflator_gbr"}, "wb_gdp_deflator_gbr cannot go from 1994 to 2024: the series has a break in 1995 (it jumps by 11.5 % there, which prices did not). Use uk_gdp_deflator."),
        ((2009, 2024), {"series": "us_cpi", "currency": "GBP"}, "us_cpi is the prices of United States (USD), but the value is in GBP. Take a series of GBP, or ask for another country's on purpose (--other-country)."),
        (("2008/09", 2023), {"series": "wb_gdp_deflator_ken"}, "2008/09 is a financial year, and for wb_gdp_deflator_ken it is not known when one begins. Give a calendar year, such as 2008; only the UK's years, from April, have a rule here."),
        ((2009, 2024), {"series": "cpi", "currency": "EUR"}, "there is no consumer price index for EUR. `sroi prices --series` lists the 2 currencies that have one."),
        ((2009, 2024), {"series": "gdp_deflator", "currency": "EUR"}, "EUR is used in 26 countries, and each has prices of its own. Name the series of the country meant: wb_gdp_deflator_deu,"),
        ((2009, 2024), {"series": "uk_gdp_deflater"}, "there is no series 'uk_gdp_deflater'. Did you mean 'uk_gdp_deflator'?"),
        ((2009, 2024), {"series": "ppp"}, "there is no series 'ppp'. "),
        ((2019, 2025), {"series": "wellby"}, "2 problems\n  uk_gdp_deflator reaches from 1990 to 2024, not to 2025."),
    ],
)  # fmt: skip
def test_an_uprating_that_cannot_be_is_refused(years: tuple[int, int], options: dict[str, str], words: str) -> None:
    assert refused(uprating, *years, **options).startswith(words)


def test_another_countrys_prices_serve_only_when_asked_for() -> None:
    assert uprating(2009, 2024, series="us_cpi", currency="GBP", other_country=True).factor == pytest.approx(
        1.46217, abs=5e-6
    )


@pytest.mark.parametrize("unit", ["QALY", "per QALY", "quality-adjusted life year, gained"])
def test_the_qaly_of_70000_is_not_uprated(unit: str) -> None:
    assert refused(uprated, 70000, 2020, 2024, unit=unit) == (
        "the price year of the QALY of 70,000 is disputed: sources put it in the prices of 2019, of 2020/21 and of 2024. "
        "Read the edition of the Green Book that it was taken from, and uprate it by hand, saying which year."
    )


def test_the_disputed_qaly_is_known_by_its_entry_too_and_the_older_one_is_not_disputed() -> None:
    assert disputed(65000, "GBP", register="open_values/uk_qaly") is not None
    assert disputed(-70000, "GBP", "a QALY lost") is not None
    assert disputed(60000, "GBP", "per QALY", "uk_qaly_2018") is None
    assert disputed(70000, "USD", "per QALY") is None


def test_another_value_of_70000_is_uprated() -> None:
    assert uprated(70000, 2020, 2024, unit="job")[0] == pytest.approx(70000 * 100 / 85.2137)


def test_a_wellby_is_known_by_its_entry_or_its_words() -> None:
    assert is_wellby("", "uk_wellby")
    assert is_wellby("", "open_values/uk_wellby")
    assert is_wellby("one point for a year (a WELLBY)")
    assert is_wellby("Wellbys")
    assert not is_wellby("wellbeing of carers")


# ---- the data ----


def test_every_series_has_its_source_licence_and_level_and_may_be_shipped() -> None:
    told = [each.source for each in all_series()] + [source_of("exchange_rates"), source_of("ppp")]
    for source in told:
        assert source.title, source
        assert source.publisher
        assert source.address.startswith("https://")
        assert source.level in ("A", "B")
        assert re.match(r"Open Government Licence v3\.0|CC BY 4\.0|US government work", source.licence), source.licence
        assert source.acknowledgement or source.licence.startswith("US government work")
        assert source.seen_in


def test_every_series_is_unbroken_positive_and_of_a_known_country() -> None:
    for each in all_series():
        years = sorted(each.values)
        assert years == list(range(each.first, each.last + 1)), each.name
        assert all(math.isfinite(value) and value > 0 for value in each.values.values()), each.name
        assert each.country in countries()
    assert len(set(series_names())) == len(series_names()) > 200
    assert all(value > 0 for by_year in purchasing_power().values() for value in by_year.values())


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.csv")))
def test_no_row_of_a_data_file_stands_twice(name: str) -> None:
    with (DATA / name).open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    keys = (
        [tuple(row[:2]) for row in rows]
        if len(rows[0]) in (3, 4) and name != "countries.csv"
        else [row[0] for row in rows]
    )
    assert len(set(keys)) == len(keys)
    assert all(len(row) == len(rows[0]) for row in rows)


def test_the_world_banks_cpi_does_not_come_in_as_the_onss() -> None:
    # ONS: 111.6 in 2021, 121.7 in 2022, up 9.1 %; the World Bank's figure for the UK is another (7.9 %).
    assert uprating(2021, 2022, series="uk_cpi").factor - 1 == pytest.approx(0.0905, abs=5e-5)
    assert [name for name in series_names() if "cpi" in name] == ["uk_cpi", "us_cpi"]
