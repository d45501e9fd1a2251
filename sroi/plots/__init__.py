"""Figures, drawn from tables. The only place that imports matplotlib.

Each takes a result (or a table's rows) and `ax=None`, and returns the Axes. Blue and vermilion keep their contrast on
white and for colour-blind readers; colour never stands alone: signs, labels, hatching, dashes and marks say the same.
"""

from sroi.plots.bids import MOST_BIDS, MOST_PARTS, BidBar, bid_scores, bid_scores_height
from sroi.plots.chances import acceptability, distribution
from sroi.plots.change import MOST_CAUSES, change
from sroi.plots.change_theory import theory_of_change, theory_of_change_height, theory_of_change_in_words
from sroi.plots.delivering import Delivered, delivered, delivered_height, steps_between
from sroi.plots.drivers import Driver, information_value, variance_shares
from sroi.plots.flows import flows, flows_height, flows_in_words
from sroi.plots.ladder import value_by_stakeholder, waterfall
from sroi.plots.places import Area, class_breaks, place_map, place_map_height, share_by_name
from sroi.plots.prevention import EventYear, early_sign, events_averted
from sroi.plots.principles import PrincipleLevel, principle_levels, principle_levels_height
from sroi.plots.projects import ProjectRatio, project_ratios, projects_height, value_by_name
from sroi.plots.purses import wrong_pockets, wrong_pockets_height, wrong_pockets_in_words
from sroi.plots.spread import Spread
from sroi.plots.style import BLUE, GREY, INK, NARROW, VERMILION, WIDE, image, picture, rows_height
from sroi.plots.two_way import Scale, heat_map
from sroi.plots.what_if import spider, tornado
from sroi.plots.years import payback, payback_height, payback_in_words, value_by_year

__all__ = [
    "BLUE",
    "GREY",
    "INK",
    "MOST_BIDS",
    "MOST_CAUSES",
    "MOST_PARTS",
    "NARROW",
    "VERMILION",
    "WIDE",
    "Area",
    "BidBar",
    "Delivered",
    "Driver",
    "EventYear",
    "PrincipleLevel",
    "ProjectRatio",
    "Scale",
    "Spread",
    "acceptability",
    "bid_scores",
    "bid_scores_height",
    "change",
    "class_breaks",
    "delivered",
    "delivered_height",
    "distribution",
    "early_sign",
    "events_averted",
    "flows",
    "flows_height",
    "flows_in_words",
    "heat_map",
    "image",
    "information_value",
    "payback",
    "payback_height",
    "payback_in_words",
    "picture",
    "place_map",
    "place_map_height",
    "principle_levels",
    "principle_levels_height",
    "project_ratios",
    "projects_height",
    "rows_height",
    "share_by_name",
    "spider",
    "steps_between",
    "theory_of_change",
    "theory_of_change_height",
    "theory_of_change_in_words",
    "tornado",
    "value_by_name",
    "value_by_stakeholder",
    "value_by_year",
    "variance_shares",
    "waterfall",
    "wrong_pockets",
    "wrong_pockets_height",
    "wrong_pockets_in_words",
]
