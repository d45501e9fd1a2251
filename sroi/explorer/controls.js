// The fields of the page. Each is bound to a path of the map; what cannot be is said beside it and stays out of the map.

const bound = [];
const pending = new Map();
let serial = 0;

function byId(id) {
  return document.getElementById(id);
}

// An element with attributes and children; a child that is text stays text.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function button(text, act, attributes = {}) {
  const element = make("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", act);
  return element;
}

// ---- the map as a tree that is never changed in place ----

function put(tree, path, value) {
  if (!path.length) return value;
  const [key, ...rest] = path;
  if (Array.isArray(tree)) return tree.map((entry, place) => (place === key ? put(entry, rest, value) : entry));
  const group = isGroup(tree) ? tree : tree === undefined ? {} : { value: tree };
  const inner = put(Object.hasOwn(group, key) ? group[key] : undefined, rest, value);
  if (inner !== undefined && !(isGroup(inner) && !Object.keys(inner).length)) return { ...group, [key]: inner };
  return Object.fromEntries(Object.entries(group).filter(([name]) => name !== key));
}

// An estimate with other numbers as its base case; what else it says is kept, unless it gives another number.
function withBase(estimate, numbers, kind) {
  const forms = numbers.map((number) => fileForm(number, kind));
  const group = isGroup(estimate) ? estimate : {};
  const { value, survey, experts, by_year: byYear, ...rest } = group;
  if (forms.length === 1) {
    return isGroup(estimate) && Object.keys(rest).length ? { value: forms[0], ...rest } : forms[0];
  }
  const old = byYear && byYear.length === forms.length ? byYear : forms;
  const entries = forms.map((form, year) => (isGroup(old[year]) ? withBase(old[year], [numbers[year]], kind) : form));
  return { by_year: entries, ...rest };
}

function sameNumbers(estimate, numbers, kind) {
  if (estimate === undefined) return false;
  const own = yearsOf(estimate, kind);
  return own.length === numbers.length && own.every((value, year) => Math.abs(value - numbers[year]) <= 1e-9);
}

// ---- what a field shows, and what is typed into it ----

function kindOfForm(field) {
  return facts.kinds[field.kind];
}

function textOf(value, field) {
  if (value === undefined) return "";
  if (field.form === "estimate" || field.form === "rate") {
    const kind = kindOfForm(field);
    const derived = isGroup(value) && (value.survey || value.experts) && value.value === undefined;
    return yearsOf(value, kind).map((number) => fieldText(derived ? Number(number.toPrecision(6)) : number, kind)).join("; ");
  }
  if (field.form === "own_rate" && Object.hasOwn(facts.schedules, String(value))) return value;
  if (["plain_number", "own_number", "own_rate"].includes(field.form)) return fieldText(readNumber(value, kindOfForm(field)), kindOfForm(field));
  if (field.form === "words") return value.join(", ");
  if (field.form === "yes_no") return isNo(value) ? "no" : "yes";
  if (field.form === "printed" && isGroup(value)) return String(value.value);
  return String(value);
}

// What the map is to hold when this is typed; undefined for a field left empty. Throws a Misread.
function valueOf(typed, field, before) {
  const text = typed.trim();
  if (text === "") return undefined;
  if (field.form === "estimate" || field.form === "rate") {
    const kind = kindOfForm(field);
    const numbers = text.split(";").map((part) => readTyped(part, kind));
    return sameNumbers(before, numbers, kind) ? before : withBase(before, numbers, kind);
  }
  if (field.form === "own_rate" && Object.hasOwn(facts.schedules, text)) return text;
  if (["plain_number", "own_number", "own_rate"].includes(field.form)) return fileForm(readTyped(text, kindOfForm(field)), kindOfForm(field));
  if (field.form === "words") return text.split(",").map((word) => readText(word)).filter((word) => word !== "");
  if (field.form === "whole") return readWhole(text, field.low, field.high);
  if (field.form === "printed") return isGroup(before) ? { ...before, value: text } : text;
  if (field.form !== "name") checkPlain(typed, field);
  return field.form === "price_year" && /^\d{4}$/.test(text) ? Number(text) : typed;
}

// ---- controls ----

function keyOf(path) {
  return path.join("/");
}

function optionsOf(field) {
  if (field.form === "yes_no") return [["", say("not_said")], ["yes", say("yes")], ["no", say("no")]];
  if (field.form === "choice") {
    return [["", say("not_said")], ...field.choices.map((choice) => [choice, words[`choice.${choice}`] || choice.replaceAll("_", " ")])];
  }
  return [["", say("not_said")], ...state.map[field.of].map((noun) => [noun.id, labelOf(noun)])];
}

function fillOptions(select, field, value) {
  const options = optionsOf(field).filter(([option]) => option !== "" || !(field.required || field.fallback));
  const signature = JSON.stringify(options);
  if (select.dataset.options === signature) return;
  select.dataset.options = signature;
  select.replaceChildren(...options.map(([option, text]) => make("option", { value: option }, text)));
  select.value = value;
}

function isNumeric(field) {
  return ["estimate", "rate", "plain_number", "own_number", "whole"].includes(field.form);
}

function controlFor(field) {
  if (["choice", "yes_no", "name"].includes(field.form)) return make("select");
  if (field.form === "text") return make("textarea", { rows: "1", spellcheck: "true" });
  return make("input", { type: "text", autocomplete: "off", inputmode: isNumeric(field) ? "decimal" : undefined });
}

function fitted(control) {
  if (control.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
  control.style.height = "auto";
  if (control.scrollHeight) control.style.height = `${control.scrollHeight + 2}px`;
}

function shownText(binding) {
  const value = at(state.map, binding.path);
  return value === undefined && binding.field.fallback ? binding.field.fallback : textOf(value, binding.field);
}

function showFault(binding, found) {
  binding.note.textContent = found || "";
  binding.note.hidden = !found;
  if (found) {
    binding.control.setAttribute("aria-invalid", "true");
    binding.control.setAttribute("aria-describedby", binding.note.id);
  } else {
    binding.control.removeAttribute("aria-invalid");
    binding.control.removeAttribute("aria-describedby");
  }
}

// A field bound to a path: its control and the note that says what is wrong with it.
function bind(path, field, label, holder = "table") {
  const control = controlFor(field);
  const id = `f${(serial += 1)}`;
  const note = make("span", { class: "fault", id: `${id}-note`, hidden: true });
  control.id = id;
  control.dataset.key = `${holder}:${keyOf(path)}`;
  if (isNumeric(field)) control.classList.add("number");
  const binding = { path, field, control, note, label };
  if (control.tagName === "SELECT") fillOptions(control, field, "");
  control.value = shownText(binding);
  const waiting = pending.get(keyOf(path));
  if (waiting) {
    control.value = waiting.text;
    showFault(binding, waiting.found);
  }
  const isText = control.tagName !== "SELECT";
  control.addEventListener(isText ? "input" : "change", () => { fitted(control); edited(binding); });
  control.addEventListener("change", () => { state.lastKey = null; });
  bound.push(binding);
  return { control, note, id, binding };
}

function fieldBlock(path, field, label, hint = "") {
  const { control, note, id } = bind(path, field, label, "form");
  const unit = field.kind && kindOfForm(field).per_cent ? " (%)" : "";
  return make("div", { class: ["text", "title"].includes(field.form) ? "field wide" : "field", title: hint || undefined }, make("label", { for: id }, label + unit), control, note);
}

// A label that only a cell needs: seen where the table becomes cards, heard everywhere.
function cell(path, field, label, row, short) {
  const { control, note } = bind(path, field, label);
  control.setAttribute("aria-label", `${label}, ${row}`);
  return [make("span", { class: "cell-label", "aria-hidden": "true" }, short || label), control, note];
}

// Show the map in every field, save the one being typed into and those that wait to be put right.
function refreshFields(except) {
  for (let place = bound.length - 1; place >= 0; place -= 1) {
    if (!bound[place].control.isConnected) bound.splice(place, 1);
  }
  for (const binding of bound) {
    const { control, field, path } = binding;
    const waiting = pending.get(keyOf(path));
    const text = waiting ? waiting.text : shownText(binding);
    if (field.form === "name") fillOptions(control, field, text);
    if (binding !== except && control.value !== text) {
      control.value = text;
      fitted(control);
    }
    showFault(binding, waiting && waiting.found);
  }
}
