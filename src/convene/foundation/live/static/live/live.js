// Keeps a page's live region up to date by asking every few seconds. Merges what changed into the page, so that focus, open details, scroll and typed text stay.
// And keeps what was typed into forms marked data-keep until the server has it.
"use strict";

(() => {
  const jittered = (ms) => ms * (0.75 + Math.random() / 2);
  const csrf = () => {
    try {
      return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["x-csrftoken"] || "";
    } catch {
      return "";
    }
  };

  // --- merging ---------------------------------------------------------------------------------------
  const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || "" : "");
  const fits = (old, fresh) =>
    old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);

  function mergeAttributes(old, fresh) {
    const own = (name) => (name === "open" && old.nodeName === "DETAILS") || (name === "value" && "liveCsrf" in old.dataset);
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !own(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value && !own(name)) old.setAttribute(name, value);
    }
  }

  function mergeChildren(parent, wanted) {
    const keyed = new Map();
    for (const child of parent.childNodes) if (keyOf(child)) keyed.set(keyOf(child), child);
    let place = parent.firstChild;
    for (const fresh of [...wanted.childNodes]) {
      const key = keyOf(fresh);
      let match = key ? keyed.get(key) : null;
      if (match && !fits(match, fresh)) match = null;
      if (!key) {
        let look = place;
        while (look && keyOf(look)) look = look.nextSibling;
        if (look && fits(look, fresh)) match = look;
      }
      if (!match) {
        parent.insertBefore(fresh, place);
        continue;
      }
      if (match === place) place = place.nextSibling;
      else parent.insertBefore(match, place);
      if (match.nodeType === 1) {
        mergeAttributes(match, fresh);
        mergeChildren(match, fresh);
      } else if (match.data !== fresh.data) match.data = fresh.data;
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  function fillCsrf(scope) {
    for (const input of scope.querySelectorAll("[data-live-csrf]")) input.value = csrf();
  }

  const typing = (element) => {
    const focused = document.activeElement;
    return element.contains(focused) && focused !== element && focused.matches("input, textarea, select, [contenteditable]")
      && !focused.matches("[type=submit], [type=button], [type=reset]");
  };

  const held = new Map();
  function show(element, html) {
    const name = element.dataset.live;
    if (typing(element)) {
      held.set(name, html);
      return;
    }
    held.delete(name);
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    const wanted = element.cloneNode(false);
    wanted.innerHTML = html;
    mergeChildren(element, wanted);
    if (focused && focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    fillCsrf(element);
    window.htmx?.process(element);
    element.dispatchEvent(new CustomEvent("live:updated", { bubbles: true, detail: { name } }));
  }

  document.addEventListener("focusout", () => setTimeout(() => {
    for (const [name, html] of [...held]) {
      const element = document.querySelector(`[data-live="${CSS.escape(name)}"]`);
      if (element) show(element, html);
      else held.delete(name);
    }
  }));

  // --- the status line ---------------------------------------------------------------------------------
  const states = new Set();
  function say(name, on) {
    if (on) states.add(name);
    else states.delete(name);
    const shown = ["old", "waiting", "offline"].find((each) => states.has(each));
    for (const part of document.querySelectorAll("[data-live-says]")) part.hidden = part.dataset.liveSays !== shown;
  }

  // --- asking ------------------------------------------------------------------------------------------
  class Watch {
    constructor(region) {
      this.region = region;
      this.version = region.dataset.liveVersion;
      this.every = Number(region.dataset.liveEvery) * 1000;
      fillCsrf(region);
      this.later();
      addEventListener("online", () => this.wake());
      document.addEventListener("visibilitychange", () => {
        // A phone in a pocket asks for nothing; it catches up when it is looked at.
        if (document.hidden) clearTimeout(this.next);
        else this.wake();
      });
    }

    later() {
      clearTimeout(this.next);
      if (!this.stopped && !document.hidden) this.next = setTimeout(() => this.poll(), jittered(this.every));
    }

    wake() {
      clearTimeout(this.next);
      if (!this.stopped) this.poll();
    }

    async poll() {
      if (this.asking) return;
      this.asking = true;
      try {
        await this.ask();
        say("offline", false);
      } catch {
        say("offline", true);
      } finally {
        this.asking = false;
        this.later();
      }
      if (!states.has("offline")) outbox.send();
    }

    async ask() {
      const answer = await fetch(`${this.region.dataset.livePoll}?since=${this.version}`, {
        headers: { "If-None-Match": `"${this.version}"` },
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(15_000),
      });
      if (answer.status === 403) {
        this.stopped = true;
        say("old", true);
      } else if (answer.ok) {
        const { version, fragments } = await answer.json();
        this.version = version;
        for (const [name, html] of Object.entries(fragments)) {
          for (const element of this.region.querySelectorAll(`[data-live="${CSS.escape(name)}"]`)) show(element, html);
        }
      }
    }
  }

  // --- nothing typed is lost -------------------------------------------------------------------------------
  const storage = {
    get: (key) => {
      try {
        return JSON.parse(localStorage.getItem(key) || "null");
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };
  const KEPT = "textarea, input:not([type=hidden]):not([type=password]):not([type=file]):not([type=submit])";
  const OUT = "convene.outbox.";
  const DRAFT = "convene.draft.";
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

  const outbox = {
    waiting() {
      const keys = [];
      for (let n = 0; n < localStorage.length; n += 1) {
        if (localStorage.key(n).startsWith(OUT)) keys.push(localStorage.key(n));
      }
      return keys.sort();
    },
    add(form, fields) {
      return storage.set(`${OUT}${Date.now()}.${newKey()}`, { url: form.action, name: form.dataset.keep, fields });
    },
    async send() {
      if (this.sending) return;
      this.sending = true;
      try {
        for (const key of this.waiting()) if (!(await this.sendOne(key))) break;
      } finally {
        this.sending = false;
        say("waiting", this.waiting().length > 0);
      }
    },
    async sendOne(key) {
      const kept = storage.get(key);
      if (!kept || new URL(kept.url).origin !== location.origin) {
        storage.set(key, null);
        return true;
      }
      const body = new URLSearchParams(kept.fields);
      body.set("csrfmiddlewaretoken", csrf());
      let answer;
      try {
        answer = await fetch(kept.url, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
      } catch {
        return false;
      }
      if (answer.status >= 500 || answer.status === 429) return false;
      storage.set(key, null);
      // Refused: the words go back to where they were typed, as a draft; never thrown away.
      if (!answer.ok) {
        storage.set(`${DRAFT}${kept.name}`, kept.fields);
        for (const form of document.querySelectorAll("form[data-keep]")) {
          if (form.dataset.keep === kept.name) restore(form);
        }
      }
      return true;
    },
  };

  function restore(form) {
    const draft = storage.get(`${DRAFT}${form.dataset.keep}`);
    if (!draft) return;
    const values = new Map(draft);
    for (const field of form.querySelectorAll(KEPT)) {
      if (!field.name || !values.has(field.name)) continue;
      if (isChoice(field)) field.checked = draft.some(([name, value]) => name === field.name && value === field.value);
      // What the server put back (422) or someone typed since is newer than the draft.
      else if (!field.value) field.value = values.get(field.name);
    }
  }

  const entries = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");

  document.addEventListener("input", ({ target }) => {
    const form = target.form;
    if (!form?.dataset.keep) return;
    const fields = entries(form).filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "live_key");
    storage.set(`${DRAFT}${form.dataset.keep}`, fields);
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset?.keep || event.defaultPrevented || form.method !== "post") return;
    event.preventDefault();
    const submitter = event.submitter;
    const fields = entries(form).filter(([name]) => name !== "csrfmiddlewaretoken");
    if (submitter?.name) fields.push([submitter.name, submitter.value]);
    if (form.dataset.sending) return;
    form.dataset.sending = "";
    let answer = null;
    try {
      const body = new URLSearchParams([...fields, ["csrfmiddlewaretoken", csrf()]]);
      answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": csrf() }, signal: AbortSignal.timeout(15_000) });
    } catch {
      answer = null;
    }
    delete form.dataset.sending;
    if (answer && answer.status < 500 && answer.status !== 429) {
      if (answer.ok) {
        storage.set(`${DRAFT}${form.dataset.keep}`, null);
        location.assign(answer.url);
        if (answer.url.split("#")[0] === location.href.split("#")[0]) location.reload();
        return;
      }
      // The server's own answer, with the error beside its field: sent again the plain way (same key).
      form.submit();
      return;
    }
    if (!outbox.add(form, fields)) return; // no room to keep it: it stays in the form
    storage.set(`${DRAFT}${form.dataset.keep}`, null);
    form.reset();
    for (const key of form.querySelectorAll("[name=live_key]")) key.value = newKey();
    say("waiting", true);
    form.dispatchEvent(new CustomEvent("live:kept", { bubbles: true }));
  });

  // --- begin -------------------------------------------------------------------------------------------------
  for (const link of document.querySelectorAll("[data-live-refresh]")) link.hidden = true;
  for (const form of document.querySelectorAll("form[data-keep]")) {
    for (const key of form.querySelectorAll("[name=live_key]")) key.value = newKey();
    restore(form);
  }
  const region = document.querySelector("[data-live-poll]");
  if (region) new Watch(region);
  addEventListener("online", () => outbox.send());
  if (outbox.waiting().length) {
    say("waiting", true);
    outbox.send();
  }
})();
