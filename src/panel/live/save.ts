/** A device's history as one file, in as many parts as the hub gives it [Q8, Q9]. */
import { path, restFile } from "./rest.ts";

export interface Saved {
  name: string;
  text: string;
  /** Not all of it came: it is more than anybody opens. */
  isCut: boolean;
}

/** Four million values. */
const MOST_PARTS = 40;
/** Without it Excel takes the degrees of a head for something else. */
const BYTE_ORDER_MARK = "\uFEFF";

export async function historyFile(device: string, range: { from: number; to: number }): Promise<Saved> {
  const first = await restFile(path.historyFile(device, range));
  const texts = [BYTE_ORDER_MARK + first.text];
  let last = first;
  while (last.next !== null && texts.length < MOST_PARTS) {
    last = await restFile(last.next);
    texts.push(last.text.slice(last.text.indexOf("\r\n") + 2));
  }
  return { name: nameOf(first.name, last.name), text: texts.join(""), isCut: last.next !== null };
}

/** From where the first part begins until where the last one ends. */
const nameOf = (first: string, last: string): string =>
  first.replace(/ [^ ]+$/, ` ${last.slice(last.lastIndexOf(" ") + 1)}`);

/** Hands it to the browser, as if it had been a link. */
export function keep(
  { name, text, type = "text/csv;charset=utf-8" }: Pick<Saved, "name" | "text"> & { type?: string },
): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
