"""The paper on value by place, as blocks that every format renders."""

from __future__ import annotations

from collections.abc import Callable

from sroi import plots, wording
from sroi.commissioning.place.gazetteer import credits_of_places, find_place
from sroi.commissioning.place.naming import NOWHERE, Known
from sroi.commissioning.place.pooling import STATES, PlaceValue
from sroi.commissioning.place.study import PlaceStudy
from sroi.reading import NOT_STATED
from sroi.reports.blocks import Block, Bullets, Details, Figure, Paragraph, Section, Story, Table

_MOST_BARS, _MOST_ROWS = 20, 400
SHARE_WORDS = "Neighbourhoods (LSOAs) among the most deprived tenth of England"


def tell_place(study: PlaceStudy) -> Story:
    """Return the paper's story."""
    title = study.settings.title or "Value by place"
    several = len(study.projects)
    subtitle = f"{study.source}. {several} value map{'' if several == 1 else 's'}, pooled by place"
    sections = [_summary(study), _where(study), _need(study), _twice(study)]
    if study.quantities:
        sections.append(_delivered(study))
    sections += [_not_matched(study), _method(study)]
    return Story(title, subtitle, tuple(sections))


def place_words(known: Known) -> str:
    """Return a place's name for people."""
    return known.name or "place not stated"


def prices_words(value: PlaceValue) -> str:
    """Return the currency and price year of a place's value."""
    year = "price year not stated" if value.price_year == NOT_STATED else f"{value.price_year} prices"
    return f"{value.currency}, {year}"


def count_words(number: int, what: str) -> str:
    """Return a number of things in words."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# ---- in short ----


def _summary(study: PlaceStudy) -> Section:
    blocks: list[Block] = [Paragraph(text, "lead" if place == 0 else "normal") for place, text in enumerate(summary_words(study))]  # fmt: skip  # noqa: E501
    if study.settings.note:
        blocks.append(Paragraph(study.settings.note, "note"))
    return Section("summary", "In short", tuple(blocks))


def summary_words(study: PlaceStudy) -> list[str]:
    """Return the main findings in sentences."""
    said = []
    for pot in study.pots:
        own = [each for each in study.values if each.currency == pot.currency]
        if not own:
            continue
        named = [each for each in own if each.known.name != NOWHERE]
        total, once = (sum(getattr(each, name) for each in named) for name in ("present_value", "counted_once"))
        twice = (
            f"; {wording.money(once, pot.currency)} with each change of the same people counted once"
            if once != total
            else ""
        )
        said.append(
            f"{wording.money(total, pot.currency)} of present value in {count_words(len(named), 'place')}{twice} "
            f"({prices_words(own[0])}, {count_words(len(pot.projects), 'map')})."
        )
        nowhere = [each for each in own if each.known.name == NOWHERE]
        if nowhere:
            said.append(
                f"A further {wording.money(nowhere[0].present_value, pot.currency)} names no place: see the field "
                "place of the outcomes in the value maps."
            )
        if pot.left_out:
            said.append(f"{count_words(len(pot.left_out), 'map')} could not be brought to one price year: named below.")
    if not study.pots:
        said.append(f"Quantities delivered at {count_words(len(study.known), 'place')}; no value map is here to value them.")  # fmt: skip  # noqa: E501
    if study.unknown:
        said.append(f"{count_words(len(study.unknown), 'place')} could not be matched: named below with the nearest.")
    if study.placed:
        said.append(study.together.words)
    return said


# ---- where ----


def _where(study: PlaceStudy) -> Section:
    heading = "Where the value is"
    if not study.placed:
        text = "No outcome that counts names a place." if study.projects else "No value map was given."
        return Section("where", heading, (Paragraph(text),))
    drawn = [each for each in study.placed if each.currency == study.currency]
    heads = all(each.per_head is not None for each in drawn)
    blocks: list[Block] = [_value_figure(study, drawn, heads)]
    rows = tuple(_value_row(each) for each in study.values[:_MOST_ROWS])
    headings = ("Place", "Region", "Maps", "Organisations", "Present value", "Counted once", "For each resident")
    table = Table("by_place", "Value by place", headings, rows, (False, False, True, True, True, True, True), wide=True)
    blocks.append(table if len(rows) <= 60 else Details("Value by place, all places", (table,)))
    if study.regions:
        regional = tuple(
            (each.region, each.nation, f"{each.places}", wording.money(each.present_value, each.currency),
             wording.money(each.counted_once, each.currency))
            for each in study.regions
        )  # fmt: skip
        blocks.append(
            Table("by_region", "Value by region", ("Region", "Nation", "Places", "Present value", "Counted once"),
                  regional, (False, False, True, True, True))
        )  # fmt: skip
    sources = [f"{each.name}: {each.own.population_source}" for each in study.known if each.own and each.own.population]
    if sources:
        blocks.append(Paragraph(f"Populations are those that were given ({'; '.join(sources[:12])}).", "note"))
    else:
        text = "Value for each resident is told only where a population is given on the sheet Places."
        blocks.append(Paragraph(text, "note"))
    return Section("where", heading, tuple(blocks))


def _value_row(each: PlaceValue) -> tuple[str, ...]:
    authority, place = each.known.authority, each.known.place
    within = f" (in {authority.name})" if authority is not None and place is None else ""
    head = each.per_head
    return (
        f"{place_words(each.known)}{within}",
        "–" if authority is None else authority.region,
        f"{len(each.projects)}",
        f"{len(each.organisations)}" if each.organisations else "–",
        wording.money(each.present_value, each.currency),
        wording.money(each.counted_once, each.currency),
        "–" if head is None else wording.money(head, each.currency, 2),
    )


def _value_figure(study: PlaceStudy, drawn: list[PlaceValue], heads: bool) -> Figure:
    """Return the map where there are boundaries, else bars; for each resident where every place has a population."""
    what = "for each resident" if heads else "in all"
    label = f"Present value {what}, people counted once ({prices_words(drawn[0])})"
    figures = {each.known.name: (each.per_head if heads and each.per_head is not None else each.counted_once) for each in drawn}  # fmt: skip  # noqa: E501
    said = "; ".join(f"{name}: {wording.money(value, study.currency, 2 if heads else 0)}" for name, value in list(figures.items())[:30])  # fmt: skip  # noqa: E501
    if study.boundaries is not None:
        return _map(study, "value_map", label, figures, lambda value: wording.money(value, study.currency, 2 if heads else 0), said)  # fmt: skip  # noqa: E501
    shown = list(figures.items())[:_MOST_BARS]
    more = f" The {_MOST_BARS} largest of {len(figures)}." if len(figures) > _MOST_BARS else ""
    return Figure(
        "value_by_place", f"{label}.{more}", f"Bars. {said}.",
        lambda width: plots.picture(
            lambda axes: plots.value_by_name(shown, study.currency, label, axes), width, 1.3 + 0.42 * len(shown)
        ),
    )  # fmt: skip


def _map(
    study: PlaceStudy, name: str, label: str, figures: dict[str, float], say: Callable[[float], str], said: str
) -> Figure:
    """Return a map of all shapes of the file: places without a figure are drawn hatched."""
    found = study.boundaries
    if found is None:
        raise ValueError("there are no boundaries to draw")
    by_key = {found.of(place): value for place, value in figures.items()}
    areas = [plots.Area(shape.name, shape.rings, by_key.get(shape)) for shape in found.shapes.values()]
    missing = [place for place in figures if found.of(place) is None]
    lost = f" Not in the boundaries, and so not drawn: {', '.join(missing[:8])}." if missing else ""
    return Figure(
        name, f"{label}.{lost} Boundaries: as given ({found.by_property}).", f"A map. {said}.",
        lambda width: plots.picture(
            lambda axes: plots.place_map(areas, found.geographic, say, label, axes), width,
            plots.place_map_height(areas, found.geographic, width),
        ),
    )  # fmt: skip


# ---- need ----


def _need(study: PlaceStudy) -> Section:
    heading = "Value beside need"
    rows = []
    values = {each.known.name: each for each in study.placed if each.currency == study.currency}
    for known in study.known[:_MOST_ROWS]:
        deprived = known.place.deprivation if known.place is not None else None
        before = known.place.deprivation_2019 if known.place is not None else None
        share, value = known.deprived_share, values.get(known.name)
        own = known.own is not None and known.own.deprived_share is not None
        rows.append((
            known.name,
            "–" if deprived is None else f"{deprived.rank} of {deprived.of}",
            "–" if before is None else f"{before.rank} of {before.of}",
            need_words(known) if share is None else f"{wording.per_cent(share)}{' (as given)' if own else ''}",
            "–" if value is None else wording.money(value.counted_once, value.currency),
        ))  # fmt: skip
    if not rows:
        return Section("need", heading, (Paragraph("No place is named."),))
    headings = ("Place", "Rank 2025", "Rank 2019", SHARE_WORDS, "Value, counted once")
    blocks: list[Block] = [Paragraph(study.together.words)] if study.placed else []
    shares = {known.name: share for known in study.known if (share := known.deprived_share) is not None}
    if shares and study.boundaries is not None:
        for shape in study.boundaries.shapes.values():  # of places without value the need is known all the same
            place = find_place(shape.name, nearest=False).place
            if place is not None and place.deprivation is not None:
                shares.setdefault(shape.name, place.deprivation.share)
        said = "; ".join(f"{name}: {wording.per_cent(share)}" for name, share in list(shares.items())[:30])
        blocks.append(_map(study, "need_map", SHARE_WORDS, shares, wording.per_cent, said))
    elif shares:
        shown = sorted(shares.items(), key=lambda each: -each[1])[:_MOST_BARS]
        said = "; ".join(f"{name}: {wording.per_cent(share)}" for name, share in shown)
        blocks.append(
            Figure(
                "need_by_place", SHARE_WORDS, f"Bars. {said}.",
                lambda width: plots.picture(
                    lambda axes: plots.share_by_name(shown, SHARE_WORDS, axes), width, 1.3 + 0.42 * len(shown)
                ),
            )
        )  # fmt: skip
    blocks.append(Table("need", "Need, and value beside it", headings, tuple(rows), (False, True, True, True, True), wide=True))  # fmt: skip  # noqa: E501
    blocks.append(
        Paragraph(
            "Ranks are of the English Indices of Deprivation by average score: 1 is the most deprived. They are for "
            "England only; the indices of the four nations cannot be compared, so other places have none here. In 2019 "
            "there were more authorities (317 ranked) than in 2025 (296): a rank may move because others were merged.",
            "note",
        )
    )
    return Section("need", heading, tuple(blocks))


def need_words(known: Known) -> str:
    """Return why a place has no figure of need."""
    if known.place is not None and known.place.nation != "England":
        return f"none: {known.place.nation}"
    if known.own is not None and known.authority is not None:
        return f"not given (its authority, {known.authority.name}, has its own)"
    return "not known"


# ---- counted twice ----


def _twice(study: PlaceStudy) -> Section:
    heading = "What may be counted twice"
    if not study.overlaps:
        text = "No two maps name the same people, organisation or value map. People may overlap all the same."
        return Section("counted_twice", heading, (Paragraph(text),))
    rows = tuple(
        (each.kind, each.what, each.place or "–", "; ".join(each.projects[:6]),
         "–" if each.at_stake is None else wording.money(each.at_stake, each.currency))
        for each in study.overlaps[:120]
    )  # fmt: skip
    table = Table("counted_twice", "The same in several maps", ("Kind", "What", "Place", "Maps", "At stake"), rows,
                  (False, False, False, False, True), wide=True)  # fmt: skip
    text = (
        "The program goes by names and cannot know people. “At stake” is how much less the sum would be if each change "
        "of the same people were counted once, at its largest value; “counted once” above is without it."
    )
    return Section("counted_twice", heading, (table, Paragraph(text)))


# ---- delivered ----


def _delivered(study: PlaceStudy) -> Section:
    rows = tuple(
        (f"{each.measure} [{each.unit}]", place_words(each.known),
         *(wording.plain(amount) if amount else "–" for amount in each.by_state), "; ".join(each.organisations))
        for each in study.quantities[:_MOST_ROWS]
    )  # fmt: skip
    headings = ("Measure", "Place", *(state.capitalize() for state in STATES), "Organisations")
    table = Table("delivered", "What was delivered, by place and by state of the evidence", headings, rows,
                  (False, False, True, True, True, True, False), wide=True)  # fmt: skip
    text = "Quantities of different units are never added, and none is valued here. Rejected ones do not count."
    return Section("delivered", "What was delivered", (table, Paragraph(text, "note")))


# ---- not matched, and method ----


def _not_matched(study: PlaceStudy) -> Section:
    blocks: list[Block] = []
    if study.unknown:
        blocks.append(Paragraph("These are no authorities of the table and are not described on the sheet Places:"))
        blocks.append(Bullets(tuple(f"“{each.written}”. {each.remedy}" for each in study.unknown[:60])))
    if study.taken:
        listed = [
            f"“{each.written}” was taken to be {each.place.name} ({each.how})" for each in study.taken if each.place
        ]
        blocks.append(Bullets(tuple(listed[:60])))
    if study.failed:
        blocks.append(Paragraph("These files are in no figure:"))
        blocks.append(Bullets(tuple(f"{each.source}: {each.error}" for each in study.failed[:60])))
    for pot in study.pots:
        blocks += [Paragraph(f"{each.name} is not added: {why}.", "note") for each, why in pot.left_out[:20]]
    blocks += [Paragraph(text, "note") for text in (study.boundaries.notes if study.boundaries else ())]
    blocks += [Paragraph(text, "note") for text in study.settings.notes]
    return Section("not_matched", "What could not be matched", tuple(blocks) or (Paragraph("Every place was found."),))


def _method(study: PlaceStudy) -> Section:
    said = [
        "Each outcome that counts is added to the place that it names, at present value by its own map's rules; sums "
        "of one currency are brought to one price year. A place that lies within an authority counts under its own "
        "name, and in the authority's region.",
        "Authorities are found by code (newer and former codes too) or by name. No population and no boundaries are "
        "shipped.",
    ]
    working = [line for pot in study.pots for line in pot.working]
    blocks: list[Block] = [Paragraph(text) for text in said]
    if working:
        blocks.append(Bullets(tuple(working)))
    blocks.append(Paragraph("Sources", "lead"))
    blocks.append(Bullets(credits_of_places()))
    return Section("method", "How it was reckoned", tuple(blocks))
