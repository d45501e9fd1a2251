// What a value map may hold. Each fault is {path, found}; `missing` is what an unfinished map still lacks, `impossible`
// what no map can say. The table of nouns comes from the program, so that both refuse the same.

const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]/;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const BOUNDED = ["pert", "triangular", "uniform", "beta"];
// An unfinished map may lack what these require; anything else without its required keys means nothing.
const MAY_LACK = ["ImpactMap", "Input", "Outcome"];
const SECTIONS = ["stakeholders", "inputs", "outputs", "outcomes"];

function at(tree, path) {
  return path.reduce((here, key) => (here !== null && typeof here === "object" && Object.hasOwn(here, key) ? here[key] : undefined), tree);
}

function isBlank(part) {
  if (isGroup(part)) return Object.values(part).every(isBlank);
  return part === null || part === undefined || (typeof part === "string" && part.trim() === "");
}

function readText(raw) {
  if (!["string", "number"].includes(typeof raw)) throw misread("no_words", { raw: shown(raw) });
  const text = String(raw).trim();
  if (text.length > facts.longest_text) throw misread("long_text", { most: facts.longest_text });
  if (UNPRINTABLE.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, "")) || LONE.test(text)) throw misread("control_character");
  return text;
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function isPriceYear(text) {
  const labelled = /^(?:19|20)(\d\d)\/(\d\d)$/.exec(text);
  return /^(19|20)\d\d$/.test(text) || text.toLowerCase() === "not stated"
    || (labelled !== null && Number(labelled[2]) === (Number(labelled[1]) + 1) % 100);
}

// One plain value by its form; throws a Misread.
function checkPlain(raw, field, kind) {
  const text = ["string", "number"].includes(typeof raw) ? String(raw).trim() : "";
  const must = (holds, key) => { if (!holds) throw misread(key, { raw: shown(raw) }); };
  if (field.form === "own_number") return void readNumber(raw, kind);
  if (field.form === "plain_number") return void readNumber(raw, facts.kinds[field.kind]);
  if (field.form === "whole") return void readWhole(raw, field.low, field.high);
  if (field.form === "id") return must(/^[a-z][a-z0-9_]{0,99}$/.test(text), "no_id");
  if (field.form === "currency") return must(/^[A-Z]{3}$/.test(text), "no_currency");
  if (field.form === "price_year") return must(isPriceYear(text), "no_price_year");
  if (field.form === "day") return must(isDay(text), "no_day");
  if (field.form === "choice") return must(field.choices.includes(text), "no_choice");
  if (field.form === "yes_no") return must(typeof raw === "boolean" || /^(yes|no|true|false)$/i.test(text), "no_yes_no");
  const words = readText(raw);
  if (field.form === "title") return must(/[^\s\p{C}\p{Z}]/u.test(words), "no_title");
  return undefined;
}

class Check {
  constructor(map) {
    this.map = map;
    this.impossible = [];
    this.missing = [];
  }

  no(path, key, values) { this.impossible.push({ path, found: say(key, values) }); }

  lacks(path, key, values) { this.missing.push({ path, found: say(key, values) }); }

  // Run a reader; its misread is a fault at this path.
  reads(path, read) {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Misread)) throw error;
      this.impossible.push({ path, found: error.message });
      return undefined;
    }
  }

  group(group, noun, path, kind) {
    if (!isGroup(group)) return void this.no(path, "no_group", { raw: shown(group) });
    const fields = facts.nouns[noun];
    for (const key of Object.keys(group)) {
      if (!Object.hasOwn(fields, key)) this.no([...path, key], "unknown_key", { key: shown(key) });
      else this.field(group[key], fields[key], [...path, key], kind);
    }
    for (const [key, field] of Object.entries(fields)) {
      if (!field.required || !isBlank(group[key])) continue;
      if (MAY_LACK.includes(noun) && key !== "id") this.lacks([...path, key], "key_missing", { label: fieldLabel(noun, key) });
      else this.no([...path, key], "key_missing", { label: fieldLabel(noun, key) });
    }
    return undefined;
  }

  list(entries, path, each) {
    if (!Array.isArray(entries)) return void this.no(path, "no_list", { raw: shown(entries) });
    if (entries.length > facts.longest_list) return void this.no(path, "long_list", { most: facts.longest_list });
    entries.forEach((entry, place) => each(entry, [...path, place]));
    return undefined;
  }

  field(value, field, path, kind) {
    const name = path.at(-1);
    if (field.form === "estimate") return this.estimate(value, facts.kinds[field.kind], path);
    if (field.form === "group") return this.group(value, field.noun, path, kind);
    if (field.form === "groups") return this.list(value, path, (entry, place) => this.group(entry, field.noun, place, kind));
    if (field.form === "words") return this.list(value, path, (word, place) => this.reads(place, () => readText(word)));
    if (field.form === "quantity") {
      return isPart(value) || (isGroup(value) && (value.share !== undefined || value.times !== undefined))
        ? this.group(value, "PartOfStakeholder", path)
        : this.estimate(value, facts.kinds[field.kind], path);
    }
    if (field.form === "discount_rate") {
      return Object.hasOwn(facts.schedules, String(value)) ? undefined : this.estimate(value, facts.kinds.rate, path);
    }
    if (field.form === "own_rate") {
      return Object.hasOwn(facts.schedules, String(value)) ? undefined : this.reads(path, () => readNumber(value, facts.kinds.rate));
    }
    if (field.form === "printed") return this.printed(value, path);
    if (field.form === "scenarios") return this.scenarios(value, path);
    if (field.form === "shape" && isGroup(value)) return undefined;
    return this.reads(path, () => checkPlain(value, name === "shape" ? { form: "choice", choices: facts.shapes } : field, kind));
  }

  // A number: plain, or a group with its range, survey, experts or years.
  estimate(raw, kind, path) {
    if (!isGroup(raw)) return void this.reads(path, () => readNumber(raw, kind));
    const before = this.impossible.length + this.missing.length;
    if (raw.by_year !== undefined) {
      this.list(raw.by_year, [...path, "by_year"], (entry, place) => this.estimate(entry, kind, place));
    }
    const { by_year: byYear, ...rest } = raw;
    this.group(rest, "Estimate", path, kind);
    if (this.impossible.length + this.missing.length > before) return undefined;
    const ways = ["value", "survey", "experts", "by_year"].filter((way) => raw[way] !== undefined);
    if (!ways.length) return void this.no(path, "no_number_given");
    if (byYear && (ways.length > 1 || raw.low !== undefined || raw.high !== undefined)) return void this.no(path, "by_year_beside");
    if (byYear) {
      if (!byYear.length || byYear.some((entry) => isGroup(entry) && entry.by_year)) this.no(path, "by_year_within");
      return undefined;
    }
    if (raw.survey && kind !== facts.kinds.share) return void this.no(path, "survey_no_share");
    if (raw.survey) this.survey(raw.survey, path);
    if (raw.experts && !raw.experts.length) return void this.no(path, "no_number_given");
    if (ways.length > 1 && raw.value !== undefined) {
      const { value, ...implied } = raw;
      if (Math.abs(readNumber(value, kind) - baseOf(implied, kind)) > 1e-9) return void this.no(path, "two_ways");
    } else if (ways.length > 1) return void this.no(path, "two_ways");
    return this.range(raw, kind, path);
  }

  survey(survey, path) {
    const counts = ["yes", "asked", "invited", "population"].filter((key) => survey[key] !== undefined).map((key) => Number(survey[key]));
    if (!counts[1] || counts.some((count, place) => place && count < counts[place - 1])) this.no([...path, "survey"], "bad_survey");
  }

  range(raw, kind, path) {
    const [low, high] = [raw.low, raw.high].map((end) => (end === undefined ? undefined : readNumber(end, kind)));
    const shape = isGroup(raw.shape) ? Object.keys(raw.shape)[0] : raw.shape || "pert";
    const base = raw.value === undefined ? undefined : readNumber(raw.value, kind);
    const words = (number) => fieldText(number, kind) + (kind.per_cent ? " %" : "");
    if (low === undefined && high === undefined) {
      if (shape === "beta" || (facts.shapes.includes(raw.shape) && base !== undefined)) return void this.no(path, "shape_without_range");
      for (const expert of raw.experts || []) {
        const views = [expert.low, expert.value, expert.high].map((view) => readNumber(view, kind));
        if (views[0] > views[1] || views[1] > views[2]) this.no(path, "expert_disordered");
      }
      return undefined;
    }
    if (low === undefined || high === undefined) return void this.no(path, "half_a_range");
    if (low > high) return void this.no(path, "range_reversed");
    if (["normal", "lognormal"].includes(shape) && low === high) return void this.no(path, "range_without_width");
    if (shape === "lognormal" && low <= 0) return void this.no(path, "lognormal_from_0");
    if (BOUNDED.includes(shape) && base !== undefined && (base < low || base > high)) {
      this.no(path, "outside_range", { low: words(low), high: words(high) });
    }
    return undefined;
  }

  printed(value, path) {
    const figure = isGroup(value) ? value.value : value;
    const bare = String(figure).trim().replace(/^1\s*:\s*(?=\S)|\s*:\s*1$/g, "").replace(/(?<=\d),(?=\d{3})|^[£$€]/g, "");
    if (!/^-?[£$€]?\d+(\.\d+)?$/.test(bare)) this.no(path, "no_printed_figure", { raw: shown(figure) });
  }

  scenarios(groups, path) {
    if (!isGroup(groups)) return void this.no(path, "no_group", { raw: shown(groups) });
    for (const [name, numbers] of Object.entries(groups)) {
      this.reads([...path, name], () => checkPlain(name, { form: "id" }));
      if (!isGroup(numbers)) { this.no([...path, name], "no_group", { raw: shown(numbers) }); continue; }
      for (const [number, raw] of Object.entries(numbers)) {
        this.reads([...path, name, number], () => readNumber(raw, kindOfName(number)));
      }
    }
    return undefined;
  }
}

function kindOfName(name) {
  const parts = name.split(".");
  const last = parts.length > 1 && /^\d+$/.test(parts.at(-1)) ? parts.at(-2) : parts.at(-1);
  return Object.hasOwn(facts.number_kinds, last) ? kindOfField(last) : facts.kinds.number;
}

function fieldLabel(noun, key) {
  return words.fields[noun]?.[key]?.title || key;
}

function checked(map) {
  const check = new Check(map);
  if (!isGroup(map)) check.no([], "no_map");
  else check.group(map, "ImpactMap", []);
  if (!check.impossible.length) coherence(check);
  return { impossible: check.impossible, missing: check.missing };
}
