"""Where each of the eight principles is shown: which file of the pack, which section of the report."""

from __future__ import annotations

from dataclasses import dataclass

from sroi.reports.blocks import Story

# Sections of the report, by name, where the principle is shown, in the order of the report.
_SECTIONS = {
    1: ("stakeholders",),
    2: ("theory_of_change", "changes", "map", "not_counted"),
    3: ("map", "evidence", "outcomes"),
    4: ("materiality", "not_counted", "sensitivity"),
    5: ("deductions", "ladder", "sensitivity", "uncertainty", "limits"),
    6: ("purpose", "evidence", "sources", "method"),
    7: ("method", "findings"),
    8: ("decisions", "to_find_out"),
}
# Files of the pack, with what to look at in each.
_FILES: dict[int, tuple[tuple[str, str], ...]] = {
    1: (("involvement.csv", "stage 'outcomes': who named what changes, how, how many, how chosen"),),
    2: (("value_map.xlsx", "sheet Outcomes: description, direction, leads to, indicator"),),
    3: (
        ("involvement.csv", "stage 'value': who had a say in what it is worth"),
        ("evidence.csv", "rows of kind 'proxy': price, source, price year"),
    ),
    4: (
        ("decisions.csv", "relevance, significance, reason and by whom, for what counts and for what does not"),
        ("involvement.csv", "columns 'included' and 'reason', and stage 'materiality'"),
    ),
    5: (
        ("evidence.csv", "rows of kind 'deadweight', 'displacement', 'attribution' and 'drop_off', with their reasons"),
        ("value_map.xlsx", "sheet Result: from gross value to what can be claimed"),
    ),
    6: (
        ("evidence.csv", "every number, with its source, and its line or cell in the file"),
        ("decisions.csv", "rows 'convention chosen': the rules of reckoning"),
    ),
    7: (
        ("value_map.xlsx", "its formulas reckon the total anew; change a number and see"),
        ("result.json", "the figures in full precision, and the SHA-256 of the value map"),
        ("findings.csv", "what this program would ask"),
        ("involvement.csv", "stage 'verification': who checked the results, and what they said"),
        ("SHA256SUMS.txt", "that no file was changed since: sha256sum -c SHA256SUMS.txt"),
    ),
    8: (("findings.csv", "what to put right first"),),
}


@dataclass(frozen=True)
class Place:
    """Where to look: a file, the section of the report if it is that, and what is seen there."""

    file: str
    section: str
    words: str

    @property
    def address(self) -> str:
        """The file, with the section's mark."""
        return f"{self.file}#{self.section}" if self.section else self.file


def shown(principle: int, story: Story, files: set[str]) -> list[Place]:
    """Return the places where a principle is shown; only those that this report and this pack have."""
    places = [
        Place("report.html", name, f"Report: {story[name].heading}")
        for name in _SECTIONS[principle]
        if name in story.names
    ]
    places += [Place(name, "", words) for name, words in _FILES[principle] if name in files]
    extra = {6: ("CHANGES.csv", "what changed since the earlier version"), 7: ("CHANGES.md", "why the ratio changed")}
    if principle in extra and extra[principle][0] in files:
        places.append(Place(extra[principle][0], "", extra[principle][1]))
    return places
