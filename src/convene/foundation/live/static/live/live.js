// Keeps a page's live region up to date: by the stream where one comes through, else by asking every few
// seconds. Merges what changed into the page, so that focus, open details, scroll and typed text stay.
// And keeps what was typed into forms marked data-keep until the server has it.
"use strict";

(() => {
  const HELLO = 6_000; // a stream that says nothing for so long is held up by a proxy
  const SILENCE = 40_000; // the server says something at least each 15 s
  const AGAIN = [1_500, 5_000, 15_000, 30_000, 60_000];
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
    const own = (name) => (name === "open" && old.nodeName === "DETAILS") || (name === "value" && old.name === "live_key");
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

  // Fragments are made once for all; what is each page's own is put in here.
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const own = (html, region) => html
    .replaceAll("<live:token>", escaped(csrf()))
    .replaceAll("<live:base>", escaped(region?.dataset.liveBase || ""));

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
    wanted.innerHTML = own(html, element.closest("[data-live-poll]"));
    // A page that has become another one altogether (the room was opened) is asked for anew.
    if (wanted.querySelector("[data-live-reload]") && !element.querySelector("[data-live-reload]")) {
      location.reload();
      return;
    }
    mergeChildren(element, wanted);
    if (focused && focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
    prepare(element);
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

  // --- stream, else asking -----------------------------------------------------------------------------
  class Watch {
    constructor(region) {
      this.region = region;
      this.version = region.dataset.liveVersion;
      this.every = Number(region.dataset.liveEvery) * 1000;
      this.failures = 0;
      this.begin();
      addEventListener("online", () => this.wake());
      document.addEventListener("visibilitychange", () => {
        clearTimeout(this.asleep);
        // A phone in a pocket needs nothing; it catches up when it is looked at.
        if (document.hidden) this.asleep = setTimeout(() => this.sleep(), 30_000);
        else if (!this.source) this.wake();
      });
    }

    get sleeping() {
      return this.stopped || this.pocketed;
    }

    begin() {
      if (this.region.dataset.liveStream) this.open();
      else this.later();
    }

    sleep() {
      this.pocketed = true;
      this.close();
      clearTimeout(this.retry);
      clearTimeout(this.next);
    }

    wake() {
      this.pocketed = false;
      if (this.stopped) return;
      this.failures = 0;
      clearTimeout(this.next);
      if (this.region.dataset.liveStream) this.open();
      else this.poll();
    }

    take(version, fragments) {
      this.version = version;
      for (const [name, html] of Object.entries(fragments)) {
        for (const element of this.region.querySelectorAll(`[data-live="${CSS.escape(name)}"]`)) show(element, html);
      }
    }

    // The stream.
    open() {
      clearTimeout(this.retry);
      this.close();
      const source = new EventSource(`${this.region.dataset.liveStream}?since=${this.version}`);
      this.source = source;
      const heard = () => {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => this.lost(), SILENCE);
      };
      this.silence = setTimeout(() => this.lost(), HELLO);
      source.addEventListener("hello", () => {
        heard();
        this.failures = 0;
        clearTimeout(this.next);
        this.region.dataset.liveBy = "stream";
        say("offline", false);
        outbox.send();
      });
      source.addEventListener("beat", heard);
      source.addEventListener("fragments", (event) => {
        heard();
        // Only the last event of a change bears the versions; until then what we have is what we had.
        this.take(event.lastEventId || this.version, JSON.parse(event.data));
      });
      source.onerror = () => this.lost();
    }

    close() {
      clearTimeout(this.silence);
      this.source?.close();
      this.source = null;
    }

    lost() {
      const heard = this.failures === 0 && this.region.dataset.liveBy === "stream";
      this.close();
      if (this.sleeping) return;
      const wait = AGAIN[Math.min(this.failures, AGAIN.length - 1)];
      this.failures += 1;
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.open(), jittered(wait));
      // One that was there a moment ago most likely comes back: not all pages at once ask the site meanwhile.
      if (!heard) this.later();
    }

    // Asking.
    later() {
      clearTimeout(this.next);
      if (!this.sleeping && !document.hidden) this.next = setTimeout(() => this.poll(), jittered(this.every));
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
        if (!this.source || this.failures) this.later();
      }
      if (!states.has("offline")) outbox.send();
    }

    async ask() {
      const asked = this.version;
      const answer = await fetch(`${this.region.dataset.livePoll}?since=${asked}`, {
        headers: { "If-None-Match": `"${asked}"` },
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(15_000),
      });
      if (answer.status === 403) {
        this.stopped = true;
        this.sleep();
        say("old", true);
      } else {
        if (this.failures) this.region.dataset.liveBy = "asking";
        if (!answer.ok) return;
        const { version, fragments } = await answer.json();
        // The stream may have been quicker meanwhile.
        if (this.version === asked) this.take(version, fragments);
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
  const WEEK = 7 * 86_400_000;
  // Whose words they are: a device may pass from hand to hand.
  const whoOf = (fields) => (fields.find(([name]) => name === "live_who") || ["", ""])[1];
  const draftOf = (form) => `${DRAFT}${form.dataset.keep}.${form.elements.live_who?.value || ""}`;
  const isHere = (who) => !who || [...document.querySelectorAll("[data-live-who], [name=live_who]")]
    .some((element) => (element.dataset.liveWho || element.value) === who);
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

  const outbox = {
    waiting() {
      const keys = [];
      for (let n = 0; n < localStorage.length; n += 1) {
        if (localStorage.key(n).startsWith(OUT)) keys.push(localStorage.key(n));
      }
      return keys.sort().filter((key) => {
        const old = Date.now() - Number(key.slice(OUT.length).split(".")[0]) > WEEK;
        if (old) storage.set(key, null);
        return !old && isHere(whoOf(storage.get(key)?.fields || []));
      });
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
        const draft = `${DRAFT}${kept.name}.${whoOf(kept.fields)}`;
        storage.set(draft, kept.fields);
        for (const form of document.querySelectorAll("form[data-keep]")) if (draftOf(form) === draft) restore(form);
      }
      return true;
    },
  };

  function restore(form) {
    const draft = storage.get(draftOf(form));
    if (!draft) return;
    const values = new Map(draft);
    for (const field of form.querySelectorAll(KEPT)) {
      if (!field.name || !values.has(field.name)) continue;
      if (isChoice(field)) field.checked = draft.some(([name, value]) => name === field.name && value === field.value);
      // What the server put back (422) or someone typed since is newer than the draft.
      else if (!field.value) field.value = values.get(field.name);
    }
  }

  const prepared = new WeakSet();
  function prepare(scope) {
    for (const form of scope.querySelectorAll("form[data-keep]")) {
      if (prepared.has(form)) continue;
      prepared.add(form);
      for (const key of form.querySelectorAll("[name=live_key]")) key.value = newKey();
      restore(form);
    }
  }

  const entries = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");

  document.addEventListener("input", ({ target }) => {
    const form = target.form;
    if (!form?.dataset.keep) return;
    const fields = entries(form).filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "live_key");
    storage.set(draftOf(form), fields);
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
      // The redirect is not followed here: what the next page says once, the reader is to see.
      const headers = { "X-CSRFToken": csrf() };
      const signal = AbortSignal.timeout(15_000);
      answer = await fetch(form.action, { method: "POST", body, headers, signal, redirect: "manual" });
    } catch {
      answer = null;
    }
    delete form.dataset.sending;
    if (answer && answer.status < 500 && answer.status !== 429) {
      if (answer.ok || answer.type === "opaqueredirect") {
        storage.set(draftOf(form), null);
        location.assign(form.closest("[data-live-base]")?.dataset.liveBase || location.pathname + location.search);
        return;
      }
      // The server's own answer, with the error beside its field: sent again the plain way (same key).
      if (submitter?.name) {
        const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value });
        form.append(pressed);
      }
      form.submit();
      return;
    }
    if (!outbox.add(form, fields)) return; // no room to keep it: it stays in the form
    storage.set(draftOf(form), null);
    form.reset();
    for (const key of form.querySelectorAll("[name=live_key]")) key.value = newKey();
    say("waiting", true);
    form.dispatchEvent(new CustomEvent("live:kept", { bubbles: true }));
  });

  // --- begin -------------------------------------------------------------------------------------------------
  for (const link of document.querySelectorAll("[data-live-refresh]")) link.hidden = true;
  prepare(document);
  const region = document.querySelector("[data-live-poll]");
  if (region) new Watch(region);
  addEventListener("online", () => outbox.send());
  if (outbox.waiting().length) {
    say("waiting", true);
    outbox.send();
  }
})();
