"use strict";
// Enhancement only: every reading and every form works without this file.

// The slash goes to the search field, as on other workbenches; not where somebody writes.
document.addEventListener("keydown", (event) => {
  const writes = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  const search = document.getElementById("query");
  if (event.key === "/" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey && search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// On a narrow screen the filters begin closed, so that the list is what one sees.
if (window.matchMedia("(max-width: 44rem)").matches) {
  for (const filter of document.querySelectorAll(".filters details")) {
    filter.open = false;
  }
}

// A release that partners have not fetched yet is looked at again, as long as somebody looks.
const again = document.querySelector("[data-again]");
if (again) {
  setInterval(() => document.visibilityState === "visible" && location.reload(), Number(again.dataset.again) * 1000);
}
