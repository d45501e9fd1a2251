"""The command line: parses, calls, prints. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from sroi.arguments import USAGE, build_parser
from sroi.errors import FileRefused, NameRefused, Problem, SroiError, TemplateRefused

DONE, FAULTS = 0, 1
_STOPPED = 130


def command() -> NoReturn:
    """Run the command that this process was started for, and end the process.

    Ending without taking every object apart saves a sixth of a short command's time. Once Jupyter has been loaded it
    is left to close its own affairs.
    """
    # A command lives for a moment: collecting what start-up allocates takes a tenth of it and frees nothing.
    gc.disable()
    for wish in ("SIGTERM", "SIGHUP"):  # a wish to end is met as Ctrl-C is: tidily
        if hasattr(signal, wish):
            signal.signal(getattr(signal, wish), _interrupt)
    status = main()
    if "papermill" in sys.modules:
        sys.exit(status)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


def _interrupt(number: int, frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0 done, 1 the map has errors (or, with --strict, findings), 2 usage."""
    # pydantic looks for plug-ins in the metadata of every installed package; none has any business with a value map.
    plug_ins_left_alone = "PYDANTIC_DISABLE_PLUGINS" not in os.environ
    if plug_ins_left_alone:
        os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    try:
        return _run(arguments)
    finally:
        if plug_ins_left_alone:
            os.environ.pop("PYDANTIC_DISABLE_PLUGINS", None)


def _run(arguments: Sequence[str] | None) -> int:
    parser = build_parser(COMMANDS)
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return USAGE
    try:
        if sys.stdout is None:
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # a command started without one
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except (NameRefused, TemplateRefused) as error:
        _complain(str(error))
        return USAGE
    except SroiError as error:
        _complain(str(error))
        return FAULTS
    except KeyboardInterrupt:
        _complain("Stopped. Nothing half written was left behind.")
        return _STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except OSError as error:
        _complain(f"This could not be written ({error.strerror or error}). Make room, or name another place.")
        return FAULTS


# ---- commands ----


def _new(options: argparse.Namespace) -> int:
    from sroi.files.safety import write_whole
    from sroi.files.starter import starter
    from sroi.files.value_maps import WRITTEN, YAML, refuse_other_endings, value_map_bytes
    from sroi.files.yaml import parse_yaml
    from sroi.shipped import case_study

    path = Path(options.file)
    refuse_other_endings(path, WRITTEN)
    content = case_study(options.example).read_bytes() if options.example else starter().encode("utf-8")
    if path.suffix.lower() not in YAML:
        content = value_map_bytes(parse_yaml(content, options.file), path)
    write_whole(path, content, overwrite=options.force)
    _say(f"Wrote {path}.", f"Edit it, then: sroi check {path}")
    return DONE


def _check(options: argparse.Namespace) -> int:
    from sroi import terminal
    from sroi.evaluation import evaluate
    from sroi.files.value_maps import WORKBOOKS
    from sroi.findings import Findings
    from sroi.provenance import document
    from sroi.questions import review

    impact_map, faults = _read(options.map, options), Findings()
    if impact_map.origin is not None and impact_map.origin.foreign:
        from sroi.files.foreign import read_foreign
        from sroi.files.sheets import open_book
        from sroi.workbook_faults import workbook_faults

        book = open_book(options.map)
        faults = workbook_faults(book, read_foreign(book, _reading(options), ratio_of), impact_map)
    result = evaluate(impact_map)
    if not faults and Path(options.map).suffix.lower() in WORKBOOKS:
        from sroi.files.sheets import open_book
        from sroi.workbook_faults.own import own_workbook_faults

        faults = own_workbook_faults(open_book(options.map), result)
    findings = Findings([*faults, *review(impact_map, result)])
    if options.json:
        told = document(impact_map, result)
        told["findings"] = [finding.to_dict() for finding in findings]
        _write_json(options.json, told, options.map)
    if options.json != "-":
        _say(*terminal.repair_lines(impact_map), str(result), "", *terminal.finding_lines(findings))
    return FAULTS if options.strict and findings else DONE


def ratio_of(impact_map: Any) -> float:
    """Return a map's ratio, for readers that ask which reading of a table gives the ratio that it prints."""
    from sroi.evaluation import evaluate

    return float(evaluate(impact_map).sroi_ratio)


def _read(value_map: str, options: argparse.Namespace) -> Any:
    """Return the map in a file, read as the options say; save the mapping if it is asked for."""
    from sroi.files.value_maps import WORKBOOKS, read_value_map

    if Path(value_map).suffix.lower() not in WORKBOOKS:
        return read_value_map(value_map)
    impact_map = read_value_map(value_map, _reading(options), ratio_of)
    if options.save_mapping:
        from sroi.files.foreign import read_foreign
        from sroi.files.mapping import save_mapping
        from sroi.files.sheets import open_book

        save_mapping(read_foreign(open_book(value_map), _reading(options), ratio_of).mapping, options.save_mapping)
    return impact_map


def _reading(options: argparse.Namespace) -> Any:
    from sroi.files.options import ReadingOptions

    names = ("attribution", "decimal", "currency", "price_year", "analysis", "sheet")
    mapping = Path(options.mapping) if options.mapping else None
    return ReadingOptions(**{name: getattr(options, name) for name in names}, mapping=mapping)


def _evaluate(options: argparse.Namespace) -> int:
    from sroi import terminal
    from sroi.evaluation import evaluate
    from sroi.provenance import document
    from sroi.questions import review

    impact_map = _read(options.map, options)
    if options.names:
        if options.set or options.json:
            raise NameRefused(Problem("--names only lists names", "Give it without --set and --json."))
        _say(*terminal.number_lines(impact_map))
        return DONE
    result = evaluate(impact_map, at=_settings(options.set, set(impact_map.numbers())))
    if options.json:
        _write_json(options.json, document(impact_map, result), options.map)
    if options.json != "-":
        findings = terminal.finding_lines(review(impact_map, result), most=5)
        _say(
            *terminal.repair_lines(impact_map),
            *terminal.result_lines(result),
            "",
            *findings,
            "",
            f"All findings: sroi check {options.map}",
        )
    return DONE


def _settings(settings: Sequence[str], known: set[str]) -> dict[str, float]:
    """Return the numbers of `--set NAME=VALUE`, read as the value map's own are; all that is wrong in one message.

    The value of a name that is not known is not read: the door refuses the name.
    """
    from pydantic_core import PydanticCustomError

    from sroi.nouns import kind_of
    from sroi.reading import read_number

    numbers: dict[str, float] = {}
    problems: list[Problem] = []
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals:
            problems.append(
                Problem(f"--set {setting} has no '='", "Write it as NAME=VALUE, such as gp_visits.quantity=60.")
            )
            continue
        if name in numbers:
            problems.append(Problem(f"--set names {name} twice", "Keep one of them."))
        try:
            is_known = name in known or name.rpartition(".")[0] in known
            numbers[name] = read_number(value, kind_of(name)) if is_known else 0.0
        except PydanticCustomError as error:
            context: Any = error.context or {}
            problems.append(Problem(f"--set {name}: {context['found']}", context["remedy"]))
    if problems:
        raise NameRefused(problems)
    return numbers


def _convert(options: argparse.Namespace) -> int:
    from sroi import terminal
    from sroi.files.value_maps import write_value_map

    impact_map = _read(options.source, options)
    write_value_map(impact_map, options.target, overwrite=options.force)
    _say(*terminal.repair_lines(impact_map), f"Wrote {options.target}.")
    return DONE


def _schema(options: argparse.Namespace) -> int:
    import json

    from sroi.files.safety import write_whole
    from sroi.files.schema import value_map_schema

    content = json.dumps(value_map_schema(), indent=2) + "\n"
    if options.out:
        write_whole(Path(options.out), content.encode("utf-8"), overwrite=True)
        _say(f"Wrote {options.out}.", f"First line of a value map: # yaml-language-server: $schema={options.out}")
    else:
        _say(content.rstrip("\n"))
    return DONE


def _report(options: argparse.Namespace) -> int:
    if not options.out.strip():
        raise TemplateRefused(Problem("--out names no folder", "Name one, such as our_report."))
    from sroi.shipped import template

    chosen = Path(options.template) if options.template else template("report.ipynb")
    return _make_report(Path(options.map), Path(options.out), chosen, options)


def _demo(options: argparse.Namespace) -> int:
    from sroi.shipped import case_study, template

    options.parameter, options.formats, options.seed, options.json = [], "html,docx", 0, None
    return _make_report(case_study("wheels_to_meals"), Path(options.out), template("report.ipynb"), options)


def _make_report(value_map: Path, out: Path, template: Path, options: argparse.Namespace) -> int:
    from sroi.files.value_maps import read_value_map

    read_value_map(value_map)  # a fault in the map is said at once, before Jupyter is loaded
    gc.enable()
    os.environ.pop("PYDANTIC_DISABLE_PLUGINS", None)  # the notebook's own business
    from sroi.batch.report import make_report

    parameters = dict(options.parameter)
    if len(parameters) < len(options.parameter):
        raise TemplateRefused(Problem("a parameter is given twice", "Give each -p NAME VALUE once."))
    made = make_report(value_map, out, template, parameters, options.formats, options.seed)
    lines = [str(made.result), "", f"The report is in {out.resolve()}:"]
    written = set(made.files)
    lines += [f"  {name:<14} {what}" for name, what in _LEFT_BEHIND.items() if name in written]
    earlier = [name for name in _LEFT_BEHIND if name not in written and (out / name).exists()]
    lines += [f"Left from an earlier run, not made anew: {', '.join(earlier)}."] if earlier else []
    if options.json:
        _write_json(options.json, made.document, str(value_map))
    if options.json != "-":
        _say(*lines)
    return DONE


_LEFT_BEHIND = {
    "report.html": "open it in a browser, or print it",
    "report.docx": "the same, to edit in Word",
    "figures": "every figure as PNG and SVG",
    "tables": "every table as CSV",
    "result.json": "all figures, for other programs",
    "report.ipynb": "the notebook that made it",
}


COMMANDS = {
    "new": _new,
    "check": _check,
    "evaluate": _evaluate,
    "convert": _convert,
    "report": _report,
    "demo": _demo,
    "schema": _schema,
}


# ---- in and out ----


def _write_json(target: str, content: dict[str, Any], value_map: str) -> None:
    import json

    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if target == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
        return
    from sroi.files.safety import write_whole

    if Path(target).exists() and os.path.samefile(target, value_map):
        raise FileRefused(Problem("--json would write over the value map", "Give it another name."), target)
    write_whole(Path(target), text.encode("utf-8"), overwrite=True)


def _say(*lines: str) -> None:
    print("\n".join(_showable(line, sys.stdout) for line in lines))


def _complain(text: str) -> None:
    print(_showable(text, sys.stderr), file=sys.stderr)


def _showable(text: str, stream: Any) -> str:
    """Return a text as this terminal can show it: plain signs where it lacks ours, no control codes from a file."""
    text = "".join(letter if letter == "\n" or letter.isprintable() or letter == "\u00a0" else "?" for letter in text)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for ours, plain in {"−": "-", "\u00a0": " ", "×": "x", "–": "-", "“": '"', "”": '"'}.items():
            text = text.replace(ours, plain)
        text = text.encode(encoding, errors="replace").decode(encoding)
    return text
