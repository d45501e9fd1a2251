"""A survey as lines for a terminal: who answered, how they changed, what may be claimed, and what was written."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.survey.answers import Answers
from sroi.survey.claiming import Written
from sroi.survey.groups import Counts, Group
from sroi.survey.intervals import Interval
from sroi.survey.people import PeopleCount
from sroi.survey.protection import count_words
from sroi.survey.study import Study
from sroi.survey.telling import interval_words, points_words, remarks, verdict_words
from sroi.terminal.layout import table_lines, wrapped

NOT_TOLD = "not told"


def survey_lines(study: Study) -> list[str]:
    """Return the figures, the verdict and what should be known of them."""
    answers = study.answers
    lines = wrapped(f"{answers.file}: {asked_words(answers)}", "", "  ")
    if answers.groups is not None:
        lines += wrapped(f"Participants: '{answers.groups[0]}'; comparison group: '{answers.groups[1]}'.", "  ")
    lines += ["", *_table(study)]
    lines += ["", *wrapped(verdict_words(study), "")]
    if study.claim is not None:
        claim = study.claim
        over = "all who started" if claim.over_started else "those who answered twice"
        unit = "people" if claim.measure == "people" else "points, added up over people"
        of = f"{claim.people:,} people, {over}; central 90 %"
        lines += wrapped(f"Quantity: {interval_words(claim.total)} {unit} ({of}).", "  ", "    ")
    lines += [""]
    for remark in remarks(study):
        lines += wrapped(remark, "  ", "    ")
    for counted in answers.counted:
        lines += wrapped(f"{_capital(counted.words(study.rules.smallest))}.", "  ", "    ")
    return lines


def asked_words(answers: Answers) -> str:
    """Return what was asked, and when."""
    when = " and ".join(answers.asked_at)
    questions = ", ".join(answers.questions)
    return when if answers.asked_at[0] == questions else f"{questions}; {when}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def figures(study: Study) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the headings and rows of the table of figures, as words."""
    groups = [study.participants, *([study.comparison] if study.comparison is not None else [])]
    headings = ["", "Participants"]
    if study.difference is not None:
        headings += ["Comparison", "Difference"]
    rows: list[tuple[str, ...]] = []

    def add(label: str, cells: Sequence[str], difference: str = "") -> None:
        rows.append((label, *cells, *([difference] if study.difference is not None else [])))

    add("Answered twice", [f"{group.answered_twice:,}" for group in groups])
    add("Started", [_number(group.started) for group in groups])
    add("Dropped out", [_few(group.dropped_out, study) for group in groups])
    if any(group.only_after != 0 for group in groups):
        add("Only after (left out)", [_few(group.only_after, study) for group in groups])
    between = study.difference
    add("Mean before", [_interval(group.before) for group in groups], _interval(between.baseline if between else None))
    add("Mean after", [_interval(group.after) for group in groups])
    add("Mean change", [_interval(group.change) for group in groups], _interval(between.change if between else None))
    add(
        ".. all who started", [_interval(group.change_of_started) for group in groups],
        _interval(between.change_of_started if between else None),
    )  # fmt: skip
    if study.rules.improved_by is not None:
        by = points_words(study.rules.improved_by)
        add(f"Improved by {by}", [_counts(group.improved) for group in groups],
            _points(between.improved if between else None))  # fmt: skip
        add(".. of all who started", [_counts(group.improved_of_started) for group in groups],
            _points(between.improved_of_started if between else None))  # fmt: skip
        add(f"Worsened by {by}", [_counts(group.worsened) for group in groups])
    if any(_left(group) for group in groups):
        add("Dropped out: before", [_interval(group.before_of_dropped_out) for group in groups])
    return tuple(headings), rows


def _left(group: Group) -> bool:
    return group.before_of_dropped_out is not None


def _table(study: Study) -> list[str]:
    headings, rows = figures(study)
    lines = table_lines(headings, rows)
    note = "In brackets: 95 % intervals (means: Student and Welch; shares: Jeffreys; their difference: Newcombe)"
    return [*lines, *wrapped(f"{note}; pp: percentage points." if study.difference else f"{note}.", "  ")]


def _number(count: int | None) -> str:
    return NOT_TOLD if count is None else f"{count:,}"


def _few(count: int | None, study: Study) -> str:
    return count_words(count, study.rules.smallest) if count is not None else f"fewer than {study.rules.smallest}"


def _interval(interval: Interval | None) -> str:
    return NOT_TOLD if interval is None else interval_words(interval)


def _points(interval: Interval | None) -> str:
    return (
        NOT_TOLD
        if interval is None
        else f"{_whole(interval.value)} ({_whole(interval.low)} to {_whole(interval.high)}) pp"
    )


def _whole(share: float) -> str:
    return wording.plain(round(share * 100) + 0.0)


def _counts(counts: Counts | None) -> str:
    if counts is None:
        return NOT_TOLD
    low, high = (f"{100 * end:.0f}" for end in (counts.share.low, counts.share.high))
    star = "*" if counts.moved else ""
    return f"{counts.count:,}{star} of {counts.of:,}: {wording.per_cent(counts.share.value, 0)} ({low} to {high})"


def written_lines(changes: Sequence[Written], target: str) -> list[str]:
    """Return what was written into the new map, line by line."""
    lines = [f"Written into {target}:"]
    for change in changes:
        lines += wrapped(f"{change.name}: {change.after}", "  ", "    ")
        lines += wrapped(f"before: {change.before}", "    ", "      ")
    return lines


def people_lines(found: PeopleCount) -> list[str]:
    """Return how many different people there are, and how far the files overlap."""
    smallest = found.smallest
    rows = [
        (file, _few_or(people, smallest), _few_or(without, smallest))
        for file, people, without in zip(found.files, found.people, found.without, strict=True)
    ]
    lines = table_lines(("File", "People", "Rows without an id"), rows)
    lines += ["", f"Different people, each counted once: {found.total}."]
    if len(found.files) > 1 and found.in_several is None:
        lines += wrapped(
            f"How far the files overlap is not told: fewer than {smallest} people could be worked out from it.", "  "
        )
    elif len(found.files) > 1:
        lines += [f"  In more than one file: {_few_or(found.in_several, smallest)}."]
        lines += [
            f"  {each.files[0]} and {each.files[1]} share {_few_or(each.people, smallest)}." for each in found.overlaps
        ]
    lines += wrapped(
        "Ids are compared without regard to case, spaces and letter forms; ids written otherwise are other people.",
        "  ",
    )
    return lines


def _few_or(count: int | None, smallest: int) -> str:
    return f"fewer than {smallest}" if count is None else f"{count:,}"
