/** Where a text stops being JSON, and what would go on: browsers say it in words of their own, or not at all. Pure. */

export interface JsonFault {
  /** From the text's beginning, in characters. */
  at: number;
  /** From 1 on. */
  line: number;
  column: number;
  expected: Expected;
}

export type Expected = "value" | "name" | "colon" | "comma or }" | "comma or ]" | "end" | "quote" | "escape" | "number";

/** Null where it is JSON. */
export function jsonFault(text: string): JsonFault | null {
  const found = new Scanner(text).all();
  if (!found) return null;
  const before = text.slice(0, found.at).split("\n");
  return { ...found, line: before.length, column: before.at(-1)!.length + 1 };
}

type Found = Pick<JsonFault, "at" | "expected">;

class Scanner {
  #at = 0;
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  all(): Found | null {
    const found = this.#value();
    if (found) return found;
    this.#space();
    return this.#at < this.#text.length ? this.#fault("end") : null;
  }

  #value(): Found | null {
    this.#space();
    const next = this.#text[this.#at];
    if (next === "{") return this.#many("}", () => this.#pair());
    if (next === "[") return this.#many("]", () => this.#value());
    if (next === '"') return this.#string();
    if (next === "-" || (next >= "0" && next <= "9")) return this.#number();
    return this.#take(/true|false|null/y) ? null : this.#fault("value");
  }

  #many(end: "}" | "]", one: () => Found | null): Found | null {
    this.#at += 1;
    this.#space();
    if (this.#skip(end)) return null;
    while (true) {
      const found = one();
      if (found) return found;
      this.#space();
      if (this.#skip(end)) return null;
      if (!this.#skip(",")) return this.#fault(`comma or ${end}`);
    }
  }

  #pair(): Found | null {
    this.#space();
    if (this.#text[this.#at] !== '"') return this.#fault("name");
    const found = this.#string();
    if (found) return found;
    this.#space();
    return this.#skip(":") ? this.#value() : this.#fault("colon");
  }

  #string(): Found | null {
    this.#at += 1;
    // deno-lint-ignore no-control-regex
    while (this.#take(/[^"\\\u0000-\u001f]+|\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y));
    if (this.#skip('"')) return null;
    return this.#fault(this.#text[this.#at] === "\\" ? "escape" : "quote");
  }

  #number(): Found | null {
    const isOne = this.#take(/-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y);
    return isOne && !/[\w.+-]/.test(this.#text[this.#at] ?? "") ? null : this.#fault("number");
  }

  #space(): void {
    this.#take(/[ \t\r\n]+/y);
  }

  #skip(one: string): boolean {
    if (this.#text[this.#at] !== one) return false;
    this.#at += 1;
    return true;
  }

  #take(what: RegExp): boolean {
    what.lastIndex = this.#at;
    const taken = what.exec(this.#text);
    if (taken) this.#at += taken[0].length;
    return taken !== null;
  }

  #fault(expected: Expected): Found {
    return { at: this.#at, expected };
  }
}
