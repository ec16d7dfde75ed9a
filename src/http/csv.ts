/** CSV as RFC 4180 has it, for programs and for spreadsheets [Q10]. */

/** What a spreadsheet would take for a formula, and run. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const SPECIAL = /[",\r\n]|^\s|\s$/;

export const csvOf = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => `${Array.from(row, cellOf).join(",")}\r\n`).join("");

/** A number stays one, also below zero; whatever is text and looks like a formula gets an apostrophe before it. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const plain = typeof value === "string" ? value : JSON.stringify(value);
  const text = FORMULA.test(plain) ? `'${plain}` : plain;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
