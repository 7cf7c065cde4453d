// Sorting, filtering and links into folded sections. Without this script the page is complete, but
// static. It works on files opened from disk.
"use strict";

// Empty cells come last in both directions.
function compare(a, b, numeric, descending) {
  if (a === "" || b === "") return (a === "") - (b === "");
  const order = numeric ? a - b : a.localeCompare(b, "en", { numeric: true });
  return descending ? -order : order;
}

function sortRows(table, column, descending) {
  const body = table.tBodies[0];
  const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  const keys = new Map([...body.rows].map((row) => [row, key(row)]));
  const numeric = [...keys.values()].every((value) => value === "" || !Number.isNaN(Number(value)));
  const rows = [...body.rows].sort((a, b) => compare(keys.get(a), keys.get(b), numeric, descending));
  body.append(...rows);
}

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector("button")?.addEventListener("click", () => {
      const first = head.dataset.first ?? "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      const next = head.getAttribute("aria-sort") === first ? second : first;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", next);
      sortRows(table, column, next === "descending");
    });
  });
}

// The text of an element; unlike textContent, it separates the words of neighbouring cells.
function textOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode.data);
  return texts.join(" ");
}

// Matches each typed word as a whole word or, if no text contains it, as the beginning of a word.
function makeMatcher(texts) {
  const all = texts.join("\n");
  const patternOf = (word) => {
    const start = `(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")}`;
    const whole = new RegExp(`${start}(?![\\p{L}\\p{N}])`, "iu");
    return whole.test(all) ? whole : new RegExp(start, "iu");
  };
  return (typed) => {
    const words = typed.split(/\s+/).filter(Boolean).map(patternOf);
    return (text) => words.every((pattern) => pattern.test(text));
  };
}

function showCount(status, visible, all) {
  if (visible === all) status.textContent = `${all} shown`;
  else status.textContent = visible ? `${visible} of ${all} shown` : `none of ${all} match`;
}

// Hides the elements that do not contain all typed words, then calls `afterwards`.
function makeFilterable(elements, input, status, afterwards = () => {}) {
  const texts = elements.map((element) => [element, textOf(element)]);
  const matcher = makeMatcher(texts.map(([, text]) => text));
  const filter = () => {
    const matches = matcher(input.value);
    let visible = 0;
    for (const [element, text] of texts) {
      element.hidden = !matches(text);
      visible += !element.hidden;
    }
    showCount(status, visible, elements.length);
    afterwards();
  };
  input.addEventListener("input", filter);
  filter();
}

for (const index of document.querySelectorAll(".index:not(.explore)")) {
  const table = index.querySelector("table");
  makeSortable(table);
  makeFilterable([...table.tBodies[0].rows], index.querySelector("[type=search]"), index.querySelector("[role=status]"));
  index.querySelector(".tools").hidden = false;
}

// Supported families and the others are sorted separately.
function sortFamilies(by, descending) {
  for (const list of document.querySelectorAll(".families")) {
    const key = (card) => card.dataset[by].replace("nan", "");
    list.append(...[...list.querySelectorAll(".family")].sort((a, b) => compare(key(a), key(b), true, descending)));
  }
}

const tools = document.querySelector("#family-tools");
if (tools) {
  const [input, select] = tools.querySelectorAll("input, select");
  const fold = document.querySelector("#motifs > .fold");
  const showMatches = () => {
    if (!fold) return;
    const [all, visible] = ["", ":not([hidden])"].map((which) => fold.querySelectorAll(`.family${which}`).length);
    fold.hidden = !visible;
    fold.querySelector("summary > span").textContent = visible < all ? `${visible} of ` : "";
    if (input.value) fold.open = true;
  };
  makeFilterable([...document.querySelectorAll(".family")], input, tools.querySelector("[role=status]"), showMatches);
  select.addEventListener("change", () => sortFamilies(select.value, "descending" in select.selectedOptions[0].dataset));
  tools.hidden = false;
}

function findTarget(name) {
  try {
    return document.getElementById(decodeURIComponent(name));
  } catch {
    return null; // such as "#%"
  }
}

// A link to a folded or filtered element shows it.
function showTarget() {
  const target = location.hash && findTarget(location.hash.slice(1));
  if (!target) return;
  for (let element; (element = target.closest("[hidden]")); ) element.hidden = false;
  for (let fold; (fold = target.closest("details:not([open])")); ) fold.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", showTarget);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.hash === location.hash) showTarget(); // clicking the same link again changes no hash
});
showTarget();

// Escape closes the innermost open fold that has the focus.
document.addEventListener("keydown", (event) => {
  const fold = event.key === "Escape" && event.target.closest("details[open]");
  if (!fold || event.target.value) return; // a search field is cleared first
  fold.open = false;
  fold.querySelector("summary").focus();
});

// Copies a text, or selects it where the browser does not let pages copy.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.innerText);
      button.textContent = "copied";
    } catch {
      button.textContent = "press Ctrl-C";
    }
  });
}

// Printing opens all folds, and closes them afterwards.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((fold) => (fold.open = true));
});
addEventListener("afterprint", () => closed.forEach((fold) => (fold.open = false)));

// Tables of class "explore" (index, catalogue) are filtered by words, by a choice and by a minimum
// that rows carry as data. The address keeps filters and order, so that it can be shared.
const address = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

function saveAddress() {
  const text = address.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

function setAddress(name, value) {
  if (value) address.set(name, value);
  else address.delete(name);
}

function makeExplorable(section) {
  const controls = [...section.querySelectorAll(".tools input, .tools select")];
  const [table, status, clear] = ["table", "[role=status]", ".tools button"].map((x) => section.querySelector(x));
  const rows = [...table.tBodies[0].rows].map((row) => [row, textOf(row)]);
  const matcher = makeMatcher(rows.map(([, text]) => text));
  const tests = {
    search: (value) => ((matches) => (row, text) => matches(text))(matcher(value)),
    number: (value, key) => (row) => Number(row.dataset[key]) >= Number(value),
    "select-one": (value, key) => (row) => row.dataset[key] === value,
  };

  function filter() {
    const active = controls.filter((control) => control.value.trim());
    const passes = active.map((control) => tests[control.type](control.value.trim(), control.dataset.key));
    let visible = 0;
    for (const [row, text] of rows) {
      row.hidden = !passes.every((pass) => pass(row, text));
      visible += !row.hidden;
    }
    showCount(status, visible, rows.length);
    clear.hidden = !active.length;
  }

  function readAddress() {
    controls.forEach((control) => (control.value = address.get(control.name) ?? ""));
    const [, falling, name] = (address.get(section.dataset.sort) ?? "").match(/^(-?)(.+)$/) ?? [];
    const head = name && heads.find((th) => th.textContent.trim() === name);
    const order = falling ? "descending" : "ascending";
    for (let clicks = 0; head && head.getAttribute("aria-sort") !== order && clicks < 2; clicks++) head.firstElementChild.click();
    filter();
  }

  function writeAddress() {
    controls.forEach((control) => setAddress(control.name, control.value.trim()));
    saveAddress();
    filter();
  }

  makeSortable(table);
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.querySelector("button"));
  for (const head of heads) {
    head.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "descending" ? "-" : "";
      setAddress(section.dataset.sort, falling + head.textContent.trim());
      saveAddress();
    });
  }
  controls.forEach((control) => control.addEventListener("input", writeAddress));
  clear.addEventListener("click", () => {
    controls.forEach((control) => (control.value = ""));
    writeAddress();
    controls[0].focus();
  });
  section.querySelector(".tools").hidden = false;
  readAddress();
  return readAddress;
}

const readers = [...document.querySelectorAll(".explore")].map(makeExplorable);

function goToFilter() {
  const name = [...address.keys()].pop();
  document.querySelector(`.explore [name="${CSS.escape(name ?? "")}"]`)?.scrollIntoView({ block: "center", behavior: "instant" });
}
goToFilter();
addEventListener("hashchange", () => {
  if (!readers.length || (location.hash && !location.hash.includes("="))) return; // a link to a row
  [...address.keys()].forEach((name) => address.delete(name));
  new URLSearchParams(location.hash.slice(1)).forEach((value, name) => address.set(name, value));
  readers.forEach((readAddress) => readAddress());
  goToFilter();
});
document.addEventListener("keydown", (event) => {
  const first = document.querySelector(".explore [type=search]");
  if (event.key !== "/" || !first || event.target.matches("input, select, textarea")) return;
  event.preventDefault(); // "/" goes to the filter
  first.focus();
});
