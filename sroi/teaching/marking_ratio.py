"""The ratio that a team gives, beside the right one: whether it is right, and if not, which mistake it looks like."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from sroi.comparison.change import what_changed
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.teaching.key import TeamKey
from sroi.teaching.levels import flattened
from sroi.teaching.returned import Returned
from sroi.teaching.slips import agrees, likely_mistakes

_CAUSES = 3
# 1,930 is 1.93 to some and 1930 to others.
_TWO_WAYS = re.compile(r"(?<![\d.,])[1-9]\d{0,2},\d{3}(?![\d.,])")


@dataclass(frozen=True)
class RatioMark:
    """The ratio that a team gives (None if none), the right one, what is said of it, and notes for the trainer."""

    given: float | None
    right: float
    words: str
    notes: tuple[str, ...] = ()


def mark_ratio(
    team: TeamKey, stated: str, own: ImpactMap | None, given: ImpactMap | None, sheet: Returned | None = None
) -> RatioMark:
    """Return what becomes of a team's ratio.

    Parameters: `stated`, what the team wrote as its ratio, "" if nothing; `own`, its corrected map, None if there is
    none that can be reckoned; `given`, the map that it was given, None if none that can be reckoned; `sheet`, its
    spreadsheet, where it handed back that and no map: a plain sheet holds less than a map, and has a right ratio of
    its own. The ratio of the map is right there too, where the team wrote that one.
    """
    notes: list[str] = []
    told, digits = ratio_in(stated)
    shown = own if sheet is None else sheet.sheet
    reckoned = float(evaluate(shown).sroi_ratio) if shown is not None else math.nan
    if sheet is not None and sheet.shown_ratio is not None and math.isfinite(sheet.shown_ratio):
        # What the team reads in its spreadsheet is its answer, be the lines above it as right as they may.
        if not agrees(sheet.shown_ratio, reckoned):
            notes.append(
                f"the spreadsheet shows {sheet.shown_ratio:.2f} as its ratio, its lines come to {reckoned:.2f}"
            )
        reckoned = sheet.shown_ratio
    if stated and told is None:
        notes.append(_unread(stated))
    of_the_map = sheet is None or (told is not None and agrees(told, team.ratio, digits))
    right = team.ratio if of_the_map else team.sheet_ratio
    if told is not None and math.isfinite(reckoned) and not agrees(told, reckoned, digits):
        what = "map" if sheet is None else "spreadsheet"
        notes.append(f"the list gives {told:g} as the ratio, the {what} comes to {reckoned:.2f}")
    answer = told if told is not None else reckoned if math.isfinite(reckoned) else None
    if answer is None:
        return RatioMark(None, right, "no ratio could be read", tuple(notes))
    digits = digits if told is not None else None
    if agrees(answer, right, digits):
        if digits == 0 and not agrees(answer, right):
            notes.append(f"the ratio is given in whole numbers ({answer:g}): right so far, ask for a decimal or two")
        return RatioMark(answer, right, "right", tuple(notes))
    why = _why_wrong(team, answer, digits, own, given) if sheet is None else _mistakes(flattened(team.sound), answer, digits)  # fmt: skip  # noqa: E501
    return RatioMark(answer, right, f"not {right:.2f}{why}", tuple(notes))


def _unread(stated: str) -> str:
    """Return what is noted of a ratio that could not be read."""
    bare = stated.strip()[:40]
    if _TWO_WAYS.search(bare):
        return f"the ratio on the list, '{bare}', may mean a thousand or a decimal comma: not read, ask the team"
    return f"the ratio on the list, '{bare}', is no number"


def _why_wrong(team: TeamKey, answer: float, digits: int | None, own: ImpactMap | None, given: ImpactMap | None) -> str:
    reckoned = float(evaluate(own).sroi_ratio) if own is not None else math.nan
    at_first = float(evaluate(given).sroi_ratio) if given is not None else math.nan
    from_map = agrees(answer, reckoned, digits)
    if agrees(answer, at_first, digits) and (not from_map or math.isclose(reckoned, at_first, rel_tol=1e-9)):
        return ": it is the ratio of the map as it was given, with nothing put right"
    if own is not None and from_map:
        causes = [each for each in what_changed(team.sound, own).causes if abs(each.contribution) >= 0.005]
        told = "; ".join(f"{each.contribution:+.2f} from the {each.label}" for each in causes[:_CAUSES])
        more = len(causes) - _CAUSES
        rest = f"; and {more} smaller cause{'' if more == 1 else 's'}" if more > 0 else ""
        return f": {told}{rest}" if told else ""
    return _mistakes(team.sound, answer, digits)


def _mistakes(sound: ImpactMap, answer: float, digits: int | None) -> str:
    mistakes = likely_mistakes(sound, answer, digits)
    return f": perhaps {' or '.join(mistakes)}" if mistakes else ": no single well-known slip gives it"


def ratio_in(text: str) -> tuple[float | None, int | None]:
    """Return the ratio that a team wrote, and how many decimals it gave; None for what is no ratio.

    A comma before three digits may part thousands or decimals: that is not guessed.

    >>> ratio_in("1.93 : 1"), ratio_in("1:2.1"), ratio_in("3"), ratio_in("a lot")
    ((1.93, 2), (2.1, 1), (3.0, 0), (None, None))
    >>> ratio_in("1,93"), ratio_in("1,930"), ratio_in("1.93:1.00")
    ((1.93, 2), (None, None), (1.93, 2))
    """
    one = r"(?:£|\$|€)?1(?:[.,]0{1,2})?"
    bare = re.sub(rf"^{one}\s*:\s*(?=\S)|\s*(?::|to)\s*{one}$", "", text.strip().lower()[:40])
    found = re.fullmatch(r"[£$€]?\s*(-?\d{1,7}(?:[.,]\d{1,12})?)", bare)
    if found is None or _TWO_WAYS.search(found[1]):
        return None, None
    number = found[1].replace(",", ".")
    return float(number), len(number.partition(".")[2])
