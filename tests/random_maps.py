"""Valid value maps without end: trees of groups, lists, words and numbers that between them use every convention.

`random_value_map(rng)` takes any `random.Random`: a seeded one makes the same map again, and Hypothesis hands in
its own (`value_maps()`), so that a failing map shrinks.
"""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

TIMINGS = ["end_of_year", "mid_year", "start_of_year", "none"]
DEDUCTIONS = ["deadweight", "displacement", "attribution"]
DURATIONS = [0, 0.25, 0.5, 1, 1, 1, 2, 2.5, 3, 3.0000001, 5, 7.75, 10, "4", 12.5, 35, 90]

# Words that a careless writer of YAML would turn into something else.
WORDS = [
    "plain words",
    "no",
    "yes",
    "null",
    "~",
    "1.90",
    "0012",
    "1e5",
    "2024-04-01",
    "09:30",
    "a: b",
    "a #b",
    "# not a comment",
    "- not a list",
    "{not: a group}",
    "[not, a, list]",
    "*not_an_alias",
    "&not_an_anchor",
    "!not a tag",
    "% per cent",
    "@ at",
    "`ticks`",
    "it's 'quoted'",
    'she said "yes"',
    "back\\slash \\n",
    "|",
    ">",
    "=1+1",
    "one line\nand another",
    "a paragraph\n\n  indented\n\nand a last one",
    "a tab\there",
    "£1,234 – “curly” … ½",
    "Whānau ora, 社会, عربي, 🌱",
    "a line\u2028separator and a paragraph\u2029separator",
    "a no-break\u00a0space",
    "---",
    "...",
    "x" * 150,
    "many words in a row " * 20 + "end",
    "",
]
# Words that have been lost between a YAML writer and a YAML reader.
HARDEST_WORDS = [
    "? not a key",
    ":not a value",
    "a next-line\x85character",
    "a\tcell\tof a\ttable " * 12 + "end",
    "a line\u2028separator {in} [a] long, 'line'; " * 6,
]


def random_value_map(rng: random.Random, most_outcomes: int = 7, ranges: float = 0.3) -> dict[str, Any]:
    """Return a valid value map's tree; a share `ranges` of its numbers says more than its base case."""
    return _Writer(rng, ranges).value_map(most_outcomes)


def value_maps(most_outcomes: int = 4, ranges: float = 0.3) -> st.SearchStrategy[dict[str, Any]]:
    """Return the strategy of valid value maps."""
    return st.randoms(use_true_random=False).map(lambda rng: random_value_map(rng, most_outcomes, ranges))


def names_in(tree: dict[str, Any]) -> dict[str, str]:
    """Return the name of every number of a tree that can be given another value, with its kind."""
    names = {f"{who['id']}.size": "count" for who in tree["stakeholders"] if who.get("size") is not None}
    for given in tree["inputs"]:
        if given.get("hours") is not None:
            names |= {f"{given['id']}.hours": "count", f"{given['id']}.rate": "money"}
        else:
            names |= _by_year_too(f"{given['id']}.value", given.get("value"), "money")
    for outcome in tree["outcomes"]:
        own = outcome["id"]
        quantity, proxy = outcome.get("quantity"), outcome.get("proxy")
        if isinstance(quantity, dict) and "of" in quantity:
            names |= {f"{own}.share": "share", f"{own}.times": "count"}
        elif quantity is not None:
            names |= _by_year_too(f"{own}.quantity", quantity, "amount")
        if proxy is not None and not (isinstance(proxy, dict) and "anchored_to" in proxy):
            inner = proxy["value"] if isinstance(proxy, dict) and isinstance(proxy.get("value"), dict) else proxy
            names |= _by_year_too(f"{own}.proxy", inner, "amount")
        names |= {f"{own}.duration": "years", f"{own}.drop_off": "share"}
        for field in DEDUCTIONS:
            names |= _by_year_too(f"{own}.{field}", outcome.get(field), "share")
    return {**names, "discount_rate": "rate"}


def pick(rng: random.Random, names: dict[str, str], count: int) -> list[str]:
    """Return some of the names, none of which sets all the years of a number when another sets one of them."""
    picked = rng.sample(sorted(names), min(count, len(names)))
    return [name for name in picked if name.rpartition(".")[0] not in picked]


def _by_year_too(name: str, written: Any, kind: str) -> dict[str, str]:
    years = len(written["by_year"]) if isinstance(written, dict) and "by_year" in written else 0
    return {name: kind} | {f"{name}.{year}": kind for year in range(1, years + 1)}


def random_number(rng: random.Random, kind: str) -> float:
    """Return a number that a name of this kind can take, the edges included."""
    if kind == "share":
        return rng.choice([0.0, 1.0, round(rng.random(), 3), rng.random()])
    if kind == "rate":
        return rng.choice([0.0, 0.035, 1.0, -0.02, rng.uniform(-0.05, 0.2)])
    if kind == "years":
        return float(rng.choice(DURATIONS))
    if kind == "amount":
        return rng.choice([0.0, -5.0, rng.uniform(-500, 500), float(rng.randint(1, 10_000))])
    return rng.choice([float(rng.randint(1, 10_000)), rng.uniform(0.5, 500)])


class _Writer:
    """Writes a value map as people do: the same number as 0.25, "25%" or a group with its range and its source."""

    def __init__(self, rng: random.Random, ranges: float) -> None:
        self.rng = rng
        self.ranges = ranges
        self.years = 1

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def words(self) -> str:
        return self.rng.choice(WORDS)

    # ---- numbers ----

    def money(self) -> float:
        return self.rng.choice([self.rng.randint(0, 50_000), round(self.rng.uniform(0.01, 900), 2), 1e-3, 123456.789])

    def signed(self) -> float:
        number = self.rng.choice([self.rng.randint(0, 500), round(self.rng.uniform(0.01, 5000), 2), 0.1])
        return -number if self.chance(0.2) else number

    def share_number(self) -> float:
        return self.rng.choice([0.0, 0.0, 1.0, 0.5, self.rng.randint(0, 100) / 100, round(self.rng.random(), 4)])

    def written(self, number: float, share: bool) -> Any:
        """Return a number in one of the ways in which it may stand in a file."""
        if share:
            per_cent = round(number * 100, 6)
            return self.rng.choice([number, f"{number:.8f}", f"{per_cent:g}%", f"{per_cent:g} %"])
        return self.rng.choice([number, number, repr(number)])

    def number(self, number: float, kind: str = "amount") -> Any:
        """Return a number, plain or as a group that says how sure it is."""
        share = kind == "share"
        if not self.chance(self.ranges):
            return self.written(number, share)
        group: dict[str, Any] = {"value": self.written(number, share)}
        if self.chance(0.7):
            group |= self.range_around(number, kind)
        for key, value in {
            "source": self.words(),
            "note": self.words(),
            "confidence": self.rng.choice(["red", "amber", "green"]),
            "sample_size": self.rng.randint(0, 500),
            "observed": self.rng.choice(["yes", "no", True, False]),
        }.items():
            if self.chance(0.3):
                group[key] = value
        way = self.rng.random()
        if share and way < 0.15:
            return {"survey": self.survey()} | {k: v for k, v in group.items() if k not in ("value", *RANGE)}
        if way > 0.9:
            views = [{"low": number, "value": number, "high": number}, self.expert(kind)]
            return {"experts": views} | {k: v for k, v in group.items() if k not in ("value", *RANGE)}
        return group

    def range_around(self, number: float, kind: str) -> dict[str, Any]:
        top = 1.0 if kind == "share" else number + self.rng.randint(0, 100)
        bottom = 0.0 if kind != "amount" else number - self.rng.randint(0, 100)
        low, high = min(bottom, number), max(top, number)
        shape = self.rng.choice(["", "pert", "triangular", "uniform", "normal", "lognormal", "beta", "listed"])
        if shape == "beta":
            return {"low": low, "high": high, "shape": {"beta": [self.rng.randint(1, 5), 2.5]}}
        if shape == "listed":
            values = [low, number, high]
            several = {"discrete": [[value, chance] for value, chance in zip(values, [0.5, "25%", 0.25], strict=True)]}
            return {"shape": self.rng.choice([{"empirical": values}, several])}
        if shape in ("normal", "lognormal") and low == high:
            return {}
        if shape == "lognormal" and low <= 0:
            shape = "normal"
        return {"low": low, "high": high} | ({"shape": shape} if shape else {})

    def survey(self) -> dict[str, int]:
        asked = self.rng.randint(1, 80)
        counts = {"yes": self.rng.randint(0, asked), "asked": asked}
        if self.chance(0.5):
            counts |= {"invited": asked + self.rng.randint(0, 40)}
            counts |= {"population": counts["invited"] + self.rng.randint(0, 400)}
        return counts

    def expert(self, kind: str) -> dict[str, float]:
        draw = {"share": self.share_number, "count": self.money, "amount": self.signed, "years": self.rng.random}[kind]
        views = sorted(draw() for _ in range(3))
        return dict(zip(("low", "value", "high"), views, strict=True))

    def perhaps_by_year(self, draw: Any, kind: str = "amount", likely: float = 0.25) -> Any:
        if not self.chance(likely):
            return self.number(draw(), kind)
        entries = [self.number(draw(), kind) for _ in range(self.years)]
        return {"by_year": entries} | ({"source": self.words()} if self.chance(0.2) else {})

    # ---- the map ----

    def value_map(self, most_outcomes: int) -> dict[str, Any]:
        rng = self.rng
        self.years = rng.choice([1, 1, 2, 3, 5])
        stakeholders = self.stakeholders()
        people = [who["id"] for who in stakeholders]
        tree: dict[str, Any] = {
            "sroi": rng.choice([1, "1"]),
            "title": rng.choice(WORDS[:-1]),
            "analysis": rng.choice(["forecast", "evaluative"]),
            "currency": rng.choice(["GBP", "NZD"]),
            "price_year": rng.choice([2024, "2023/24"]),
            "conventions": self.conventions(),
            "stakeholders": stakeholders,
            "inputs": self.inputs(people),
            "outcomes": self.outcomes(stakeholders, rng.randint(1, most_outcomes)),
        }
        if self.years > 1 or self.chance(0.3):
            tree["activity"] = {"years": self.years} | ({"start": "2024-04-01"} if self.chance(0.5) else {})
        for key in ("organisation", "activities", "negative_outcomes_sought"):
            if self.chance(0.3):
                tree[key] = self.words()
        if self.chance(0.3):
            keys = ["purpose", "audience", "scope", "decisions", "limits"]
            tree["narrative"] = {key: self.words() for key in keys if self.chance(0.6)}
        if self.chance(0.3):
            tree["outputs"] = [
                {"id": f"output_{place}", "stakeholder": rng.choice(people), "quantity": self.number(self.signed())}
                | ({"description": self.words(), "unit": self.words()} if self.chance(0.5) else {})
                for place in range(2)
            ]
        names = names_in(tree)
        plain = sorted(name for name in names if not name[-1].isdigit())
        if self.chance(0.3):
            tree["scenarios"] = {"pessimistic": {name: random_number(rng, names[name]) for name in pick(rng, names, 3)}}
        if self.chance(0.3):
            tree["correlations"] = [{"numbers": rng.sample(plain, 2), "rank": round(rng.uniform(-1, 1), 3)}]
        if self.chance(0.3):
            tree["published"] = {
                "source": self.words(),
                "sroi_ratio": rng.choice(["1.90", 2, "1 : 3.25"]),
            } | rng.choice([{}, {"total_inputs": {"value": "42,375", "tolerance": "0.1%"}}, {"payback_years": "0.53"}])
        return tree

    def conventions(self) -> dict[str, Any]:
        rng = self.rng
        flat = rng.choice(
            [0, 0.035, "3.5%", "2 %", 0.12, "-1%", "100%", {"value": "3.5%", "low": "1.5%", "high": "6%"}]
        )
        listed = {"by_year": [rng.choice([0, "2%", 0.035, -0.01, 0.2]) for _ in range(rng.randint(1, 8))]}
        rules = {
            "discount_rate": rng.choice([flat, flat, listed, "uk_green_book"]),
            "discount_timing": rng.choice(TIMINGS),
            "input_timing": rng.choice(TIMINGS),
            "present_at": rng.choice([0, 0, 1, 3, 0.5, 2.75, "5"]),
            "deductions": rng.choice(["multiply", "add"]),
            "drop_off_from": rng.choice(["second_year", "first_year"]),
        }
        return {key: rule for key, rule in rules.items() if self.chance(0.85)}

    def stakeholders(self) -> list[dict[str, Any]]:
        rng = self.rng
        whole = rng.randint(10, 500)
        entries: list[dict[str, Any]] = [{"id": "people", "size": self.number(whole, "count")}]
        entries[0]["size"] = whole if isinstance(entries[0]["size"], dict) else entries[0]["size"]
        for place in range(rng.randint(0, 3)):
            entry: dict[str, Any] = {"id": f"group_{place}"}
            if self.chance(0.5):
                entry |= {"part_of": "people", "size": rng.randint(0, whole // 3), "segment": self.words()}
            elif self.chance(0.5):
                entry |= {"size": self.number(rng.randint(1, 90), "count")}
            if self.chance(0.3):
                entry |= {"included": rng.choice(["no", False, "yes", True]), "reason": self.words()}
            if self.chance(0.3):
                entry |= {"name": self.words()}
            if self.chance(0.3):
                entry["involved"] = [
                    {"stage": "outcomes", "how": self.words(), "when": "May 2024", "number": 12, "of": 30},
                    {"stage": rng.choice(["quantity", "value", "causality"]), "said": self.words()},
                ]
            entries.append(entry)
        return entries

    def inputs(self, people: list[str]) -> list[dict[str, Any]]:
        rng = self.rng
        entries: list[dict[str, Any]] = [
            {"id": "grant", "stakeholder": rng.choice(people), "kind": "money", "value": rng.randint(1, 90_000)}
        ]
        for place in range(rng.randint(0, 4)):
            entry: dict[str, Any] = {"id": f"input_{place}", "stakeholder": rng.choice(people)}
            way = rng.choice(["plain", "by_year", "hours", "untold"])
            entry["kind"] = rng.choice(["money", "time", "goods"]) if way in ("plain", "by_year") else "time"
            if way == "plain":
                entry["value"] = self.number(self.money(), "count")
            elif way == "by_year":
                entry["value"] = self.perhaps_by_year(self.money, "count", likely=1)
            elif way == "hours":
                entry |= {"hours": self.number(rng.randint(0, 900), "count")}
                entry |= {"rate": self.number(round(rng.uniform(0, 30), 2), "count")}
            if self.chance(0.3):
                entry |= {"description": self.words(), "source": self.words()}
            entries.append(entry)
        return entries

    def outcomes(self, stakeholders: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
        entries = [self.outcome(f"outcome_{place}", stakeholders) for place in range(count)]
        for place, entry in enumerate(entries):
            # Anchored to an earlier one only, so that no chain closes; an earlier one may itself be anchored.
            if place and self.chance(0.25):
                anchor = self.rng.choice(entries[:place])
                anchor.setdefault("proxy", self.signed())
                for each in (anchor, entry):
                    each.setdefault("weight", self.rng.choice([1, 2.5, 8, "3"]))
                entry["proxy"] = {"anchored_to": anchor["id"]}
            if place and self.chance(0.2):
                entry["leads_to"] = [entries[0]["id"]]
        self.rng.shuffle(entries)
        return entries

    def outcome(self, name: str, stakeholders: list[dict[str, Any]]) -> dict[str, Any]:
        rng = self.rng
        entry: dict[str, Any] = {"id": name, "stakeholder": rng.choice(stakeholders)["id"]}
        entry["quantity"] = self.quantity([who["id"] for who in stakeholders if who.get("size") is not None])
        entry["proxy"] = self.proxy()
        if self.chance(0.85):
            entry["duration"] = rng.choice(DURATIONS)
            if self.chance(self.ranges):
                entry["duration"] = self.number(float(entry["duration"]), "years")
        for field in DEDUCTIONS:
            if self.chance(0.75):
                entry[field] = self.perhaps_by_year(self.share_number, "share", likely=0.1)
        if self.chance(0.75):
            entry["drop_off"] = self.number(self.share_number(), "share")
        if self.chance(0.5):
            entry["starts"] = rng.choice(["during", "after", 1, 2])
        # The ways of not being counted, and the same words said the other way round.
        for key in ("valued", "included"):
            if self.chance(0.15):
                entry[key] = rng.choice(["no", False, "yes", True])
        if self.chance(0.15):
            entry["material"] = {"decision": rng.choice(["no", "yes", False, True]), "reason": self.words()}
        if entry.get("valued") in ("no", False) and self.chance(0.5):
            del entry[rng.choice(["quantity", "proxy"])]
        # A stream of its own: the other draws of a seed stay as they are.
        own = random.Random(repr(entry))
        if own.random() < 0.25:
            entry["discount_rate"] = own.choice(["1.5%", 0.015, 0, "-2%", "uk_green_book_health", "uk_green_book"])
        if self.chance(0.3):
            entry |= {"description": self.words(), "indicator": rng.choice(["asked", {"text": self.words()}])}
            entry |= {"rank": rng.randint(1, 9), "tags": ["health", self.words()], "place": self.words()}
            entry |= {"direction": rng.choice(["intended", "unintended"]), "amount_of_change": "a little"}
        return entry

    def quantity(self, sized: list[str]) -> Any:
        if self.chance(0.3):
            part = {"of": self.rng.choice(sized), "share": self.number(self.share_number(), "share")}
            return part | ({"times": self.number(self.rng.randint(0, 12), "count")} if self.chance(0.6) else {})
        return self.perhaps_by_year(self.signed)

    def proxy(self) -> Any:
        value = self.perhaps_by_year(self.signed)
        if self.chance(0.4):
            # Shorthand: the number alone, or its range and years beside the words of the proxy.
            return value
        group: dict[str, Any] = {"value": value, "description": self.words(), "unit": "visit", "source": self.words()}
        group |= {"price_year": 2019, "value_type": self.rng.choice(["fiscal", "social"]), "cashable": "no"}
        if self.chance(0.3):
            group |= {
                "register": "unit_costs_17",
                "agency": "NHS",
                "licence": "OGL v3.0",
                "acknowledgement": self.words(),
            }
            group |= {"price_year_basis": "financial", "overlap_group": "visits", "review_date": "2031-04-01"}
            group |= {"passing_on": self.rng.choice(["yes", "no"])}
        # From a stream of its own, so that the maps of known seeds stay what they were in all else.
        own = random.Random(str(value))
        if own.random() < 0.15:
            group["transfer"] = own.choice(["yes", True, "no", False])
        return group


RANGE = ("low", "high", "shape")
