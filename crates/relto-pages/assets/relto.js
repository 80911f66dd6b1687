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
