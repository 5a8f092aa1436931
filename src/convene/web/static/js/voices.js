// Voting by single keys, only while the card has the focus; and the focus goes on to the next card.
"use strict";

(() => {
  const VALUES = { a: "agree", d: "disagree", p: "pass" };

  document.addEventListener("keydown", (event) => {
    const card = document.activeElement?.closest?.("[data-voting]");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const value = VALUES[event.key.toLowerCase()];
    const button = value && card.querySelector(`button[value="${value}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  document.addEventListener("htmx:afterSwap", () => document.querySelector("[data-voting]")?.focus());
})();
