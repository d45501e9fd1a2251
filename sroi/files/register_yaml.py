"""A register in YAML: a list of entries, or a group whose `entries` is one.

Most are written as plainly as can be: one `field: text` to a line, each entry begun by a dash. Where every line of a
file is of that form, and none could mean anything else, it is read line by line, in a tenth of the time that YAML's
own events take. One line that is not, such as a text that goes on below or a comment behind one, and the whole file is
read by events, which also word all that is wrong with it. A store of what was read before would be quicker still, but
could be out of date, and would keep a second copy of values that may not be passed on.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate, chain
from typing import Any

from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.evidence.register import FIELDS, Column, Table
from sroi.evidence.register_checks import shown
from sroi.files.register_columns import field_of, refuse_faults

_HEAD = re.compile(r"(?:#.*\n|\n)*(entries:\n)?(?:#.*\n|\n)*")
_DASHED = re.compile(r"( *)- (?=[a-z])")
_FIELD = re.compile(r"([a-z_]+): (.+)")
# Texts that stand on one line and mean themselves, to YAML and to people: in quotes, or bare. A bare one begins with a
# letter or digit, since signs may say more.
_QUOTED = re.compile(r'"(?:[^"\\]|\\["\\nt])*"')
_SINGLE = re.compile(r"'[^']*'")
_BARE = re.compile(r"-?[^\W_](?:[^\s:#]|:(?=\S)|(?<=\S)#| (?=[^\s#]))*")
_NULLS = frozenset(("null", "Null", "NULL"))


def read_yaml_register(content: bytes, name: str) -> Table:
    """Return the table of a YAML register; `name` is what messages call it."""
    return _by_lines(content, name) or _by_events(content, name)


# ---- line by line ----


def _by_lines(content: bytes, name: str) -> Table | None:
    """Return the table of a register in which every line is of the plainest form, None for any other."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except UnicodeDecodeError:
        return None
    head = _HEAD.match(text)
    dash = _DASHED.match(text, head.end()) if head else None
    if head is None or dash is None or not head[0].replace("\n", "").isprintable() or (dash[1] and not head[1]):
        return None
    entries = [entry.split(f"\n{dash[1]}  ") for entry in text[dash.end() :].split(f"\n{dash[1]}- ")]
    distinct = set(chain.from_iterable(entries))
    meant = {written: told for written in distinct if (told := _meant(written)) is not None}
    if len(meant) < len(distinct):  # one is of another form, or goes on below
        return None
    rows = [dict(map(meant.__getitem__, entry)) for entry in entries]
    if list(map(len, rows)) != list(map(len, entries)):  # a field stands twice
        return None
    columns = {field: [row.get(field, "") for row in rows] for field in FIELDS}
    lines = accumulate(map(len, entries[:-1]), initial=head[0].count("\n") + 1)
    return Table(name, {field: Column(texts, set(texts)) for field, texts in columns.items()}, list(lines))


def _meant(written: str) -> tuple[str, str] | None:
    """Return the field and the text that a line stands for, as YAML reads it; None where that is not plain to see.

    >>> _meant('unit: "per \\\\"visit\\\\""'), _meant("note: at 9:30, no#3"), _meant("note: [a]")
    (('unit', 'per "visit"'), ('note', 'at 9:30, no#3'), None)
    """
    parts = _FIELD.fullmatch(written)
    if parts is None or not written.isprintable() or (field := field_of(parts[1])) not in FIELDS:
        return None
    text = parts[2]
    if _QUOTED.fullmatch(text):
        return field, str(json.loads(text)).strip()
    if _SINGLE.fullmatch(text):
        return field, text[1:-1].strip()
    return (field, text) if _BARE.fullmatch(text) and text not in _NULLS else None


# ---- by events ----


def _by_events(content: bytes, name: str) -> Table:
    from sroi.files.yaml import yaml_tree

    tree, line_of, problems = yaml_tree(content, name)
    place: tuple[str | int, ...] = ()
    if isinstance(tree, dict) and "entries" in tree:
        problems += [
            Problem(f"a register has no key {shown(key)}", "It has `entries` alone.", line=line_of.get((key,)))
            for key in tree
            if key != "entries"
        ]
        tree, place = tree["entries"], ("entries",)
    if not isinstance(tree, list):
        found = "this file is no register: it holds no list of entries"
        raise FileRefused(Problem(found, "Begin one with `sroi proxies new FILE`."), name)
    rows, lines = [], []
    for number, group in enumerate(tree):
        here = (*place, number)
        row, wrong = _yaml_row(group, here, line_of)
        problems += wrong
        rows.append(row)
        lines.append(line_of.get(here, 0))
    refuse_faults(problems, name)
    return Table.of_rows(name, tuple(FIELDS), rows, lines)


def _yaml_row(
    group: Any, here: tuple[str | int, ...], line_of: dict[tuple[str | int, ...], int]
) -> tuple[list[str], list[Problem]]:
    if not isinstance(group, dict):
        found = "an entry is no group of keys"
        return [""] * len(FIELDS), [
            Problem(found, "Write it as id: .., outcome: .., and so on.", line=line_of.get(here))
        ]
    texts: dict[str, str] = {}
    problems = []
    for key, value in group.items():
        line, name = line_of.get((*here, key)), field_of(str(key))
        if name not in FIELDS:
            remedy = did_you_mean(name, FIELDS, f"Known: {', '.join(FIELDS)}.")
            problems.append(Problem(f"an entry has no field {shown(str(key))}", remedy, line=line))
        elif isinstance(value, dict | list):
            problems.append(Problem("a group or list stands where a text belongs", "Write one text.", name, line))
        elif name in texts:
            problems.append(Problem(f"the field '{name}' stands twice", "Keep one of them.", line=line))
        else:
            texts[name] = str(value).strip()
    return [texts.get(name, "") for name in FIELDS], problems
