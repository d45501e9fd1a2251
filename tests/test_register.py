"""The shipped register says of every number where it comes from; searching it; the user's own registers, good and bad."""

from __future__ import annotations

import csv
import hashlib
import io
import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sroi.errors import FileRefused, NameRefused
from sroi.evidence.licences import closed_work, may_ship
from sroi.evidence.register import FIELDS, WITHHELD, Entry, Register, Table, register, shipped
from sroi.evidence.register_checks import faults
from sroi.evidence.register_prices import uprated
from sroi.evidence.search import Query, search, stem
from sroi.files import register_yaml
from sroi.files.register_columns import field_of
from sroi.files.register_import import imported_register
from sroi.files.register_writer import begin_register, write_register
from sroi.files.registers import read_register, read_registers

ALL = register()
ENTRIES = list(ALL.entries())
FOLDER = Path(__file__).parents[1] / "sroi" / "data" / "register"

# Each file was compared value by value with what was gathered from its source; a change has to be reviewed anew.
REVIEWED = {
    "desnz_carbon_values_2023.csv": (31, "38dbd5f50ddea236"),
    "dft_tag_data_book_2_03.csv": (10, "4181ca075dc20071"),
    "gmca_unit_cost_database_v1_4.csv": (780, "8ecab406215f6963"),
    "gov_uk_national_living_wage.csv": (8, "0730def1cbbdf933"),
    "hm_treasury_green_book_2018.csv": (1, "5b43df3744863cc7"),
    "hm_treasury_green_book_2022.csv": (1, "18e057b7ea21d071"),
    "hm_treasury_wellbeing_guidance_2021.csv": (1, "3de90a9950aa7bce"),
    "home_office_cost_of_fraud_2023_24.csv": (2, "0f2bd754df4ea2a9"),
    "home_office_costs_of_crime_2019_20.csv": (18, "7104c099c7b37724"),
    "home_office_costs_of_domestic_abuse_2016_17.csv": (1, "2ac39c22d7a2c555"),
    "ons_hours_and_earnings_2025.csv": (3, "e3cc2d153a186aeb"),
    "us_epa_social_cost_of_greenhouse_gases_2023.csv": (93, "87df858eed91299c"),
}


def found(words: str = "", **fields: str) -> list[str]:
    return [entry.id for entry in search(ALL, Query(words, **fields)).entries]


# ---- what is shipped ----


def test_every_file_is_the_one_that_was_reviewed() -> None:
    held = {
        path.name: (len(next(table for table in shipped() if table.file == path.name)),
                    hashlib.sha256(path.read_bytes()).hexdigest()[:16])
        for path in FOLDER.glob("*.csv")
    }  # fmt: skip
    assert held == REVIEWED


@pytest.mark.parametrize(
    ("id_", "value", "year", "type_", "cell"),
    [
        ("gmca14_cr1_0_fiscal", 500, "2002/03", "fiscal", "Crime!H3"),
        ("gmca14_he4_0_fiscal", 109, "2011/12", "fiscal", "Health!H49"),
        ("gmca14_ee1_0_economic", 14044, "2012/13", "economic", "Employment & Economy!K3"),
        ("gmca14_ss7_0_fiscal", 358.8, "2013/14", "fiscal", "Social Services!H71"),
    ],
)
def test_values_looked_up_in_the_publishers_workbook(id_: str, value: float, year: str, type_: str, cell: str) -> None:
    entry = ALL.find(id_)
    assert entry.value == pytest.approx(value, abs=5e-5)
    assert (entry["price_year"], entry["price_year_basis"], entry["value_type"]) == (year, "financial", type_)
    assert entry["locator"].endswith(f"cell {cell}")


def test_the_wellby_is_that_of_page_33() -> None:
    entry = ALL.find("uk_wellby")
    assert (entry.value, entry.number("low"), entry.number("high")) == (13000, 10000, 16000)
    assert (entry["price_year"], entry["currency"], entry["locator"]) == ("2019", "GBP", "p.33")


@pytest.mark.parametrize("table", shipped(), ids=lambda table: table.file)
def test_no_shipped_file_has_a_fault(table: Table) -> None:
    assert faults(table) == []
    assert table.columns == tuple(FIELDS)


def test_every_shipped_number_has_its_source_licence_price_year_unit_and_level() -> None:
    wanted = ("source", "publisher", "url", "licence", "acknowledgement", "price_year", "unit", "currency",
              "value_type", "verification_level", "review_date", "rationale", "retrieved_on")  # fmt: skip
    lacking = [(entry.id, name) for entry in ENTRIES for name in wanted if not entry[name]]
    assert lacking == []
    assert {entry["verification_level"] for entry in ENTRIES} == {"A", "B"}


def test_every_shipped_number_may_be_shipped() -> None:
    assert [entry.id for entry in ENTRIES if not may_ship(entry["publisher"], entry["licence"])] == []
    priced = [entry for entry in ENTRIES if entry.value is not None]
    assert [entry.id for entry in priced if closed_work(*entry.fields.values())] == []
    assert len(priced) == 801


def test_what_rests_on_the_pssru_tables_is_named_and_carries_no_number() -> None:
    withheld = [entry for entry in ENTRIES if entry["status"] == WITHHELD]
    assert len(withheld) == 148
    assert {(entry.value, entry["passing_on"]) for entry in withheld} == {(None, "no")}
    for entry in ENTRIES:
        if entry.value is not None:
            text = " ".join(entry.fields.values())
            assert not any(word in text for word in ("PSSRU", "Curtis", "Unit Costs of Health")), entry.id


def test_the_twelve_transfers_are_marked_with_the_words_of_their_source() -> None:
    transfers = [entry for entry in ENTRIES if entry.says("is_transfer")]
    assert len(transfers) == 12
    assert all("transfer payment" in entry["transfer_note"] for entry in transfers)


def test_ids_are_alike_in_no_two_files() -> None:
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES) == 949


def test_abatement_and_damage_costs_of_carbon_are_told_apart() -> None:
    methods = {entry["source"]: entry["valuation_method"] for entry in ENTRIES if entry["overlap_group"] == "carbon"}
    assert sorted(methods.values()) == ["abatement cost (target-consistent)", "damage cost"]


# ---- other years ----


def test_a_value_in_another_years_prices_is_the_value_times_the_index_ratio() -> None:
    # UK GDP deflator: 3/4 of 2011 and 1/4 of 2012 make 2011/12; 2024 is 100.
    moved = uprated(ALL.find("gmca14_he4_0_fiscal"), "2024")
    assert moved.value == pytest.approx(109 * 100 / 71.10785, rel=1e-6)
    assert "71.10785 in 2011/12, 100 in 2024" in moved.sentence


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("uk_qaly", "its price year is disputed"),
        ("uk_nlw_2024", "its source gives a value for each year"),
        ("uk_tag_casualty_fatal", "by GDP per head"),
        ("uk_ashe2025_all", "it moves with earnings"),
    ],
)
def test_what_no_price_index_can_bring_to_another_year_says_why(id_: str, reason: str) -> None:
    moved = uprated(ALL.find(id_), "2023" if id_ != "uk_tag_casualty_fatal" else "2024")
    assert moved.value is None
    assert reason in moved.reason


def test_a_value_in_its_own_year_is_itself_and_beyond_the_index_a_reason() -> None:
    assert uprated(ALL.find("uk_wellby"), "2019").factor == 1.0
    assert "reaches from" in uprated(ALL.find("uk_wellby"), "2090").reason
    with pytest.raises(NameRefused, match="'soon' is not a price year"):
        uprated(ALL.find("uk_wellby"), "soon")


# ---- search ----


def test_words_and_unit_lead_to_visits_to_the_doctor() -> None:
    answer = search(ALL, Query("GP visit", unit="visit"))
    assert answer.entries
    assert {entry["unit"] for entry in answer.entries} == {"per visit"}
    assert all("gp" in f"{entry['outcome']} {entry['category']}".lower() for entry in answer.entries)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("A&E attendance", "gmca14_he4_0_fiscal"),
        ("accident and emergency attendances", "gmca14_he4_0_fiscal"),
        ("life satisfaction", "uk_wellby"),
        ("domestic burglaries", "uk_ho_domestic_burglary"),
        ("carbon 2030", "uk_carbon_2030"),
        ("volunteer hour", "uk_nlw_2026"),
        ("quality adjusted life years", "uk_qaly"),
    ],
)
def test_what_people_would_type_finds_what_they_mean(words: str, first: str) -> None:
    assert found(words)[0] == first


@pytest.mark.parametrize(
    ("slip", "meant"), [("burglery", "burglary"), ("depresion", "depression"), ("homlessness", "homelessness")]
)
def test_a_slip_is_read_as_the_nearest_word_and_said_to_be(slip: str, meant: str) -> None:
    answer = search(ALL, Query(slip))
    assert answer.read_as == {slip: meant}
    assert [entry.id for entry in answer.entries] == found(meant)


def test_singular_and_plural_and_order_of_words_find_the_same() -> None:
    assert found("offences") == found("offence")
    assert set(found("hospital bed day")) == set(found("day beds hospitals"))
    assert [stem(word) for word in ("agencies", "offences", "process", "bus")] == [
        "agency",
        "offence",
        "process",
        "bus",
    ]


def test_filters_hold_every_entry() -> None:
    for entry in search(ALL, Query("cost", theme="health", value_type="fiscal", agency="NHS", country="UK")).entries:
        assert (entry["theme"], entry["value_type"], entry["country"]) == ("Health", "fiscal", "GBR")
        assert "NHS" in (entry["agency"], entry["agency_detail"])
    assert len(found(country="USA")) == 93
    assert set(found(value_type="social")) >= {"uk_wellby", "uk_ho_domestic_burglary"}


def test_a_filter_that_nothing_passes_is_refused_with_the_nearest() -> None:
    with pytest.raises(NameRefused, match=r"no entry's unit is like 'vsit'. Did you mean 'visit'\?"):
        search(ALL, Query("gp", unit="vsit"))
    with pytest.raises(NameRefused, match="no entry's country is like 'XYZ'"):
        search(ALL, Query("gp", country="XYZ"))


def test_where_few_hold_all_words_those_that_lack_one_are_shown_apart() -> None:
    answer = search(ALL, Query("ambulance burglary"))
    assert answer.entries
    one = search(ALL, Query("carbon 2030"))
    assert len(one.entries) == 1
    assert one.partly
    assert not {entry.id for entry in one.partly} & {entry.id for entry in one.entries}


def test_words_that_nobody_uses_find_nothing() -> None:
    answer = search(ALL, Query("xylophone quizzes"))
    assert (answer.entries, answer.partly, answer.searched) == ((), (), 949)


@given(st.text(max_size=40))
def test_no_question_makes_the_search_stumble(words: str) -> None:
    answer = search(ALL, Query(words))
    assert len({entry.id for entry in answer.entries}) == len(answer.entries)


def test_every_entry_is_found_by_its_own_words() -> None:
    for entry in random.Random(7).sample(ENTRIES, 40):
        assert entry.id in found(entry["outcome"]), entry["outcome"]


def test_a_value_comes_before_one_that_is_not_shipped_where_they_answer_alike() -> None:
    columns = ("id", "outcome", "value", "status")
    rows = [("b", "a walk", "", WITHHELD), ("c", "a walk", "3", "")]
    answer = search(Register((Table.of_rows("own.csv", columns, rows, (2, 3)),)), Query("walk"))
    assert [entry.id for entry in answer.entries] == ["c", "b"]


# ---- the user's own ----

GOOD = {
    "id": "our_walk", "outcome": "A walk in company", "unit": "per walk", "value": "7.50", "currency": "GBP",
    "price_year": "2023/24", "source": "our survey, 2024", "licence": "own",
}  # fmt: skip


def csv_text(*rows: dict[str, str], separator: str = ",") -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def own(tmp_path: Path, content: str | bytes, name: str = "own.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        read_register(path)
    return str(caught.value)


def test_a_register_of_ones_own_is_searched_beside_the_shipped_one(tmp_path: Path) -> None:
    both = read_registers([own(tmp_path, csv_text(GOOD))])
    first = search(both, Query("walk company")).entries[0]
    assert (first.id, first.value, first.shipped, first.line) == ("our_walk", 7.5, False, 2)
    assert len(both) == 950


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    row = {**GOOD, "outcome": "Café au lait; with friends, twice", "note": "a\nb"}
    table = read_register(own(tmp_path, csv_text(row, separator=separator).encode(encoding)))
    assert table.entry(0)["outcome"] == "Café au lait; with friends, twice"


def test_headings_may_be_written_as_people_write_them() -> None:
    assert [field_of(each) for each in ("Price year", "License", "Attribution", "RAG", "VALUE")] == [
        "price_year", "licence", "acknowledgement", "confidence", "value",
    ]  # fmt: skip


def test_a_users_entry_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    mine = read_registers([own(tmp_path, csv_text({**GOOD, "id": "gmca14_he20_4_fiscal"}))])
    assert len(mine) == 949
    assert mine.find("gmca14_he20_4_fiscal").value == 7.5


def test_two_own_registers_may_not_share_an_id(tmp_path: Path) -> None:
    one, two = own(tmp_path, csv_text(GOOD), "one.csv"), own(tmp_path, csv_text(GOOD), "two.csv")
    with pytest.raises(FileRefused, match=r"two.csv, row 2: the entry 'our_walk' stands in .*one.csv \(row 2\) too"):
        read_registers([one, two])


def test_every_fault_of_a_register_is_named_by_file_row_field_and_remedy_in_one_message(tmp_path: Path) -> None:
    bad = {
        **GOOD, "id": "Our Walk", "value": "£1,200", "low": "x", "currency": "pounds", "price_year": "2023/25",
        "value_type": "fiscl", "passing_on": "perhaps", "review_date": "1/2/2025", "licence": "", "confidence": "Green",
    }  # fmt: skip
    said = refusal(own(tmp_path, csv_text(GOOD, bad, {**GOOD, "low": "9", "price_year_basis": "calendar"})))
    assert said.startswith(f"{tmp_path / 'own.csv'}: 13 problems")
    for line in (
        "row 3 (Our Walk), id: 'Our Walk' is not an id. Use small letters, digits and _ and begin with a letter, such as our_walk.",
        "row 3 (Our Walk), value: '£1,200' is not written as a plain number. Did you mean 1200?",
        "row 3 (Our Walk), low: 'x' stands where a number belongs. Give a plain number, such as 12.50.",
        "row 3 (Our Walk), currency: 'pounds' is not a currency code. Did you mean GBP? Give three capital letters, such as GBP.",
        "row 3 (Our Walk), price_year: '2023/25' is not a price year.",
        "row 3 (Our Walk), value_type: 'fiscl' is not a value type. Did you mean 'fiscal'?",
        "row 3 (Our Walk), passing_on: 'perhaps' stands where yes or no belongs. Give yes or no.",
        "row 3 (Our Walk), review_date: '1/2/2025' is not a date. Write it as year-month-day: 2024-04-01.",
        "row 3 (Our Walk), licence: nothing stands here. Say under which licence it may be used; `own` for an estimate of your own.",
        "row 3 (Our Walk), confidence: 'Green' is not one of the choices here. Did you mean 'green'?",
        "row 4 (our_walk), id: the id 'our_walk' stands twice, first in row 2. Give one of them another.",
        "row 4 (our_walk), low: 9 is above the value, 7.50. Check which of the two is meant.",
        "row 4 (our_walk), price_year_basis: 2023/24 is a financial year, and its basis is said to be calendar.",
    ):
        assert line in said


def test_faults_of_the_heading_are_named_together(tmp_path: Path) -> None:
    said = refusal(own(tmp_path, "id,outcome,unit,valu,currency,price_year,source,source,\n"))
    assert "heading, column 4: a register has no column 'valu'. Did you mean 'value'?" in said
    assert "heading, column 8: the column 'source' stands twice. Keep one of them." in said
    assert "heading: the column 'licence' is missing. Add it: under which it may be used" in said


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("", "own.csv", "this register is empty"),
        ("id,outcome\n,\n,", "own.csv", "the column 'value' is missing"),
        (b"PK\x03\x04zip", "own.csv", "not the plain text that its name says"),
        ("a", "own.docx", "files ending in '.docx' are no registers"),
        ("just words", "own.yaml", "it holds no list of entries"),
        ("- 5", "own.yaml", "an entry is no group of keys"),
        ("entries: []\nfoo: 1", "own.yaml", "a register has no key 'foo'"),
        ("- {id: a, id: b}", "own.yaml", "the key 'id' stands twice"),
        ("- {id: !!python/object:os.system a}", "own.yaml", "a YAML tag"),
        ("- &a [*a]", "own.yaml", "an alias"),
        (b"PK\x03\x04zip", "own.xlsx", "own.xlsx"),
    ],
)
def test_files_that_are_no_registers_are_refused_in_words(tmp_path: Path, content: Any, name: str, words: str) -> None:
    assert words in refusal(own(tmp_path, content, name))


def test_a_text_that_spills_over_its_row_is_refused_with_its_row(tmp_path: Path) -> None:
    path = own(tmp_path, csv_text(GOOD) + "b,x,y,1,GBP,2024,s,own,spilt\n")
    assert "row 3: 'spilt' stands beyond the last column. Put a text that holds a comma in quotes" in refusal(path)


def test_thousands_of_faults_make_no_endless_message(tmp_path: Path) -> None:
    rows = [{**GOOD, "id": f"w{number}", "value": "dear"} for number in range(3000)]
    said = refusal(own(tmp_path, csv_text(*rows)))
    assert len(said.splitlines()) == 42
    assert "and 2,960 more of the like" in said


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".yaml"])
def test_a_register_that_is_written_is_read_again_the_same(tmp_path: Path, ending: str) -> None:
    columns = tuple(FIELDS)
    rows = [
        [column[0] for column in map(next(t for t in shipped() if t.file == name).column, FIELDS)] for name in REVIEWED
    ]
    table = Table.of_rows("x", columns, rows, range(1, len(rows) + 1))
    write_register(table, tmp_path / f"r{ending}")
    again = read_register(tmp_path / f"r{ending}")
    assert [again.entry(place).to_dict() | {"register": ""} for place in range(len(rows))] == [
        table.entry(place).to_dict() | {"register": ""} for place in range(len(rows))
    ]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".yaml"])
def test_a_new_register_holds_one_example_that_says_it_is_invented(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"new{ending}"
    begin_register(path)
    entry: Entry = read_register(path).entry(0)
    assert "invented example" in entry["source"]
    assert entry["passing_on"] == "no"
    with pytest.raises(FileRefused, match="already there"):
        begin_register(path)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_text_of_a_register_becomes_a_formula(tmp_path: Path, ending: str) -> None:
    row = {**GOOD, "outcome": "=HYPERLINK(A1)", "value": "-5"}
    write_register(Table.of_rows("x", tuple(row), [list(row.values())], [2]), tmp_path / f"r{ending}")
    entry = read_register(tmp_path / f"r{ending}").entry(0)
    assert entry["outcome"] == "'=HYPERLINK(A1)"
    assert entry.value == -5


# ---- YAML, line by line and by events ----


def contents(table: Table) -> list[Any]:
    return [(line, table.entry(place).fields) for place, line in enumerate(table.lines)]


_LINE_TEXTS = st.sampled_from(
    ["a walk", "7.50", "'it''s'", "'plain'", '"per \\"visit\\""', '" edges "', '"back\\\\slash"', "9:30", "a: b", "a #b",
     "a#b", "b:", "", "~", "null", "[a]", "{a: b}", "*a", "&a b", "!t b", "|", "> x", "- b", "-b", "-5", "? b", "%b", "@b",
     '"open', "'open", '"a" b', '"\\x41"', "é", "a\tb", "a\u2028b", "a\x85b", "x  y", "x ", "yes", "2024-01-01", "# b", "a,b"]
)  # fmt: skip
_LINES = st.lists(
    st.tuples(
        st.sampled_from(["- ", "  ", "   ", "# ", ""]), st.sampled_from(["id", "note", "attribution"]), _LINE_TEXTS
    ),
    min_size=1,
    max_size=5,
)


@given(st.sampled_from(["", "entries:\n", "# a\nentries:\n\n", "other: 1\n"]), st.sampled_from(["", "  "]), _LINES)
def test_what_is_read_line_by_line_is_what_yaml_says(head: str, indent: str, lines: list[tuple[str, str, str]]) -> None:
    written = [f"{indent}- id: first", *(f"{indent}{mark}{key}: {text}" for mark, key, text in lines)]
    content = (head + "\n".join(written) + "\n").encode()
    table = register_yaml._by_lines(content, "own.yaml")
    if table is not None:
        assert contents(table) == contents(register_yaml._by_events(content, "own.yaml"))


def test_a_register_as_it_is_written_is_read_line_by_line_and_gives_what_yaml_says(tmp_path: Path) -> None:
    table = Table.of_rows("x", tuple(FIELDS), [[entry[name] for name in FIELDS] for entry in ENTRIES], range(949))
    write_register(table, tmp_path / "r.yaml")
    content = (tmp_path / "r.yaml").read_bytes()
    quick = register_yaml._by_lines(content, "r.yaml")
    assert quick is not None
    assert contents(quick) == contents(register_yaml._by_events(content, "r.yaml"))
    assert [len(quick), quick.entry(948)["note"]] == [949, ENTRIES[948]["note"]]


def test_a_field_left_open_or_told_over_several_lines_is_read_as_yaml_means_it(tmp_path: Path) -> None:
    lines = "\n".join(f"  {name}: {text}" for name, text in GOOD.items() if name != "id")
    entry = read_register(own(tmp_path, f"- id: a\n{lines}\n  low:\n  note: one\n    two\n", "own.yaml")).entry(0)
    assert (entry["low"], entry["note"]) == ("", "one two")


# ---- importing: a look-alike of the Unit Cost Database, with invented numbers ----

HEAD_1 = {0: "Outcome category", 1: "Outcome detail", 2: "Cost code", 3: "Cost / saving detail", 4: "Unit",
          5: "Agency bearing the cost / making the fiscal saving", 7: "Fiscal Cost", 10: "Economic Cost",
          13: "Social Cost", 16: "Original source", 17: "RAG assessment", 18: "Comment", 19: "revisions"}  # fmt: skip
HEAD_2 = {5: "Level 1", 6: "Level 2", 7: "Estimated cost/saving", 8: "Year", 9: "Updated cost/saving"}
ROW = {0: "CRIME", 1: "INVENTED", 2: "CR1.0", 3: "An invented\nincident", 4: "Per incident", 5: "Police", 6: "Courts",
       7: 10, 8: "2010/11", 10: 20.5, 11: "2011/12", 13: 30, 14: "2012-13", 16: "invented for this test", 17: "G",
       18: "a comment"}  # fmt: skip


def unit_cost_book(path: Path, *rows: dict[int, Any], licensed: bool = True, note: str = "") -> Path:
    book = xlsxwriter.Workbook(path)
    first = book.add_worksheet("Introduction")
    first.write(1, 2, "Unit Cost Database (v.9.1) - Introduction")
    if licensed:
        first.write(16, 4, "This work is licensed under the Creative Commons Attribution 4.0 International License.")
    sheet = book.add_worksheet("Crime")
    for line, cells in enumerate((HEAD_1, HEAD_2, *rows)):
        for column, value in cells.items():
            sheet.write(line, column, value)
    if note:
        sheet.write_comment(2, 7, note)
    book.add_worksheet("Lookups").write(0, 0, "Inflation")
    book.close()
    return path


def test_a_unit_cost_database_is_read_as_its_publisher_makes_it(tmp_path: Path) -> None:
    path = unit_cost_book(
        tmp_path / "g.xlsx", ROW, {**ROW, 2: "CR1.1", 10: None, 13: "-"}, note="It is a transfer payment."
    )
    taken = imported_register(path)
    entries = [taken.table.entry(place) for place in range(len(taken.table))]
    assert [(entry.id, entry.value, entry["price_year"]) for entry in entries] == [
        ("gmca91_cr1_0_fiscal", 10, "2010/11"),
        ("gmca91_cr1_0_economic", 20.5, "2011/12"),
        ("gmca91_cr1_0_social", 30, "2012/13"),
        ("gmca91_cr1_1_fiscal", 10, "2010/11"),
    ]
    first, second = entries[0], entries[1]
    assert first["outcome"] == "An invented incident"
    assert (first["agency"], first["agency_detail"], second["agency"]) == ("Police", "Courts", "")
    assert (first["confidence"], first["licence"], first["unit"]) == ("green", "CC BY 4.0", "per incident")
    assert first.says("is_transfer")
    assert not second.says("is_transfer")
    assert first["locator"] == "cost code CR1.0, cell Crime!H3"
    assert "Read 1 sheets of g.xlsx: 2 fiscal, 1 economic, 1 social; licence CC BY 4.0." in taken.said


def test_a_workbook_that_states_no_licence_wants_one(tmp_path: Path) -> None:
    path = unit_cost_book(tmp_path / "g.xlsx", ROW, licensed=False)
    with pytest.raises(FileRefused, match="nothing in this workbook says under which licence"):
        imported_register(path)
    assert imported_register(path, licence="CC BY 4.0").table.entry(0)["licence"] == "CC BY 4.0"


def test_faults_of_a_unit_cost_database_are_named_by_sheet_and_cell(tmp_path: Path) -> None:
    path = unit_cost_book(tmp_path / "g.xlsx", {**ROW, 7: "about 10"}, {**ROW, 2: "CR2", 8: "last year"})
    with pytest.raises(FileRefused) as caught:
        imported_register(path)
    assert "sheet Crime, cell H3: 'about 10' stands where a fiscal value belongs. Give a plain number." in str(
        caught.value
    )
    assert "sheet Crime, cell H4: the fiscal value has no financial year beside it ('last year')" in str(caught.value)


def test_a_table_that_is_no_unit_cost_database_asks_for_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"Say which column is which with --mapping"):
        imported_register(own(tmp_path, "Thing,Price\nwalk,3\n"))


MAPPING = """sroi_register_mapping: 1
columns: {Thing: outcome, Price: value, Per: unit}
every_row: {currency: NZD, price_year: 2021, source: made for the test, licence: CC BY 4.0}
id_prefix: nz
"""


def test_any_table_becomes_a_register_by_a_mapping(tmp_path: Path) -> None:
    path = own(tmp_path, "Thing,Per,Price,Colour\nA walk,walk,3,red\n,,,\nA swim,hour,4.5,blue\n")
    taken = imported_register(path, own(tmp_path, MAPPING, "m.yaml"))
    entries = [taken.table.entry(place) for place in range(len(taken.table))]
    assert [(each.id, each.value, each["currency"], each.line) for each in entries] == [
        ("nz_a_walk_2", 3, "NZD", 2), ("nz_a_swim_4", 4.5, "NZD", 4),
    ]  # fmt: skip
    assert taken.said == ("Columns left out: Colour.",)


def test_faults_of_a_mapping_are_named_together_by_line(tmp_path: Path) -> None:
    bad = (
        "sroi_register_mapping: 1\ncolumns: {Thing: outcom, Price: value, Cost: value}\nevery_row: {unit: x}\nrow: 2\n"
    )
    with pytest.raises(FileRefused) as caught:
        imported_register(own(tmp_path, "Thing,Price\n"), own(tmp_path, bad, "m.yaml"))
    said = str(caught.value)
    assert "line 4: a mapping has no key 'row'." in said
    assert "line 2: a register has no field 'outcom'. Did you mean 'outcome'?" in said
    assert "line 2: two columns are said to be 'value'. Keep one of them." in said
    assert "no column and no text of every_row is 'currency'" in said


def test_a_mapping_whose_headings_are_not_there_names_the_nearest(tmp_path: Path) -> None:
    path = own(tmp_path, "Thyng,Per,Price\nA walk,walk,3\n")
    with pytest.raises(FileRefused, match=r"row 1 has no heading 'Thing'. Did you mean 'thyng'\?"):
        imported_register(path, own(tmp_path, MAPPING, "m.yaml"))
