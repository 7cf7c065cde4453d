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

const index = document.querySelector(".index table");
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
