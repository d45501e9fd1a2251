"""The result document: figures, findings and provenance, as `--json` writes it."""

from __future__ import annotations

from typing import Any

from sroi import version
from sroi.impact_map import ImpactMap
from sroi.questions import review
from sroi.result import Result


def document(impact_map: ImpactMap, result: Result) -> dict[str, Any]:
    """Return the result with its findings and provenance, in plain Python values.

    `provenance.value_map_sha256` is that of the bytes of the file the map was read from, None if it was not.
    """
    origin = impact_map.origin
    return {
        **result.to_dict(),
        "findings": [finding.to_dict() for finding in review(impact_map, result)],
        "provenance": {
            "value_map_sha256": origin.sha256 if origin is not None else None,
            "sroi_version": version.__version__,
            "repairs": list(origin.repairs) if origin is not None else [],
        },
    }
