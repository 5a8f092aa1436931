// Checks the record of a draw in the reader's own browser: the same steps as verifier.py, as far as the public
// record and one person's receipt go. No library; hashes by the browser's own WebCrypto. It asks nobody anything:
// text in, one answer for each step out. docs/reference/draw-record.md explains the format.

export const FORMAT = "convene-draw-record/2";
export const RULE = "convene-allotment/2";
export const STREAM = "convene-stream/1";

const utf8 = new TextEncoder();

// --- JSON, read without loss and written in one way only ---------------------------------------------------------

/** A number as it stands in the text: JavaScript's own would change large ones and those with a point. */
class Figure {
  constructor(text) {
    this.text = text;
  }
}

/** Objects become Maps; a name that stands twice in one object is refused. Throws SyntaxError. */
export function read(text) {
  const token = /\s*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))\s*/y;
  let found;
  const next = () => {
    const at = token.lastIndex;
    found = token.exec(text);
    if (!found) throw new SyntaxError(`not JSON at character ${at}`);
  };
  const expect = (sign) => {
    if (found[1] !== sign) throw new SyntaxError(`“${sign}” is missing before character ${token.lastIndex}`);
  };
  const members = (close, one) => {
    next();
    if (found[1] === close) return;
    for (;;) {
      one();
      next();
      if (found[1] === close) return;
      expect(",");
      next();
    }
  };
  const value = () => {
    if (found[2] !== undefined) return JSON.parse(found[2]);
    if (found[3] !== undefined) return new Figure(found[3]);
    if (found[4] !== undefined) return JSON.parse(found[4]);
    if (found[1] === "[") {
      const list = [];
      members("]", () => list.push(value()));
      return list;
    }
    expect("{");
    const object = new Map();
    members("}", () => {
      if (found[2] === undefined) throw new SyntaxError(`a name is missing before character ${token.lastIndex}`);
      const name = JSON.parse(found[2]);
      if (object.has(name)) throw new SyntaxError(`“${name}” stands twice`);
      next();
      expect(":");
      next();
      object.set(name, value());
    });
    return object;
  };
  next();
  const whole = value();
  if (token.lastIndex !== text.length) throw new SyntaxError("something follows after the end");
  return whole;
}

/** By code point, as Python sorts; JavaScript's own order differs outside the basic plane. */
function byCodePoint(one, other) {
  const left = Array.from(one);
  const right = Array.from(other);
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const apart = left[at].codePointAt(0) - right[at].codePointAt(0);
    if (apart) return apart;
  }
  return left.length - right.length;
}

const sorted = (texts) => [...texts].sort(byCodePoint);

/** Names in order, no spaces: what is hashed. */
export function canonical(value) {
  if (value instanceof Figure) return value.text;
  if (value instanceof Map) {
    const members = sorted(value.keys()).map((name) => `${JSON.stringify(name)}:${canonical(value.get(name))}`);
    return `{${members.join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return JSON.stringify(value);
}

const number = (value) => (value instanceof Figure && /^-?\d+$/.test(value.text) ? Number(value.text) : NaN);

// --- Hashes and numbers ------------------------------------------------------------------------------------------

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function digest(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", typeof data === "string" ? utf8.encode(data) : data));
}

/** SHA-256 of a text (as UTF-8) or of bytes, in hexadecimal. */
export async function sha256(data) {
  return hex(await digest(data));
}

/** A whole number below `bound` from the stream `label` under `seed` (rule convene-stream/1). */
export async function below(seed, label, bound) {
  const range = 1n << 64n;
  const limit = range - (range % BigInt(bound));
  for (let block = 0; ; block += 1) {
    const bytes = await digest(`${STREAM}\n${label}\n${seed}\n${block}`);
    for (let at = 0; at < 32; at += 8) {
      const drawn = BigInt(`0x${hex(bytes.subarray(at, at + 8))}`);
      if (drawn < limit) return Number(drawn % BigInt(bound));
    }
  }
}

export const commitmentOf = async (committed) => sha256(canonical(committed));
export const tokenOf = async (salt) => sha256(`token\n${salt}`);

async function ticketHash(ticket, tokens) {
  return sha256(canonical([new Figure(String(ticket)), sorted(tokens)]));
}

async function leafOf(entry) {
  const traits = sorted(entry.get("traits").keys()).map((name) => [name, entry.get("traits").get(name)]);
  const rest = ["weight", "household", "team", "held", "price", "tickets"].map((name) => entry.get(name));
  return sha256(canonical([entry.get("salt"), entry.get("id"), traits, ...rest]));
}

// --- The steps ---------------------------------------------------------------------------------------------------

/** The public list is filled up, so that it does not tell how many asked. */
const padded = (count) => Math.max(16, Math.ceil(count / 8) * 8);

async function commitmentStep({ committed, record }) {
  const found = await commitmentOf(committed);
  return { ok: found === record.get("commitment"), found };
}

function notedStep({ record, noted }) {
  return { ok: noted.toLowerCase().replace(/\s/g, "") === record.get("commitment") };
}

function listsStep({ committed, oneStage }) {
  const leaves = committed.get("leaves");
  const tickets = number(committed.get("tickets"));
  const inOrder = canonical(sorted(new Set(leaves))) === canonical(leaves);
  const complete = leaves.length === padded(leaves.length) && tickets >= 1;
  const sealed = !oneStage || committed.get("ticket_hashes").length === tickets;
  return { ok: inOrder && complete && sealed, leaves: leaves.length, tickets };
}

const bytesOf = (text) => {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw new SyntaxError("not hexadecimal");
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
};

/** Whether the value is one that the named source can have given. */
const chanceOf = {
  async drand(source, value, evidence) {
    const announced = number(source.get("round"));
    const same = number(evidence.get("round")) === announced;
    return same && (await sha256(bytesOf(evidence.get("signature")))) === value;
  },
  async dice(source, value) {
    const throws = value.split(" ");
    const fair = throws.every((said) => /^[1-9]\d*$/.test(said) && Number(said) <= number(source.get("sides")));
    return fair && throws.length === number(source.get("dice"));
  },
  async witnesses(source, value, evidence) {
    const witnesses = source.get("witnesses");
    const reveals = value.split("\n");
    const missing = evidence.get("missing") || [];
    const hashes = await Promise.all(reveals.map(sha256));
    const opened = witnesses.map((each, at) => hashes[at] === each.get("sealed"));
    const leftOut = witnesses.map((each, at) => reveals[at] === "-" && missing.includes(each.get("name")));
    const eachIs = opened.every((one, at) => one || leftOut[at]);
    return reveals.length === witnesses.length && eachIs && opened[opened.length - 1];
  },
  async site(source, value) {
    return (await sha256(value)) === source.get("sealed");
  },
  async seed() {
    return true;
  },
};

async function chanceStep({ committed, record }) {
  const source = committed.get("source");
  const chance = record.get("chance");
  const holds = chanceOf[source.get("kind")];
  const evidence = chance.get("evidence") || new Map();
  return { ok: Boolean(holds) && (await holds(source, chance.get("value"), evidence)), value: chance.get("value") };
}

async function ticketOf({ committed, record }) {
  const seed = `${record.get("commitment")}\n${record.get("chance").get("value")}`;
  return below(seed, "ticket", number(committed.get("tickets")));
}

async function ticketStep(given) {
  const { record } = given;
  const found = await ticketOf(given);
  const said = number(record.get("ticket"));
  return { ok: found === said, found, said };
}

async function openingStep(given) {
  const { committed, record } = given;
  const ticket = await ticketOf(given);
  const tokens = record.get("opening");
  const same = (await ticketHash(ticket, tokens)) === committed.get("ticket_hashes")[ticket];
  const full = new Set(tokens).size === number(committed.get("seats")) && tokens.length === new Set(tokens).size;
  return { ok: same && full, ticket, seats: tokens.length };
}

async function entryStep({ committed, receipt }) {
  const leaf = await leafOf(receipt);
  return { ok: committed.get("leaves").includes(leaf), leaf };
}

function shareStep({ committed, receipt }) {
  const mine = receipt.get("tickets").length;
  const tickets = number(committed.get("tickets"));
  const chance = receipt.get("chance");
  const [above, below_] = [...chance.split("/"), "1"].map(Number);
  const different = new Set(receipt.get("tickets").map(number));
  return { ok: above * tickets === mine * below_ && different.size === mine, mine, tickets, chance };
}

async function mineStep({ record, receipt }) {
  const ticket = number(record.get("ticket"));
  const mine = receipt.get("tickets").some((each) => number(each) === ticket);
  const named = record.get("opening").includes(await tokenOf(receipt.get("salt")));
  return { name: mine ? "mine" : "not_mine", ok: mine === named, ticket };
}

const STEPS = [
  ["commitment", commitmentStep, () => true],
  ["noted", notedStep, ({ noted }) => Boolean(noted)],
  ["lists", listsStep, () => true],
  ["chance", chanceStep, ({ drawn }) => drawn],
  ["ticket", ticketStep, ({ drawn }) => drawn],
  ["opening", openingStep, ({ drawn, oneStage }) => drawn && oneStage],
  ["entry", entryStep, ({ receipt }) => Boolean(receipt)],
  ["share", shareStep, ({ receipt, oneStage }) => Boolean(receipt) && oneStage],
  ["mine", mineStep, ({ drawn, receipt, oneStage }) => drawn && Boolean(receipt) && oneStage],
];

/** What there is to check: `drawn` is false while the record waits for chance. Throws when it cannot be read. */
function gather(recordText, receiptText, noted) {
  const record = read(recordText);
  const committed = record.get("committed");
  if (record.get("format") !== FORMAT) throw new SyntaxError(`the format is not ${FORMAT}`);
  if (committed.get("rule") !== RULE || committed.get("stream") !== STREAM) {
    throw new SyntaxError("the draw followed another rule");
  }
  const receipt = receiptText ? read(receiptText) : null;
  const oneStage = number(committed.get("stages")) === 1;
  return { record, committed, receipt, noted, oneStage, drawn: record.has("chance") };
}

/**
 * Goes through the steps; `tell({name, ok, …})` hears each as it ends. Gives all of them.
 * A step that cannot even be carried out, because something in the record is missing or odd, has failed.
 */
export async function check(recordText, { receiptText = "", noted = "", tell = () => {} } = {}) {
  const told = [];
  const say = async (step) => {
    told.push(step);
    await tell(step);
  };
  let given;
  try {
    given = gather(recordText, receiptText, noted.trim());
  } catch (error) {
    await say({ name: "read", ok: false, why: error.message });
    return told;
  }
  await say({ name: "read", ok: true });
  for (const [name, step, applies] of STEPS) {
    if (!applies(given)) continue;
    try {
      await say({ name, ...(await step(given)) });
    } catch (error) {
      await say({ name, ok: false, why: error.message });
    }
  }
  return told;
}
