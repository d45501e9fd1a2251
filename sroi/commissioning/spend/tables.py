"""A spend study as tables to take away: figures plain, sums in the currency, shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sroi.commissioning.spend.shares import Part
from sroi.commissioning.spend.study import Spend, SpendStudy

_SHARE_HEADINGS = ("group", "definition", "total", "amount", "by_name_only", "not_in_group", "not_known", "share",
                   "lowest", "highest")  # fmt: skip
_PART_HEADINGS = ("name", "amount", "suppliers", "lines")


def spend_tables(study: SpendStudy) -> dict[str, list[Sequence[Any]]]:
    """Return every table by name, the first row of each its headings."""
    direct = study.direct
    tables: dict[str, list[Sequence[Any]]] = {
        "all_shares": _shares(direct),
        "by_size": _parts(direct.by_size),
        "by_kind": _parts(direct.by_kind),
        "by_place": _parts(direct.by_place),
        "largest_suppliers": _parts(direct.largest),
        "months": [
            ("month", "amount", "lines"),
            *((each.name, each.pennies / 100, each.lines) for each in study.months),
        ],
        "targets": [
            ("target", "wanted", "found", "verdict", "missing", "guessed_or_not_known", "source"),
            *(
                (
                    each.target.title,
                    float(each.target.share),
                    each.share.share,
                    each.verdict,
                    each.missing / 100,
                    each.unsettled / 100,
                    each.target.source,
                )
                for each in study.targets
            ),
        ],
        "left_out": [
            ("reason", "lines", "currency", "amount"),
            *(
                (each.words, each.lines, currency, pennies / 100)
                for each in study.reconciliation.left_out
                for currency, pennies in (each.sums or {"": 0}).items()
            ),
        ],
        "messes": [
            ("what", "how_dealt_with", "what_to_do", "number", "amount", "rows", "examples"),
            *(
                (
                    each.name,
                    each.found,
                    each.remedy,
                    each.number,
                    None if each.pennies is None else each.pennies / 100,
                    " ".join(map(str, each.rows)),
                    " / ".join(each.examples),
                )
                for each in study.messes
            ),
        ],
        "unread": [("place", "found", "what_to_do"), *((each.cell, each.found, each.remedy) for each in study.unread)],
    }
    if study.indirect is not None:
        tables["all_indirect_shares"] = _shares(study.indirect)
    return tables


def _shares(spend: Spend) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = [_SHARE_HEADINGS]
    for each in spend.shares:
        low, high = each.interval or (None, None)
        sums = (each.total, each.pennies, each.guessed, each.other, each.unknown)
        rows.append((each.title, each.definition, *(pennies / 100 for pennies in sums), each.share, low, high))
    return rows


def _parts(parts: Sequence[Part]) -> list[Sequence[Any]]:
    return [_PART_HEADINGS, *((each.name, each.pennies / 100, each.suppliers, each.lines) for each in parts)]
