/** The twin does not fight the command: what a command brought about is what is wanted from then on [D7]. */
import type { Doc } from "../../../src/history/sample.ts";
import type { AuditRow } from "../../../src/hub/access/rows.ts";
import { confirmedField } from "../../../src/kind/channel.ts";
import { mergePatch } from "../../../src/protocol/merge.ts";
import type { TraceEvent } from "../trace.ts";
import type { Facts } from "./facts.ts";
import { isEqual } from "./records.ts";

interface Version {
  at: number;
  state: Doc;
  command: unknown;
}

export class Twin {
  readonly #facts: Facts;
  /** What each device reported of each field, and when. */
  readonly #reported = new Map<string, { at: number; value: unknown }[]>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    if (event.type !== "said" || event.frame.type !== "state") return;
    const peer = this.#facts.connections.get(event.connection)?.peer;
    if (peer?.sort !== "device") return;
    for (const [field, value] of Object.entries(event.frame.reported ?? {})) {
      const name = `${peer.device} ${field}`;
      this.#reported.set(name, [...this.#reported.get(name) ?? [], { at: event.at, value }]);
    }
  }

  /** The audit has every version, in its order. */
  end(rows: readonly AuditRow[]): void {
    const versions = new Map<string, Version[]>();
    for (const { what, target, outcome, detail, at } of rows.toReversed()) {
      if (what !== "desire" || outcome !== "done") continue;
      const before = versions.get(target) ?? [];
      const state = (detail!.state ?? mergePatch(before.at(-1)?.state ?? {}, detail!.patch)) as Doc;
      versions.set(target, [...before, { at, state, command: detail!.command }]);
    }
    for (const { id, record } of this.#facts.commands.values()) {
      if (record?.status !== "succeeded" || this.#facts.mayBeDeleted(record.device, -1)) continue;
      const { device, name, params, finishedAt, sentAt } = record;
      const confirms = this.#facts.specOf(device, name)?.confirms;
      if (!confirms || !("param" in confirms)) continue;
      const field = confirmedField(confirms, params);
      const known = versions.get(device) ?? [];
      const isToldApart = !known.some((version) => version.at === finishedAt);
      const wanted = known.findLast((version) => version.at < finishedAt!)?.state;
      if (!isToldApart || !wanted || !Object.hasOwn(wanted, field)) continue;
      const told = this.#reported.get(`${device} ${field}`) ?? [];
      const may = [
        params[confirms.param],
        ...told.filter(({ at }) => at >= sentAt! - UNDER_WAY && at <= finishedAt! + this.#facts.slack).map((
          { value },
        ) => value),
      ];
      if (!may.some((value) => isEqual(value, wanted[field]))) {
        this.#facts.violate("D7", "what a command brought about is what is wanted", id, device);
      }
    }
  }
}

/** A word of the device may be under way for so long. */
const UNDER_WAY = 30_000;
