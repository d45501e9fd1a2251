"""The class side by side as sections that a notebook shows: the ratios, and the step from one team to another."""

from __future__ import annotations

from sroi import plots, wording
from sroi.reports.blocks import Figure, Paragraph, Section
from sroi.teaching.classroom import ClassView, cause_words, interval_words, ratio_words


def ratios_section(view: ClassView) -> Section:
    """Return the section of the ratios: each team's as a dot, its interval as whiskers, in order of names."""
    ratios = [
        plots.ProjectRatio(team.team, team.ratio, team.interval, team.result.impact_map.analysis == "forecast")
        for team in view.teams
    ]
    said = "; ".join(f"{team.team} {ratio_words(team)}, {interval_words(team)}" for team in view.teams)
    figure = Figure(
        "ratios", "The teams' ratios in order of their names; this is no ranking", f"{said}.",
        lambda width: plots.picture(
            lambda axes: plots.project_ratios(ratios, axes), width, plots.projects_height(len(ratios), width)
        ),
    )  # fmt: skip
    return Section("ratios", "The ratios", (figure,))


def steps_section(view: ClassView) -> Section:
    """Return the section that walks from the map that all are held to, to the team that is furthest from it."""
    told = [team for team in view.teams if team.causes and team.changed is not None]
    heading = "What made them differ"
    if not told:
        return Section("steps", heading, (Paragraph("Nothing that moves a ratio differs between these maps."),))
    furthest = max(told, key=lambda team: abs(team.changed.change if team.changed is not None else 0.0))
    changed = furthest.changed
    assert changed is not None
    before, after = float(changed.before.sroi_ratio), furthest.ratio
    first = "; ".join(cause_words(cause) for cause in furthest.causes[:3])
    figure = Figure(
        "steps", f"From {view.held_to} to {furthest.team}, cause by cause",
        f"From {wording.ratio(before)} to {wording.ratio(after)}: {first}.",
        lambda width: plots.picture(
            lambda axes: plots.change(furthest.causes, before, after, axes), width,
            plots.rows_height(min(len(furthest.causes), plots.MOST_CAUSES) + 3, width),
        ),
    )  # fmt: skip
    words = [team.changed.sentences()[0] for team in told if team.changed is not None]
    paragraphs = tuple(Paragraph(f"{team.team}: {said}") for team, said in zip(told, words, strict=True))
    return Section("steps", heading, (*paragraphs, figure))
