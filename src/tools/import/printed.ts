/** TypeScript on lines of 120 letters: what fits stays on its line, what does not has each part on its own. */

const WIDTH = 120;

/** Text, or parts between two brackets. */
export type Piece = string | { open: string; parts: Piece[]; close: string };

export const object = (entries: [string, Piece][]): Piece =>
  entries.length === 0
    ? "{}"
    : { open: "{", parts: entries.map(([key, value]) => prefixed(`${key}: `, value)), close: "}" };

export const list = (parts: Piece[]): Piece => ({ open: "[", parts, close: "]" });

/** The last argument alone may be broken where the others are short enough to stand before it. */
export function call(name: string, ...args: Piece[]): Piece {
  const last = args.at(-1)!;
  const before = args.slice(0, -1).map((arg) => `${flat(arg)}, `).join("");
  if (before.length > WIDTH / 2) return { open: `${name}(`, parts: args, close: ")" };
  return suffixed(prefixed(`${name}(${before}`, last), ")");
}

export const prefixed = (text: string, piece: Piece): Piece =>
  typeof piece === "string" ? text + piece : { ...piece, open: text + piece.open };

export const suffixed = (piece: Piece, text: string): Piece =>
  typeof piece === "string" ? piece + text : { ...piece, close: piece.close + text };

/** `taken` is what stands on the line before it, `after` what follows on its last. */
export function print(piece: Piece, indent = "", taken = indent.length, after = 0): string {
  const line = flat(piece);
  if (taken + line.length + after <= WIDTH) return line;
  if (typeof piece === "string") return line.replace(/^(\w+): (?=["'])/, `$1:\n${indent}  `);
  const deeper = `${indent}  `;
  const parts = piece.parts.map((part) => `${deeper}${print(part, deeper, deeper.length, 1)},\n`);
  return `${piece.open}\n${parts.join("")}${indent}${piece.close}`;
}

function flat(piece: Piece): string {
  if (typeof piece === "string") return piece;
  const { open, parts, close } = piece;
  const space = open.endsWith("{") ? " " : "";
  return `${open}${space}${parts.map(flat).join(", ")}${space}${close}`;
}
