"""One run of a batch: what it is given, under which key it is recorded, with which settings, and what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DONE, FAILED = "done", "failed"
_LARGEST_SEED = 10**9


@dataclass(frozen=True)
class Run:
    """One run, as a worker gets it: nothing in it but plain values, so that it can travel.

    `row` is that of the plan, from 1; `parameters` as the plan has them (a value map by its path from the plan),
    `given` as the notebook gets them, save for `out`; `seed` is the run's own.
    """

    key: str
    row: int
    parameters: Mapping[str, Any]
    given: Mapping[str, Any]
    seed: int
    value_map: str | None = None
    value_map_sha256: str | None = None


@dataclass(frozen=True)
class Limits:
    """What a run may take: seconds for a cell and for the whole, bytes of memory; None is no limit."""

    cell: float | None = None
    run: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Settings:
    """What all runs of a batch share: the template, the names it declares, where a run works, limits, provenance."""

    template: str
    template_sha256: str
    declares: frozenset[str]
    working_folder: str
    limits: Limits = Limits()
    provenance: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """What came of a run, small enough to be kept for every run of a batch; the whole stands in its sidecar."""

    key: str
    row: int
    status: str
    error: str | None
    seconds: float
    parameters: Mapping[str, Any]
    totals: Mapping[str, Any]
    recorded: Mapping[str, Any]
    attempts: int = 1

    @property
    def has_result(self) -> bool:
        """Whether the run left a result."""
        return self.totals.get("sroi_ratio") is not None or self.totals.get("total_inputs") is not None


# The columns that a run's result.json fills, in their order, and of what kind they are.
TOTALS = {
    "sroi_ratio": "float",
    "net_sroi_ratio": "float",
    "total_inputs": "float",
    "total_present_value": "float",
    "net_present_value": "float",
    "payback_years": "float",
    "title": "str",
    "analysis": "str",
    "currency": "str",
    "price_year": "str",
}


def record_of(sidecar: Mapping[str, Any]) -> Record:
    """Return the record in a sidecar. KeyError, TypeError or ValueError if it is none."""
    result = sidecar["result"]
    if sidecar["status"] not in (DONE, FAILED) or not isinstance(sidecar["parameters"], dict):
        raise ValueError("no sidecar")
    return Record(
        str(sidecar["key"]),
        int(sidecar["row"]),
        str(sidecar["status"]),
        None if sidecar["error"] is None else str(sidecar["error"]),
        float(sidecar["seconds"]),
        sidecar["parameters"],
        totals_of(result),
        dict(sidecar.get("recorded") or {}),
        int(sidecar.get("attempts", 1)),
    )


def totals_of(result: Any) -> dict[str, Any]:
    """Return the figures of a result that have a column of their own; nothing for a run without a result."""
    if not isinstance(result, dict):
        return {}
    totals: dict[str, Any] = {}
    for name, kind in TOTALS.items():
        value = result.get(name)
        if kind == "float":
            totals[name] = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        else:
            totals[name] = None if value is None else str(value)
    return totals


def key_of(
    parameters: Mapping[str, Any], template_sha256: str, value_map_sha256: str | None, packages_sha256: str,
    row: int, seed: int,
) -> str:  # fmt: skip
    """Return the key under which a run is recorded: whatever could change its result changes the key.

    The row's number is in it, so that two equal rows are two runs; so is the batch's seed.
    """
    parts = [dict(parameters), template_sha256, value_map_sha256, packages_sha256, row, seed]
    return hashlib.sha256(_canonical(parts)).hexdigest()[:32]


def seed_of(parameters: Mapping[str, Any], seed: int) -> int:
    """Return a run's own seed, from its parameters and the batch's seed alone: a newer package does not change it."""
    digest = hashlib.sha256(_canonical([dict(parameters), seed])).hexdigest()
    return int(digest[:16], 16) % _LARGEST_SEED


def _canonical(parts: list[Any]) -> bytes:
    return json.dumps(parts, sort_keys=True, ensure_ascii=True, allow_nan=False).encode("ascii")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
