// How figures and the rules beside them are said, as the program says them.

const MINUS = "\u2212";
const NO_BREAK = "\u00a0";
const SYMBOLS = { GBP: "£", EUR: "€", USD: "$" };

function grouped(number, decimals) {
  return Math.abs(number).toLocaleString(words.locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

function money(amount, currency, decimals = 0) {
  if (amount === null || !Number.isFinite(amount)) return say("no_figure");
  const text = grouped(amount, decimals);
  const sign = amount < 0 && /[1-9]/.test(text) ? MINUS : "";
  const symbol = SYMBOLS[currency];
  return symbol ? `${sign}${symbol}${text}` : `${currency}${NO_BREAK}${sign}${text}`;
}

// What stands beside a box in which money is typed: "£", or the letters of a currency without a sign here.
function moneySign(currency) {
  return SYMBOLS[currency] || currency || "";
}

function isMoney(field) {
  return ["proxy", "value", "rate"].includes(field);
}

function unitMoney(amount, currency) {
  return money(amount, currency, Number.isInteger(amount) ? 0 : 2);
}

function perCent(share, decimals = 1) {
  let text = (share * 100).toFixed(decimals);
  if (text.includes(".")) text = text.replace(/0+$/, "").replace(/\.$/, "");
  return `${text === "-0" ? "0" : text.replace("-", MINUS)}${NO_BREAK}%`;
}

function plainNumber(number) {
  if (Math.abs(number) > 0 && Math.abs(number) < 0.1) return String(Number(number.toPrecision(3))).replace("-", MINUS);
  return number.toLocaleString(words.locale, { maximumFractionDigits: 2 }).replace("-", MINUS);
}

function ratioText(ratio) {
  return ratio === null || !Number.isFinite(ratio) ? say("no_ratio") : ratio.toFixed(2).replace("-", MINUS);
}

function numberWords(value, field, currency) {
  if (isMoney(field)) return unitMoney(value, currency);
  if (kindOfField(field).per_cent) return perCent(value, 2);
  if (field === "duration") return say(value === 1 ? "one_year" : "many_years", { number: plainNumber(value) });
  return plainNumber(value);
}

// ---- the words that stand with every ratio ----

function rateWords(rate) {
  if (typeof rate === "string" && Object.hasOwn(facts.schedules, rate)) return facts.schedules[rate].words;
  const rates = yearsOf(rate, facts.kinds.rate);
  if (rates.length === 1) return say("rate_a_year", { rate: perCent(rates[0], 2) });
  return say("rates_by_year", { rates: rates.slice(0, 5).map((each) => perCent(each, 2)).join(", ") + (rates.length > 5 ? ", .." : "") });
}

// Which outcomes that count are discounted at a rate of their own, as the program says it.
function ownRateWords(map) {
  const people = new Map(map.stakeholders.map((who) => [who.id, who]));
  const at = new Map();
  for (const outcome of map.outcomes) {
    if (outcome.discount_rate === undefined || whyNotCounted(outcome, people) !== null) continue;
    const said = rateWords(outcome.discount_rate);
    at.set(said, [...(at.get(said) || []), outcome.id]);
  }
  return [...at].map(([rate, ids]) => say("own_rate_of", {
    who: ids.length > 3 ? say("so_many_outcomes", { number: ids.length }) : ids.join(", "), rate,
  })).join("; ");
}

function rulesText(map) {
  const rules = rulesOf(map);
  let timing = say(`timing.${rules.discount_timing}`);
  if (rules.discount_timing !== "none") {
    timing = say("timing_at", { timing, rate: rateWords(rules.discount_rate) });
    const own = ownRateWords(map);
    if (own) timing = say("own_rates", { timing, own });
    if (Number(rules.present_at)) timing = say("stated_in", { timing, year: plainText(Number(rules.present_at)) });
  }
  const unknown = String(map.price_year).trim().toLowerCase() === "not stated";
  const prices = unknown ? say("prices_unknown") : say("prices", { year: map.price_year });
  return `${say(`analysis.${map.analysis}`)}, ${map.currency}, ${prices}, ${timing}`;
}

// "about £1.90", or a whole number from ten on: no ratio is known to two decimals. A small one keeps what it has.
function roundedRatio(ratio, currency) {
  const steps = Math.abs(ratio) < 0.5 ? 100 : Math.abs(ratio) < 10 ? 10 : 1;
  return money(Math.round(ratio * steps) / steps, currency, steps === 1 ? 0 : 2);
}
