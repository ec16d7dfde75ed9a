/** The terms of a query that compare a telemetry or reported field [O12]: `temperature>25`, `mode!=heat,cool`. */
import { ok, type Outcome, refuse } from "./fault.ts";
import { fits, type Queried, type Test, valuesOf } from "./queried.ts";

const ORDERS = new Map<string, (one: number, other: number) => boolean>([
  ["<", (one, other) => one < other],
  ["<=", (one, other) => one <= other],
  [">", (one, other) => one > other],
  [">=", (one, other) => one >= other],
]);

export function readComparison(given: string, sign: string, text: string): Outcome<Test> {
  const field = given.toLowerCase();
  const order = ORDERS.get(sign);
  return order ? readOrder(field, sign, order, text) : readEquals(field, sign, text);
}

function readOrder(
  field: string,
  sign: string,
  order: (one: number, other: number) => boolean,
  text: string,
): Outcome<Test> {
  const limit = numberIn(text.replaceAll('"', ""));
  if (limit === null) return refuse("bad_request", `a number comes after ${sign}, as in ${field}${sign}25`);
  return ok({
    holds: (device) => {
      const value = valueOf(device, field);
      return typeof value === "number" && order(value, limit);
    },
  });
}

function readEquals(field: string, sign: string, text: string): Outcome<Test> {
  const values = valuesOf(text);
  if (values.length === 0 || /^[<>=]/.test(text)) {
    return refuse("bad_request", `a number, a word or true or false comes after ${sign}, as in ${field}${sign}true`);
  }
  const tests = values.map(equalTo);
  const isOther = sign === "!=";
  return ok({
    holds: (device) => {
      const value = valueOf(device, field);
      return value !== undefined && value !== null && tests.some((test) => test(value)) !== isOther;
    },
  });
}

/** A field's name is of the kind's telemetry or of its state, never of both [W5]. */
const valueOf = ({ telemetry, reported }: Queried, field: string): unknown =>
  Object.hasOwn(telemetry, field)
    ? telemetry[field].value
    : Object.hasOwn(reported, field)
    ? reported[field]
    : undefined;

function equalTo(wanted: string): (value: unknown) => boolean {
  if (wanted === "*") return () => true;
  const number = numberIn(wanted);
  return (value) =>
    typeof value === "number"
      ? value === number
      : typeof value === "boolean"
      ? String(value) === wanted
      : typeof value === "string" && fits(value, wanted);
}

function numberIn(text: string): number | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}
