/** Simulated devices at a whole hub, on one driven clock: all of it is real but the wire and the time. */
import { KINDS } from "../../devices/mod.ts";
import { simulate, type Simulation, type SimulationOptions } from "../../src/device/simulator.ts";
import type { Trouble } from "../../src/device/client.ts";
import type { AnyKind } from "../../src/kind/kind.ts";
import { type CommandRecord, isFinal } from "../../src/protocol/record.ts";
import { type Peer, type Signalbox, signalbox } from "../hub/signalbox.ts";
import { FakeClock, type Frame, settle } from "./fake.ts";

/** Fine enough for what a person would notice; and for what takes minutes, a second. */
const STEP = 0.1;
const COARSE = 1;
const SOON = 10;

export class Bench {
  readonly box: Signalbox;
  readonly clock = new FakeClock();
  /** What the hub refused, and what went wrong in a simulator. */
  readonly troubles: Trouble[] = [];
  /** What every device sent, but for the bytes of blobs. */
  readonly said: Frame[] = [];
  readonly #wires: Wire[] = [];
  readonly #simulations: Simulation<AnyKind>[] = [];

  constructor(kinds: readonly AnyKind[] = KINDS) {
    this.box = signalbox({ kinds });
  }

  /** A device that is online. */
  async device(id: string, kind: AnyKind, options: Partial<SimulationOptions<AnyKind>> = {}) {
    const token = this.box.enroll(id, kind.name);
    const { box, said } = this;
    const wires = this.#wires;
    const simulation = simulate(kind, {
      url: "http://hub.test",
      token,
      clock: this.clock,
      hour: 12,
      WebSocket: class extends Wire {
        constructor(_url: string, _protocols: string[]) {
          super(box, token, said);
          wires.push(this);
        }
      },
      onTrouble: (trouble) => void this.troubles.push(trouble),
      ...options,
    });
    this.#simulations.push(simulation);
    await this.pass(STEP);
    return simulation;
  }

  async pass(seconds: number, step = STEP): Promise<void> {
    for (let left = seconds; left > 1e-9; left -= step) {
      await this.clock.advance(Math.min(step, left));
      this.box.advance(Math.min(step, left) * 1000);
      await this.#deliver();
    }
  }

  /** Until it is so, or for that many seconds. */
  async until(isSo: () => boolean, seconds: number): Promise<boolean> {
    for (let passed = 0; passed < seconds && !isSo();) {
      const step = passed < SOON ? STEP : COARSE;
      await this.pass(step, step);
      passed += step;
    }
    return isSo();
  }

  /** As an operator who does what the kind asks for: takes the lease, selects. Refused, it is the record of that. */
  send(device: string, name: string, params: Record<string, unknown>): CommandRecord {
    const { box } = this;
    const { lease, commands } = box.ask("get_kind", { kind: box.view(device).kind });
    const fence = lease ? { fence: box.ask("lease", { device, action: "take" }).fence } : {};
    const selected = commands[name].select ? box.call("select", { device, name, params }) : null;
    const select = selected?.ok ? { select: selected.value.select } : {};
    const sent = box.call("send_command", { device, name, params, ...fence, ...select });
    if (sent.ok) return sent.value;
    const { command, code, message } = sent.fault;
    if (!command) throw new Error(`${name}: ${code}: ${message}`);
    return box.record(command);
  }

  /** The record when it is final, or as it is after so many seconds. */
  async outcome({ id }: CommandRecord, seconds: number): Promise<CommandRecord> {
    await this.until(() => isFinal(this.box.record(id).status), seconds);
    return this.box.record(id);
  }

  /** Every line breaks; the devices come back by themselves. */
  cut(): void {
    for (const wire of this.#wires.splice(0)) wire.cut();
  }

  close(): void {
    for (const simulation of this.#simulations) simulation.close();
  }

  async #deliver(): Promise<void> {
    for (let rounds = 0; rounds < 20; rounds++) {
      await settle();
      if (!this.#wires.map((wire) => wire.deliver()).includes(true)) return;
    }
  }
}

/** A device's socket whose other end is a peer of the hub. */
class Wire {
  onopen: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  binaryType = "arraybuffer";
  #peer: Peer | null = null;
  #isClosed = false;
  readonly #box: Signalbox;
  readonly #token: string;
  readonly #said: Frame[];

  constructor(box: Signalbox, token: string, said: Frame[]) {
    this.#box = box;
    this.#token = token;
    this.#said = said;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#isClosed) return;
    if (typeof data !== "string") return this.#peer!.binary(data);
    if (data !== "ping") this.#said.push(JSON.parse(data));
    this.#peer!.text(data);
  }

  close(code = 1005): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#peer && !this.#peer.closed) this.#peer.drop(code);
  }

  cut(): void {
    this.close(1006);
    this.onclose?.({ code: 1006, reason: "" } as never);
  }

  /** Hands on what has arrived; false when there is nothing. */
  deliver(): boolean {
    if (this.#isClosed) return false;
    if (!this.#peer) {
      const { peer, outcome } = this.#box.tryConnect("device", { sort: "token", token: this.#token });
      if (!outcome.ok) throw new Error(outcome.fault.message);
      this.#peer = peer;
      this.onopen?.({} as never);
    }
    const frames = this.#peer.frames.splice(0);
    for (const frame of frames) {
      this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) } as never);
    }
    const { closed } = this.#peer;
    if (closed) {
      this.#isClosed = true;
      this.onclose?.(closed as never);
    }
    return frames.length > 0 || closed !== null;
  }
}
