// The result drawn: tables whose last column is a bar, so that what is drawn is also said. Blue adds, vermilion takes away.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const MOST_ROWS = 12;

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

// A bar from one amount to another between the ends of a scale; `line` is where nothing, or the base case, lies.
function bar(from, to, low, high, line, kind) {
  const span = high > low ? high - low : 1;
  const place = (amount) => ((amount - low) / span) * WIDTH;
  const [left, right] = [place(Math.min(from, to)), place(Math.max(from, to))];
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} 20`, preserveAspectRatio: "none", "aria-hidden": "true", class: "bar" });
  if (from !== to) svg.append(drawn("rect", { x: left, y: 2, width: Math.max(right - left, 2), height: 16, class: kind }));
  svg.append(drawn("line", { x1: place(line), x2: place(line), y1: 0, y2: 20, class: "axis", "vector-effect": "non-scaling-stroke" }));
  return svg;
}

function chart(caption, headings, rows, kind = "") {
  const head = headings.map((text, column) => make("th", { scope: "col", class: column === headings.length - 1 ? "drawn" : column ? "figure" : undefined }, text));
  const body = rows.map((row) => make("tr", {}, ...row.map((inner, column) => make(column ? "td" : "th",
    { scope: column ? undefined : "row", class: column === row.length - 1 ? "drawn" : column ? "figure" : undefined, "data-heading": column ? headings[column] : undefined },
    ...(Array.isArray(inner) ? inner : [inner])))));
  return make("table", { class: `chart ${kind}` }, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}

function scaleOf(amounts) {
  return [Math.min(0, ...amounts), Math.max(0, ...amounts)];
}

function ladderChart(result, currency) {
  const ends = [];
  let running = 0;
  for (const { step, value } of result.ladder) {
    const isTotal = step === "gross" || step === "total_present_value";
    ends.push(isTotal ? [0, value] : [running, running + value]);
    running = isTotal ? value : running + value;
  }
  const [low, high] = scaleOf(ends.flat());
  const rows = result.ladder.map(({ step, value }, place) => [
    say(`step.${step}`), money(value, currency),
    bar(ends[place][0], ends[place][1], low, high, 0, value < 0 ? "loss" : "gain"),
  ]);
  return chart(say("ladder_caption"), [say("column.step"), say("column.amount"), say("column.picture")], rows, "ladder");
}

function outcomesChart(result, map) {
  const labels = new Map(map.outcomes.map((outcome) => [outcome.id, labelOf(outcome)]));
  const sorted = [...result.by_outcome].sort((one, other) => Math.abs(other.present_value) - Math.abs(one.present_value));
  const shownRows = sorted.slice(0, sorted.length > MOST_ROWS + 1 ? MOST_ROWS : sorted.length)
    .map(({ id, present_value: value }) => [labels.get(id), value]);
  const others = sorted.slice(shownRows.length);
  if (others.length) shownRows.push([say("others_together", { number: others.length }), sum(others.map((each) => each.present_value))]);
  const [low, high] = scaleOf(shownRows.map(([, value]) => value));
  const rows = shownRows.map(([label, value]) => [label, money(value, map.currency), bar(0, value, low, high, 0, value < 0 ? "loss" : "gain")]);
  return chart(say("outcomes_caption"), [say("column.outcome"), say("column.present_value"), say("column.picture")], rows);
}

function stakeholdersChart(result, map) {
  const labels = new Map(map.stakeholders.map((who) => [who.id, labelOf(who)]));
  const found = result.by_stakeholder.filter((each) => each.inputs !== 0 || each.present_value !== 0);
  const [low, high] = scaleOf(found.flatMap((each) => [each.inputs, each.present_value]));
  const rows = found.map(({ id, inputs, present_value: value }) => [
    labels.get(id), money(value, map.currency), money(inputs, map.currency),
    [bar(0, value, low, high, 0, value < 0 ? "loss" : "gain"), bar(0, inputs, low, high, 0, "put-in")],
  ]);
  return chart(say("stakeholders_caption"), [say("column.who"), say("column.gains"), say("column.puts_in"), say("column.picture")], rows, "who");
}

function yearsChart(result, map) {
  const shownYears = result.by_year.slice(0, result.by_year.length > 15 ? 14 : 15);
  const rest = result.by_year.slice(shownYears.length);
  const lines = shownYears.map((each) => [String(each.year), each.value, each.present_value]);
  if (rest.length) {
    lines.push([`${rest[0].year}–${rest.at(-1).year}`, sum(rest.map((each) => each.value)), sum(rest.map((each) => each.present_value))]);
  }
  const [low, high] = scaleOf(lines.map(([, , present]) => present));
  let running = 0;
  const rows = lines.map(([year, value, present]) => {
    running += present;
    return [year, money(value, map.currency), money(present, map.currency), money(running, map.currency),
      bar(0, present, low, high, 0, present < 0 ? "loss" : "gain")];
  });
  return chart(say("years_caption"), ["year", "value", "present_value", "running", "picture"].map((key) => say(`column.${key}`)), rows, "years");
}

function notCounted(result, map) {
  if (!result.not_counted.length) return null;
  const labels = new Map(map.outcomes.map((outcome) => [outcome.id, labelOf(outcome)]));
  const head = ["outcome", "reason", "ratio_with"].map((key) => make("th", { scope: "col" }, say(`column.${key}`)));
  const rows = result.not_counted.map(({ id, reason, ratio_with_it: ratio }) => make("tr", {},
    make("th", { scope: "row" }, labels.get(id)), make("td", {}, reason),
    make("td", { class: "figure" }, ratio === null ? "–" : say("to_one", { ratio: ratioText(ratio) }))));
  return make("table", { class: "chart told" }, make("caption", {}, say("not_counted_caption")),
    make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

function tornadoChart(varied, result, currency) {
  const found = varied.filter((each) => each.spread > 0).slice(0, MOST_ROWS);
  const base = result.sroi_ratio;
  const ratios = found.flatMap((each) => [each.ratioLow, each.ratioHigh, base]);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const margin = (high - low) * 0.02;
  const rows = found.map((each) => {
    const { number: { field, label } } = each;
    const [one, other] = each.ratioLow <= each.ratioHigh ? [each.ratioLow, each.ratioHigh] : [each.ratioHigh, each.ratioLow];
    const svg = bar(one, base, low - margin, high + margin, base, "loss");
    if (other !== base) svg.insertBefore(bar(base, other, low - margin, high + margin, base, "gain").firstChild, svg.lastChild);
    return [
      label,
      say("a_to_b", { a: numberWords(each.low, field, currency), b: numberWords(each.high, field, currency) }) + (each.own ? ` (${say("own_range")})` : ""),
      say("a_to_b", { a: ratioText(each.ratioLow), b: ratioText(each.ratioHigh) }),
      svg,
    ];
  });
  return chart(say("tornado"), ["number", "from", "ratio_there", "picture"].map((key) => say(`column.${key}`)), rows, "tornado");
}

function drawCharts() {
  const { result, map, layout } = state;
  for (const id of ["parts", "try", "tornado-section"]) byId(id).hidden = !result;
  if (!result) {
    state.varied = [];
    byId("charts").replaceChildren();
    byId("tornado").replaceChildren();
    return;
  }
  byId("charts").replaceChildren(...[
    ladderChart(result, map.currency), outcomesChart(result, map), stakeholdersChart(result, map), yearsChart(result, map), notCounted(result, map),
  ].filter((each) => each !== null));
  state.varied = oneWay(layout);
  byId("tornado").replaceChildren(tornadoChart(state.varied, result, map.currency));
}
