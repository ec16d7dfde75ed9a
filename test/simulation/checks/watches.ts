/** What operators see: no gap in silence, and in the end what is [I19, O3, O4, O7]. */
import { mergePatch } from "../../../src/protocol/merge.ts";
import { type CommandRecord, type DeviceView, isFinal } from "../../../src/protocol/record.ts";
import type { Frame, TraceEvent } from "../trace.ts";
import type { ConnectionFact, Facts } from "./facts.ts";
import { isEqual } from "./records.ts";

interface Watch {
  frame: Frame;
  revision: number | null;
  devices: Map<string, Record<string, unknown>>;
  order: string[];
  total: number;
}

interface Screen {
  connection: ConnectionFact;
  watches: Map<string, Watch>;
  /** Commands of this operator, as far as it heard by itself. */
  commands: Map<string, CommandRecord>;
}

export class Watches {
  readonly #facts: Facts;
  readonly #screens = new Map<string, Screen>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type === "closed") this.#screens.delete(event.connection);
    else if (event.type === "looked") this.#looked(event.connection, event.frame);
    else if (event.type === "shown") this.#shown(event.connection, event.frame);
  }

  #looked(id: string, frame: Frame): void {
    const screen = this.#screen(id);
    if (frame.type === "unwatch") screen?.watches.delete(frame.id);
    if (frame.type === "watch") {
      screen?.watches.set(frame.id, { frame, revision: null, devices: new Map(), order: [], total: 0 });
    }
  }

  #shown(id: string, frame: Frame): void {
    const screen = this.#screen(id);
    if (!screen) return;
    const { peer } = screen.connection;
    const isOwn = frame.type === "command" && peer.sort === "operator" && frame.command.by.id === peer.operator &&
      frame.command.job === undefined;
    if (isOwn) screen.commands.set(frame.command.id, frame.command);
    const watch = screen.watches.get(frame.watch);
    if (!watch) return;
    if (frame.type === "snapshot") {
      watch.revision = frame.revision;
      watch.devices = new Map(frame.devices.map((view: DeviceView) => [view.id, view]));
      watch.order = frame.devices.map(({ id }: DeviceView) => id);
      watch.total = frame.total;
      // What comes before it is of a watch that this one took the place of.
    } else if (frame.type === "changes" && watch.revision !== null) this.#change(id, watch, frame);
  }

  #change(id: string, watch: Watch, frame: Frame): void {
    if (frame.revision !== watch.revision! + 1) {
      this.#facts.violate("O3", `revision ${frame.revision} follows ${watch.revision}`, id);
    }
    watch.revision = frame.revision;
    for (const [device, patch] of Object.entries(frame.devices)) {
      watch.devices.set(device, mergePatch(watch.devices.get(device) ?? {}, patch) as Record<string, unknown>);
    }
    for (const device of frame.gone ?? []) watch.devices.delete(device);
    if (frame.order) watch.order = frame.order;
    if (frame.total !== undefined) watch.total = frame.total;
  }

  /** At the end every screen shows what is. */
  end(views: ReadonlyMap<string, DeviceView>, at: number): void {
    for (const { connection, watches, commands } of this.#screens.values()) {
      if (connection.revoked) continue;
      for (const watch of watches.values()) {
        if (watch.revision !== null) this.#compare(connection.id, watch, views, at);
      }
      const isSlow = connection.peer.sort === "operator" && connection.peer.slow;
      for (const record of isSlow ? [] : commands.values()) this.#followed(connection.id, record);
    }
  }

  #compare(id: string, { frame, devices, order }: Watch, views: ReadonlyMap<string, DeviceView>, at: number): void {
    const say = (what: string, device: string) => this.#facts.violate("I19", `the screen ${id} ${what}`, id, device);
    for (const [device, shown] of devices) {
      const view = views.get(device);
      if (!view) say(`shows ${device}, which is not there any more`, device);
      // A changed presence is told within ten seconds [P5].
      const isFresh = view!.since > at - PRESENCE_WITHIN;
      for (const [name, value] of Object.entries(shown)) {
        // Who came back just now may have told its state since.
        if (EVIDENT.includes(name) || (isFresh && [...PRESENCE, ...STATE].includes(name))) continue;
        const truth = view![name as keyof DeviceView];
        if (!isEqual(sorted(value), sorted(truth))) {
          say(`shows ${name} ${JSON.stringify(value)}, and it is ${JSON.stringify(truth)}`, device);
        }
      }
    }
    if (frame.device === undefined && (frame.query ?? "") === "") {
      const all = [...views.keys()].sort();
      if (!isEqual(order, all)) say(`lists ${order}, and there are ${all}`, order[0]);
    }
  }

  /** [O7] Who sent a command hears its end. */
  #followed(id: string, record: CommandRecord): void {
    const final = this.#facts.commands.get(record.id)?.final;
    if (final && !isFinal(record.status)) {
      this.#facts.violate(
        "I19",
        `the screen ${id} shows ${record.id} as ${record.status}, and it is ${final.status}`,
        record.id,
      );
    }
  }

  #screen(id: string): Screen | undefined {
    const known = this.#screens.get(id);
    if (known) return known;
    const connection = this.#facts.connections.get(id);
    if (!connection || connection.closedAt !== null) return undefined;
    const screen: Screen = { connection, watches: new Map(), commands: new Map() };
    this.#screens.set(id, screen);
    return screen;
  }
}

const PRESENCE_WITHIN = 12_000;
const STATE = ["reported", "reportedAt"];
const PRESENCE = ["presence", "since", "reason"];
/** What goes on by evidence, and is told as presence is [G6]. */
const EVIDENT = ["seen", "lease"];

/** In one order of keys, and without nulls, which a merge-patch cannot say. */
const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
      Object.entries(value).filter(([, part]) => part !== null).sort(([one], [other]) => one < other ? -1 : 1).map((
        [name, part],
      ) => [name, sorted(part)]),
    )
    : value;
