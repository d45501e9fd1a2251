"""The ratio that a team gives, beside the right one: whether it is right, and if not, which mistake it looks like."""

from __future__ import annotations

import math
import re

from sroi.comparison.change import what_changed
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.teaching.key import TeamKey
from sroi.teaching.slips import agrees, likely_mistakes

_CAUSES = 3


def mark_ratio(
    team: TeamKey, stated: str, own: ImpactMap | None, given: ImpactMap | None
) -> tuple[float | None, str, list[str]]:
    """Return the ratio that a team gives (None if none), what is said of it, and notes.

    Parameters: `stated`, what the team wrote as its ratio, "" if nothing; `own`, its corrected map, None if there is
    none that can be reckoned; `given`, the map that it was given.
    """
    notes: list[str] = []
    told, digits = ratio_in(stated)
    reckoned = float(evaluate(own).sroi_ratio) if own is not None else math.nan
    if stated and told is None:
        notes.append(f"the ratio on the list, '{stated[:40]}', is no number")
    if told is not None and math.isfinite(reckoned) and not agrees(told, reckoned, digits):
        notes.append(f"the list gives {told:g} as the ratio, the map comes to {reckoned:.2f}")
    answer = told if told is not None else reckoned if math.isfinite(reckoned) else None
    if answer is None:
        return None, "no ratio could be read", notes
    digits = digits if told is not None else None
    if agrees(answer, team.ratio, digits):
        return answer, "right", notes
    return answer, f"not {team.ratio:.2f}{_why_wrong(team, answer, digits, own, given)}", notes


def _why_wrong(team: TeamKey, answer: float, digits: int | None, own: ImpactMap | None, given: ImpactMap | None) -> str:
    if own is not None and agrees(answer, float(evaluate(own).sroi_ratio), digits):
        causes = [each for each in what_changed(team.sound, own).causes if abs(each.contribution) >= 0.005]
        told = "; ".join(f"{each.contribution:+.2f} from the {each.label}" for each in causes[:_CAUSES])
        more = len(causes) - _CAUSES
        rest = f"; and {more} smaller cause{'' if more == 1 else 's'}" if more > 0 else ""
        return f": {told}{rest}" if told else ""
    if given is not None and agrees(answer, float(evaluate(given).sroi_ratio), digits):
        return ": it is the ratio of the map as it was given, with nothing put right"
    mistakes = likely_mistakes(team.sound, answer, digits)
    return f": perhaps {' or '.join(mistakes)}" if mistakes else ": no single well-known slip gives it"


def ratio_in(text: str) -> tuple[float | None, int | None]:
    """Return the ratio that a team wrote, and how many decimals it gave; None for what is no ratio.

    >>> ratio_in("1.93 : 1"), ratio_in("1:2.1"), ratio_in("3"), ratio_in("a lot")
    ((1.93, 2), (2.1, 1), (3.0, 0), (None, None))
    """
    bare = re.sub(r"^(?:£|\$|€)?1\s*:\s*(?=\S)|\s*(?::|to)\s*(?:£|\$|€)?1$", "", text.strip().lower()[:40])
    found = re.fullmatch(r"[£$€]?\s*(-?\d{1,7}(?:[.,]\d{1,12})?)", bare)
    if found is None:
        return None, None
    number = found[1].replace(",", ".")
    return float(number), len(number.partition(".")[2])
