// The reader's zone, told to the server once by a cookie; focus on what needs another look; passkeys that
// did not answer; one menu open at a time; values copied. Every page works without this file.
"use strict";

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = document.cookie.split("; ").find((part) => part.startsWith("zone="));
  if (zone && known !== `zone=${zone}`) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
    const kept = document.cookie.includes(`zone=${zone}`);
    // The first page of a visit was set in UTC: show it again in the reader's own zone.
    if (kept && zone !== "UTC" && "get" in document.documentElement.dataset && document.querySelector("time")) {
      location.reload();
    }
  }

  for (const part of document.querySelectorAll("[data-needs-script]")) {
    // Without a secure connection there is no clipboard to copy to.
    part.hidden = "copy" in part.dataset && !navigator.clipboard;
  }
  for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;
  document.addEventListener("allauth.error", (event) => {
    const failed = document.querySelector("[data-passkey-failed]");
    if (!failed) return;
    event.preventDefault();
    failed.hidden = false;
  });

  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("htmx:afterSwap", (event) => event.target.querySelector("[data-focus]")?.focus());

  document.addEventListener("click", async (event) => {
    const copier = event.target.closest?.("[data-copy]");
    if (!copier) return;
    await navigator.clipboard.writeText(copier.dataset.copy);
    copier.setAttribute("aria-live", "polite");
    copier.firstChild.data = copier.dataset.copied;
  });

  // What is said about inputs while someone types is swapped in beside them; they are then marked, or no more.
  document.addEventListener("htmx:oobAfterSwap", ({ detail: { target } }) => {
    for (const input of document.querySelectorAll(`[aria-describedby~="${target.id}"]`)) {
      if (target.querySelector(`[data-wrong~="${input.id}"]`)) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
