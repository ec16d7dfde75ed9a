/** The conformance kit on the command line: `deno task conform <kind> --listen`, or `--url … --token …`. */
import type { AnyKind } from "../../kind/kind.ts";
import { simulate } from "../../device/simulator.ts";
import { AsHub } from "./as_hub.ts";
import { AsOperator } from "./as_operator.ts";
import { tryAll } from "./conform.ts";
import { Findings } from "./findings.ts";
import { asJson, readable } from "./print.ts";
import { type Rest, rest } from "./rest.ts";
import type { Side } from "./side.ts";
import { Misuse } from "../run.ts";
import { readArgs, USAGE, type Wanted } from "./usage.ts";

/** What ends in the reverse order of its beginning, whatever happens in between. */
export type Ends = (() => unknown)[];
interface Ready {
  side: Side;
  device: string;
}
type Say = (line: string) => void;

/** A simulated device lives so much faster than a real one, so that what takes its time fits into the trials. */
const SPEED = 10;
/** As a shell says of what SIGINT ended. */
const INTERRUPTED = 130;

/** Returns whether nothing was red. */
export async function conform(
  wanted: Wanted,
  ends: Ends,
  print: { line: Say; note: Say; isColoured: boolean },
): Promise<boolean> {
  const { kind, times, isDaring, isJson } = wanted;
  const findings = new Findings(kind);
  try {
    const { side, device } = await ready(wanted, findings, ends, print.note);
    const from = performance.now();
    if (side.wire?.isOpen === false) findings.unseenRest("the device was not let in");
    else await tryAll({ kind, side, findings, times, isDaring });
    const heading = {
      kind: kind.name,
      as: side.as,
      device,
      connections: side.transcript.connection,
      seconds: (performance.now() - from) / 1000,
    };
    print.line(isJson ? asJson(findings, heading) : readable(findings, heading, print.isColoured));
    return findings.count("red") === 0;
  } finally {
    await finish(ends);
  }
}

async function finish(ends: Ends): Promise<void> {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
}

/** No device came, or the hub does not want this: nothing was tried. */
class NotReady extends Error {}

const ready = ({ where, ...wanted }: Wanted, findings: Findings, ends: Ends, note: Say): Promise<Ready> =>
  where.as === "hub"
    ? listening({ ...wanted, where }, findings, ends, note)
    : operating({ ...wanted, where }, findings, ends, note);

type At<W extends Wanted["where"]["as"]> = Wanted & { where: Extract<Wanted["where"], { as: W }> };

async function listening({ kind, where, times, isSimulated }: At<"hub">, findings: Findings, ends: Ends, note: Say) {
  const token = where.token ?? `${kind.name}.${secret()}`;
  const side = new AsHub({ kind, findings, port: where.port, token });
  const port = await side.listen().catch((error) => {
    throw new NotReady(`cannot listen on port ${where.port}: ${error.message}`);
  });
  ends.push(() => side.close());
  note(`listening on port ${port}; the device connects to ws://<this machine>:${port}/device`);
  note(`its token is ${token}`);
  if (isSimulated) ends.push(start(kind, `http://127.0.0.1:${port}`, token));
  const came = await side.back(times.timeout * 1000);
  if (came === undefined) throw new NotReady(`no device came within ${times.timeout} s`);
  if (side.isOpen) note("a device is here; the trials begin");
  return { side, device: token.slice(0, token.lastIndexOf(".")) };
}

async function operating(
  { kind, where, times, isSimulated }: At<"operator">,
  findings: Findings,
  ends: Ends,
  note: Say,
) {
  const { url, token } = where;
  const hub = rest(url, token);
  const device = where.device ?? await enroll(hub, { kind, url, isSimulated }, ends, note);
  const shown = await online(hub, device, times.timeout);
  if (shown.kind !== kind.name) throw new NotReady(`the hub knows ${device} as a ${shown.kind}`);
  const side = await AsOperator.open({ url, token, device, kind, reported: shown.reported });
  ends.push(() => side.close());
  findings.unseen("handshake", "the hub has let it in, which says that it is well");
  findings.unseen("blobs", "the hub shows no bytes, and has checked them itself");
  return { side, device };
}

interface Newcomer {
  kind: AnyKind;
  url: string;
  isSimulated: boolean;
}

/** A device that lasts as long as the trials. */
async function enroll(hub: Rest, { kind, url, isSimulated }: Newcomer, ends: Ends, note: Say): Promise<string> {
  const id = `conform-${secret().slice(0, 8)}`;
  const made = await hub.call("POST", "/devices", { id, kind: kind.name });
  if (!made.ok) throw new NotReady(`the hub made no device (name one with --device): ${made.refused}`);
  ends.push(() => hub.call("DELETE", `/devices/${id}`));
  if (isSimulated) ends.push(start(kind, url, made.value.token));
  else note(`the token of ${id}, which is deleted at the end, is ${made.value.token}`);
  return id;
}

/** The device as the hub shows it, once it is there. */
async function online(hub: Rest, device: string, seconds: number) {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const shown = await hub.call("GET", `/devices/${device}`);
    if (!shown.ok) throw new NotReady(shown.refused);
    if (shown.value.presence === "online") return shown.value;
    if (performance.now() > until) throw new NotReady(`${device} is ${shown.value.presence}, after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function start(kind: AnyKind, url: string, token: string): () => void {
  const simulation = simulate(kind, { url, token, speed: SPEED, attended: true });
  return () => simulation.close();
}

const secret = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function main(): Promise<number> {
  const wanted = readArgs(Deno.args);
  if (wanted === "help") {
    console.log(USAGE);
    return 0;
  }
  const ends: Ends = [];
  // Nothing is left at the hub, nor anywhere else, by who had enough.
  Deno.addSignalListener("SIGINT", () => void finish(ends).finally(() => Deno.exit(INTERRUPTED)));
  const isColoured = Deno.stdout.isTerminal() && !Deno.noColor;
  return await conform(wanted, ends, { line: console.log, note: console.error, isColoured }) ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    if (error instanceof Misuse) console.error(`${error.message} (--help tells more)`);
    else if (error instanceof NotReady) console.error(error.message);
    else throw error;
    Deno.exit(error instanceof Misuse ? 2 : 1);
  }
}
