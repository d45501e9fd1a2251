"""How long the full set of formats takes beside the HTML report alone, for a map of 60 outcomes.

    make benchmark

Both are written into a fresh folder, in turn, in one process, figures and tables included; the story is told before its
time counts, and anew each time, for a figure keeps what was drawn of it. Times of one machine mean little; the ratio of
medians is what counts. Target: at most 3.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from start_up import write_map

import sroi
from sroi.reports.analysis import analyse
from sroi.reports.story import tell
from sroi.reports.writing import write_report

TARGET = 3.0
ALL = "html,docx,pdf,pptx,xlsx"
ROUNDS = 3


def main() -> int:
    """Measure, print what was found, and return 1 if the target was missed."""
    with tempfile.TemporaryDirectory(prefix="sroi-benchmark-") as name:
        folder = Path(name)
        impact_map = sroi.read_value_map(write_map(folder))
        analysis = analyse(impact_map, sroi.evaluate(impact_map))
        taken: dict[str, list[float]] = {"html": [], ALL: []}
        for number in range(ROUNDS + 1):
            for formats, times in taken.items():
                story = tell(analysis)
                start = time.perf_counter()
                write_report(story, analysis, folder / f"{len(formats)}_{number}", formats)
                times.append(time.perf_counter() - start)
    # The first round loads libraries and fonts.
    medians = {formats: statistics.median(times[1:]) for formats, times in taken.items()}
    ratio = medians[ALL] / medians["html"]
    for formats, seconds in medians.items():
        print(f"{formats:<24} {seconds:6.2f} s")
    print(f"all formats / html alone {ratio:6.2f}   (target: at most {TARGET:g})")
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(main())
