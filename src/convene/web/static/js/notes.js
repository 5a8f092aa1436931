// Notes of a session: saved while one types, kept on this device until the server has them, tagged by a key.
// Every form here works without this file.
"use strict";

(() => {
  const EVERY = 4000;
  const PAUSE = 900;
  const KEPT = "convene.notes.";
  const store = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(KEPT + key) || "null");
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(KEPT + key);
        else localStorage.setItem(KEPT + key, JSON.stringify(value));
      } catch {
        // No room or not allowed: the words stay in the form.
      }
    },
  };
  const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["x-csrftoken"] || "";
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

  // What the server said: {ok, code, said}; null without a connection, or when it is in trouble.
  async function post(url, fields) {
    try {
      const answer = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { Accept: "application/json", "X-CSRFToken": csrf() },
        signal: AbortSignal.timeout(15_000),
      });
      if (answer.status >= 500 || answer.status === 429) return null;
      const said = await answer.json().catch(() => ({ code: "refused", said: "" }));
      return { ok: answer.ok, ...said };
    } catch {
      return null;
    }
  }

  // --- writing one block -----------------------------------------------------------------------------------
  // `waiting`: finished lines the server does not have yet. `draft`: what stands in the form.
  class Writing {
    constructor(sheet, form) {
      this.sheet = sheet;
      this.form = form;
      this.box = form.elements.new;
      this.key = sheet.id;
      this.saved = "";
      const kept = store.get(this.key);
      this.waiting = kept?.waiting || [];
      if (kept?.draft?.text && !this.box.value) {
        this.box.value = kept.draft.text;
        form.elements.new_id.value = kept.draft.id;
      }
      this.box.addEventListener("input", () => this.typed());
      this.box.addEventListener("beforeinput", (event) => {
        if (event.inputType !== "insertLineBreak" || event.isComposing || !this.box.value.trim()) return;
        event.preventDefault();
        this.finish();
      });
      form.addEventListener("submit", (event) => {
        if (event.submitter?.formAction.endsWith("/append/")) return;
        event.preventDefault();
        this.finish();
      });
      if (this.waiting.length || this.box.value) this.send();
    }

    get typing() {
      return this.box.value.trim() ? this.form.elements.new_id.value : "";
    }

    get unsaved() {
      return this.waiting.length > 0 || this.box.value.trim() !== this.saved.trim();
    }

    keep() {
      const draft = this.box.value.trim() ? { id: this.form.elements.new_id.value, text: this.box.value } : null;
      store.set(this.key, draft || this.waiting.length ? { draft, waiting: this.waiting } : null);
    }

    say(text) {
      const line = this.form.querySelector("[data-says]");
      if (line.textContent !== text) line.textContent = text;
    }

    typed() {
      this.keep();
      clearTimeout(this.later);
      this.later = setTimeout(() => this.send(), PAUSE);
    }

    finish() {
      const text = this.box.value;
      if (!text.trim()) return;
      this.waiting.push({ id: this.form.elements.new_id.value, text });
      this.form.elements.new_id.value = newId();
      this.box.value = "";
      this.saved = "";
      this.keep();
      this.showWaiting();
      this.send();
    }

    showWaiting() {
      const list = this.sheet.querySelector("[data-part=lines]");
      for (const old of list.querySelectorAll("[data-waiting]")) old.remove();
      for (const { text } of this.waiting) {
        for (const words of text.split("\n").filter((line) => line.trim())) {
          const line = document.createElement("li");
          line.className = "note-lines__line note-lines__line--waiting";
          line.dataset.waiting = "";
          line.dir = "auto";
          line.textContent = words;
          list.append(line);
        }
      }
    }

    fields(piece) {
      const fields = { block: this.form.elements.block.value, new: piece.text, new_id: piece.id, ...piece.more };
      if (this.form.elements.name_shown?.checked) fields.name_shown = "on";
      return fields;
    }

    // One after the other, so that what was typed later is never overtaken. True: the server has everything.
    async send() {
      clearTimeout(this.later);
      if (this.sending) return this.sending;
      this.sending = this.sendAll().finally(() => {
        this.sending = null;
      });
      return this.sending;
    }

    async sendAll() {
      const words = this.form.closest("[data-notes]").dataset;
      while (this.unsaved) {
        const finished = this.waiting[0];
        const piece = finished || { id: this.form.elements.new_id.value, text: this.box.value };
        this.say(words.saving);
        const answer = await post(this.form.action, this.fields(piece));
        if (!answer) {
          this.say(words.offline);
          this.later = setTimeout(() => this.send(), 5000);
          return false;
        }
        if (!answer.ok) return this.refused(answer);
        if (finished) this.waiting.shift();
        else this.saved = piece.text;
        this.keep();
        if (finished) await this.root.refresh();
      }
      this.say(words.saved);
      return true;
    }

    // The words stay here; they can be added at the end with one press.
    refused(answer) {
      this.say(answer.said);
      const texts = [...this.waiting.map(({ text }) => text), this.box.value].filter((text) => text.trim());
      if (this.waiting.length) {
        this.form.elements.new_id.value = newId();
        this.box.value = texts.join("\n");
        this.waiting = [];
        this.keep();
        this.showWaiting();
      }
      this.saved = this.box.value;
      this.form.querySelector("[data-append]").hidden = answer.code !== "pen_elsewhere";
      this.lost = answer.code === "pen_elsewhere";
      return false;
    }

    // Added, or thrown away by its writer: nothing of it is kept here.
    done() {
      this.box.value = "";
      this.saved = "";
      this.waiting = [];
      store.set(this.key, null);
      this.lost = false;
    }
  }

  // --- the notes of a page, or of the block that is on -------------------------------------------------------
  class Notes {
    constructor(root) {
      this.root = root;
      this.url = root.dataset.notes;
      this.writings = new Map();
      root.addEventListener("submit", (event) => this.submitted(event));
      root.addEventListener("keydown", (event) => this.pressed(event));
      root.addEventListener("click", (event) => this.clicked(event));
      root.closest("details")?.addEventListener("toggle", () => this.refresh());
      this.bind();
      if ("empty" in root.dataset) this.refresh();
      this.next();
    }

    get seen() {
      const folded = this.root.closest("details:not([open])");
      return !document.hidden && !folded && this.root.isConnected;
    }

    next() {
      clearTimeout(this.timer);
      this.timer = setTimeout(async () => {
        if (this.seen) await this.refresh();
        this.next();
      }, EVERY * (0.75 + Math.random() / 2));
    }

    bind() {
      for (const form of this.root.querySelectorAll("form[data-write]")) {
        const sheet = form.closest("[data-sheet]");
        if (this.writings.get(sheet.id)?.form === form) continue;
        const writing = new Writing(sheet, form);
        writing.root = this;
        this.writings.set(sheet.id, writing);
      }
    }

    async refresh() {
      if (this.root.closest("details:not([open])")) return;
      const typing = [...this.writings.values()].map((each) => each.typing).filter(Boolean);
      const url = new URL(this.url, location.href);
      if (typing.length) url.searchParams.set("typing", typing[0]);
      let html;
      try {
        const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(15_000) });
        if (!answer.ok || answer.redirected) return;
        html = await answer.text();
      } catch {
        return;
      }
      if (this.busy) return;
      const { body } = new DOMParser().parseFromString(html, "text/html");
      for (const part of body.querySelectorAll("[data-without-script]")) part.remove();
      this.show(body);
    }

    show(fresh) {
      const wanted = [...fresh.children];
      const ids = new Set(wanted.map((each) => each.id));
      for (const old of [...this.root.children]) {
        const writing = this.writings.get(old.id);
        if (!ids.has(old.id) && !writing?.unsaved) old.remove();
      }
      for (const sheet of wanted) {
        const old = sheet.id && this.root.querySelector(`:scope > #${CSS.escape(sheet.id)}`);
        if (old) this.merge(old, sheet);
        else this.root.append(sheet);
      }
      this.bind();
    }

    merge(old, fresh) {
      for (const name of ["pen", "none"]) {
        replace(old.querySelector(`[data-part=${name}]`), fresh.querySelector(`[data-part=${name}]`));
      }
      mergeLines(old.querySelector("[data-part=lines]"), fresh.querySelector("[data-part=lines]"));
      this.writings.get(old.id)?.showWaiting();
      const here = old.querySelector("[data-part=write]");
      const there = fresh.querySelector("[data-part=write]");
      if (!here || !there) return;
      const writing = this.writings.get(old.id);
      if (there.children.length && !here.children.length) here.replaceChildren(...there.childNodes);
      else if (!there.children.length && here.children.length) {
        if (writing?.unsaved) writing.send();
        else if (!writing?.lost && !writing?.box.value.trim()) {
          here.replaceChildren();
          this.writings.delete(old.id);
        } else if (!writing.lost) writing.refused({ code: "pen_elsewhere", said: "" });
      } else if (writing?.lost && there.children.length) {
        writing.lost = false;
        writing.form.querySelector("[data-append]").hidden = true;
        writing.saved = "";
        writing.send();
      }
    }

    async submitted(event) {
      if (event.defaultPrevented || event.target.method !== "post") return;
      event.preventDefault();
      const { target: form, submitter } = event;
      const writing = this.writings.get(form.closest("[data-sheet]")?.id);
      const url = submitter?.getAttribute("formaction") || form.getAttribute("action");
      if (/\/(give|down)\/$/.test(url) && writing && !(await writing.send())) return;
      const fields = [...new FormData(form)];
      if (submitter?.name) fields.push([submitter.name, submitter.value]);
      const answer = await post(url, fields);
      const says = form.closest("[data-sheet]")?.querySelector("[data-says], [data-part=pen] [aria-live] p");
      if (!answer) {
        if (says) says.textContent = this.root.dataset.offline;
        return;
      }
      if (answer.ok && url.endsWith("/append/")) writing?.done();
      if (answer.ok && url.endsWith("/down/")) writing?.done();
      await this.refresh();
      if (!answer.ok && says?.isConnected) says.textContent = answer.said;
    }

    // A sign pressed anywhere on a line, but not while its words are changed, tags it.
    pressed(event) {
      const line = event.target.closest("[data-line]");
      if (!line || event.target.matches("textarea, input") || event.ctrlKey || event.metaKey || event.altKey) return;
      const button = [...line.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
      if (button) {
        event.preventDefault();
        button.click();
        return;
      }
      const way = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      const other = way && line[way]?.querySelector("[data-key]");
      if (other) {
        event.preventDefault();
        other.focus();
      }
    }

    clicked(event) {
      const link = event.target.closest("[data-edit-line]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.edit(link.closest("[data-line]"), link.dataset.editLine);
    }

    edit(line, lineId) {
      const shown = line.querySelector(".note-lines__text");
      if (shown.querySelector("textarea")) return;
      const before = shown.textContent;
      const box = document.createElement("textarea");
      box.rows = 2;
      box.maxLength = 1000;
      box.dir = "auto";
      box.value = store.get(line.id) ?? before;
      box.setAttribute("aria-label", this.root.dataset.edit);
      shown.replaceChildren(box);
      box.focus();
      const leave = (text) => {
        shown.textContent = text;
        line.querySelector("[data-edit-line]")?.focus();
      };
      const save = async () => {
        if (!box.isConnected || box.disabled) return;
        if (box.value.trim() === before) {
          store.set(line.id, null);
          leave(before);
          return;
        }
        box.disabled = true;
        const writing = this.writings.get(line.closest("[data-sheet]").id);
        const more = { line: lineId, before, text: box.value };
        const answer = writing && (await post(writing.form.action, writing.fields({ id: newId(), text: "", more })));
        box.disabled = false;
        if (!answer) {
          writing?.say(this.root.dataset.offline);
          return;
        }
        store.set(line.id, null);
        if (!answer.ok) {
          // Changed by someone else meanwhile, or the pen is elsewhere: the words come back as a new line.
          writing.box.value = [writing.box.value, box.value].filter((text) => text.trim()).join("\n");
          writing.keep();
          writing.say(answer.said);
        }
        leave(answer.ok ? box.value.trim() : before);
        await this.refresh();
      };
      box.addEventListener("input", () => store.set(line.id, box.value));
      box.addEventListener("blur", save);
      box.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.isComposing) {
          event.preventDefault();
          save();
        } else if (event.key === "Escape") {
          store.set(line.id, null);
          box.value = before;
          leave(before);
        }
      });
    }
  }

  // --- bringing parts up to date, without taking the focus away -----------------------------------------------
  const place = (element) => [
    element.closest("[data-line]")?.id, element.formAction || element.href, element.name, element.textContent,
  ].join(" ");

  const plain = (part) => part.cloneNode(true).innerHTML
    .replace(/name="(csrfmiddlewaretoken|live_key)" value="[^"]*"/g, "");

  function replace(old, fresh) {
    if (!old || !fresh || plain(old) === plain(fresh)) return;
    const focused = old.contains(document.activeElement) ? place(document.activeElement) : "";
    old.replaceChildren(...fresh.childNodes);
    if (!focused) return;
    const buttons = [...old.querySelectorAll("button, a")];
    (buttons.find((each) => place(each) === focused) || buttons[0])?.focus({ preventScroll: true });
  }

  function mergeLines(old, fresh) {
    if (!old || !fresh) return;
    const known = new Map([...old.children].filter((line) => line.id).map((line) => [line.id, line]));
    const wanted = new Set([...fresh.children].map((line) => line.id));
    const changing = (line) => line.querySelector("textarea");
    for (const [id, line] of known) if (!wanted.has(id) && !changing(line)) line.remove();
    let last = null;
    for (const line of [...fresh.children]) {
      const here = known.get(line.id);
      let shown = here || line;
      if (here && !changing(here) && plain(here) !== plain(line)) {
        here.className = line.className;
        replace(here, line);
      }
      const next = last ? last.nextElementSibling : old.firstElementChild;
      if (shown !== next) old.insertBefore(shown, next);
      last = shown;
    }
  }

  const all = [...document.querySelectorAll("[data-notes]")].map((root) => new Notes(root));
  addEventListener("online", () => {
    for (const notes of all) for (const writing of notes.writings.values()) writing.send();
  });
  document.addEventListener("visibilitychange", () => {
    for (const notes of all) {
      if (!document.hidden) notes.refresh();
      else for (const writing of notes.writings.values()) writing.send();
    }
  });
})();
