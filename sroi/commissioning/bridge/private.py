"""The gate before what leaves: values of the register, or given here, that may not be passed on."""

from __future__ import annotations

from sroi.commissioning.bridge.crossing import Crossing
from sroi.commissioning.delivery.private import refuse_private_values
from sroi.questions.licences import refuse_private


def refuse_private_crossing(crossing: Crossing, what: str, allowed: bool = False) -> None:
    """Let a bridge pass whose values may leave, or whose holder says so; else LicenceRefused.

    Both totals would pass a value on, of a measure that is left out of the map too.
    """
    refuse_private_values(crossing.register, what, allowed, "Take an open value instead (`sroi proxies search`)")
    refuse_private(crossing.impact_map, what, allowed)
