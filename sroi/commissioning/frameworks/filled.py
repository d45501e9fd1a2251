"""A framework from its form, and a form from a framework: so a shipped model is completed and loaded again.

What the program brought and what the user added stay told apart: each item is compared with the shipped one of its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sroi.commissioning.frameworks.form import FORM
from sroi.commissioning.frameworks.framework import Framework, Item, Measure, Outcome, Theme
from sroi.commissioning.frameworks.shipped import SHIPPED, framework
from sroi.commissioning.shipped_facts import SURENESS_WORDS
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.form_reader import Filled, Row, read_form

_ITEM = ("name", "summary", "note")
_MEASURE = (*_ITEM, "kind", "code", "wording", "unit", "definition", "evidence", "proxy", "price_year")
_HEAD = ("id", "title", "publisher", "edition", "valid_from", "valid_to", "licence", "attribution", "passing_on",
         "price_year", "status", "superseded_by", "about")  # fmt: skip


def read_framework(path: str | Path) -> Framework:
    """Return the framework that a filled form holds; FileRefused, with every fault at its place."""
    return framework_of(read_form(path, FORM))


def framework_of(filled: Filled) -> Framework:
    """Return the framework of a filled form; FileRefused for a measure that nothing is called, or an unknown model."""
    head = filled.one("framework")
    problems = [
        row.problem("name", f"the measure '{row['id']}' has no name, wording or summary", "Say what it is called.")
        for row in filled["measures"]
        if not (row["name"] or row["wording"] or row["summary"])
    ]
    if head["completes"] and head["completes"] not in SHIPPED:
        found = f"'Completes': there is no model '{head['completes'][:60]}' in this program"
        problems.append(head.problem("completes", found, did_you_mean(head["completes"], SHIPPED)))
    if head["valid_from"] and head["valid_to"] and head["valid_to"] < head["valid_from"]:
        problems.append(head.problem("valid_to", "the last day is before the first", "Correct one of the two."))
    if problems:
        raise FileRefused(problems, filled.file)
    base = framework(head["completes"]) if head["completes"] else None
    remarks = list(filled.notes)
    themes = _themes(filled, _Compared(base, remarks))
    if base is not None:
        here = {(type(each).__name__, each.id) for theme in themes for each in _within(theme)}
        gone = [each.label for each in base.items() if (type(each).__name__, each.id) not in here]
        if gone:
            remarks.append(f"Of what {base.short_title} ships, this file leaves out: {'; '.join(gone[:10])}{', ..' if len(gone) > 10 else ''}.")  # fmt: skip  # noqa: E501
    return _put_together(filled, head, base, themes, remarks)


def _put_together(
    filled: Filled, head: Row, base: Framework | None, themes: tuple[Theme, ...], remarks: list[str]
) -> Framework:
    given = {name: head[name] for name in _HEAD if head[name] is not None}
    given["currency"] = head["currency"] or "GBP"
    own = Framework(**given, themes=themes, file=filled.file, complete=head["complete"] is not False)
    if base is None:
        return own.model_copy(update={"remarks": tuple(remarks)})
    whole = head["complete"] is True
    kept = {name: getattr(base, name) for name in ("also_called", "use", "counts", "sources", "official_pages", "question", "supersedes", "collected")}  # fmt: skip  # noqa: E501
    update = {**kept, "completes": base.id, "complete": whole, "missing": () if whole else base.missing}
    return own.model_copy(update={**update, "remarks": tuple(remarks)})


def _within(theme: Theme) -> list[Item]:
    return [theme, *(each for outcome in theme.outcomes for each in (outcome, *outcome.measures))]


def _themes(filled: Filled, compared: _Compared) -> tuple[Theme, ...]:
    measures: dict[str, list[Measure]] = {}
    for row in filled["measures"]:
        measures.setdefault(row["outcome"], []).append(compared.measure(row))
    outcomes: dict[str, list[Outcome]] = {}
    for row in filled["outcomes"]:
        own = tuple(measures.get(row["id"], ()))
        outcomes.setdefault(row["theme"], []).append(compared.outcome(row, own))
    return tuple(compared.theme(row, tuple(outcomes.get(row["id"], ()))) for row in filled["themes"])


class _Compared:
    """Makes items of rows, and says of each whether the program brought it, the user completed it or added it."""

    def __init__(self, base: Framework | None, remarks: list[str]) -> None:
        self.known: dict[tuple[str, str], Item] = {}
        if base is not None:
            self.known = {(type(each).__name__, each.id): each for each in base.items()}
        self.remarks = remarks

    def theme(self, row: Row, outcomes: tuple[Outcome, ...]) -> Theme:
        return Theme(**self._fields(row, "Theme", _ITEM), outcomes=outcomes)

    def outcome(self, row: Row, measures: tuple[Measure, ...]) -> Outcome:
        known = self.known.get(("Outcome", row["id"]))
        number = known.number if isinstance(known, Outcome) else None
        return Outcome(**self._fields(row, "Outcome", _ITEM), measures=measures, number=number)

    def measure(self, row: Row) -> Measure:
        return Measure(**self._fields(row, "Measure", _MEASURE))

    def _fields(self, row: Row, kind: str, names: tuple[str, ...]) -> dict[str, Any]:
        given = {"id": row["id"], **{name: row[name] for name in names if row[name] is not None}}
        given["place"] = row.place("id")
        known = self.known.get((kind, row["id"]))
        if known is None:
            source = (row["source"],) if row["source"] else ()
            return {**given, "origin": "user", "seen": source}
        filled = tuple(name for name in names if not _same(given.get(name), getattr(known, name)))
        changed = [name for name in filled if getattr(known, name) not in ("", None) and name in given]
        lost = [name for name in filled if name not in given]
        for words, fields in (("says otherwise than", changed), ("leaves out what was in", lost)):
            if fields:
                self.remarks.append(f"{row.place('id')}: {', '.join(fields)} of '{known.label[:60]}' {words} the shipped model.")  # fmt: skip  # noqa: E501
        added = (row["source"],) if filled and row["source"] and row["source"] != source_words(known) else ()
        rests = {"sureness": known.sureness, "seen": (*known.seen, *added), "complete": known.complete}
        return {**given, **rests, "origin": "completed" if filled else "shipped", "filled": filled}


def _same(mine: Any, theirs: Any) -> bool:
    if mine in ("", None) or theirs in ("", None):
        return mine in ("", None) and theirs in ("", None)
    return " ".join(str(mine).split()) == " ".join(str(theirs).split())


def source_words(item: Item) -> str:
    """Return what stands beside a shipped item in the form: that the program brought it, and how sure it is."""
    return f"the program: {SURENESS_WORDS[item.sureness]} ({', '.join(item.seen)})" if item.seen else "the program"


def rows_of(each: Framework) -> Mapping[str, Any]:
    """Return a framework as the rows of its form, to be completed."""
    head: dict[str, Any] = {name: getattr(each, name) for name in _HEAD}
    head |= {"currency": each.currency, "complete": each.complete}
    if each.is_shipped:
        head["passing_on"] = None  # what the user adds is theirs to say
    head["completes"] = each.completes or (each.id if each.is_shipped else "")
    themes = [_row(theme, _ITEM) for theme in each.themes]
    outcomes = [{"theme": theme.id, **_row(outcome, _ITEM)} for theme, outcome in each.outcomes()]
    measures = [{"outcome": outcome.id, **_row(one, _MEASURE)} for _, outcome, one in each.measures()]
    return {"framework": head, "themes": themes, "outcomes": outcomes, "measures": measures}


def form_of_framework(each: Framework, target: Path) -> bytes:
    """Return a framework as the bytes of its form, by the target's ending; FileRefused for other endings."""
    from sroi.files.form_writer import form_bytes

    if target.suffix.lower() not in (".xlsx", ".yaml", ".yml"):
        remedy = "Give a name that ends in .xlsx or .yaml."
        raise FileRefused(Problem("a form is a workbook or YAML", remedy), str(target))
    return form_bytes(FORM, rows_of(each), target.suffix)


def _row(item: Item, names: tuple[str, ...]) -> dict[str, Any]:
    own = item.origin == "user"
    source = "; ".join(item.seen) if own else source_words(item)
    return {"id": item.id, **{name: getattr(item, name) for name in names}, "source": source}
