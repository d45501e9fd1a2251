"""The assurance pack: whole, honest, the same bytes each time, and text of a map is text everywhere."""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import mistune
import openpyxl
import pytest

import sroi
from sroi.assurance import Pack, assurance_pack, write_pack
from sroi.assurance.index import plain
from sroi.errors import FileRefused
from sroi.findings import PRINCIPLES

pytestmark = pytest.mark.usefixtures("warm_notebooks")

Tree = dict[str, Any]
ALWAYS = {
    "index.html", "INDEX.md", "report.html", "value_map.xlsx", "value_map_as_read.yaml", "result.json", "evidence.csv",
    "decisions.csv", "involvement.csv", "findings.csv", "readiness.csv", "readiness.md", "SHA256SUMS.txt",
}  # fmt: skip


def rows(pack: Pack, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.files[name].decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def befriending() -> Pack:
    return assurance_pack(sroi.example("befriending"))


class Links(HTMLParser):
    """The addresses and ids of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.addresses.append(value or "")
            if name == "id":
                self.ids.add(value or "")


# ---- what lies in it ----


def test_the_pack_holds_what_an_assurer_asks_for(befriending: Pack) -> None:
    assert set(befriending.files) == ALWAYS


def test_the_value_map_lies_in_it_byte_for_byte(befriending: Pack) -> None:
    content = sroi.case_study("befriending").read_bytes()
    assert befriending.files["value_map_as_read.yaml"] == content
    told = json.loads(befriending.files["result.json"])
    assert told["provenance"]["value_map_sha256"] == hashlib.sha256(content).hexdigest()


def test_every_file_but_the_list_itself_is_in_the_list_of_sums(befriending: Pack) -> None:
    listed = dict(reversed(line.split("  ", 1)) for line in befriending.files["SHA256SUMS.txt"].decode().splitlines())
    assert set(listed) == ALWAYS - {"SHA256SUMS.txt"}
    assert all(hashlib.sha256(befriending.files[name]).hexdigest() == digest for name, digest in listed.items())


def test_every_number_has_its_row_with_its_evidence(befriending: Pack) -> None:
    impact_map = sroi.example("befriending")
    by_name = {row["name"]: row for row in rows(befriending, "evidence.csv")}
    assert {name for name, number in impact_map.numbers().items() if not number.by_year} <= set(by_name)
    share = by_name["less_lonely.share"]
    assert (share["survey_yes"], share["survey_asked"], share["survey_invited"]) == ("52", "84", "104")
    assert float(share["value"]) == pytest.approx(52 / 84)
    assert (share["confidence"], share["observed"]) == ("amber", "yes")
    assert share["place_in_file"].startswith("line ")
    assert by_name["less_lonely.proxy"]["source"].startswith("HM Treasury")
    assert by_name["care_home.displacement"]["reason"] == "left out of the map"
    assert by_name["low_mood.times"]["reason"] == "left out of the map"
    assert by_name["less_lonely.attribution"]["experts"].count("/") == 6
    assert by_name["visits.quantity"]["kind"] == "output"


def test_a_number_by_year_has_a_row_for_each_year(small_tree: Tree) -> None:
    small_tree["activity"]["years"] = 2
    small_tree["outcomes"][0]["quantity"] = {"by_year": [{"value": 50, "source": "first survey"}, {"value": 40}]}
    found = rows(assurance_pack(sroi.ImpactMap.model_validate(small_tree)), "evidence.csv")
    years = {row["name"]: (row["value"], row["source"]) for row in found if row["name"].startswith("calmer.quantity")}
    assert years == {"calmer.quantity.1": ("50.0", "first survey"), "calmer.quantity.2": ("40.0", "")}


def test_every_decision_has_its_reason_and_who_took_it(befriending: Pack) -> None:
    by_name = {row["name"]: row for row in rows(befriending, "decisions.csv")}
    out = by_name["outpatients"]
    assert out["kind"] == "outcome left out"
    assert out["decided_by"] == "Commissioners, April 2014"
    assert float(out["ratio_with_it"]) == pytest.approx(
        float(sroi.evaluate(sroi.example("befriending")).ratio_with("outpatients"))
    )
    assert by_name["less_lonely"]["kind"] == "outcome counted"
    assert by_name["nhs"]["kind"] == "stakeholder included"
    assert by_name["discount_rate"]["decision"].startswith("3.5")


def test_every_stakeholder_stands_with_every_stage_even_where_nothing_is_recorded(befriending: Pack) -> None:
    found = rows(befriending, "involvement.csv")
    assert {(row["stakeholder"], row["stage"]) for row in found} >= {
        (who.id, stage)
        for who in sroi.example("befriending").stakeholders
        for stage in ("outcomes", "quantity", "value", "causality", "materiality", "verification")
    }
    carers = {row["stage"]: row["recorded"] for row in found if row["stakeholder"] == "carers"}
    assert (carers["outcomes"], carers["value"]) == ("yes", "no")


def test_findings_agree_with_the_result_and_say_why(befriending: Pack) -> None:
    found = rows(befriending, "findings.csv")
    told = json.loads(befriending.files["result.json"])
    assert [row["what"] for row in found] == [each["what"] for each in told["findings"]]
    assert len(found) == len(befriending.findings) > 0
    assert all(row["why"] for row in found if row["kind"] != "driver_without_source")
    assert {row["state"] for row in rows(befriending, "readiness.csv")} == {
        point.state for point in befriending.readiness.points
    }


def test_the_workbook_has_live_formulas(befriending: Pack) -> None:
    book = openpyxl.load_workbook(io.BytesIO(befriending.files["value_map.xlsx"]))
    formulas = [cell.value for row in book["Result"].iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 10


# ---- the index ----


def test_the_index_shows_each_principle_and_every_link_leads_somewhere(befriending: Pack) -> None:
    page = Links(befriending.files["index.html"].decode())
    assert {f"principle_{number}" for number in PRINCIPLES} <= page.ids
    report = Links(befriending.files["report.html"].decode())
    marked = [address.partition("#") for address in page.addresses]
    assert {name for name, _, _ in marked} <= set(befriending.files)
    assert {mark for name, _, mark in marked if name == "report.html" and mark} <= report.ids
    assert {name for name, _, _ in marked} == set(befriending.files)  # every file is reached


def test_each_principle_is_shown_in_a_file_and_a_section_of_the_report(befriending: Pack) -> None:
    text = befriending.files["INDEX.md"].decode()
    parts = re.split(r"^### \d", text.partition("## Questions")[0], flags=re.MULTILINE)[1:]
    assert len(parts) == 8
    for part in parts:
        assert "](report.html#" in part
        assert re.search(r"\]\([a-zA-Z_]+\.(?:csv|xlsx|json)\)", part)
        assert "For people to judge" in part


def test_the_index_names_first_questions_and_calls_itself_no_assurance(befriending: Pack) -> None:
    page = befriending.files["index.html"].decode()
    assert page.count("<ol>") == 1
    assert len(re.findall(r"<li><strong>", page)) == 5
    assert "it is no assurance" in page
    assert "<script" not in page
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert "not cash" in page


def test_an_unfilled_form_is_called_a_draft(small_tree: Tree) -> None:
    small_tree["organisation"] = "REPLACE: who"
    assert "DRAFT" in assurance_pack(sroi.ImpactMap.model_validate(small_tree)).files["index.html"].decode()


# ---- against an earlier version ----


def test_changes_since_an_earlier_version_are_listed_and_explained(small_tree: Tree) -> None:
    before = sroi.ImpactMap.model_validate(small_tree)
    small_tree["outcomes"][0]["proxy"]["value"] = 45
    after = sroi.ImpactMap.model_validate(small_tree)
    pack = assurance_pack(after, before)
    assert set(pack.files) == (ALWAYS | {"CHANGES.md", "CHANGES.csv", "change_of_ratio.csv"})
    (changed,) = rows(pack, "CHANGES.csv")
    assert (changed["name"], changed["was"], changed["now"]) == ("calmer.proxy", "£30", "£45")
    causes = rows(pack, "change_of_ratio.csv")
    moved = float(sroi.evaluate(after).sroi_ratio) - float(sroi.evaluate(before).sroi_ratio)
    assert sum(float(cause["adds_to_the_ratio"]) for cause in causes) == pytest.approx(moved, abs=1e-12)
    assert "What changed since the earlier version" in pack.files["index.html"].decode()
    assert "CHANGES.md" in Links(pack.files["index.html"].decode()).addresses


def test_the_same_map_has_not_changed(small_map: sroi.ImpactMap) -> None:
    pack = assurance_pack(small_map, small_map)
    assert rows(pack, "CHANGES.csv") == []
    assert "nothing else differs" in pack.files["CHANGES.md"].decode()


# ---- text is text ----

HOSTILE = [
    "<script>alert(1)</script>", "=HYPERLINK(\"http://evil.example\")", "@SUM(A1)", "+1+1", "-1", "{{ 7*7 }}",
    "[click](javascript:alert(1))", "| a | b |", "# heading", "\"><img src=x onerror=alert(1)>", "{style}", "%s {0}",
]  # fmt: skip


@pytest.fixture(scope="module")
def hostile_pack(sound_tree: Tree) -> Pack:
    text, small_tree = " ".join(HOSTILE), copy.deepcopy(sound_tree)
    small_tree |= {"title": "<script>alert(1)</script> {style} | [x](javascript:y)", "organisation": text}
    small_tree["narrative"] = dict.fromkeys(small_tree["narrative"], text)
    for place, stakeholder in enumerate(small_tree["stakeholders"]):
        stakeholder |= {"name": HOSTILE[1 + place], "reason": "=1+1"}
    for part in small_tree["stakeholders"][0]["involved"]:
        part |= {"how": "=cmd|' /C calc'!A0", "said": "@SUM(1)", "when": "+1", "selected": "-1"}
    for place, outcome in enumerate(small_tree["outcomes"]):
        outcome |= {"description": HOSTILE[place], "indicator": {"text": text, "source": "=A1"}}
        outcome["material"] = dict.fromkeys(("relevance", "significance", "reason", "decided_by"), HOSTILE[2])
        outcome["proxy"] |= {"source": "=IMPORTXML(1)", "unit": "-x"}
        outcome["deadweight"] = {"value": 0.1, "note": "=1", "source": "\t=1"}
    before = sroi.ImpactMap.model_validate(small_tree)
    small_tree["outcomes"][0]["description"] = "=2+2"
    return assurance_pack(sroi.ImpactMap.model_validate(small_tree), before)


def test_no_cell_of_a_table_begins_like_a_formula(hostile_pack: Pack) -> None:
    tables = [name for name in hostile_pack.files if name.endswith(".csv")]
    assert len(tables) == 7
    for name in tables:
        cells = list(csv.reader(io.StringIO(hostile_pack.files[name].decode("utf-8-sig"), newline="")))
        assert len({len(row) for row in cells}) == 1, name
        for cell in (cell for row in cells for cell in row):
            assert not re.match(r"[=+@\t\r|%]|-(?!\d+(\.\d+)?(e[-+]?\d+)?$)", cell), (name, cell)


def test_no_tag_of_a_map_becomes_a_tag_of_the_index(hostile_pack: Pack) -> None:
    page = hostile_pack.files["index.html"].decode()
    seen = Links(page)
    assert {"script", "img"} & seen.tags == set()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {style}" in page
    assert all(name.partition("#")[0] in hostile_pack.files for name in seen.addresses)
    assert Links(hostile_pack.files["report.html"].decode()).tags & {"script"} == set()


@pytest.mark.parametrize("name", ["INDEX.md", "readiness.md", "CHANGES.md"])
def test_no_mark_of_a_map_acts_in_markdown(hostile_pack: Pack, name: str) -> None:
    # As a reader that lets tags through and makes links of bare addresses: the least careful there is.
    render = mistune.create_markdown(escape=False, plugins=["table", "url"])
    seen = Links(str(render(hostile_pack.files[name].decode())))
    assert {"script", "img"} & seen.tags == set()
    assert all(address.partition("#")[0] in hostile_pack.files for address in seen.addresses)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("1. a", "1\\. a"), ("- a", "\\- a"), ("a\n# b", "a \\# b"), ("http://x.y", "http&#58;//x.y"),
     ("me@x.y", "me&#64;x.y"), ("3.5 % (a)", "3.5 % (a)"), ("www.x.y", "www&#46;x.y")],
)  # fmt: skip
def test_a_text_in_markdown_is_text(text: str, escaped: str) -> None:
    assert plain(text) == escaped


def test_a_strangers_file_name_gives_no_name_to_the_pack(tmp_path: Path) -> None:
    path = tmp_path / "=cmd (..)<b>.yml"
    path.write_bytes(sroi.case_study("wheels_to_meals").read_bytes())
    pack = assurance_pack(sroi.read_value_map(path))
    assert "value_map_as_read.yml" in pack.files
    assert all(re.fullmatch(r"[A-Za-z0-9_.]+", name) for name in pack.files)
    assert "<b>" not in pack.files["index.html"].decode()


# ---- bytes and files ----


def test_two_makings_are_the_same_bytes(befriending: Pack) -> None:
    again = assurance_pack(sroi.example("befriending"))
    assert [name for name in ALWAYS if befriending.files[name] != again.files[name]] == []
    assert befriending.zip_bytes() == again.zip_bytes()


def test_the_zip_is_sound_sorted_and_of_one_date(befriending: Pack, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    write_pack(befriending, path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(ALWAYS)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with pytest.raises(FileRefused, match="already there"):
        write_pack(befriending, path)
    with pytest.raises(FileRefused, match=r"ends in \.zip"):
        write_pack(befriending, tmp_path / "pack.txt")


def test_the_command_makes_the_pack_and_never_replaces_one_unasked(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    path = str(sroi.case_study("wheels_to_meals"))
    made = command("assure", path, "--out", "pack.zip", "--against", path, env={"PYTHONHASHSEED": "1"})
    assert (made.returncode, made.stderr) == (0, "")
    assert "begin with index.html" in made.stdout
    assert "no assurance" in made.stdout
    first = (tmp_path / "pack.zip").read_bytes()
    refused = command("assure", path, "--out", "pack.zip")
    assert refused.returncode == 1
    assert "already there" in refused.stderr
    assert (tmp_path / "pack.zip").read_bytes() == first
    again = command("assure", path, "--out", "pack.zip", "--against", path, "--force", env={"PYTHONHASHSEED": "2"})
    assert again.returncode == 0
    assert (tmp_path / "pack.zip").read_bytes() == first
    assert command("assure", path, "--out", "pack.yaml").returncode == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["pack.zip"]
