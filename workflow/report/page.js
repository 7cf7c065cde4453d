// Sorting and filtering of the table with class "index", and folded parts opened for print.
// Works on a file opened from disk; without it the page is complete, only not sortable.
"use strict";

function sortRows(table, column, descending) {
  const body = table.tBodies[0];
  const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  const keys = new Map([...body.rows].map((row) => [row, key(row)]));
  const numeric = [...keys.values()].every((value) => value === "" || !Number.isNaN(Number(value)));
  const compare = (a, b) => {
    // Cells that hold nothing stay at the end in both directions.
    if (a === "" || b === "") return (a === "") - (b === "");
    const order = numeric ? a - b : a.localeCompare(b, "en", { numeric: true });
    return descending ? -order : order;
  };
  const rows = [...body.rows].sort((a, b) => compare(keys.get(a), keys.get(b)));
  body.append(...rows);
}

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector("button")?.addEventListener("click", () => {
      const first = head.dataset.first ?? "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const next = head.getAttribute("aria-sort") === first ? other : first;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", next);
      sortRows(table, column, next === "descending");
    });
  });
}

function makeFilterable(table, input, shown) {
  const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let visible = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      visible += !row.hidden;
    }
    shown.textContent = visible === rows.length ? `${visible} shown` : `${visible} of ${rows.length} shown`;
  };
  input.addEventListener("input", filter);
  filter();
}

const index = document.querySelector(".index:not(.explore) table");
if (index) {
  makeSortable(index);
  makeFilterable(index, document.querySelector("#filter"), document.querySelector("#shown"));
}

// A link to a folded family opens what it is folded into.
function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target && target.closest("details:not([open])");
  if (folded) {
    folded.open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", openTarget);
openTarget();
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => (part.open = true)));

// Tables with class "explore" (index, catalogue): filters by words, by a choice and by a least number,
// which the rows carry as data; the address keeps filters and order, so it can be passed on.
const address = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

function saveAddress() {
  const text = address.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

function setAddress(name, value) {
  if (value) address.set(name, value);
  else address.delete(name);
}

function makeExplorable(part) {
  const controls = [...part.querySelectorAll(".tools input, .tools select")];
  const [table, shown, clear] = ["table", "[role=status]", ".tools button"].map((x) => part.querySelector(x));
  const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
  const tests = {
    search: (value) => (row, text) => value.toLowerCase().split(/\s+/).every((word) => text.includes(word)),
    number: (value, key) => (row) => Number(row.dataset[key]) >= Number(value),
    "select-one": (value, key) => (row) => row.dataset[key] === value,
  };

  function filter() {
    const used = controls.filter((control) => control.value.trim());
    const passes = used.map((control) => tests[control.type](control.value.trim(), control.dataset.key));
    let visible = 0;
    for (const [row, text] of rows) {
      row.hidden = !passes.every((pass) => pass(row, text));
      visible += !row.hidden;
    }
    shown.textContent = visible === rows.length ? `${visible} shown` : `${visible} of ${rows.length} shown`;
    clear.hidden = !used.length;
  }

  function read() {
    controls.forEach((control) => (control.value = address.get(control.name) ?? ""));
    const [, falling, name] = (address.get(part.dataset.sort) ?? "").match(/^(-?)(.+)$/) ?? [];
    const head = name && heads.find((each) => each.textContent.trim() === name);
    const order = falling ? "descending" : "ascending";
    for (let clicks = 0; head && head.getAttribute("aria-sort") !== order && clicks < 2; clicks++) head.firstElementChild.click();
    filter();
  }

  function save() {
    controls.forEach((control) => setAddress(control.name, control.value.trim()));
    saveAddress();
    filter();
  }

  makeSortable(table);
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.querySelector("button"));
  for (const head of heads) {
    head.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "descending" ? "-" : "";
      setAddress(part.dataset.sort, falling + head.textContent.trim());
      saveAddress();
    });
  }
  controls.forEach((control) => control.addEventListener("input", save));
  clear.addEventListener("click", () => {
    controls.forEach((control) => (control.value = ""));
    save();
    controls[0].focus();
  });
  part.querySelector(".tools").hidden = false;
  read();
  return read;
}

const explored = [...document.querySelectorAll(".explore")].map(makeExplorable);

function goToFilter() {
  const name = [...address.keys()].pop();
  document.querySelector(`.explore [name="${CSS.escape(name ?? "")}"]`)?.scrollIntoView({ block: "center", behavior: "instant" });
}
goToFilter();
addEventListener("hashchange", () => {
  if (!explored.length || (location.hash && !location.hash.includes("="))) return; // a link to a row
  [...address.keys()].forEach((name) => address.delete(name));
  new URLSearchParams(location.hash.slice(1)).forEach((value, name) => address.set(name, value));
  explored.forEach((read) => read());
  goToFilter();
});
document.addEventListener("keydown", (event) => {
  const first = document.querySelector(".explore [type=search]");
  if (event.key !== "/" || !first || event.target.matches("input, select, textarea")) return;
  event.preventDefault(); // "/" goes to the filter
  first.focus();
});
