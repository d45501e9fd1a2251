"""sroi: Social Return on Investment, from a value map to a report.

    >>> import sroi
    >>> result = sroi.evaluate(sroi.example("wheels_to_meals"))
    >>> round(result.sroi_ratio, 2)
    1.93

The formula itself stands in `sroi.formulas`.
"""

from sroi.errors import SroiError
from sroi.evaluation import evaluate
from sroi.files.value_maps import read_value_map, write_value_map
from sroi.impact_map import ImpactMap
from sroi.result import Result
from sroi.shipped import case_study, example

__version__ = "0.1.0"

__all__ = [
    "ImpactMap",
    "Result",
    "SroiError",
    "__version__",
    "case_study",
    "evaluate",
    "example",
    "read_value_map",
    "write_value_map",
]
