// How the map changes: every change is tried whole before it is taken; what cannot be waits beside its field.

const state = {
  opened: null, map: null, result: null, layout: null, missing: [], undo: [], redo: [], lastKey: null,
  open: new Set(), folds: new Map(), first: new Map(), saved: null,
};

function faultKey({ path, found }) {
  return `${keyOf(path)}: ${found}`;
}

// What a map comes to, or why it cannot be: {faults, missing, layout, result}.
function tried(map) {
  const { impossible, missing } = checked(map);
  if (impossible.length || missing.length) return { faults: impossible, missing };
  const layout = laidOut(map);
  const result = figures(layout);
  return { faults: result.too_large ? [{ path: [], found: say("too_large") }] : [], missing, layout, result };
}

// Why a map cannot take the place of the present one; null if it can. An unfinished map may stay unfinished.
function refusal(attempt) {
  const known = new Set(state.missing.map(faultKey));
  const news = [...attempt.faults, ...attempt.missing.filter((fault) => !known.has(faultKey(fault)))];
  return news.length ? news : null;
}

function take(map, attempt, key, except) {
  if (key === null || key !== state.lastKey) {
    state.undo.push(state.map);
    if (state.undo.length > 500) state.undo.shift();
  }
  state.lastKey = key;
  state.redo = [];
  settle(map, attempt, except);
}

function settle(map, attempt, except) {
  state.map = map;
  state.missing = attempt.missing;
  if (attempt.result) {
    state.result = attempt.result;
    state.layout = attempt.layout;
  } else if (attempt.missing.length) {
    state.result = null;
    state.layout = null;
  }
  show(except);
}

function withEdits(map, edits) {
  return edits.reduce((tree, { path, value, also }) => (also || ((same) => same))(put(tree, path, value)), map);
}

function waitingEdits(key) {
  return [...pending.entries()].filter(([other, edit]) => other !== key && edit.readable).map(([, edit]) => edit);
}

// Somebody typed: read it, try it with what waits, then alone; if it cannot be, say why beside it.
function edited(binding) {
  const { path, field, control } = binding;
  const key = keyOf(path);
  const before = at(state.map, path);
  let edit;
  try {
    const value = valueOf(control.value, field, before);
    edit = { path, value, text: control.value, readable: true, also: sideEffect(path, value) };
  } catch (error) {
    if (!(error instanceof Misread)) throw error;
    pending.set(key, { path, text: control.value, readable: false, found: error.message });
    showFault(binding, error.message);
    showPending();
    return;
  }
  const others = waitingEdits(key);
  pending.delete(key);
  for (const edits of others.length ? [[...others, edit], [edit]] : [[edit]]) {
    const map = withEdits(state.map, edits);
    const attempt = tried(map);
    const news = refusal(attempt);
    if (news === null) {
      if (edits.length === 1 && JSON.stringify(edit.value) === JSON.stringify(before)) {
        showFault(binding, null);
        refreshFields(binding);
        showPending();
        return;
      }
      for (const each of edits) pending.delete(keyOf(each.path));
      noteLosses(binding, before, edit.value);
      take(map, attempt, key, binding);
      return;
    }
    if (edits.length === 1) {
      const own = news.find((fault) => keyOf(fault.path) === key) || news[0];
      pending.set(key, { ...edit, found: own.found });
      showFault(binding, own.found);
      showPending();
    }
  }
}

function noteLosses({ label }, before, after) {
  const said = isGroup(before) && (before.survey || before.experts) && !(isGroup(after) && (after.survey || after.experts));
  if (said) tell(say("survey_taken_out", { label }));
}

// What else an edit brings with it: with more or fewer years of activity, numbers by year follow.
function sideEffect(path, value) {
  if (keyOf(path) !== "activity/years") return undefined;
  const years = value || 1;
  return (map) => {
    let changed = 0;
    const follow = (part) => {
      if (Array.isArray(part)) return part.map(follow);
      if (!isGroup(part)) return part;
      const group = Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, follow(inner)]));
      if (Array.isArray(group.by_year) && group.by_year.length !== years) {
        changed = years - group.by_year.length;
        group.by_year = Array.from({ length: years }, (_, year) => group.by_year[Math.min(year, group.by_year.length - 1)]);
      }
      return group;
    };
    const next = { ...map, inputs: follow(map.inputs), outcomes: follow(map.outcomes) };
    if (changed) tell(say(changed > 0 ? "years_lengthened" : "years_shortened"));
    return next;
  };
}

// A change that no field makes: an entry added or removed, a form switched, a slider moved.
function change(map, key = null, except = null) {
  const attempt = tried(map);
  const news = refusal(attempt);
  if (news !== null) {
    tell(...new Set(news.map((fault) => fault.found)));
    return false;
  }
  take(map, attempt, key, except);
  return true;
}

function stepBack(from, to, word) {
  if (!from.length) return;
  to.push(state.map);
  const map = from.pop();
  state.lastKey = null;
  pending.clear();
  settle(map, tried(map));
  tell(say(word));
}

function resetMap() {
  state.undo.push(state.map);
  state.redo = [];
  state.lastKey = null;
  pending.clear();
  settle(state.opened, tried(state.opened));
  tell(say("was_reset"));
}

function newId(section) {
  const used = new Set(SECTIONS.flatMap((name) => (state.map[name] || []).map((entry) => entry.id)));
  const stem = section.slice(0, -1);
  let number = (state.map[section] || []).length + 1;
  while (used.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

function newEntry(section) {
  const id = newId(section);
  const stakeholder = state.map.stakeholders[0]?.id;
  if (section === "stakeholders") return { id, name: say("new_stakeholders") };
  if (section === "inputs") return { id, stakeholder, description: say("new_inputs"), kind: "money", value: 0 };
  if (section === "outputs") return { id, stakeholder, description: say("new_outputs"), quantity: 0 };
  return { id, stakeholder, description: say("new_outcomes"), quantity: 0, proxy: { value: 0 }, duration: 1 };
}

function addEntry(section) {
  const entry = newEntry(section);
  pending.clear();
  if (!change({ ...state.map, [section]: [...(state.map[section] || []), entry] })) return;
  const place = state.map[section].length - 1;
  byId(`sheet-${section}`).open = true;
  const first = document.querySelector(`[data-key="table:${section}/${place}/${COLUMNS[section][0]}"]`);
  if (first) {
    first.focus();
    first.select();
  }
  tell(say("added", { name: labelOf(entry) }));
}

// Who in the map needs an entry, by their labels.
function usersOf(section, id) {
  const { map } = state;
  if (section === "outcomes") return map.outcomes.filter((outcome) => outcome.proxy?.anchored_to === id).map(labelOf);
  if (section !== "stakeholders") return [];
  const owned = ["inputs", "outputs", "outcomes"].flatMap((name) => (map[name] || []).filter((entry) => entry.stakeholder === id
    || (isPart(entry.quantity) && entry.quantity.of === id)));
  return [...owned, ...map.stakeholders.filter((who) => who.part_of === id)].map(labelOf);
}

function removeEntry(section, place) {
  const entry = state.map[section][place];
  const users = usersOf(section, entry.id);
  if (users.length) {
    tell(say("in_use", { name: labelOf(entry), users: users.slice(0, 3).join(", ") + (users.length > 3 ? ".." : "") }));
    return;
  }
  if (section !== "outputs" && state.map[section].length === 1) {
    tell(say("last_one"));
    return;
  }
  const rest = state.map[section].filter((_, other) => other !== place);
  const map = rest.length ? { ...state.map, [section]: rest } : put(state.map, [section], undefined);
  const lost = withoutNames(section === "outcomes" ? withoutLinks(map, entry.id) : map, entry.id);
  pending.clear();
  if (!change(lost.map)) return;
  tell(say("removed", { name: labelOf(entry) }), lost.any ? say("names_taken_out") : null);
  const near = Math.min(place, rest.length - 1);
  (byId(`remove-${section}-${near}`) || byId(`add-${section}`)).focus();
}

function withoutLinks(map, id) {
  const outcomes = map.outcomes.map((outcome) => (!outcome.leads_to || !outcome.leads_to.includes(id) ? outcome
    : put(outcome, ["leads_to"], outcome.leads_to.length > 1 ? outcome.leads_to.filter((other) => other !== id) : undefined)));
  return { ...map, outcomes };
}

// A map whose scenarios and correlations no longer name the numbers of an entry that is gone.
function withoutNames(map, id) {
  const owned = (name) => name.split(".")[0] === id;
  if (!namesUsed(map).some(({ name }) => owned(name))) return { map, any: false };
  const scenarios = Object.entries(map.scenarios || {})
    .map(([name, numbers]) => [name, Object.fromEntries(Object.entries(numbers).filter(([number]) => !owned(number)))])
    .filter(([, numbers]) => Object.keys(numbers).length);
  const correlations = (map.correlations || []).filter((each) => !each.numbers.some(owned));
  let next = put(map, ["scenarios"], scenarios.length ? Object.fromEntries(scenarios) : undefined);
  next = put(next, ["correlations"], correlations.length ? correlations : undefined);
  return { map: next, any: true };
}
