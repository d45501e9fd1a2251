"""What `sroi commission prevention` says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import wording
from sroi.commissioning.prevention.questions import answers
from sroi.commissioning.prevention.study import PreventionStudy
from sroi.commissioning.prevention.telling import averted_words, standing_words
from sroi.commissioning.prevention.warning import UNREAD


def prevention_lines(study: PreventionStudy) -> Iterator[str]:
    """Yield the lines: events averted, each body's purse, early signs, questions that are open."""
    currency = study.impact_map.currency
    yield study.case.setting.title
    yield from (averted_words(each) for each in study.averted)
    yield ""
    yield "Who pays and who saves, at present value (cash is what can be taken out):"
    rows = [
        (each.name, f"pays {wording.money(each.paid_present, currency)}",
         f"saves {wording.money(each.cash_present + each.capacity_present, currency)}",
         f"in cash {wording.money(each.cash_present, currency)}", f"net {wording.money(each.net_present, currency)}")
        for each in study.purses
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(5)] if rows else []
    for row in rows:
        yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
    if not rows:
        yield "  nobody: see the sheets Funding and Costs"
    yield f"{standing_words(study)}. SROI ratio {wording.ratio(float(study.result.sroi_ratio))}{_range(study)}."
    if study.warned:
        yield ""
        for each in study.warned:
            last = "" if each.last is None else f" ({wording.plain(each.last.value)} on {each.last.day})"
            state = each.state if each.state == UNREAD else each.state.upper()
            yield f"{each.indicator.indicator}: {state}{last}, {each.trend}"
    yield ""
    asked = answers(study)
    answered = sum(each.state == "answered" for each in asked)
    yield f"Seven questions: {answered} answered in full by the fields. Open:"
    yield from (f"  {text}" for each in asked for text in each.open)
    yield from study.case.notes


def _range(study: PreventionStudy) -> str:
    if study.interval is None:
        return ""
    low, high = (wording.ratio(end) for end in study.interval)
    return f" ({low} to {high}, central 90 % by the stated ranges)"
