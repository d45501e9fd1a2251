"""The facts of commissioning that travel with the program, `sroi/data/commissioning/`, and what each rests on."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sroi.files.yaml import yaml_tree
from sroi.reading import read_yes_no

SURENESS_WORDS = {
    "A": "read at its publisher or in the statute",
    "B": "two secondary sources agree, or one careful one",
    "": "not seen",
}

YesOrNo = Annotated[bool, BeforeValidator(read_yes_no)]
Sureness = Annotated[str, Field(pattern="^[AB]?$")]


class Fact(BaseModel):
    """A group of facts as data holds it: nothing beyond its fields, and never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Days(Fact):
    """From which day to which something holds, both included, with what that rests on; None: not seen.

    From `check_again` on it is not known: a change was announced for that day.
    """

    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    check_again: date | None = None
    sureness: Sureness = ""
    seen: tuple[str, ...] = ()
    note: str = ""

    def hold_on(self, day: date) -> bool | None:
        """Say whether `day` is within; None if what was seen does not tell."""
        if self.last is not None and day > self.last:
            return False
        if self.first is None:
            return None
        if day < self.first:
            return False
        return None if self.check_again is not None and day >= self.check_again else True


def shipped_facts(*path: str) -> Any:
    """Return what a file in `sroi/data/commissioning/` holds, as groups, lists and text."""
    content = (files("sroi") / "data" / "commissioning").joinpath(*path).read_bytes()
    tree, _, problems = yaml_tree(content, path[-1])
    assert not problems, problems
    return tree
