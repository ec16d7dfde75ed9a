/** CSV as spreadsheets write it, read and written [Q10]. Pure. */

/** A spreadsheet in a country with decimal commas separates by semicolons; what is copied out of one, by tabs. */
const SEPARATORS = [",", ";", "\t"];

/** Rows of cells; empty lines are left out. */
export function readCsv(given: string): { line: number; cells: string[] }[] {
  const text = given.replace(/^\uFEFF/, "");
  const head = text.split(/\r?\n/, 1)[0];
  const separator = SEPARATORS.reduce((most, one) => count(head, one) > count(head, most) ? one : most);
  const rows: { line: number; cells: string[] }[] = [];
  let [line, begun] = [1, 1];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endRow = () => {
    cells.push(cell.trim());
    if (cells.some((one) => one !== "")) rows.push({ line: begun, cells });
    [cells, cell, begun] = [[], "", line];
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\n") line += 1;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (sign === '"' && cell.trim() === "") [isQuoted, cell] = [true, ""];
    else if (sign === separator) {
      cells.push(cell.trim());
      cell = "";
    } else if (sign === "\n") endRow();
    else cell += sign;
  }
  endRow();
  return rows;
}

const count = (text: string, sign: string) => text.split(sign).length;

/** What a spreadsheet would take for a formula, and run. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const SPECIAL = /[",\r\n]|^\s|\s$/;

export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("");

function cellOf(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
