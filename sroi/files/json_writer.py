"""Value maps as JSON: the tree of the YAML value map, which the YAML reader reads and the explorer opens and saves."""

from __future__ import annotations

import json
import re

from sroi.files.tree import to_tree
from sroi.impact_map import ImpactMap

# YAML, of which JSON is otherwise a part, breaks lines at some of these and knows no others.
_NOT_PLAIN_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def to_json(impact_map: ImpactMap) -> str:
    """Return a map as the text of a JSON value map; reading it gives an equal map."""
    text = json.dumps(to_tree(impact_map), ensure_ascii=False, allow_nan=False, indent=2)
    return _NOT_PLAIN_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
