"""The JSON Schema of value maps, for editors that complete and check as one types. Made from the nouns."""

from __future__ import annotations

from typing import Any

from sroi.impact_map import ImpactMap


def value_map_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a value map's YAML, with every key's label and description.

    It describes form only. What is impossible between keys (an unknown stakeholder, a wrong number of years) is found
    by reading the map.
    """
    schema = ImpactMap.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Value map, version 1"}
