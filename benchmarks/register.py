"""How long a search takes in a cold register of 5,000 entries, beside reading the file.

    python benchmarks/register.py

The register is a file of 5,000 entries in every column, their texts taken from the shipped register: one with the short
texts that people's own registers have, one with the long comments of the Unit Cost Database, and the first again as
YAML. Each step runs in a process of its own, so that nothing is warm, and is measured in seconds of the processor:
reading the file and no more (CSV with Python's csv module, YAML with libyaml's events); reading it, checking every
field and searching it. The two take turns, and the least of several rounds counts, since what else a machine does can
only add to it. Times of one machine mean little; the ratio is what counts. Targets: an answer from the CSV register of
short texts within 50 ms (the process's own start aside), and at most 2.5 times what reading the file takes.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from sroi.evidence.register import FIELDS, register
from sroi.files.register_writer import write_register
from sroi.files.registers import read_register

ENTRIES = 5000
ROUNDS = 9
TARGET_MS, TARGET_RATIO = 50.0, 2.5
QUESTIONS = ("GP visit", "A&E attendance", "burglery", "life satisfaction")

# What is measured begins when the interpreter stands: its start is that of any Python program.
_READ = """
import gc, sys, time
gc.disable()  # as the command line does
start = time.process_time()
import csv
with open(sys.argv[1], encoding="utf-8", newline="") as lines:
    rows = list(csv.reader(lines))
print(time.process_time() - start)
"""
_EVENTS = """
import gc, sys, time
gc.disable()
import yaml
start = time.process_time()
with open(sys.argv[1], encoding="utf-8") as text:
    events = list(yaml.parse(text, Loader=yaml.CSafeLoader))
print(time.process_time() - start)
"""
_SEARCH = """
import gc, sys, time
gc.disable()
from sroi.evidence.register import Register
from sroi.evidence.search import Query, search
from sroi.files.registers import read_register
from sroi.files.sheets_csv import decoded_csv
start = time.process_time()
answer = search(Register((read_register(sys.argv[1]),)), Query(sys.argv[2]))
print(time.process_time() - start)
assert answer.entries
"""


def write_large(path: Path, long_texts: bool) -> None:
    """Write a register of 5,000 entries, with the shipped comments or without."""
    entries = list(register().entries())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = [name for name in FIELDS if long_texts or name not in ("note", "rationale", "original_source", "url",
                 "acknowledgement", "transfer_note", "counts_what")]  # fmt: skip
        writer.writerow(names)
        for number in range(ENTRIES):
            entry = entries[number % len(entries)]
            row = {**entry.fields, "id": f"e{number}_{entry.id}"}
            writer.writerow([row.get(name, "") for name in names])


def seconds(program: str, *arguments: str) -> float:
    """Return what a program in a process of its own says that its step took."""
    run = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return float(run.stdout)


def measure(path: Path, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the least times of reading the file and of answering from it, in milliseconds; the two take turns."""
    read, answered = [], []
    for number in range(rounds):
        read.append(seconds(_READ if path.suffix == ".csv" else _EVENTS, str(path)))
        answered.append(seconds(_SEARCH, str(path), QUESTIONS[number % len(QUESTIONS)]))
    return 1000 * min(read), 1000 * min(answered)


def main() -> int:
    """Measure, print what was found, and return 1 if the target was missed."""
    print("| a cold register of 5,000 entries | MB | reading the file, ms | read, checked and searched, ms | ratio |")
    print("|---|---|---|---|---|")
    met = True
    with tempfile.TemporaryDirectory(prefix="sroi-benchmark-") as name:
        short, long, plain = (Path(name) / each for each in ("short.csv", "long.csv", "short.yaml"))
        write_large(short, long_texts=False)
        write_large(long, long_texts=True)
        write_register(read_register(short), plain)
        long_said = "with the comments of the Unit Cost Database"
        for path, said in ((short, "short texts, CSV"), (long, f"{long_said}, CSV"), (plain, "short texts, YAML")):
            read, answered = measure(path, ROUNDS if path.suffix == ".csv" else 3)
            size = path.stat().st_size / 1e6
            print(f"| {said} | {size:.1f} | {read:.0f} | {answered:.0f} | {answered / read:.2f} |")
            met &= answered / read <= TARGET_RATIO and (path != short or answered <= TARGET_MS)
    print(f"Targets: within {TARGET_MS:.0f} ms for the first, at most {TARGET_RATIO} times the reading for each.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
