// The page itself: an answer is handed in, and what is said of it stands below.

const marking = JSON.parse(document.getElementById("marking-data").textContent);
const forms = [...document.querySelectorAll("form.exercise")];
const solved = new Set();

// A line in which *this* is emphasised and `that` is code; everything is text, nothing is HTML.
function paragraph(line, name) {
  const made = document.createElement("p");
  if (name) made.className = name;
  for (const piece of line.split(/(\*[^*]+\*|`[^`]+`)/)) {
    const sort = /^\*.+\*$/.test(piece) ? "em" : /^`.+`$/.test(piece) ? "code" : "";
    if (sort === "") made.append(piece);
    else {
      const inner = document.createElement(sort);
      inner.textContent = piece.slice(1, -1);
      made.append(inner);
    }
  }
  return made;
}

function handedIn(form) {
  const facts = unscrambled(marking.exercises[form.dataset.exercise], form.dataset.exercise);
  if (form.dataset.kind === "number" || form.dataset.kind === "map") {
    const texts = [...form.querySelectorAll("input[type=text]")].map((field) => field.value);
    return markedTyped(facts, texts, marking.words);
  }
  const letters = [...form.querySelectorAll("input:checked")].map((field) => field.value);
  return markedOptions(facts, letters, marking.words);
}

function show(form, said) {
  const place = form.querySelector(".said");
  place.classList.toggle("right", said.right);
  place.dataset.kind = said.kind;
  place.replaceChildren(paragraph(`${said.right ? "✓" : "✗"} ${said.title}`, "title"), ...said.words.map((line) => paragraph(line)));
  solved[said.right ? "add" : "delete"](form.dataset.exercise);
  document.getElementById("score").textContent = `${solved.size} of ${forms.length} exercises right`;
}

for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(form, handedIn(form));
  });
}
