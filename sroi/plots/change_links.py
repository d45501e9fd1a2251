"""The links of a theory of change: from what is done to what changes, and from one change to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sroi.plots.change_cards import Cards
from sroi.plots.change_parts import Lead, lanes
from sroi.plots.sheet import Band, Mark, across, around


class Links(Cards):
    """The links of one result, between rows whose places are known."""

    def _ports(self, rows: Sequence[float]) -> dict[tuple[Lead, bool], float]:
        """Return where each link meets the left edge of the change that it leaves (True) or leads to (False).

        From the top: what leaves upwards, what comes from above, from the activity, from below, what leaves downwards.
        """
        ends: list[list[tuple[int, float, Lead, bool]]] = [[] for _ in rows]
        for lead in self.parts.leads:
            if lead.source is None:
                ends[lead.target].append((2, 0.0, lead, False))
                continue
            down = rows[lead.source] < rows[lead.target]
            # Of several that leave, the one that goes furthest lies inmost, as lanes do.
            ends[lead.source].append((4 if down else 0, -rows[lead.target], lead, True))
            ends[lead.target].append((1 if down else 3, -rows[lead.source], lead, False))
        found = {}
        for row, links in zip(rows, ends, strict=True):
            thick = [max(self._thickness(lead.gain - lead.loss), 3.4) + 0.6 for *_, lead, _ in links]
            y = row - sum(thick) / 2
            for (*_, lead, leaves), each in sorted(zip(links, thick, strict=True), key=lambda pair: pair[0][:2]):
                found[lead, leaves] = y + each / 2
                y += each
        return found

    def _into(self, lead: Lead) -> Iterable[tuple[str, float, float]]:
        """Yield the bands of a link: kind, thickness, and how far from its middle."""
        change = self.parts.changes[lead.target]
        gain, loss = self._thickness(lead.gain), self._thickness(lead.loss)
        for kind, _ in self._flows(change):
            both = bool(change.gain and change.loss)
            shift = (-(loss + 1) if kind == "gain" else gain + 1) / 2 if both else 0.0
            yield kind, gain if kind == "gain" else loss if kind == "loss" else 0.0, shift

    def _arcs(self, x: float, ports: Mapping[tuple[Lead, bool], float], furthest: float) -> list[Mark]:
        """Return the links between changes, in lanes to the left of them."""
        leads = [lead for lead in self.parts.leads if lead.source is not None]
        spans = [(ports[lead, True], ports[lead, False]) for lead in leads]
        which = lanes(spans)
        thickest = max((self._thickness(lead.gain - lead.loss) for lead in leads), default=0.0)
        nearest = 9.0 + thickest
        step = min(max(furthest - nearest, 0.0) / max(max(which, default=0), 1), 7.0)
        marks: list[Mark] = []
        for lead, (start, end), lane in sorted(zip(leads, spans, which, strict=True), key=lambda each: -each[2]):
            for kind, thickness, shift in self._into(lead):
                path = around(x, start + shift, end + shift, x - nearest - lane * step)
                marks.append(Band(path, thickness, kind, arrow=True))
        return marks

    def _from_activity(
        self, start_x: float, top: float, room: float, x: float, ports: Mapping[tuple[Lead, bool], float]
    ) -> list[Mark]:
        """Return the bands from what is done to the changes that nothing else leads to, from top to bottom."""
        bands = self._first_bands()
        whole = sum(thickness for *_, thickness, _ in bands)
        step = min(30.0, max(room - whole, 0.0) / max(len(bands), 1))
        port = top + (room - whole - step * (len(bands) - 1)) / 2
        marks: list[Mark] = []
        for lead, kind, thickness, shift in bands:
            path = across(start_x, port + thickness / 2, x, ports[lead, False] + shift)
            marks.append(Band(path, thickness, kind, arrow=True))
            port += thickness + step
        return marks

    def _first_bands(self) -> list[tuple[Lead, str, float, float]]:
        """Return the bands that come from the activity, from top to bottom."""
        leads = sorted((lead for lead in self.parts.leads if lead.source is None), key=lambda lead: lead.target)
        return [(lead, *each) for lead in leads for each in self._into(lead)]

    def _trunk_rooms(self, most: float) -> list[float]:
        """Return the room for each band from what is done, side by side; together not above `most`."""
        rooms = [max(thickness, 2.0) for *_, thickness, _ in self._first_bands()]
        return [room * min(1.0, most / sum(rooms)) for room in rooms]

    def _trunk(
        self, x: float, port: float, ports: Mapping[tuple[Lead, bool], float], rooms: Sequence[float]
    ) -> list[Mark]:
        """Return the bands from what is done down to the changes: that to the lowest goes outermost."""
        lane, marks = x - 20.0, list[Mark]()
        for (lead, kind, thickness, shift), room in zip(self._first_bands(), rooms, strict=True):
            path = around(x, port - room / 2, ports[lead, False] + shift, lane - room / 2, 7 + thickness / 2)
            marks.append(Band(path, thickness, kind, arrow=True))
            lane, port = lane - room, port - room
        return marks[::-1]
