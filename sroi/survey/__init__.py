"""From survey data to outcomes: answers before and after become quantities, with interval, sample and design strength.

The statistics know of no file; small numbers are left out where a study is made.
"""

from sroi.survey.answers import Answers, Counted
from sroi.survey.study import COMPARISONS, Claim, Rules, Study, study_answers

__all__ = ["COMPARISONS", "Answers", "Claim", "Counted", "Rules", "Study", "study_answers"]
