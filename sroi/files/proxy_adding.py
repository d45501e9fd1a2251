"""A register's entry put into a value map as the proxy of an outcome, with all that is known of it.

A YAML map keeps every letter outside that proxy, comments and all: the text of the proxy alone is exchanged. What came
of it is read again and held to what it should be; where it is not, the map is written anew.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sroi.errors import ImpossibleMap, MethodRefused, NameRefused, Problem, SroiError, did_you_mean
from sroi.evidence.register import VALUE_TYPES, Entry
from sroi.evidence.register_prices import Uprated
from sroi.files.safety import read_bytes
from sroi.files.tree import to_tree
from sroi.files.value_maps import YAML, value_map_bytes
from sroi.files.yaml import parse_yaml, yaml_tree
from sroi.impact_map import ImpactMap

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/. -]*[A-Za-z0-9_.]|[A-Za-z]|\d{4}(?:-\d\d-\d\d|/\d\d)?", re.ASCII)
_NOT_WORDS = {"null", "true", "false"}


@dataclass(frozen=True)
class WithProxy:
    """A map with an entry put in: the map, its bytes for a file of that ending, and whether the old text was kept."""

    impact_map: ImpactMap
    content: bytes
    text_kept: bool


def with_proxy(
    impact_map: ImpactMap, outcome_id: str, entry: Entry, target: Path, uprated: Uprated | None
) -> WithProxy:
    """Return a map in which an outcome's proxy is a register's entry.

    Parameters: `target`, the file that it is for (its ending tells the format); `uprated`, the entry in another year's
    prices, if that was asked for. Raises NameRefused for an outcome that the map does not have, MethodRefused for an
    entry that cannot stand there: without a value, a transfer payment, in another currency, not to be uprated.
    """
    ids = [outcome.id for outcome in impact_map.outcomes]
    if outcome_id not in ids:
        raise NameRefused(Problem(f"the map has no outcome '{outcome_id}'", did_you_mean(outcome_id, ids)))
    _refuse_unfit(entry, impact_map.currency, uprated)
    place = ids.index(outcome_id)
    tree = to_tree(impact_map)
    proxy = proxy_of(entry, uprated)
    outcome = dict(tree["outcomes"][place])
    outcome["proxy"] = proxy
    tree["outcomes"][place] = outcome
    changed = ImpactMap.model_validate(tree)
    if target.suffix.lower() in YAML and impact_map.origin is not None:
        file = Path(impact_map.origin.file)
        if file.suffix.lower() in YAML:
            kept = _exchanged(impact_map.origin.content.decode("utf-8-sig"), place, proxy)
            if kept is not None and _reads_as(kept, changed):
                return WithProxy(changed, kept.encode("utf-8"), True)
    return WithProxy(changed, value_map_bytes(changed, target), False)


def _refuse_unfit(entry: Entry, currency: str, uprated: Uprated | None) -> None:
    problems = []
    if entry.value is None:
        problems.append(Problem(f"'{entry.id}' comes without its value", entry["note"] or "Look it up in its source."))
    if entry.says("is_transfer"):
        found = f"'{entry.id}' is, wholly or in part, a transfer payment: money that moves, not public value"
        note = f" Its source says: {entry['transfer_note']}" if entry["transfer_note"] else ""
        problems.append(Problem(found, f"Take an entry of what society gains, such as its economic value.{note}"))
    if entry["currency"] != currency:
        found = f"'{entry.id}' is in {entry['currency']}, the map in {currency}"
        remedy = "Look for one in the map's currency, or convert it yourself and say so (`sroi prices --help`)."
        problems.append(Problem(found, remedy))
    if uprated is not None and uprated.value is None and entry.value is not None:
        found = f"'{entry.id}' cannot be brought to {uprated.to} prices: {uprated.reason}"
        problems.append(Problem(found, "Leave --to out: the entry then stands in its own year's prices."))
    if problems:
        raise MethodRefused(problems)


def proxy_of(entry: Entry, uprated: Uprated | None = None) -> dict[str, Any]:
    """Return an entry as a value map holds a proxy: its value and range, and where all of it comes from."""
    moved = uprated is not None and uprated.value is not None and uprated.factor != 1.0
    value, low, high = (entry.number(name) for name in ("value", "low", "high"))
    year, basis, source = entry["price_year"], entry["price_year_basis"], entry.full_source
    if moved and uprated is not None:
        value, low, high = uprated.value, uprated.low, uprated.high
        year, basis = uprated.to, "financial" if "/" in uprated.to else "calendar"
        source = f"{source}. {uprated.sentence}"
    range_ = {"low": low, "high": high} if low is not None and high is not None else {}
    number: dict[str, Any] = {"value": value, **range_}
    if entry["confidence"]:
        number["confidence"] = entry["confidence"]
    single = entry["value_type"] in VALUE_TYPES
    agency = ", ".join(part for part in (entry["agency"], entry["agency_detail"]) if part)
    proxy = {
        "description": entry["outcome"],
        "value": {name: _whole(part) for name, part in number.items()} if len(number) > 1 else _whole(value),
        "unit": entry["unit"].removeprefix("per "),
        "price_year": year,
        "price_year_basis": basis,
        "currency": entry["currency"],
        "source": source,
        "value_type": entry["value_type"] if single else "",
        "valuation_method": entry["valuation_method"],
        "agency": agency,
        "cashable": entry["cashable"].lower(),
        "register": entry.id,
        "transfer": entry["is_transfer"].lower(),
        "overlap_group": entry["overlap_group"],
        "licence": entry["licence"],
        "acknowledgement": entry["acknowledgement"],
        "passing_on": entry["passing_on"].lower(),
        "review_date": entry["review_date"],
    }
    return {name: part for name, part in proxy.items() if part not in ("", None)}


def _whole(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number == int(number) else number


def _reads_as(text: str, wanted: ImpactMap) -> bool:
    try:
        return parse_yaml(text.encode("utf-8"), "value map") == wanted
    except (ImpossibleMap, SroiError):
        return False


def into_unfinished(
    path: Path, outcome_id: str, entry: Entry, uprated: Uprated | None, faulty: ImpossibleMap
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return a YAML map that is not yet sound with the entry put in, and the faults that are left.

    A map is begun with its outcomes, and has faults until each has its proxy. Raises `faulty` again, what reading the
    file raised, where the entry mends none of them or brings others; what `with_proxy` raises besides.
    """
    text = read_bytes(path).decode("utf-8-sig")
    tree, _, _ = yaml_tree(text.encode("utf-8"), str(path))
    outcomes = tree.get("outcomes") if isinstance(tree, dict) else None
    ids = (
        [each.get("id") if isinstance(each, dict) else None for each in outcomes] if isinstance(outcomes, list) else []
    )
    if outcome_id not in ids:
        raise faulty
    _refuse_unfit(entry, str(tree.get("currency", "")), uprated)
    made = _exchanged(text, ids.index(outcome_id), proxy_of(entry, uprated))
    if made is None:
        raise faulty
    left: tuple[Problem, ...] = ()
    try:
        parse_yaml(made.encode("utf-8"), str(path))
    except ImpossibleMap as error:
        left = error.problems
    except SroiError:
        raise faulty from None
    were = [(problem.where, problem.found) for problem in faulty.problems]
    if len(left) >= len(were) or any((problem.where, problem.found) not in were for problem in left):
        raise faulty
    return made.encode("utf-8"), left


# ---- exchanging the text of one proxy ----


def _exchanged(text: str, place: int, proxy: dict[str, Any]) -> str | None:
    """Return a YAML map's text with the proxy of the outcome at `place` exchanged, or put in; None if it is too odd."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root = yaml.compose(io.StringIO(text), Loader=loader)
    outcomes = _child(root, "outcomes")
    if not isinstance(outcomes, yaml.SequenceNode) or place >= len(outcomes.value):
        return None
    outcome = outcomes.value[place]
    if not isinstance(outcome, yaml.MappingNode) or not outcome.value:
        return None
    break_ = "\r\n" if "\r\n" in text else "\n"
    for key, value in outcome.value:
        if key.value == "proxy":
            begin, end = key.start_mark.index, _end(value, text)
            written = _flow_pair(proxy) if outcome.flow_style else _block(proxy, key.start_mark.column, break_)
            return text[:begin] + written + text[end:]
    if outcome.flow_style:
        end = outcome.end_mark.index - 1
        before = text[:end].rstrip()
        return f"{before}{'' if before.endswith(',') else ','} {_flow_pair(proxy)}{text[end:]}"
    column = outcome.value[0][0].start_mark.column
    line_end = text.find("\n", _end(outcome, text))
    line_end = len(text) if line_end < 0 else line_end - (break_ == "\r\n")
    return f"{text[:line_end]}{break_}{' ' * column}{_block(proxy, column, break_)}{text[line_end:]}"


def _child(node: Any, name: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == name), None)
    return None


def _end(node: Any, text: str) -> int:
    """Return where a node's own text ends: a block's end mark lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, yaml.MappingNode) else last, text)
    begin = int(node.start_mark.index)
    return begin + len(text[begin : int(node.end_mark.index)].rstrip())


def _scalar(value: Any) -> str:
    text = str(value)
    if not isinstance(value, str) or (_PLAIN.fullmatch(text) and text.lower() not in _NOT_WORDS):
        return text
    return json.dumps(text, ensure_ascii=False)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(part)}" for name, part in value.items()) + "}"
    return _scalar(value)


def _flow_pair(proxy: dict[str, Any]) -> str:
    return f"proxy: {_flow(proxy)}"


def _block(proxy: dict[str, Any], column: int, break_: str) -> str:
    lines = [f"{' ' * (column + 2)}{name}: {_flow(part)}" for name, part in proxy.items()]
    return break_.join(["proxy:", *lines])
