"""What a study says, in sentences: the verdict with its figures, and what a careful reader should know of them."""

from __future__ import annotations

from sroi import wording
from sroi.evidence.wellby import LARGEST_LINEAR_CHANGE, wellby_entry
from sroi.survey.answers import least_answers
from sroi.survey.intervals import Interval
from sroi.survey.protection import SMALLEST
from sroi.survey.study import CHANGE, EFFECT, HARM, NO_CHANGE, NO_EFFECT, Study

# Groups that began so many standard deviations apart are said to have begun unlike, and questions below this alpha to
# hang together loosely: our conventions, and said to be.
UNLIKE, LOOSE = 0.25, 0.7


def interval_words(interval: Interval, per_cent: bool = False) -> str:
    """Return a figure with its interval.

    >>> print(interval_words(Interval(0.5, -0.12, 1.12, 0.95)))
    0.5 (−0.12 to 1.12)
    """
    if per_cent:
        value, low, high = (wording.per_cent(number, 0) for number in (interval.value, interval.low, interval.high))
        return f"{value} ({low} to {high})"
    return f"{figure(interval.value)} ({figure(interval.low)} to {figure(interval.high)})"


def figure(number: float) -> str:
    """Return a figure to two decimals: a survey holds no more.

    >>> figure(0.0564), figure(-0.001), figure(22.8889)
    ('0.06', '0', '22.89')
    """
    return wording.plain(round(number, 2) + 0.0)


def points_words(points: float) -> str:
    """Return a number of points.

    >>> points_words(1.0), points_words(0.5)
    ('1 point', '0.5 points')
    """
    return f"{wording.plain(points)} point{'' if points == 1 else 's'}"


def verdict_words(study: Study) -> str:
    """Return the verdict in a sentence or two, which say what may be claimed."""
    said = _grounds(study)
    if study.verdict == EFFECT:
        return f"Effect shown: {said}"
    if study.verdict == CHANGE:
        return (
            f"Change shown: {said} Without a comparison group nobody knows how much of it would have happened anyway."
        )
    if study.verdict == NO_EFFECT:
        return f"No effect shown: {said} There is no value to claim."
    if study.verdict == NO_CHANGE:
        return f"No change shown: {said} There is no value to claim."
    if study.verdict == HARM:
        return (
            f"Harm shown: {said} There is no gain to claim. Find out why; it is an outcome of its own, with a "
            "proxy below 0."
        )
    return (
        f"Too few to tell: fewer than {study.rules.smallest} people would have to be told of. Nothing is claimed; "
        "state the threshold of an improvement (--improved-by), or ask more people. For your own eyes alone, "
        "--smallest 1 tells all."
    )


def _grounds(study: Study) -> str:
    if study.difference is not None:
        means = study.difference.change
        shares = study.difference.improved
        parts = []
        if means is not None and study.participants.change is not None and study.comparison is not None:
            theirs = study.comparison.change
            ours = f"participants changed by {_plain(study.participants.change)}"
            parts += [
                f"{ours}, the comparison group by {_plain(theirs)}",
                f"the difference is {interval_words(means)} points",
            ]
        if shares is not None:
            beside = f"the share improved differs by {interval_words(shares.times(100))} percentage points"
            parts.append(beside)
        reason = "" if study.verdict != NO_EFFECT else " An interval that holds 0 may be chance."
        return f"{'; '.join(parts) or 'by the figures, which may not be told'} (95 % intervals).{reason}"
    change = study.participants.change
    if change is None:
        return "by the figures, which may not be told."
    reason = " An interval that holds 0 may be chance." if study.verdict == NO_CHANGE else ""
    return f"the mean change is {interval_words(change)} points (95 % interval).{reason}"


def _plain(interval: Interval | None) -> str:
    return figure(interval.value) if interval is not None else "a figure not told"


def remarks(study: Study) -> list[str]:
    """Return what a careful reader should know: rules that were followed, weaknesses, and what is still asked for."""
    rules, answers = study.rules, study.answers
    said = [f"Design: {study.design} ({study.design.source})."]
    if len(answers.questions) > 1:
        least = rules.least or least_answers(len(answers.questions))
        said.append(
            f"The score is the mean of {len(answers.questions)} questions; a person needs {least} answers, and missing "
            "ones are left out of the mean."
        )
        alphas = [f"{each:.2f}" if each is not None else "no figure" for each in study.alpha]
        loose = any(each is not None and each < LOOSE for each in study.alpha)
        loosely = f": below {LOOSE:g} (our convention) the questions hang together loosely" if loose else ""
        said.append(f"Cronbach's alpha: {alphas[0]} before, {alphas[1]} after{loosely}.")
    if rules.reverse:
        turned = ", ".join(f"'{answers.questions[place]}'" for place in rules.reverse)
        said.append(f"Turned round, before and after: {turned}.")
    if rules.scale is None:
        said.append("No scale is stated: any number is taken. --scale 0-10 finds slips and codes such as 99.")
    said += _drop_out_remarks(study)
    if study.comparison is None:
        said.append("No comparison group: deadweight is still asked for, and attribution.")
    else:
        said += _comparison_remarks(study)
    said += _wellby_remarks(study)
    moved = [each for group in (study.participants, study.comparison) if group for each in (group.improved,) if each]
    if any(each.moved for each in moved):
        said.append(
            f"Counts marked * were moved against the effect, for fewer than {rules.smallest} people stand behind them "
            "or behind the rest; intervals follow the moved counts."
        )
    if rules.smallest < SMALLEST:
        said.append(f"Numbers from {rules.smallest} people on are told: keep this output to yourself.")
    return said


def _drop_out_remarks(study: Study) -> list[str]:
    group = study.participants
    if group.dropped_out is None:
        return [
            f"Fewer than {study.rules.smallest} dropped out; how many started is not told, or it could be worked out."
        ]
    if group.dropped_out == 0:
        return []
    return [
        f"{group.dropped_out:,} of {group.started:,} who started gave no answer afterwards. Over all who started they "
        "count as unchanged and not improved; they may have fared worse."
    ]


def _comparison_remarks(study: Study) -> list[str]:
    said = []
    difference = study.difference
    if difference is not None and difference.baseline is not None and difference.standardised is not None:
        apart = difference.standardised
        unlike = f": they began unlike (our convention: {UNLIKE:g})" if abs(apart) > UNLIKE else ""
        said.append(
            f"At the start participants stood {interval_words(difference.baseline)} points from the comparison group, "
            f"{figure(apart)} standard deviations{unlike}."
        )
    said.append(
        'What would have happened anyway is in the quantity: deadweight says "in the quantity" and is not deducted '
        "again. Attribution and displacement are still asked for."
    )
    return said


def _wellby_remarks(study: Study) -> list[str]:
    if not study.rules.wellby:
        return []
    entry, change = wellby_entry(), study.participants.change
    said = [
        f"A WELLBY is one point for one person for one year: {wording.money(entry.value or 0.0, entry['currency'])} "
        f"({wording.money(entry.number('low') or 0.0, entry['currency'])} to "
        f"{wording.money(entry.number('high') or 0.0, entry['currency'])}) in {entry['price_year']} prices, "
        f"{entry.full_source}. It is not uprated here; sroi uprate does that.",
        f"Straight multiplication holds for small changes, up to about {LARGEST_LINEAR_CHANGE:g} points (one source).",
    ]
    if change is not None and change.value > LARGEST_LINEAR_CHANGE:
        said[1] += f" The mean change here is {figure(change.value)}: the value may be too high."
    return said
