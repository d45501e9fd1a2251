"""A spend study for other programs: every figure under its name, sums in the currency, days as 2025-09-01."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sroi.commissioning.spend.definitions import definition_source, definition_words
from sroi.commissioning.spend.ledger import Reconciliation
from sroi.commissioning.spend.multiplier import LocalMultiplier
from sroi.commissioning.spend.settings import Settings
from sroi.commissioning.spend.shares import Part
from sroi.commissioning.spend.study import Period, Spend, SpendStudy
from sroi.version import __version__


def study_document(study: SpendStudy) -> dict[str, Any]:
    """Return a whole study; names of individuals are not in it."""
    settings = study.settings
    return {
        "title": settings.title, "note": settings.note, "buyer": settings.buyer, "currency": study.currency,
        "period": {"from": settings.period_from and settings.period_from.isoformat(),
                   "to": settings.period_to and settings.period_to.isoformat()},
        "sums": settings.basis_words,
        "size_definition": {"id": settings.size_definition, "words": definition_words(settings.size_definition),
                            "source": definition_source(settings.size_definition)},
        "reconciliation": _reconciliation(study.reconciliation),
        "direct": _spend(study.direct), "indirect": None if study.indirect is None else _spend(study.indirect),
        "months": [_period(each) for each in study.months], "quarters": [_period(each) for each in study.quarters],
        "targets": [each.to_dict() for each in study.targets],
        "lm3": None if study.multiplier is None else study.multiplier.to_dict(),
        "messes": [each.to_dict() for each in study.messes], "unread": [str(each) for each in study.unread],
        "columns_guessed": list(study.guessed), "notes": list(study.notes),
        "suppliers_found": dict(zip(("by_id", "by_name", "not_found"), study.matched, strict=True))
        if study.supplier_file else None,
        "provenance": {"ledger_sha256": study.sha256, "settings_sha256": settings.sha256 or None,
                       "sroi_version": __version__},
    }  # fmt: skip


def multiplier_document(settings: Settings, found: LocalMultiplier) -> dict[str, Any]:
    """Return the local multiplier alone."""
    return {
        "title": settings.title, "note": settings.note, "currency": settings.currency, "lm3": found.to_dict(),
        "provenance": {"settings_sha256": settings.sha256 or None, "sroi_version": __version__},
    }  # fmt: skip


def _reconciliation(found: Reconciliation) -> dict[str, Any]:
    return {
        "lines": found.lines, "total": found.total / 100, "counted_lines": found.counted_lines,
        "direct": found.direct / 100, "indirect": found.indirect / 100, "vat": found.vat / 100,
        "left_out": [
            {"reason": each.words, "lines": each.lines,
             "sums": {currency: pennies / 100 for currency, pennies in each.sums.items()}}
            for each in found.left_out
        ],
        "left_out_total": found.left_out_sum / 100, "agrees": found.agrees,
    }  # fmt: skip


def _spend(spend: Spend) -> dict[str, Any]:
    return {
        "total": spend.total / 100, "lines": spend.lines, "suppliers": spend.suppliers,
        "payments": spend.payments / 100, "credits": spend.credits / 100, "by_size": _parts(spend.by_size),
        "by_kind": _parts(spend.by_kind), "by_place": _parts(spend.by_place), "largest": _parts(spend.largest),
        "shares": [each.to_dict() for each in spend.shares],
    }  # fmt: skip


def _parts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [{"name": each.name, "amount": each.pennies / 100, "suppliers": each.suppliers, "lines": each.lines}
            for each in parts]  # fmt: skip


def _period(period: Period) -> dict[str, Any]:
    shares = {each.name: {"share": each.share, "not_known": each.unknown_share} for each in period.shares}
    return {"name": period.name, "amount": period.pennies / 100, "lines": period.lines, "shares": shares}
