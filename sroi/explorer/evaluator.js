// What a value map comes to: METHOD's formulas in plain loops. A test holds it to Python on random maps of every
// convention. No part of it touches the page.

const DEDUCTIONS = ["deadweight", "displacement", "attribution"];
const TIMES_OF_YEAR = { end_of_year: 0, mid_year: -0.5, start_of_year: -1 };
const LEFT_OUT_COUNTS_AS = { deadweight: 0, displacement: 0, attribution: 0, drop_off: 0, duration: 1 };
const LADDER = ["gross", "deadweight", "displacement", "attribution", "drop_off", "discounting", "total_present_value"];
const LARGEST_FACTOR = 1e300;
const LARGEST_TOTAL = 1e200;

// ---- the numbers, by name ----

function isGroup(raw) {
  return raw !== null && typeof raw === "object" && !Array.isArray(raw);
}

// The base case of a number: its value, or what the survey or the experts give.
function baseOf(estimate, kind) {
  if (!isGroup(estimate)) return readNumber(estimate, kind);
  if (estimate.value !== undefined) return readNumber(estimate.value, kind);
  if (estimate.survey) return Number(estimate.survey.yes) / Number(estimate.survey.asked);
  const views = estimate.experts.map((expert) => readNumber(expert.value, kind));
  return views.reduce((sum, view) => sum + view, 0) / views.length;
}

function yearsOf(estimate, kind) {
  return isGroup(estimate) && estimate.by_year
    ? estimate.by_year.map((entry) => baseOf(entry, kind))
    : [baseOf(estimate, kind)];
}

function labelOf(noun) {
  return noun.name || noun.description || noun.id;
}

function scheduleRates(name) {
  const { bands } = facts.schedules[name];
  const rates = new Array(facts.longest_schedule).fill(bands.at(-1)[2]);
  for (const [first, last, rate] of bands) {
    rates.fill(rate, Math.max(first, 1) - 1, last === null ? rates.length : last);
  }
  return rates;
}

function isPart(quantity) {
  return isGroup(quantity) && quantity.of !== undefined;
}

// The rates of each year of an outcome's own discount rate; undefined where it has none.
function ownRates(outcome) {
  const rate = outcome.discount_rate;
  if (rate === undefined) return undefined;
  return Object.hasOwn(facts.schedules, String(rate)) ? scheduleRates(rate) : [readNumber(rate, facts.kinds.rate)];
}

// Every number of a map by its name: {name, owner, field, label, values, estimate, path}.
function numbersOf(map) {
  const numbers = new Map();
  const add = (owner, field, label, estimate, path, leftOut = 0) => {
    const values = estimate === undefined ? [leftOut] : yearsOf(estimate, kindOfField(field));
    const name = owner ? `${owner}.${field}` : field;
    numbers.set(name, { name, owner, field, label, values, estimate, path });
  };
  map.stakeholders.forEach((who, at) => {
    if (who.size !== undefined) add(who.id, "size", `${labelOf(who)}: ${say("field.size")}`, who.size, ["stakeholders", at, "size"]);
  });
  map.inputs.forEach((given, at) => {
    for (const field of given.hours === undefined ? ["value"] : ["hours", "rate"]) {
      add(given.id, field, `${labelOf(given)}: ${say(`field.${field}`)}`, given[field], ["inputs", at, field]);
    }
  });
  map.outcomes.forEach((outcome, at) => {
    const label = (field) => `${labelOf(outcome)}: ${say(`field.${field}`)}`;
    const path = ["outcomes", at];
    if (isPart(outcome.quantity)) {
      add(outcome.id, "share", label("share"), outcome.quantity.share, [...path, "quantity", "share"]);
      add(outcome.id, "times", label("times"), outcome.quantity.times, [...path, "quantity", "times"], 1);
    } else if (outcome.quantity !== undefined) {
      add(outcome.id, "quantity", label("quantity"), outcome.quantity, [...path, "quantity"]);
    }
    if (outcome.proxy && outcome.proxy.value !== undefined) {
      add(outcome.id, "proxy", label("proxy"), outcome.proxy.value, [...path, "proxy", "value"]);
    }
    for (const [field, leftOut] of Object.entries(LEFT_OUT_COUNTS_AS)) {
      add(outcome.id, field, label(field), outcome[field], [...path, field], leftOut);
    }
  });
  const rate = rulesOf(map).discount_rate;
  add("", "discount_rate", say("field.discount_rate"), facts.schedules[rate] ? 0 : rate, ["conventions", "discount_rate"]);
  if (facts.schedules[rate]) Object.assign(numbers.get("discount_rate"), { values: scheduleRates(rate), estimate: undefined });
  return numbers;
}

function rulesOf(map) {
  return {
    discount_rate: "3.5%", discount_timing: "end_of_year", input_timing: "start_of_year", present_at: 0,
    deductions: "multiply", drop_off_from: "second_year", ...map.conventions,
  };
}

// ---- what counts ----

function whyNotCounted(outcome, people) {
  const who = people.get(outcome.stakeholder);
  const given = outcome.material && outcome.material.reason;
  const because = (key, reason, name) => (reason ? `${say(key, { name })}: ${reason}` : say(key, { name }));
  if (who && isNo(who.included)) return because("stakeholder_left_out", who.reason, labelOf(who));
  if (outcome.material && isNo(outcome.material.decision)) return because("not_material", given);
  if (isNo(outcome.included)) return given ? because("left_out", given) : say("left_out_plainly");
  if (isNo(outcome.valued)) return given ? because("without_price", given) : say("without_price_plainly");
  if (outcome.proxy && isYes(outcome.proxy.transfer)) return say("transfer_payment");
  return null;
}

// The outcome whose proxy has the money, and by how much to multiply it; null if the chain ends in none.
function anchorOf(outcome, outcomes) {
  let factor = 1;
  const seen = new Set();
  while (outcome && outcome.proxy && outcome.proxy.anchored_to !== undefined) {
    if (seen.has(outcome.id)) return null;
    seen.add(outcome.id);
    const other = outcomes.get(outcome.proxy.anchored_to);
    if (!other) return null;
    factor *= Number(outcome.weight || 0) / Number(other.weight || NaN);
    outcome = other;
  }
  return outcome && outcome.proxy && outcome.proxy.value !== undefined ? { id: outcome.id, factor } : null;
}

// A map laid out for reckoning: made once, and then asked for its figures at any numbers.
function laidOut(map) {
  const people = new Map(map.stakeholders.map((who) => [who.id, who]));
  const byId = new Map(map.outcomes.map((outcome) => [outcome.id, outcome]));
  const years = Number((map.activity && map.activity.years) || 1);
  const numbers = numbersOf(map);
  const isByYear = (name) => Boolean(numbers.get(name)?.estimate?.by_year);
  const outcomes = [];
  for (const outcome of map.outcomes) {
    const anchor = anchorOf(outcome, byId);
    if (outcome.quantity === undefined || anchor === null) continue;
    const quantity = isPart(outcome.quantity)
      ? [`${outcome.quantity.of}.size`, `${outcome.id}.share`, `${outcome.id}.times`]
      : [`${outcome.id}.quantity`];
    const proxy = `${anchor.id}.proxy`;
    const given = [`${outcome.id}.quantity`, proxy, ...DEDUCTIONS.map((field) => `${outcome.id}.${field}`)];
    outcomes.push({
      id: outcome.id, stakeholder: outcome.stakeholder, counted: whyNotCounted(outcome, people) === null,
      after: ["after", "2"].includes(String(outcome.starts).trim()) ? 1 : 0,
      cohorts: given.some(isByYear) ? years : 1,
      quantity, proxy, factor: anchor.factor, rates: ownRates(outcome),
    });
  }
  const inputs = map.inputs.map((given) => ({
    id: given.id, stakeholder: given.stakeholder,
    numbers: given.hours === undefined ? [`${given.id}.value`] : [`${given.id}.hours`, `${given.id}.rate`],
  }));
  return { map, rules: rulesOf(map), years, numbers, outcomes, inputs, people };
}

// ---- the formulas ----

function partOfYear(duration, age) {
  return Math.min(Math.max(duration - age, 0), 1);
}

function retention(dropOff, duration, age, firstYear) {
  return (1 - dropOff) ** (age + (firstYear ? 1 : 0)) * partOfYear(duration, age);
}

// What 1 at each time is worth at time 0; the last rate goes on.
function discountFactors(rates, times) {
  const growth = (year) => 1 + rates[Math.min(year, rates.length - 1)];
  const compound = [1];
  return times.map((time) => {
    const whole = Math.floor(time);
    while (compound.length <= whole) compound.push(compound.at(-1) * growth(compound.length - 1));
    return 1 / (compound[whole] * growth(whole) ** (time - whole));
  });
}

function factorsOfYears(layout, rates, timing, count) {
  const rules = layout.rules;
  const years = Array.from({ length: count }, (_, at) => at + 1);
  if (rules.discount_timing === "none" || timing === "none") return years.map(() => 1);
  let factors = discountFactors(rates, years.map((year) => year + TIMES_OF_YEAR[timing]));
  const at = Number(rules.present_at);
  if (at) {
    const base = discountFactors(rates, [at])[0];
    factors = factors.map((factor) => factor / base);
  }
  return factors.map((factor) => Math.min(factor, LARGEST_FACTOR));
}

function keptInTurn(shares, deductions) {
  const [d, s, a] = shares;
  return deductions === "add"
    ? [1, Math.max(0, 1 - d), Math.max(0, 1 - d - s), Math.max(0, 1 - d - s - a)]
    : [1, 1 - d, (1 - d) * (1 - s), (1 - d) * (1 - s) * (1 - a)];
}

function valuesNow(layout, moved) {
  return (name) => (moved && Object.hasOwn(moved, name) ? moved[name] : layout.numbers.get(name).values);
}

function lifeOf(layout, outcome, moved) {
  const now = valuesNow(layout, moved);
  const duration = now(`${outcome.id}.duration`)[0];
  const last = Math.ceil(duration);
  return { duration, last, ends: last > 0 ? last + outcome.after + outcome.cohorts - 1 : 0 };
}

// The factors of every outcome: its own where it has a rate of its own, else those at the map's rate.
function ownFactors(layout, factors) {
  const { discount_timing: timing } = layout.rules;
  return layout.outcomes.map(({ rates }) => (rates ? factorsOfYears(layout, rates, timing, factors.length) : factors));
}

// One outcome: gross value, after each deduction, after drop-off, present value, and value by year.
function outcomeFigures(layout, outcome, factors, moved) {
  const now = valuesNow(layout, moved);
  const { duration, last, ends } = lifeOf(layout, outcome, moved);
  const dropOff = now(`${outcome.id}.drop_off`)[0];
  const firstYear = layout.rules.drop_off_from === "first_year";
  let whole = 0;
  const left = [];
  for (let age = 0; age < last; age += 1) {
    whole += partOfYear(duration, age);
    left.push(retention(dropOff, duration, age, firstYear));
  }
  const inYear = (name, cohort) => {
    const values = now(name);
    return values.length > 1 ? values[cohort] : values[0];
  };
  const levels = [0, 0, 0, 0, 0];
  const byYear = new Array(ends).fill(0);
  const presentByYear = new Array(ends).fill(0);
  let presentValue = 0;
  for (let cohort = 0; cohort < outcome.cohorts; cohort += 1) {
    const quantity = outcome.quantity.reduce((product, name) => product * inYear(name, cohort), 1);
    const full = quantity * (inYear(outcome.proxy, cohort) * outcome.factor);
    const shares = DEDUCTIONS.map((field) => inYear(`${outcome.id}.${field}`, cohort));
    const kept = keptInTurn(shares, layout.rules.deductions);
    kept.forEach((part, step) => { levels[step] += full * part * whole; });
    const claimed = full * kept[3];
    for (let age = 0; age < last; age += 1) {
      const year = cohort + age + outcome.after;
      byYear[year] += claimed * left[age];
      levels[4] += claimed * left[age];
      presentByYear[year] += claimed * left[age] * factors[year];
      presentValue += claimed * left[age] * factors[year];
    }
  }
  return { id: outcome.id, stakeholder: outcome.stakeholder, counted: outcome.counted, levels, byYear, presentByYear, presentValue };
}

function inputValue(layout, given, factors, moved) {
  const now = valuesNow(layout, moved);
  const [first, second] = given.numbers.map(now);
  const yearly = second ? first.map((hours) => hours * second[0]) : first;
  return yearly.reduce((sum, value, year) => sum + value * factors[year], 0);
}

function payback(byYear, totalInputs) {
  let running = 0;
  for (let year = 0; year < byYear.length; year += 1) {
    const before = running;
    running += byYear[year];
    if (running >= totalInputs) return byYear[year] > 0 ? year + (totalInputs - before) / byYear[year] : year;
  }
  return null;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function horizon(layout, moved) {
  return Math.max(1, ...layout.outcomes.map((outcome) => lifeOf(layout, outcome, moved).ends));
}

// All figures of a map, named as the program's result document names them.
function figures(layout) {
  const rates = layout.numbers.get("discount_rate").values;
  const factors = factorsOfYears(layout, rates, layout.rules.discount_timing, horizon(layout));
  const inputFactors = factorsOfYears(layout, rates, layout.rules.input_timing, layout.years);
  const inputs = layout.inputs.map((given) => ({ ...given, value: inputValue(layout, given, inputFactors) }));
  const own = ownFactors(layout, factors);
  const priced = layout.outcomes.map((outcome, place) => outcomeFigures(layout, outcome, own[place]));
  const counted = priced.filter((outcome) => outcome.counted);
  const totalInputs = sum(inputs.map((given) => given.value));
  const total = sum(counted.map((outcome) => outcome.presentValue));
  const levels = [0, 1, 2, 3, 4].map((step) => sum(counted.map((outcome) => outcome.levels[step])));
  levels.push(total);
  const changes = [levels[0], ...levels.slice(1).map((level, step) => level - levels[step]), total];
  const years = Math.max(1, ...counted.map((outcome) => outcome.byYear.length));
  const byYear = Array.from({ length: years }, (_, at) => {
    const value = sum(counted.map((outcome) => outcome.byYear[at] || 0));
    return { year: at + 1, value, present_value: sum(counted.map((outcome) => outcome.presentByYear[at] || 0)) };
  });
  const ratio = (worth) => (totalInputs > 0 ? worth / totalInputs : null);
  const found = new Map(priced.map((outcome) => [outcome.id, outcome]));
  const notCounted = [];
  for (const outcome of layout.map.outcomes) {
    const reason = whyNotCounted(outcome, layout.people);
    const own = found.get(outcome.id);
    if (reason !== null) notCounted.push({ id: outcome.id, reason, ratio_with_it: own ? ratio(total + own.presentValue) : null });
  }
  const tooLarge = !(Math.abs(total) < LARGEST_TOTAL && totalInputs < LARGEST_TOTAL);
  return {
    too_large: tooLarge,
    total_inputs: totalInputs, total_present_value: total, net_present_value: total - totalInputs,
    sroi_ratio: ratio(total), net_sroi_ratio: ratio(total - totalInputs),
    payback_years: payback(byYear.map((year) => year.present_value), totalInputs),
    by_outcome: counted.map(({ id, stakeholder, levels: [gross], presentValue }) => ({ id, stakeholder, gross, present_value: presentValue })),
    by_stakeholder: layout.map.stakeholders.map(({ id }) => ({
      id,
      inputs: sum(inputs.filter((given) => given.stakeholder === id).map((given) => given.value)),
      present_value: sum(counted.filter((outcome) => outcome.stakeholder === id).map((outcome) => outcome.presentValue)),
    })),
    by_year: byYear,
    ladder: LADDER.map((step, at) => ({ step, value: changes[at] })),
    not_counted: notCounted,
  };
}

function evaluate(map) {
  return figures(laidOut(map));
}
