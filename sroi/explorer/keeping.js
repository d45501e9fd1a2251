// Saving, opening, printing. A saved map is the value map's own tree as JSON, which the program reads back.

const LARGEST_FILE = 5_000_000;
// YAML, of which JSON is a part, breaks lines at these; written as escapes they are letters like any other.
const LINE_BREAKERS = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function asJson(map) {
  const escaped = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(map, null, 2).replace(LINE_BREAKERS, escaped)}\n`;
}

function fileStem() {
  const stem = String(state.map.title || "").normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return stem.slice(0, 60) || say("file_name");
}

function handOver(name, content, type) {
  const link = make("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function saveMap() {
  const name = `${fileStem()}.json`;
  handOver(name, asJson(state.map), "application/json");
  state.saved = state.map;
  tell(say(state.missing.length ? "saved_unfinished" : "saved", { name }), pending.size ? say("saved_without") : null);
}

async function openFile(file) {
  const refuse = (faults) => tell(say("not_opened", { name: file.name }), ...faults);
  if (file.size > LARGEST_FILE) return void refuse([say("too_big", { size: (file.size / 1e6).toFixed(1) })]);
  let raw;
  try {
    raw = JSON.parse(await file.text());
  } catch {
    return void refuse([say("not_json")]);
  }
  const map = writtenOut(raw);
  const attempt = tried(map);
  if (attempt.faults.length) {
    const said = attempt.faults.map(({ path, found }) => (path.length ? `${placeOf(map, path)}: ${found}` : found));
    const extra = said.length > 12 ? [say("and_more", { number: said.length - 12 })] : [];
    return void refuse([...said.slice(0, 12), ...extra]);
  }
  begin(map);
  tell(say("opened", { name: file.name }));
  return undefined;
}

// A place in a map as people name it: outcomes, gp_visits, deadweight.
function placeOf(map, path) {
  return path.map((key, depth) => (typeof key === "number" ? at(map, [...path.slice(0, depth + 1), "id"]) || key + 1 : key)).join(", ");
}

// ---- the table for spreadsheets ----

// A text that begins like a formula is only text.
function csvCell(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r\n|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tableRows() {
  const { map, layout, result } = state;
  const numbers = layout ? layout.numbers : new Map();
  const mean = (name) => { const number = numbers.get(name); return number && summaryOf(number, number.values); };
  const labels = new Map(map.stakeholders.map((who) => [who.id, labelOf(who)]));
  const worth = new Map(result ? result.by_outcome.map((each) => [each.id, each]) : []);
  const uncounted = new Map(result ? result.not_counted.map((each) => [each.id, each.reason]) : []);
  const head = ["section", "id", "stakeholder", "description", "quantity", "proxy", "duration", "deadweight", "displacement",
    "attribution_owed_to_others", "drop_off", "gross", "present_value", "not_counted"];
  const inputs = map.inputs.map((given) => ["input", given.id, labels.get(given.stakeholder), labelOf(given), mean(`${given.id}.hours`),
    mean(given.hours === undefined ? `${given.id}.value` : `${given.id}.rate`)]);
  const outcomes = map.outcomes.map((outcome) => {
    const own = layout && layout.outcomes.find((each) => each.id === outcome.id);
    const quantity = own && own.quantity.reduce((product, name) => product * mean(name), 1);
    const shares = ["duration", ...DEDUCTIONS, "drop_off"].map((field) => mean(`${outcome.id}.${field}`));
    return ["outcome", outcome.id, labels.get(outcome.stakeholder), labelOf(outcome), quantity, own && mean(own.proxy) * own.factor,
      ...shares, worth.get(outcome.id)?.gross, worth.get(outcome.id)?.present_value, uncounted.get(outcome.id)];
  });
  return [head, ...inputs, ...outcomes].map((row) => Array.from(head, (_, column) => row[column]));
}

function saveTable() {
  const name = `${fileStem()}.csv`;
  handOver(name, `\ufeff${tableRows().map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`, "text/csv");
  tell(say("saved_table", { name }));
}

// ---- paper ----

// The fields of the screen as a plain table: a field on paper would be cut off.
function renderPrinted() {
  const { map } = state;
  const labels = new Map(map.stakeholders.map((who) => [who.id, labelOf(who)]));
  const worth = new Map(state.result ? state.result.by_outcome.map((each) => [each.id, money(each.present_value, map.currency)]) : []);
  const table = (section, columns, rows) => make("table", { class: `paper ${section}` }, make("caption", {}, say(`section.${section}`)),
    make("thead", {}, make("tr", {}, ...columns.map((key) => make("th", { scope: "col", class: `c-${key}` }, key === "result" ? say("column.present_value") : heading(section, key))))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text, column) => make(column ? "td" : "th", column ? {} : { scope: "row" }, text))))));
  const shownField = (section, entry, key) => {
    const field = facts.nouns[NOUN_OF[section]][key];
    const value = entry[key];
    if (key === "quantity" && isPart(value)) {
      const times = value.times === undefined ? "" : ` × ${textOf(value.times, estimateField("count"))}`;
      return `${textOf(value.share, estimateField("share"))} % ${labels.get(value.of)}${times}`;
    }
    if (key === "quantity") return textOf(value, estimateField("number")) || "–";
    if (key === "proxy") {
      if (!value) return "–";
      return value.anchored_to === undefined ? yearsOf(value.value, facts.kinds.number).map((each) => unitMoney(each, map.currency)).join("; ")
        : `→ ${labelOf(map.outcomes.find((outcome) => outcome.id === value.anchored_to))}`;
    }
    if (key === "stakeholder" || key === "part_of") return labels.get(value) || "–";
    if (key === "included") return say(isNo(value) ? "no" : "yes");
    if (["value", "rate"].includes(key) && value !== undefined) return yearsOf(value, kindOfField(key)).map((each) => unitMoney(each, map.currency)).join("; ");
    return textOf(value, field) || (key === "name" || key === "description" ? labelOf(entry) : "–");
  };
  const sections = SECTIONS.filter((section) => (map[section] || []).length);
  byId("printed").replaceChildren(...sections.map((section) => {
    const isOutcome = section === "outcomes";
    const rows = map[section].map((entry) => [...COLUMNS[section].map((key) => shownField(section, entry, key)),
      ...(isOutcome ? [worth.get(entry.id) || say("not_counted")] : [])]);
    return table(section, isOutcome ? [...COLUMNS[section], "result"] : COLUMNS[section], rows);
  }));
}
