/**
 * Jinja, as far as our templates go: texts, `{{ … }}`, `{% if … %}`, and in them names, literals, dicts, lists, `get`,
 * `dict()`, `default`, `string`, `tojson`, `==`, `in`, `and`, `if … else …`. Everything else
 * throws, so that a template never gets by with less than it says. `test/foreign` asks the real one.
 */
type Value = unknown;
type Scope = Record<string, Value>;

export function render(template: string, scope: Scope): string {
  const parts = partsOf(template);
  let out = "";
  /** Of each open `if`: is its branch written, and has one been? */
  const open: { isOn: boolean; wasOn: boolean }[] = [];
  const isOn = () => open.every((one) => one.isOn);
  for (const part of parts) {
    if (part.startsWith("{%")) {
      const words = part.slice(2, -2).trim();
      if (words.startsWith("if ")) {
        const holds = isOn() && isTrue(new Reader(words.slice(3), scope).whole());
        open.push({ isOn: holds, wasOn: holds });
      } else if (words === "else") open[open.length - 1].isOn = !open[open.length - 1].wasOn;
      else if (words === "endif") open.pop();
      else throw new Error(`no such statement here: ${words}`);
    } else if (isOn()) out += part.startsWith("{{") ? printed(new Reader(part.slice(2, -2), scope).whole()) : part;
  }
  if (open.length > 0) throw new Error("an if that does not end");
  return out;
}

/** Texts, expressions and statements, one after the other. An expression ends where its own braces do. */
function partsOf(template: string): string[] {
  const parts: string[] = [];
  let rest = template;
  while (rest !== "") {
    const begins = rest.search(/\{\{|\{%/);
    const text = begins < 0 ? rest : rest.slice(0, begins);
    if (text !== "") parts.push(text);
    rest = rest.slice(text.length);
    if (rest === "") break;
    const part = rest.startsWith("{%") ? rest.slice(0, rest.indexOf("%}") + 2) : rest.slice(0, endOf(rest));
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}

function endOf(expression: string): number {
  let depth = 0;
  for (const { 0: token, index } of expression.matchAll(/'(?:[^'\\]|\\.)*'|[{}]/g)) {
    depth += token === "{" ? 1 : token === "}" ? -1 : 0;
    if (depth === 0 && token === "}") return index + 1;
  }
  throw new Error(`an expression that does not end: ${expression}`);
}

/** As Python prints it. */
export function printed(value: Value): string {
  if (value === undefined) return "";
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number" || typeof value === "string") return String(value);
  throw new Error(`nothing of ours prints ${JSON.stringify(value)}`);
}

const isTrue = (value: Value): boolean => Boolean(value) && !(Array.isArray(value) && value.length === 0);

class Reader {
  #tokens: string[];
  #scope: Scope;

  constructor(text: string, scope: Scope) {
    this.#tokens = text.match(/'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?|\w+|==|[^\s\w]/g) ?? [];
    this.#scope = scope;
  }

  whole(): Value {
    const value = this.#choice();
    if (this.#tokens.length > 0) throw new Error(`what is ${this.#tokens.join(" ")}?`);
    return value;
  }

  #choice(): Value {
    const value = this.#both();
    if (!this.#take("if")) return value;
    const holds = isTrue(this.#both());
    this.#expect("else");
    const other = this.#choice();
    return holds ? value : other;
  }

  #both(): Value {
    let value = this.#compared();
    while (this.#take("and")) {
      const other = this.#compared();
      value = isTrue(value) ? other : value;
    }
    return value;
  }

  #compared(): Value {
    const value = this.#filtered();
    if (this.#take("==")) return value === this.#filtered();
    if (this.#take("in")) {
      const where = this.#filtered() as Value[] | Scope;
      return Array.isArray(where) ? where.includes(value) : Object.hasOwn(where, String(value));
    }
    return value;
  }

  #filtered(): Value {
    let value = this.#keyed();
    while (this.#take("|")) {
      const name = this.#next();
      if (name === "tojson") value = json(value);
      else if (name === "string") value = printed(value);
      else if (name === "default") {
        this.#expect("(");
        const other = this.#choice();
        this.#expect(")");
        if (value === undefined) value = other;
      } else throw new Error(`no such filter here: ${name}`);
    }
    return value;
  }

  #keyed(): Value {
    let value = this.#single();
    while (this.#take(".")) {
      this.#expect("get");
      this.#expect("(");
      const key = this.#choice();
      const otherwise = this.#take(",") ? this.#choice() : null;
      this.#expect(")");
      if (typeof value !== "object" || value === null) throw new Error(`nothing is under ${key} of ${value}`);
      value = Object.hasOwn(value, String(key)) ? (value as Scope)[String(key)] : otherwise;
    }
    return value;
  }

  #single(): Value {
    const token = this.#next();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll(/\\(.)/g, "$1");
    if (/^\d/.test(token)) return Number(token);
    if (token === "none") return null;
    if (token === "[") return this.#list("]", () => this.#choice());
    if (token === "{") return Object.fromEntries(this.#list("}", () => this.#entry(":")) as [string, Value][]);
    if (token === "dict" && this.#take("(")) return this.#dict();
    if (/^\w+$/.test(token)) return this.#scope[token];
    throw new Error(`what is ${token}?`);
  }

  #dict(): Value {
    const first = this.#choice() as Scope;
    const more = this.#take(",") ? this.#list(")", () => this.#entry("=")) : (this.#expect(")"), []);
    return { ...first, ...Object.fromEntries(more as [string, Value][]) };
  }

  #entry(between: string): [string, Value] {
    const key = between === "=" ? this.#next() : String(this.#single());
    this.#expect(between);
    return [key, this.#choice()];
  }

  #list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.#take(end)) {
      if (items.length > 0) this.#expect(",");
      items.push(item());
    }
    return items;
  }

  #next(): string {
    const token = this.#tokens.shift();
    if (token === undefined) throw new Error("it ends too early");
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`${token} is missing before ${this.#tokens.join(" ")}`);
  }
}

function json(value: Value): string {
  if (value === undefined) throw new Error("nothing is no JSON");
  return JSON.stringify(value);
}
