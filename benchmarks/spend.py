"""How fast a supplier ledger is studied: 200,000 lines of 5,000 suppliers, in a CSV file.

    make benchmark

`study_spend` beside plain pandas on the same file: read_csv, the same sums by size, kind, postcode district, month and
quarter, the same exact duplicates. Each step runs in a process of its own, which takes turns with the others; a process
says how much of the processor's time it took once its libraries were loaded, and its peak memory. Times of one machine
mean little; the ratios of medians are what counts. pandas gives the sums and nothing else: it reads no untidy sum or
day, finds no near duplicates, names no faulty line, and reconciles nothing. The numbers are invented.
"""

from __future__ import annotations

import csv
import json
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

LINES, SUPPLIERS, POSTCODES, ROUNDS = 200_000, 5_000, 2_700_000, 5
SECONDS_TARGET, MEMORY_TARGET = 10.0, 250.0

OURS = """
from sroi.commissioning.spend.settings import LocalDefinition, Settings
from sroi.commissioning.spend.study import study_spend
def step(folder):
    local = (LocalDefinition("m", "Local", "postcode", ("MB1", "MB2")),)
    study = study_spend(f"{folder}/ledger.csv", Settings(amounts_are="net", local=local))
    assert study.reconciliation.agrees
    return {"total": study.direct.total, "sme": study.direct.share("sme").sure,
            "local": study.direct.share("local:m").sure, "repeated": sum(
            each.number for each in study.messes if each.name == "exact duplicates")}
"""
READING = """
from sroi.commissioning.spend.reading import read_ledger
from sroi.commissioning.spend.settings import Settings
def step(folder):
    read_ledger(f"{folder}/ledger.csv", Settings(amounts_are="net"))
    return None
"""
PANDAS = """
import pandas as pd
def step(folder):
    lines = pd.read_csv(f"{folder}/ledger.csv", keep_default_na=False)
    lines["Pennies"] = (lines["Amount"] * 100).round().astype("int64")
    lines["Day"] = pd.to_datetime(lines["Payment Date"], format="%d/%m/%Y")
    lines["District"] = lines["Postcode"].str.split().str[0]
    sums = [lines.groupby(name)["Pennies"].sum() for name in ("Size", "Type", "District", "Supplier ID")]
    sums += [lines.groupby(lines["Day"].dt.to_period(period))["Pennies"].sum() for period in ("M", "Q")]
    repeated = lines.duplicated(["Supplier ID", "Payment Date", "Amount", "Invoice No"])
    total = int(lines["Pennies"].sum())
    return {"total": total, "sme": int(sums[0][["micro", "small", "medium"]].sum()),
            "local": int(sums[2][["MB1", "MB2"]].sum()), "repeated": int(repeated.sum())}
"""
AUTHORITIES = """
from sroi.commissioning.spend.settings import LocalDefinition, Settings
from sroi.commissioning.spend.study import study_spend
def step(folder):
    chosen = Settings(amounts_are="net", postcode_column="pcds", authority_column="lad",
                      local=(LocalDefinition("m", "Local", "authority", ("E00000001",)),))
    study_spend(f"{folder}/ledger.csv", chosen, None, f"{folder}/postcodes.csv")
    return None
"""
STEPS = {
    "pandas, read_csv and group-bys": PANDAS,
    "`study_spend`": OURS,
    "of it, the reading into columns": READING,
    "`study_spend`, with a table of 2.7 million postcodes": AUTHORITIES,
}
_RUN = """
import json, resource, sys, time
{step}
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
found = step(sys.argv[1])
seconds = time.process_time() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, before / 1e3, found]))
"""


def write_ledger(path: Path) -> None:
    """Write the ledger; one line in two hundred is booked twice."""
    chance = random.Random(0)
    suppliers = [
        (f"Supplier {place} Ltd", f"S{place:05d}", f"MB{place % 20 + 1} {place % 10}AB",
         chance.choice(["micro", "small", "medium", "large", ""]), chance.choice(["", "charity", "CIC", "private"]))
        for place in range(SUPPLIERS)
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["Supplier Name", "Supplier ID", "Amount", "Payment Date", "Invoice No", "Postcode", "Size", "Type"]
        )
        line: list[str] = []
        for place in range(LINES):
            if not line or place % 200:
                name, number, postcode, size, kind = chance.choice(suppliers)
                day = date(2025, 4, 1) + timedelta(days=chance.randrange(365))
                amount = f"{chance.uniform(-200, 9000):.2f}"
                line = [name, number, amount, f"{day:%d/%m/%Y}", f"INV{place}", postcode, size, kind]
            writer.writerow(line)


def write_postcodes(path: Path) -> None:
    """Write a table as long as the directory of the United Kingdom's postcodes."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("pcds,lad\n")
        stream.writelines(
            f"MB{place % 90 + 1} {place % 10}{chr(65 + place % 26)}{chr(65 + place // 26 % 26)},E{place % 9:08d}\n"
            for place in range(POSTCODES)
        )


def measured(step: str, folder: str) -> tuple[float, float, object]:
    """Return the processor's time [s], the peak memory [MB] and what was found, of one step in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", _RUN.format(step=step), folder], capture_output=True, check=True, text=True
    )
    seconds, peak, _, found = json.loads(run.stdout)
    return seconds, peak, found


def main() -> int:
    """Measure, print the table, and return 1 if a target was missed."""
    with tempfile.TemporaryDirectory() as folder:
        write_ledger(Path(folder) / "ledger.csv")
        write_postcodes(Path(folder) / "postcodes.csv")
        taken: dict[str, list[tuple[float, float, object]]] = {name: [] for name in STEPS}
        for _ in range(ROUNDS):
            for name, step in STEPS.items():
                taken[name].append(measured(step, folder))
    medians = {name: statistics.median(seconds for seconds, _, _ in each) for name, each in taken.items()}
    peaks = {name: max(peak for _, peak, _ in each) for name, each in taken.items()}
    pandas, ours = list(STEPS)[:2]
    assert taken[pandas][0][2] == taken[ours][0][2], "the two roads differ"
    print(f"| {LINES:,} lines, {SUPPLIERS:,} suppliers | s of the processor | ratio | peak memory, MB |")
    print("|---|---|---|---|")
    for name in STEPS:
        print(f"| {name} | {medians[name]:.2f} | {medians[name] / medians[pandas]:.2f} | {peaks[name]:,.0f} |")
    print(f"targets: `study_spend` at most {SECONDS_TARGET:g} s and {MEMORY_TARGET:g} MB")
    return int(medians[ours] > SECONDS_TARGET or peaks[ours] > MEMORY_TARGET)


if __name__ == "__main__":
    sys.exit(main())
