"""What a very large batch costs, on paper and by simulation, from the seconds that real runs took.

    python benchmarks/scale.py DIR              a folder that `sroi batch` left
    python benchmarks/scale.py DIR --measure    first measure here what handing out a run and writing a row cost

Nothing of this is run on a thousand cores: the times of the runs are drawn from those measured, everything that is one
of a kind (whoever hands out runs, the results file, the store's limit of requests) is a queue of its own, and the
simulation says which of them holds the others up. Figures that were not measured here are arguments with their source.
"""

from __future__ import annotations

import argparse
import heapq
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

CORES = (2, 64, 1000)
RUNS = (100_000, 1_000_000)


@dataclass(frozen=True)
class Place:
    """Where a batch runs: what everything costs that is not the run itself, in seconds unless said otherwise."""

    name: str
    hand_out: float  # of the one process that hands out runs, for each message
    runs_a_message: int = 1
    write_a_row: float = 0.0  # of the process that writes the results file, for each row in each writing of it
    write_every: float = 30.0
    write_share: float = 20.0  # the file is not written again before so many times what writing it took
    whole_file: bool = True  # the whole results file at each writing, or only what is new
    store_latency: float = 0.0  # of one request to the store; the core waits
    requests: int = 0  # for each run
    requests_a_second: float = float("inf")  # what the store allows, all together


@dataclass(frozen=True)
class Cost:
    """What a batch took: hours on the wall, and the parts of it in which cores, hander-out and store were busy."""

    hours: float
    cores_busy: float
    hander_busy: float
    store_busy: float


def on_paper(seconds: np.ndarray, runs: int, cores: int, place: Place) -> float:
    """Return the hours that the narrowest of the queues needs by itself: no batch can be faster.

    hours = max(runs (t + requests x latency) / cores, runs x hand_out / runs_a_message + writing the results,
    runs x requests / requests_a_second) / 3600
    """
    run = float(seconds.mean()) + place.requests * place.store_latency
    handed = runs * place.hand_out / place.runs_a_message
    wall = max(runs * run / cores, handed, runs * place.requests / place.requests_a_second)
    if not place.whole_file:
        return max(wall, handed + runs * place.write_a_row) / 3600
    # A file that is written whole each time takes one part in so many of the hander-out's time, and no more.
    return max(wall, handed * (1 + 1 / place.write_share)) / 3600


def simulate(seconds: np.ndarray, runs: int, cores: int, place: Place, seed: int = 0) -> Cost:
    """Return what a batch costs, event by event: a core asks, is handed a run, waits for the store, runs."""
    rng = np.random.default_rng(seed)
    step = place.runs_a_message
    drawn = rng.choice(seconds, size=runs)
    messages = [float(part.sum()) for part in np.array_split(drawn, -(-runs // step))]
    free = [0.0] * cores
    heapq.heapify(free)
    hander = store = end = 0.0
    handing = working = 0.0
    written, next_writing = 0, place.write_every
    finished: list[float] = []
    for work in messages:
        asked = heapq.heappop(free)
        # Whoever hands out also writes the results file, and hands out nothing meanwhile.
        if max(asked, hander) >= next_writing and place.write_a_row:
            while finished and finished[0] <= next_writing:
                heapq.heappop(finished)
                written += step
            took = place.write_a_row * (written if place.whole_file else step * place.write_every)
            hander, handing = max(hander, next_writing) + took, handing + took
            next_writing = hander + max(place.write_every, place.write_share * took)
        start = max(asked, hander) + place.hand_out
        hander, handing = start, handing + place.hand_out
        if place.requests:
            store = max(store, start) + step * place.requests / place.requests_a_second
            start = max(store, start + step * place.requests * place.store_latency)
        done = start + work
        working += work
        end = max(end, done)
        heapq.heappush(free, done)
        if place.write_a_row:
            heapq.heappush(finished, done)
    busy_store = runs * place.requests / place.requests_a_second / end
    return Cost(end / 3600, working / (cores * end), handing / end, busy_store)


def measured_seconds(folder: Path) -> np.ndarray:
    """Return the seconds of every run that ended well, from the sidecars of a batch."""
    told = (json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "runs").glob("*.json")))
    return np.array([run["seconds"] for run in told if run["status"] == "done"], dtype=float)


def measured_hand_out(tasks: int = 3000) -> float:
    """Return the seconds that a scheduler of dask takes for a task that does nothing, two workers on this machine."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
        Client(cluster) as client,
    ):
        client.gather(client.map(abs, range(200), pure=False))
        began = time.perf_counter()
        client.gather(client.map(abs, range(tasks), pure=False))
        return (time.perf_counter() - began) / tasks


def measured_row(rows: int = 50_000, columns: int = 30) -> float:
    """Return the seconds that one row of the results takes to be written, as CSV and as Parquet."""
    import io

    import pandas as pd

    table = pd.DataFrame(
        np.random.default_rng(0).normal(size=(rows, columns)), columns=[f"c{i}" for i in range(columns)]
    )
    began = time.perf_counter()
    table.to_csv(io.StringIO())
    table.to_parquet(io.BytesIO())
    return (time.perf_counter() - began) / rows


def places(hand_out: float, row: float) -> tuple[Place, ...]:
    """Return the ways in which a batch can be run, from the plainest to the one for a thousand cores."""
    # The latency and the limit of one prefix as the vendor's guidelines state them for general-purpose buckets.
    bucket = {"store_latency": 0.1, "requests": 4, "requests_a_second": 3500.0}
    plain = Place("one machine or a cluster, shared disk", hand_out, write_a_row=row)
    stored = replace(plain, name="the same, on an object store", **bucket)
    grown = replace(plain, name="the same, only new rows written", whole_file=False)
    chunks = replace(
        stored, name="50 runs a message, new rows only, ten prefixes", runs_a_message=50, whole_file=False,
        requests_a_second=35_000.0,
    )  # fmt: skip
    return plain, grown, stored, chunks


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("batch", type=Path, help="a folder that sroi batch left")
    parser.add_argument("--measure", action="store_true", help="measure handing out and writing here")
    parser.add_argument("--hand-out", type=float, default=1e-3, help="seconds for each run handed out")
    parser.add_argument("--row", type=float, default=3e-5, help="seconds for each row written")
    options = parser.parse_args()
    seconds = measured_seconds(options.batch)
    hand_out = measured_hand_out() if options.measure else options.hand_out
    row = measured_row() if options.measure else options.row
    print(f"{len(seconds)} runs measured: mean {seconds.mean():.3f} s, largest {seconds.max():.3f} s;")
    print(f"handing out {hand_out * 1e3:.2f} ms, a row written {row * 1e6:.0f} us\n")
    print("| runs | cores | way | on paper, h | simulated, h | cores busy | hander-out busy | store busy |")
    print("|---|---|---|---|---|---|---|---|")
    for runs in RUNS:
        for cores in CORES:
            for place in places(hand_out, row):
                cost = simulate(seconds, runs, cores, place)
                paper = on_paper(seconds, runs, cores, place)
                print(
                    f"| {runs:,} | {cores:,} | {place.name} | {paper:.2f} | {cost.hours:.2f} "
                    f"| {cost.cores_busy:.0%} | {cost.hander_busy:.0%} | {cost.store_busy:.0%} |"
                )


if __name__ == "__main__":
    main()
