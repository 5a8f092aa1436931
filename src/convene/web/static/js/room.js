// The running clock of a live session, and votes on a phone. The pages work without it.
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
  document.addEventListener("live:updated", tick);

  // A question one asks too is not offered again; it stands among one's own, to be taken back.
  const mark = () => {
    const own = new Set([...document.querySelectorAll("[data-voted]")].map((form) => form.dataset.voted));
    for (const form of document.querySelectorAll("[data-vote]")) form.hidden = own.has(form.dataset.vote);
  };
  mark();
  document.addEventListener("live:updated", mark);
})();
