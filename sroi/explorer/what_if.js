// One number at a time: how far each is moved, and what the ratio is at both ends. As sroi.sensitivity has it.

const STEPS = { points: 0.1, proportion: 0.1, years: 1, rate: 0.01 };

function stepOf(number, value) {
  if (number.field === "duration") return STEPS.years;
  if (number.field === "discount_rate") return STEPS.rate;
  return kindOfField(number.field).per_cent ? STEPS.points : Math.abs(value) * STEPS.proportion;
}

function partsOf(estimate) {
  return isGroup(estimate) && estimate.by_year ? estimate.by_year : [estimate];
}

function hasOwnRange(estimate) {
  return partsOf(estimate).some((part) => isGroup(part)
    && (part.low !== undefined || part.survey || part.experts || isGroup(part.shape)));
}

// The range that an estimate states: low and high, the survey's 90 % interval, the experts' widest, the listed values.
function ownRange(estimate, kind) {
  const read = (raw) => readNumber(raw, kind);
  if (!isGroup(estimate)) return [read(estimate), read(estimate)];
  if (estimate.low !== undefined && estimate.high !== undefined) return [read(estimate.low), read(estimate.high)];
  if (estimate.survey) return surveyRange(estimate.survey);
  if (estimate.experts) {
    const views = estimate.experts.flatMap((expert) => [read(expert.low), read(expert.high)]);
    return [Math.min(...views), Math.max(...views)];
  }
  const listed = isGroup(estimate.shape) ? listedValues(estimate.shape).map(read) : [];
  if (listed.length) return [Math.min(...listed), Math.max(...listed)];
  return [baseOf(estimate, kind), baseOf(estimate, kind)];
}

function listedValues(shape) {
  if (shape.empirical) return shape.empirical;
  if (!shape.discrete) return [];
  if (isGroup(shape.discrete)) return Object.keys(shape.discrete);
  return shape.discrete.map((pair) => (Array.isArray(pair) ? pair[0] : pair.value));
}

// ---- the interval of a survey: Jeffreys' beta, yes + 1/2 and no + 1/2 ----

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x) {
  let series = LANCZOS[0];
  for (let at = 1; at < 9; at += 1) series += LANCZOS[at] / (x - 1 + at);
  const shift = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(shift) - shift + Math.log(series);
}

// The share of a beta distribution below x, by the continued fraction of its incomplete beta function.
function betaBelow(a, b, x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(b, a, 1 - x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  const tiny = (value) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / tiny(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / tiny(1 + even * d);
    c = tiny(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / tiny(1 + odd * d);
    c = tiny(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return (front * fraction) / a;
}

// The two numbers of the survey's beta, narrowed where the population is finite; null where all of it was asked.
function surveyLaw(survey) {
  const [yes, asked] = [Number(survey.yes), Number(survey.asked)];
  const [a, b] = [yes + 0.5, asked - yes + 0.5];
  if (survey.population === undefined) return [a, b];
  const others = Number(survey.population) - asked;
  if (others <= 0) return null;
  const unknown = others / Number(survey.population);
  const total = a + b;
  const mean = ((1 - unknown) * yes) / asked + (unknown * a) / total;
  const within = (a * b) / (total * (total + 1));
  const variance = unknown ** 2 * (within / total + within / others);
  const concentration = (mean * (1 - mean)) / variance - 1;
  return [mean * concentration, (1 - mean) * concentration];
}

const surveyRanges = new Map();

function surveyRange(survey) {
  const key = JSON.stringify([survey.yes, survey.asked, survey.population]);
  if (!surveyRanges.has(key)) {
    const law = surveyLaw(survey);
    const known = Number(survey.yes) / Number(survey.asked);
    surveyRanges.set(key, law === null ? [known, known] : [0.05, 0.95].map((chance) => betaQuantile(...law, chance)));
  }
  return surveyRanges.get(key);
}

function betaQuantile(a, b, chance) {
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 80; turn += 1) {
    const middle = (low + high) / 2;
    if (betaBelow(a, b, middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// ---- both ends of a number, and the ratio there ----

function rounded(number) {
  return Math.abs(number) < 1e21 ? Number(number.toFixed(12)) : number;
}

function endsOf(number) {
  const kind = kindOfField(number.field);
  if (number.estimate !== undefined && hasOwnRange(number.estimate)) {
    const ranges = partsOf(number.estimate).map((part) => ownRange(part, kind));
    return [ranges.map(([low]) => low), ranges.map(([, high]) => high)];
  }
  const lowest = kind.above_low ? kind.low + 1e-9 : kind.low;
  return [
    number.values.map((value) => rounded(Math.max(value - stepOf(number, value), lowest))),
    number.values.map((value) => rounded(Math.min(value + stepOf(number, value), kind.high))),
  ];
}

function summaryOf(number, values) {
  return number.field === "discount_rate" ? values[0] : sum(values) / values.length;
}

// What each number touches: the outcomes that count and the inputs, by their places.
function reachOf(layout) {
  const outcomes = new Map();
  const inputs = new Map();
  const add = (reach, name, place) => reach.set(name, [...(reach.get(name) || []), place]);
  layout.outcomes.forEach((outcome, place) => {
    if (!outcome.counted) return;
    const own = [...DEDUCTIONS, "drop_off", "duration"].map((field) => `${outcome.id}.${field}`);
    for (const name of [...outcome.quantity, outcome.proxy, ...own]) add(outcomes, name, place);
    if (layout.rules.discount_timing !== "none" && !layout.outcomes[place].rates) add(outcomes, "discount_rate", place);
  });
  layout.inputs.forEach((given, place) => {
    for (const name of given.numbers) add(inputs, name, place);
    if (layout.rules.discount_timing !== "none") add(inputs, "discount_rate", place);
  });
  return { outcomes, inputs };
}

// Every number that counts moved alone, widest first: {number, base, low, high, ratioLow, ratioHigh, spread, own}.
function oneWay(layout) {
  const reach = reachOf(layout);
  const moving = [...layout.numbers.values()].filter(({ name }) => reach.outcomes.has(name) || reach.inputs.has(name));
  const cases = moving.map((number) => ({ number, ends: endsOf(number) }));
  const longest = Math.max(1, ...cases.filter(({ number }) => number.field === "duration").map(({ ends }) => ends[1][0]));
  const count = Math.max(horizon(layout), Math.ceil(longest) + layout.years + 1);
  const clock = (rates) => [
    factorsOfYears(layout, rates, layout.rules.discount_timing, count),
    factorsOfYears(layout, rates, layout.rules.input_timing, layout.years),
  ];
  const baseClock = clock(layout.numbers.get("discount_rate").values);
  const ownClocks = ownFactors(layout, baseClock[0]);
  const worth = layout.outcomes.map((each, place) => (each.counted ? outcomeFigures(layout, each, ownClocks[place]).presentValue : 0));
  const put = layout.inputs.map((each) => inputValue(layout, each, baseClock[1]));

  const ratioAt = ({ name }, values) => {
    const [factors, inputFactors] = name === "discount_rate" ? clock(values) : baseClock;
    const moved = { [name]: values };
    const worthThere = worth.slice();
    const putThere = put.slice();
    for (const place of reach.outcomes.get(name) || []) {
      const own = layout.outcomes[place].rates ? ownClocks[place] : factors;
      worthThere[place] = outcomeFigures(layout, layout.outcomes[place], own, moved).presentValue;
    }
    for (const place of reach.inputs.get(name) || []) {
      putThere[place] = inputValue(layout, layout.inputs[place], inputFactors, moved);
    }
    return sum(putThere) > 0 ? sum(worthThere) / sum(putThere) : null;
  };
  const varied = cases.map(({ number, ends: [low, high] }) => {
    const [ratioLow, ratioHigh] = [ratioAt(number, low), ratioAt(number, high)];
    return {
      number, ratioLow, ratioHigh,
      base: summaryOf(number, number.values), low: summaryOf(number, low), high: summaryOf(number, high),
      spread: ratioLow === null || ratioHigh === null ? null : Math.abs(ratioHigh - ratioLow),
      own: number.estimate !== undefined && hasOwnRange(number.estimate),
    };
  });
  const order = (each) => (each.spread === null ? -1 : each.spread);
  return varied.sort((one, other) => order(other) - order(one));
}

// ---- sliders ----

function niceStep(width) {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  return power * ([5, 2, 1].find((step) => step * power <= width * (1 + 1e-9)) || 1);
}

// Between which ends a slider moves a number, in its own unit: its own range, or else three steps to each side.
function sliderOf(number) {
  const kind = kindOfField(number.field);
  const base = summaryOf(number, number.values);
  let [low, high] = endsOf(number).map((values) => summaryOf(number, values));
  if (number.estimate === undefined || !hasOwnRange(number.estimate)) {
    const far = 3 * stepOf(number, base);
    low = Math.max(base - far, kind.above_low ? kind.low + 0.01 : kind.low);
    high = Math.min(base + far, kind.high);
  }
  low = rounded(Math.min(low, base));
  high = rounded(Math.max(high, base));
  return { low, high, step: niceStep((high - low) / 100), base };
}

// The numbers of each year when a slider moves their mean: amounts in proportion, shares by the same points.
function movedTo(number, mean) {
  const kind = kindOfField(number.field);
  if (number.values.length === 1) return [mean];
  const base = summaryOf(number, number.values);
  const proportion = !kind.per_cent && base !== 0;
  const ranges = partsOf(number.estimate).map((part) => (hasOwnRange(part) ? ownRange(part, kind) : [kind.low, kind.high]));
  return number.values.map((value, year) => {
    const there = proportion ? (value * mean) / base : value + mean - base;
    return rounded(Math.min(Math.max(there, ranges[year][0]), ranges[year][1]));
  });
}
