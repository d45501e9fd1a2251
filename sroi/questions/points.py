"""The points of the readiness profile: the eight principles, and what systematic reviews ask of a published study."""

from __future__ import annotations

from dataclasses import dataclass

from sroi.questions.signs import (
    CHECKED,
    CHOSEN,
    COUNTS,
    DECISIONS,
    DEDUCTED,
    FRAME,
    INDICATORS,
    LEFT_OUT,
    LIMITS,
    LINKED,
    NAMED,
    PRICES,
    QUOTED,
    RANGES,
    REASONED,
    SCREENED,
    UNINTENDED,
    VALUED,
    WORSE,
    YEAR,
    Sign,
    any_outcome,
    each_that_counts,
    inputs_are_valued,
    lasting_with_reasons,
    met_if,
    sampled,
    says,
    told,
)

_UNJUDGED = "cannot be judged by a program"
_COMPARISON = (
    r"\b(compar\w+|control group|waiting list|matched|counterfactual|randomi[sz]ed|similar (?:people|areas?))\b"
)
_BEFORE = r"\b(before|baseline|at the start|a year ago|first questionnaire|last year|the year before|rose|fell)\b"


@dataclass(frozen=True)
class QualityPoint:
    """A point of the systematic reviews, in our words: its signs, the kinds of finding on it, the best state."""

    heading: str
    signs: tuple[Sign, ...]
    kinds: tuple[str, ...]
    most: str | None
    unseen: str


# By principle: its signs, the best state that a program can give, and what it cannot see.
PRINCIPLE_SIGNS: dict[int, tuple[tuple[Sign, ...], str | None, str]] = {
    1: ((NAMED, CHOSEN), None, "Whether they could speak freely, and whether what they said shaped the map."),
    2: (
        (INDICATORS, WORSE, UNINTENDED, LINKED), None,
        "Whether these are the changes that happened, and the only ones.",
    ),
    3: ((VALUED, PRICES), None, "Whether a price stands for what the change is worth to those who feel it."),
    4: ((SCREENED, LEFT_OUT), None, "Whether somebody or something that matters was never thought of."),
    5: (
        (DEDUCTED, REASONED, LIMITS), None,
        "Whether the deductions are true, and the claim is fair to those who also helped.",
    ),
    6: ((FRAME, COUNTS, PRICES, YEAR), None, "Whether the sources say what the map says they do."),
    7: ((CHECKED,), "partly", "Whether somebody independent has verified it: no value map can show that."),
    8: ((DECISIONS,), None, "Whether anything is decided, and done."),
}  # fmt: skip

# What the instruments of systematic reviews ask further, in our words: the twelve points of Krlev, Muenscher and
# Muelbert (2013), and what Hutchinson and others (2019) and Gosselin and others (2020) look at in published studies.
QUALITY_POINTS: tuple[QualityPoint, ...] = (
    QualityPoint(
        "Is it said why this was analysed, and in which setting?",
        (Sign("the purpose is written", "Write the purpose under narrative.", told("purpose"), ("frame_missing",)),
         Sign("the activities are described", "Describe the activities.", met_if(lambda m: bool(m.activities)))),
        ("frame_missing",), None, "Whether this method was the right one.",
    ),
    QualityPoint(
        "Is the analysis documented, so that another could repeat it?", (COUNTS, PRICES, FRAME),
        ("quantity_source_missing", "proxy_source_missing", "input_source_missing", "driver_without_source", "unfilled",
         "not_reproduced"), None, "Whether the papers behind it can be had.",
    ),
    QualityPoint(
        "Is there a map from what was put in to what changed?",
        (Sign("inputs, outputs and outcomes are listed", "List the outputs.", met_if(lambda m: bool(m.outputs))),
         LINKED),
        ("worded_as_activity",), None, "Whether the one brings about the other.",
    ),
    QualityPoint(
        "Was a comparison group used?",
        (Sign("words of the map speak of a comparison", "Say with whom, or with what area, people were compared.",
              says(_COMPARISON), ("no_comparison",)),), ("no_comparison",), "partly",
        "Whether those compared are alike.",
    ),
    QualityPoint(
        "Was it measured before and after?",
        (Sign("words of the map speak of a baseline", "Say when each indicator was measured first, and when last.",
              says(_BEFORE)),), (), "partly", "Whether the same people were asked in the same way twice.",
    ),
    QualityPoint(
        "Are the indicators valid, and do they cover the change?", (INDICATORS,), ("indicator_missing",),
        _UNJUDGED, "Whether they measure what they are said to.",
    ),
    QualityPoint(
        "Are the proxies valid, and do they fit the change?", (PRICES,),
        ("proxy_source_missing", "one_source", "price_years_differ", "price_year_not_stated", "value_per_month"),
        _UNJUDGED, "Whether a price stands for this change, of these people.",
    ),
    QualityPoint(
        "Is the change told in people's own words?", (QUOTED,), ("nothing_quoted",), None,
        "Whether those quoted speak for the others.",
    ),
    QualityPoint(
        "Is the change counted?",
        (COUNTS, Sign("it is said how far people moved", "Say under amount_of_change how far each moved.",
                       any_outcome(lambda each: each.amount_of_change is not None))),
        ("quantity_source_missing", "above_size"), None, "Whether the count is right.",
    ),
    QualityPoint("Are the limits discussed?", (LIMITS,), ("limits_missing",), None, "Whether they are all."),
    QualityPoint(
        "Is the ratio explained, and not only printed?",
        (Sign("the report says it as value for each 1 put in, not cash, with its rules", "", met_if(lambda m: True)),),
        ("told_as_cash", "net_as_gross"), None, "How others will quote it.",
    ),
    QualityPoint(
        "Was it tried with other numbers (sensitivity)?",
        (Sign("every report tries each number, and each outcome left out", "", met_if(lambda m: True)), RANGES),
        (), None,
        "Whether the ranges are honest.",
    ),
    QualityPoint(
        "Are sample sizes said, and large enough?",
        (Sign("samples or surveys are given", "Give survey counts or sample sizes.", any_outcome(sampled)),),
        ("small_sample", "low_response", "survey_stretched"), None, "Whether those who answered are like the others.",
    ),
    QualityPoint(
        "Is it said who was left out, and why?", (LEFT_OUT,), ("stakeholder_left_out", "outcome_left_out"), None,
        "Who was never thought of.",
    ),
    QualityPoint(
        "Were effects for the worse looked for?", (WORSE,),
        ("no_negative_outcome", "loss_as_gain", "loss_not_counted", "only_intended"), None,
        "Whether those worse off were asked.",
    ),
    QualityPoint(
        "Were all four deductions made, with grounds?", (DEDUCTED, REASONED),
        ("deduction_missing", "deduction_zero", "drop_off_zero", "attribution_zero", "deduction_without_reason",
         "deducted_twice", "no_comparison", "attribution_reversed", "deductions_above_whole"), None,
        "Whether they are true.",
    ),
    QualityPoint(
        "Is it shown how long changes last?",
        (Sign("durations beyond a year have their grounds", "Say what each duration beyond a year rests on.",
              each_that_counts(lasting_with_reasons), ("long_duration",)),),
        ("long_duration", "duration_missing", "projected_value", "quantity_projected", "not_projected",
         "drop_off_zero"), None, "Whether they will last.",
    ),
    QualityPoint(
        "Is nothing counted twice?", (),
        ("chain_counted_twice", "wellbeing_beside_costs", "outcome_twice", "same_unit_twice", "whole_beside_part",
         "total_beside_parts", "overlap_group_twice", "wellbeing_twice", "wellbeing_beside_parts", "saving_twice",
         "transfer_unmarked", "input_twice"), None,
        "Whether two lines tell of one change: a program sees what is linked, and what is said in like words.",
    ),
    QualityPoint(
        "Do the inputs hold everything that was put in, time too?",
        (Sign("every input has a value", "Value each input; 0 with the reason where that is meant.",
              met_if(inputs_are_valued), ("time_without_value",)),),
        ("time_without_value", "input_once", "input_source_missing"), None, "What was put in and never written down.",
    ),
)  # fmt: skip
