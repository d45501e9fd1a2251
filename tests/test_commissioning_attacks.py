"""Hostile and clumsy use of the commissioning room: nothing that a command reads is lost, every fault has its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sroi.cli import main
from sroi.commissioning.blank import blank_form

FORMS = ("consider", "contract", "readiness", "delivery", "bridge", "frameworks", "planning", "prevention")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The illustrative example of every form, as YAML in one folder."""
    folder = tmp_path_factory.mktemp("examples")
    for name in FORMS:
        path = folder / f"{name}.yaml"
        path.write_bytes(blank_form(name, path, example=True))
    return folder


@pytest.mark.parametrize(
    "words",
    [
        "consider {consider} --json {consider}",
        "contract {contract} --on 2026-10-20 --json {contract}",
        "contract {contract} --on 2026-10-20 --register {delivery} --json {delivery}",
        "readiness {readiness} --json {readiness}",
        "delivery {delivery} --add {consider} --to {new} --json {consider}",
        "bridge {delivery} --answers {bridge} --json {bridge}",
        "frameworks {frameworks} --json {frameworks}",
        "frameworks {frameworks} --to {frameworks} --force",
        "planning {planning} --json {planning}",
        "prevention {prevention} --json {prevention}",
        "contract --from {consider} --to {consider} --force",
    ],
)
def test_nothing_that_is_read_is_written_over_not_even_by_force(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    files = {name: examples / f"{name}.yaml" for name in FORMS} | {"new": tmp_path / "new.yaml"}
    before = {name: path.read_bytes() for name, path in files.items() if name != "new"}
    assert main(["commission", *(word.format(**files) for word in words.split())]) == 1
    assert "would write over a file that is read. Give it another name." in capsys.readouterr().err
    assert {name: path.read_bytes() for name, path in files.items() if name != "new"} == before
    assert not files["new"].exists()


def test_two_results_are_not_written_into_one_file(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = str(tmp_path / "one.json")
    answers = str(examples / "bridge.yaml")
    register = str(examples / "delivery.yaml")
    assert main(["commission", "bridge", register, "--answers", answers, "--to", one, "--json", one]) == 1
    assert capsys.readouterr().err == f"{one}: --json and --to name the same file. Give them two names.\n"
    assert not Path(one).exists()


@pytest.mark.parametrize("part", ["contract", "readiness", "planning", "prevention"])
def test_a_paper_is_left_where_standard_output_holds_the_figures(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    made = []
    monkeypatch.setattr(f"sroi.commands.commission_{part}.leave_paper", lambda *given: made.append(given[0]))
    monkeypatch.setattr(f"sroi.commands.commission_{part}.write_json", lambda *given: None)
    words = ["commission", part, str(examples / f"{part}.yaml"), "--json", "-", "--out", str(tmp_path / "out")]
    assert main(words) == 0
    assert made == [part]
