// What cannot be between the parts of a map, and what a map lacks before it has a ratio. As sroi.coherence has it.

function coherence(check) {
  const { map } = check;
  for (const section of ["stakeholders", "inputs", "outcomes"]) {
    if (!(map[section] || []).length) check.lacks([section], "none_of", { section: say(`section.${section}`) });
  }
  if (check.missing.some(({ path }) => SECTIONS.includes(path[0]) && (path.length < 2 || path[2] === "id"))) return;
  uniqueIds(check);
  const known = {
    stakeholders: new Map(map.stakeholders.map((who) => [who.id, who])),
    outcomes: new Map(map.outcomes.map((outcome) => [outcome.id, outcome])),
  };
  const refersTo = (kind, name, path) => {
    if (name !== undefined && !known[kind].has(name)) check.no(path, "unknown_name", { name: shown(name) });
    return known[kind].get(name);
  };
  map.stakeholders.forEach((who, place) => wholeOf(check, who, ["stakeholders", place], known.stakeholders, refersTo));
  map.inputs.forEach((given, place) => {
    refersTo("stakeholders", given.stakeholder, ["inputs", place, "stakeholder"]);
    inputValueIsOne(check, given, ["inputs", place]);
  });
  (map.outputs || []).forEach((output, place) => refersTo("stakeholders", output.stakeholder, ["outputs", place, "stakeholder"]));
  map.outcomes.forEach((outcome, place) => outcomeHolds(check, outcome, ["outcomes", place], known, refersTo));
  byYearFits(check);
  if (check.impossible.length) return;
  namesAreKnown(check);
  const total = map.inputs.map((given) => (given.hours === undefined
    ? sum(given.value === undefined ? [0] : yearsOf(given.value, facts.kinds.sum_of_money))
    : baseOf(given.hours, facts.kinds.count) * (given.rate === undefined ? 0 : baseOf(given.rate, facts.kinds.sum_of_money))));
  if (sum(total) === 0) check.lacks(["inputs"], "inputs_are_nothing");
}

function uniqueIds(check) {
  const seen = new Set();
  for (const section of SECTIONS) {
    (check.map[section] || []).forEach((entry, place) => {
      if (seen.has(entry.id)) check.no([section, place, "id"], "id_twice", { name: shown(entry.id) });
      seen.add(entry.id);
    });
  }
}

function wholeOf(check, who, path, people, refersTo) {
  refersTo("stakeholders", who.part_of, [...path, "part_of"]);
  const seen = new Set([who.id]);
  let above = who.part_of;
  while (people.has(above) && !seen.has(above)) {
    seen.add(above);
    above = people.get(above).part_of;
  }
  if (above !== undefined && above === who.id) return void check.no([...path, "part_of"], "part_of_itself");
  const size = (each) => baseOf(each.size, facts.kinds.count);
  const members = [...people.values()].filter((each) => each.part_of === who.id && each.size !== undefined);
  const total = sum(members.map(size));
  if (who.size !== undefined && total > size(who) * (1 + 1e-12)) {
    check.no([...path, "size"], "parts_exceed", { parts: plainNumber(total), whole: plainNumber(size(who)), name: labelOf(who) });
  }
  return undefined;
}

function inputValueIsOne(check, given, path) {
  const [value, hours, rate] = ["value", "hours", "rate"].map((key) => given[key] !== undefined);
  if (value && (hours || rate)) check.no([...path, "hours"], "value_and_hours");
  else if (given.kind !== "time" && (hours || rate)) check.no([...path, "hours"], "hours_not_time");
  else if (rate && !hours) check.no([...path, "rate"], "rate_without_hours");
  else if (given.kind !== "time" && !value) check.lacks([...path, "value"], "input_without_value", { name: labelOf(given) });
}

function outcomeHolds(check, outcome, path, known, refersTo) {
  refersTo("stakeholders", outcome.stakeholder, [...path, "stakeholder"]);
  if (isPart(outcome.quantity)) {
    const who = refersTo("stakeholders", outcome.quantity.of, [...path, "quantity", "of"]);
    if (who && who.size === undefined) check.no([...path, "quantity", "of"], "no_size", { name: labelOf(who) });
  }
  (outcome.leads_to || []).forEach((other, place) => {
    if (other === outcome.id) check.no([...path, "leads_to", place], "leads_to_itself");
    else refersTo("outcomes", other, [...path, "leads_to", place]);
  });
  const { proxy } = outcome;
  if (proxy) {
    if (proxy.value !== undefined && proxy.anchored_to !== undefined) check.no([...path, "proxy", "value"], "value_and_anchor");
    if (proxy.value === undefined && proxy.anchored_to === undefined) check.lacks([...path, "proxy", "value"], "proxy_without_value", { name: labelOf(outcome) });
    if (proxy.anchored_to !== undefined) anchorHolds(check, outcome, [...path, "proxy", "anchored_to"], known.outcomes, refersTo);
    if (proxy.currency !== undefined && check.map.currency && proxy.currency !== check.map.currency) {
      check.no([...path, "proxy", "currency"], "other_currency", { found: proxy.currency, currency: check.map.currency });
    }
  }
  if (whyNotCounted(outcome, known.stakeholders) === null) {
    for (const key of ["quantity", "proxy"]) {
      if (outcome[key] === undefined) {
        const place = key === "proxy" ? [...path, "proxy", "value"] : [...path, key];
        check.lacks(place, `counts_without_${key}`, { name: labelOf(outcome) });
      }
    }
  }
}

function anchorHolds(check, outcome, path, outcomes, refersTo) {
  const other = refersTo("outcomes", outcome.proxy.anchored_to, path);
  if (!other) return;
  for (const each of [outcome, other]) {
    if (!(Number(each.weight) > 0)) check.no(path, "no_weight", { name: labelOf(each) });
  }
  const seen = new Set([outcome.id]);
  let here = other;
  while (here && !seen.has(here.id)) {
    seen.add(here.id);
    if (here.proxy === undefined) return void check.no(path, "anchor_without_proxy", { name: labelOf(here) });
    here = outcomes.get(here.proxy.anchored_to);
  }
  if (here && here.id === outcome.id) check.no(path, "anchored_in_circle");
}

// Where a number may be given year by year, and that it then has one for each year of activity.
function byYearFits(check) {
  const { map } = check;
  const years = Number((map.activity && map.activity.years) || 1);
  const look = (estimate, path, may) => {
    if (!isGroup(estimate) || !estimate.by_year) return;
    if (!may) check.no(path, "not_by_year");
    else if (estimate.by_year.length !== years) check.no(path, "wrong_years", { given: estimate.by_year.length, years });
  };
  map.stakeholders.forEach((who, place) => look(who.size, ["stakeholders", place, "size"], false));
  map.inputs.forEach((given, place) => {
    for (const key of ["value", "hours", "rate"]) look(given[key], ["inputs", place, key], key === "value");
  });
  (map.outputs || []).forEach((output, place) => look(output.quantity, ["outputs", place, "quantity"], false));
  map.outcomes.forEach((outcome, place) => {
    const path = ["outcomes", place];
    if (isPart(outcome.quantity)) {
      for (const key of ["share", "times"]) look(outcome.quantity[key], [...path, "quantity", key], false);
    } else look(outcome.quantity, [...path, "quantity"], true);
    if (outcome.proxy) look(outcome.proxy.value, [...path, "proxy", "value"], true);
    for (const key of DEDUCTIONS) look(outcome[key], [...path, key], true);
    for (const key of ["drop_off", "duration"]) look(outcome[key], [...path, key], false);
  });
}

// The names of numbers that scenarios and correlations use.
function namesUsed(map) {
  const inScenarios = Object.entries(map.scenarios || {}).flatMap(([scenario, numbers]) => Object.keys(numbers)
    .map((name) => ({ name, path: ["scenarios", scenario, name] })));
  const correlated = (map.correlations || []).flatMap((each, place) => each.numbers
    .map((name) => ({ name, path: ["correlations", place] })));
  return [...inScenarios, ...correlated];
}

function isNumberOf(numbers, name) {
  if (numbers.has(name)) return true;
  const head = name.slice(0, Math.max(name.lastIndexOf("."), 0));
  const year = name.slice(head.length + 1);
  const number = numbers.get(head);
  return number !== undefined && /^\d{1,4}$/.test(year) && Number(year) >= 1 && Number(year) <= number.values.length
    && (number.values.length > 1 || Boolean(number.estimate && number.estimate.by_year));
}

function namesAreKnown(check) {
  const used = namesUsed(check.map);
  if (!used.length) return;
  const numbers = numbersOf(check.map);
  for (const { name, path } of used) {
    if (!isNumberOf(numbers, name)) check.no(path, "unknown_number", { name: shown(name) });
  }
}

// ---- a map from a file, its short forms written out ----

const RANGE_KEYS = ["low", "high", "shape", "note", "confidence", "sample_size", "observed", "experts", "by_year"];

function tidied(part) {
  if (Array.isArray(part)) return part.filter((entry) => entry !== null).map(tidied);
  if (typeof part === "boolean") return part ? "yes" : "no";
  if (!isGroup(part)) return part;
  const entries = Object.entries(part).filter(([, inner]) => !isBlank(inner)).map(([key, inner]) => [key, tidied(inner)]);
  return Object.fromEntries(entries);
}

function writtenOut(raw) {
  const map = tidied(raw);
  if (!isGroup(map) || !Array.isArray(map.outcomes)) return map;
  map.outcomes = map.outcomes.map((outcome) => {
    if (!isGroup(outcome)) return outcome;
    const out = { ...outcome };
    if (out.proxy !== undefined && !isGroup(out.proxy)) out.proxy = { value: out.proxy };
    if (isGroup(out.proxy) && !isGroup(out.proxy.value)) {
      const beside = RANGE_KEYS.filter((key) => out.proxy[key] !== undefined);
      if (beside.length) {
        const rest = Object.fromEntries(Object.entries(out.proxy).filter(([key]) => !beside.includes(key) && key !== "value"));
        const value = Object.fromEntries(["value", ...beside].filter((key) => out.proxy[key] !== undefined).map((key) => [key, out.proxy[key]]));
        out.proxy = { ...rest, value };
      }
    }
    if (out.indicator !== undefined && !isGroup(out.indicator)) out.indicator = { text: out.indicator };
    if (out.starts !== undefined) out.starts = { 1: "during", 2: "after" }[String(out.starts).trim()] || out.starts;
    return out;
  });
  return map;
}
