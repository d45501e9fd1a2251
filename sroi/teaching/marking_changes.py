"""What a change in a handed-back map is about: a planted fault's names or others, and figures or words alone."""

from __future__ import annotations

from collections.abc import Sequence

from sroi.comparison.differences import Difference

# A number counts as put right if it is this near to the right one: prices are rounded on the way.
_NEAR = 0.02


def near(values: Sequence[float], right: Sequence[float]) -> bool:
    """Say whether a number is as good as the right one, in every year."""
    same = len(values) == len(right)
    return same and all(
        abs(one - other) <= _NEAR * max(abs(other), 1e-9) + 1e-12 for one, other in zip(values, right, strict=True)
    )


def ids_in(where: str) -> tuple[str, ...]:
    """Return the ids in the place of a finding that names several lines; none where it names one number."""
    parts = [part.strip() for part in where.split(",")]
    return tuple(part for part in parts if part and "." not in part)


def parts_of(names: Sequence[str]) -> set[str]:
    """Return the parts of lines to which names belong, as the reader names them: x.quantity for x.share."""
    parts = [name.split(".") for name in names if "." in name]
    return {f"{owner}.{'quantity' if part in ('share', 'times') else part}" for owner, part, *_ in parts}


def concerns(difference: Difference, names: Sequence[str]) -> bool:
    """Say whether what was changed is one of these names, a part of one, or holds one."""
    own = difference.name
    for name in names:
        whole = "." not in name
        if own == name or own.startswith(f"{name}.") or name.startswith(f"{own}."):
            return True
        leaves = difference.kind == "removed" or own.endswith(
            (".valued", ".included", ".material.decision", ".leads_to")
        )
        if leaves and name.partition(".")[0] == own.partition(".")[0] and whole:
            return True
        head = name.rpartition(".")[0]
        if head.count(".") and (own == head or own.startswith(f"{head}.")):  # x.proxy for x.proxy.price_year
            return True
    return False


def bears_on_the_ratio(difference: Difference) -> bool:
    """Say whether a change moves figures, and not words alone."""
    if difference.section == "outputs":
        return False
    if difference.section == "conventions" or difference.kind != "changed":
        return True
    moved = difference.value_was is not None or difference.value_now is not None
    return moved or difference.name.endswith((".valued", ".included", ".material.decision", ".starts"))
