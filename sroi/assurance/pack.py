"""The pack itself: every file of it as bytes, and the zip made of them. The same map gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from sroi import wording
from sroi.assurance import changes, trail
from sroi.assurance.index import MOST_QUESTIONS, Index, index_markdown, index_page, plain
from sroi.assurance.shown import shown
from sroi.comparison import what_changed
from sroi.errors import FileRefused, Problem
from sroi.evaluation import evaluate
from sroi.files.safety import write_whole
from sroi.files.value_maps import WORKBOOKS, YAML
from sroi.files.workbook_writer import workbook_bytes
from sroi.files.yaml import to_yaml
from sroi.findings import Findings
from sroi.impact_map import ImpactMap
from sroi.provenance import document
from sroi.questions.licences import refuse_private
from sroi.questions.profile import DISCLAIMER, HEADINGS, Readiness, readiness
from sroi.reports import html
from sroi.reports.analysis import Analysis, analyse, headline
from sroi.reports.blocks import Story
from sroi.reports.story import tell
from sroi.reports.sureness import range_sentence
from sroi.result import Result

SUMS = "SHA256SUMS.txt"
# A zip holds a date for each file; one for all, the earliest it knows, so that the same map gives the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)

_WORDS = {
    "index.html": "this index, as a page",
    "INDEX.md": "this index, as plain text",
    "report.html": "the report, with an index to the principles",
    "value_map.xlsx": "the value map as a workbook with live formulas: it reckons the result by itself",
    "result.json": "figures in full precision, findings, readiness, provenance, for other programs",
    "evidence.csv": "every number: value, range, survey, source, reason, confidence, place in the file",
    "decisions.csv": "what counts and what does not, why, and who decided; the conventions chosen",
    "involvement.csv": "who took part, stage by stage, and where nothing is recorded",
    "findings.csv": "what this program would ask, why, and what to do",
    "readiness.csv": "principles and quality points: state, what it rests on, what would raise it",
    "readiness.md": "the same, to read",
    "CHANGES.md": "what changed since the earlier version, and why the ratio did",
    "CHANGES.csv": "everything in which the two versions differ",
    "change_of_ratio.csv": "what each cause adds to the change of the ratio",
    SUMS: "the SHA-256 of every other file",
}


@dataclass(frozen=True, eq=False)
class Pack:
    """The files of an assurance pack by name, and what they were made from."""

    files: dict[str, bytes]
    result: Result
    findings: Findings
    readiness: Readiness

    def zip_bytes(self) -> bytes:
        """Return all files as a zip: names sorted, one date for all."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in sorted(self.files):
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # the same on every system
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, self.files[name])
        return stream.getvalue()


def assurance_pack(
    impact_map: ImpactMap, earlier: ImpactMap | None = None, seed: int = 0, allow_private: bool = False
) -> Pack:
    """Return the assurance pack of a map: the report, the workbook, the trail, and an index to the principles.

    Parameters: `earlier`, a version of the map that it is compared with; `seed`, that of the simulation where one is
    needed; `allow_private`, whether a licence allows values to be passed on that may not be as a rule (LicenceRefused
    otherwise). Nothing of it assures anything: it is what an assurer asks for.
    """
    for each in (impact_map, *((earlier,) if earlier is not None else ())):
        refuse_private(each, "the assurance pack", allow_private)
    result = evaluate(impact_map)
    analysis = analyse(impact_map, result, seed=seed)
    profile = readiness(impact_map, result, analysis.findings)
    story = tell(analysis, "assurer")
    original = _original(impact_map)
    files = {
        "report.html": html.page(story).encode("utf-8"),
        "value_map.xlsx": workbook_bytes(impact_map),
        original: impact_map.origin.content if impact_map.origin is not None else to_yaml(impact_map).encode("utf-8"),
        "result.json": _json(analysis, profile),
        "evidence.csv": trail.csv_bytes(trail.EVIDENCE, trail.evidence(impact_map)),
        "decisions.csv": trail.csv_bytes(trail.DECISIONS, trail.decisions(impact_map, result)),
        "involvement.csv": trail.csv_bytes(trail.INVOLVEMENT, trail.involvement(impact_map)),
        "findings.csv": trail.csv_bytes(trail.FINDINGS, list(trail.findings(analysis.findings))),
        "readiness.csv": trail.csv_bytes(HEADINGS, profile.rows()),
        "readiness.md": _readiness_markdown(profile).encode("utf-8"),
    }
    changed: tuple[str, ...] = ()
    if earlier is not None:
        found = what_changed(earlier, impact_map)
        changed = tuple(changes.change_lines(found))
        files["CHANGES.csv"] = trail.csv_bytes(changes.CHANGES, changes.change_rows(found))
        files["change_of_ratio.csv"] = trail.csv_bytes(changes.CAUSES, changes.cause_rows(found))
        files["CHANGES.md"] = _changes_markdown(changed, earlier).encode("utf-8")
    index = _index(analysis, profile, story, {*files, "index.html", "INDEX.md", SUMS}, original, changed)
    files["index.html"] = index_page(index).encode("utf-8")
    files["INDEX.md"] = index_markdown(index).encode("utf-8")
    files[SUMS] = _sums(files)
    return Pack(files, result, analysis.findings, profile)


def write_pack(pack: Pack, path: str | Path, overwrite: bool = False) -> None:
    """Write the pack as a zip, whole or not at all; FileRefused if its name does not end so, or it is there already."""
    path = Path(path)
    if path.suffix.lower() != ".zip":
        raise FileRefused(Problem("an assurance pack is a zip", "Give it a name that ends in .zip."), str(path))
    write_whole(path, pack.zip_bytes(), overwrite)


def _original(impact_map: ImpactMap) -> str:
    """Return the name under which the file that was read lies in the pack: its own name is a stranger's text."""
    ending = Path(impact_map.origin.file).suffix.lower() if impact_map.origin is not None else ".yaml"
    return f"value_map_as_read{ending if ending in (*YAML, *WORKBOOKS) else '.txt'}"


def _json(analysis: Analysis, profile: Readiness) -> bytes:
    told = document(analysis.impact_map, analysis.result)
    told["findings"] = [finding.to_dict() for finding in analysis.findings]
    told["readiness"] = profile.to_dict()
    return (json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def _index(
    analysis: Analysis, profile: Readiness, story: Story, names: set[str], original: str, changed: tuple[str, ...]
) -> Index:
    words = {**_WORDS, original: "the value map, byte for byte as it was read"}
    principles = tuple(
        (point, tuple(shown(number, story, names))) for number, point in enumerate(profile.principles, 1)
    )
    return Index(
        title=analysis.impact_map.title,
        subtitle=f"{story.subtitle}: assurance pack",
        headline=_headline(analysis),
        sureness=range_sentence(analysis.uncertainty),
        rules=f"SROI ratio {wording.ratio(analysis.result.sroi_ratio)} : 1; {analysis.result.rules()}.",
        changed=changed,
        principles=principles,
        questions=tuple(analysis.findings.groups()[:MOST_QUESTIONS]),
        files={name: text for name, text in words.items() if name in names},
        read_from=_read_from(analysis.impact_map),
    )


def _headline(analysis: Analysis) -> str:
    if any(finding.kind == "unfilled" for finding in analysis.findings):
        return "DRAFT: the form is not filled in. These figures say nothing of any project."
    return headline(analysis)


def _read_from(impact_map: ImpactMap) -> str:
    origin = impact_map.origin
    if origin is None:
        return "The map was not read from a file."
    count = len(origin.repairs)
    mended = f" It was read with {count} guesses or repairs: see provenance in result.json." if count else ""
    return f"Read from {Path(origin.file).name}, SHA-256 {origin.sha256}.{mended}"


def _readiness_markdown(profile: Readiness) -> str:
    lines = [f"# {plain(profile.title)}: readiness", "", f"> {DISCLAIMER}", ""]
    for heading, points in (("The eight principles", profile.principles), ("What systematic reviews ask further", profile.quality_points)):  # fmt: skip  # noqa: E501
        lines += [f"## {heading}", ""]
        for point in points:
            lines += [f"### {point.name.split()[-1]}. {plain(point.heading)}", "", f"**{point.state}**", ""]
            lines += [f"- Rests on: {plain('; '.join(point.rests_on))}"]
            lines += [f"- Would raise it: {plain(remedy)}" for remedy in point.to_raise]
            lines += [f"- No program can see: {plain(point.unseen[:1].lower() + point.unseen[1:])}", ""]
    return "\n".join(lines)


def _changes_markdown(changed: tuple[str, ...], earlier: ImpactMap) -> str:
    origin = earlier.origin
    which = f"{Path(origin.file).name}, SHA-256 {origin.sha256}" if origin is not None else earlier.title
    return "\n".join(
        ["# What changed", "", f"Earlier version: {plain(which)}.", "", *(f"- {plain(line)}" for line in changed), ""]
    )


def _sums(files: dict[str, bytes]) -> bytes:
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return "".join(lines).encode("utf-8")
