"""The wrong pocket: who pays, and to whom the savings fall, year by year."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from sroi import wording
from sroi.appraisal.pockets import Payer, Pockets
from sroi.formulas import Array
from sroi.plots.folding import folded
from sroi.plots.lettering import keep_inside, key_above, short_money
from sroi.plots.style import BLUE, INK, NARROW, VERMILION, axes_or_new, is_narrow, style

# Of more bodies than these the smaller ones are shown together.
_MOST_PAYERS, _MOST_SAVERS = 4, 6
# Ink on either keeps a contrast of 7 : 1.
_PAID, _SAVED = "#F6C9A8", "#A5CFEA"


class _Row(NamedTuple):
    """One row of the figure: what it is called, its sums by year, whether it is paid, and whether it comes back."""

    label: str
    by_year: Array
    paid: bool
    own: bool


@style()
def wrong_pockets(found: Pockets, currency: str, ax: Axes | None = None) -> Axes:
    """Draw what each body pays in each year, and beneath it what its share of that saves, and for whom.

    A row of payments is hatched and its sums have a minus; savings that come back to the body that paid have a frame.
    Later years stand together in one column where there is no room for each.
    """
    axes = axes_or_new(ax, wrong_pockets_height(found))
    rows = _rows(found)
    columns, sums = _columns(found, [row.by_year for row in rows], 3 if is_narrow(axes) else 7)
    for place, (row, line) in enumerate(zip(rows, sums, strict=True)):
        for column, amount in enumerate(line):
            _cell(axes, row, column, place, float(amount), currency)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), columns, fontsize=8.5)
    axes.xaxis.tick_top()
    width = 19 if is_narrow(axes) else 34
    axes.set_yticks(range(len(rows)), [folded(row.label, width, 2) for row in rows], fontsize=8.5, parse_math=False)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if row.paid else "normal")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(f"Year of the activity and after; {currency}, before discounting", fontsize=9, parse_math=False)
    own: list[Any] = [Patch(fill=False, edgecolor=INK, linewidth=1.4, label="comes back to the body that paid")]
    if any(float(amount) < -0.005 for row, line in zip(rows, sums, strict=True) if not row.paid for amount in line):
        own.insert(0, Patch(facecolor=_PAID, edgecolor=VERMILION, hatch="....", label="costs more"))
    handles = [Patch(facecolor=_PAID, edgecolor=VERMILION, hatch="////", label="paid"),
               Patch(facecolor=_SAVED, edgecolor=BLUE, label="saved"), *own]  # fmt: skip
    key_above(axes, handles, 1 if is_narrow(axes) else 4)
    axes.get_legend().set_bbox_to_anchor((0.5, 1.0 + 0.26 / (0.36 * len(rows))))  # type: ignore[union-attr]
    keep_inside(axes)
    return axes


def wrong_pockets_height(found: Pockets, width: float = 7.2) -> float:
    """Return the height [inches] that the figure wants at a width."""
    rows = len(_rows(found))
    return 1.6 + 0.36 * rows if width > NARROW + 1 else 1.9 + 0.46 * rows


def wrong_pockets_in_words(found: Pockets, currency: str) -> str:
    """Return the figure as sentences, for readers who do not see it."""
    said = [f"{each.name} pays {wording.money(float(each.by_year.sum()), currency)}" for each in found.payers]
    saved: dict[str, float] = {}
    for saver in found.savers:
        saved[saver.name] = saved.get(saver.name, 0.0) + float(saver.by_year.sum())
    said += [f"{name} saves {wording.money(amount, currency)}" for name, amount in saved.items()]
    return f"Sums by body and year, over all years and before discounting: {'; '.join(said)}."


def _cell(axes: Axes, row: _Row, column: int, place: int, amount: float, currency: str) -> None:
    """Draw one sum: a payment hatched, a saving filled, one that comes back framed, nothing left blank."""
    if abs(amount) < 0.005:
        axes.text(column, place, "–", ha="center", va="center", fontsize=8, color=INK)
        return
    look: dict[str, Any] = {"facecolor": _SAVED, "edgecolor": "white"}
    if row.paid or amount < 0:
        # A saving below nothing is a cost that the body has more, and looks like one.
        look = {"facecolor": _PAID, "edgecolor": VERMILION, "hatch": "////" if row.paid else "...."}
    axes.add_patch(Rectangle((column - 0.48, place - 0.42), 0.96, 0.84, linewidth=0, **look))
    if row.own:
        axes.add_patch(Rectangle((column - 0.46, place - 0.4), 0.92, 0.8, fill=False, edgecolor=INK, linewidth=1.4))
    words = short_money(-amount if row.paid else amount, currency)
    axes.text(column, place, words, ha="center", va="center", fontsize=8, color=INK, parse_math=False, zorder=4,
              bbox={"facecolor": look["facecolor"], "edgecolor": "none", "pad": 0.6})  # fmt: skip


def _rows(found: Pockets) -> list[_Row]:
    """Return, for each payer, what it pays, and beneath it what each body saves of its part."""
    payers = sorted(found.payers, key=lambda each: -each.present_value)
    rows: list[_Row] = []
    for payer in payers[:_MOST_PAYERS]:
        rows += [_Row(f"{payer.name} pays", payer.by_year, True, False), *_savers(found, payer, found.share_of(payer))]
    rest = payers[_MOST_PAYERS:]
    if rest:
        paid = np.sum([each.by_year for each in rest], axis=0)
        part = sum(found.share_of(each) for each in rest)
        rows += [_Row(f"{len(rest)} others pay", paid, True, False), *_savers(found, None, part)]
    if not payers:
        rows += _savers(found, None, 1.0)
    return rows


def _savers(found: Pockets, payer: Payer | None, part: float) -> list[_Row]:
    sums: dict[str, Array] = {}
    own: set[str] = set()
    for saver in found.savers:
        sums[saver.name] = sums.get(saver.name, 0.0) + saver.by_year * part
        if payer is not None and found.is_own(payer, saver):
            own.add(saver.name)
    order = sorted(sums, key=lambda name: -abs(float(sums[name].sum())))
    rows = [_Row(f"→ {name} saves", sums[name], False, name in own) for name in order[:_MOST_SAVERS]]
    rest = order[_MOST_SAVERS:]
    if rest:
        rows.append(_Row(f"→ {len(rest)} others save", np.sum([sums[name] for name in rest], axis=0), False, False))
    return rows


def _columns(found: Pockets, sums: list[Array], most: int) -> tuple[list[str], list[Array]]:
    """Return the columns' headings and the sums of each row in them; the last is all years together."""
    years = found.years
    single = len(years) if len(years) <= most else most - 1
    headings = [str(year) for year in years[:single]]
    if single < len(years):
        headings.append(f"{years[single]}–{years[-1]}")
    lines = []
    for line in sums:
        parts = list(line[:single]) + ([float(line[single:].sum())] if single < len(years) else [])
        lines.append(np.array([*parts, float(line.sum())] if len(years) > 1 else parts))
    return [*headings, "All"] if len(years) > 1 else headings, lines
