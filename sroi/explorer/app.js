// The page: it begins with a map, and shows what the map comes to after every change.

const DEFAULT_RULES = ["discount_timing", "input_timing", "present_at", "deductions", "drop_off_from"];
const ABOUT = ["title", "organisation", "activities", "analysis", "currency", "price_year", "activity", "negative_outcomes_sought", "narrative", "published"];
let waitingFrame = 0;
let waitingWords = 0;
let structure = "";

function tell(...messages) {
  byId("said").replaceChildren(...messages.filter((message) => message).map((message) => make("p", {}, message)));
}

// ---- what is shown ----

function changedNumbers() {
  const [before, now] = [numbersOf(state.opened), numbersOf(state.map)];
  const { currency } = state.map;
  const said = ({ values, field }) => values.slice(0, 5).map((value) => numberWords(value, field, currency)).join("; ");
  const same = (one, other) => one.values.length === other.values.length && one.values.every((value, place) => value === other.values[place]);
  const lines = [];
  for (const [name, number] of now) {
    const old = before.get(name);
    if (!old) lines.push(say("change_new", { label: number.label, after: said(number) }));
    else if (!same(old, number)) lines.push(say("change", { label: number.label, before: said(old), after: said(number) }));
  }
  for (const [name, old] of before) if (!now.has(name)) lines.push(say("change_gone", { label: old.label }));
  return lines;
}

function showChanges() {
  const isSame = state.map === state.opened || asJson(state.map) === asJson(state.opened);
  const lines = isSame ? [] : changedNumbers();
  byId("changes").hidden = !lines.length;
  const opened = state.openedRatio === null ? "" : ` ${say("as_opened", { ratio: ratioText(state.openedRatio) })}`;
  byId("changes-head").textContent = `${say("changes", { number: lines.length })}.${opened}`;
  byId("changes-list").replaceChildren(...lines.map((line) => make("li", {}, line)));
}

function showResult() {
  const { result, map, missing } = state;
  byId("ratio").textContent = result ? say("to_one", { ratio: ratioText(result.sroi_ratio) }) : say("no_ratio_yet");
  byId("rules").textContent = missing.some(({ path }) => path.length === 1 && ["analysis", "currency", "price_year"].includes(path[0])) ? "" : rulesText(map);
  const list = missing.slice(0, 8).map(({ found }) => make("li", {}, found));
  if (missing.length > 8) list.push(make("li", {}, say("and_more", { number: missing.length - 8 })));
  byId("missing").replaceChildren(...(missing.length ? [make("p", {}, say("still_missing")), make("ul", {}, ...list)] : []));
  if (!result) {
    for (const id of ["reading", "totals", "caveats"]) byId(id).textContent = "";
    return;
  }
  const one = money(1, map.currency);
  byId("reading").textContent = `${say(`analysis.${map.analysis}`)}: ${say("ratio_is", { ratio: roundedRatio(result.sroi_ratio, map.currency), one })}.`.replace(/^./, (letter) => letter.toUpperCase());
  const net = result.net_present_value;
  const totals = say(net < 0 ? "totals_less" : "totals", {
    worth: money(result.total_present_value, map.currency), inputs: money(result.total_inputs, map.currency), net: money(Math.abs(net), map.currency),
  });
  const years = result.payback_years;
  byId("totals").textContent = `${totals}. ${years === null ? say("no_payback") : say("payback", { years: say(years === 1 ? "one_year" : "many_years", { number: plainNumber(years) }) })}.`;
  const ranges = [...state.layout.numbers.values()].filter(({ estimate }) => estimate !== undefined && hasOwnRange(estimate)).length;
  byId("caveats").textContent = ranges ? say("ranges_not_shown", { number: ranges }) : "";
}

function showPending() {
  byId("pending").hidden = !pending.size;
  byId("pending").textContent = pending.size ? say("last_good", { number: pending.size }) : "";
}

// Said aloud once the hand rests, not at every step of a slider.
function announce() {
  clearTimeout(waitingWords);
  waitingWords = setTimeout(() => {
    const { result, map } = state;
    byId("live").textContent = result ? say("ratio_announced", { ratio: ratioText(result.sroi_ratio), rules: rulesText(map) }) : say("no_ratio_yet");
  }, 400);
}

// What decides which fields there are: entries, and the forms of their quantities, prices and rates.
function structureOf(map) {
  const rows = SECTIONS.map((section) => (map[section] || []).map((entry) => [entry.id, isPart(entry.quantity), entry.proxy?.anchored_to, (entry.involved || []).length]));
  return JSON.stringify([rows, map.currency, typeof rulesOf(map).discount_rate === "string" && facts.schedules[rulesOf(map).discount_rate] ? "schedule" : "rate"]);
}

function show(except = null) {
  showResult();
  showPending();
  announce();
  const now = structureOf(state.map);
  const isNew = now !== structure;
  structure = now;
  if (isNew) renderForms();
  refreshFields(except);
  refreshTables();
  refreshSliders();
  byId("title").textContent = state.map.title || say("unnamed");
  document.title = state.map.title || say("explorer");
  byId("organisation").textContent = state.map.organisation || "";
  byId("undo").disabled = !state.undo.length;
  byId("redo").disabled = !state.redo.length;
  byId("reset").disabled = state.map === state.opened;
  cancelAnimationFrame(waitingFrame);
  waitingFrame = requestAnimationFrame(() => {
    drawCharts();
    showChanges();
    if (isNew || !sliders.length) renderSliders();
  });
}

function renderForms() {
  const focused = document.activeElement?.dataset?.key;
  renderTables();
  renderConventions();
  const { scenarios = {}, correlations = [] } = state.map;
  const parts = [["kept_scenarios", Object.keys(scenarios).length], ["kept_correlations", correlations.length]].filter(([, number]) => number);
  byId("kept").textContent = parts.length ? say("kept", { parts: parts.map(([key, number]) => say(key, { number })).join("; ") }) : "";
  if (focused) [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === focused)?.focus();
}

function renderConventions() {
  const path = ["conventions", "discount_rate"];
  const rate = rulesOf(state.map).discount_rate;
  const isSchedule = Object.hasOwn(facts.schedules, String(rate));
  const names = Object.keys(facts.schedules).map((name) => make("option", { value: name }, facts.schedules[name].words.replace(/^the /, "")));
  const select = make("select", { id: "rate-kind" }, make("option", { value: "" }, say("choice.own_rate")), ...names);
  select.value = isSchedule ? rate : "";
  select.addEventListener("change", () => {
    pending.delete(keyOf(path));
    change(put(state.map, path, select.value || "3.5%"));
  });
  const title = words.fields.Conventions.discount_rate.title;
  const blocks = [make("div", { class: "field" }, make("label", { for: "rate-kind" }, title), select)];
  if (!isSchedule) blocks.push(fieldBlock(path, { form: "rate", kind: "rate", required: true, fallback: "3.5" }, say("own_rate"), words.fields.Conventions.discount_rate.description));
  for (const key of DEFAULT_RULES) {
    const fallback = String({ present_at: "0", deductions: "multiply", drop_off_from: "second_year", discount_timing: "end_of_year", input_timing: "start_of_year" }[key]);
    const { title: label, description } = words.fields.Conventions[key];
    blocks.push(fieldBlock(["conventions", key], { ...facts.nouns.Conventions[key], fallback }, label, description));
  }
  byId("conventions").replaceChildren(...blocks);
  byId("schedule").textContent = isSchedule ? say("rate_source", { source: facts.schedules[rate].source }) : "";
}

// Begin with a map: at the start, or when a file is opened.
function begin(map) {
  const attempt = tried(map);
  pending.clear();
  Object.assign(state, {
    opened: map, saved: map, undo: [], redo: [], lastKey: null, open: new Set(), folds: new Map(), first: new Map(),
    openedRatio: attempt.result ? attempt.result.sroi_ratio : null,
  });
  if (attempt.layout) for (const number of attempt.layout.numbers.values()) state.first.set(number.name, number);
  structure = "";
  settle(map, attempt);
}

function wire() {
  const acts = {
    save: saveMap, csv: saveTable, open: () => byId("file").click(), print: () => { renderPrinted(); window.print(); },
    undo: () => stepBack(state.undo, state.redo, "undone"), redo: () => stepBack(state.redo, state.undo, "redone"), reset: resetMap,
  };
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
  byId("which").addEventListener("change", renderSliders);
  byId("file").addEventListener("change", () => {
    const [file] = byId("file").files;
    if (file) openFile(file).finally(() => { byId("file").value = ""; });
  });
  window.addEventListener("beforeprint", renderPrinted);
  window.addEventListener("beforeunload", (event) => {
    if (state.map !== state.saved) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isText = event.target instanceof HTMLElement && event.target.matches("input[type=text], textarea");
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isText) return;
    const key = event.key.toLowerCase();
    if (key === "z") stepBack(...(event.shiftKey ? [state.redo, state.undo, "redone"] : [state.undo, state.redo, "undone"]));
    else if (key === "y") stepBack(state.redo, state.undo, "redone");
    else return;
    event.preventDefault();
  });
}

wire();
begin(writtenOut(JSON.parse(byId("map-data").textContent)));
