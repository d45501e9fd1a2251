"""ImpactMap: the whole model in memory. What is impossible is refused here, all faults in one message."""

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from pydantic_core import ErrorDetails

from sroi import outcome_words, wording
from sroi.coherence import SECTIONS, Parts, incoherences, why_not_counted
from sroi.errors import ImpossibleMap, Path, Problem, did_you_mean
from sroi.estimate import Noun
from sroi.framing import Activity, Conventions, Narrative, Published
from sroi.names import DEDUCTIONS, NamedNumber, numbers_of
from sroi.nouns import Correlation, Input, Outcome, Output, PartOfStakeholder, Scenario, Stakeholder
from sroi.reading import LONGEST_LIST, Currency, Id, PriceYear, Text, Title, one_of, shown, whole

_ENTRIES: dict[str, type[Noun]] = {"stakeholders": Stakeholder, "inputs": Input, "outputs": Output, "outcomes": Outcome}


@dataclass(frozen=True)
class Origin:
    """The file a map was read from: its name, its bytes, and where each path stands in it.

    A place is a line (an int) or, in a workbook, words such as "sheet Outcomes, cell C14". `repairs` lists what had to
    be guessed or mended to read the file.
    """

    file: str
    content: bytes = field(repr=False)
    places: Mapping[Path, int | str] = field(default_factory=dict, repr=False)
    repairs: tuple[str, ...] = ()
    foreign: bool = False

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file's bytes."""
        import hashlib

        return hashlib.sha256(self.content).hexdigest()

    def place(self, path: Path) -> int | str | None:
        """Return where the longest known beginning of `path` stands: a line, or a cell in words."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return None

    def placed(self, problem: Problem) -> Problem:
        """Return a problem with the place of its path in this file."""
        place = self.place(problem.path)
        return replace(problem, line=place) if isinstance(place, int) else replace(problem, cell=place or "")


class ImpactMap(Noun):
    """Who changes, how much, what it is worth, what was put in, and the rules by which it is reckoned."""

    model_config = ConfigDict(defer_build=False, validate_default=False)

    sroi: Annotated[int, whole(1, 1, "version of the value map that this program reads")] = Field(
        title="Version", description="1"
    )
    title: Title = Field(title="Title")
    organisation: Text | None = Field(None, title="Organisation")
    activities: Text | None = Field(None, title="Activities", description="What is done, in words")
    narrative: Narrative | None = Field(None, title="Narrative")
    analysis: Annotated[str, one_of("forecast", "evaluative")] = Field(
        title="Analysis", description="forecast or evaluative"
    )
    currency: Currency = Field(title="Currency", description="ISO 4217, such as GBP")
    price_year: PriceYear = Field(title="Price year", description="The year in whose prices all values are stated")
    activity: Activity = Field(default_factory=Activity.model_construct, title="Activity")
    negative_outcomes_sought: Text | None = Field(
        None, title="Negative outcomes sought", description="How one looked for outcomes for the worse"
    )
    conventions: Conventions = Field(default_factory=Conventions.model_construct, title="Conventions")
    stakeholders: tuple[Stakeholder, ...] = Field(title="Stakeholders", min_length=1, max_length=LONGEST_LIST)
    inputs: tuple[Input, ...] = Field(title="Inputs", min_length=1, max_length=LONGEST_LIST)
    outputs: tuple[Output, ...] = Field((), title="Outputs", max_length=LONGEST_LIST)
    outcomes: tuple[Outcome, ...] = Field(title="Outcomes", min_length=1, max_length=LONGEST_LIST)
    scenarios: dict[Id, Scenario] = Field(default_factory=dict, title="Scenarios")
    correlations: tuple[Correlation, ...] = Field((), title="Correlations", max_length=LONGEST_LIST)
    published: Published | None = Field(None, title="Published", description="Printed figures to reproduce")

    _origin: Origin | None = PrivateAttr(None)
    _numbers: dict[str, NamedNumber] | None = PrivateAttr(None)
    _layout: Any = PrivateAttr(None)

    @model_validator(mode="wrap")
    @classmethod
    def _all_problems_together(cls, raw: Any, build: Any) -> Self:
        if isinstance(raw, cls):
            return raw
        try:
            built: Self = build(raw)
        except ValidationError as error:
            parts = _sound_parts(raw, error)
            # The validator counts only sound entries: a list whose every entry is faulty is not an empty one.
            faults = [
                each for each in error.errors(include_url=False) if each["type"] != "too_short" or not each["input"]
            ]
            problems = [_in_words(detail) for detail in faults]
            raise ImpossibleMap(_placed([*problems, *incoherences(parts)], raw)) from None
        problems = incoherences(_parts_of(built))
        if problems:
            raise ImpossibleMap(_placed(problems, raw))
        return built

    def __eq__(self, other: object) -> bool:
        """Two maps are equal when they say the same, whatever files they came from."""
        return isinstance(other, ImpactMap) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; a changed copy is checked, and no longer claims to be the file it was read from."""
        if not update:
            return super().model_copy(deep=deep)
        changed = {name: value for name, value in self.__dict__.items() if name in type(self).model_fields}
        return type(self).model_validate({**changed, **update})

    @property
    def origin(self) -> Origin | None:
        """The file the map was read from, if it was."""
        return self._origin

    @property
    def stakeholder_by_id(self) -> dict[str, Stakeholder]:
        """The stakeholders by their ids."""
        return {stakeholder.id: stakeholder for stakeholder in self.stakeholders}

    def numbers(self) -> dict[str, NamedNumber]:
        """Return every number of the map by its name."""
        if self._numbers is None:
            self._numbers = numbers_of(self)
        return dict(self._numbers)

    def laid_out(self, lay: Callable[[Self], Any]) -> Any:
        """Return the map laid out as arrays by `lay`; made once and kept, for a map never changes."""
        if self._layout is None:
            self._layout = lay(self)
        return self._layout

    def not_counted(self) -> dict[str, str]:
        """Return the outcomes that do not enter the total, each with the reason."""
        people = self.stakeholder_by_id
        reasons = {outcome.id: why_not_counted(outcome, people) for outcome in self.outcomes}
        return {name: reason for name, reason in reasons.items() if reason is not None}

    def __str__(self) -> str:
        kind = "forecast" if self.analysis == "forecast" else "evaluation"
        counted = len(self.outcomes) - len(self.not_counted())
        return (
            f"{self.title}: {kind}, {self.currency}, {self.price_year} prices; {len(self.stakeholders)} stakeholders, "
            f"{len(self.inputs)} inputs, {len(self.outcomes)} outcomes, of which {counted} count"
        )

    def __repr__(self) -> str:
        return f"<ImpactMap {self}>"

    def _repr_html_(self) -> str:
        people, uncounted = self.stakeholder_by_id, self.not_counted()
        fields = ("duration", *DEDUCTIONS, "drop_off")
        rows = [
            [
                people[outcome.stakeholder].label,
                outcome.label,
                outcome_words.quantity_words(outcome, people),
                outcome_words.proxy_words(outcome, self.currency),
                *(outcome_words.number_words(outcome, field) for field in fields),
                "no" if outcome.id in uncounted else "yes",
            ]
            for outcome in self.outcomes
        ]
        titles = [Outcome.model_fields[field].title or field for field in ("quantity", "proxy", *fields)]
        return wording.html_table(str(self), ["Stakeholder", "Outcome", *titles, "Counts"], rows, 2)


def _parts_of(built: ImpactMap) -> Parts:
    placed = {section: dict(enumerate(getattr(built, section))) for section in SECTIONS}
    return Parts(
        declared=[(section, place, noun.id) for section in SECTIONS for place, noun in placed[section].items()],
        placed=placed,
        conventions=built.conventions,
        years=built.activity.years,
        currency=built.currency,
        scenarios=dict(built.scenarios),
        correlations=built.correlations,
    )


def _sound_parts(raw: Any, error: ValidationError) -> Parts:
    """Return what can still be read of a faulty map: each entry without its faulty keys, if it stands without them."""
    parts = Parts()
    if not isinstance(raw, Mapping):
        return parts
    faulty = {tuple(part for part in detail["loc"] if not _is_tag(part)) for detail in error.errors(include_url=False)}
    parts.lost = {path[:3] for path in faulty}
    for section, noun in _ENTRIES.items():
        entries = raw.get(section)
        for position, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
            given = entry if isinstance(entry, Mapping) else dict(entry) if isinstance(entry, BaseModel) else {}
            if isinstance(given.get("id"), str):
                parts.declared.append((section, position, given["id"].strip()))
            bad_keys = {path[2] for path in faulty if path[:2] == (section, position) and len(path) > 2}
            sound = _read(noun, {key: part for key, part in given.items() if key not in bad_keys})
            if sound is None:
                parts.lost.add((section, position))
            else:
                parts.placed.setdefault(section, {})[position] = sound  # type: ignore[assignment]
    parts.conventions = _read(Conventions, raw.get("conventions", {})) or Conventions()
    activity = _read(Activity, raw.get("activity", {}))
    parts.years = activity.years if activity is not None else None
    currency = raw.get("currency")
    parts.currency = currency if isinstance(currency, str) else None
    parts.scenarios = _sound_scenarios(raw.get("scenarios"))
    listed = raw.get("correlations")
    correlations = [_read(Correlation, entry) for entry in listed] if isinstance(listed, list | tuple) else []
    parts.correlations = tuple(each for each in correlations if each is not None)
    return parts


def _sound_scenarios(raw: Any) -> dict[str, dict[str, float]]:
    groups = raw.items() if isinstance(raw, Mapping) else ()
    return {name: dict.fromkeys(numbers, 0.0) for name, numbers in groups if isinstance(numbers, Mapping)}


_AnyNoun = typing.TypeVar("_AnyNoun", bound=Noun)


def _read(noun: type[_AnyNoun], raw: Any) -> _AnyNoun | None:
    try:
        return noun.model_validate(raw)
    except ValidationError:
        return None


# ---- from the validator's errors to our words ----


_TAGS = {"<part>", "<number>", "<schedule>", "<rate>"}


def _is_tag(part: str | int) -> bool:
    return part in _TAGS


def _nouns_within(annotation: Any) -> list[type[Noun]]:
    """Return the nouns that a field's annotation holds."""
    if isinstance(annotation, type) and issubclass(annotation, Noun):
        return [annotation]
    return [noun for argument in typing.get_args(annotation) for noun in _nouns_within(argument)]


def _keys_at(loc: Path) -> list[str]:
    """Return the keys that a group at this place of a map may have."""
    nouns: list[type[Noun]] = [ImpactMap]
    for part in loc:
        if part == "<part>":
            nouns = [noun for noun in nouns if noun is PartOfStakeholder]
        elif isinstance(part, str) and not _is_tag(part) and nouns:
            fields = {info.alias or name: info for name, info in nouns[-1].model_fields.items()}
            nouns = _nouns_within(fields[part].annotation) if part in fields else []
    return [info.alias or name for name, info in nouns[-1].model_fields.items()] if nouns else []


def keys_within(path: Path) -> set[str]:
    """Return every key that a group at this place of a map may have, of whichever form the group is."""
    nouns: list[type[Noun]] = [ImpactMap]
    for part in path:
        if isinstance(part, str):
            found = [info for noun in nouns for name, info in noun.model_fields.items() if (info.alias or name) == part]
            nouns = [noun for info in found for noun in _nouns_within(info.annotation)]
    extra = {"low", "high", "shape", "note", "confidence", "sample_size", "observed", "experts", "by_year"}
    keys = {info.alias or name for noun in nouns for name, info in noun.model_fields.items()}
    return keys | (extra if path and path[-1] == "proxy" else set())


_EXPECTED = {
    "model_type": ("stands where a group of keys belongs", "Write it as keys and values, such as {id: .., name: ..}."),
    "dict_type": ("stands where a group of keys belongs", "Write it as keys and values."),
    "tuple_type": ("stands where a list belongs", "Begin each entry on its own line with '- '."),
}


def _in_words(detail: ErrorDetails) -> Problem:
    """Return a validator's error as a problem in the user's words."""
    loc: Path = tuple(detail["loc"])
    path: Path = tuple(part for part in loc if not _is_tag(part))
    kind, context = detail["type"], detail.get("ctx", {})
    key = str(path[-1]) if path else ""
    if kind == "misread":
        return Problem(context["found"], context["remedy"], path=path)
    if kind == "missing":
        return Problem(f"'{key}' is missing", "Add it.", path=path)
    if kind == "extra_forbidden":
        keys = _keys_at(loc[:-1])
        return Problem(f"unknown key '{key}'", did_you_mean(key, keys, f"Known keys: {', '.join(keys)}."), path=path)
    if kind in ("too_short", "too_long"):
        if kind == "too_short":
            return Problem(f"there are no {key}", "Give at least one.", path=path)
        return Problem(f"there are more than {LONGEST_LIST} {key}", "Split the map.", path=path)
    if kind in _EXPECTED:
        found, remedy = _EXPECTED[kind]
        return Problem(
            f"{shown(detail['input'])} {found}" if detail["input"] is not None else f"nothing {found}",
            remedy,
            path=path,
        )
    return Problem(f"{shown(detail['input'])}: {detail['msg']}", "Correct it.", path=path)


def _placed(problems: list[Problem], raw: Any) -> list[Problem]:
    """Give each problem its place in words (outcomes, gp_visits, deadweight), and drop repetitions."""
    placed = {(*problem.path, problem.found): problem for problem in problems}
    return [
        Problem(each.found, each.remedy, where=where_in_words(each.path, raw), path=each.path)
        for each in placed.values()
    ]


def where_in_words(path: Path, raw: Any) -> str:
    """Return a place in a map as people name it: outcomes, gp_visits, deadweight."""
    words: list[str] = []
    here = raw
    for part in path:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list | tuple) and part < len(here) else None
            name = here.get("id") if isinstance(here, Mapping) else getattr(here, "id", None)
            words.append(name.strip() if isinstance(name, str) and 0 < len(name) <= 60 else f"entry {part + 1}")
        elif isinstance(here, Mapping):
            words += [str(part)] if part in here else []
            here = here.get(part)
        elif isinstance(here, Noun):
            words.append(str(part))
            here = getattr(here, str(part), None)
    return ", ".join(words)
