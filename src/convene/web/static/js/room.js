// The running clock of a live session, and a page that brings itself up to date. Both pages work without it.
"use strict";

(() => {
  const two = (number) => String(number).padStart(2, "0");

  const tick = () => {
    for (const clock of document.querySelectorAll("[data-until]")) {
      const seconds = Math.round((new Date(clock.dataset.until) - Date.now()) / 1000);
      const whole = Math.abs(seconds);
      const over = seconds < 0;
      clock.textContent = `${Math.floor(whole / 60)}:${two(whole % 60)} ${over ? clock.dataset.over : clock.dataset.left}`;
      clock.classList.toggle("stage__clock--over", over);
    }
  };
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSwap", tick);

  // Not while someone types, chooses or has a part folded open in what would be replaced.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.target.closest?.("[data-refresh]");
    if (!part || event.target !== part) return;
    const busy = part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
    if (busy || part.querySelector("details[open]")) event.preventDefault();
  });
})();
