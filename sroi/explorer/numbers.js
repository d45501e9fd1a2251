// How one written number is read and shown. The same rules as the program's: 90, 1.5, 25 %; never repaired silently.

class Misread extends Error {}

function say(key, values = {}) {
  const text = words[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

function misread(key, values) {
  return new Misread(say(key, values));
}

function shown(raw) {
  if (raw !== null && typeof raw === "object") return say(Array.isArray(raw) ? "a_list" : "a_group");
  const text = String(raw).split(/\s+/).join(" ").trim();
  return text.length > 60 ? `‘${text.slice(0, 57)}..’` : `‘${text}’`;
}

const WRITTEN_NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?$/;

// Move the decimal point of a written number: 12.5 by -2 places is 0.125, to the nearest float.
function shifted(bare, places) {
  const [mantissa, exponent = "0"] = bare.toLowerCase().split("e");
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

function plainText(number) {
  const text = String(number);
  if (!/e/i.test(text)) return text;
  return Math.abs(number) < 1 ? number.toFixed(100).replace(/0+$/, "") : String(BigInt(number));
}

// A number as its field shows it: shares and rates in per cent, without the sign.
function fieldText(number, kind) {
  if (!kind.per_cent) return plainText(number);
  const text = plainText(number);
  const sign = text.startsWith("-") ? "-" : "";
  const [whole, part = ""] = text.replace("-", "").split(".");
  const digits = whole + part.padEnd(2, "0");
  const head = digits.slice(0, whole.length + 2).replace(/^0+(?=\d)/, "");
  const tail = digits.slice(whole.length + 2).replace(/0+$/, "");
  return `${sign}${head}${tail ? `.${tail}` : ""}`;
}

// A number as the file holds it.
function fileForm(number, kind) {
  return kind.per_cent ? `${fieldText(number, kind)}%` : number;
}

function withoutMarks(written) {
  const bare = written.replace(/[\s£$€_]/g, "").replace("\u2212", "-");
  const decimalComma = /^([-+]?(\d+|\d{1,3}(\.\d{3})+),\d{1,2}|[-+]?0,\d+)$/.test(bare);
  return decimalComma ? bare.replaceAll(".", "").replace(",", ".") : bare.replaceAll(",", "");
}

function allowed(number, kind, raw) {
  if (!Number.isFinite(number)) throw misread("not_finite", { raw: shown(raw) });
  if (kind.per_cent && number > kind.high) throw misread("above_all", { raw: shown(raw) });
  if (kind.above_low && number <= kind.low) throw misread("rate_too_low", { raw: shown(raw) });
  if (number < kind.low) throw misread("below", { raw: shown(raw), least: kind.low });
  if (number > kind.high) throw misread("above", { raw: shown(raw), most: kind.high });
  return number + 0;
}

function bareNumber(text, raw) {
  if (WRITTEN_NUMBER.test(text)) return text;
  const plain = withoutMarks(text);
  if (WRITTEN_NUMBER.test(plain)) throw misread("did_you_mean", { raw: shown(raw), meant: plain });
  throw misread(text === "" ? "nothing_given" : "no_number", { raw: shown(raw) });
}

// A number as a file holds it: 0.25 or "25%".
function readNumber(raw, kind) {
  if (typeof raw === "number") return allowed(raw, kind, raw);
  if (typeof raw !== "string") throw misread("no_number", { raw: shown(raw) });
  const text = raw.trim();
  const bare = bareNumber(text.endsWith("%") ? text.slice(0, -1).trim() : text, raw);
  if (!text.endsWith("%")) return allowed(Number(bare), kind, raw);
  if (!kind.per_cent) throw misread("no_per_cent_here", { raw: shown(raw) });
  return allowed(shifted(bare, -2), kind, raw);
}

// A number as somebody types it: in a field of shares 25 is 25 %.
function readTyped(typed, kind) {
  const text = typed.trim();
  if (!kind.per_cent && text.endsWith("%")) throw misread("no_per_cent_here", { raw: shown(typed) });
  const bare = bareNumber(text.endsWith("%") ? text.slice(0, -1).trim() : text, typed);
  const raw = kind.per_cent ? `${bare} %` : typed;
  return allowed(kind.per_cent ? shifted(bare, -2) : Number(bare), kind, raw);
}

function readWhole(raw, low, high) {
  const number = readNumber(raw, facts.kinds.number);
  if (!Number.isInteger(number) || number < low || number > high) throw misread("no_whole", { raw: shown(raw), low, high });
  return number;
}

function isNo(raw) {
  return raw === false || (typeof raw === "string" && ["no", "false"].includes(raw.trim().toLowerCase()));
}

function isYes(raw) {
  return raw === true || (typeof raw === "string" && ["yes", "true"].includes(raw.trim().toLowerCase()));
}

function kindOfField(field) {
  return facts.kinds[facts.number_kinds[field]];
}
