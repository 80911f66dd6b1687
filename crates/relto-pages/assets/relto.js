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

// A form that says what follows from what is chosen asks again at each choice. The parts of the page that answer are exchanged; where that fails, the
// form is sent as it would be without script. What there is to choose is exchanged only where another policy was chosen, so that the focus stays.
for (const form of document.querySelectorAll("form[data-live]")) {
  let asking = null;
  form.addEventListener("change", async (event) => {
    asking?.abort();
    asking = new AbortController();
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok || answer.redirected) {
        form.requestSubmit();
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = new Map([...page.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
      const isOther = event.target.name === "policy";
      for (const part of document.querySelectorAll("[data-part]")) {
        const isWanted = isOther ? part.tagName !== "SMALL" : part.dataset.part !== "choices";
        const other = fresh.get(part.dataset.part);
        if (isWanted && other) {
          part.replaceChildren(...other.childNodes);
        }
      }
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") {
        form.requestSubmit();
      }
    }
  });
}

// A release that partners have not fetched yet is looked at again, as long as somebody looks.
const again = document.querySelector("[data-again]");
if (again) {
  setInterval(() => document.visibilityState === "visible" && location.reload(), Number(again.dataset.again) * 1000);
}
