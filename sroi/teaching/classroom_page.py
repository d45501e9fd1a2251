"""The class side by side as one page for a projector: large type, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import math
from html import escape
from importlib.resources import files
from pathlib import Path

from sroi import wording
from sroi.files.safety import write_whole
from sroi.teaching.classroom import ClassView, TeamRatio, interval_words, ratio_words, signed
from sroi.version import __version__

# Causes told of each team; what moves a ratio by less than this is not told.
_TOLD, _NOTHING = 3, 0.005
_WIDTH, _HEIGHT = 420.0, 54.0


def class_page(view: ClassView) -> str:
    """Return the page: every ratio with its rules and interval in order of names, then what made them differ.

    All text of the teams is escaped, and a policy lets nothing run and nothing be loaded.
    """
    style = (files("sroi.teaching") / "classroom.css").read_text(encoding="utf-8").replace("\r\n", "\n")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    top = _top(view)
    rows = "\n".join(_team(team, top) for team in view.teams)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(view.case)}: the class side by side</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(view.case)}</h1>\n"
        f'<p class="said">{_count(view)}, in order of their names. This is no ranking: a higher ratio is not a better '
        f"answer.</p>\n{rows}\n{_differences(view)}\n{_about(view)}\n</main>\n{_foot(view)}\n</body>\n</html>\n"
    )


def write_class_page(view: ClassView, path: str | Path) -> Path:
    """Write the page for the projector, over an earlier one; return where it is."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_whole(Path(path), class_page(view).encode("utf-8"), overwrite=True)
    return Path(path)


def _count(view: ClassView) -> str:
    return "One team" if len(view.teams) == 1 else f"{len(view.teams)} teams"


def _top(view: ClassView) -> float:
    """Return where the scale of the ratios ends: a whole number above all of them."""
    ends = [team.interval[1] if team.interval else team.ratio for team in view.teams]
    known = [end for end in ends if math.isfinite(end)]
    return float(max(math.ceil(max(known, default=1.0) * 1.02), 1))


def _team(team: TeamRatio, top: float) -> str:
    ranged = f'<span class="range">Range {escape(interval_words(team))}.</span> ' if team.interval else ""
    rules = team.result.rules()
    return (
        f'<section class="team"><h3>{escape(team.team)}</h3><div class="ratio">{escape(ratio_words(team))}</div>'
        f"{_strip(team, top)}"
        f'<p class="rules">{ranged}{escape(rules[:1].upper() + rules[1:])}.</p></section>'
    )


def _strip(team: TeamRatio, top: float) -> str:
    """Return a ratio on the scale that all teams share, its interval as a bar, and a line at 1."""
    if not math.isfinite(team.ratio):
        return "<div></div>"
    low = float(min(0.0, team.ratio, *(team.interval or ())))

    def at(value: float) -> float:
        return float(round(8 + (min(max(value, low), top) - low) / (top - low) * (_WIDTH - 16), 1))

    said = f"{team.team}: {ratio_words(team)}" + (f", range {interval_words(team)}" if team.interval else "")
    parts = [f'<line x1="{at(low)}" y1="26" x2="{at(top)}" y2="26" stroke="#c9d3db" stroke-width="3"/>']
    for mark in sorted({low, 1.0, top}):
        parts.append(f'<line x1="{at(mark)}" y1="18" x2="{at(mark)}" y2="34" stroke="#4b5560" stroke-width="2"/>')
        anchor = "start" if mark == low else "end" if mark == top else "middle"
        parts.append(f'<text x="{at(mark)}" y="51" text-anchor="{anchor}">{mark:g}</text>')
    if team.interval:
        one, other = (at(end) for end in team.interval)
        parts.append(f'<rect x="{one}" y="19" width="{max(other - one, 2)}" height="14" fill="#9cc3dd"/>')
    parts.append(f'<circle cx="{at(team.ratio)}" cy="26" r="9" fill="#00548a" stroke="#fff" stroke-width="2"/>')
    return f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(said)}">{"".join(parts)}</svg>'


def _differences(view: ClassView) -> str:
    told = [_difference(team, view.held_to) for team in view.teams if team.changed is not None]
    if not told:
        return ""
    return (
        f"<h2>What made them differ from {escape(view.held_to)}</h2>\n"
        '<p class="said">What each cause adds to the ratio, or takes off it. But for rounding, the causes add up to '
        "the difference.</p>\n"
        f'<div class="pair">{"".join(told)}</div>'
    )


def _difference(team: TeamRatio, held_to: str) -> str:
    changed = team.changed
    assert changed is not None
    head = f"{team.team}: {ratio_words(team)}"
    if changed.why_not is not None:
        return (
            f"<section><h3>{escape(head)}</h3><p>By cause this cannot be told: {escape(changed.why_not)}.</p></section>"
        )
    told = [cause for cause in team.causes if abs(cause.contribution) >= _NOTHING]
    if not told:
        return f"<section><h3>{escape(head)}</h3><p>Nothing that moves the ratio differs.</p></section>"
    lines = [
        _line(signed(cause.contribution), cause.label + _from_to(cause.was, cause.now, held_to))
        for cause in told[:_TOLD]
    ]
    rest = math.fsum(cause.contribution for cause in team.causes) - math.fsum(
        cause.contribution for cause in told[:_TOLD]
    )
    more = len(team.causes) - len(told[:_TOLD])
    if more:
        lines.append(_line(signed(rest), f"{more} smaller cause{'' if more == 1 else 's'}"))
    return f"<section><h3>{escape(head)} ({escape(signed(changed.change))})</h3><ul>{''.join(lines)}</ul></section>"


def _from_to(was: str, now: str, held_to: str) -> str:
    plain = was and now and ";" not in was and len(was) + len(now) < 50
    return f" ({now}; {held_to if len(held_to) < 16 else 'there'} {was})" if plain else ""


def _line(by: str, words: str) -> str:
    return f'<li><span class="by">{escape(by)}</span><span>{escape(words[:1].upper() + words[1:])}</span></li>'


def _about(view: ClassView) -> str:
    found = [(words, moved) for words, moved in view.about() if moved >= _NOTHING]
    if not found:
        return ""
    lines = [_line(wording.ratio(moved), words) for words, moved in found]
    return (
        "<h2>What to talk about</h2>\n"
        '<p class="said">By how much each kind of number moves a team\'s ratio, on average, up or down.</p>\n'
        f"<ul>{''.join(lines)}</ul>"
    )


def _foot(view: ClassView) -> str:
    notes = "".join(f"<p>{escape(name)}: {escape(said)}.</p>" for name, said in view.notes[:12])
    unread = "".join(f"<p>Not shown: {escape(name)}: {escape(why)}</p>" for name, why in view.unread[:12])
    more = len(view.unread) - 12
    unread += f"<p>And {more} more files that are not shown.</p>" if more > 0 else ""
    made = f"An exercise: its numbers are invented. Made with sroi {escape(__version__)}."
    return f"<footer>{notes}{unread}<p>{made}</p></footer>"
