"""The gate before what leaves: values whose licence does not let them be passed on.

A paper is refused whole, and not with a value blacked out: from a sum and a quantity anybody could work it out. The
quantities alone may always leave.
"""

from __future__ import annotations

from sroi.commissioning.delivery.register import Register
from sroi.errors import LicenceRefused


def refuse_private_values(
    register: Register, what: str, allowed: bool = False, instead: str = "Leave values out with --no-values"
) -> None:
    """Let a register pass whose values may leave, or whose holder says so; else LicenceRefused, every measure named.

    Parameters: `what` would leave, such as "the paper"; `allowed`, whether its holder says that a licence allows it;
    `instead`, what else can be done.
    """
    if allowed:
        return
    remedy = (
        f"{instead}. If your licence allows the value to be passed on, say yes in 'May be "
        "passed on', or --allow-private."
    )
    problems = [
        measure.row.problem(
            "proxy", f"{what} would pass on the value of '{measure.name}', but {measure.private}", remedy
        )
        for measure in register.measures.values()
        if measure.private
    ]
    if problems:
        raise LicenceRefused(problems, register.filled.file)
