"""What `sroi commission place` says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import wording
from sroi.commissioning.place.naming import NOWHERE
from sroi.commissioning.place.pooling import PlaceValue
from sroi.commissioning.place.study import PlaceStudy
from sroi.commissioning.place.telling import need_words, place_words, summary_words

_MOST = 15


def place_lines(study: PlaceStudy) -> Iterator[str]:
    """Yield the lines: what it comes to, the places with their need, what was not matched."""
    yield from summary_words(study)
    if study.values:
        yield ""
        rows = [_row(each) for each in study.values[:_MOST]]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [f"{cell:<{width}}" for cell, width in zip(row[:3], widths, strict=True)]
            yield "  ".join(["", *cells, row[3]]).rstrip()
        if len(study.values) > _MOST:
            yield f"  and {len(study.values) - _MOST:,} more: --json, or --out"
    for each in study.quantities[:_MOST]:
        words = f"{wording.plain(each.not_rejected)} of {each.measure} [{each.unit}]"
        rejected = f", {wording.plain(each.by_state[3])} more rejected" if each.by_state[3] else ""
        yield f"  {place_words(each.known)}: {words}, {wording.plain(each.by_state[0])} validated{rejected}"
    if study.unknown:
        yield ""
        yield from (f"Not matched: '{each.written}'. {each.remedy}" for each in study.unknown[:_MOST])
    for pot in study.pots:
        yield from (f"Not added: {each.name}: {why}." for each, why in pot.left_out[:_MOST])
    yield from (f"Not read: {each.source}: {each.error}" for each in study.failed[:_MOST])
    yield from (study.boundaries.notes if study.boundaries else ())
    yield from study.settings.notes


def _row(each: PlaceValue) -> tuple[str, str, str, str]:
    deprived = each.known.place.deprivation if each.known.place is not None else None
    share = each.known.deprived_share
    need = "" if each.known.name == NOWHERE else f"need: {need_words(each.known)}"
    if deprived is not None:
        need = f"deprivation {deprived.words}"
    elif share is not None:
        need = f"{wording.per_cent(share)} of its neighbourhoods among England's most deprived tenth (as given)"
    head = "" if each.per_head is None else f"{wording.money(each.per_head, each.currency, 2)} a resident"
    once = wording.money(each.counted_once, each.currency)
    return place_words(each.known), once, head, need
