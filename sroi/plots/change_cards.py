"""The cards of a theory of change, and how thick its bands are."""

from __future__ import annotations

from sroi import wording
from sroi.plots.cards import Card, Said, card
from sroi.plots.change_parts import Change, Giver, Parts, Whom
from sroi.plots.fitting import sum_that_fits
from sroi.plots.sheet import PAD, SIZE, SMALL
from sroi.plots.style import GREY, INK
from sroi.result import Result

_MOST_GIVERS, _MOST_ITEMS = 6, 3


class Cards:
    """What one result has to show on a sheet of one width [points]."""

    def __init__(self, result: Result, parts: Parts, width: float) -> None:
        self.chart, self.parts, self.width = result.impact_map, parts, width
        self.total, self.total_inputs = float(result.total_present_value), float(result.total_inputs)
        self.wide = width > 360
        amounts = [abs(each) for change in parts.changes for each in (change.gain, change.loss)]
        amounts += [abs(giver.amount) for giver in parts.givers]
        # One scale for all bands: the thickest and the sum of all have a limit.
        largest, together = (11.0, 24.0) if self.wide else (8.0, 14.0)
        self.scale = min(largest / max(amounts), 2 * together / sum(amounts)) if max(amounts) > 0 else 0.0

    def _money(self, amount: float, width: float, size: float = SIZE) -> str:
        return sum_that_fits(amount, self.chart.currency, width, size, bold=True)

    def _giver_cards(self, width: float) -> list[tuple[Card, float]]:
        """Return the card of each who puts in, with the sum; those that put in least share one where there are many."""
        ranked = sorted(self.parts.givers, key=lambda giver: -giver.amount)
        most = _MOST_GIVERS if len(ranked) <= _MOST_GIVERS else _MOST_GIVERS - 1
        named = [giver for giver in self.parts.givers if giver in ranked[:most]]
        cards = [(self._giver_card(giver, width), giver.amount) for giver in named]
        if rest := [giver for giver in self.parts.givers if giver not in named]:
            amount = sum(giver.amount for giver in rest)
            words = [Said(f"{len(rest)} others", 1, bold=True)]
            cards.append((card(width, "put in", words, Said(self._money(amount, width), 1, SMALL)), amount))
        return cards

    def _giver_card(self, giver: Giver, width: float) -> Card:
        shown = giver.items if len(giver.items) <= _MOST_ITEMS else giver.items[: _MOST_ITEMS - 1]
        lines = 4 if len(self.parts.givers) <= 4 else 3
        said = [Said(giver.label, 3, bold=True)]
        said += [Said(label if len(giver.items) == 1 else f"{label}: {self._money(amount, width)}", lines, SMALL)
                 for label, amount in shown]  # fmt: skip
        said += [Said(f"and {len(giver.items) - len(shown)} more", 1, SMALL)] if len(shown) < len(giver.items) else []
        return card(width, "put in", said, Said(self._money(giver.amount, width), 1, bold=True))

    def _done_card(self, width: float) -> Card:
        chart = self.chart
        said = [Said(chart.activities or chart.title, 14 if self.wide else 8, SMALL)]
        if chart.outputs:
            said.append(Said("Outputs", 1, bold=True))
            for output in chart.outputs[:6]:
                counted = wording.plain(output.quantity.base) if output.quantity is not None else ""
                words = f"{output.description or output.id}{': ' if counted else ''}{counted}"
                said.append(Said(words, 3, SMALL))
            if len(chart.outputs) > 6:
                said.append(Said(f"and {len(chart.outputs) - 6} more", 1, SMALL))
        return card(width, "done", said)

    def _change_card(self, change: Change, width: float) -> Card:
        colour = GREY if change.kind == "uncounted" else INK
        priced = change.kind in ("gain", "loss")
        said = self._money(change.gain + change.loss, width) if priced else change.said
        end = Said(said, 2, SIZE if priced else SMALL, priced, colour) if said else None
        words = [Said(change.label, 3 if not change.most else 2, SIZE, False, colour)]
        if change.most:
            words.append(Said(f"most of it: {change.most}", 2, SMALL, False, colour))
        return card(width, change.kind, words, end)

    def _whom_card(self, whom: Whom, width: float) -> Card:
        kind = ("loss" if whom.value < 0 else "gain") if whom.counted else whom.changes[0].kind
        unvalued = "no price" if kind == "told" else "not counted"
        end = self._money(whom.value, width - 2 * PAD) if whom.counted else unvalued
        lines = 2 if self.parts.folded else 4
        return card(width, kind, [Said(whom.label, lines, bold=True)], Said(end, 1, SIZE, whom.counted))

    def _flows(self, change: Change) -> list[tuple[str, float]]:
        """Return the bands of a change: a gain, a loss, both where several are together, or one without a value."""
        if change.gain and change.loss:
            return [("gain", change.gain), ("loss", change.loss)]
        return [(change.kind, change.gain + change.loss)]

    def _offset(self, change: Change, kind: str) -> float:
        """Return how far above or below the middle of its row a band lies."""
        if not (change.gain and change.loss):
            return 0.0
        gain, loss = self._thickness(change.gain), self._thickness(change.loss)
        return -(loss + 1) / 2 if kind == "gain" else (gain + 1) / 2

    def _thickness(self, amount: float) -> float:
        return abs(amount) * self.scale

    def _port(self, change: Change) -> float:
        return sum(max(self._thickness(amount), 1.6) for _, amount in self._flows(change))
