"""The commands. A new one is a line in COMMANDS and a module of its name here with `add_options` and `run`."""

from __future__ import annotations

from typing import cast

from sroi.arguments import Command

# In the order in which people meet them: each with what it does.
COMMANDS = {
    "new": "write a value map to begin from",
    "check": "say what is wrong with a value map, and what a careful reader would ask",
    "evaluate": "work out what a value map comes to",
    "explain": "write out the working of the ratio or of an outcome, step by step, with the source of each number",
    "sensitivity": "say what the ratio would be if numbers were different, and which of them could turn it",
    "uncertainty": "say how sure the ratio is, given the ranges of its numbers, and what to find out next",
    "compare": "set value maps side by side: same rules, forecast against actual, what changed and why",
    "convert": "write a value map anew, in another format or order",
    "uprate": "write a value map anew in the prices of another year, and list each change with its index values",
    "prices": "bring one sum to another year or currency, every step shown, or list the price series",
    "survey": "make a quantity of answers before and after, or count people once across files",
    "proxies": "find published values in the register, put them into a value map, keep a register of your own",
    "report": "make the report of a value map: page, Word document, figures, tables",
    "batch": "run a notebook once for each row of a plan: nothing is lost, nothing done twice",
    "run-one": "run a notebook once, under the rules of a batch, for programs that schedule runs themselves",
    "template": "say whether a notebook is fit to be a template",
    "explorer": "make a page on which every number of a value map can be changed, to hand out",
    "assure": "make the assurance pack: report, live workbook, evidence, decisions, index to the principles",
    "rates": "list the published discount rates by name, with source and date, and write a year's factor out",
    "carbon": "say what a tonne of carbon is worth by year of emission, ready to paste into a value map",
    "teach": "make cases with planted faults for teams, mark what they hand back, show a class side by side",
    "commission": "social value from the buyer's side: frameworks, bids, delivery, contracts, spend, place, prevention",
    "demo": "make the report of Wheels-to-Meals, the Guide's example, and say where it is",
    "schema": "write the JSON Schema of value maps, with which editors complete them",
}


def command_module(name: str) -> Command:
    """Return a command's module. Only the one that runs is imported: a command is to feel instant."""
    from importlib import import_module

    return cast("Command", import_module(f"sroi.commands.{name.replace('-', '_')}"))
