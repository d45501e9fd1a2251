"""How ready a map is to be looked at by an assurer, point by point, as far as a program can see. It is no assurance."""

from __future__ import annotations

from dataclasses import dataclass

from sroi import wording
from sroi.evaluation import evaluate
from sroi.findings import PRINCIPLES, Findings, heading
from sroi.impact_map import ImpactMap
from sroi.questions import review
from sroi.questions.points import PRINCIPLE_SIGNS, QUALITY_POINTS
from sroi.questions.signs import Sign
from sroi.result import Result

MET, PARTLY, NOT, UNJUDGED = "met", "partly", "not met", "cannot be judged by a program"
STATES = (MET, PARTLY, NOT, UNJUDGED)
DISCLAIMER = (
    "This profile says what a program can see in the value map. It is no assurance, no score, and no verdict on the "
    "work: people judge that."
)
HEADINGS = ("point", "asks", "state", "rests_on", "open_questions", "what_would_raise_it", "what_no_program_can_see")


@dataclass(frozen=True)
class ReadinessPoint:
    """One point: what it asks, its state, what that rests on, what would raise it, what no program can see.

    `asked_by` is "principle" or "quality point"; `rests_on` says so where
    a sign holds of a part only; `open_kinds` names the kinds of finding that stand open on it.
    """

    name: str
    asked_by: str
    heading: str
    state: str
    rests_on: tuple[str, ...]
    open_kinds: tuple[str, ...]
    to_raise: tuple[str, ...]
    unseen: str

    def row(self) -> tuple[str, ...]:
        """Return the point as a row of words, under HEADINGS."""
        questions = tuple(heading(kind) for kind in self.open_kinds)
        listed = ("; ".join(texts) for texts in (self.rests_on, questions, self.to_raise))
        return (self.name, self.heading, self.state, *listed, self.unseen)

    def to_dict(self) -> dict[str, object]:
        """Return the point in plain Python values."""
        return {
            "point": self.name,
            "asked_by": self.asked_by,
            "heading": self.heading,
            "state": self.state,
            "rests_on": list(self.rests_on),
            "open_kinds": list(self.open_kinds),
            "to_raise": list(self.to_raise),
            "unseen": self.unseen,
        }


@dataclass(frozen=True)
class Readiness:
    """The eight principles and the quality points of systematic reviews, each with its state."""

    title: str
    points: tuple[ReadinessPoint, ...]

    def __getitem__(self, name: str) -> ReadinessPoint:
        """Return the point of this name, such as "principle 1"; KeyError, naming those there are, if there is none."""
        for point in self.points:
            if point.name == name:
                return point
        raise KeyError(f"no point '{name}'; there are {', '.join(point.name for point in self.points)}")

    @property
    def principles(self) -> tuple[ReadinessPoint, ...]:
        """The points of the eight principles."""
        return tuple(point for point in self.points if point.asked_by == "principle")

    @property
    def quality_points(self) -> tuple[ReadinessPoint, ...]:
        """The points that systematic reviews ask."""
        return tuple(point for point in self.points if point.asked_by != "principle")

    def rows(self) -> list[tuple[str, ...]]:
        """Return every point as a row of words, under HEADINGS."""
        return [point.row() for point in self.points]

    def to_dict(self) -> dict[str, object]:
        """Return the profile in plain Python values."""
        return {"title": self.title, "note": DISCLAIMER, "points": [point.to_dict() for point in self.points]}

    def __str__(self) -> str:
        by_state = {state: [p.name.split()[-1] for p in self.principles if p.state == state] for state in STATES}
        said = "; ".join(f"{state}: {', '.join(names)}" for state, names in by_state.items() if names)
        return f"{self.title}: readiness by principle, as far as a program can see: {said}"

    def __repr__(self) -> str:
        return f"<Readiness {self}>"

    def _repr_html_(self) -> str:
        headings = [each.replace("_", " ").capitalize() for each in HEADINGS]
        return wording.html_table(f"{self}. {DISCLAIMER}", headings, self.rows(), len(headings))


def readiness(impact_map: ImpactMap, result: Result | None = None, findings: Findings | None = None) -> Readiness:
    """Return how ready a map is for an assurer, as far as a program can see.

    A point is met if every sign of it stands in the map and no finding on it is open; not met, if no sign does; partly
    otherwise. Where all that a program can see is there and the point still turns on judgement, it says so.

    Parameters: `result` and `findings`, the map's base case and its findings, worked out here if not given.

    >>> import sroi
    >>> print(readiness(sroi.example("wheels_to_meals"))["principle 8"].state)
    not met
    """
    figures = result if result is not None else evaluate(impact_map)
    found = findings if findings is not None else review(impact_map, figures)
    points = []
    for number, (signs, most, unseen) in PRINCIPLE_SIGNS.items():
        kinds = tuple(dict.fromkeys(each.kind for each in found if each.principle == number))
        points.append(
            _point(
                f"principle {number}", "principle", PRINCIPLES[number], signs, kinds, most, unseen, impact_map, found
            )
        )
    open_kinds = dict.fromkeys(each.kind for each in found)
    for number, quality in enumerate(QUALITY_POINTS, 1):
        kinds = tuple(kind for kind in open_kinds if kind in quality.kinds)
        points.append(
            _point(
                f"quality {number}", "quality point", quality.heading, quality.signs, kinds, quality.most,
                quality.unseen, impact_map, found,
            )
        )  # fmt: skip
    return Readiness(impact_map.title, tuple(points))


def _point(
    name: str, asked_by: str, words: str, signs: tuple[Sign, ...], kinds: tuple[str, ...], most: str | None,
    unseen: str, impact_map: ImpactMap, findings: Findings,
) -> ReadinessPoint:  # fmt: skip
    standing = [(sign, holds, of) for sign in signs for holds, of in [sign.stands(impact_map)] if of]
    missing = [sign for sign, holds, of in standing if holds < of]
    if not standing:
        state = PARTLY if kinds else UNJUDGED
    elif not any(holds for _, holds, _ in standing):
        # Words that a program did not find may still stand there, said otherwise.
        state = UNJUDGED if most == PARTLY and asked_by != "principle" and not kinds else NOT
    elif missing or kinds:
        state = PARTLY
    else:
        state = most or MET
    remedies = {each.kind: each.remedy for each in findings}
    to_raise = dict.fromkeys(
        [*(sign.remedy for sign in missing if not set(sign.asked) & set(kinds)), *(remedies[kind] for kind in kinds)]
    )
    rests_on = tuple(
        sign.words if holds == of else f"{sign.words}: {holds} of {of}" for sign, holds, of in standing if holds
    ) or ("nothing in the map" if standing else "what the findings show, no more",)
    return ReadinessPoint(name, asked_by, words, state, rests_on, kinds, tuple(to_raise), unseen)
