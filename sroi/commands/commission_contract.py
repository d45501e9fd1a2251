"""`sroi commission contract`: a contract's indicators, ratings, notice and dates; or its form made of open data."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.commands.commission_paper import add_paper_options, leave_paper
from sroi.commands.printing import DONE, keep_apart, say, write_json
from sroi.errors import FileRefused, NameRefused, Problem

if TYPE_CHECKING:
    from sroi.commissioning.contract.nouns import Register
    from sroi.commissioning.contract.releases import Found


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="the contract's form (`sroi commission new contract FILE`)"
    )
    parser.add_argument(
        "--on", metavar="DAY", help="as of this day, such as 2026-10-20 (default: today, and it is said)"
    )
    parser.add_argument(
        "--period", metavar="ID", default="", help="report this period (default: the last that has begun)"
    )
    parser.add_argument("--register", metavar="FILE", help="a delivery register: what the bid promised, by measure")
    made = parser.add_argument_group("making the form of open contracting data (OCDS)")
    made.add_argument(
        "--from", dest="release", metavar="JSON", help="a release or record package, as Find a Tender has it"
    )
    made.add_argument("--to", metavar="NEW", help="the form to write: .xlsx or .yaml")
    made.add_argument("--ocid", metavar="OCID", help="which process, if the file holds several")
    made.add_argument("--contract", metavar="ID", help="which contract, if the process holds several")
    made.add_argument("--force", action="store_true", help="replace a file that is there")
    add_paper_options(parser)


def run(options: argparse.Namespace) -> int:
    """Say what is known of a contract; or make its form."""
    if options.release is not None:
        return _make(options)
    if options.file is None:
        raise NameRefused(
            Problem("no form is named", "Name the contract's form, or --from RELEASE.json --to NEW.xlsx.")
        )
    unused = [name for name in ("to", "ocid", "contract") if getattr(options, name) is not None]
    if unused:
        raise NameRefused(Problem(f"--{unused[0]} is given without --from", "Name the OCDS file with --from."))
    from sroi.commissioning.contract.lines import contract_lines
    from sroi.commissioning.contract.study import study_contract

    keep_apart("--json", options.json, options.file, options.register)
    on = day_of(options.on)
    register = _register(options.file)
    promised: dict[str, float] = {}
    if options.register is not None:
        from sroi.commissioning.contract.promises import promised_by_measure

        promised = promised_by_measure(options.register, register.contract.contract_id)
    study = study_contract(register, on or date.today(), options.period, promised)
    if options.json:
        write_json(options.json, study.to_dict(), options.file)
    if options.json != "-":
        say(*contract_lines(study, on is None))
    given: dict[str, Any] = {"contract": Path(options.file), "on": study.on.isoformat(), "period": options.period}
    leave_paper("contract", given | ({"register": Path(options.register)} if options.register else {}), options)
    return DONE


def _register(file: str) -> Register:
    """Return the register in a form; of a file that holds open contracting data, say how a form is made of it."""
    from sroi.commissioning.contract.reading import read_contract

    try:
        return read_contract(file)
    except FileRefused as refusal:
        keys = [f"unknown key '{key}'" for key in ("releases", "records", "ocid")]
        if any(each.found.startswith(tuple(keys)) for each in refusal.problems):
            remedy = f"Make a form of it: `sroi commission contract --from {file} --to contract.xlsx`."
            raise FileRefused(Problem("this is open contracting data, and no form", remedy), file) from None
        raise


def day_of(written: str | None) -> date | None:
    """Return the day that --on gives; NameRefused for what is none."""
    from pydantic_core import PydanticCustomError

    from sroi.reading import read_day

    try:
        return None if written is None else read_day(written)
    except PydanticCustomError as error:
        told = error.context or {}
        raise NameRefused(Problem(f"--on: {told.get('found')}", str(told.get("remedy")))) from None


def _make(options: argparse.Namespace) -> int:
    """Write the form that an OCDS file fills, and say what was taken and what is left to fill in."""
    from sroi.commissioning.contract.releases import find_contract
    from sroi.files.safety import write_whole

    if options.to is None or options.file is not None:
        raise NameRefused(Problem("--from makes a form", "Name it with --to NEW.xlsx, and no other file."))
    keep_apart("--to", options.to, options.release)
    found = find_contract(Path(options.release), options.ocid or "", options.contract or "")
    write_whole(Path(options.to), _form(found, Path(options.to)), options.force)
    say(f"Wrote {options.to} from {options.release}.", *(f"  {note}" for note in found.notes))
    say("", f"Fill in what is missing, then run `sroi commission contract {options.to}`.")
    return DONE


def _form(found: Found, target: Path) -> bytes:
    from sroi.commissioning.contract.form import FORM
    from sroi.files.form_writer import form_bytes

    if target.suffix.lower() not in (".xlsx", ".yaml", ".yml"):
        raise FileRefused(
            Problem("a form is a workbook or YAML", "Give a name that ends in .xlsx or .yaml."), str(target)
        )
    return form_bytes(FORM, found.rows, target.suffix)
