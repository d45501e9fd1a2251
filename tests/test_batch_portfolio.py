"""What the portfolio of a batch leaves comes to its place whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from batches import template

from sroi.batch.execution import Stopped
from sroi.batch.portfolio_report import leave_portfolio
from sroi.batch.storage import storage_at

CELL = "from pathlib import Path; (Path(out) / 'tables').mkdir(); (Path(out) / 'tables/a.csv').write_text('1'); (Path(out) / 'portfolio.html').write_text('new')"  # fmt: skip
GIVEN = "batch = ''\nout = 'out'\nseed = 0"


def test_all_files_come_to_their_place_or_none_and_the_reason_is_said(tmp_path: Path) -> None:
    notebook = template(tmp_path / "p.ipynb", CELL, parameters=GIVEN)
    batch = tmp_path / "batch"
    (batch / ".unfinished").mkdir(parents=True)
    leave_portfolio(notebook, storage_at(str(batch)), 0)
    there = sorted(path.relative_to(batch / "portfolio").as_posix() for path in (batch / "portfolio").rglob("*.*"))
    assert there == ["portfolio.html", "portfolio.ipynb", "tables/a.csv"]
    # A folder where a table should go: nothing of the new report is put in place.
    (batch / "portfolio" / "tables" / "a.csv").unlink()
    (batch / "portfolio" / "tables" / "a.csv").mkdir()
    (batch / "portfolio" / "portfolio.html").write_text("old")
    with pytest.raises(Stopped, match=r"a\.csv of the report cannot be put there"):
        leave_portfolio(notebook, storage_at(str(batch)), 0)
    assert (batch / "portfolio" / "portfolio.html").read_text() == "old"
