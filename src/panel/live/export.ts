/** What a query finds as a file: all of it, page by page, as the hub has it [R3]. */
import type { DeviceView } from "../../protocol/record.ts";
import { type Page, path, rest } from "./rest.ts";

const PAGE = 500;
/** More than that nobody opens; the address of the list gives it to a program. */
export const MOST_EXPORTED = 20_000;

export interface Found {
  devices: DeviceView[];
  /** Not all of them came. */
  isCut: boolean;
}

export async function devicesFound(queries: readonly string[]): Promise<Found> {
  const devices: DeviceView[] = [];
  for (const q of queries) {
    let cursor: string | null = "";
    while (cursor !== null) {
      if (devices.length >= MOST_EXPORTED) return { devices, isCut: true };
      const page: Page<DeviceView> = await rest("GET", listPath(q, cursor));
      devices.push(...page.items);
      cursor = page.next;
    }
  }
  return { devices, isCut: false };
}

export function listPath(q: string, cursor = ""): string {
  const search = new URLSearchParams({ ...(q && { q }), limit: String(PAGE), ...(cursor && { cursor }) });
  return `${path.devices}?${search}`;
}

export const jsonOf = (devices: readonly DeviceView[]): string => `${JSON.stringify(devices, null, 2)}\n`;

type Cell = [heading: string, of: (device: DeviceView) => unknown];

const moment = (at: number | null): string | null => at === null ? null : new Date(at).toISOString();
const OWN: Cell[] = [
  ["id", ({ id }) => id],
  ["name", ({ name }) => name],
  ["kind", ({ kind }) => kind],
  ["tags", ({ tags }) => tags.join(" ")],
  ["presence", ({ presence }) => presence],
  ["since", ({ since }) => moment(since)],
  ["seen", ({ seen }) => moment(seen)],
  ["created", ({ createdAt }) => moment(createdAt)],
  ["firmware", ({ firmware }) => firmware],
  ["flags", ({ flags }) => flags.join(" ")],
  ["pending", ({ pending }) => pending],
  ["stopped", ({ estop }) => estop !== null],
];

/** A line a device: what it is, then the last value of each field that any of them has, beside when it was told. */
export function csvOf(devices: readonly DeviceView[]): string {
  const names = (part: "telemetry" | "reported") =>
    [...new Set(devices.flatMap((one) => Object.keys(one[part])))].sort();
  const cells: Cell[] = [
    ...OWN,
    ...names("reported").flatMap((name): Cell[] => [
      [name, ({ reported }) => reported[name]],
      [`${name} at`, ({ reportedAt }) => moment(reportedAt[name] ?? null)],
    ]),
    ...names("telemetry").flatMap((name): Cell[] => [
      [name, ({ telemetry }) => telemetry[name]?.value],
      [`${name} at`, ({ telemetry }) => moment(telemetry[name]?.at ?? null)],
    ]),
  ];
  const lines = [cells.map(([heading]) => heading), ...devices.map((device) => cells.map(([, of]) => of(device)))];
  return lines.map((line) => `${line.map(cellOf).join()}\r\n`).join("");
}

/** What a spreadsheet would take for a formula gets an apostrophe before it, as in the hub's own files [Q10]. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const SPECIAL = /[",\r\n]|^\s|\s$/;

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const plain = typeof value === "string" ? value : JSON.stringify(value);
  const text = FORMULA.test(plain) ? `'${plain}` : plain;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Without it Excel takes the degrees of a head for something else. */
const BYTE_ORDER_MARK = "\uFEFF";
const TYPES = { csv: "text/csv;charset=utf-8", json: "application/json" };

/** Hands it to the browser, as if it had been a link. */
export function keepDevices(devices: readonly DeviceView[], form: keyof typeof TYPES, now: number): void {
  const text = form === "csv" ? BYTE_ORDER_MARK + csvOf(devices) : jsonOf(devices);
  const address = URL.createObjectURL(new Blob([text], { type: TYPES[form] }));
  const day = new Date(now).toISOString().slice(0, 16).replace("T", " ").replace(":", "");
  const link = Object.assign(document.createElement("a"), { href: address, download: `devices ${day}.${form}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
