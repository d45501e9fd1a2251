"""Value maps in the Common Impact Data Standard: what is written is valid, what is read back is what was written.

The standard's shapes are its authors' and stay out of this project: name their folder in SROI_CIDS_SHAPES, and the file
written here is held to them by pyshacl. The rest runs everywhere.
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from random_maps import random_value_map

import sroi
from sroi.errors import FileRefused, ImpossibleMap
from sroi.files import impact_standard_terms as terms
from sroi.files.impact_standard import impact_standard_bytes
from sroi.files.impact_standard_reader import impact_standard_map
from sroi.files.options import ReadingOptions
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.shipped import case_studies

Command = Callable[..., subprocess.CompletedProcess[str]]

CIDS = "https://ontology.commonapproach.org/cids#"
OFFICIAL = "https://ontology.commonapproach.org/contexts/cidsContext.jsonld"
BEFRIENDING = sroi.case_study("befriending")
SHAPES = os.environ.get("SROI_CIDS_SHAPES", "")
with_shapes = pytest.mark.skipif(
    not SHAPES,
    reason="NOT CHECKED AGAINST THE STANDARD'S OWN SHAPES: name the folder of its *.shacl.ttl files in SROI_CIDS_SHAPES",
)


def written(impact_map: ImpactMap) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(impact_standard_bytes(impact_map))
    return document


def read(document: Any, **options: str) -> ImpactMap:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return impact_standard_map(content, "theirs.jsonld", ReadingOptions(**options))


def again(impact_map: ImpactMap) -> ImpactMap:
    return impact_standard_map(impact_standard_bytes(impact_map), "again.jsonld", ReadingOptions())


def repairs(impact_map: ImpactMap) -> str:
    assert impact_map.origin is not None
    return "\n".join(impact_map.origin.repairs)


def a_map(tree: dict[str, Any], **outcome: Any) -> ImpactMap:
    """Return a map whose first outcome says these things too."""
    tree["outcomes"][0] |= outcome
    return ImpactMap.model_validate(tree)


def random_maps(count: int) -> list[ImpactMap]:
    """Return random maps with tags of every kind; some without a start, none without a price year."""
    maps = []
    for seed in range(count):
        rng = random.Random(seed)
        tree = random_value_map(rng)
        for outcome in tree["outcomes"]:
            outcome["tags"] = rng.sample(
                ["sdg:3", "SDG 8", "UN goal 13", "SDG 3.4", "OI1234", "health", "X-17", "1.90"], 3
            )
        maps.append(ImpactMap.model_validate(tree))
    return maps


def of_type(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the things of a class in a document as this program writes it, nested ones too."""
    found: list[dict[str, Any]] = []

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if name in types_of(part):
                found.append(part)
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(document["@graph"])
    return found


def types_of(thing: dict[str, Any]) -> list[str]:
    types = thing.get("@type", [])
    return types if isinstance(types, list) else [types]


# ---- what is written ----

# What each class must hold, in our own words: a text, a link, a moment, yes or no; one each.
REQUIRED: dict[str, dict[str, str]] = {
    "cids:Organization": {"hasLegalName": "text"},
    "cids:ImpactModel": {"hasName": "text", "hasDescription": "text", "forOrganization": "link"},
    "cids:Program": {"hasName": "text", "hasDescription": "text", "partOf": "link"},
    "cids:Stakeholder": {"hasName": "text", "hasDescription": "text", "forOrganization": "link", "partOf": "link"},
    "cids:Characteristic": {"hasName": "text"},
    "cids:Outcome": {"hasName": "text", "hasDescription": "text", "forOrganization": "link", "partOf": "link"},
    "cids:StakeholderOutcome": {
        "hasName": "text", "hasDescription": "text", "forOutcome": "link", "forStakeholder": "link",
        "isUnderserved": "yes or no",
    },
    "cids:Indicator": {
        "hasName": "text", "hasDescription": "text", "forOrganization": "link", "unitDescription": "text",
        "definedBy": "link", "hasBaseline": "thing", "hasIdentifier": "text",
    },
    "cids:IndicatorReport": {
        "hasName": "text", "forIndicator": "link", "forOrganization": "link", "forStakeholder": "link",
        "forTarget": "link", "startedAtTime": "moment", "endedAtTime": "moment", "value": "thing",
    },
    "cids:Target": {
        "hasName": "text", "hasComment": "text", "dateCreated": "moment", "startedAtTime": "moment",
        "endedAtTime": "moment", "value": "thing",
    },
    "cids:ImpactReport": {
        "hasName": "text", "hasComment": "text", "forOrganization": "link", "forOutcome": "link",
        "startedAtTime": "moment", "endedAtTime": "moment", "hasImpactScale": "thing", "hasImpactDepth": "thing",
    },
    "cids:HowMuchImpact": {"hasDescription": "text", "value": "thing"},
    "cids:ImpactDuration": {"startedAtTime": "moment", "endedAtTime": "moment"},
    "cids:Counterfactual": {
        "hasDescription": "text", "value": "thing", "startedAtTime": "moment", "endedAtTime": "moment",
    },
    "cids:Theme": {"hasName": "text", "hasDescription": "text"},
    "cids:Code": {"hasName": "text", "codeValue": "text", "value": "thing"},
    "cids:Input": {"hasName": "text", "hasDescription": "text", "partOf": "link"},
    "cids:Output": {"hasName": "text", "hasDescription": "text", "partOf": "link"},
    "i72:Measure": {"hasNumericalValue": "text"},
}  # fmt: skip


def fits(value: Any, kind: str, known: set[str]) -> bool:
    if kind == "yes or no":
        return isinstance(value, bool)
    if kind == "thing":
        return isinstance(value, dict) and "@id" in value and "@type" in value
    if not isinstance(value, str) or not value:
        return False
    return value in known if kind == "link" else kind == "text" or value[10:11] == "T"


def wanting(document: dict[str, Any]) -> list[tuple[str, str, Any]]:
    known = {thing["@id"] for thing in document["@graph"]}
    return [
        (type_, key, thing.get(key))
        for type_, wanted in REQUIRED.items()
        for thing in of_type(document, type_)
        for key, kind in wanted.items()
        if not fits(thing.get(key), kind, known)
    ]


@pytest.mark.parametrize("name", case_studies())
def test_every_thing_of_a_case_study_holds_what_its_class_requires(name: str) -> None:
    document = written(sroi.read_value_map(sroi.case_study(name)))
    assert wanting(document) == []
    assert {type_ for thing in document["@graph"] for type_ in types_of(thing)} >= {"cids:Outcome", "cids:ImpactReport"}


def test_every_thing_of_a_random_map_holds_what_its_class_requires() -> None:
    for impact_map in random_maps(60):
        assert wanting(written(impact_map)) == []


def test_a_thing_that_lacks_what_its_class_requires_is_seen() -> None:
    document = written(sroi.example())
    del of_type(document, "cids:Indicator")[0]["unitDescription"]
    of_type(document, "cids:Outcome")[0]["forOrganization"] = "urn:uuid:nobody"
    assert [each[:2] for each in wanting(document)] == [
        ("cids:Outcome", "forOrganization"), ("cids:Indicator", "unitDescription"),
    ]  # fmt: skip


def test_every_link_within_the_document_leads_somewhere() -> None:
    for impact_map in random_maps(30):
        document = written(impact_map)
        known = {thing["@id"] for thing in document["@graph"]}
        base = of_type(document, "cids:Outcome")[0]["@id"].partition("#")[0]
        links = [
            each
            for thing in document["@graph"]
            for key, value in thing.items()
            if key in terms.LINKING
            for each in (value if isinstance(value, list) else [value])
            if isinstance(each, str) and each.startswith(base)
        ]
        assert links
        assert set(links) <= known


def test_every_key_of_a_document_is_defined_in_its_own_context() -> None:
    document = written(sroi.read_value_map(BEFRIENDING))
    keys = {key for name in REQUIRED for thing in of_type(document, name) for key in thing if not key.startswith("@")}
    assert keys <= set(document["@context"])
    assert "http" not in json.dumps([each for each in document["@context"] if not isinstance(each, str)])
    assert all(isinstance(value, str | dict) for value in document["@context"].values())


def test_the_same_map_gives_the_same_bytes_and_its_things_keep_their_names() -> None:
    impact_map = sroi.example()
    assert impact_standard_bytes(impact_map) == impact_standard_bytes(impact_map)
    changed = impact_map.model_copy(update={"narrative": {"purpose": "another"}})
    assert [each["@id"] for each in written(changed)["@graph"]] == [
        each["@id"] for each in written(impact_map)["@graph"]
    ]


def test_what_is_measured_is_a_report_and_what_is_forecast_a_target(small_tree: dict[str, Any]) -> None:
    forecast = written(a_map(small_tree))
    assert of_type(forecast, "cids:IndicatorReport") == []
    assert {each["value"]["hasNumericalValue"] for each in of_type(forecast, "cids:Target")} == {"50"}
    assert {each["hasComment"] for each in of_type(forecast, "cids:ImpactReport")} == {
        "Forecast: expected, not measured."
    }
    assert not any("hasReportedImpact" in each for each in of_type(forecast, "cids:ImpactReport"))
    evaluation = written(a_map(small_tree | {"analysis": "evaluative"}))
    assert {each["value"]["hasNumericalValue"] for each in of_type(evaluation, "cids:IndicatorReport")} == {"50"}
    assert {each["value"]["hasNumericalValue"] for each in of_type(evaluation, "cids:Target")} == {"not stated"}
    assert {each["hasReportedImpact"] for each in of_type(evaluation, "cids:ImpactReport")} == {"positive"}


def test_neither_ratio_nor_price_nor_attribution_is_written(small_tree: dict[str, Any]) -> None:
    small_tree["outcomes"][0]["proxy"]["value"] = 31.4159
    small_tree["outcomes"][0]["attribution"] = {"value": 0.2718, "note": "x"}
    impact_map = a_map(small_tree)
    text = impact_standard_bytes(impact_map).decode()
    ratio = float(sroi.evaluate(impact_map).sroi_ratio)
    assert [figure for figure in ("31.4159", "27.18", "0.2718", f"{ratio:.3f}") if figure in text] == []


def test_a_loss_is_reported_as_negative_and_nobody_benefits_from_it(small_tree: dict[str, Any]) -> None:
    small_tree["analysis"] = "evaluative"
    small_tree["outcomes"] = small_tree["outcomes"][:1]
    document = written(a_map(small_tree, proxy={"value": -3, "source": "x"}, direction="unintended"))
    assert of_type(document, "cids:ImpactReport")[0]["hasReportedImpact"] == "negative"
    assert of_type(document, "cids:StakeholderOutcome")[0]["intendedImpact"] == "neutral"
    assert of_type(document, "cids:BeneficialStakeholder") == []


def test_a_number_by_year_is_reported_year_by_year(small_tree: dict[str, Any]) -> None:
    small_tree |= {"analysis": "evaluative", "activity": {"start": "2024-02-29", "years": 2}}
    document = written(a_map(small_tree, quantity={"by_year": [10, 30]}))
    reports = [each for each in of_type(document, "cids:IndicatorReport") if "calmer" in each["@id"]]
    assert [(each["value"]["hasNumericalValue"], each["startedAtTime"], each["endedAtTime"]) for each in reports] == [
        ("10", "2024-02-29T00:00:00Z", "2025-02-28T23:59:59Z"),
        ("30", "2025-03-01T00:00:00Z", "2026-02-28T23:59:59Z"),
    ]


def test_a_map_without_a_start_is_dated_by_its_price_year_and_says_so(small_tree: dict[str, Any]) -> None:
    document = written(a_map(small_tree | {"price_year": "2023/24"}))
    assert {each["startedAtTime"] for each in of_type(document, "cids:ImpactReport")} == {"2023-04-01T00:00:00Z"}
    assert terms.PERIOD_ASSUMED in of_type(document, "cids:ImpactModel")[0]["hasDescription"]
    with pytest.raises(FileRefused, match=r"the standard wants dates.*Give activity: start"):
        written(a_map(small_tree | {"price_year": "not stated"}))


@pytest.mark.parametrize("start", ["0001-01-01", "9999-12-31"])
def test_a_map_at_the_edge_of_the_calendar_is_written_and_read(start: str, small_tree: dict[str, Any]) -> None:
    small_tree["activity"] = {"start": start, "years": 3}
    impact_map = a_map(small_tree, duration=500, quantity={"by_year": [1, 2, 3]})
    assert wanting(written(impact_map)) == []
    assert again(impact_map).activity.start == impact_map.activity.start


def test_an_outcome_that_does_not_count_says_so_in_its_report(small_tree: dict[str, Any]) -> None:
    document = written(a_map(small_tree, material={"decision": "no", "reason": "too small"}))
    comments = [each["hasComment"] for each in of_type(document, "cids:ImpactReport")]
    assert "Not counted in the value map's total: judged not material: too small." in comments[0]


# ---- tags ----


@pytest.mark.parametrize("tag", ["sdg:3", "SDG 3", "SDG3", "UN goal 3", "un sdg 3", "Sustainable Development Goal 3"])
def test_a_un_goal_is_known_however_it_is_written(tag: str, small_tree: dict[str, Any]) -> None:
    impact_map = a_map(small_tree, tags=[tag])
    theme = of_type(written(impact_map), "cids:Theme")[0]
    assert theme["@id"] == "https://metadata.un.org/sdg/3"
    assert theme["hasName"] == "Goal 3: Good health and well-being"
    assert again(impact_map).outcomes[0].tags == ("SDG 3",)


def test_an_iris_code_is_a_code_of_the_indicator_and_another_one_of_the_outcome(small_tree: dict[str, Any]) -> None:
    impact_map = a_map(small_tree, tags=["IRIS+ OI1234", "LOCAL-7", "health", "SDG 18", "SDG 3.4"])
    document = written(impact_map)
    codes = {each["@id"]: each["codeValue"] for each in of_type(document, "cids:Code")}
    assert [codes[each] for each in of_type(document, "cids:Indicator")[0]["hasCode"]] == ["OI1234"]
    assert [codes[each] for each in of_type(document, "cids:Outcome")[0]["hasCode"]] == ["LOCAL-7", "SDG 18"]
    assert set(again(impact_map).outcomes[0].tags) == {"OI1234", "LOCAL-7", "health", "SDG 18", "SDG 3.4"}


def test_people_are_underserved_only_where_a_tag_says_so(small_tree: dict[str, Any]) -> None:
    document = written(a_map(small_tree, tags=["Underserved"]))
    assert [each["isUnderserved"] for each in of_type(document, "cids:StakeholderOutcome")] == [True, False]


# ---- there and back ----


def quantity_of(outcome: Outcome, impact_map: ImpactMap) -> list[float] | None:
    """Return an outcome's quantity in each cohort, worked out apart from the program."""
    proxy = outcome.proxy.value if outcome.proxy is not None else None
    if outcome.quantity is None:
        return None
    others = [proxy, outcome.deadweight, outcome.displacement, outcome.attribution]
    by_year = any(each is not None and each.by_year is not None for each in others)
    if isinstance(outcome.quantity, PartOfStakeholder):
        size = next(each.size for each in impact_map.stakeholders if each.id == outcome.quantity.of)
        assert size is not None
        years = [size.base * outcome.quantity.share.base * outcome.quantity.times.base]
    else:
        by_year = by_year or outcome.quantity.by_year is not None
        years = list(outcome.quantity.years)
    return years * impact_map.activity.years if by_year and len(years) == 1 else years


def deadweight_of(outcome: Outcome, impact_map: ImpactMap) -> list[float] | None:
    if outcome.deadweight is None:
        return None
    years = list(outcome.deadweight.years)
    return years * impact_map.activity.years if len(years) == 1 else years


def shared(impact_map: ImpactMap) -> dict[str, Any]:
    """Return all that a value map and the standard both have a place for."""
    return {
        "framing": (
            impact_map.title, impact_map.organisation, impact_map.activities, impact_map.analysis, impact_map.currency,
            impact_map.price_year, impact_map.activity,
        ),
        "stakeholders": [
            (each.id, each.label, each.segment, each.size.base if each.size else None)
            for each in impact_map.stakeholders
        ],
        "outputs": [
            (each.id, each.stakeholder, each.description, each.quantity.base if each.quantity else None, each.unit)
            for each in impact_map.outputs
        ],
        "inputs": [(each.id, each.stakeholder, each.description, each.kind, each.source) for each in impact_map.inputs],
        "outcomes": [
            (
                each.id, each.stakeholder, each.description, each.indicator, each.direction,
                quantity_of(each, impact_map), each.amount_of_change, each.duration.base if each.duration else None,
                deadweight_of(each, impact_map), each.leads_to, sorted(tags_of(each)),
                each.starts if each.duration is not None else None,
            )
            for each in impact_map.outcomes
        ],
    }  # fmt: skip


def tags_of(outcome: Outcome) -> set[str]:
    goals = {tag: terms.goal_of(tag) for tag in outcome.tags}
    return {terms.goal_tag(goal) if goal is not None else tag for tag, goal in goals.items()}


def test_what_both_have_a_place_for_comes_back_exactly_from_random_maps() -> None:
    for impact_map in random_maps(150):
        assert shared(again(impact_map)) == shared(impact_map)


def test_what_was_read_can_be_written_again_to_the_same_effect() -> None:
    for impact_map in random_maps(40):
        once = again(impact_map)
        assert shared(again(once)) == shared(once)


def test_the_worth_of_inputs_comes_back() -> None:
    for impact_map in random_maps(60):
        back = {each.id: each for each in again(impact_map).inputs}
        for given in impact_map.inputs:
            found = back[given.id].value
            if given.value is not None:
                assert found is not None
                assert found.base == pytest.approx(sum(given.value.years), rel=1e-12)
            elif given.rate is not None:
                assert found is not None
                assert given.hours is not None
                assert found.base == pytest.approx(given.hours.base * given.rate.base, rel=1e-12)


def test_what_is_read_is_a_valid_map_that_says_what_is_still_to_be_filled_in(tmp_path: Path) -> None:
    sroi.write_value_map(sroi.read_value_map(BEFRIENDING), tmp_path / "map.jsonld")
    impact_map = sroi.read_value_map(tmp_path / "map.jsonld")
    assert {outcome.valued for outcome in impact_map.outcomes} == {False}
    assert "the outcomes (12) are told without one (valued: no)" in repairs(impact_map)
    assert "match_ends is reported as negative: give it a proxy below 0" in repairs(impact_map)
    sroi.write_value_map(impact_map, tmp_path / "map.yaml")
    assert sroi.read_value_map(tmp_path / "map.yaml") == impact_map
    assert float(sroi.evaluate(impact_map).sroi_ratio) == 0


def test_the_command_converts_both_ways_and_lists_its_guesses(command: Command, tmp_path: Path) -> None:
    there = command("convert", str(BEFRIENDING), str(tmp_path / "map.jsonld"))
    assert there.returncode == 0, there.stderr
    back = command("convert", str(tmp_path / "map.jsonld"), str(tmp_path / "map.yaml"), "--currency", "EUR")
    assert back.returncode == 0, back.stderr
    assert "guesses or repairs" in back.stdout
    assert sroi.read_value_map(tmp_path / "map.yaml").currency == "EUR"


def test_text_of_a_map_is_text_in_the_file_whatever_it_looks_like(small_tree: dict[str, Any]) -> None:
    nasty = [
        '{"@id": "urn:x"}',
        "@type",
        "_:b0",
        "cids:Outcome",
        "</script><script>",
        "a\u2028b \\u0000",
        "urn:uuid:x#y",
    ]
    for words in nasty:
        impact_map = a_map(
            small_tree, description=words, amount_of_change=words, tags=[words], indicator={"text": words}
        )
        back = again(impact_map).outcomes[0]
        assert back.indicator is not None
        assert (back.description, back.amount_of_change, back.indicator.text) == (words, words, words)
        assert back.tags == (words,)


# ---- files by other people ----

PARTS: list[dict[str, Any]] = [
    {"@type": "cids:Organization", "@id": "https://a.org/", "org:hasLegalName": "A Ltd", "hasOutcome": ["https://a.org/o/1"]},
    {
        "@type": "cids:Outcome", "@id": "https://a.org/o/1", "hasName": " Fewer empty homes ",
        "hasDescription": "Description: Fewer empty homes", "forOrganization": "https://a.org/",
        "forTheme": ["https://metadata.un.org/sdg/11", "https://a.org/theme/homes"], "hasIndicator": ["https://a.org/i/1"],
    },
    {"@type": "cids:Theme", "@id": "https://a.org/theme/homes", "hasName": "Homes", "hasDescription": "Homes"},
    {
        "@type": "cids:Indicator", "@id": "https://a.org/i/1", "hasName": "Homes let", "forOrganization": "https://a.org/",
        "forOutcome": "https://a.org/o/1", "hasCode": ["https://iris.thegiin.org/OI1234/"],
        "i72:unit_of_measure": {"@id": "https://a.org/unit/Homes"}, "hasIndicatorReport": ["https://a.org/r/1"],
    },
    {
        "@type": "cids:IndicatorReport", "@id": "https://a.org/r/1", "hasName": "Homes let",
        "i72:value": {"@type": "i72:Measure", "i72:numerical_value": "42"},
        "prov:startedAtTime": "2023-12-31T19:00:00-08:00", "prov:endedAtTime": "2024-12-30T19:00:00-08:00",
        "forIndicator": "https://a.org/i/1", "forOrganization": "https://a.org/",
    },
]  # fmt: skip


def expanded(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the expanded form of one of our documents, made by rdflib from its compact one."""
    rdflib = pytest.importorskip("rdflib")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
        made: list[dict[str, Any]] = json.loads(graph.serialize(format="json-ld"))
    return made


def in_lists() -> list[dict[str, Any]]:
    return [
        {"@context": [OFFICIAL, "https://ontology.commonapproach.org/contexts/sffContext.jsonld"], **part}
        for part in PARTS
    ]


def in_a_graph() -> dict[str, Any]:
    return {"@context": OFFICIAL, "@graph": PARTS}


def nested() -> dict[str, Any]:
    report = {**PARTS[4], "@id": "_:r"}
    return {
        "@context": OFFICIAL,
        **PARTS[1],
        "forOrganization": PARTS[0],
        "forTheme": [{"@id": "https://metadata.un.org/sdg/11"}, PARTS[2]],
        "hasIndicator": {**PARTS[3], "hasIndicatorReport": {"@set": [report]}},
    }


def by_aliases() -> dict[str, Any]:
    names = {"id": "@id", "type": "@type", "c": CIDS, "Wirkung": "c:Outcome", "Name": "org:hasName", "items": "@graph"}
    return {
        "@context": [OFFICIAL, names],
        "items": [
            {"id": "https://a.org/o/1", "type": "Wirkung", "Name": {"@value": "Fewer empty homes", "@language": "en"},
             "c:forOrganization": "https://a.org/", "c:hasIndicator": {"id": "https://a.org/i/1"},
             "c:forTheme": [{"id": "https://metadata.un.org/sdg/11"}, {"id": "https://a.org/theme/homes"}]},
            PARTS[0], *PARTS[2:],
        ],
    }  # fmt: skip


@pytest.mark.parametrize("form", [in_lists, in_a_graph, nested, by_aliases])
def test_the_same_file_is_read_alike_in_every_form(form: Any) -> None:
    impact_map = read(form())
    (outcome,) = impact_map.outcomes
    assert (impact_map.organisation, outcome.description) == ("A Ltd", "Fewer empty homes")
    assert set(outcome.tags) == {"SDG 11", "Homes", "OI1234"}
    assert outcome.quantity is not None
    assert not isinstance(outcome.quantity, PartOfStakeholder)
    assert (outcome.quantity.base, outcome.quantity.note) == (42, "Unit: Homes")
    assert (impact_map.analysis, impact_map.activity.years) == ("evaluative", 1)
    assert str(impact_map.activity.start) == "2024-01-01"
    assert impact_map.stakeholders[0].label.startswith("REPLACE")
    assert impact_map.inputs[0].description == "REPLACE: what was put in"
    for said in ("whose outcome", "no currency", "no price year", "no input has a value", "the first report begins"):
        assert said in repairs(impact_map).lower()


def test_the_expanded_form_of_our_own_file_says_the_same() -> None:
    for impact_map in [sroi.read_value_map(BEFRIENDING), *random_maps(3)]:
        back, plain = shared(read(expanded(written(impact_map)))), shared(again(impact_map))
        for section in ("stakeholders", "inputs", "outputs", "outcomes"):  # RDF keeps no order
            assert sorted(map(str, back[section])) == sorted(map(str, plain[section]))
        assert back["framing"] == plain["framing"]


def test_a_file_of_the_standard_may_end_in_json_as_platforms_write_it(tmp_path: Path) -> None:
    (tmp_path / "theirs.json").write_text(json.dumps(in_lists()), encoding="utf-8")
    assert sroi.read_value_map(tmp_path / "theirs.json").organisation == "A Ltd"


def test_what_the_user_says_of_a_file_that_leaves_it_open_is_heard() -> None:
    impact_map = read(in_lists(), currency="CAD", price_year="2023/24", analysis="forecast")
    assert (impact_map.currency, impact_map.price_year, impact_map.analysis) == ("CAD", "2023/24", "forecast")
    assert "currency" not in repairs(impact_map)


def test_an_outcome_of_several_stakeholders_becomes_one_for_each() -> None:
    people = [
        {"@type": "cids:BeneficialStakeholder", "@id": f"https://a.org/s/{n}", "hasName": n} for n in ("Young", "Old")
    ]
    shares = [
        {"@type": "cids:StakeholderOutcome", "@id": f"https://a.org/so/{n}", "forOutcome": "https://a.org/o/1",
         "forStakeholder": f"https://a.org/s/{n}", "isUnderserved": n == "Old", "hasImportance": "highImportance"}
        for n in ("Young", "Old")
    ]  # fmt: skip
    impact_map = read({"@context": OFFICIAL, "@graph": [*PARTS, *people, *shares]})
    assert [(each.id, each.stakeholder) for each in impact_map.outcomes] == [
        ("fewer_empty_homes", "young"), ("fewer_empty_homes_2", "old"),
    ]  # fmt: skip
    assert "underserved" in impact_map.outcomes[1].tags
    assert impact_map.outcomes[0].material is not None
    assert impact_map.outcomes[0].material.significance == "highImportance"


def test_an_indicator_without_an_outcome_becomes_one_to_be_worded() -> None:
    impact_map = read([{**PARTS[3], "forOutcome": []}, PARTS[4]])
    assert impact_map.outcomes[0].description == "REPLACE: what changed, as shown by: Homes let"
    assert "Indicators without an outcome" in repairs(impact_map)


def test_a_share_is_not_read_as_a_count_of_people() -> None:
    parts = [PARTS[1], {**PARTS[3], "i72:unit_of_measure": "https://a.org/unit/Percentage"}, PARTS[4]]
    impact_map = read(parts)
    assert impact_map.outcomes[0].quantity is None
    assert "is in per cent: it was not read as how many changed" in repairs(impact_map)


def test_several_values_of_one_indicator_leave_the_latest_and_say_so() -> None:
    later = {**PARTS[4], "@id": "https://a.org/r/2", "i72:value": {"i72:hasNumericalValue": "50"},
             "prov:startedAtTime": "2025-01-01T00:00:00Z", "prov:endedAtTime": "2025-06-30T00:00:00Z"}  # fmt: skip
    impact_map = read([PARTS[1], PARTS[3], PARTS[4], later])
    assert impact_map.numbers()["fewer_empty_homes.quantity"].values[0] == 50
    assert "has 2 values: the latest became its quantity" in repairs(impact_map)


def test_a_counterfactual_of_unknown_kind_is_not_taken_for_deadweight() -> None:
    scale = {
        "@type": "cids:ImpactScale",
        "hasCounterfactual": {"@type": "cids:Counterfactual", "value": {"hasNumericalValue": "12"}},
    }
    report = {"@type": "cids:ImpactReport", "@id": "_:ir", "forOutcome": "https://a.org/o/1", "hasImpactScale": scale}
    impact_map = read([*PARTS, report])
    assert impact_map.outcomes[0].deadweight is None
    assert "was not read as deadweight" in repairs(impact_map)


def test_a_value_that_is_no_number_is_left_out_and_named() -> None:
    for raw in ("about 40", "1,200", "1e999", "nan", "", "9" * 400):
        report = {**PARTS[4], "i72:value": {"@type": "i72:Measure", "i72:numerical_value": raw}}
        impact_map = read([PARTS[1], PARTS[3], report])
        assert impact_map.outcomes[0].quantity is None
        assert ("left out" in repairs(impact_map)) == bool(raw)


def test_what_a_value_map_has_no_place_for_is_listed() -> None:
    extra = [{"@type": "cids:EnduranceRisk", "@id": "_:e", "hasName": "x"}, {"@type": "cids:Address", "@id": "_:a"}]
    assert "EnduranceRisk (1), Address (1)" in repairs(read([*PARTS, *extra]))


def test_of_several_organisations_the_one_with_the_most_outcomes_is_named() -> None:
    others = [
        {"@type": "cids:Organization", "@id": "https://b.org/", "hasLegalName": {"@id": "https://b.org/name"}},
        {"@type": "cids:Outcome", "@id": "https://b.org/o", "hasName": "Else", "forOrganization": "https://b.org/"},
        {"@type": "cids:Organization", "@id": "https://c.org/", "hasLegalName": "C Ltd"},
        {"@type": "cids:Outcome", "@id": "https://c.org/o", "hasName": "More", "forOrganization": "https://c.org/"},
    ]
    impact_map = read([*others, *PARTS])
    assert impact_map.organisation == "A Ltd"
    assert "belong to 2 organisations" in repairs(impact_map)


def test_values_of_whole_years_become_a_number_by_year() -> None:
    years = [
        {**PARTS[4], "@id": f"https://a.org/r/{year}", "i72:value": {"i72:hasNumericalValue": str(year - 2020)},
         "prov:startedAtTime": f"{year}-04-01T00:00:00Z", "prov:endedAtTime": f"{year + 1}-03-31T23:59:59Z"}
        for year in (2023, 2021, 2022)
    ]  # fmt: skip
    impact_map = read([PARTS[1], PARTS[3], *years])
    assert impact_map.activity.years == 3
    assert impact_map.numbers()["fewer_empty_homes.quantity"].values == (1, 2, 3)


def test_the_names_of_earlier_versions_are_known() -> None:
    old = "http://ontology.commonapproach.org/owl/cids_v2.1.owl/cids#"
    thing = {"@type": [f"{old}Outcome"], "@id": "https://a.org/o/1",
             "http://ontology.commonapproach.org/tove/organization#hasName": [{"@value": "Calmer"}]}  # fmt: skip
    assert read([thing]).outcomes[0].description == "Calmer"


# ---- hostile files ----


def test_nothing_is_ever_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    impact_map = read([{**part, "@context": "http://169.254.169.254/latest"} for part in PARTS])
    assert "The context 'http://169.254.169.254/latest' was not fetched" in repairs(impact_map)
    read({"@context": ["file:///etc/passwd", {"@import": "http://x.org/"}], "@graph": PARTS})


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"  ", "this file is empty"),
    "no JSON": (b"{'a': 1}", "this is not JSON"),
    "YAML": (b"sroi: 1\ntitle: x\n", "this is not JSON"),
    "no UTF-8": (b'{"a": "\xff"}', "not UTF-8"),
    "a number": (b"42", "stands where JSON-LD belongs"),
    "NaN": (b'{"@type": "cids:Outcome", "x": NaN}', "NaN is no number"),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, "deep"),
    "deep groups": (b'{"a":' * 300 + b"1" + b"}" * 300, "more than 40 deep"),
    "deep links": (b'{"cids:hasOutcome":' * 50 + b"1" + b"}" * 50, "more than 40 deep"),
    "twice": (b'{"@id": "x", "@type": "cids:Outcome", "@type": "cids:Theme", "a": 1, "a": 2}', "stands twice"),
    "of another standard": (b'{"@context": "https://schema.org", "@type": "Person", "name": "x"}', "no outcome"),
    "an empty list": (b"[]", "no outcome"),
    "a huge context": (json.dumps({"@context": {f"n{i}": "x:y" for i in range(2000)}}).encode(), "1,000 names"),
    "too many parts": (b"[" + b"[]," * 700_000 + b"[]]", "more than 600,000 parts"),
    "too many contexts": (b"[" + b'{"@context":{"a":"b:c"}},' * 700_000 + b"{}]", "more than 600,000 parts"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_clear_message(name: str) -> None:
    content, said = HOSTILE[name]
    with pytest.raises((FileRefused, ImpossibleMap)) as refused:
        read(content)
    assert said in str(refused.value)
    assert str(refused.value).startswith("theirs.jsonld: ")
    assert len(str(refused.value)) < 500


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "large.jsonld").open("wb") as stream:
        stream.truncate(30_000_000)
    with pytest.raises(
        FileRefused, match=r"30\.0 MB, and a file of the Common Impact Data Standard holds at most 20 MB"
    ):
        sroi.read_value_map(tmp_path / "large.jsonld")


@pytest.mark.parametrize(
    ("type_", "name"), [("Outcome", "outcomes"), ("Stakeholder", "stakeholders"), ("Input", "inputs")]
)
def test_more_than_a_map_may_have_is_refused(type_: str, name: str) -> None:
    many = [{"@type": f"cids:{type_}", "@id": f"https://a.org/{place}", "hasName": "x"} for place in range(700)]
    with pytest.raises(ImpossibleMap, match=f"there are more than 500 {name}"):
        read([*PARTS, *many])


def test_things_that_name_each_other_in_a_circle_are_read() -> None:
    first = {**PARTS[1], "canProduce": ["https://a.org/o/2", "https://a.org/o/1"]}
    second = {
        "@type": "cids:Outcome",
        "@id": "https://a.org/o/2",
        "hasName": "Second",
        "canProduce": "https://a.org/o/1",
    }
    theme = {**PARTS[2], "relatesTo": "https://a.org/theme/homes", "hasCode": "https://a.org/theme/homes"}
    impact_map = read([first, second, theme, *PARTS[3:]])
    assert [outcome.leads_to for outcome in impact_map.outcomes] == [("second",), ("fewer_empty_homes",)]


def test_names_defined_in_a_circle_or_without_end_stop_somewhere() -> None:
    circle = {"a": "b:x", "b": "a:y", "c": {"@id": "c:c"}, "d": 7, "e": None, "f": {"@reverse": "cids:hasOutcome"}}
    chain = {"p0": "x" * 250 + ":"} | {f"p{place}": f"p{place - 1}:{'y' * 200}" for place in range(1, 500)}
    for names in (circle, chain):
        assert read({"@context": names, "@graph": PARTS}).outcomes[0].id == "fewer_empty_homes"


WRONG: list[Any] = [None, True, 7, -1e308, [], {}, [[]], [None], {"@value": None}, {"@value": {"a": 1}}, {"@list": [{}]},
                    {"en": "x"}, {"@id": 7}, {"@id": ""}, {"@type": 7}, "\u0000", "\u202e", "x" * 30_000, "_:", ":", "a:"]  # fmt: skip


def said_or_read(document: Any) -> str:
    try:
        return "read" if read(document).outcomes else ""
    except (FileRefused, ImpossibleMap) as refused:
        return str(refused)


def test_wrong_types_anywhere_are_passed_over_or_refused_in_words() -> None:
    rng = random.Random(5)
    document = written(sroi.read_value_map(BEFRIENDING))
    for _ in range(120):
        broken = json.loads(json.dumps(document))
        for _ in range(rng.choice([1, 3, 30])):
            thing = rng.choice(broken["@graph"])
            thing[rng.choice(list(thing))] = rng.choice(WRONG)
        if rng.random() < 0.2:
            broken["@context"] = rng.choice(WRONG)
        assert said_or_read(broken).startswith(("theirs.jsonld: ", "read"))


def test_texts_too_long_and_ids_used_twice_make_no_impossible_map() -> None:
    iri = f"{terms.iri_of('map', 'x')}#people"
    parts = [
        {**PARTS[1], "@id": iri, "hasName": "n" * 19_999, "hasDescription": "d" * 19_999},
        {**PARTS[3], "forOutcome": iri, "unitDescription": "u" * 19_999},
        {**PARTS[4], "forStakeholder": {"@id": f"{terms.iri_of('map', 'y')}#people", "hasName": "People"}},
    ]
    impact_map = read(parts)
    assert (len(impact_map.outcomes), len(impact_map.stakeholders)) == (1, 1)


def test_a_torn_file_is_refused_in_words() -> None:
    content = impact_standard_bytes(sroi.example())
    for end in range(1, len(content) - 2, 997):
        with pytest.raises(FileRefused, match="this is not JSON"):
            read(content[:end])


# ---- against the standard's own shapes ----

CSH = "https://ontology.commonapproach.org/cids/shacl#"
SH = "http://www.w3.org/ns/shacl#"

# What the full tier asks for and a value map does not know: nothing is invented for it.
BEYOND_A_VALUE_MAP = {
    ("Counterfactual", "wasGeneratedBy"), ("HowMuchImpact", "wasGeneratedBy"), ("ImpactReport", "hasExpectation"),
    ("ImpactReport", "hasImpactDuration"), ("ImpactReport", "hasReportedImpact"), ("Indicator", "hasThreshold"),
    ("Indicator", "wasGeneratedBy"), ("IndicatorReport", "wasGeneratedBy"), ("StakeholderOutcome", "fromPerspectiveOf"),
    ("StakeholderOutcome", "hasImportance"), ("StakeholderOutcome", "intendedImpact"),
    *((kind, key) for kind in ("Input", "FinancialInput", "SkillInput", "PhysicalInput")
      for key in ("hasActualAmount", "hasPlannedAmount", "hasType", "hasAmount")),
}  # fmt: skip


def violations(impact_map: ImpactMap, tier: str, mended: bool) -> Counter[tuple[str, str, str]]:
    """Return what pyshacl finds: (class, property, kind of constraint), without the notes of severity Info."""
    rdflib, pyshacl = pytest.importorskip("rdflib"), pytest.importorskip("pyshacl")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shapes = rdflib.Graph().parse(Path(SHAPES) / f"cids.{tier}tier.shacl.ttl", format="turtle")
        if mended:
            mend(shapes, rdflib)
        data = rdflib.Graph().parse(data=impact_standard_bytes(impact_map), format="json-ld")
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, allow_infos=True)
    found: Counter[tuple[str, str, str]] = Counter()
    of = {
        name: rdflib.URIRef(SH + name)
        for name in ("result", "resultSeverity", "sourceShape", "resultPath", "sourceConstraintComponent")
    }
    for result in report.objects(None, of["result"]):
        if str(report.value(result, of["resultSeverity"])) == f"{SH}Info":
            continue
        owner = shapes.value(report.value(result, of["sourceShape"]), rdflib.URIRef(f"{CSH}usedBy"))
        words = (owner, report.value(result, of["resultPath"]), report.value(result, of["sourceConstraintComponent"]))
        found[tuple(str(word).replace("/", "#").rpartition("#")[2] for word in words)] += 1  # type: ignore[index]
    return found


def mend(shapes: Any, rdflib: Any) -> None:
    """Mend four slips of the published shapes (3.2.1), each of which contradicts what stands beside it.

    "At most 0" beside "zero or more"; a data type without a name beside a list of words; one property with two paths;
    one with two counts.
    """
    sh = {name: rdflib.URIRef(SH + name) for name in ("minCount", "maxCount", "datatype", "in", "path", "class")}
    csh = {name: rdflib.URIRef(CSH + name) for name in ("cardinality", "in")}
    for shape, most in list(shapes.subject_objects(sh["maxCount"])):
        if int(most) == 0 and str(shapes.value(shape, csh["cardinality"])) in (f"{CSH}ZeroOrMore", f"{CSH}OneOrMore"):
            shapes.remove((shape, sh["maxCount"], most))
    for shape, kind in list(shapes.subject_objects(sh["datatype"])):
        if isinstance(kind, rdflib.BNode):
            shapes.remove((shape, sh["datatype"], kind))
            words = list(shapes.objects(shape, csh["in"]))
            if words:
                head = rdflib.BNode()
                rdflib.collection.Collection(shapes, head, words)
                shapes.add((shape, sh["in"], head))
    for key, kept in (("path", 0), ("minCount", 0), ("maxCount", -1), ("class", 0)):
        for shape in {each for each, _ in shapes.subject_objects(sh[key])}:
            values = sorted(shapes.objects(shape, sh[key]))
            for value in set(values) - {values[kept]}:
                shapes.remove((shape, sh[key], value))


def maps_for_the_shapes() -> list[ImpactMap]:
    whole = [sroi.read_value_map(sroi.case_study(name)) for name in ("befriending", "wheels_to_meals")]
    return [*whole, *random_maps(4)]


@with_shapes
def test_the_shapes_see_a_fault() -> None:
    tree = written(sroi.example())
    of_type(tree, "cids:Outcome")[0].pop("hasName")
    rdflib, pyshacl = pytest.importorskip("rdflib"), pytest.importorskip("pyshacl")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = rdflib.Graph().parse(data=json.dumps(tree), format="json-ld")
        shapes = rdflib.Graph().parse(Path(SHAPES) / "cids.basictier.shacl.ttl", format="turtle")
        assert pyshacl.validate(data, shacl_graph=shapes, allow_infos=True)[0] is False


@with_shapes
def test_a_written_file_is_valid_in_the_basic_tier_as_published() -> None:
    for impact_map in maps_for_the_shapes():
        assert violations(impact_map, "basic", mended=False) == Counter()


@with_shapes
def test_a_written_file_is_valid_in_the_essential_tier_once_its_slips_are_mended() -> None:
    for impact_map in maps_for_the_shapes():
        assert violations(impact_map, "essential", mended=True) == Counter()


@with_shapes
def test_against_the_essential_tier_as_published_only_its_slips_are_found() -> None:
    for impact_map in maps_for_the_shapes()[:2]:
        found = violations(impact_map, "essential", mended=False)
        assert {kind for _, _, kind in found} <= {"MaxCountConstraintComponent", "DatatypeConstraintComponent"}
        assert {name for _, name, kind in found if kind.startswith("Datatype")} <= {"hasCatchmentArea"}


@pytest.mark.slow
@with_shapes
def test_of_the_full_tier_only_what_a_value_map_does_not_know_is_wanting() -> None:
    for impact_map in maps_for_the_shapes()[:3]:
        found = violations(impact_map, "full", mended=True)
        assert {kind for _, _, kind in found} <= {"MinCountConstraintComponent"}
        assert {(owner, name) for owner, name, _ in found} <= BEYOND_A_VALUE_MAP
