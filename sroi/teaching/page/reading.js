// How a typed number is read: the same steps as sroi.teaching.answers takes, so that page and program agree.

class Unread extends Error {
  constructor(kind, words = "") {
    super(words);
    this.kind = kind;
    this.words = words;
  }
}

const LONGEST = 80;
const EXPECTED = "Give a number, such as 1250, 1,250.50, 0.25 or 25%.";
const PLAIN = /^[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})$/;
const THOUSANDS = /^[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{0,15})?$/;
const DECIMAL_COMMA = /^[-+]?(?:\d{1,15},\d{1,2}|0,\d{1,15})$/;

function numberFrom(text) {
  if ([...text].length > LONGEST) throw new Unread("unreadable", EXPECTED);
  let bare = text.replaceAll("\u2212", "-").toLowerCase().replace(/[\s_£$€']/g, "");
  if (bare === "" || bare === "..." || bare === "…") throw new Unread("empty");
  if (["nan", "inf", "-inf", "infinity", "-infinity"].includes(bare)) throw new Unread("not_finite");
  bare = bare.replace(/percent$/, "%");
  bare = bare.replace(/(\d)(?:years?|people|persons?|pounds?|gbp)$/, "$1");
  bare = bare.replace(/(?:^1(?::|to))(?=.)|(?::|to)1$/, "");
  const divided = bare.endsWith("%");
  if (divided) bare = bare.slice(0, -1);
  if (THOUSANDS.test(bare)) bare = bare.replaceAll(",", "");
  else if (DECIMAL_COMMA.test(bare)) bare = bare.replaceAll(",", ".");
  if (!PLAIN.test(bare)) throw new Unread("unreadable", EXPECTED);
  return Number(divided ? `${bare}e-2` : bare);
}
