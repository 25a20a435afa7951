// The language of segments, as the server describes it, and what is typed into each form of a value.

export class Language {
  constructor(description, { hasThis = false } = {}) {
    const { operators, ...others } = description;
    Object.assign(this, others, { operatorsByKind: operators, usualScope: hasThis ? THIS : "any" });
    this.known = new Map(this.subjects.map((one) => [`${one.key}:${one.name}`, one]));
  }

  subject({ key, name }) {
    return this.known.get(`${key}:${name}`) ?? { key, name, label: String(name), kind: "text", choices: [], group: "" };
  }

  operators(condition) {
    return this.operators_of(this.subject(condition));
  }

  operators_of(subject) {
    return this.operatorsByKind[subject.kind] ?? [];
  }

  form(condition) {
    return this.operators(condition).find((one) => one.name === condition.op)?.form ?? "one";
  }

  // Which payments a frame can mean: "this" one only where one has started it all, or where it stands there already.
  scopesOf({ scope: now }) {
    return this.scopes.filter(({ name }) => name !== THIS || this.usualScope === THIS || now === THIS);
  }

  // A new condition asks in the most usual way, and waits for its value.
  condition(subject) {
    const op = this.operators_of(subject)[0].name;
    return { type: "condition", key: subject.key, name: subject.name, op, typed: {} };
  }

  // ---- from JSON to what is typed, and back

  read(json) {
    const key = KEYS.find((one) => one in json);
    const condition = { type: "condition", key, name: isNamed(key) ? key : json[key], op: json.op, typed: {} };
    const form = this.form(condition);
    const value = isNamed(key) ? json[key] : json.value;
    if (value !== undefined && form !== "nothing") condition.typed[form] = READ[form]?.(value) ?? String(value);
    return condition;
  }

  write(condition) {
    const form = this.form(condition);
    const typed = condition.typed[form];
    const { kind } = this.subject(condition);
    const value = form === "nothing" ? undefined : (WRITE[form] ?? one)(kind, typed ?? BLANK[form] ?? "");
    if (isNamed(condition.key)) return { [condition.key]: value, op: condition.op };
    const json = { [condition.key]: condition.name, op: condition.op };
    return value === undefined ? json : { ...json, value };
  }

  isComplete(condition) {
    const form = this.form(condition);
    const typed = condition.typed[form] ?? BLANK[form] ?? "";
    return (COMPLETE[form] ?? isFilled)(typed);
  }

  // What was typed goes along to another operator, as far as its form can hold it.
  withOperator(condition, op) {
    const from = condition.typed[this.form(condition)];
    const changed = { ...condition, op };
    const form = this.form(changed);
    if (changed.typed[form] !== undefined || from === undefined) return changed;
    const carried = CARRY[form]?.(from) ?? (form === "one" && !isPlain(from) ? firstOf(from) : undefined);
    return carried === undefined ? changed : { ...changed, typed: { ...changed.typed, [form]: carried } };
  }
}

const THIS = "this";
const KEYS = ["field", "contact", "tag", "list", "segment"];
export const BLANK = { one: "", many: [], range: ["", ""], span: { n: "", unit: "days" }, tag: "", numbered: "" };

const isNamed = (key) => ["tag", "list", "segment"].includes(key);
const isPlain = (value) => typeof value === "string";
const isFilled = (text) => text.trim() !== "";
const firstOf = (value) => (Array.isArray(value) ? value[0] || undefined : undefined);

const READ = {
  many: (values) => values.map(String),
  range: (values) => values.map(String),
  span: ({ n, unit }) => ({ n: String(n), unit }),
};

const WRITE = {
  many: (kind, values) => values.map((value) => one(kind, value)),
  range: (kind, values) => values.map((value) => one(kind, value)),
  span: (_kind, { n, unit }) => ({ n: whole(n), unit }),
  numbered: (_kind, value) => whole(value),
};

const COMPLETE = {
  nothing: () => true,
  many: (values) => values.length > 0,
  range: (values) => values.every(isFilled),
  span: ({ n }) => isFilled(n),
};

const CARRY = {
  many: (from) => (isPlain(from) && isFilled(from) ? [from] : undefined),
  range: (from) => (isPlain(from) ? [from, ""] : undefined),
};

// The server says what is wrong with a value, so what is no number goes to it as it was typed.
function one(kind, text) {
  if (kind === "flag") return text === "true" ? true : text === "false" ? false : text;
  if (kind === "integer") return whole(text);
  return kind === "amount" ? amount(text) : text;
}

// "1 234,50" is how many people write 1234.50.
function amount(text) {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace(/^([^.,]*),([^.,]*)$/, "$1.$2");
  return /^[-+]?[\d.]+$/.test(plain) ? plain : text;
}

function whole(text) {
  return /^\s*-?\d{1,15}\s*$/.test(text) ? Number(text) : text;
}
