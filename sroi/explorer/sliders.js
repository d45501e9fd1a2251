// Sliders: for the numbers that matter most, or for all of those of one outcome.

const MOST_SLIDERS = 10;
let sliders = [];

// The number as it first stood: where a slider's ends come from, so that they stay while it moves.
function firstOf(number) {
  if (!state.first.has(number.name)) state.first.set(number.name, number);
  return state.first.get(number.name);
}

function choicesOfSliders() {
  const outcomes = state.map.outcomes.map((outcome) => [`o:${outcome.id}`, labelOf(outcome)]);
  return [["top", say("sliders_top")], ["inputs", say("sliders_inputs")], ["all", say("sliders_all")], ...outcomes];
}

function renderChoice() {
  const select = byId("which");
  const before = select.value || "top";
  select.replaceChildren(...choicesOfSliders().map(([value, text]) => make("option", { value }, text)));
  select.value = [...select.options].some((option) => option.value === before) ? before : "top";
}

function chosenNumbers() {
  const which = byId("which").value || "top";
  const moving = (state.varied || []).filter(({ number }) => number.values.length === 1 || number.estimate !== undefined);
  if (which === "top") return moving.filter((each) => each.spread > 0).slice(0, MOST_SLIDERS);
  if (which === "inputs") return moving.filter(({ number }) => number.path[0] === "inputs");
  if (which === "all") return moving;
  return moving.filter(({ number }) => number.owner === which.slice(2)
    || (number.field === "size" && isPart(at(state.map, ["outcomes", indexOfOutcome(which.slice(2)), "quantity"]))
      && state.map.outcomes[indexOfOutcome(which.slice(2))].quantity.of === number.owner));
}

function indexOfOutcome(id) {
  return state.map.outcomes.findIndex((outcome) => outcome.id === id);
}

function renderSliders() {
  renderChoice();
  sliders = chosenNumbers().map(({ number }) => sliderRow(number));
  byId("sliders").replaceChildren(...sliders.map(({ row }) => row));
  refreshSliders();
}

function sliderRow(number) {
  const kind = facts.number_kinds[number.field];
  const { control, note, id } = bind(number.path, estimateField(kind), number.label, "slider");
  const range = make("input", { type: "range", step: "any", "aria-label": say("slider_moves", { label: number.label }) });
  const opened = make("span", { class: "quiet opened" });
  const sign = isMoney(number.field) ? moneySign(state.map.currency) : "";
  const unit = facts.kinds[kind].per_cent ? "%" : "";
  const row = make("div", { class: "slider" }, make("label", { for: id }, number.label), range,
    make("span", { class: "typed" }, make("small", { class: "before" }, sign), control, make("small", {}, unit)), opened, note);
  const slider = { row, range, opened, number, name: number.name };
  range.addEventListener("input", () => moved(slider));
  // One drag, or a run of key presses, is one step of undo.
  for (const end of ["pointerup", "blur"]) range.addEventListener(end, () => { state.lastKey = null; });
  return slider;
}

function moved(slider) {
  const first = firstOf(slider.number);
  const kind = kindOfField(slider.number.field);
  const { low, high, step, base } = sliderOf(first);
  const raw = Number(slider.range.value);
  const near = Math.abs(raw - base) < step / 2 ? base : rounded(Math.round(raw / step) * step);
  const mean = Math.min(Math.max(near, Math.min(low, raw)), Math.max(high, raw));
  const now = state.layout && state.layout.numbers.get(slider.name);
  if (!now) return;
  const values = movedTo(first, mean);
  const estimate = at(state.map, now.path);
  if (sameNumbers(estimate, values, kind)) return;
  pending.delete(keyOf(now.path));
  noteLosses({ label: first.label }, estimate, withBase(estimate, values, kind));
  change(put(state.map, now.path, withBase(estimate, values, kind)), `slider:${slider.name}`);
}

function refreshSliders() {
  const { layout, map } = state;
  for (const slider of sliders) {
    const number = layout && layout.numbers.get(slider.name);
    slider.range.disabled = !number;
    if (!number) continue;
    const first = firstOf(number);
    const { low, high } = sliderOf(first);
    const mean = summaryOf(number, number.values);
    slider.range.min = String(Math.min(low, mean));
    slider.range.max = String(Math.max(high, mean));
    if (Math.abs(Number(slider.range.value) - mean) > 1e-12) slider.range.value = String(mean);
    const said = numberWords(mean, number.field, map.currency);
    slider.range.setAttribute("aria-valuetext", number.values.length > 1 ? say("all_years", { value: said }) : said);
    const before = numberWords(summaryOf(first, first.values), first.field, map.currency);
    slider.opened.textContent = say("slider_opened", { value: before });
    slider.opened.classList.toggle("moved", before !== said);
  }
}
