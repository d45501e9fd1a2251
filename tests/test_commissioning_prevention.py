"""Prevention: what was averted, who pays and who saves, early signs, seven questions; by hand first."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sroi
from sroi.cli import main
from sroi.commissioning.prevention import read_and_study
from sroi.commissioning.prevention.averting import averted, chance_of_count, difference
from sroi.commissioning.prevention.form import EXAMPLE, FORM
from sroi.commissioning.prevention.lines import prevention_lines
from sroi.commissioning.prevention.nouns import (
    Cost,
    Event,
    Exposure,
    Funding,
    Harm,
    Indicator,
    Prevention,
    Ranged,
    Reading,
    Setting,
)
from sroi.commissioning.prevention.purses import first_year_in_credit
from sroi.commissioning.prevention.questions import answers
from sroi.commissioning.prevention.study import study_prevention
from sroi.commissioning.prevention.telling import averted_words, tell_prevention
from sroi.commissioning.prevention.warning import AMBER, BETTER, GREEN, RED, STEADY, TOO_FEW, UNREAD, WORSE, warned
from sroi.errors import FileRefused, MethodRefused
from sroi.files.form_writer import form_bytes

pytestmark = pytest.mark.usefixtures("warm_notebooks")


def sure(value: float) -> Ranged:
    return Ranged(value, value, value)


def an_event(**changes: Any) -> Event:
    event = Event(
        id="stays", event="Stays in hospital", people="Residents", unit="stay", per=1000, baseline=Ranged(60, 50, 72),
        baseline_from="2022", exposures=(Exposure(1, 400, 20),),
    )  # fmt: skip
    return replace(event, **changes)


FUNDING = (Funding("Council", "Classes", "money", 1, 1000),)


def a_case(*events: Event, costs: tuple[Cost, ...] = (), funding: tuple[Funding, ...] = (), **more: Any) -> Prevention:
    setting = Setting("A case", currency="GBP", price_year=2024, discount_rate="0%", discount_timing="end_of_year")
    return Prevention(
        setting, events or (an_event(),), costs or (Cost("stays", "NHS", sure(1000), 0.25),), funding or FUNDING, **more
    )


# ---- averted ----


def test_averted_is_people_times_the_baseline_less_the_events_counted() -> None:
    # 400 people at 60 a year for each 1,000 give 24 stays; 20 were counted.
    assert averted(an_event()).total.value == pytest.approx(4.0, abs=1e-12)


def test_the_range_of_a_difference_is_the_root_of_the_squares_of_both_sides() -> None:
    # Below: 30 - 26 = 4 and 23 - 20 = 3 give 5; above: 34 - 30 = 4 and 20 - 17 = 3 give 5.
    assert difference(Ranged(30, 26, 34), Ranged(20, 17, 23)) == Ranged(10, 5, 15)


def test_a_baseline_that_falls_by_itself_leaves_less_to_avert_and_both_are_told() -> None:
    event = an_event(baseline=sure(100), trend=-0.1, exposures=(Exposure(1, 1000, 80), Exposure(2, 1000, 80)))
    found = averted(event)
    # 100 - 80, and 90 - 80; without the trend 20 in both years.
    assert [each.averted.value for each in found.years] == pytest.approx([20.0, 10.0])
    assert found.without_trend == pytest.approx(40.0)
    story = tell_prevention(study_prevention(a_case(event)))
    said = " ".join(block.text for block in story["events"].blocks if hasattr(block, "text"))
    assert "fallen by itself by 10\u00a0% a year" in said
    assert "40 would count as averted" in said


def test_years_not_counted_take_the_expected_rate() -> None:
    event = an_event(expected=Ranged(45, 40, 50), exposures=(Exposure(1, 400, 20), Exposure(2, 200)))
    first, second = averted(event).years
    assert (first.counted, second.counted) == (True, False)
    assert second.averted.value == pytest.approx(200 * (60 - 45) / 1000)


def test_more_events_than_the_baseline_are_called_a_harm_and_never_set_to_nil() -> None:
    study = study_prevention(a_case(an_event(baseline=sure(60), exposures=(Exposure(1, 400, 30),))))
    assert study.averted[0].total.value == pytest.approx(-6.0)
    assert averted_words(study.averted[0]) == (
        "Stays in hospital: 6 MORE than the baseline gives over 1 year. This is a harm, not a saving."
    )
    assert float(study.result.total_present_value) == pytest.approx(-6000.0)
    assert any("More events than the baseline gives" in text for text in answers(study)[5].said)


def test_a_range_that_reaches_below_nothing_is_said_to() -> None:
    event = an_event(exposures=(Exposure(1, 400, 21),))
    assert averted(event).may_be_harm
    blocks = tell_prevention(study_prevention(a_case(event)))["events"].blocks
    text = " ".join(str(getattr(each, "text", "")) for each in blocks)
    assert "may avert none, or do harm" in text


def test_the_chance_of_so_few_events_is_poissons() -> None:
    # P(X <= 1) with mean 2: e^-2 (1 + 2); P(X >= 3) with mean 2: 1 - e^-2 (1 + 2 + 2).
    assert chance_of_count(1, 2) == pytest.approx(3 * math.exp(-2))
    assert chance_of_count(3, 2) == pytest.approx(1 - 5 * math.exp(-2))
    assert chance_of_count(0, 0) == 1.0
    assert averted(an_event(expected=sure(3), exposures=(Exposure(1, 5),))).by_chance is None


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(*[st.floats(0, 500)] * 3), st.tuples(*[st.floats(0, 500)] * 3),
    st.lists(st.tuples(st.floats(0, 5000), st.none() | st.integers(0, 400)), min_size=1, max_size=4),
    st.floats(-0.2, 0.2),
)  # fmt: skip
def test_a_figure_always_lies_within_its_range_and_one_more_event_is_one_less_averted(
    base: tuple[float, float, float],
    rate: tuple[float, float, float],
    years: list[tuple[float, int | None]],
    trend: float,
) -> None:
    low, value, high = sorted(base)
    low2, value2, high2 = sorted(rate)
    exposures = tuple(Exposure(at, people, seen) for at, (people, seen) in enumerate(years, start=1))
    event = an_event(baseline=Ranged(value, low, high), expected=Ranged(value2, low2, high2), trend=trend, exposures=exposures)  # fmt: skip
    found = averted(event)
    assert found.total.low - 1e-9 <= found.total.value <= found.total.high + 1e-9
    first = exposures[0]
    if first.observed is not None:
        worse = averted(replace(event, exposures=(replace(first, observed=first.observed + 1), *exposures[1:])))
        assert worse.total.value == pytest.approx(found.total.value - 1, abs=1e-6)


# ---- money ----


def test_the_money_is_by_hand() -> None:
    event = an_event(baseline=sure(60), exposures=(Exposure(1, 1000, 50),), attribution=0.2, attribution_why="others",
                     displacement=0.5, displacement_why="moves")  # fmt: skip
    cost = Cost("stays", "NHS", sure(1000), 0.25, falls=(0.5, 0.5))
    case = a_case(event, costs=(cost,), funding=(Funding("Council", "Classes", "money", 1, 1500),))
    case = replace(case, setting=replace(case.setting, discount_rate="10%"))
    study = study_prevention(case)
    # 10 averted x 1,000 x (1 - 0.2) x (1 - 0.5) = 4,000; half in year 1 (/1.1), half in year 2 (/1.21); a quarter cash.
    worth = 2000 / 1.1 + 2000 / 1.21
    assert float(study.result.total_present_value) == pytest.approx(worth)
    council, nhs = study.purses
    assert (council.name, nhs.name) == ("Council", "NHS")
    assert nhs.cash_present == pytest.approx(worth / 4)
    assert nhs.net.tolist() == pytest.approx([2000, 2000])
    assert council.net_present == pytest.approx(-1500)
    assert first_year_in_credit(council) is None
    assert first_year_in_credit(nhs) is None


def test_a_body_that_pays_and_saves_is_one_purse_and_is_in_credit_when_its_savings_have_caught_up() -> None:
    event = an_event(baseline=sure(60), exposures=(Exposure(1, 1000, 50), Exposure(2, 1000, 50)))
    funding = (Funding("nhs ", "Classes", "money", 1, 12000),)
    (purse,) = study_prevention(a_case(event, funding=funding)).purses
    assert purse.net.tolist() == pytest.approx([-2000, 10000])
    assert first_year_in_credit(purse) == 2


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_purses_add_up_to_the_map(data: st.DataObject) -> None:
    years = data.draw(st.integers(1, 3))
    exposures = tuple(
        Exposure(year, data.draw(st.integers(0, 900)), data.draw(st.integers(0, 90))) for year in range(1, years + 1)
    )
    costs = tuple(
        Cost("stays", f"Body {number}", sure(data.draw(st.integers(0, 5000))), data.draw(st.sampled_from([None, 0.0, 0.3, 1.0])),
             data.draw(st.sampled_from([(1.0,), (0.5, 0.5), (0.0, 0.2, 0.8)])))
        for number in range(data.draw(st.integers(1, 3)))
    )  # fmt: skip
    funding = tuple(Funding(f"Body {year}", "Work", "money", year, 1000.0 * year) for year in range(1, years + 1))
    case = a_case(an_event(exposures=exposures), costs=costs, funding=funding)
    study = study_prevention(replace(case, setting=replace(case.setting, discount_rate="3.5%")))
    net = sum(each.net_present for each in study.purses)
    assert net == pytest.approx(float(study.result.net_present_value), abs=1e-6)


def test_the_case_put_into_a_map_adds_its_own_value_and_leaves_the_rest_as_it_was() -> None:
    base = sroi.example("prevention")
    case = a_case(an_event(exposures=(Exposure(1, 400, 20), Exposure(3, 400, 20))))
    alone = replace(case, setting=replace(case.setting, discount_rate="3.5%", discount_timing="mid_year"))
    own = study_prevention(alone).result
    both = study_prevention(case, base)
    assert float(both.result.total_present_value) == pytest.approx(
        float(sroi.evaluate(base).total_present_value) + float(own.total_present_value)
    )
    assert both.impact_map.activity.years == max(3, base.activity.years)
    assert "NHS" in [each.name for each in both.purses]  # the map's own NHS, not a second one
    assert sum(each.label == "NHS" for each in both.impact_map.stakeholders) == 1


def test_numbers_by_year_of_a_map_keep_their_worth_when_its_years_grow() -> None:
    base = sroi.example("youth_cohorts")
    before = float(sroi.evaluate(base).total_present_value)
    far = Exposure(base.activity.years + 3, 100, 6)
    case = a_case(an_event(baseline=sure(60), exposures=(far,)))
    case = replace(case, funding=(), setting=replace(case.setting, currency=base.currency, price_year=base.price_year))
    grown = study_prevention(case, base)
    assert float(grown.result.total_present_value) == pytest.approx(before)
    assert float(grown.result.total_inputs) == pytest.approx(float(sroi.evaluate(base).total_inputs))


def test_a_map_in_other_money_is_refused() -> None:
    case = a_case()
    with pytest.raises(MethodRefused, match="the case is in EUR, the value map in GBP"):
        study_prevention(replace(case, setting=replace(case.setting, currency="EUR")), sroi.example("prevention"))


def test_ranges_go_through_the_programs_own_engine_and_lines_of_one_event_move_together() -> None:
    costs = tuple(Cost("stays", name, sure(1000)) for name in ("NHS", "Council"))
    one = study_prevention(
        a_case(costs=(Cost("stays", "NHS", sure(2000)),), funding=(Funding("A", "B", "money", 1, 1000),))
    )
    two = study_prevention(a_case(costs=costs, funding=(Funding("A", "B", "money", 1, 1000),)))
    assert one.interval == pytest.approx(two.interval, rel=0.02)


# ---- early signs ----


def sign(direction: str = "higher_is_worse", amber: float = 20, red: float = 35) -> Indicator:
    return Indicator("missed", "Missed classes", "people", direction, amber, red)


def read(*values: float) -> list[Reading]:
    return [Reading("missed", date(2025, month, 1), value) for month, value in enumerate(values, start=1)]


def test_a_reading_on_a_threshold_has_reached_it_whichever_way_is_worse() -> None:
    assert [warned(sign(), read(value)).state for value in (19.9, 20, 34.9, 35)] == [GREEN, AMBER, AMBER, RED]
    falling = sign("lower_is_worse", 10, 8)
    assert [warned(falling, read(value)).state for value in (10.1, 10, 8.1, 8)] == [GREEN, AMBER, AMBER, RED]
    assert warned(sign(), []).state == UNREAD


def test_a_trend_wants_three_readings_and_more_than_a_twitch() -> None:
    assert warned(sign(), read(5, 15)).trend == TOO_FEW
    assert warned(sign(), read(5, 9, 15)).trend == WORSE
    assert warned(sign(), read(15, 9, 5)).trend == BETTER
    assert warned(sign(), read(10, 10.4, 10.1)).trend == STEADY
    assert warned(sign("lower_is_worse", 10, 8), read(15, 14, 12)).trend == WORSE
    # One reading far off does not turn it.
    assert warned(sign(), read(5, 7, 90, 11, 13)).trend == WORSE


def test_readings_after_the_day_asked_for_are_not_looked_at() -> None:
    found = warned(sign(), read(5, 9, 40), date(2025, 2, 15))
    assert (found.state, found.readings, found.trend) == (GREEN, 2, TOO_FEW)


# ---- seven questions ----


def test_an_empty_case_leaves_every_question_that_needs_words_open_and_names_the_field() -> None:
    study = study_prevention(a_case())
    open_fields = " ".join(text for each in answers(study) for text in each.open)
    for field in ("sheet Partners", "Settings, system_change", "Settings, leverage", "sheet Indicators",
                  "Events, trend", "Settings, hollow_success", "sheet Harms"):  # fmt: skip
        assert field in open_fields
    assert len(answers(study)) == 7


def test_a_body_that_saves_and_neither_pays_nor_has_joined_is_named() -> None:
    study = study_prevention(a_case())
    assert "Would save, and neither pay nor have joined: NHS." in answers(study)[0].said


def test_a_body_that_pays_in_the_value_map_is_there_and_worth_goes_to_the_event_it_is_of() -> None:
    events = (an_event(), an_event(id="stays_long", event="Long stays", baseline=sure(90)))
    costs = (Cost("stays", "Council", sure(100)), Cost("stays_long", "NHS", sure(1000)))
    said = [
        text
        for each in answers(study_prevention(a_case(*events, costs=costs), sroi.example("prevention")))
        for text in each.said
    ]
    assert not any("neither pay nor have joined" in text for text in said)
    # 16 x 1,000 of 4 x 100 + 16 x 1,000.
    assert "By value, most hangs on: Long stays (98\u00a0% of what is saved)." in said


def test_a_harm_found_without_an_answer_stays_open() -> None:
    study = study_prevention(a_case(harms=(Harm("Strains", "Members", "Accident book", True, "Two"),)))
    assert "What is done about “Strains”: “What is done about it” (Harms, answer)." in answers(study)[5].open


# ---- the form ----


def written(folder: Path, changes: dict[str, object], ending: str = ".yaml") -> Path:
    rows: dict[str, Any] = {
        name: [dict(row) for row in part] if isinstance(part, list) else dict(part) for name, part in EXAMPLE.items()
    }
    for place, value in changes.items():
        part, *rest = place.split(".")
        if not rest:
            rows[part] = value
            continue
        if len(rest) == 1:
            rows[part][rest[0]] = value
        else:
            rows[part][int(rest[0])][rest[1]] = value
    path = folder / f"case{ending}"
    path.write_bytes(form_bytes(FORM, rows, ending))
    return path


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("prevention"), {}, ".xlsx")


def test_the_example_reads_alike_from_a_workbook_and_from_yaml(example: Path, tmp_path: Path) -> None:
    ours, theirs = read_and_study(example), read_and_study(written(tmp_path, {}))
    assert ours.case == theirs.case
    assert [each.state for each in answers(ours)] == [
        "in part" if place in (3, 4, 5) else "answered" for place in range(7)
    ]


def test_an_entry_of_the_register_is_brought_to_the_cases_prices_with_its_source(example: Path) -> None:
    cost = read_and_study(example).case.costs[0]
    # 1,542 of 2013/14, as case_studies/prevention brings it to 2024 (printed there: 2,090.20).
    assert round(cost.unit_cost.value, 2) == 2090.20
    assert "HE7.0.2" in cost.source
    assert cost.acknowledgement.startswith("Unit Cost Database v1.4 (2015)")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"costs.1.falls": ["40%", "40%"]}, "the shares by year add up to 80 %"),
        ({"costs.1.unit_cost_high": 900}, "the cost is 1200, and its range 800 to 900"),
        ({"costs.1.unit_cost_high": None}, "the cost has one end of a range"),
        ({"costs.1.unit_cost": None, "costs.1.unit_cost_low": None, "costs.1.unit_cost_high": None}, "no cost of one event is given"),
        ({"costs.1.source": None}, "the cost has no source"),
        ({"costs.0.register": "gmca14_he7_0_2_fiscl"}, "Did you mean 'gmca14_he7_0_2_fiscal'?"),
        ({"costs.0.unit_cost": 5}, "a cost is written beside an entry of the register"),
        ({"costs.1.value_type": "social"}, "Only a public budget saves cash"),
        ({"years.1.event": "stayz"}, "Did you mean 'stays'?"),
        ({"events.0.expected_rate": None, "events.0.expected_low": None, "events.0.expected_high": None},
         "year 2 of 'stays' is neither counted nor is there an expected rate"),
        ({"events.0.attribution": "100%"}, "all of it is taken off (attribution is 100 %)"),
        ({"indicators.0.amber": 40}, "amber is 40 and red 35, but higher is worse"),
        ({"settings.currency": None}, "no currency is given"),
        ({"settings.price_year": None}, "no price year is given"),
        ({"settings.discount_rate": "uk_green_bok"}, "uk_green_book"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_said_at_its_line(changes: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_and_study(written(tmp_path, changes))
    assert said in str(refused.value)
    assert "line" in str(refused.value)


def test_slips_of_size_are_refused_or_asked_about(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="comes to more than 1,000,000,000,000 events in a year"):
        read_and_study(
            written(tmp_path, {"events.0.baseline_rate": 1e11, "events.0.baseline_high": 2e11, "years.0.exposed": 1e9})
        )
    study = read_and_study(written(tmp_path, {"events.0.per": None, "costs.2.event": "stays"}))
    assert study.case.notes == (
        "The baseline of “Unplanned hospital stays after a fall” is 60 a year for each person: is “Rates are for each” right?",
        "“stays” has 2 costs for NHS: are they parts of one, or one written twice?",
    )


def test_all_faults_stand_in_one_message(tmp_path: Path) -> None:
    changes = {"costs.1.falls": ["40%"], "indicators.0.amber": 40, "settings.currency": "POUNDS"}
    with pytest.raises(FileRefused) as refused:
        read_and_study(written(tmp_path, changes))
    assert len(refused.value.problems) == 3


def test_a_cost_of_another_years_prices_is_brought_to_the_cases(tmp_path: Path) -> None:
    study = read_and_study(written(tmp_path, {"costs.1.price_year": "2013/14"}))
    # The factor that case_studies/prevention prints for 2013/14 to 2024.
    assert study.case.costs[1].unit_cost.value == pytest.approx(1200 * 1.355515, rel=1e-5)
    assert "Brought from 2013/14 to 2024 prices" in study.case.costs[1].source


# ---- the command and the paper ----


def test_the_map_that_the_command_writes_evaluates_to_the_papers_figures(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "map.yaml"
    assert (
        main(["commission", "prevention", str(example), "--to", str(target), "--json", str(tmp_path / "f.json")]) == 0
    )
    told = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    result = sroi.evaluate(sroi.read_value_map(target))
    assert float(result.total_present_value) == pytest.approx(told["result"]["total_present_value"], rel=1e-12)
    assert float(result.sroi_ratio) == pytest.approx(told["result"]["sroi_ratio"], rel=1e-12)
    said = capsys.readouterr().out
    assert "Unplanned hospital stays after a fall: 18.9 averted over 3 years (range −1 to 40)." in said
    assert "SROI ratio 0.69 (0.27 to 1.14" in said


def test_the_form_itself_is_never_written_over(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commission", "prevention", str(example), "--to", str(example), "--force"]) == 1
    assert "--to would write over what the case was read from" in capsys.readouterr().err


def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["commission", "prevention", str(example), "--on", "last week"]) == 2
    assert "'last week' is no day. Write it as 2026-03-31." in capsys.readouterr().err


@pytest.fixture(scope="module")
def paper(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("paper") / "out"
    assert main(["commission", "prevention", str(example), "--out", str(out), "--formats", "html"]) == 0
    return out


def test_the_paper_says_who_pays_who_saves_and_what_is_open(paper: Path) -> None:
    page = (paper / "prevention.html").read_text(encoding="utf-8")
    for words in ("Who pays and who saves", "Seven questions", "Still green, and getting worse", "Net in cash",
                  "Open: Whether", "Unit Cost Database v1.4"):  # fmt: skip
        assert words in page
    told = json.loads((paper / "result.json").read_text(encoding="utf-8"))
    assert told["averted"][1]["by_year"][0]["averted"]["value"] < 0
    assert (paper / "tables" / "purses.csv").is_file()


def test_a_case_into_which_nothing_is_put_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="nothing is put in: the sheet Funding is blank"):
        read_and_study(written(tmp_path, {"funding": []}))


def test_time_alone_is_no_money_and_who_pays_stays_open() -> None:
    study = study_prevention(a_case(funding=(Funding("Volunteers", "Hours", "time", 1, 500),)))
    assert "Who pays money or goods, and when: sheet Funding (time alone is put in)." in answers(study)[6].open
    assert "NHS  pays £0  saves £4,000  in cash £1,000  net £4,000" in "\n".join(prevention_lines(study))
