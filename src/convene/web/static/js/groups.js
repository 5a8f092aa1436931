// People are dragged from table to table, by pointer or by keys. Without this file a form beside each does it.
"use strict";

(() => {
  const form = document.querySelector("[data-move-form]");
  if (!form) return;
  for (const grip of document.querySelectorAll("[data-grip]")) grip.hidden = false;
  let held = null; // {grip, person, board, tables, from, to, start, byPointer}

  const say = (text) => { held.board.querySelector("[data-seating-said]").textContent = text; };
  const fill = (words, table) => words.replace("{who}", held.person.dataset.name).replace("{table}", table?.dataset.name ?? "");

  const pick = (grip, start) => {
    const person = grip.closest("[data-placement]");
    const board = grip.closest("[data-seating]");
    const from = grip.closest("[data-table]");
    held = { grip, person, board, from, to: from, start, tables: [...board.querySelectorAll("[data-table]")] };
    grip.setAttribute("aria-pressed", "true");
    person.classList.add("seating__person--held");
    say(fill(board.dataset.picked));
  };

  const aim = (table) => {
    if (!table || table === held.to) return;
    held.to.classList.remove("seating__table--target");
    held.to = table;
    if (table !== held.from) table.classList.add("seating__table--target");
    table.scrollIntoView({ block: "nearest" });
    say(fill(held.board.dataset.over, table));
  };

  const drop = (really) => {
    const { grip, person, board, from, to } = held;
    grip.setAttribute("aria-pressed", "false");
    person.classList.remove("seating__person--held");
    to.classList.remove("seating__table--target");
    if (!really || to === from) say(fill(board.dataset.stays));
    held = null;
    if (!really || to === from) return;
    form.elements.placement.value = person.dataset.placement;
    form.elements.to.value = to.dataset.table;
    form.requestSubmit();
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    if (!grip || event.button !== 0 || held) return;
    grip.setPointerCapture(event.pointerId);
    pick(grip, { x: event.clientX, y: event.clientY });
    held.byPointer = true;
  });
  document.addEventListener("pointermove", (event) => {
    if (!held?.byPointer) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-table]");
    if (under && held.tables.includes(under)) aim(under);
    const edge = 48;
    if (event.clientY < edge) window.scrollBy(0, -16);
    if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 16);
  });
  document.addEventListener("pointerup", () => { if (held?.byPointer) drop(true); });
  document.addEventListener("pointercancel", () => { if (held?.byPointer) drop(false); });

  document.addEventListener("keydown", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    if (!grip || (held && held.grip !== grip)) return;
    const puts = event.key === "Enter" || event.key === " ";
    if (!held) {
      if (!puts) return;
      event.preventDefault();
      pick(grip);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const sideways = event.key === "ArrowRight" || event.key === "ArrowLeft";
    const turned = sideways && document.documentElement.dir === "rtl" ? -step : step;
    if (turned) {
      event.preventDefault();
      const at = held.tables.indexOf(held.to) + turned;
      aim(held.tables[(at + held.tables.length) % held.tables.length]);
    } else if (puts) {
      event.preventDefault();
      drop(true);
    } else if (event.key === "Escape") {
      drop(false);
    }
  });
  document.addEventListener("focusout", (event) => { if (held && !held.byPointer && event.target === held.grip) drop(false); });

  // Back from a move: on with the keys where they were. The browser's own jump to the line takes focus away first.
  const moved = location.hash.startsWith("#p-") && document.getElementById(location.hash.slice(1));
  if (moved) addEventListener("load", () => setTimeout(() => moved.querySelector("[data-grip]")?.focus({ preventScroll: true })));
})();
