"""The theory of change on a sheet: from left to right on a page, from top to bottom on a telephone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sroi import wording
from sroi.plots.change_links import Links
from sroi.plots.change_parts import Parts
from sroi.plots.fitting import wrapped
from sroi.plots.lettering import short_money
from sroi.plots.sheet import PITCH, SMALL, Band, Mark, Sheet, Words, across, around, key, moved
from sroi.result import Result

_ROW_GAP, _BLOCK_GAP, _FOLDED_GAP = 4.0, 11.0, 6.0
_KEY_WORDS = {
    "put in": "put in", "gain": "gain", "loss": "loss", "told": "told without a price", "uncounted": "not counted",
}  # fmt: skip


def theory_sheet(result: Result, parts: Parts, width: float) -> Sheet:
    """Return the drawing on a sheet of this width [points]; above 360, from left to right."""
    return _Drawing(result, parts, width).sheet()


class _Drawing(Links):
    """The drawing of one result on one width."""

    def sheet(self) -> Sheet:
        """Return all marks, the key and the notes below."""
        marks, height = self._from_left_to_right() if self.wide else self._from_top_to_bottom()
        for below, size in self._below():
            marks += moved(below, 0, height + 6)
            height += size + 6
        return Sheet(self.width, height + 1, tuple(marks))

    def _rows(
        self, x: float, y: float, width: float, whom_x: float, whom_width: float
    ) -> tuple[list[Mark], list[float], float]:
        """Return changes and those to whom they happen, in blocks, with the bands between; then where each row lies."""
        marks: list[Mark] = []
        rows: list[float] = []
        bands: list[Mark] = []
        gap = _FOLDED_GAP if self.parts.folded else _BLOCK_GAP
        for whom in self.parts.people:
            cards = [self._change_card(change, width) for change in whom.changes]
            to = self._whom_card(whom, whom_width)
            tall = sum(each.height for each in cards) + _ROW_GAP * (len(cards) - 1)
            thick = sum(self._thickness(change.gain - change.loss) for change in whom.changes) + 8
            block = max(tall, to.height, thick)
            top = y + (block - tall) / 2
            port = y + block / 2 - sum(self._port(change) for change in whom.changes) / 2
            for change, each in zip(whom.changes, cards, strict=True):
                rows.append(top + each.height / 2)
                for kind, amount in self._flows(change):
                    thickness = self._thickness(amount)
                    offset = self._offset(change, kind)
                    end = port + max(thickness, 1.6) / 2
                    bands.append(Band(across(x + width, rows[-1] + offset, whom_x, end), thickness, kind))
                    port += max(thickness, 1.6)
                marks += each.at(x, top)
                top += each.height + _ROW_GAP
            height = max(to.height, thick)
            marks += to.at(whom_x, y + (block - height) / 2, height)
            y += block + gap
        return [*bands, *marks], rows, y - gap

    def _heads(self, heads: Sequence[tuple[float, float, str]]) -> tuple[list[Mark], float]:
        marks: list[Mark] = [Words((words,), x, 0, 8.5, True) for x, _, words in heads]
        return marks, PITCH * 8.5 + 5

    def _from_left_to_right(self) -> tuple[list[Mark], float]:
        unit = self.width / 512
        givers_w, done_x, done_w, x, width, whom_x = (unit * each for each in (98, 120, 108, 272, 146, 440))
        whom_w = self.width - whom_x - 1
        heads = self._heads([(1, givers_w, "Who puts in"), (done_x, done_w, "What is done"),
                             (x, width, "What changes"), (whom_x, whom_w, "For whom")])  # fmt: skip
        marks, top = heads
        givers, done = self._giver_cards(givers_w), self._done_card(done_w)
        left = sum(each.height for each, _ in givers) + 8 * (len(givers) - 1)
        right, rows, foot = self._rows(x, 0, width, whom_x, whom_w)
        # High enough for all bands that come and go.
        coming = sum(max(self._thickness(amount), 4.0) for _, amount in givers)
        going = sum(thickness + 3 for *_, thickness, _ in self._first_bands())
        done_h = max(done.height, coming + 14, going + 14)
        height = max(left, done_h, foot)
        shift = (height - foot) / 2
        rows = [row + shift for row in rows]
        inner: list[Mark] = []
        done_y = (height - done_h) / 2
        room = done_h - 12
        thick = [self._thickness(amount) for _, amount in givers]
        y, port = (height - left) / 2, done_y + 6 + (room - sum(thick)) / 2
        step = min(30.0, max(room - sum(thick), 0.0) / max(len(thick), 1))
        port -= step * (len(thick) - 1) / 2
        boxes: list[Mark] = []
        for (each, _), thickness in zip(givers, thick, strict=True):
            inner.append(Band(across(1 + givers_w, y + each.height / 2, done_x, port + thickness / 2), thickness,
                              "put in"))  # fmt: skip
            boxes += each.at(1, y)
            y += each.height + 8
            port += thickness + step
        ports = self._ports(rows)
        inner += self._from_activity(done_x + done_w, done_y + 6, room, x, ports)
        inner += self._arcs(x, ports, 30.0 * unit)
        inner += [*moved(right, 0, shift), *boxes, *done.at(done_x, done_y, done_h)]
        return [*marks, *moved(inner, 0, top)], top + height

    def _from_top_to_bottom(self) -> tuple[list[Mark], float]:
        unit = self.width / 274
        x, whom_w = 46 * unit, 71 * unit
        whom_x = self.width - whom_w - 1
        width = whom_x - x - 15 * unit
        full = self.width - x - 1
        givers, done = self._giver_cards(full), self._done_card(full)
        marks, y = self._heads([(x, full, "Who puts in")])
        middles: list[float] = []
        boxes: list[Mark] = []
        for each, _ in givers:
            middles.append(y + each.height / 2)
            boxes += each.at(x, y)
            y += each.height + 5
        head, size = self._heads([(x, full, "What is done")])
        marks += moved(head, 0, y + 5)
        y += 5 + size
        rooms = [max(self._thickness(amount), 2.0) for _, amount in givers]
        going = self._trunk_rooms(x - 22)
        done_h = max(done.height, sum(rooms) + sum(going) + 24)
        boxes += done.at(x, y, done_h)
        bands: list[Mark] = []
        lane, port = x - 10 - sum(rooms), y + 8 + sum(rooms)
        for (_, amount), start, room in zip(givers, middles, rooms, strict=True):
            # The first comes from furthest: it goes outermost and arrives lowest.
            path = around(x, start, port - room / 2, lane + room / 2)
            bands.append(Band(path, self._thickness(amount), "put in", arrow=len(givers) == 1))
            lane, port = lane + room, port - room
        y += done_h
        head, size = self._heads([(x, width, "What changes"), (whom_x, whom_w, "For whom")])
        marks += moved(head, 0, y + 10)
        right, rows, foot = self._rows(x, y + 10 + size, width, whom_x, whom_w)
        ports = self._ports(rows)
        bands += self._trunk(x, y - 8, ports, going)
        bands += self._arcs(x, ports, 18.0)
        return [*bands, *marks, *right, *boxes], foot

    def _below(self) -> list[tuple[list[Mark], float]]:
        """Return the key and the notes, each with its height."""
        currency = self.chart.currency
        kinds = {kind for change in self.parts.changes for kind in (change.kind, *dict(self._flows(change)))}
        entries = [(kind, words, 0.0) for kind, words in _KEY_WORDS.items() if kind in kinds or kind == "put in"]
        if self.scale:
            amount = _round_below(7 / self.scale)
            entries.append(("put in", f"a band of {short_money(amount, currency)}", amount * self.scale))
        notes = [
            f"Total present value {wording.money(self.total, currency)}, total inputs "
            f"{wording.money(self.total_inputs, currency)}. A band is as thick as the present value of the outcome "
            "that it leads to, shared evenly where several lead to it."
        ]
        if self.parts.folded:
            notes.insert(0, f"{self.parts.folded} of {len(self.chart.outcomes)} outcomes are folded together by whom "
                            "they change.")  # fmt: skip
        lines = tuple(wrapped(" ".join(notes), self.width - 2, SMALL))
        below = Words(lines, 1, 0, SMALL)
        return [key(entries, self.width), ([below], below.height)]


def _round_below(amount: float) -> float:
    """Return the largest of 1, 2, 5, 10, .. that is not above an amount."""
    power = 10.0 ** math.floor(math.log10(amount))
    return max(step * power for step in (1, 2, 5) if step * power <= amount)
