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

// Pictures: what hangs together with the node that is looked at stands out; +, - and 0 or the wheel make them larger and smaller; they can be drawn along.
for (const picture of document.querySelectorAll(".picture")) {
  const svg = picture.querySelector("svg");
  const light = (event, isLit) => {
    const node = event.target.closest("[data-node]")?.dataset.node;
    for (const arc of node === undefined ? [] : svg.querySelectorAll("[data-ends]")) {
      arc.classList.toggle("lit", isLit && arc.dataset.ends.split(" ").includes(node));
    }
  };
  for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    svg.addEventListener(begin, (event) => light(event, true));
    svg.addEventListener(end, (event) => light(event, false));
  }
  const scale = (by) => {
    const box = svg.getBoundingClientRect();
    const middle = [(picture.scrollLeft + picture.clientWidth / 2) / box.width, (picture.scrollTop + picture.clientHeight / 2) / box.height];
    const width = by === 0 ? svg.viewBox.baseVal.width : Math.min(Math.max(box.width * by, 200), 20000);
    svg.classList.remove("fitted", "whole");
    svg.setAttribute("width", String(Math.round(width)));
    svg.setAttribute("height", String(Math.round((width * svg.viewBox.baseVal.height) / svg.viewBox.baseVal.width)));
    const now = svg.getBoundingClientRect();
    picture.scrollTo(middle[0] * now.width - picture.clientWidth / 2, middle[1] * now.height - picture.clientHeight / 2);
  };
  picture.addEventListener("keydown", (event) => {
    const by = { "+": 1.25, "-": 0.8, 0: 0 }[event.key];
    if (by !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      scale(by);
    }
  });
  picture.addEventListener("wheel", (event) => {
    if (event.ctrlKey) {
      event.preventDefault();
      scale(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    }
  }, { passive: false });
  let held = null;
  picture.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType === "mouse" && !event.target.closest("a")) {
      held = [event.clientX + picture.scrollLeft, event.clientY + picture.scrollTop];
      picture.classList.add("is-held");
    }
  });
  window.addEventListener("pointermove", (event) => {
    if (held) {
      picture.scrollTo(held[0] - event.clientX, held[1] - event.clientY);
    }
  });
  window.addEventListener("pointerup", () => {
    held = null;
    picture.classList.remove("is-held");
  });
}
