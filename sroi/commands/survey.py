"""`sroi survey`: answers before and after become a quantity; or people counted once across files."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.arguments import add_json, add_reading_options
from sroi.commands.printing import DONE, FAULTS, say, write_json
from sroi.commands.reading import number_of, read_map
from sroi.errors import FileRefused, NameRefused, Problem

if TYPE_CHECKING:
    from sroi.survey import Rules, Study

_SMALLEST = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a table of answers: .csv, .xlsx, .xlsm, .ods; several only to count people")  # fmt: skip  # noqa: E501
    _add_columns(parser.add_argument_group("which column is which (headings, or letters such as C)"))
    _add_rules(parser.add_argument_group("how the answers are taken"))
    written = parser.add_argument_group("writing the quantity into a value map")
    written.add_argument("--map", metavar="MAP", help="the value map; it stays as it is")
    written.add_argument("--outcome", metavar="ID", help="the outcome whose quantity it is")
    written.add_argument("--out", metavar="NEW", help="the new map (default: MAP's name with _survey)")
    add_json(parser, "the figures")
    add_reading_options(parser)


def _add_columns(group: Any) -> None:
    group.add_argument("--before", metavar="COL,..", help="the answers before, a column for each question; with --wave, the questions")  # fmt: skip  # noqa: E501
    group.add_argument("--after", metavar="COL,..", help="the answers after, in the same order")
    group.add_argument("--person", metavar="COL", help="who: ids are compared in memory and never told")
    group.add_argument("--group", metavar="COL", help="participants or comparison group")
    group.add_argument("--treated", metavar="WORD", help="the word for participants in --group")
    group.add_argument("--control", metavar="WORD", help="the word for the comparison group, if there are more than two")  # fmt: skip  # noqa: E501
    group.add_argument("--wave", metavar="COL", help="when, where each wave has a row of its own")
    group.add_argument("--first", metavar="WORD", help="the first wave, as --wave's column says it; or earliest")
    group.add_argument("--last", metavar="WORD", help="the last wave; or latest")


def _add_rules(group: Any) -> None:
    group.add_argument("--improved-by", metavar="POINTS", help="the change from which a person counts as improved")
    group.add_argument("--scale", metavar="LOW-HIGH", help="the lowest and highest answer, such as 0-10")
    group.add_argument("--reverse", metavar="COL,..", action="append", help="reverse-coded questions: turned round, before and after")  # fmt: skip  # noqa: E501
    group.add_argument("--answers", metavar="WORD=N,..", action="append", help="words that stand for numbers: yes=1,no=0")  # fmt: skip  # noqa: E501
    group.add_argument("--missing", metavar="WORD,..", action="append", help="further words or numbers for no answer: 'not sure,99'")  # fmt: skip  # noqa: E501
    group.add_argument("--least", metavar="N", help="answers that a person has to have given of several questions (default: half)")  # fmt: skip  # noqa: E501
    group.add_argument("--of", metavar="N", nargs="+", help="how many started; the claim is then over all of them")
    group.add_argument("--started", action="store_true", help="claim over all who answered at the start")
    group.add_argument("--comparison", choices=("unlike", "similar", "random"), default="unlike", help="how the comparison group came about: just another group (default), chosen to be similar, or drawn at random")  # fmt: skip  # noqa: E501
    group.add_argument("--wellby", action="store_true", help="the question is life satisfaction, 0 to 10: value its points as WELLBYs")  # fmt: skip  # noqa: E501
    group.add_argument("--smallest", metavar="N", default=str(_SMALLEST), help=f"the smallest number of people that is told (default {_SMALLEST})")  # fmt: skip  # noqa: E501


def run(options: argparse.Namespace) -> int:
    """Say what the answers show; write it into a new map if --map asks for it and there is something to claim."""
    numbers = _numbers(options)
    if options.before is None and options.person is not None:
        return _people(options, numbers["smallest"])
    if len(options.files) > 1:
        found = f"{len(options.files)} files are given, and answers are read from one"
        raise NameRefused(Problem(found, "Leave --before and --after out to count people across files."))
    study = _study(options, numbers)
    if options.json:
        _keep(options)
    changes, target = _write(options, study)
    if options.json:
        from sroi.survey.document import study_document

        write_json(options.json, study_document(study, changes, target), options.map or options.files[0])
    if options.json != "-":
        from sroi.terminal.survey import survey_lines, written_lines

        lines = survey_lines(study)
        if target is not None:
            lines += ["", *written_lines(changes, target)]
        elif options.map is not None:
            lines += ["", "Nothing was written."]
        say(*lines)
    return DONE if study.shown else FAULTS


# ---- what the options say ----


def _numbers(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options that are numbers; all that is wrong with them in one message."""
    from sroi import reading

    problems: list[Problem] = []
    told: dict[str, Any] = {}
    if options.of is not None and options.of[1:] not in ([], ["started"]):
        found = f"--of is followed by '{' '.join(options.of[1:])}'"
        problems.append(Problem(found, "Give the number of people who started, and the file before the options."))
    whole = {"least": options.least, "of": options.of[0] if options.of else None, "smallest": options.smallest}
    for name, written in {"improved_by": options.improved_by, **whole}.items():
        number = None if written is None else number_of(written, f"--{name.replace('_', '-')}", reading.COUNT)
        if isinstance(number, Problem):
            problems.append(number)
        elif number is not None and name in whole and (number != int(number) or number < 1):
            problems.append(Problem(f"--{name} is {written}", "Give a whole number from 1."))
        else:
            told[name] = int(number) if number is not None and name in whole else number
    told["scale"] = _scale(options.scale, problems)
    told["words"] = _words(options.answers or (), problems)
    if (options.map is None) != (options.outcome is None):
        problems.append(Problem("--map and --outcome belong together", "Name the value map, and the outcome in it."))
    if options.out is not None and options.map is None:
        problems.append(Problem("--out is given without --map", "Name the value map whose copy is to be written."))
    if problems:
        raise NameRefused(problems)
    return told


def _scale(written: str | None, problems: list[Problem]) -> tuple[float, float] | None:
    import re

    if written is None:
        return None
    ends = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|to|\.\.)\s*(-?\d+(?:\.\d+)?)\s*", written)
    if ends is None or float(ends[1]) >= float(ends[2]):
        problems.append(Problem(f"--scale is '{written}'", "Give the lowest and the highest answer: 0-10."))
        return None
    return float(ends[1]), float(ends[2])


def _words(given: Any, problems: list[Problem]) -> dict[str, float]:
    from sroi import reading
    from sroi.files.survey_cells import plain_word

    words: dict[str, float] = {}
    for each in _listed(given):
        word, equals, written = each.rpartition("=")
        number = number_of(written, f"--answers {word}", reading.AMOUNT)
        if not equals or not word.strip():
            problems.append(Problem(f"--answers has '{each}'", "Write each as WORD=NUMBER: yes=1,no=0."))
        elif isinstance(number, Problem):
            problems.append(number)
        elif words.get(plain_word(word), number) != number:
            problems.append(Problem(f"--answers gives '{word.strip()}' two numbers", "Keep one of them."))
        else:
            words[plain_word(word)] = number
    return words


def _listed(given: Any) -> list[str]:
    """Return the parts of options that hold lists; a comma within quotes belongs to its part."""
    import csv

    return [
        part.strip() for line in given or () for part in next(csv.reader([line], skipinitialspace=True)) if part.strip()
    ]


def _names(options: argparse.Namespace, given: str | None) -> tuple[str, ...]:
    """Return the columns that an option names: one whose heading holds commas, or several."""
    from sroi.files.survey_cells import written
    from sroi.files.survey_reader import headings_of

    if given is None or ("," in given and written(given) in headings_of(options.files[0])):
        return () if given is None else (given,)
    return tuple(_listed([given]))


def _study(options: argparse.Namespace, numbers: dict[str, Any]) -> Study:
    from sroi.files.survey_cells import Code, plain_word
    from sroi.files.survey_reader import SurveyColumns, read_survey
    from sroi.survey import study_answers

    before, after = (_names(options, each) for each in (options.before, options.after))
    missing = frozenset(plain_word(word) for word in _listed(options.missing))
    columns = SurveyColumns(
        before, after, options.person, options.group, options.treated, options.control, options.wave, options.first,
        options.last, options.sheet, Code(numbers["words"], missing, numbers["scale"]), numbers["smallest"],
    )  # fmt: skip
    answers = read_survey(options.files[0], columns)
    return study_answers(answers, _rules(options, numbers, before, after))


def _rules(
    options: argparse.Namespace, numbers: dict[str, Any], before: tuple[str, ...], after: tuple[str, ...]
) -> Rules:
    from sroi.errors import did_you_mean
    from sroi.survey import Rules

    places, problems = set(), []
    given = options.reverse or ()
    for name in [part for each in given for part in ([each] if each in (*before, *after) else _listed([each]))]:
        if name not in (*before, *after):
            problems.append(Problem(f"--reverse: '{name}' is no question", did_you_mean(name, [*before, *after])))
            continue
        places.add(before.index(name) if name in before else after.index(name))
    if problems:
        raise NameRefused(problems)
    return Rules(
        improved_by=numbers["improved_by"],
        scale=numbers["scale"],
        reverse=tuple(sorted(places)),
        least=numbers["least"],
        started=numbers["of"],
        over_started=options.started or options.of is not None,
        wellby=options.wellby,
        comparison=options.comparison,
        smallest=numbers["smallest"],
    )


# ---- writing ----


def _write(options: argparse.Namespace, study: Study) -> tuple[Any, str | None]:
    """Write the claim into a new map; nothing if there is none to make."""
    if options.map is None:
        return (), None
    from sroi.files.value_maps import write_value_map
    from sroi.survey.claiming import written_into

    impact_map = read_map(options.map, options)
    target = _target(options)
    if not study.shown:
        return (), None
    new, changes = written_into(impact_map, options.outcome, study)
    write_value_map(new, target)
    return changes, str(target)


def _target(options: argparse.Namespace) -> Path:
    """Return the file to write: never the map itself, nor any file that is there."""
    old = Path(options.map)
    if options.out is None:
        ending = old.suffix if old.suffix.lower() in (".yaml", ".yml", ".xlsx", ".json") else ".yaml"
        return old.with_name(f"{old.stem}_survey{ending}")
    target = Path(options.out)
    for taken, what in ((old, "value map"), (Path(options.files[0]), "survey")):
        if target.exists() and taken.exists() and os.path.samefile(target, taken):
            raise FileRefused(Problem(f"--out would write over the {what}", "Give it another name."), options.out)
    return target


def _keep(options: argparse.Namespace) -> None:
    """Refuse to write the figures over a survey."""
    for file in options.files:
        if options.json != "-" and Path(options.json).exists() and os.path.samefile(options.json, file):
            raise FileRefused(Problem("--json would write over the survey", "Give it another name."), options.json)


def _of_file(problem: Problem, source: str) -> Problem:
    """Return a problem that says of which of several files it is."""
    return Problem(f"{source}: {str(replace(problem, remedy='')).removesuffix('.')}", problem.remedy)


def _people(options: argparse.Namespace, smallest: int) -> int:
    """Count people once across files."""
    from sroi.files.survey_reader import read_roll
    from sroi.survey.people import count_people
    from sroi.terminal.survey import people_lines

    if options.map is not None:
        raise NameRefused(Problem("--map is given without --before", "Name the columns of the answers."))
    problems, rolls = [], []
    for file in options.files:
        try:
            rolls.append(read_roll(file, options.person, options.sheet))
        except FileRefused as error:
            problems += [_of_file(problem, error.source) for problem in error.problems]
    if problems:
        raise FileRefused(problems)
    found = count_people(rolls, smallest)
    if options.json:
        _keep(options)
        write_json(options.json, found.to_dict(), options.files[0])
    if options.json != "-":
        say(*people_lines(found))
    return DONE
