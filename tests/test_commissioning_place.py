"""Value by place: authorities found, value pooled and counted once, need beside it, boundaries from strangers."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sroi.cli import main
from sroi.commissioning.place import study_places
from sroi.commissioning.place.boundaries import MOST_FEATURES, area, read_boundaries
from sroi.commissioning.place.form import EXAMPLE, FORM
from sroi.commissioning.place.gazetteer import credits_of_places, find_place, places
from sroi.commissioning.place.lines import place_lines
from sroi.commissioning.place.need import together
from sroi.commissioning.place.telling import tell_place
from sroi.errors import FileRefused, ImpossibleMap
from sroi.files.form_writer import form_bytes
from sroi.plots.places import class_breaks, class_of

pytestmark = pytest.mark.usefixtures("warm_notebooks")

# ---- the table ----


def test_the_table_is_the_one_that_was_checked() -> None:
    english = [each for each in places() if each.nation == "England"]
    assert (len(places()), len(english)) == (361, 296)
    ranks = sorted(each.deprivation.rank for each in english if each.deprivation is not None)
    assert ranks == list(range(1, 297))
    assert all(each.deprivation is None for each in places() if each.nation != "England")
    later = {each.name for each in english if each.deprivation_2019 is None}
    assert later == {"Buckinghamshire", "North Northamptonshire", "West Northamptonshire", "Cumberland",
                     "Westmorland and Furness", "North Yorkshire", "Somerset"}  # fmt: skip


def test_rank_1_is_the_most_deprived_and_says_so() -> None:
    found = find_place("Hartlepool").place
    assert found is not None
    assert found.deprivation is not None
    # As printed in the source for Hartlepool: average score 37.58, rank 6, 42.11 %, rank of share 3.
    assert (found.deprivation.average_score, found.deprivation.rank, found.deprivation.share) == (37.58, 6, 0.4211)
    assert "rank 6 of 296 (1 is the most deprived); 42.1\u00a0% of its" in found.deprivation.words
    scores = [each.deprivation for each in places() if each.deprivation is not None]
    assert min(scores, key=lambda each: each.rank).average_score == max(each.average_score for each in scores)


def test_both_credits_travel_with_the_table() -> None:
    told = " ".join(credits_of_places())
    assert "mySociety, CC BY 4.0" in told
    assert "Contains public sector information licensed under the Open Government Licence v3.0." in told


@pytest.mark.parametrize(
    ("written", "name", "how"),
    [
        ("E08000016", "Barnsley", "code"),
        ("E08000038", "Barnsley", "newer code"),
        (" e06000048 ", "Northumberland", "former code"),
        ("bristol", "City of Bristol", "short name"),
        ("Brighton & Hove", "Brighton and Hove", "name"),
        ("ST. ALBANS", "St Albans", "name"),
        ("London Borough of Hackney", "Hackney", "short name"),
        ("Newry, Mourne and Down", "Newry, Mourne and Down", "name"),
    ],
)
def test_an_authority_is_found_however_it_is_written(written: str, name: str, how: str) -> None:
    found = find_place(written)
    assert found.place is not None
    assert (found.place.name, found.how in (how, "name")) == (name, True)


def test_what_is_not_found_is_told_with_the_nearest_or_why() -> None:
    assert find_place("Manchster").remedy.startswith("Did you mean Manchester")
    assert "It holds 12 authorities" in find_place("Lancashire").remedy
    assert "has no code E05000001: is it a ward's" in find_place("E05000001").remedy
    assert (
        find_place("Atlantis").remedy == "Write an authority's name or code, or describe the place on the sheet Places."
    )


def test_every_authority_is_found_by_each_of_its_codes_and_names() -> None:
    for each in places():
        for written in (*each.codes, each.name, each.official_name, each.name.upper()):
            assert find_place(written, nearest=False).place is each, written


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_words_are_a_place_or_not_and_nothing_breaks(words: str) -> None:
    found = find_place(words)
    assert found.place is not None or found.remedy


# ---- need ----


def test_the_rank_correlation_is_spearmans_with_shared_ranks() -> None:
    # Ranks 1 2 3 4 5 against 2 1 3 4.5 4.5: by Pearson on ranks, 8.5 / sqrt(10 x 9.5).
    assert together([1, 2, 3, 4, 5], [0.2, 0.1, 0.3, 0.4, 0.4]).rank == pytest.approx(8.5 / math.sqrt(95), rel=1e-12)
    five = together([5, 4, 3, 2, 1], [0.1, 0.2, 0.3, 0.4, 0.5])
    assert five.rank == pytest.approx(-1.0)
    # Two of the 120 orders are as strong.
    assert five.by_chance == pytest.approx(2 / 120, abs=0.004)


def test_of_few_places_nothing_is_said_and_of_more_no_cause_is_claimed() -> None:
    assert together([1, 2, 3], [1, 2, 3]).words == (
        "Too few places with both figures (3) to say whether value goes where need is."
    )
    assert "alike" in together([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]).words
    words = together([1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5]).words
    assert "Over 5 places, those with more neighbourhoods in the most deprived tenth hold more value" in words
    assert "does not show that need is why value is there" in words
    assert "Larger places hold more value" in words
    assert "Larger places" not in together([1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5], per_head=True).words
    assert "show no clear pattern" in together([1, 3, 2, 5, 4, 1], [0.1, 0.5, 0.0, 0.0, 0.2, 0.3]).words


# ---- value ----

_MAP = """sroi: 1
title: "{title}"
organisation: "{title} CIC"
analysis: evaluative
currency: {currency}
price_year: 2024
activity: {{start: 2025-09-01, years: 1}}
conventions: {{discount_rate: 0%}}
stakeholders: [{{id: residents, name: "{who}", size: 200}}, {{id: council, name: Council}}]
inputs: [{{id: money, stakeholder: council, kind: money, value: 1000, source: "Illustrative"}}]
outcomes:
"""
_OUTCOME = """  - {{id: o{n}, stakeholder: residents, description: "{what}", quantity: {quantity}, duration: 1, drop_off: 0%,
     proxy: {{value: {value}, unit: person, source: "Illustrative: invented"}}, deadweight: 0%, displacement: 0%, attribution: 0%{place}}}
"""


def a_map(folder: Path, title: str, who: str, *outcomes: tuple[str, float, float, str], currency: str = "GBP") -> Path:
    text = _MAP.format(title=title, who=who, currency=currency)
    for number, (what, quantity, value, place) in enumerate(outcomes):
        where = f', place: "{place}"' if place else ""
        text += _OUTCOME.format(n=number, what=what, quantity=quantity, value=value, place=where)
    path = folder / f"{title.lower().replace(' ', '_')}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    a_map(
        folder, "Green gym", "Residents", ("Feels less lonely", 40, 100, "Manchester"), ("Fitter", 30, 50, "E08000003")
    )
    a_map(
        folder,
        "Garden club",
        "Residents",
        ("Feels less lonely", 30, 100, "manchester city council"),
        ("Skills", 10, 90, "Salford"),
    )
    a_map(
        folder,
        "Kitchen",
        "Learners",
        ("Cooks", 30, 80, "Hull"),
        ("Job", 5, 900, "Leeds"),
        ("Confidence", 5, 300, "Salfrod"),
    )
    a_map(
        folder,
        "Walks",
        "Walkers",
        ("Fitter", 60, 30, "Cardiff"),
        ("Happier", 10, 70, ""),
        ("Slower", -9, 20, "Blackpool"),
    )
    return folder


def test_places_are_pooled_by_hand_and_the_same_people_counted_once(maps: Path) -> None:
    study = study_places(maps)
    found = {each.known.name: each for each in study.values}
    manchester = found["Manchester"]
    # 40 x 100 + 30 x 50 + 30 x 100; the 30 x 100 may be the same people as the 40 x 100.
    assert manchester.present_value == pytest.approx(8500)
    assert manchester.at_stake == pytest.approx(3000)
    assert manchester.counted_once == pytest.approx(5500)
    assert set(manchester.projects) == {"Green gym", "Garden club"}
    assert found["Blackpool"].present_value == pytest.approx(-180)
    assert found[""].present_value == pytest.approx(700)
    assert found["Kingston upon Hull"].known.authority is find_place("Hull").place
    regions = {each.region: each for each in study.regions}
    assert regions["North West"].counted_once == pytest.approx(5500 + 900 - 180)


def test_the_places_add_up_to_the_portfolio(maps: Path) -> None:
    study = study_places(maps)
    assert math.fsum(each.present_value for each in study.values) == pytest.approx(study.pots[0].total_present_value)


def test_a_place_that_is_not_matched_keeps_its_value_and_is_told_with_the_nearest(maps: Path) -> None:
    study = study_places(maps)
    assert [(each.written, each.nearest) for each in study.unknown] == [("Salfrod", ("Salford",))]
    said = "\n".join(place_lines(study))
    assert "Not matched: 'Salfrod'. Did you mean Salford? Or describe it on the sheet Places." in said
    assert "need: none: Wales" in said
    assert next(each for each in study.values if each.known.name == "Salfrod").present_value == pytest.approx(1500)


def test_currencies_are_never_added(tmp_path: Path) -> None:
    a_map(tmp_path, "One", "A", ("X", 1, 100, "Leeds"))
    a_map(tmp_path, "Two", "B", ("Y", 1, 100, "Leeds"), currency="EUR")
    study = study_places(tmp_path)
    assert sorted((each.known.name, each.currency, each.present_value) for each in study.values) == [
        ("Leeds", "EUR", 100.0), ("Leeds", "GBP", 100.0),
    ]  # fmt: skip


def test_named_maps_that_cannot_be_read_are_refused_with_their_names(tmp_path: Path, maps: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("sroi: 1\ntitle: x\n", encoding="utf-8")
    with pytest.raises(ImpossibleMap, match=r"bad\.yaml"):
        study_places([maps / "walks.yaml", bad])


def a_form(folder: Path, rows: dict[str, Any], ending: str = ".yaml") -> Path:
    path = folder / f"place{ending}"
    path.write_bytes(form_bytes(FORM, rows, ending))
    return path


def test_value_for_each_resident_is_told_only_with_a_population(maps: Path, tmp_path: Path) -> None:
    assert all(each.per_head is None for each in study_places(maps).values)
    form = a_form(tmp_path, {"places": [{"name": "Manchester", "population": 1000, "population_source": "invented"}]})
    found = {each.known.name: each for each in study_places(maps, form).values}
    assert found["Manchester"].per_head == pytest.approx(5.5)
    assert found["Manchester"].known.place is find_place("Manchester").place  # described, it is still the authority
    assert found["Salford"].per_head is None


def test_a_ward_counts_under_its_name_and_in_its_authoritys_region_but_has_no_need_unless_it_is_given(
    tmp_path: Path,
) -> None:
    a_map(tmp_path, "One", "A", ("X", 1, 100, "North Gate"), ("Y", 1, 50, "northgate"))
    form = a_form(tmp_path, {"places": [{"name": "Northgate", "also": ["North Gate"], "within": "Leeds"}]})
    study = study_places(tmp_path / "one.yaml", form)
    (found,) = study.values
    assert (found.known.name, found.present_value, found.known.deprived_share) == ("Northgate", 150.0, None)
    assert study.regions[0].region == "Yorkshire and The Humber"
    need = tell_place(study)["need"].blocks[-2]
    assert "not given (its authority, Leeds, has its own)" in str(need)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "A", "within": "Leedz"}, "'Leedz' is no authority of the table"),
        ({"name": "A", "population": 5}, "the population has no source"),
        ({"name": "A", "deprived_share": "20%"}, "the deprived share has no source"),
        ({"name": "A", "population": 0, "population_source": "x"}, "the population is 0"),
        ({"name": "A", "also": ["B"]}, "'B' is a writing of 'A' too"),
    ],
)
def test_settings_that_cannot_stand_are_refused(row: dict[str, Any], said: str, tmp_path: Path, maps: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        study_places(maps, a_form(tmp_path, {"places": [row, {"name": "B"}]}))
    assert said in str(refused.value)


def test_another_form_is_not_taken_for_this_one_and_a_csv_is_a_list_of_places(tmp_path: Path, maps: Path) -> None:
    other = tmp_path / "other.xlsx"
    assert main(["commission", "new", "planning", str(other), "--example"]) == 0
    with pytest.raises(FileRefused, match="neither of the sheets Places and Delivered is in it"):
        study_places(maps, other)
    table = tmp_path / "places.csv"
    table.write_text("Place,Population,Source of the population\nManchester,1000,invented\n", encoding="utf-8")
    assert next(
        each for each in study_places(maps, table).values if each.known.name == "Manchester"
    ).per_head == pytest.approx(5.5)


def test_quantities_of_different_units_are_never_added_and_the_form_stands_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = a_form(tmp_path, EXAMPLE, ".xlsx")
    study = study_places("", form)
    northgate = [each for each in study.quantities if each.known.name == "Northgate"]
    assert {(each.unit, each.by_state) for each in northgate} == {
        ("week", (130.0, 0.0, 0.0, 0.0)), ("hour", (0.0, 0.0, 300.0, 0.0)), ("tree", (0.0, 25.0, 0.0, 0.0)),
    }  # fmt: skip
    assert main(["commission", "place", str(form)]) == 0
    said = capsys.readouterr().out
    assert "Northgate: 130 of Weeks of apprenticeship [week], 130 validated" in said
    assert "no value map is here to value them" in said


def test_a_delivery_register_is_read_with_the_places_that_it_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = tmp_path / "register.xlsx"
    assert main(["commission", "new", "delivery", str(register), "--example"]) == 0
    study = study_places(settings=a_form(tmp_path, {"places": EXAMPLE["places"]}), registers=[register])
    found = {(each.known.name, each.unit): each.by_state for each in study.quantities}
    # The story of Millbrook: 210 weeks validated, 500 hours claimed, 60 trees in two wards.
    assert found["Millbrook", "week"] == (210.0, 0.0, 0.0, 0.0)
    assert found["Millbrook", "hour"][2] == 500.0
    assert found["Northgate", "tree"][0] + found["Hill Top", "tree"][0] == 60.0
    assert [each.written for each in study.unknown] == ["Millbrook"]
    assert main(["commission", "place", "--register", str(register), str(register)]) == 1
    assert "a register is named twice" in capsys.readouterr().err


def test_nothing_named_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["commission", "place"]) == 2
    assert "no value map is named" in capsys.readouterr().err


# ---- boundaries ----


def square(x: float, y: float, side: float = 1.0) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def feature(properties: dict[str, Any], *rings: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": list(rings)}}


def a_file(folder: Path, features: Sequence[Any]) -> Path:
    path = folder / "b.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def one_name(written: str) -> str:
    found = find_place(written, nearest=False).place
    return written if found is None else found.name


def read(folder: Path, features: Sequence[Any], by: str = "") -> Any:
    return read_boundaries(a_file(folder, features), one_name, ["Manchester", "Leeds"], by)


def test_the_property_that_holds_the_code_is_found(tmp_path: Path) -> None:
    features = [
        feature({"FID": 1, "note": "x", "LAD24CD": "E08000003"}, square(0, 0)),
        feature({"LAD24CD": "E08000035"}, square(1, 0)),
    ]
    found = read(tmp_path, features)
    assert found.by_property == "LAD24CD"
    assert found.of("Manchester").rings[0].shape == (5, 2)
    assert found.of("Leeds") is not None


def test_rings_that_run_the_wrong_way_are_turned_and_told_and_open_ones_closed(tmp_path: Path) -> None:
    wrong, hole = square(0, 0)[::-1], square(0.2, 0.2, 0.5)
    found = read(
        tmp_path, [feature({"name": "Manchester"}, wrong, hole), feature({"name": "Leeds"}, square(2, 0)[:-1])]
    )
    outer, inner = found.of("Manchester").rings
    assert area(outer) == pytest.approx(1.0)
    assert area(inner) == pytest.approx(-0.25)
    assert (found.of("Leeds").rings[0][0] == found.of("Leeds").rings[0][-1]).all()
    assert found.notes == (
        "Boundaries: 2 rings ran the wrong way round and were turned (RFC 7946, 3.1.6).",
        "Boundaries: 1 rings were not closed and were.",
    )


def test_degrees_and_metres_are_told_apart(tmp_path: Path) -> None:
    assert read(tmp_path, [feature({"name": "Leeds"}, square(-1.5, 53.8))]).geographic
    assert not read(tmp_path, [feature({"name": "Leeds"}, square(430000, 433000, 5000))]).geographic


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "this is no GeoJSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "this file holds NaN, which is no number"),
        ('{"type": "Topology", "objects": {}}', "this is TopoJSON"),
        ('{"type": "Point", "coordinates": [0, 0]}', "its type is 'Point'"),
        ("[1, 2]", "this is no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "there is no feature in it"),
        ('{"type": "FeatureCollection", "features": [1, {"properties": 3}]}', "feature 1: this is no feature with properties"),
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_boundaries(path, one_name, ["Leeds"])
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        ([[0, 0], [1, 1], [0, 0]], "a ring has 2 corners"),
        ([[0, 0], [1, "x"], [1, 1], [0, 0]], "a point is no pair of finite numbers"),
        ([[0, 0], [1], [1, 1], [0, 0]], "a point is no pair of finite numbers"),
        ([[0, 0], [1, True], [1, 1], [0, 0]], "a point is no pair of finite numbers"),
        ([[0, 0], [1, 10**400], [1, 1], [0, 0]], "a point is no pair of finite numbers"),
        ("ring", "a polygon is no list of rings"),
        ([], "a ring has 0 corners"),
    ],
)  # fmt: skip
def test_a_broken_ring_is_named_by_its_feature(ring: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, [feature({"name": "Leeds"}, square(0, 0)), feature({"name": "Manchester"}, ring)])
    assert f"feature 2 (Manchester): {said}" in str(refused.value)


def test_a_file_without_any_of_the_places_lists_its_properties(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, [feature({"ward": "Atlantis", "n": 1}, square(0, 0))])
    assert "no property names any of the places. Properties: ward ('Atlantis'), n" in str(refused.value)
    assert "--property NAME" in str(refused.value)
    with pytest.raises(FileRefused, match="Did you mean 'ward'"):
        read(tmp_path, [feature({"ward": "Leeds"}, square(0, 0))], "wards")


def test_too_many_features_are_refused_before_they_are_looked_at(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="20,001 features"):
        read(tmp_path, [{}] * (MOST_FEATURES + 1))


def test_points_and_nothing_are_left_out_and_told_and_nested_collections_have_an_end(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"type": "Polygon", "coordinates": [square(0, 0)]}
    shallow = {"type": "GeometryCollection", "geometries": [deep]}
    for _ in range(8):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    point = {
        "type": "Feature",
        "properties": {"name": "Manchester"},
        "geometry": {"type": "Point", "coordinates": [0, 0]},
    }
    nothing = {"type": "Feature", "properties": {"name": "Manchester"}, "geometry": None}
    inside = {"type": "Feature", "properties": {"name": "Leeds"}, "geometry": shallow}
    found = read(tmp_path, [inside, point, nothing])
    assert found.of("Manchester") is None
    assert "2 features have no area" in found.notes[0]
    with pytest.raises(FileRefused, match="its geometry is nested too deeply"):
        read(tmp_path, [{"type": "Feature", "properties": {"name": "Leeds"}, "geometry": deep}])


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["type", "coordinates", "geometries", "properties", "geometry", "features", "name"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(["Polygon", "MultiPolygon", "GeometryCollection"]),
)
def test_no_geometry_however_odd_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, odd: Any, kind: str
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    geometry = {"type": kind, "coordinates": odd, "geometries": odd}
    features = [
        feature({"name": "Leeds"}, square(0, 0)),
        {"type": "Feature", "properties": {"name": "Manchester", "x": odd}, "geometry": geometry},
    ]
    try:
        found = read(folder, features)
    except FileRefused:
        return
    assert found.of("Leeds") is not None


# ---- classes of the map ----


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1e9) | st.just(0.0), min_size=1, max_size=40))
def test_every_figure_is_in_one_of_at_most_four_classes_and_more_is_never_lighter(values: list[float]) -> None:
    breaks = class_breaks(values)
    assert len(breaks) <= 5
    classes = [class_of(value, breaks) for value in sorted(values)]
    assert classes == sorted(classes)
    assert classes[0] >= 0
    assert classes[-1] <= max(len(breaks) - 2, 0)


def test_shades_fall_step_by_step_in_grey() -> None:
    from matplotlib.colors import to_rgb

    from sroi.plots.places import _SHADES

    grey = [float(np.dot(to_rgb(shade), (0.2126, 0.7152, 0.0722))) for shade in _SHADES]
    assert all(light - dark > 0.12 for light, dark in pairwise(grey))


# ---- the paper ----


@pytest.fixture(scope="module")
def paper(maps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    codes = ["E08000003", "E08000006", "E06000010", "E08000035", "W06000015", "E06000009", "E08000016"]
    boundaries = a_file(
        folder, [feature({"LAD24CD": code}, square(place % 3, place // 3 + 50)) for place, code in enumerate(codes)]
    )
    out = folder / "out"
    asked = ["commission", "place", str(maps), "--boundaries", str(boundaries), "--out", str(out), "--formats", "html"]
    assert main(asked) == 0
    return out


def test_the_paper_draws_the_map_and_says_what_is_not_on_it(paper: Path) -> None:
    page = (paper / "place.html").read_text(encoding="utf-8")
    assert (paper / "figures" / "value_map.svg").is_file()
    assert (paper / "figures" / "need_map.svg").is_file()
    for words in ("Not in the boundaries, and so not drawn: Salfrod", "England only", "mySociety, CC BY 4.0",
                  "Feels less lonely", "Did you mean Salford?", "does not show that need is why value is there"):  # fmt: skip
        assert words in page
    told = json.loads((paper / "result.json").read_text(encoding="utf-8"))
    assert told["by_place"][0]["place"] == "Manchester"
    assert (paper / "tables" / "by_place.csv").is_file()


def test_without_boundaries_there_are_bars(maps: Path) -> None:
    story = tell_place(study_places(maps))
    assert story["where"].blocks[0].name == "value_by_place"  # type: ignore[union-attr]
    figure = story["where"].blocks[0].draw(7.2)  # type: ignore[union-attr]
    assert figure.axes
