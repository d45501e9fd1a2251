"""`sroi proxies` as its users run it: what it says, its JSON, and what it does to a value map."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from random_maps import random_value_map

import sroi
from sroi.cli import main
from sroi.evidence.register import register
from sroi.evidence.register_prices import uprated
from sroi.files.proxy_adding import proxy_of, with_proxy
from sroi.files.tree import to_tree
from sroi.files.yaml import parse_yaml, to_yaml

ALL = register()
A_AND_E = "gmca14_he4_0_fiscal"

MAP = """# what we found out
sroi: 1
title: Walks
analysis: forecast
currency: GBP
price_year: 2024
activity: {years: 1}
stakeholders:
  - {id: people}   # all of them
inputs:
  - {id: grant, stakeholder: people, kind: money, value: 1000}
outcomes:
  # the first
  - id: calmer
    stakeholder: people
    quantity: 10        # counted twice
    proxy:              # a guess
      value: 30
      source: a guess
    # how long
    duration: 2
  - {id: fitter, stakeholder: people, quantity: 5, valued: no}  # later
  - id: safer
    stakeholder: people
    quantity: 3
    valued: no
# the end
"""

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Said:
    """Run `sroi proxies ..` in an empty folder; return its status and what it wrote."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["proxies", *arguments])
        out, err = capfd.readouterr()
        return status, out.replace("\u00a0", " "), err

    return run


def value_map(text: str = MAP, name: str = "m.yaml") -> Path:
    path = Path(name)
    path.write_bytes(text.encode("utf-8"))
    return path


def test_a_search_shows_unit_year_uprated_value_source_grade_licence_and_why(said: Said) -> None:
    status, out, _ = said("search", "A&E attendance", "--most", "1")
    assert status == 0
    text = " ".join(out.split())
    for words in (
        f'9 of 949 entries answer to "A&E attendance"; the first 1 (--most shows more): {A_AND_E}',
        "£109 per incident; 2011/12 prices, a financial year; in 2024 prices £153.29 (x 1.406)",
        "fiscal; costs or savings to the public sector; NHS, Clinical Commissioning Group; GBR",
        "Source: Unit Cost Database v1.4 (March 2015), GMCA / New Economy, cost code HE4.0, cell Health!H49; from: National Schedule",
        "Grade: green; level A (seen in the publisher's own file or page); licence: CC BY 4.0; superseded",
        "Why one might prefer it:",
        "Which one is apt is for people to judge",
    ):
        assert words in text
    assert "best" not in text
    assert "right" not in text


@pytest.mark.parametrize("nothing", [[], [""], ["  "]])
def test_a_search_for_nothing_says_so_and_what_to_ask(said: Said, nothing: list[str]) -> None:
    status, out, _ = said("search", *nothing, "--most", "1")
    assert status == 0
    first = out.splitlines()[0]
    assert first.startswith('Nothing was asked for, in words such as "GP visit" or with --theme; there are 949 entries')
    assert (
        said("search", *nothing, "--theme", "health")[1]
        .splitlines()[0]
        .startswith("224 of 949 entries answer to theme: health;")
    )


def test_the_json_of_a_search_holds_every_field_and_the_uprated_value(said: Said) -> None:
    _, out, err = said("search", "life satisfaction", "--json", "-")
    assert err == ""
    told = json.loads(out)
    assert (told["count"], told["searched"], told["asked"]) == (1, 949, {"words": "life satisfaction"})
    (entry,) = told["entries"]
    assert (entry["id"], entry["value"], entry["low"], entry["high"], entry["is_transfer"]) == (
        "uk_wellby", 13000, 10000, 16000, None,
    )  # fmt: skip
    assert entry["uprated"]["to"] == "2024"
    assert entry["uprated"]["value"] == pytest.approx(13000 * entry["uprated"]["factor"])


def test_a_value_that_is_not_shipped_says_where_it_is_to_be_had(said: Said) -> None:
    _, out, _ = said("search", "GP visit", "--unit", "visit")
    assert "`sroi proxies import` reads it from the workbook as its publisher gives it" in " ".join(out.split())


def test_show_tells_what_is_said_and_what_is_not(said: Said) -> None:
    _, out, _ = said("show", "uk_qaly")
    text = " ".join(out.split())
    assert "not in 2024 prices: its price year is disputed" in text
    assert "Not said: version, category" in text
    status, _, err = said("show", "uk_qualy")
    assert (status, err) == (2, "the register has no entry 'uk_qualy'. Did you mean 'uk_qaly'?\n")


def test_an_entry_is_put_in_with_its_provenance_and_all_else_stays_as_it_was(said: Said) -> None:
    path = value_map()
    status, out, err = said("add", "m.yaml", "calmer", A_AND_E)
    assert (status, err) == (0, "")
    assert path.read_text() == MAP
    made = Path("m_calmer_proxy.yaml").read_text()
    begin, end = made.index("    proxy:"), made.index("    # how long")
    assert made[:begin] + made[end:] == MAP.replace(MAP[MAP.index("    proxy:") : MAP.index("    # how long")], "")
    proxy = sroi.read_value_map("m_calmer_proxy.yaml").outcomes[0].proxy
    assert proxy is not None
    assert (proxy.register_id, proxy.value.value, proxy.unit, proxy.price_year) == (A_AND_E, 109, "incident", "2011/12")  # type: ignore[union-attr]
    assert (proxy.price_year_basis, proxy.currency, proxy.value_type, proxy.licence) == (
        "financial",
        "GBP",
        "fiscal",
        "CC BY 4.0",
    )
    assert proxy.agency == "NHS, Clinical Commissioning Group"
    assert proxy.passing_on is True
    assert str(proxy.review_date) == "2027-11-21"
    assert (
        proxy.acknowledgement
        == "Unit Cost Database v1.4 (2015), New Economy / Greater Manchester Combined Authority, CC BY 4.0."
    )
    assert proxy.value.confidence == "green"  # type: ignore[union-attr]
    assert (proxy.source or "").startswith("Unit Cost Database v1.4 (March 2015), GMCA / New Economy, cost code HE4.0")
    assert "It is in 2011/12 prices, the map in 2024: --to 2024 brings it there." in out


@pytest.mark.parametrize("outcome", ["fitter", "safer"])
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_an_outcome_without_a_proxy_gets_one_and_comments_stay(said: Said, outcome: str, break_: str) -> None:
    value_map(MAP.replace("\n", break_))
    assert said("add", "m.yaml", outcome, "uk_wellby", "--out", "n.yaml")[0] == 0
    made = Path("n.yaml").read_bytes().decode()
    assert [line for line in MAP.splitlines() if "#" in line] == [
        f"{line.split(', proxy')[0]}}}  # later" if ", proxy" in line else line
        for line in made.splitlines()
        if "#" in line
    ]
    assert made.count("\r\n") == (made.count("\n") if break_ == "\r\n" else 0)
    proxy = next(each for each in sroi.read_value_map("n.yaml").outcomes if each.id == outcome).proxy
    assert proxy is not None
    assert proxy.value is not None
    assert (proxy.value.value, proxy.value.low, proxy.value.high) == (13000, 10000, 16000)


def test_the_year_asked_for_stands_in_the_source_with_its_index_values(said: Said) -> None:
    value_map()
    said("add", "m.yaml", "calmer", A_AND_E, "--to", "2024", "--out", "n.yaml")
    proxy = sroi.read_value_map("n.yaml").outcomes[0].proxy
    assert proxy is not None
    assert proxy.value is not None
    assert proxy.value.value == pytest.approx(109 * 100 / 71.10785, rel=1e-6)
    assert (proxy.price_year, proxy.price_year_basis) == (2024, "calendar")
    assert "Brought from 2011/12 to 2024 prices: x 1.406314" in (proxy.source or "")


def test_a_range_moves_with_the_value_and_a_total_of_kinds_has_no_kind() -> None:
    entry = ALL.find("uk_wellby")
    moved = uprated(entry, "2024")
    value = proxy_of(entry, moved)["value"]
    assert value["low"] / 10000 == pytest.approx(value["value"] / 13000)
    assert "value_type" not in proxy_of(ALL.find("uk_ho_domestic_burglary"))


@pytest.mark.parametrize(
    ("id_", "more", "words"),
    [
        ("gmca14_es5_0_fiscal", (), "is, wholly or in part, a transfer payment: money that moves, not public value. Take an entry of what society gains"),
        ("us_sc_co2_2030", (), "'us_sc_co2_2030' is in USD, the map in GBP. Look for one in the map's currency"),
        ("uk_qaly", ("--to", "2023"), "cannot be brought to 2023 prices: its price year is disputed"),
        ("gmca14_he20_4_fiscal", (), "comes without its value. The value is not shipped"),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_map_is_refused_with_the_remedy(
    said: Said, id_: str, more: tuple[str, ...], words: str
) -> None:
    value_map()
    status, _, err = said("add", "m.yaml", "calmer", id_, *more)
    assert status == 2
    assert words in err
    assert [path.name for path in Path().iterdir()] == ["m.yaml"]


def test_an_outcome_that_is_not_there_names_the_nearest(said: Said) -> None:
    value_map()
    assert said("add", "m.yaml", "calmr", A_AND_E)[2] == "the map has no outcome 'calmr'. Did you mean 'calmer'?\n"


def test_nothing_is_written_over_unless_it_is_said(said: Said) -> None:
    path = value_map()
    said("add", "m.yaml", "calmer", A_AND_E)
    status, _, err = said("add", "m.yaml", "calmer", "uk_wellby")
    assert status == 1
    assert (
        "m_calmer_proxy.yaml: this file is already there. Name another with --out, or --force to change the map itself."
        in err
    )
    assert said("add", "m.yaml", "calmer", "uk_wellby", "--force")[0] == 0
    assert "uk_wellby" in path.read_text()
    assert "# counted twice" in path.read_text()


@pytest.mark.parametrize("ending", [".json", ".xlsx"])
def test_maps_of_other_formats_are_written_anew_and_said_to_be(said: Said, ending: str) -> None:
    sroi.write_value_map(parse_yaml(MAP.encode(), "m"), f"m{ending}")
    _, out, _ = said("add", f"m{ending}", "calmer", A_AND_E)
    assert "The map was written anew: comments that its file held are not in it." in out
    proxy = sroi.read_value_map(f"m_calmer_proxy{ending}").outcomes[0].proxy
    assert proxy is not None
    assert proxy.register_id == A_AND_E


def test_a_map_with_aliases_is_written_anew_rather_than_wrong(said: Said) -> None:
    text = MAP.replace(
        "    proxy:              # a guess\n      value: 30\n      source: a guess\n", "    proxy: &p {value: 30}\n"
    )
    value_map(text.replace("quantity: 3\n    valued: no\n", "quantity: 3\n    proxy: *p\n"))
    _, out, _ = said("add", "m.yaml", "calmer", A_AND_E)
    assert "written anew" in out
    read = sroi.read_value_map("m_calmer_proxy.yaml")
    proxies = {each.id: each.proxy.value.value for each in read.outcomes if each.proxy and each.proxy.value}
    assert proxies == {"calmer": 109, "safer": 30}


def test_an_unfinished_map_gets_its_proxies_one_by_one_and_says_what_it_still_lacks(said: Said) -> None:
    value_map(MAP.replace(", valued: no", "").replace("    valued: no\n", ""))
    status, out, err = said("add", "m.yaml", "fitter", "uk_wellby", "--out", "n.yaml")
    assert (status, err) == (0, "")
    assert "The map is not finished yet:" in out
    assert "the outcome 'safer' counts, but has no proxy" in out
    assert said("add", "n.yaml", "safer", A_AND_E, "--out", "o.yaml")[0] == 0
    assert [each.proxy.register_id for each in sroi.read_value_map("o.yaml").outcomes if each.proxy] == [
        None,
        "uk_wellby",
        A_AND_E,
    ]
    value_map(MAP.replace("years: 1", "years: none"))
    status, _, err = said("add", "m.yaml", "calmer", A_AND_E, "--out", "p.yaml")
    assert status == 1
    assert "'none' stands where a number belongs" in err
    assert not Path("p.yaml").exists()


@pytest.mark.parametrize("seed", range(12))
def test_in_any_map_one_proxy_changes_and_nothing_else(seed: int) -> None:
    rng = random.Random(seed)
    tree: dict[str, Any] = {**random_value_map(rng, 4), "currency": "GBP"}
    text = f"# a comment\n{to_yaml(sroi.ImpactMap.model_validate(_in_pounds(tree)))}"
    impact_map = parse_yaml(text.encode(), "m.yaml")
    entry = ALL.find(rng.choice([A_AND_E, "uk_wellby", "uk_ho_rape", "uk_nlw_2026"]) if seed else A_AND_E)
    for outcome in impact_map.outcomes:
        made = with_proxy(impact_map, outcome.id, entry, Path("n.yaml"), None)
        assert made.text_kept
        again = parse_yaml(made.content, "n.yaml")
        assert again == made.impact_map
        others = [
            (each, was) for each, was in zip(again.outcomes, impact_map.outcomes, strict=True) if was.id != outcome.id
        ]
        assert all(each == was for each, was in others)
        rest = [{**to_tree(each), "outcomes": None} for each in (again, impact_map)]
        assert rest[0] == rest[1]


def _in_pounds(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: "GBP" if key == "currency" else _in_pounds(part) for key, part in tree.items()}
    return [_in_pounds(part) for part in tree] if isinstance(tree, list) else tree


def test_a_register_of_ones_own_is_begun_searched_and_used(said: Said) -> None:
    value_map()
    assert said("new", "ours.csv")[0] == 0
    status, out, _ = said("search", "REPLACE", "--register", "ours.csv")
    assert status == 0
    assert "not to be passed on; from ours.csv, row 2" in " ".join(out.split())
    status, out, _ = said("add", "m.yaml", "calmer", "example_replace_me", "--register", "ours.csv")
    assert "It may not be passed on: reports and exports of this map are refused." in out
    status, _, err = said("search", "x", "--register", "theirs.csv")
    assert (status, err) == (1, "theirs.csv: there is no such file. Did you mean ours.csv?\n")


def test_an_import_writes_a_register_that_is_searched(said: Said) -> None:
    Path("t.csv").write_text("Thing,Price,Per\nA walk,3,walk\n")
    Path("m.yaml").write_text(
        "sroi_register_mapping: 1\ncolumns: {Thing: outcome, Price: value, Per: unit}\n"
        "every_row: {currency: GBP, price_year: 2021, source: made for the test}\n"
    )
    status, out, _ = said("import", "t.csv", "--mapping", "m.yaml", "--licence", "CC BY 4.0", "--out", "r.yaml")
    assert (status, out.splitlines()[0]) == (0, "Wrote r.yaml: 1 entries.")
    assert "row_a_walk_2" in said("search", "walk", "--register", "r.yaml", "--json", "-")[1]
    assert said("import", "t.csv", "--mapping", "m.yaml", "--licence", "CC BY 4.0", "--out", "r.yaml")[0] == 1
