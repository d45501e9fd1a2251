// How an answer is marked: the same rules and the same spans of numbers as sroi.teaching.checking has.
// Every function returns {right, kind, title, words}; `words` is a list of lines.

function saying(kind, title, ...words) {
  return { right: kind === "", kind, title, words: words.filter((line) => line !== "") };
}

function markedNumber(key, text, general) {
  let found;
  try {
    found = numberFrom(text);
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return [error.kind, general[error.kind][0], error.words];
  }
  for (const [low, high, kind, title, words] of key.spans) {
    if (low <= found && found <= high) return [kind, title, words];
  }
  const kind = found > key.value ? "too_high" : "too_low";
  return [kind, general[kind][0], key.hint];
}

function markedTyped(facts, texts, general) {
  const marked = facts.keys.map((key, place) => [key, ...markedNumber(key, texts[place], general)]);
  if (facts.kind === "number") {
    const [, kind, title, words] = marked[0];
    return saying(kind, title, words || (kind in general ? general[kind][1] : ""));
  }
  if (texts.every((text) => text.trim() === "")) return saying("empty", ...general.empty);
  const wrong = marked.filter((each) => each[1] !== "");
  if (wrong.length === 0) return saying("", "Right", facts.notice);
  const lines = wrong.map(([key, , title, words]) => `${key.label}: ${title}. ${words}`.trimEnd());
  const heading = wrong.length === 1 ? wrong[0][2] : `${marked.length - wrong.length} of ${marked.length} right`;
  return { right: false, kind: wrong[0][1], title: heading, words: lines };
}

function markedOptions(facts, letters, general) {
  if (letters.length === 0) return saying("empty", ...general.empty);
  if (facts.kind === "choice") {
    const [, right, why, kind, title] = facts.options.find(([letter]) => letter === letters[0]);
    return right ? saying("", "Right", why, facts.notice) : saying(kind, title, why);
  }
  const missing = facts.options.filter(([letter, right]) => right && !letters.includes(letter));
  const tooMuch = facts.options.filter(([letter, right]) => !right && letters.includes(letter));
  if (missing.length === 0 && tooMuch.length === 0) return saying("", "Right", facts.notice);
  const kind = missing.length && tooMuch.length ? "missing_and_too_much" : missing.length ? "missing" : "too_much";
  const words = tooMuch.map(([letter, , why]) => `${letter} does not belong: ${why}`);
  if (missing.length) words.push(facts.missing[missing.length - 1]);
  return saying(kind, general[kind][0], ...words);
}

// What an exercise is marked by lies in the page mixed with a stream of numbers that its name begins. It is no lock.
function unscrambled(letters, name) {
  let state = 0;
  for (let place = name.length - 1; place >= 0; place -= 1) state = (state * 31 + name.charCodeAt(place)) % 65521;
  const mixed = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  const plain = mixed.map((byte) => {
    state = (state * 171 + 11213) % 53125;
    return byte ^ (state & 255);
  });
  return JSON.parse(new TextDecoder().decode(plain));
}
