"""Teaching: lessons with exercises that are marked, maps with planted faults, a class's answers side by side."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sroi.teaching.checking import Marking, Solution, check, solution

__all__ = ["Marking", "Solution", "check", "solution"]


def __getattr__(name: str) -> Any:
    """Return a public name when it is first used: the other parts of this room do without the lessons."""
    if name not in __all__:
        raise AttributeError(f"module 'sroi.teaching' has no attribute '{name}'")
    return getattr(import_module("sroi.teaching.checking"), name)
