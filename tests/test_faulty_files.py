"""Every fault of a value map that people and files can think of, with the exact words in which it is refused.

Each fault is one change to the same sound file. The message is written as it ought to read: what was found, where (line
and place), what to do, and nothing besides. Then chance: whatever the bytes, a map or a `SroiError`, and soon.
"""

from __future__ import annotations

import copy
import json
import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_maps import random_value_map

import sroi

SOUND = """\
sroi: 1
title: A befriending scheme
analysis: forecast
currency: GBP
price_year: 2024
activity: {start: 2024-04-01, years: 2}
conventions:
  discount_rate: 3.5%
stakeholders:
  - {id: residents, name: Residents, size: 30}
  - {id: carers, part_of: residents, size: 10}
inputs:
  - {id: grant, stakeholder: residents, kind: money, value: 1000}
outcomes:
  - id: visits
    stakeholder: residents
    quantity: 90
    weight: 4
    proxy: {value: 19, unit: visit}
    duration: 5
    deadweight: 10%
    drop_off: 10%
  - id: friends
    stakeholder: carers
    quantity: {of: carers, share: 60%, times: 2}
    weight: 8
    proxy: {anchored_to: visits}
    leads_to: [visits]
scenarios:
  pessimistic: {visits.quantity: 60}
"""
BEFORE_OUTCOMES = SOUND.partition("outcomes:")[0]

# fmt: off
# (what is wrong, the part of the sound file that is changed, what it is changed to, the message after the file's name)
FAULTS = [
    # ---- keys ----
    ("an unknown key", "price_year: 2024", "price_year: 2024\ncolour: blue",
     "line 6, colour: unknown key 'colour'. Known keys: sroi, title, organisation, activities, narrative, "
     "analysis, currency, price_year, activity, negative_outcomes_sought, conventions, stakeholders, inputs, "
     "outputs, outcomes, scenarios, correlations, published."),
    ("a misspelt key at the top", "activity:", "activty:",
     "line 6, activty: unknown key 'activty'. Did you mean 'activity'?"),
    ("a misspelt key of an outcome", "deadweight: 10%", "deadwieght: 10%",
     "line 21, outcomes, visits, deadwieght: unknown key 'deadwieght'. Did you mean 'deadweight'?"),
    ("a misspelt convention", "  discount_rate: 3.5%", "  discount_rat: 3.5%",
     "line 8, conventions, discount_rat: unknown key 'discount_rat'. Did you mean 'discount_rate'?"),
    ("a misspelt key of a part of a stakeholder", "times: 2", "time: 2",
     "line 25, outcomes, friends, quantity, time: unknown key 'time'. Did you mean 'times'?"),
    ("a misspelt key of a quantity", "quantity: 90", "quantity: {value: 90, hihg: 100}",
     "line 17, outcomes, visits, quantity, hihg: unknown key 'hihg'. Did you mean 'high'?"),
    ("a misspelt key of a proxy", "unit: visit", "unti: visit",
     "line 19, outcomes, visits, proxy, unti: unknown key 'unti'. Did you mean 'unit'?"),
    ("a misspelt key of an estimate", "deadweight: 10%", "deadweight: {value: 10%, sorce: survey}",
     "line 21, outcomes, visits, deadweight, sorce: unknown key 'sorce'. Did you mean 'source'?"),
    ("a merge key", "    duration: 5\n", "    <<: {duration: 5}\n",
     "line 20, outcomes, visits, <<: unknown key '<<'. Known keys: id, stakeholder, description, indicator, "
     "direction, quantity, amount_of_change, rank, weight, proxy, starts, duration, deadweight, displacement, "
     "attribution, drop_off, discount_rate, leads_to, valued, included, material, tags, place."),
    ("a key that stands twice", "    duration: 5\n", "    duration: 5\n    duration: 6\n",
     "line 21, outcomes, visits: the key 'duration' stands twice, first on line 20. Keep one of them."),
    ("a key at the top that stands twice", "price_year: 2024", "price_year: 2024\ntitle: Another",
     "line 6: the key 'title' stands twice, first on line 2. Keep one of them."),
    ("a title that is missing", "title: A befriending scheme\n", "",
     "'title' is missing. Add it."),
    ("a version that is missing", "sroi: 1\n", "",
     "'sroi' is missing. Add it."),
    ("a value map of version 2", "sroi: 1", "sroi: 2",
     "line 1, sroi: '2' is not a version of the value map that this program reads. Give 1."),
    ("an id that is missing in a list", "{id: carers, part_of: residents, size: 10}",
     "{id: carers, part_of: residents, size: 10}\n  - {name: Nurses}",
     "line 12, stakeholders, entry 3: 'id' is missing. Add it."),
    # ---- ids and references ----
    ("an id used in two sections", "id: friends", "id: grant",
     "line 23, outcomes, grant, id: the id 'grant' is used twice, first under inputs. Give each its own id."),
    ("an id used twice in a section", "{id: carers, part_of: residents, size: 10}",
     "{id: carers, part_of: residents, size: 10}\n  - {id: carers, size: 5}",
     "line 12, stakeholders, carers, id: the id 'carers' is used twice, first under stakeholders. Give each "
     "its own id."),
    ("an id with capitals", "id: grant", "id: GP grant",
     "line 13, inputs, GP grant, id: 'GP grant' is not an id. Use small letters, digits and _ and begin with a "
     "letter: gp_grant."),
    ("an id that begins with a figure", "id: grant", "id: 2nd_grant",
     "line 13, inputs, 2nd_grant, id: '2nd_grant' is not an id. Use small letters, digits and _ and begin with "
     "a letter: x_2nd_grant."),
    ("an unknown stakeholder", "stakeholder: carers", "stakeholder: carer",
     "line 24, outcomes, friends, stakeholder: there is no stakeholder 'carer'. Did you mean 'carers'?"),
    ("a stakeholder far from any", "stakeholder: carers", "stakeholder: volunteers",
     "line 24, outcomes, friends, stakeholder: there is no stakeholder 'volunteers'. Known: residents, carers."),
    ("a quantity of nobody", "of: carers", "of: cares",
     "line 25, outcomes, friends, quantity, of: there is no stakeholder 'cares'. Did you mean 'carers'?"),
    ("a part of nobody", "part_of: residents", "part_of: resident",
     "line 11, stakeholders, carers, part_of: there is no stakeholder 'resident'. Did you mean 'residents'?"),
    ("an outcome that leads to nothing known", "[visits]", "[visit]",
     "line 28, outcomes, friends, leads_to, entry 1: there is no outcome 'visit'. Did you mean 'visits'?"),
    ("an outcome that leads to itself", "[visits]", "[friends]",
     "line 28, outcomes, friends, leads_to, entry 1: 'friends' leads to itself. Name the outcomes that follow "
     "from it."),
    ("a proxy anchored to nothing known", "anchored_to: visits", "anchored_to: visit",
     "line 27, outcomes, friends, proxy, anchored_to: there is no outcome 'visit'. Did you mean 'visits'?"),
    ("a proxy anchored in a circle", "{value: 19, unit: visit}", "{anchored_to: friends}",
     "2 problems\n  line 19, outcomes, visits, proxy, anchored_to: 'visits' is anchored to itself, in a "
     "circle. Give one of them a value.\n  line 27, outcomes, friends, proxy, anchored_to: 'friends' is "
     "anchored to itself, in a circle. Give one of them a value."),
    ("an anchored proxy without a weight", "    weight: 8\n", "",
     "line 26, outcomes, friends, proxy, anchored_to: 'friends' is anchored, but has no weight above 0. Give "
     "its weight."),
    ("a proxy anchored to one without a weight", "    weight: 4\n", "",
     "line 26, outcomes, friends, proxy, anchored_to: 'friends' is anchored to 'visits', which has no weight "
     "above 0. Give visits a weight."),
    ("a stakeholder that is a part of itself", "name: Residents, size: 30", "part_of: residents",
     "line 10, stakeholders, residents, part_of: 'residents' is a part of itself. Let part_of name a larger "
     "stakeholder."),
    ("stakeholders that are parts of each other", "name: Residents, size: 30", "part_of: carers",
     "2 problems\n  line 10, stakeholders, residents, part_of: 'residents' is a part of itself. Let part_of "
     "name a larger stakeholder.\n  line 11, stakeholders, carers, part_of: 'carers' is a part of itself. Let "
     "part_of name a larger stakeholder."),
    ("parts that exceed their whole", "size: 10", "size: 40",
     "line 10, stakeholders, residents, size: the parts of 'residents' (carers) count 40, but the whole counts "
     "30. Parts may not exceed the whole: correct the sizes."),
    ("a share of a stakeholder without a size", "carers, part_of: residents, size: 10", "carers",
     "line 25, outcomes, friends, quantity, of: the quantity is a share of 'carers', which has no size. Give "
     "carers a size."),
    # ---- numbers ----
    ("a share of 120 per cent", "deadweight: 10%", "deadweight: 120%",
     "line 21, outcomes, visits, deadweight: '120%' is above 100 %. Give a share of at most 100 %."),
    ("25 where 25 per cent was meant", "deadweight: 10%", "deadweight: 25",
     "line 21, outcomes, visits, deadweight: '25' is above 1, which is 100 %. Did you mean 25%?"),
    ("a share below nothing", "deadweight: 10%", "deadweight: -10%",
     "line 21, outcomes, visits, deadweight: '-10%' is below 0. Give a share of at least 0."),
    ("words where a number belongs", "quantity: 90", "quantity: ninety",
     "line 17, outcomes, visits, quantity: 'ninety' stands where a number belongs. Give a number, such as 12."),
    ("words where a share belongs", "deadweight: 10%", "deadweight: some",
     "line 21, outcomes, visits, deadweight: 'some' stands where a number belongs. Give a share, such as 25% or 0.25."),
    ("a comma for thousands", "value: 1000", 'value: "1,234"',
     "line 13, inputs, grant, value: '1,234' is not written as a plain number. Did you mean 1234?"),
    ("a pound sign", "value: 19,", "value: £90,",
     "line 19, outcomes, visits, proxy, value: '£90' is not written as a plain number. Did you mean 90?"),
    ("a decimal comma", "deadweight: 10%", 'deadweight: "0,125"',
     "line 21, outcomes, visits, deadweight: '0,125' is not written as a plain number. Did you mean 0.125?"),
    ("points for thousands and a decimal comma", "value: 1000", 'value: "1.234,50"',
     "line 13, inputs, grant, value: '1.234,50' is not written as a plain number. Did you mean 1234.50?"),
    ("a minus that is a dash", "value: 19,", "value: −19,",
     "line 19, outcomes, visits, proxy, value: '−19' is not written as a plain number. Did you mean -19?"),
    ("a unit beside a number", "quantity: 90", "quantity: 90 visits",
     "line 17, outcomes, visits, quantity: '90 visits' stands where a number belongs. Did you mean 90?"),
    ("digits that a reader of English cannot check", "quantity: 90", "quantity: ٣",
     "line 17, outcomes, visits, quantity: '٣' stands where a number belongs. Give a number, such as 12."),
    ("a per cent where a count belongs", "quantity: 90", "quantity: 50%",
     "line 17, outcomes, visits, quantity: '50%' is a per cent, but this is a number. Give a plain number."),
    ("yes where a number belongs", "quantity: 90", "quantity: yes",
     "line 17, outcomes, visits, quantity: 'yes' stands where a number belongs. Give a number, such as 12."),
    ("a list where a number belongs", "quantity: 90", "quantity: [90]",
     "line 17, outcomes, visits, quantity: a list stands where a number belongs. Give a number, such as 12."),
    ("a group without a number", "quantity: 90", "quantity: {note: guessed}",
     "line 17, outcomes, visits, quantity: no number is given. Give `value`, which is the base case."),
    ("no number", "value: 19,", "value: .nan,",
     "line 19, outcomes, visits, proxy, value: '.nan' is not a finite number. Give a number, such as 12."),
    ("an infinite number", "quantity: 90", "quantity: .inf",
     "line 17, outcomes, visits, quantity: '.inf' is not a finite number. Give a number, such as 12."),
    ("a number too large to hold", "quantity: 90", "quantity: 1e400",
     "line 17, outcomes, visits, quantity: '1e400' is not a finite number. Give a number, such as 12."),
    ("a number too large to mean", "quantity: 90", "quantity: 1e300",
     "line 17, outcomes, visits, quantity: '1e300' is above 1e+15. Give a number of at most 1e+15."),
    ("a negative duration", "duration: 5", "duration: -1",
     "line 20, outcomes, visits, duration: '-1' is below 0. Give a number of years of at least 0."),
    ("a negative input", "value: 1000", "value: -1000",
     "line 13, inputs, grant, value: '-1000' is below 0. Give a sum of money of at least 0. A loss is told by "
     "a negative proxy."),
    ("a negative head count", "size: 10", "size: -1",
     "line 11, stakeholders, carers, size: '-1' is below 0. Give a count of at least 0."),
    ("a negative weight", "weight: 4", "weight: -4",
     "line 18, outcomes, visits, weight: '-4' is below 0. Give a count of at least 0."),
    ("a rate of 3.5", "discount_rate: 3.5%", "discount_rate: 3.5",
     "line 8, conventions, discount_rate: '3.5' is above 1, which is 100 %. Did you mean 3.5%?"),
    ("a rate of -100 per cent", "discount_rate: 3.5%", "discount_rate: -100%",
     "line 8, conventions, discount_rate: '-100%' is a rate of -100 % or less. Give a rate above -100 % and at "
     "most 100 %."),
    ("half a year of activity", "years: 2", "years: 1.5",
     "line 6, activity, years: '1.5' is not a number of years. Give a whole number from 1 to 100."),
    ("no year of activity", "years: 2", "years: 0",
     "line 6, activity, years: '0' is not a number of years. Give a whole number from 1 to 100."),
    ("by_year of the wrong length", "quantity: 90", "quantity: {by_year: [1, 2, 3]}",
     "line 17, outcomes, visits, quantity, by_year: by_year has 3 entries, but the activity runs for 2 years. "
     "Give one entry for each year of activity, or correct activity: years."),
    ("by_year where it may not stand", "duration: 5", "duration: {by_year: [1, 2]}",
     "line 20, outcomes, visits, duration, by_year: duration is given by year. Only quantity, proxy, "
     "deadweight, displacement, attribution and an input's value may be."),
    ("by_year without years", "quantity: 90", "quantity: {by_year: []}",
     "line 17, outcomes, visits, quantity: an empty list stands where a list of numbers belongs. Write it as "
     "[1, 2, 3]."),
    ("by_year with a word", "quantity: 90", "quantity: {by_year: [1, two]}",
     "line 17, outcomes, visits, quantity, by_year, entry 2: 'two' stands where a number belongs. Give a "
     "number, such as 12."),
    # ---- ranges ----
    ("a low above the value", "quantity: 90", "quantity: {value: 90, low: 95, high: 100}",
     "line 17, outcomes, visits, quantity: the value 90 lies outside its range, 95 to 100. Let low <= value <= high."),
    ("a low above the high", "quantity: 90", "quantity: {value: 90, low: 100, high: 80}",
     "line 17, outcomes, visits, quantity: low 100 is above high 80. Give the smaller one as low."),
    ("a low without a high", "quantity: 90", "quantity: {value: 90, low: 80}",
     "line 17, outcomes, visits, quantity: only low is given. Give both low and high, or neither."),
    ("a range without a value", "quantity: 90", "quantity: {low: 80, high: 100}",
     "line 17, outcomes, visits, quantity: no number is given. Give `value`, which is the base case."),
    ("a normal range without width", "quantity: 90", "quantity: {value: 90, low: 90, high: 90, shape: normal}",
     "line 17, outcomes, visits, quantity: a normal range from 90 to 90 has no width. Give a low below the "
     "high, or no range."),
    ("a lognormal range from 0", "quantity: 90", "quantity: {value: 90, low: 0, high: 100, shape: lognormal}",
     "line 17, outcomes, visits, quantity: a lognormal range begins at 0. Give a low above 0, or another shape."),
    ("a misspelt shape", "quantity: 90", "quantity: {value: 90, low: 0, high: 100, shape: triangle}",
     "line 17, outcomes, visits, quantity, shape: 'triangle' is not a shape. Did you mean 'triangular'?"),
    ("a beta shape without a range", "quantity: 90", "quantity: {value: 90, shape: {beta: [2, 5]}}",
     "line 17, outcomes, visits, quantity: the shape beta has no range. Give low and high."),
    ("chances that do not add up", "quantity: 90", "quantity: {value: 90, shape: {discrete: {80: 50%, 90: 40%}}}",
     "line 17, outcomes, visits, quantity, shape: the chances of the discrete values add up to 0.9. Let them "
     "add up to 1, none below 0."),
    ("an expert out of order", "quantity: 90", "quantity: {experts: [{low: 10, value: 5, high: 20}]}",
     "line 17, outcomes, visits, quantity: an expert says 10, 5, 20. Give low, value, high in order."),
    ("a survey with more yes than asked", "deadweight: 10%", "deadweight: {survey: {yes: 51, asked: 50}}",
     "line 21, outcomes, visits, deadweight, survey: the survey counts yes 51, but asked 50. 'yes' is a part "
     "of 'asked'."),
    ("a survey that asked nobody", "deadweight: 10%", "deadweight: {survey: {yes: 0, asked: 0}}",
     "line 21, outcomes, visits, deadweight, survey: the survey asked nobody. Give yes and asked, asked above 0."),
    ("a survey beside another value", "deadweight: 10%", "deadweight: {value: 20%, survey: {yes: 5, asked: 50}}",
     "line 21, outcomes, visits, deadweight: value and survey are both given, and they differ. Keep one of them."),
    ("a survey for what is no share", "quantity: 90", "quantity: {survey: {yes: 5, asked: 50}}",
     "line 17, outcomes, visits, quantity: survey counts give a share, but this is no share. Give a plain number."),
    ("a confidence that is no colour here", "quantity: 90", "quantity: {value: 90, confidence: yellow}",
     "line 17, outcomes, visits, quantity, confidence: 'yellow' is not one of the choices here. Give red, "
     "amber or green."),
    # ---- words ----
    ("a day that is none", "2024-04-01", "2024-02-30",
     "line 6, activity, start: '2024-02-30' is no day of the calendar. Give a date that exists, as 2024-04-01."),
    ("a day in another order", "2024-04-01", "01/04/2024",
     "line 6, activity, start: '01/04/2024' is not a date. Write it as year-month-day: 2024-04-01."),
    ("a currency in words", "GBP", "pounds",
     "line 4, currency: 'pounds' is not a currency code. Did you mean GBP? Give three capital letters of ISO 4217, such as GBP."),
    ("a proxy in another currency", "unit: visit", "currency: EUR",
     "line 19, outcomes, visits, proxy, currency: the proxy is in EUR, but the map is in GBP. Convert it to "
     "GBP and say how in its source."),
    ("a price year in words", "price_year: 2024", "price_year: last year",
     "line 5, price_year: 'last year' is not a price year. Give a year such as 2024, or a financial year such "
     "as 2023/24."),
    ("a financial year of two years", "price_year: 2024", "price_year: 2023/25",
     "line 5, price_year: '2023/25' is not a price year. Give a year such as 2024, or a financial year such as "
     "2023/24."),
    ("neither yes nor no", "    duration: 5\n", "    duration: 5\n    included: maybe\n",
     "line 21, outcomes, visits, included: 'maybe' stands where yes or no belongs. Give yes or no."),
    ("a misspelt timing", "  discount_rate: 3.5%", "  discount_timing: end-of-year",
     "line 8, conventions, discount_timing: 'end-of-year' is not one of the choices here. Did you mean "
     "'end_of_year'? Give end_of_year, mid_year, start_of_year or none."),
    ("a misspelt way of deducting", "  discount_rate: 3.5%", "  deductions: added",
     "line 8, conventions, deductions: 'added' is not one of the choices here. Did you mean 'add'? Give "
     "multiply or add."),
    ("a misspelt start of drop-off", "  discount_rate: 3.5%", "  drop_off_from: second",
     "line 8, conventions, drop_off_from: 'second' is not one of the choices here. Did you mean 'second_year'? "
     "Give second_year or first_year."),
    ("a misspelt schedule", "discount_rate: 3.5%", "discount_rate: green_book",
     "line 8, conventions, discount_rate: 'green_book' is neither a rate nor a schedule that is known. Did you "
     "mean 'uk_green_book'? Give a rate such as 3.5%, or the name of a schedule (`sroi rates` lists them)."),
    ("a misspelt kind of analysis", "forecast", "forcast",
     "line 3, analysis: 'forcast' is not one of the choices here. Did you mean 'forecast'? Give forecast or "
     "evaluative."),
    ("an unknown kind of input", "kind: money", "kind: cash",
     "line 13, inputs, grant, kind: 'cash' is not one of the choices here. Give money, time or goods."),
    ("a start that is neither", "    duration: 5\n", "    duration: 5\n    starts: 3\n",
     "line 21, outcomes, visits, starts: '3' is not one of the choices here. Give during or after."),
    ("a printed figure in words", "scenarios:", "published: {sroi_ratio: about two}\nscenarios:",
     "line 29, published, sroi_ratio: 'about two' is not a printed figure. Give it as printed, such as 1.93 or "
     "81,741.93."),
    # ---- groups and lists ----
    ("a list where a group belongs", "{start: 2024-04-01, years: 2}", "[2024-04-01, 2]",
     "line 6, activity: a list stands where a group of keys belongs. Write it as keys and values, such as {id: "
     ".., name: ..}."),
    ("a group where a list belongs", "inputs:\n  - {id: grant,", "inputs:\n    {id: grant,",
     "line 12, inputs: a group of keys stands where a list belongs. Begin each entry on its own line with '- '."),
    ("a word where a list belongs", "[visits]", "visits",
     "line 28, outcomes, friends, leads_to: 'visits' stands where a list belongs. Begin each entry on its own "
     "line with '- '."),
    ("a word where a group belongs", "{start: 2024-04-01, years: 2}", "two",
     "line 6, activity: 'two' stands where a group of keys belongs. Write it as keys and values, such as {id: "
     ".., name: ..}."),
    ("a group where words belong", "A befriending scheme", "{a: b}",
     "line 2, title: a group of keys stands where words belong. Give plain text; put it in quotes if it holds : or #."),
    ("inputs that are worth nothing", "value: 1000", "value: 0",
     "line 12, inputs: the inputs add up to 0, so there is no ratio. Give at least one input a value."),
    ("an input without a value", ", value: 1000", "",
     "line 13, inputs, grant: the input 'grant' has no value. Give its value; 0 if it cost nothing."),
    ("a proxy without a value", "{value: 19, unit: visit}", "{unit: visit}",
     "line 19, outcomes, visits, proxy: the proxy has no value. Give its value, or anchored_to another "
     "outcome; one of the two."),
    ("a proxy with two values", "{anchored_to: visits}", "{anchored_to: visits, value: 3}",
     "line 27, outcomes, friends, proxy: the proxy has a value and is anchored too. Give its value, or "
     "anchored_to another outcome; one of the two."),
    ("a quantity left empty", "quantity: {of: carers, share: 60%, times: 2}", "quantity:",
     "line 23, outcomes, friends: the outcome 'friends' counts, but has no quantity. Give it, or say valued: "
     "no to tell the outcome without a price."),
    # ---- scenarios and correlations ----
    ("a scenario with a misspelt number", "visits.quantity: 60", "visits.quantitty: 60",
     "line 30, scenarios, pessimistic, visits.quantitty: this map has no number 'visits.quantitty'. Did you "
     "mean 'visits.quantity'?"),
    ("a scenario with a misspelt outcome", "visits.quantity: 60", "visit.quantity: 60",
     "line 30, scenarios, pessimistic, visit.quantity: this map has no number 'visit.quantity'. Did you mean "
     "'visits.quantity'?"),
    ("a scenario with a number that is worked out", "visits.quantity: 60", "friends.quantity: 60",
     "line 30, scenarios, pessimistic, friends.quantity: 'friends.quantity' is worked out from other numbers. "
     "Change carers.size, friends.share or friends.times."),
    ("a scenario with an anchored proxy", "visits.quantity: 60", "friends.proxy: 60",
     "line 30, scenarios, pessimistic, friends.proxy: 'friends.proxy' is anchored to another outcome. Change "
     "visits.proxy."),
    ("a scenario with a year of a plain number", "visits.quantity: 60", "visits.quantity.2: 60",
     "line 30, scenarios, pessimistic, visits.quantity.2: 'visits.quantity.2' names a year, but "
     "visits.quantity is not given by year. Use visits.quantity."),
    ("a scenario with a year that is no number", "visits.quantity: 60", "visits.quantity.²: 60",
     "line 30, scenarios, pessimistic, visits.quantity.²: this map has no number 'visits.quantity.²'. Did you "
     "mean 'visits.quantity'?"),
    ("a scenario with an impossible number", "visits.quantity: 60", "visits.deadweight: 60",
     "line 30, scenarios, pessimistic, visits.deadweight: '60' is above 1, which is 100 %. Did you mean 60%?"),
    ("a scenario with words", "visits.quantity: 60", "visits.quantity: few",
     "line 30, scenarios, pessimistic, visits.quantity: 'few' stands where a number belongs. Give a number, "
     "such as 12."),
    ("a correlation of one", "scenarios:", "correlations: [{numbers: [visits.proxy], rank: 0.5}]\nscenarios:",
     "line 29, correlations, entry 1, numbers: a correlation of fewer than two numbers. Name two different "
     "numbers or more."),
    ("a rank correlation above 1", "scenarios:",
     "correlations: [{numbers: [visits.proxy, grant.value], rank: 1.5}]\nscenarios:",
     "line 29, correlations, entry 1, rank: '1.5' is above 1. Give a rank correlation of at most 1."),
    # ---- what YAML can do ----
    ("a tab", "  discount_rate", "\tdiscount_rate",
     "line 8: a tab stands where YAML wants spaces. Replace each tab by two spaces."),
    ("a quote that is never closed", "unit: visit", 'unit: "visit',
     "line 19: a quote that begins here is never closed. Close it, or take it out."),
    ("a bracket that is never closed", "unit: visit}", "unit: visit",
     "line 20: this is not YAML (did not find expected ',' or '}' while parsing a flow mapping). Check the "
     "brackets, quotes and indentation of this line and the one before; quote text that holds ': ' or ' #'."),
    ("a colon in a text", "A befriending scheme", "A scheme: befriending",
     "line 2: this is not YAML (mapping values are not allowed in this context). Check the brackets, quotes "
     "and indentation of this line and the one before; quote text that holds ': ' or ' #'."),
    ("a YAML tag", "quantity: 90", "quantity: !!float 90",
     "line 17, outcomes, visits, quantity: a YAML tag (tag:yaml.org,2002:float). Take it out: such a file "
     "holds plain text and numbers."),
    ("a YAML tag that would run a program", "A befriending scheme", "!!python/object/apply:os.system echo",
     "line 2, title: a YAML tag (tag:yaml.org,2002:python/object/apply:os.system). Take it out: such a file "
     "holds plain text and numbers."),
    ("an alias of nothing", "duration: 5", "duration: *d",
     "line 20: an alias (*) that no anchor (&) defines. Write the value out in full."),
    ("an alias of itself", "    duration: 5\n", "    tags: &d [*d]\n",
     "line 20: an alias (*) stands inside what it names. Write the value out in full."),
    ("a list as a key", "scenarios:", "? [a, b]\n: c\nscenarios:",
     "line 29: a group or list stands where a key belongs. Check the brackets; quote text that begins with { or [."),
    ("a control character", "A befriending", "A \x07befriending",
     "line 2: a control character, which YAML does not allow. Take it out."),]

NOT_TEXT = "this is not a text file. Give a YAML file, which is plain text."
NOT_A_MAP = "this file is not a value map. It must begin with `sroi: 1`; see `sroi new`."
EMPTY = "this file is empty. Begin one with `sroi new FILE`."
DEEP = "groups within groups, more than 20 deep. Nothing that is read here nests so deep: check the brackets."
# (what is wrong, the whole file, the message after the file's name)
WHOLE_FILES = [
    ("an empty file", "", EMPTY),
    ("a file of blank lines", "\n  \n\n", EMPTY),
    ("a file of comments", "# begun in May\n# to be finished\n", EMPTY),
    ("a file of one word", "hello\n", NOT_A_MAP),
    ("a list", "- sroi: 1\n", NOT_A_MAP),
    ("a picture", bytes(range(256)) * 8, NOT_TEXT),
    ("a workbook by another name", b"PK\x03\x04\x14\x00\x06\x00" + b"[Content_Types].xml" * 9, NOT_TEXT),
    ("a PDF by another name", b"%PDF-1.7\n" + b"words " * 9, NOT_TEXT),
    ("a text with a zero byte", SOUND.replace("befriending", "befr\0iending"), NOT_TEXT),
    ("UTF-16", SOUND.encode("utf-16"), "this text is stored as UTF-16. Save it as UTF-8."),
    ("Windows text", SOUND.replace("befriending", "café").encode("cp1252"),
     "line 2: a character (byte 0xe9) that is not UTF-8. Save the file as UTF-8."),
    ("brackets without end", "title: " + "[" * 50_000, f"line 1: {DEEP}"),
    ("groups without end", "\n".join("  " * depth + "a:" for depth in range(60)), f"line 22: {DEEP}"),
    ("aliases of aliases", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
     "line 6: aliases unfold into more than 200,000 parts. Write the values out in full."),
    ("two value maps in one file", f"{SOUND}---\n{SOUND}",
     "line 31: a second document begins. Keep one document in a file."),
    ("a quote never closed in the title", SOUND.replace("A befriending", '"A befriending'),
     "line 2: a quote that begins here is never closed. Close it, or take it out."),
    ("nothing but a version", "sroi: 1\n",
     "7 problems\n  'title' is missing. Add it.\n  'analysis' is missing. Add it.\n  'currency' is missing. Add it.\n"
     "  'price_year' is missing. Add it.\n  'stakeholders' is missing. Add it.\n  'inputs' is missing. Add it.\n"
     "  'outcomes' is missing. Add it."),
    ("no outcomes", BEFORE_OUTCOMES, "'outcomes' is missing. Add it."),
    ("an empty list of outcomes", BEFORE_OUTCOMES + "outcomes: []\n",
     "line 14, outcomes: there are no outcomes. Give at least one."),
    ("outcomes left empty", BEFORE_OUTCOMES + "outcomes:\n", "line 14: 'outcomes' is missing. Add it."),
    ("too many outcomes", BEFORE_OUTCOMES + "outcomes:\n" + "".join(
        f"  - {{id: o{n}, stakeholder: carers, quantity: 1, proxy: 1}}\n" for n in range(501)),
     "line 14, outcomes: there are more than 500 outcomes. Split the map."),
    ("a title as long as a book", SOUND.replace("befriending", "long " * 5000),
     "line 2, title: a text of 25,009 characters. Give at most 20,000."),
]
# fmt: on


def refusal(content: str | bytes) -> str:
    """Return the message with which a value map of this content is refused, after the name of the file."""
    Path("map.yaml").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    with pytest.raises(sroi.SroiError) as caught:
        sroi.read_value_map("map.yaml")
    name, _, message = str(caught.value).partition(": ")
    assert name == "map.yaml"
    return message


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_sound_file_is_sound():
    Path("map.yaml").write_text(SOUND, encoding="utf-8")

    assert len(sroi.read_value_map("map.yaml").outcomes) == 2


@pytest.mark.parametrize(("part", "change", "message"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_named_with_its_line_and_its_remedy(part, change, message):
    assert SOUND.count(part) == 1

    assert refusal(SOUND.replace(part, change)) == message


@pytest.mark.parametrize(("content", "message"), [row[1:] for row in WHOLE_FILES], ids=[row[0] for row in WHOLE_FILES])
def test_a_file_that_is_no_value_map_is_refused_in_words(content, message):
    began = time.process_time()

    assert refusal(content) == message
    assert time.process_time() - began < 2.0


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault():
    Path("map.yaml").write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    Path("plain.yaml").write_text(SOUND, encoding="utf-8")

    assert sroi.read_value_map("map.yaml") == sroi.read_value_map("plain.yaml")


# ---- files that are not there, or not files ----


def test_a_missing_file_is_answered_with_the_nearest_name():
    Path("value_map.yaml").write_text(SOUND, encoding="utf-8")

    with pytest.raises(sroi.SroiError) as caught:
        sroi.read_value_map("valuemap.yaml")
    assert str(caught.value) == "valuemap.yaml: there is no such file. Did you mean value_map.yaml?"


def test_a_missing_folder_is_said_to_be_missing():
    with pytest.raises(sroi.SroiError) as caught:
        sroi.read_value_map("maps/map.yaml")
    assert str(caught.value) == (
        "maps/map.yaml: there is no such file. There is no folder maps either: check the path."
    )


def test_a_folder_is_refused():
    Path("map.yaml").mkdir()

    with pytest.raises(sroi.SroiError) as caught:
        sroi.read_value_map("map.yaml")
    assert str(caught.value) == "map.yaml: this is a folder. Name a file."


@pytest.mark.parametrize(
    ("name", "found"),
    [("map.docx", "files ending in '.docx' are"), ("map", "files without an ending are")],
)
def test_a_file_of_another_kind_is_refused_by_its_ending(name, found):
    Path(name).write_text(SOUND, encoding="utf-8")

    with pytest.raises(sroi.SroiError) as caught:
        sroi.read_value_map(name)
    assert str(caught.value).startswith(f"{name}: {found} not value maps that this version knows. Give a ")


def test_a_file_of_200_megabytes_is_refused_at_once():
    with Path("map.yaml").open("wb") as stream:
        stream.truncate(200_000_000)
    began = time.process_time()

    with pytest.raises(sroi.SroiError) as caught:
        sroi.read_value_map("map.yaml")

    assert str(caught.value) == (
        "map.yaml: this file holds 200.0 MB, and a value map holds at most 5 MB. "
        "Check that it is a value map; take out what does not belong."
    )
    assert time.process_time() - began < 1.0


# ---- several at once ----


def test_all_faults_of_a_file_are_told_together_in_the_order_of_their_lines():
    content = SOUND
    for part, change in {
        "leads_to: [visits]": "leads_to: [visit]",
        "deadweight: 10%": "deadweight: 25",
        "currency: GBP": "currency: pounds",
        "duration: 5\n": "duration: 5\n    duration: 6\n",
        "value: 1000": "value: '1,000'",
    }.items():
        content = content.replace(part, change)

    assert refusal(content) == (
        "5 problems\n"
        "  line 4, currency: 'pounds' is not a currency code. Did you mean GBP? Give three capital letters of ISO 4217, such as GBP.\n"
        "  line 13, inputs, grant, value: '1,000' is not written as a plain number. Did you mean 1000?\n"
        "  line 21, outcomes, visits: the key 'duration' stands twice, first on line 20. Keep one of them.\n"
        "  line 22, outcomes, visits, deadweight: '25' is above 1, which is 100 %. Did you mean 25%?\n"
        "  line 29, outcomes, friends, leads_to, entry 1: there is no outcome 'visit'. Did you mean 'visits'?"
    )


def test_a_fault_in_every_entry_is_not_said_to_leave_none():
    assert "there are no" not in refusal(SOUND.replace("value: 1000", "value: much"))


def test_a_faulty_number_is_not_said_to_be_missing_by_those_who_refer_to_it():
    assert refusal(SOUND.replace("value: 19,", "value: cheap,")).count("\n") == 0
    assert refusal(SOUND.replace("size: 10", "size: few")).count("\n") == 0
    assert refusal(SOUND.replace("weight: 4", "weight: heavy")).count("\n") == 0


def test_a_key_with_the_marks_of_a_tag_is_an_unknown_key():
    assert refusal("<b>: 1\n" + SOUND).startswith("line 1, <b>: unknown key '<b>'. Known keys: sroi, title, ")


@pytest.mark.parametrize("nothing", ["", " ~", " null"])
def test_a_key_without_a_value_is_as_good_as_left_out(nothing):
    Path("map.yaml").write_text(SOUND.replace("drop_off: 10%", f"drop_off:{nothing}"), encoding="utf-8")
    Path("plain.yaml").write_text(SOUND.replace("    drop_off: 10%\n", ""), encoding="utf-8")

    assert sroi.read_value_map("map.yaml") == sroi.read_value_map("plain.yaml")


def test_a_year_of_five_thousand_digits_is_refused():
    far = "visits.quantity." + "9" * 5000

    assert "names a year" in refusal(f"{SOUND}correlations: [{{numbers: [{far}, visits.proxy], rank: 0.5}}]\n")


# ---- chance ----

by_chance = settings(
    deadline=timedelta(seconds=3),
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

LEAVES: list[Any] = [
    None, True, False, 0, -1, 2.5, 1e300, 10**400, float("nan"), float("-inf"), "", "no", "%", "25%", "1e999", "²", "१",
    "x" * 30_000, "residents.size", "outcome_0", "discount_rate", "outcome_0.quantity.²",
    "outcome_0.proxy." + "9" * 5000,
    [], {}, [None], [[]], {"": 1}, {"<part>": 1}, {"by_year": []}, {"by_year": [{"by_year": [1]}]}, {"value": None},
    {"survey": {}}, {"survey": {"yes": 1, "asked": 0}}, {"experts": [{}]}, {"experts": [{"low": None}]}, {"shape": {}},
    {"value": 1, "shape": {"beta": [0]}}, {"value": 1, "shape": {"discrete": {"x": 1}}}, {"of": []}, {"of": "people"},
    {"value": 1, "shape": {"empirical": [1]}}, {"anchored_to": []}, {"anchored_to": "outcome_0"},
    {"value": 1, "low": []},
]  # fmt: skip
KEYS = [
    "id",
    "value",
    "by_year",
    "low",
    "shape",
    "survey",
    "of",
    "share",
    "anchored_to",
    "weight",
    "rate",
    "<number>",
    "",
]


def parts_of(tree: Any) -> list[tuple[Any, Any]]:
    return list(tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ())


def places_in(tree: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every part of a tree."""
    return [way for key, part in parts_of(tree) for way in [(*place, key), *places_in(part, (*place, key))]]


def broken(tree: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return a valid tree with one to three of its parts replaced, taken out, moved or given a strange neighbour."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 3)):
        places = places_in(tree)
        *way, last = rng.choice(places)
        group = tree
        for key in way:
            group = group[key]
        change = rng.choice(["replace", "replace", "take out", "neighbour", "move"])
        if change == "replace":
            group[last] = copy.deepcopy(rng.choice(LEAVES))
        elif change == "take out":
            del group[last]
        elif change == "neighbour" and isinstance(group, dict):
            group[rng.choice(KEYS)] = copy.deepcopy(rng.choice(LEAVES))
        else:
            other: Any = tree
            for key in rng.choice(places):
                other = other[key] if isinstance(other, dict) and key in other else other
            group[last] = copy.deepcopy(other)
        if not places_in(tree):
            break
    return tree


def read_or_refuse(content: bytes) -> None:
    """Read a file of these bytes: a map that can be evaluated and written, or a SroiError in words of our own."""
    Path("map.yaml").write_bytes(content)
    refusal = None
    try:
        impact_map = sroi.read_value_map("map.yaml")
    except sroi.SroiError as error:
        refusal = error
    if refusal is not None:
        assert refusal.problems
        # The validator's own English, for a fault that nobody had thought of.
        assert "Correct it." not in str(refusal)
        return
    json.dumps(sroi.evaluate(impact_map).to_dict(), allow_nan=False)
    sroi.write_value_map(impact_map, "again.yaml", overwrite=True)
    assert sroi.read_value_map("again.yaml") == impact_map


@pytest.mark.parametrize("seed", range(400))
def test_a_map_broken_by_chance_is_read_or_refused(seed):
    rng = random.Random(seed)
    tree = broken(random_value_map(rng, most_outcomes=4), rng)

    read_or_refuse(yaml.safe_dump(tree).encode())


@given(st.binary(max_size=400))
@settings(by_chance, max_examples=200)
def test_any_bytes_are_read_or_refused(content):
    read_or_refuse(content)


@given(st.text(alphabet=st.sampled_from("sroi: 1\n-[]{},&*!|>'\"%@#?\t.~0a²é\u2028\x85"), max_size=60))
@settings(by_chance, max_examples=300)
def test_any_text_that_looks_like_yaml_is_read_or_refused(text):
    read_or_refuse(text.encode())
    read_or_refuse((SOUND + text).encode())


@given(st.data())
@settings(by_chance, max_examples=300)
def test_the_sound_file_with_letters_changed_is_read_or_refused(data):
    content = bytearray(SOUND.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.sampled_from([0, 1, 1, 5, 40]))
        content[place : place + length] = data.draw(
            st.sampled_from([b"", b" ", b"\n", b":", b"-", b"{", b"9", b"%", b"\xff"])
        )
    read_or_refuse(bytes(content))


trees = st.recursive(
    st.sampled_from([None, True, False, "25%", "no", "carers"]) | st.integers() | st.floats() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=4)
    | st.dictionaries(st.sampled_from([*KEYS, "sroi", "title", "outcomes", "quantity", "proxy"]), part, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(list(sroi.ImpactMap.model_fields)), trees, max_size=18))
@settings(by_chance, max_examples=300)
def test_any_tree_is_read_or_refused(tree):
    read_or_refuse(yaml.safe_dump(tree).encode())


@given(st.data())
@settings(by_chance, max_examples=300)
def test_the_sound_map_with_any_tree_in_one_place_is_read_or_refused(data):
    tree = yaml.safe_load(SOUND)
    *way, last = data.draw(st.sampled_from(places_in(tree)))
    group = tree
    for key in way:
        group = group[key]
    group[last] = data.draw(trees)
    read_or_refuse(yaml.safe_dump(tree).encode())
