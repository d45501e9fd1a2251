"""sroi: Social Return on Investment, from a value map to a report.

    >>> import sroi
    >>> result = sroi.evaluate(sroi.example("wheels_to_meals"))
    >>> round(result.sroi_ratio, 2)
    1.93

The formula itself stands in `sroi.formulas`.
"""

from sroi.document import document
from sroi.errors import SroiError
from sroi.evaluation import evaluate
from sroi.files.value_maps import read_value_map, write_value_map
from sroi.impact_map import ImpactMap
from sroi.result import Result
from sroi.review import review
from sroi.shipped import case_study, example
from sroi.version import __version__

__all__ = [
    "ImpactMap",
    "Result",
    "SroiError",
    "__version__",
    "case_study",
    "document",
    "evaluate",
    "example",
    "read_value_map",
    "review",
    "write_value_map",
]
