"""Every case study comes out at the figures beside it, and the engine's fixtures at what their sources print."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pencils import SHEETS

import sroi
from sroi.impact_map import ImpactMap
from sroi.shipped import case_studies

ROOT = Path(__file__).parent.parent
CASE_STUDIES = sorted(each for each in (ROOT / "case_studies").iterdir() if each.is_dir())
FIXTURES = Path(__file__).parent / "fixtures"
FIGURES = {"total_inputs", "total_present_value", "net_present_value", "sroi_ratio", "payback_years"}

every_case_study = pytest.mark.parametrize("folder", CASE_STUDIES, ids=lambda folder: folder.name)


def the_map(folder: Path) -> ImpactMap:
    return sroi.read_value_map(folder / "value_map.yaml")


def befriending() -> ImpactMap:
    return the_map(ROOT / "case_studies" / "befriending")


def expectation(folder: Path) -> dict[str, Any]:
    expected: dict[str, Any] = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    return expected


# ---- every case study ----


def test_the_nine_case_studies_are_there_and_travel_with_the_program() -> None:
    nine = {"befriending", "procurement", "wheels_to_meals", *SHEETS}
    assert len(nine) == 9
    assert nine <= {folder.name for folder in CASE_STUDIES}
    assert set(case_studies()) == {folder.name for folder in CASE_STUDIES}


@every_case_study
def test_a_case_study_comes_out_at_the_figures_expected_of_it(folder: Path) -> None:
    result = sroi.evaluate(the_map(folder)).to_dict()
    figures = expectation(folder)["figures"]
    assert set(figures) == FIGURES
    for name, figure in figures.items():
        if figure is None:  # such as the payback of a project that does not pay back
            assert result[name] is None, name
        else:
            assert result[name] == pytest.approx(figure["value"], abs=figure["tolerance"], rel=0), name


@every_case_study
def test_a_case_study_says_where_it_comes_from_and_where_its_expectation_does(folder: Path) -> None:
    assert expectation(folder)["source"].strip()
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# ")
    assert "**Licence.**" in readme
    assert "What to look at" in readme


@every_case_study
def test_a_readme_shows_the_figures_expected(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    figures = expectation(folder)["figures"]
    for name in ("total_inputs", "total_present_value", "net_present_value"):
        assert f"{figures[name]['value']:,.2f}" in readme, name
    assert f"{figures['sroi_ratio']['value']:.2f} : 1" in readme


@every_case_study
def test_every_proxy_and_input_of_a_case_study_has_a_source(folder: Path) -> None:
    chart = the_map(folder)
    assert [outcome.id for outcome in chart.outcomes if outcome.proxy and not outcome.proxy.source] == []
    assert [given.id for given in chart.inputs if not given.source] == []


@every_case_study
def test_figures_that_a_case_study_says_were_printed_are_reproduced(folder: Path) -> None:
    chart = the_map(folder)
    result = sroi.evaluate(chart).to_dict()
    for name in FIGURES | {"net_sroi_ratio"}:
        printed = getattr(chart.published, name) if chart.published else None
        if printed is not None:
            assert result[name] == pytest.approx(printed.number, abs=printed.allowed, rel=0), name


def test_wheels_to_meals_prints_what_the_guide_prints() -> None:
    result = sroi.evaluate(the_map(ROOT / "case_studies" / "wheels_to_meals"))
    assert f"{result.total_present_value:,.2f}" == "81,741.93"
    assert f"{result.net_present_value:,.2f}" == "39,366.93"
    assert f"{result.sroi_ratio:.2f}" == "1.93"


# ---- the engine's fixtures: not case studies ----


def test_the_local_employment_fixture_comes_out_at_its_printed_ratio() -> None:
    assert round(sroi.evaluate(sroi.read_value_map(FIXTURES / "local_employment.yaml")).sroi_ratio, 3) == 1.436


def test_the_voyce_fixture_comes_out_at_its_printed_value_and_ratio() -> None:
    result = sroi.evaluate(sroi.read_value_map(FIXTURES / "voyce_whakarongo_mai.yaml"))
    assert result.total_present_value == pytest.approx(21_850_000, rel=0.001)
    assert round(result.sroi_ratio, 1) == 3.9


# ---- befriending, by hand ----


def test_less_lonely_by_hand_with_half_of_a_second_year() -> None:
    full = 120 * 52 / 84 * 0.25 * 10550.17  # people x share x points x value of a point for a year
    attribution = (0.20 + 0.30 + 0.25) / 3  # three experts
    first_year = full * (1 - 0.30) * (1 - 0.05) * (1 - attribution)
    second_year = first_year * (1 - 0.40) * 0.5
    assert present_value_of("less_lonely") == pytest.approx(first_year / 1.035 + second_year / 1.035**2)


def test_match_ends_by_hand_is_a_loss_of_half_a_year() -> None:
    full = 120 * 9 / 84 * 0.3 * -10550.17
    assert present_value_of("match_ends") == pytest.approx(full * (1 - 0.10) * 0.5 / 1.035)


def test_low_mood_by_hand_falls_off_by_half_in_its_second_year() -> None:
    first_year = 120 * 11 / 84 * 863.50 * 0.65 * 0.60
    assert present_value_of("low_mood") == pytest.approx(first_year / 1.035 + first_year * 0.5 / 1.035**2)


def test_care_home_by_hand_begins_in_the_second_year() -> None:
    assert present_value_of("care_home") == pytest.approx(48 * 358.80 * 0.5 * 0.5 / 1.035**2)


def present_value_of(outcome_id: str) -> float:
    by_outcome = sroi.evaluate(befriending()).to_dict()["by_outcome"]
    return next(float(outcome["present_value"]) for outcome in by_outcome if outcome["id"] == outcome_id)


# The numbers of the map, typed a second time: quantity, proxy, first year, duration, deadweight, displacement,
# attribution, drop-off.
PENCIL = {
    "less_lonely": (120 * 52 / 84 * 0.25, 10550.17, 1, 1.5, 0.30, 0.05, 0.25, 0.40),
    "match_ends": (120 * 9 / 84 * 0.3, -10550.17, 1, 0.5, 0.10, 0.0, 0.0, 0.0),
    "purpose": (60 * 21 / 38 * 0.1, 10550.17, 1, 1, 0.50, 0.10, 0.20, 0.0),
    "time_on_the_road": (60 * 1.0 * 22, -5.43, 1, 1, 0.0, 0.0, 0.0, 0.0),
    "respite": (45 * 19 / 30 * 11, 45.8667, 1, 1, 0.25, 0.0, 0.20, 0.0),
    "low_mood": (120 * 11 / 84, 863.50, 1, 2, 0.35, 0.0, 0.40, 0.50),
    "ambulance": (18, 231, 1, 1, 0.40, 0.0, 0.40, 0.0),
    "emergency_admissions": (9, 1542, 1, 1, 0.0, 0.0, 0.50, 0.0),
    "home_care": (110, 128.5333, 1, 1, 0.30, 0.10, 0.25, 0.0),
    "care_home": (48, 358.80, 2, 1, 0.50, 0.0, 0.50, 0.0),
}
PENCIL_INPUTS = 48000 + 4200 * 7.44 + 45 * 40 + 0


def pencil() -> dict[str, list[float]]:
    """Return each outcome's present value in years 1 and 2, year by year, with nothing of the program in it."""
    sheet = {}
    for name, (quantity, proxy, begins, duration, dead, moved, others, lost) in PENCIL.items():
        worth = quantity * proxy * (1 - dead) * (1 - moved) * (1 - others)
        years = [0.0, 0.0]
        left, year = float(duration), begins
        while left > 0:
            years[year - 1] = worth * min(left, 1.0) / 1.035**year
            worth, left, year = worth * (1 - lost), left - 1, year + 1
        sheet[name] = years
    return sheet


def test_the_pencil_agrees_with_the_program_line_by_line() -> None:
    by_outcome = {each["id"]: each["present_value"] for each in sroi.evaluate(befriending()).to_dict()["by_outcome"]}
    assert by_outcome == pytest.approx({name: sum(years) for name, years in pencil().items()})


def test_the_pencil_comes_to_the_figures_expected_of_befriending() -> None:
    sheet = pencil()
    total = sum(sum(years) for years in sheet.values())
    first_year = sum(years[0] for years in sheet.values())
    assert first_year > PENCIL_INPUTS  # so it has paid back within year 1
    by_hand = {
        "total_inputs": PENCIL_INPUTS,
        "total_present_value": total,
        "net_present_value": total - PENCIL_INPUTS,
        "sroi_ratio": total / PENCIL_INPUTS,
        "payback_years": PENCIL_INPUTS / first_year,
    }
    for name, figure in expectation(ROOT / "case_studies" / "befriending")["figures"].items():
        assert by_hand[name] == pytest.approx(figure["value"], abs=figure["tolerance"], rel=0), name


# ---- befriending, as the example that the rest of the program leans on ----


def test_befriending_says_of_itself_that_it_is_an_illustration() -> None:
    chart = befriending()
    assert "illustration" in chart.title
    assert chart.narrative is not None
    assert "illustration" in (chart.narrative.limits or "")
    text = (ROOT / "case_studies" / "befriending" / "value_map.yaml").read_text(encoding="utf-8")
    assert text.startswith("# AN ILLUSTRATION")


def test_befriending_has_five_stakeholders_and_twelve_outcomes_of_which_two_do_not_count() -> None:
    chart = befriending()
    assert len(chart.stakeholders) == 5
    assert len(chart.outcomes) == 12
    assert set(chart.not_counted()) == {"more_confident", "outpatients"}


def test_befriending_counts_two_losses() -> None:
    by_outcome = sroi.evaluate(befriending()).to_dict()["by_outcome"]
    assert {each["id"] for each in by_outcome if each["present_value"] < 0} == {"match_ends", "time_on_the_road"}


def test_befriending_shows_every_shape_of_a_range() -> None:
    estimates = [number.estimate for number in befriending().numbers().values() if number.estimate is not None]
    shapes = {each.shape if isinstance(each.shape, str) else next(iter(each.shape)) for each in estimates if each.shape}
    assert {"triangular", "uniform", "normal", "lognormal", "beta"} <= shapes
    assert any(each.low is not None and each.shape is None for each in estimates)  # pert
    assert any(each.experts for each in estimates)
    assert sum(each.survey is not None for each in estimates) == 6


def test_befriending_leaves_only_the_gaps_that_its_readme_names() -> None:
    chart = befriending()
    missing, unexplained = [], []
    for outcome in chart.outcomes:
        for field in ("deadweight", "displacement", "attribution", "drop_off", "duration"):
            number = getattr(outcome, field)
            if number is None and outcome.valued:
                missing.append(f"{outcome.id}.{field}")
            elif number is not None and field != "duration" and not number.note:
                unexplained.append(f"{outcome.id}.{field}")
    assert missing == ["care_home.displacement"]
    assert unexplained == []


def test_befriendings_scenarios_lie_on_either_side_as_its_readme_says() -> None:
    chart = befriending()
    ratios = {name: sroi.evaluate(chart, numbers).sroi_ratio for name, numbers in chart.scenarios.items()}
    assert f"{ratios['pessimistic']:.2f} : 1 / {ratios['optimistic']:.2f} : 1" in _readme()


def test_befriendings_readme_says_truly_what_its_gaps_would_do() -> None:
    chart = befriending()
    deflated = 13000 * (0.75 * 73.4795 + 0.25 * 74.6524) / 81.1085  # HM Treasury GDP deflator, 2013/14 over 2019
    changes = {"less_lonely.proxy": deflated, "purpose.proxy": deflated, "match_ends.proxy": -deflated}
    without = sroi.evaluate(chart, {"less_lonely.times": 0.0}).sroi_ratio
    words = " ".join(_readme().split())
    assert f"about {deflated:,.0f}, and the ratio {sroi.evaluate(chart, changes).sroi_ratio:.2f}" in words
    moved = sroi.evaluate(chart, {"care_home.displacement": 0.2}).sroi_ratio
    assert f"At 20 % the ratio would be {moved:.2f}" in words
    base = sroi.evaluate(chart)
    assert (
        f"`outpatients` the ratio would be {base.ratio_with('outpatients'):.3f} and not {base.sroi_ratio:.3f}" in words
    )
    left = {"less_lonely.proxy": 13000.0, "purpose.proxy": 13000.0, "match_ends.proxy": -13000.0}
    none = {**left, "time_on_the_road.proxy": -7.08, "low_mood.proxy": 764.0}
    ratios = [sroi.evaluate(chart, numbers).sroi_ratio for numbers in (left, none)]
    assert f"{ratios[0]:.2f} with the two other values put right, and {ratios[1]:.2f} with none" in words
    assert f"Without it the ratio is {without:.2f}" in words


@pytest.mark.parametrize(
    ("outcome", "printed", "year", "factor"),
    [
        # 2013/14 = 3/4 x 73.4795 + 1/4 x 74.6524 = 73.772725; real GDP per head 3/4 x 47820.28 + 1/4 x 48964.285.
        ("less_lonely", (13000, 10000, 16000), 2019, 73.772725 / 81.1085 * (48106.28125 / 52515.684) ** 1.3),
        ("match_ends", (-13000, -16000, -10000), 2019, 73.772725 / 81.1085 * (48106.28125 / 52515.684) ** 1.3),
        ("purpose", (13000, 10000, 16000), 2019, 73.772725 / 81.1085 * (48106.28125 / 52515.684) ** 1.3),
        ("time_on_the_road", (-7.08, -7.08, -5.95), 2023, 73.772725 / 96.2507),
        ("low_mood", (764, 516, 1219.35), "2007/08", 73.772725 / 65.27165),
    ],
)
def test_befriendings_prices_of_other_years_are_brought_to_2013_14_by_the_printed_index(
    outcome: str, printed: tuple[float, ...], year: int | str, factor: float
) -> None:
    proxy = next(each.proxy for each in befriending().outcomes if each.id == outcome)
    assert proxy is not None
    assert proxy.value is not None
    assert (proxy.value.value, proxy.value.low, proxy.value.high) == pytest.approx(
        [round(each * factor, 2) for each in printed], abs=1e-9
    )
    step = f"Brought from {year} to 2013/14 prices: x {factor:.7g} ("
    assert proxy.source is not None
    assert step in proxy.source
    assert proxy.price_year == "2013/14"


def test_befriending_has_nothing_left_to_uprate() -> None:
    assert not len(sroi.uprate(befriending(), "2013/14")[1])


def test_befriendings_rate_for_an_hour_is_the_living_wage_of_2019_in_2013_prices() -> None:
    rate = sroi.evaluate(befriending()).inputs_of("volunteers") / 4200
    assert round(8.21 * 73.4795 / 81.1085, 2) == pytest.approx(rate)


def test_befriending_takes_no_figure_from_a_source_that_may_not_be_shipped() -> None:
    text = (ROOT / "case_studies" / "befriending" / "value_map.yaml").read_text(encoding="utf-8")
    assert not re.search(r"HACT|TOMs|Social Value Engine|PSSRU|Curtis|Global Value Exchange", text)


def _readme() -> str:
    return (ROOT / "case_studies" / "befriending" / "README.md").read_text(encoding="utf-8")
