"""A contract's form made of open contracting data: what is taken, what is said of it, and what is refused kindly."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sroi.cli import main
from sroi.commissioning.contract.form import FORM
from sroi.commissioning.contract.reading import read_contract
from sroi.commissioning.contract.releases import find_contract
from sroi.commissioning.contract.study import study_contract
from sroi.errors import FileRefused, NameRefused, SroiError
from sroi.files.form_writer import form_bytes

OCID = "ocds-000000-mb2025gm"  # an invented prefix: no publisher has it

# Invented: the illustrative contract as Find a Tender would publish it, field by field as the schemas name them.
AWARD: dict[str, Any] = {
    "ocid": OCID,
    "id": "invented-2",
    "date": "2025-07-28T09:00:00+01:00",
    "tag": ["award", "contract"],
    "initiationType": "tender",
    "buyer": {"id": "GB-PPON-INVENTED-1", "name": "Millbrook Council"},
    "parties": [
        {"id": "GB-PPON-INVENTED-1", "name": "Millbrook Council", "roles": ["buyer"],
         "details": {"classifications": [{"id": "publicAuthoritySubCentralGovernment", "scheme": "UK_CA_TYPE"}]}},
        {"id": "GB-PPON-INVENTED-2", "name": "Brookside Green CIC", "roles": ["supplier"],
         "identifier": {"scheme": "GB-PPON", "id": "INVENTED-2"},
         "contactPoint": {"email": "contracts@brookside.example"}, "details": {"vcse": True}},
    ],
    "tender": {"id": "MB-2025-GM", "title": "Grounds maintenance and green spaces (invented)",
               "legalBasis": {"id": "2023/54", "scheme": "UKPGA", "uri": "https://www.legislation.gov.uk/ukpga/2023/54"},
               "procurementMethod": "open", "procurementMethodDetails": "Open procedure"},
    "awards": [{"id": "1", "suppliers": [{"id": "GB-PPON-INVENTED-2", "name": "Brookside Green CIC"}]}],
    "contracts": [
        {"id": "MB-2025-014", "awardID": "1", "status": "active", "dateSigned": "2025-07-07T00:00:00+01:00",
         "period": {"startDate": "2025-09-01T00:00:00+01:00", "endDate": "2030-08-31T23:59:59+01:00"},
         "value": {"amountGross": 6000000, "amount": 5000000, "currency": "GBP"}, "aboveThreshold": True,
         "documents": [{"id": "invented-2", "noticeType": "UK7", "datePublished": "2025-07-28T09:00:00+01:00"}],
         "agreedMetrics": [
             {"id": "visits", "title": "Visits made in the week planned", "description": "by ward",
              "observations": [{"id": "visits-1", "measure": "95%", "notes": "sampled monthly"}]},
             {"id": "Local-Spend", "title": "Spend with small firms in Millbrook",
              "observations": [{"id": "spend-1", "value": {"amount": 180000, "currency": "GBP"}}]},
             {"id": "3", "title": "Street trees",
              "observations": [{"id": "trees-1", "measure": 80, "unit": {"name": "trees"}}]},
         ]},
    ],
}  # fmt: skip
TENDER: dict[str, Any] = {
    "ocid": OCID, "id": "invented-1", "date": "2025-03-10T09:00:00Z", "tag": ["tender"], "initiationType": "tender",
    "tender": {"id": "MB-2025-GM", "title": "An older title", "value": {"amountGross": 5900000, "currency": "GBP"},
               "documents": [{"id": "invented-1", "noticeType": "UK4", "datePublished": "2025-03-10T09:00:00Z"}]},
}  # fmt: skip
YEAR = {"startDate": "2025-09-01T00:00:00+01:00", "endDate": "2026-08-31T23:59:59+01:00"}


def package(*releases: dict[str, Any]) -> dict[str, Any]:
    return {"version": "1.1", "uri": "https://example.org/package", "releases": list(releases or (AWARD, TENDER))}


def written(tmp_path: Path, content: Any, name: str = "release.json") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode("utf-8"))
    return path


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return a package whose award release has another value at a path such as `contracts.0.value`."""
    tree = copy.deepcopy(AWARD)
    *keys, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
    here: Any = tree
    for key in keys:
        here = here[key]
    here[last] = value
    return package(tree, TENDER)


def refused(tmp_path: Path, content: Any) -> str:
    with pytest.raises(FileRefused) as refusal:
        find_contract(written(tmp_path, content))
    return str(refusal.value)


# ---- what is taken ----


def test_the_form_holds_what_the_releases_say(tmp_path: Path) -> None:
    found = find_contract(written(tmp_path, package()))
    assert found.rows["contract"] == {
        "title": "Grounds maintenance and green spaces (invented)",
        "buyer": "Millbrook Council",
        "law": "Procurement Act 2023",
        "kind": "goods, services or works",
        "procedure": "Open procedure",
        "procurement_id": OCID,
        "contract_id": "MB-2025-014",
        "supplier": "Brookside Green CIC",
        "supplier_id": "GB-PPON INVENTED-2",
        "supplier_contact": "contracts@brookside.example",
        "value_with_vat": 6_000_000,
        "value_without_vat": 5_000_000,
        "procurement_began": date(2025, 3, 10),
        "entered": date(2025, 7, 7),
        "starts": date(2025, 9, 1),
        "ends": date(2030, 8, 31),
        "details_notice_on": date(2025, 7, 28),
    }
    kpis = [(each["id"], each["target"], each["unit"]) for each in found.rows["kpis"]]
    assert kpis == [("visits", 95.0, "%"), ("local_spend", 180_000.0, "GBP"), ("kpi_3", 80.0, "trees")]
    assert found.rows["kpis"][0]["measure"] == "by ward sampled monthly"
    said = " ".join(found.notes)
    assert "3 indicator(s) taken. The data do not say which way is better" in said
    assert "Bands are never in the data" in said


def test_the_newest_release_that_says_a_thing_is_taken_in_whatever_order_they_stand(tmp_path: Path) -> None:
    one = find_contract(written(tmp_path, package(AWARD, TENDER), "a.json"))
    other = find_contract(written(tmp_path, package(TENDER, AWARD), "b.json"))
    assert one == other
    assert one.rows["contract"]["title"].startswith("Grounds maintenance")


def test_a_release_alone_a_record_package_and_a_record_say_the_same(tmp_path: Path) -> None:
    compiled = {**AWARD, "tag": ["compiled"], "tender": {**AWARD["tender"], "documents": TENDER["tender"]["documents"]}}
    record = {"ocid": OCID, "releases": [{"url": "https://example.org/never-fetched", "date": "2025-07-28T09:00:00Z"}],
              "compiledRelease": compiled}  # fmt: skip
    shapes = [compiled, {"records": [record]}, record, {"records": [{"ocid": OCID, "releases": [compiled]}]}]
    found = [find_contract(written(tmp_path, each, f"{place}.json")) for place, each in enumerate(shapes)]
    assert all(each.rows == found[0].rows for each in found)
    assert found[0].rows["contract"]["procurement_began"] == date(2025, 3, 10)


def test_published_ratings_become_periods_and_results(tmp_path: Path) -> None:
    metrics = [
        {"id": "visits", "observations": [{"id": "o1", "period": YEAR, "measure": 96, "notes": "all wards",
                                           "measureClassification": {"id": "met"}}]},
        {"id": "3", "observations": [{"id": "o2", "period": YEAR, "measure": 60,
                                      "measureClassification": {"id": "below"}}]},
        {"id": "gone", "observations": [{"id": "o3", "period": YEAR, "measure": 1}]},
    ]  # fmt: skip
    found = find_contract(written(tmp_path, changed("contracts.0.implementation", {"metrics": metrics})))
    assert found.rows["periods"] == [{"id": "period_1", "begins": date(2025, 9, 1), "ends": date(2026, 8, 31)}]
    assert found.rows["results"] == [
        {"period": "period_1", "kpi": "visits", "actual": 96.0, "rating": "Good", "reason": "all wards"},
        {"period": "period_1", "kpi": "kpi_3", "actual": 60.0, "rating": "Requires improvement"},
    ]
    assert any("implementation.metrics[2].observations[0] is not taken" in each for each in found.notes)


def test_reasons_for_no_indicators_regimes_and_frameworks_are_taken(tmp_path: Path) -> None:
    unfit = find_contract(written(tmp_path, changed("contracts.0.noAgreedMetricsRationale", "a single delivery")))
    assert unfit.rows["contract"]["kpis_unfit_reason"] == "a single delivery"
    light = find_contract(written(tmp_path, changed("tender.specialRegime", ["lightTouch"])))
    assert light.rows["contract"]["kind"] == "light touch"
    assert any("special regime 'lighttouch': check it" in each for each in light.notes)
    frame = find_contract(written(tmp_path, changed("tender.techniques", {"hasFrameworkAgreement": True})))
    assert frame.rows["contract"]["kind"] == "framework"


def test_a_value_whose_vat_is_not_told_or_that_is_not_in_pounds_is_not_taken(tmp_path: Path) -> None:
    tree = changed("contracts.0.value", {"amount": 5000000, "currency": "GBP"})
    tree["releases"][0]["tender"]["legalBasis"] = {"id": "32014L0024", "scheme": "CELEX"}
    found = find_contract(written(tmp_path, tree))
    assert "value_with_vat" not in found.rows["contract"]
    assert found.rows["contract"]["law"] == "another law"
    assert any("do not say whether the value, 5,000,000.00 GBP, is with VAT" in each for each in found.notes)
    euros = find_contract(written(tmp_path, changed("contracts.0.value", {"amount": 5, "currency": "EUR"})))
    assert any("The value is in EUR and is not taken" in each for each in euros.notes)


def test_the_command_writes_a_form_that_reads_and_never_over_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release, form = written(tmp_path, package()), tmp_path / "contract.xlsx"
    asked = ["commission", "contract", "--from", str(release), "--to", str(form)]
    assert main(asked) == 0
    assert "Fill in what is missing" in capsys.readouterr().out
    study = study_contract(read_contract(form), date(2025, 9, 1))
    assert study.duties[0].met
    assert main(asked) == 1
    assert "this file is already there" in capsys.readouterr().err
    assert main([*asked, "--force"]) == 0
    assert main([*asked[:-1], str(tmp_path / "contract.docx")]) == 1


def test_a_file_of_open_data_given_as_a_form_is_told_how_to_become_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = written(tmp_path, package())
    assert main(["commission", "contract", str(release)]) == 1
    assert (
        f"Make a form of it: `sroi commission contract --from {release} --to contract.xlsx`." in capsys.readouterr().err
    )


def test_an_indicator_named_in_any_script_keeps_its_rating(tmp_path: Path) -> None:
    tree = changed(
        "contracts.0.agreedMetrics", [{"id": "\u0434", "title": "\u0434\u0435\u0440\u0435\u0432\u044c\u044f"}]
    )
    seen = {"period": YEAR, "measureClassification": {"id": "slightlyBelow"}}
    tree["releases"][0]["contracts"][0]["implementation"] = {"metrics": [{"id": "\u0434", "observations": [seen]}]}
    found = find_contract(written(tmp_path, tree))
    assert found.rows["results"] == [{"period": "period_1", "kpi": "kpi", "rating": "Approaching target"}]


def test_an_ocid_with_blanks_is_still_the_same_process(tmp_path: Path) -> None:
    spaced = {**copy.deepcopy(AWARD), "ocid": " a  b "}
    assert find_contract(written(tmp_path, package(spaced))).rows["contract"]["procurement_id"] == "a b"


# ---- which contract ----


def test_several_processes_or_contracts_are_listed_and_asked_for(tmp_path: Path) -> None:
    other = {**copy.deepcopy(AWARD), "ocid": "ocds-000000-other"}
    path = written(tmp_path, package(AWARD, other))
    with pytest.raises(NameRefused, match=f"holds 2 processes. Say which by --ocid: {OCID} .*; ocds-000000-other"):
        find_contract(path)
    assert find_contract(path, "ocds-000000-other").rows["contract"]["procurement_id"] == "ocds-000000-other"
    with pytest.raises(NameRefused, match="Did you mean 'ocds-000000-other'"):
        find_contract(path, "ocds-000000-othr")
    two = copy.deepcopy(AWARD)
    two["contracts"].append({**two["contracts"][0], "id": "MB-2025-015", "title": "Lot 2"})
    path = written(tmp_path, package(two))
    with pytest.raises(
        NameRefused, match=r"has 2 contracts. Say which by --contract: MB-2025-014; MB-2025-015 \(Lot 2\)"
    ):
        find_contract(path)
    assert find_contract(path, contract="MB-2025-015").rows["contract"]["contract_id"] == "MB-2025-015"
    with pytest.raises(NameRefused, match="there is no contract 'MB-2025-016'"):
        find_contract(path, contract="MB-2025-016")


def test_a_process_without_a_contract_yet_takes_award_and_tender_and_says_so(tmp_path: Path) -> None:
    found = find_contract(written(tmp_path, package(TENDER)))
    assert found.rows["contract"]["value_with_vat"] == 5_900_000
    said = " ".join(found.notes)
    assert "no contract yet" in said
    assert "The value is the tender's estimate" in said
    assert "Not in the data, fill in: buyer, supplier, first day, last day, day of signing" in said


# ---- what is refused ----


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "this file is empty"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b'{"releases": [', "this is not JSON"),
        (b"[" * 100_000, "nests"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nests more than 60 deep"),
        (b'{"ocid": "a", "ocid": "b"}', "the key 'ocid' stands twice"),
        (b'{"ocid": "a", "tender": {"value": {"amount": NaN}}}', "NaN stands where a number belongs"),
        (b'{"ocid": "a", "n": ' + b"9" * 5_000 + b"}", "a number of 5,000 digits"),
        ([1, 2], "is no release and no package"),
        ({"hello": 1}, "neither releases nor records nor an ocid (it has hello)"),
        ({"releases": []}, "no release here has an ocid"),
        ({"releases": "all"}, "releases is 'all', and a list belongs there"),
        ({"releases": [1]}, "releases[0] is '1', and a group belongs there"),
        ({"releases": [{"ocid": ["a"]}]}, "releases[0].ocid is a list, and a text belongs there"),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(tmp_path: Path, content: Any, words: str) -> None:
    assert words in refused(tmp_path, content)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("contracts.0.value", [1], "value is a list, and a group belongs there"),
        ("contracts.0.value.amountGross", "6m", "value.amountGross is '6m', and a number belongs there"),
        ("contracts.0.value.amountGross", 1e300, "No sum or measure is so large"),
        ("contracts.0.dateSigned", "7 July 2025", "contract.dateSigned is '7 July 2025', and a day such as"),
        ("contracts.0.period.endDate", "2030-02-31T00:00:00Z", "contract.period.endDate is '2030-02-31T00:00:00Z'"),
        ("contracts.0.agreedMetrics", {"id": 1}, "agreedMetrics is a group of keys, and a list belongs there"),
        ("buyer", "Millbrook", "buyer is 'Millbrook', and a group belongs there"),
        ("tender.title", "x" * 30_000, "tender.title holds 30,000 characters"),
    ],
)
def test_what_is_of_the_wrong_kind_is_named_by_its_path(tmp_path: Path, path: str, value: Any, words: str) -> None:
    assert words in refused(tmp_path, changed(path, value))


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sroi.commissioning.contract.json_reading.LARGEST", 1_000)
    assert "a release package holds at most" in refused(tmp_path, package())


def test_texts_that_would_act_or_steer_a_terminal_are_only_texts(tmp_path: Path) -> None:
    tree = changed("tender.title", '=HYPERLINK("http://a")\x1b[31m\u202e green')
    found = find_contract(written(tmp_path, tree))
    assert "\x1b" not in found.rows["contract"]["title"]
    form = tmp_path / "contract.xlsx"
    form.write_bytes(form_bytes(FORM, found.rows))
    assert "HYPERLINK" in read_contract(form).contract.title


def paths(tree: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for key, inner in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from paths(inner, (*at, key))


PATHS = [each for each in paths(package(AWARD)) if each]
wild = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(PATHS), wild), min_size=1, max_size=3))
def test_whatever_stands_in_the_file_it_is_read_or_refused_and_the_form_can_be_written(
    tmp_path: Path, changes: list[tuple[tuple[Any, ...], Any]]
) -> None:
    tree: Any = package(copy.deepcopy(AWARD))
    for path, value in changes:
        here = tree
        try:
            for key in path[:-1]:
                here = here[key]
            here[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    with suppress(SroiError):  # a refusal; anything else is a crash
        form_bytes(FORM, find_contract(written(tmp_path, tree)).rows, ".yaml")
