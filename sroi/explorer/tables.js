// The whole map as tables that can be edited: one row for each entry, and everything else it says under More.

const COLUMNS = {
  stakeholders: ["name", "size", "part_of", "included", "reason"],
  inputs: ["description", "stakeholder", "kind", "value", "hours", "rate", "source"],
  outputs: ["description", "stakeholder", "quantity", "unit"],
  outcomes: ["description", "stakeholder", "quantity", "proxy", "duration", "deadweight", "displacement", "attribution", "drop_off"],
};
const NOUN_OF = { stakeholders: "Stakeholder", inputs: "Input", outputs: "Output", outcomes: "Outcome" };
// What counts where a field is left out, for choices that always stand one way or the other.
const FALLBACK = { included: "yes", valued: "yes", starts: "during" };

function fieldOf(noun, key) {
  const field = facts.nouns[noun][key];
  return Object.hasOwn(FALLBACK, key) ? { ...field, fallback: FALLBACK[key] } : field;
}

function estimateField(kind) {
  return { form: "estimate", kind };
}

function heading(section, key) {
  const words = say(`head.${section}.${key}`);
  const sign = isMoney(key) ? moneySign(state.map.currency) : "";
  return sign ? `${words} (${sign})` : words;
}

// The same for a label that is heard: without the places at which it may be broken.
function plainHeading(section, key) {
  return heading(section, key).replaceAll("\u00ad", "");
}

// In the order in which a reader wants them; on a small screen only the first stands open.
const SHOWN_ORDER = ["outcomes", "inputs", "stakeholders", "outputs", "about"];

function folded(section, title, ...children) {
  if (!state.folds.has(section)) {
    state.folds.set(section, section === "outcomes" || (section === "about" && state.map.title === undefined)
      || (["inputs", "stakeholders"].includes(section) && window.innerWidth > 900));
  }
  const details = make("details", { class: "sheet", id: `sheet-${section}`, open: state.folds.get(section) },
    make("summary", {}, make("h3", {}, title)), ...children);
  details.addEventListener("toggle", () => {
    state.folds.set(section, details.open);
    for (const control of details.querySelectorAll("textarea")) fitted(control);
  });
  return details;
}

function renderTables() {
  byId("tables").replaceChildren(...SHOWN_ORDER.map((section) => (section === "about"
    ? folded("about", say("about"), make("div", { class: "form" }, ...formOf("ImpactMap", [], ABOUT)))
    : sectionTable(section))));
  for (const control of byId("tables").querySelectorAll("textarea")) fitted(control);
}

function sectionTable(section) {
  const entries = state.map[section] || [];
  const columns = COLUMNS[section];
  const head = columns.map((key) => make("th", { scope: "col", role: "columnheader", class: `c-${key}` }, heading(section, key)));
  if (section === "outcomes") head.push(make("th", { scope: "col", role: "columnheader", class: "c-result" }, say("column.present_value")));
  head.push(make("th", { scope: "col", role: "columnheader", class: "c-actions" }, make("span", { class: "unseen" }, say("column.actions"))));
  const rows = entries.flatMap((entry, place) => entryRows(section, entry, place, head.length));
  const table = make("table", { class: `edit ${section}`, role: "table" },
    make("caption", { class: "unseen" }, say(`section.${section}`)),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...head)),
    make("tbody", { role: "rowgroup" }, ...rows));
  const add = button(say(`add_${section}`), () => addEntry(section), { id: `add-${section}`, class: "add" });
  const title = say("section_counted", { section: say(`section.${section}`), number: entries.length });
  return folded(section, title, entries.length ? table : null, add);
}

function entryRows(section, entry, place, width) {
  const path = [section, place];
  const row = labelOf(entry) || say("unnamed");
  const cells = COLUMNS[section].map((key, column) => make(column ? "td" : "th",
    { role: column ? "cell" : "rowheader", scope: column ? undefined : "row", class: `c-${key}` },
    ...cellOf(section, entry, path, key, row)));
  if (section === "outcomes") {
    cells.push(make("td", { role: "cell", class: "c-result figure" },
      make("span", { class: "cell-label", "aria-hidden": "true" }, say("column.present_value")),
      make("output", { "data-worth": entry.id })));
  }
  const isOpen = state.open.has(entry.id);
  const panelId = `more-${section}-${place}`;
  const more = button(say(isOpen ? "less" : "more"), () => {
    if (state.open.has(entry.id)) state.open.delete(entry.id);
    else state.open.add(entry.id);
    renderTables();
    byId(`${panelId}-button`).focus();
  }, { id: `${panelId}-button`, "aria-expanded": String(isOpen), "aria-controls": isOpen ? panelId : undefined, "aria-label": say("more_about", { name: row }) });
  const remove = button("×", () => removeEntry(section, place), {
    id: `remove-${section}-${place}`, class: "remove", "aria-label": say("remove_named", { name: row }), title: say("remove"),
  });
  cells.push(make("td", { role: "cell", class: "c-actions" }, more, remove));
  const rows = [make("tr", { role: "row", class: "entry" }, ...cells)];
  if (isOpen) {
    rows.push(make("tr", { role: "row", class: "panel", id: panelId },
      make("td", { role: "cell", colspan: String(width) }, panelOf(section, entry, path))));
  }
  return rows;
}

function cellOf(section, entry, path, key, row) {
  const label = plainHeading(section, key);
  if (section === "outcomes" && key === "quantity" && isPart(entry.quantity)) return partCell(path, label, row);
  if (section === "outcomes" && key === "quantity") return cell([...path, key], estimateField("number"), label, row);
  if (section === "outcomes" && key === "proxy") {
    if (entry.proxy && entry.proxy.anchored_to !== undefined) {
      return [make("span", { class: "cell-label", "aria-hidden": "true" }, label), make("output", { "data-anchored": entry.id })];
    }
    return cell([...path, "proxy", "value"], estimateField("number"), label, row);
  }
  return cell([...path, key], fieldOf(NOUN_OF[section], key), label, row);
}

// A quantity as a share of a stakeholder: 60 % of residents, 12 times.
function partCell(path, label, row) {
  const quantity = [...path, "quantity"];
  const [, share, shareNote] = cell([...quantity, "share"], estimateField("share"), say("field.share"), row);
  const [, of, ofNote] = cell([...quantity, "of"], facts.nouns.PartOfStakeholder.of, say("share_of"), row);
  const [, times, timesNote] = cell([...quantity, "times"], estimateField("count"), say("times"), row);
  if (!times.value) times.placeholder = "1";
  return [make("span", { class: "cell-label", "aria-hidden": "true" }, label), make("span", { class: "part" },
    make("span", {}, share, make("small", { "aria-hidden": "true" }, say("share_of"))), of,
    make("span", {}, times, make("small", { "aria-hidden": "true" }, say("times")))), shareNote, ofNote, timesNote];
}

// ---- everything else that an entry says ----

function panelOf(section, entry, path) {
  const noun = NOUN_OF[section];
  const shown = new Set(["id", ...COLUMNS[section]]);
  const plain = Object.keys(facts.nouns[noun]).filter((key) => !shown.has(key));
  const blocks = [make("p", { class: "quiet" }, say("id_is", { id: entry.id }))];
  if (section === "outcomes") blocks.push(quantitySwitch(entry, path));
  blocks.push(...formOf(noun, path, plain));
  if (section === "outcomes") blocks.push(...formOf("Outcome", path, ["proxy"], ["value"]));
  blocks.push(...estimatesOf(section, entry, path));
  return make("div", { class: "form" }, ...blocks);
}

function formOf(noun, path, keys, without = []) {
  return keys.filter((key) => !without.includes(key)).map((key) => {
    const field = fieldOf(noun, key);
    const { title = key, description = "" } = words.fields[noun]?.[key] || {};
    const own = [...path, key];
    if (field.form === "groups") return listOf(own, field.noun, title);
    if (field.form !== "group") return fieldBlock(own, field, title, description);
    const inner = Object.keys(facts.nouns[field.noun]).filter((name) => !(field.noun === "Proxy" && name === "value"));
    return make("fieldset", {}, make("legend", {}, title), ...formOf(field.noun, own, inner));
  });
}

// A list of groups, such as how a stakeholder took part stage by stage.
function listOf(path, noun, title) {
  const entries = at(state.map, path) || [];
  const first = Object.entries(facts.nouns[noun]).filter(([, field]) => field.required)
    .map(([key, field]) => [key, field.form === "choice" ? field.choices[0] : ""]);
  const items = entries.map((_, place) => make("fieldset", {},
    make("legend", {}, `${title} ${place + 1}`),
    ...formOf(noun, [...path, place], Object.keys(facts.nouns[noun])),
    button(say("remove"), () => {
      pending.clear();
      change(put(state.map, path, entries.length > 1 ? entries.filter((__, other) => other !== place) : undefined));
      renderTables();
    }, { "aria-label": say("remove_named", { name: `${title} ${place + 1}` }) })));
  const add = button(say("add"), () => {
    pending.clear();
    change(put(state.map, path, [...entries, Object.fromEntries(first)]));
    renderTables();
  }, { "aria-label": `${say("add")}: ${title}` });
  return make("fieldset", { class: "list" }, make("legend", {}, title), ...items, add);
}

// The range, reason and source of each number that an entry has.
function estimatesOf(section, entry, path) {
  const numbers = [];
  const take = (key, own, kind) => {
    if (at(state.map, own) !== undefined) numbers.push([say(`field.${key}`), own, kind]);
  };
  if (section === "stakeholders") take("size", [...path, "size"], "count");
  if (section === "inputs") for (const key of ["value", "hours", "rate"]) take(key, [...path, key], facts.number_kinds[key]);
  if (section === "outputs") take("quantity", [...path, "quantity"], "number");
  if (section === "outcomes") {
    if (isPart(entry.quantity)) {
      for (const key of ["share", "times"]) take(key, [...path, "quantity", key], facts.number_kinds[key]);
    } else take("quantity", [...path, "quantity"], "number");
    take("proxy", [...path, "proxy", "value"], "number");
    for (const key of ["duration", ...DEDUCTIONS, "drop_off"]) take(key, [...path, key], facts.number_kinds[key]);
  }
  return numbers.map(([label, own, kind]) => estimateDetails(label, own, kind));
}

function estimateDetails(label, path, kind) {
  const estimate = at(state.map, path);
  const about = ["source", "note", "confidence", "sample_size", "observed"];
  const ends = isGroup(estimate) && (estimate.by_year || estimate.survey || estimate.experts) ? [] : ["low", "high"];
  const blocks = [...ends, ...about].map((key) => {
    const field = ends.includes(key) ? { form: "own_number", kind } : facts.nouns.Estimate[key];
    return fieldBlock([...path, key], field, words.fields.Estimate[key].title, words.fields.Estimate[key].description);
  });
  let from = null;
  if (isGroup(estimate) && estimate.survey) from = say("from_survey", { yes: estimate.survey.yes, asked: estimate.survey.asked });
  else if (isGroup(estimate) && estimate.experts) from = say("from_experts", { number: estimate.experts.length });
  return make("details", { class: "estimate" }, make("summary", {}, say("range_and_reason", { label })),
    make("div", { class: "form" }, from ? make("p", { class: "quiet" }, from) : null, ...blocks));
}

// Whether a quantity is a number, or a share of a stakeholder that has a size.
function quantitySwitch(entry, path) {
  const select = make("select", { id: `count-${path[1]}` },
    make("option", { value: "number" }, say("count_number")), make("option", { value: "part" }, say("count_part")));
  select.value = isPart(entry.quantity) ? "part" : "number";
  select.addEventListener("change", () => {
    const sized = state.map.stakeholders.filter((who) => who.size !== undefined);
    const own = sized.find((who) => who.id === entry.stakeholder) || sized[0];
    let quantity;
    if (select.value === "part") {
      if (!own) {
        tell(say("needs_size"));
        select.value = "number";
        return;
      }
      const size = baseOf(own.size, facts.kinds.count);
      const base = entry.quantity === undefined ? 0 : yearsOf(entry.quantity, facts.kinds.number)[0];
      const share = size > 0 && base >= 0 && base <= size ? base / size : 1;
      quantity = { of: own.id, share: fileForm(share, facts.kinds.share), times: 1 };
    } else {
      const who = state.map.stakeholders.find((each) => each.id === entry.quantity.of);
      const times = entry.quantity.times === undefined ? 1 : baseOf(entry.quantity.times, facts.kinds.count);
      quantity = baseOf(who.size, facts.kinds.count) * baseOf(entry.quantity.share, facts.kinds.share) * times;
    }
    const done = withoutNames(put(state.map, [...path, "quantity"], quantity), "");
    if (!change(done.map)) select.value = isPart(entry.quantity) ? "part" : "number";
  });
  return make("div", { class: "field" }, make("label", { for: select.id }, say("count_as")), select);
}

// What is reckoned beside the fields: each outcome's present value, and what an anchored price comes to.
function refreshTables() {
  const { result, layout, map } = state;
  const worth = new Map(result ? result.by_outcome.map((each) => [each.id, each.present_value]) : []);
  for (const output of document.querySelectorAll("[data-worth]")) {
    const value = worth.get(output.dataset.worth);
    output.textContent = value === undefined ? "–" : money(value, map.currency);
  }
  const byOutcome = new Map(map.outcomes.map((outcome) => [outcome.id, outcome]));
  for (const output of document.querySelectorAll("[data-anchored]")) {
    const outcome = byOutcome.get(output.dataset.anchored);
    const own = layout && layout.outcomes.find((each) => each.id === outcome.id);
    if (!own) continue;
    const value = unitMoney(layout.numbers.get(own.proxy).values[0] * own.factor, map.currency);
    const name = labelOf(byOutcome.get(outcome.proxy.anchored_to));
    output.textContent = say("anchored", { name, factor: plainNumber(own.factor), value });
  }
}
