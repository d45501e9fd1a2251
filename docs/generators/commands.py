"""The command reference: each command's own parser, told as a page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from generators.writing import code, escaped, term
from sroi.arguments import build_parser
from sroi.commands import COMMANDS, command_module

_WIDTH = 76


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command, and of each action of a command, by its words: `check`, `proxies search`."""
    found: dict[str, argparse.ArgumentParser] = {}
    for name in COMMANDS:
        top = build_parser(COMMANDS, command_module, [name])
        command = _actions(top)[name]
        found[name] = command
        found |= {f"{name} {action}": parser for action, parser in _actions(command).items()}
    return found


def _actions(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _said(words: str) -> str:
    """Return what a command or an action of a command does."""
    name, _, action = words.partition(" ")
    if not action:
        return COMMANDS[name]
    command = parsers_of_actions(name)
    return command.get(action, "")


def parsers_of_actions(name: str) -> dict[str, str]:
    """Return what each action of a command does, by its name."""
    command = _actions(build_parser(COMMANDS, command_module, [name]))[name]
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            return {choice.dest: choice.help or "" for choice in action._choices_actions}
    return {}


def commands_page() -> str:
    """Return the reference of all commands as Markdown: usage, arguments and options, each with a place to link to."""
    known = parsers()
    listed = "\n".join(f"- [`sroi {name}`](#{anchor(name)}): {escaped(said)}" for name, said in COMMANDS.items())
    return "\n".join([listed, "", *(_section(words, parser) for words, parser in known.items())])


def anchor(words: str, option: str = "") -> str:
    """Return where a command, or an option of it, stands on the page."""
    return f"sroi-{words.replace(' ', '-')}{f'-{option}' if option else ''}"


def _section(words: str, parser: argparse.ArgumentParser) -> str:
    said = _said(words)
    heading = "#" * (2 + words.count(" "))
    lines = [f"({anchor(words)})=", f"{heading} sroi {words}", "", f"{escaped(said[:1].upper() + said[1:])}.", ""]
    lines += ["```text", _usage(parser), "```", ""]
    for group in parser._action_groups:
        shown = [action for action in group._group_actions if not _is_left_out(action)]
        if shown:
            title = group.title or ""
            lines += [f"**{escaped(title[:1].upper() + title[1:])}**", ""]
            lines += [line for action in shown for line in _option(words, parser, action)]
    return "\n".join(lines)


def _is_left_out(action: argparse.Action) -> bool:
    """Say whether an action needs no words: help is everywhere, and actions of a command have sections of their own."""
    return isinstance(action, argparse._HelpAction | argparse._SubParsersAction) or action.help == argparse.SUPPRESS


def _usage(parser: argparse.ArgumentParser) -> str:
    formatter = argparse.HelpFormatter(parser.prog, width=_WIDTH)
    formatter.add_usage(parser.usage, parser._actions, parser._mutually_exclusive_groups, prefix="")
    return formatter.format_help().strip()


def _option(words: str, parser: argparse.ArgumentParser, action: argparse.Action) -> Iterator[str]:
    formatter = argparse.HelpFormatter(parser.prog)
    yield term(", ".join(code(form) for form in written(action)), anchor(words, named(action)))
    yield f": {escaped(formatter._expand_help(action))}"
    yield ""


def named(action: argparse.Action) -> str:
    """Return the word by which an action is linked to: its longest option, or what stands in its place."""
    return max(action.option_strings, key=len) if action.option_strings else action.dest


def written(action: argparse.Action) -> list[str]:
    """Return the ways in which an action is written on the command line, with what follows it."""
    formatter = argparse.HelpFormatter("")
    if not action.option_strings:
        return [formatter._format_args(action, formatter._get_default_metavar_for_positional(action))]
    follows = "" if action.nargs == 0 else formatter._format_args(action, action.dest.upper())
    return [f"{option} {follows}".strip() for option in action.option_strings]
