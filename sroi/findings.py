"""Finding: one question that an assurer might ask of a map, and how a list of them reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import SupportsIndex, overload

from sroi import wording

SEVERITIES = ("high", "medium", "low")

# The eight principles of Social Value International, in our own short words.
PRINCIPLES = {
    1: "Involve those affected",
    2: "Understand what changes",
    3: "Value what matters",
    4: "Include what is material",
    5: "Do not over-claim",
    6: "Show every source and choice",
    7: "Let others verify",
    8: "Let decisions follow",
}


@dataclass(frozen=True)
class Finding:
    """What was found, where, of which kind, how much it matters, which principle it touches, what to do, and why."""

    kind: str
    severity: str
    principle: int
    where: str
    what: str
    remedy: str
    place: int | str | None = None
    why: str = ""

    @property
    def line(self) -> int | None:
        """The line of the file, where it has lines."""
        return self.place if isinstance(self.place, int) else None

    @property
    def cell(self) -> str | None:
        """The sheet and cell of the workbook, where it is one."""
        return self.place if isinstance(self.place, str) else None

    def to_dict(self) -> dict[str, object]:
        """Return the finding as the result document holds it."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "principle": self.principle,
            "where": self.where,
            "what": self.what,
            "remedy": self.remedy,
            "why": self.why,
            "line": self.line,
            "cell": self.cell,
        }


@dataclass(frozen=True)
class FindingGroup:
    """All findings of one kind."""

    heading: str
    severity: str
    principle: int
    remedy: str
    findings: tuple[Finding, ...]


class Findings(tuple[Finding, ...]):
    """Findings, those that matter most first. They show themselves as a table in Jupyter, as lines in print."""

    __slots__ = ()

    def __new__(cls, findings: Iterable[Finding] = ()) -> Findings:
        """Put the findings in order: by severity, then all of one kind together, in the order of the map."""
        listed = list(findings)
        first = {kind: place for place, kind in reversed(list(enumerate(each.kind for each in listed)))}
        order = sorted(listed, key=lambda each: (SEVERITIES.index(each.severity), first[each.kind]))
        return super().__new__(cls, order)

    def groups(self) -> list[FindingGroup]:
        """Return the findings grouped by kind, the groups that matter most first."""
        kinds: dict[str, list[Finding]] = {}
        for finding in self:
            kinds.setdefault(finding.kind, []).append(finding)
        return [
            FindingGroup(heading(kind), found[0].severity, found[0].principle, found[0].remedy, tuple(found))
            for kind, found in kinds.items()
        ]

    def __str__(self) -> str:
        if not self:
            return "No findings: nothing that this program can see. It cannot judge what was left out."
        number = len(self.groups())
        return f"{len(self)} findings of {number} kind{'' if number == 1 else 's'}, the first: {self[0].what}"

    def __repr__(self) -> str:
        return f"<Findings {self}>"

    def _repr_html_(self) -> str:
        rows = [[f.severity, f"{f.principle} {PRINCIPLES[f.principle]}", f.where, f.what, f.remedy] for f in self]
        return wording.html_table(str(self), ["Severity", "Principle", "Where", "What", "What to do"], rows, 9)

    @overload
    def __getitem__(self, key: SupportsIndex) -> Finding: ...

    @overload
    def __getitem__(self, key: slice) -> Findings: ...

    def __getitem__(self, key: SupportsIndex | slice) -> Finding | Findings:
        return Findings(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)


_HEADINGS = {
    "unfilled": "The form is not filled in",
    "not_reproduced": "A printed figure is not reproduced",
    "not_checked": "No stakeholder has checked the results",
    "nobody_involved": "Nobody affected is said to have named the outcomes",
    "named_by_others": "Outcomes named only by those who do not change",
    "group_not_asked": "A group whose outcomes count was not asked",
    "value_not_asked": "Nobody who feels the changes had a say in their value",
    "no_negative_outcome": "No outcome for the worse, and no word that one was looked for",
    "loss_as_gain": "A loss that is counted as a gain",
    "loss_not_counted": "A loss that is named but not counted",
    "only_intended": "Only outcomes that were intended",
    "indicator_missing": "An outcome without an indicator",
    "nothing_quoted": "Nobody's own words",
    "attribution_reversed": "Attribution that may stand the wrong way round",
    "chain_counted_twice": "Two prices on one chain, for the same people",
    "wellbeing_beside_costs": "Wellbeing priced beside costs that it may contain",
    "outcome_twice": "One outcome valued twice for the same people",
    "same_unit_twice": "One unit counted twice for the same people",
    "whole_beside_part": "A change counted for a group, and again for a part of it",
    "total_beside_parts": "A total counted beside its parts",
    "overlap_group_twice": "Values of one overlap group counted together",
    "wellbeing_twice": "Wellbeing priced twice for the same people",
    "wellbeing_beside_parts": "A wellbeing value beside what it may already hold",
    "saving_twice": "One saving counted for two",
    "transfer_unmarked": "A value that reads like a transfer payment",
    "input_twice": "An input that stands twice",
    "same_people_in_two_maps": "The same people counted in two maps",
    "deduction_missing": "A deduction is missing and counts as nothing",
    "duration_missing": "A duration is missing and counts as one year",
    "deducted_twice": "A deduction that its own reason calls in the quantity already",
    "deduction_zero": "A deduction of zero without a reason",
    "attribution_zero": "Nothing owed to others, though others are named",
    "drop_off_zero": "A change that lasts and never fades, without a reason",
    "no_comparison": "No comparison or baseline for deadweight",
    "deduction_without_reason": "A deduction without a source or reason",
    "long_duration": "A long duration without a reason",
    "projected_value": "An evaluation whose value is partly projected",
    "quantity_projected": "An evaluation with a quantity that was not observed",
    "small_sample": "Much of the value rests on a small sample",
    "low_response": "Fewer than half of those invited answered",
    "survey_stretched": "A survey made to speak for far more people",
    "net_as_gross": "Net and gross ratio taken for each other",
    "told_as_cash": "A ratio told as if it were cash",
    "limits_missing": "Limits are not written",
    "above_size": "A quantity is above the number of people",
    "driver_without_source": "A number that drives the result has no source",
    "proxy_source_missing": "A proxy has no source",
    "not_to_be_passed_on": "A value may not be passed on",
    "quantity_source_missing": "A quantity has no source",
    "input_source_missing": "An input has no source",
    "dominates": "One outcome carries most of the value",
    "stakeholder_left_out": "A stakeholder left out without a reason",
    "outcome_left_out": "An outcome left out without a reason",
    "materiality_unsaid": "Outcomes counted without a word on materiality",
    "material_without_grounds": "A decision on materiality without grounds",
    "immaterial_counted": "A line too small to matter, counted without a word on why",
    "screened_once": "Screened for materiality once, not twice",
    "value_per_month": "A value of a month or week where one of a year belongs",
    "ratio_above_10": "A ratio above 10",
    "price_year_not_stated": "The year of the prices is not stated",
    "price_years_differ": "Prices of different years",
    "one_source": "All proxies from one source",
    "frame_missing": "Purpose, audience or scope is not written",
    "worded_as_activity": "An outcome that reads like an activity or output",
    "time_without_value": "Time given, but not valued",
    "yields_nothing": "An outcome that yields nothing",
    "input_once": "A yearly input counted once",
    "one_cohort": "A yearly activity counted once",
    "deductions_above_whole": "Deductions that add up to more than the whole",
    "inputs_at_face_value": "Inputs that are not discounted",
    "not_discounted": "Values of later years that are not discounted",
    "schedule_not_current": "A discount schedule that no longer holds",
    "schedule_ends": "Value beyond the years of a discount schedule",
    "not_projected": "An evaluation that does not say what was observed",
    "decisions_missing": "Nothing is said of decisions",
}

# The same for the faults of a stranger's workbook.
WORKBOOK_HEADINGS = {
    "own_disagrees": "The workbook's total is not what its cells come to",
    "own_typed_over": "A total of the workbook is typed over",
    "total_not_reproduced": "A total of the file is not what its lines come to",
    "total_by_other_convention": "A total of the file follows another convention",
    "total_rounded": "A total differs by rounding",
    "line_not_reproduced": "A line of the file is not what its numbers come to",
    "total_typed": "A total is typed, not reckoned",
    "tables_disagree": "Two tables that tell a number differently",
    "sum_misses_rows": "A sum leaves something out",
    "sum_takes_in_more": "A sum takes in what is no line",
    "counted_twice": "A sum counts something twice",
    "typed_over_formula": "A number typed over a formula",
    "formula_changes": "A formula that changes within its column",
    "reference_slides": "A reference that slid off its cell",
    "rate_in_formula": "A discount rate hidden within a formula",
    "factor_in_formula": "A factor hidden within a formula",
    "error_value": "An error in a cell",
    "broken_name": "A name that refers to nothing",
    "external_link": "A value from another file",
    "number_as_text": "A number stored as text",
    "hidden_counts": "Something hidden that counts",
    "stale_value": "A stored value that its formula does not give",
    "never_calculated": "A workbook that was never calculated",
    "formula_not_read": "Formulas that were not checked",
    "prices_of_other_year": "Prices of another year",
    "old_source": "Sources older than the map's prices",
    "shown_rounded": "Numbers shown otherwise than held",
}


def heading(kind: str) -> str:
    """Return the words for a kind of finding."""
    return _HEADINGS.get(kind) or WORKBOOK_HEADINGS[kind]
