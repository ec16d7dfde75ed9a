/** Simulated devices beside the page: each is the real client library on a line of its own. */
import { behaviourOf, foreignKind, KINDS, simulate, type Simulation } from "../../device/browser.ts";
import type { Status } from "../../device/link.ts";
import type { SocketConstructor } from "../../device/link.ts";
import type { AnyKind } from "../../kind/kind.ts";
import type { KindDocument } from "../../kind/schema.ts";
import { type Fault, isMomentary } from "./faults.ts";
import { faulty } from "./faulty.ts";
import { Line } from "./line.ts";
import type { Enrolled, FromWorker, Standing, ToWorker } from "./messages.ts";

/** Without power, in ms. */
const DOWN_FOR = 3_000;
/** The hub refuses it, and says why. */
const BAD_FRAME = JSON.stringify({ type: "telemetry", data: { no_such_field: 1 } });

const scope = self as unknown as {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
};

const machines = new Map<string, Machine>();

scope.onmessage = ({ data }) => {
  switch (data.do) {
    case "start":
      machines.get(data.machine.id)?.stop();
      machines.set(data.machine.id, new Machine(data.machine, data.url));
      return;
    case "break":
      return machines.get(data.id)?.break(data.fault, data.isOn);
    case "stop":
      for (const machine of machines.values()) machine.stop();
      return machines.clear();
  }
};

class Machine {
  readonly #enrolled: Enrolled;
  readonly #url: string;
  readonly #kind: AnyKind;
  readonly #on = new Set<Fault>();
  #line!: Line;
  #simulation: Simulation<AnyKind> | null = null;
  #isStopped = false;

  constructor(enrolled: Enrolled, url: string) {
    this.#enrolled = enrolled;
    this.#url = url;
    this.#kind = kindOf(enrolled.kind);
    this.#boot();
  }

  #boot(): void {
    this.#line = new Line(this.#on, WebSocket as unknown as SocketConstructor);
    this.#simulation = simulate(this.#kind, {
      url: this.#url,
      token: this.#enrolled.token,
      behaviour: faulty(this.#kind, behaviourOf(this.#kind), this.#on) as AnyKind["behaviour"],
      WebSocket: this.#line.WebSocket,
      fetch: this.#line.fetch,
      attended: true,
      onStatus: (status) => this.#say(standingOf(status)),
    });
  }

  break(fault: Fault, isOn: boolean): void {
    if (fault === "bad_frame") return this.#line.say(BAD_FRAME);
    if (fault === "reboot") return this.#reboot();
    if (isMomentary(fault)) return;
    if (isOn) this.#on.add(fault);
    else this.#on.delete(fault);
    this.#line.changed(fault);
  }

  /** All that it remembered is gone, and a new boot id says so. */
  #reboot(): void {
    if (!this.#simulation) return;
    this.#simulation.close();
    this.#simulation = null;
    this.#say({ state: "rebooting" });
    setTimeout(() => !this.#isStopped && this.#boot(), DOWN_FOR);
  }

  stop(): void {
    this.#isStopped = true;
    // A line that is half open would keep the hub waiting.
    this.#on.clear();
    this.#line.changed("half_open");
    this.#simulation?.close();
  }

  #say(standing: Standing): void {
    if (!this.#isStopped) scope.postMessage({ id: this.#enrolled.id, standing });
  }
}

/** The kind's own behaviour where this panel knows this version of it; else a life from what the hub tells of it. */
function kindOf(document: KindDocument): AnyKind {
  const own = KINDS.find(({ name, version }) => name === document.kind && version === document.version);
  if (own) return own;
  const foreign = foreignKind(JSON.stringify(document));
  if (!foreign.ok) throw new TypeError(foreign.fault.message);
  return foreign.value;
}

function standingOf(status: Status): Standing {
  switch (status.state) {
    case "waiting":
      return { state: "waiting", seconds: status.seconds, why: status.reason.message };
    case "stopped":
      return { state: "stopped", why: status.reason.message };
    default:
      return { state: status.state };
  }
}
