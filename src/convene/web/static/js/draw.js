// The page of a draw: repeats it in this browser, step by step, and fingerprints what a witness seals. The page
// has every word; this file fills in what is found. Without it the page offers other ways.

const hash = (form) => import(form.dataset.verifier);

const fill = (text, found) => text.replace(/\{(\w+)\}/g, (place, name) => (name in found ? String(found[name]) : place));

// --- repeating a draw ----------------------------------------------------------------------------------------------

class Steps {
  constructor(form) {
    this.form = form;
    this.log = form.querySelector("[data-check-log]");
    this.lines = new Map();
    for (const line of form.querySelectorAll("[data-check]")) {
      const parts = [".checks__good", ".checks__bad"].map((kind) => line.querySelector(kind));
      this.lines.set(line.dataset.check, { line, parts, words: parts.map((part) => part.textContent), early: !line.hidden });
    }
  }

  clear() {
    this.log.replaceChildren();
    for (const { line, early } of this.lines.values()) {
      line.hidden = !early;
      this.show(line, "todo");
    }
  }

  show(line, state) {
    line.classList.remove("checks__step--todo", "checks__step--good", "checks__step--bad");
    line.classList.add(`checks__step--${state}`);
    for (const kind of ["good", "bad"]) {
      for (const part of line.querySelectorAll(`.checks__${kind}, .checks__word--${kind}`)) part.hidden = kind !== state;
    }
  }

  tell(step) {
    const known = this.lines.get(step.name);
    if (!known) return;
    const { line, parts, words } = known;
    words.forEach((text, at) => { parts[at].textContent = fill(text, step); });
    // Where a step could not even be carried out, the reason says more than the sentence.
    if (!step.ok && step.why && !words[1].includes("{why}")) parts[1].textContent = `${this.form.dataset.odd} (${step.why})`;
    line.hidden = false;
    this.show(line, step.ok ? "good" : "bad");
    const said = document.createElement("p");
    said.textContent = `${line.querySelector(".checks__title").innerText}. ${parts[step.ok ? 0 : 1].textContent}`;
    this.log.append(said);
  }

  /** What was not reached stands no longer as if it were to come. */
  end(told) {
    const names = new Set(told.map((step) => step.name));
    for (const [name, { line }] of this.lines) if (!names.has(name)) line.hidden = true;
  }
}

async function textOf(form, name, address) {
  const file = form.querySelector(`[name=${name}]`)?.files?.[0];
  if (file) return file.text();
  if (!address) return "";
  const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

async function repeat(form, steps) {
  const { check } = await hash(form);
  const record = await textOf(form, "record", form.dataset.record);
  const receiptText = await textOf(form, "receipt", form.dataset.receipt);
  const noted = form.querySelector("[name=noted]")?.value ?? "";
  const told = await check(record, { receiptText, noted, tell: (step) => steps.tell(step) });
  steps.end(told);
  const failed = told.filter((step) => !step.ok).length;
  return failed ? ["bad", form.dataset.bad, { failed, all: told.length }] : ["good", form.dataset.good, { all: told.length }];
}

function watch(form) {
  const steps = new Steps(form);
  const summary = form.querySelector("[data-check-summary]");
  const say = (kind, text) => {
    summary.className = `checks-result checks-result--${kind}`;
    summary.textContent = text;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    steps.clear();
    if (!globalThis.crypto?.subtle) return say("bad", form.dataset.insecure);
    say("todo", form.dataset.busy);
    try {
      const [kind, text, found] = await repeat(form, steps);
      say(kind, fill(text, found));
    } catch {
      say("bad", form.dataset.unreachable);
    }
  });
}

// --- a witness's value ---------------------------------------------------------------------------------------------

function seal(form) {
  const value = form.querySelector("[name=value]");
  const sealed = form.querySelector("[name=sealed_hash]");
  const make = form.querySelector("[data-make-value]");
  const renew = async () => {
    const { sha256 } = await hash(form);
    sealed.value = value.value ? await sha256(value.value) : "";
  };
  if (!globalThis.crypto?.subtle) {
    make.hidden = true;
    return;
  }
  make.addEventListener("click", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    value.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    await renew();
    value.focus();
    value.select();
  });
  value.addEventListener("input", () => {
    value.setCustomValidity("");
    void renew();
  });
  // The value stays in this browser: only its fingerprint is sent.
  form.addEventListener("submit", async (event) => {
    if (!value.value) return;
    event.preventDefault();
    // What could not be typed in again exactly could not be revealed.
    const odd = /[\p{C}\p{Z}]/u.test(value.value.replaceAll(" ", ""));
    value.setCustomValidity(odd ? form.dataset.odd : "");
    if (!value.reportValidity()) return;
    await renew();
    value.disabled = true;
    form.submit();
  });
  addEventListener("pageshow", () => { value.disabled = false; });
}

for (const form of document.querySelectorAll("[data-draw-check]")) watch(form);
for (const form of document.querySelectorAll("[data-draw-seal]")) seal(form);
