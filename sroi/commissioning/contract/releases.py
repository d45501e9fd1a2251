"""A contract out of open contracting data (OCDS 1.1, with the United Kingdom's extension, as Find a Tender has it).

Nothing is fetched: the file is what it is. Of several releases of one process the newest that says a thing is taken.
Fields are read as their schemas define them: the OCDS release schema, the metrics extension (`agreedMetrics`,
`implementation.metrics`) and the Cabinet Office's extension (`amountGross`, `noAgreedMetricsRationale`,
`measureClassification`, `noticeType`, `specialRegime`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sroi.commissioning.contract.json_reading import Walker, read_json
from sroi.commissioning.contract.release_rows import rows_of
from sroi.errors import FileRefused, NameRefused, Problem, did_you_mean

_MOST_RELEASES = 20_000
_MOST_SHOWN = 12


@dataclass(frozen=True)
class Found:
    """What a file says of one contract: the rows of its form by sheet, and notes on what they rest on."""

    rows: Mapping[str, Any]
    notes: tuple[str, ...]


def find_contract(path: Path, ocid: str = "", contract: str = "") -> Found:
    """Return the form's rows for one contract of an OCDS file.

    Parameters: `ocid` names the process and `contract` the contract, where the file holds several. Raises FileRefused
    for a file that is none, NameRefused, listing what there is, where it is not plain which contract is meant.
    """
    walk = Walker()
    releases = list(_releases(read_json(path), walk, str(path)))
    _refuse(walk, path)
    if len(releases) > _MOST_RELEASES:
        raise FileRefused(
            Problem(f"this file holds {len(releases):,} releases", f"Give {_MOST_RELEASES:,} or fewer."), str(path)
        )
    own = _of_process(releases, ocid, walk, path)
    id_of_contract = _which_contract(own, contract, walk, path)
    rows, notes = rows_of(own, id_of_contract, walk)
    _refuse(walk, path)
    return Found(rows, tuple(notes))


def _refuse(walk: Walker, path: Path) -> None:
    if walk.problems:
        problems = walk.problems[:_MOST_SHOWN]
        more = len(walk.problems) - len(problems)
        if more:
            problems.append(Problem(f"and {more:,} more", "Mend these first."))
        raise FileRefused(problems, str(path))


def _releases(tree: Any, walk: Walker, name: str) -> Iterator[dict[str, Any]]:
    """Yield every release: of a release package, of a record package (the compiled ones), or the file's only one."""
    if not isinstance(tree, dict):
        raise FileRefused(Problem("this JSON is no release and no package of them", "Give an OCDS file."), name)
    if "compiledRelease" in tree or "versionedRelease" in tree:
        yield from _of_record(tree, "", walk)
    elif "releases" in tree:
        yield from (each for _, each in walk.groups(tree, "releases"))
    elif "records" in tree:
        for at, record in walk.groups(tree, "records"):
            yield from _of_record(record, at, walk)
    elif "ocid" in tree:
        yield tree
    else:
        known = ", ".join(list(tree)[:6]) or "nothing"
        found = f"this JSON has neither releases nor records nor an ocid (it has {known[:120]})"
        raise FileRefused(Problem(found, "Give a release package, a record package or a release of OCDS 1.1."), name)


def _of_record(record: dict[str, Any], at: str, walk: Walker) -> Iterator[dict[str, Any]]:
    compiled = walk.group(record, "compiledRelease", at=at)
    # A record may name its releases by address alone: nothing is fetched, so these say nothing here.
    whole = [each for _, each in walk.groups(record, "releases", at=at) if "ocid" in each]
    if compiled:
        yield {"ocid": record.get("ocid"), **compiled}
    else:
        yield from whole


def _of_process(releases: Sequence[dict[str, Any]], asked: str, walk: Walker, path: Path) -> list[dict[str, Any]]:
    """Return the releases of one process, the newest first."""
    titles: dict[str, str] = {}
    for place, each in enumerate(releases):
        ocid = walk.text(each, "ocid", at=f"releases[{place}]")
        title = walk.text(each, "tender", "title", at=f"releases[{place}]")
        titles[ocid] = titles.get(ocid) or title
    _refuse(walk, path)
    known = [each for each in titles if each]
    if not known:
        raise FileRefused(Problem("no release here has an ocid", "Give an OCDS file."), str(path))
    if asked and asked not in known:
        raise NameRefused(Problem(f"there is no process '{asked[:80]}' in {path}", did_you_mean(asked, known)))
    if not asked and len(known) > 1:
        listed = "; ".join(f"{each} ({titles[each][:60] or 'no title'})" for each in known[:_MOST_SHOWN])
        more = f"; and {len(known) - _MOST_SHOWN} more" if len(known) > _MOST_SHOWN else ""
        raise NameRefused(Problem(f"{path} holds {len(known)} processes", f"Say which by --ocid: {listed}{more}."))
    wanted = asked or known[0]
    own = [(walk.text(each, "date", at="release"), each) for each in releases if walk.text(each, "ocid") == wanted]
    return [each for _, each in sorted(own, key=lambda pair: pair[0], reverse=True)]


def _which_contract(releases: Sequence[dict[str, Any]], asked: str, walk: Walker, path: Path) -> str:
    """Return the id of the contract that is meant, empty where the process has none yet."""
    titles: dict[str, str] = {}
    for release in releases:
        for at, each in walk.groups(release, "contracts"):
            id = walk.text(each, "id", at=at)
            titles[id] = titles.get(id) or walk.text(each, "title", at=at)
    _refuse(walk, path)
    if asked:
        if asked not in titles:
            raise NameRefused(
                Problem(f"there is no contract '{asked[:80]}' in this process", did_you_mean(asked, list(titles)))
            )
        return asked
    if len(titles) > 1:
        listed = "; ".join(
            f"{each}{f' ({title[:60]})' if title else ''}" for each, title in list(titles.items())[:_MOST_SHOWN]
        )
        more = f"; and {len(titles) - _MOST_SHOWN} more" if len(titles) > _MOST_SHOWN else ""
        raise NameRefused(
            Problem(f"this process has {len(titles)} contracts", f"Say which by --contract: {listed}{more}.")
        )
    return next(iter(titles), "")
