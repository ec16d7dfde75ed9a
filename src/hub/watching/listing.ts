/** Everything that a query finds, in one order, with its counts: moved along with what is touched [O2, O11]. */
import { ages, matches, type Query } from "../../protocol/query.ts";
import type { Counts } from "../../protocol/to_operator.ts";
import type { Presence } from "../../protocol/words.ts";
import { Ranking } from "./ranking.ts";
import { keyOf, orderOf, type SortKey } from "./sort.ts";
import type { Turn } from "../turn.ts";
import { queriedOf, standing } from "../devices/view.ts";

type Asked = Pick<Turn, "now" | "env" | "memory">;

interface Member {
  id: string;
  key: SortKey;
  presence: Presence;
}

export class Listing {
  readonly #query: Query;
  /** The one device that a device watch looks at. */
  readonly #only: string | undefined;
  readonly #keyOf: ReturnType<typeof keyOf>;
  readonly #members = new Map<string, Member>();
  readonly #ranking: Ranking<Member>;
  readonly #counts: Counts = { new: 0, online: 0, suspect: 0, sleeping: 0, offline: 0 };
  /** Grows with every change of the order. */
  version = 0;

  constructor(asked: Asked, query: Query, { sort, device: only }: { sort?: string; device?: string }) {
    this.#query = query;
    this.#only = only;
    this.#keyOf = keyOf(sort);
    for (const id of this.candidates(asked)) {
      const member = this.#memberOf(asked, id);
      if (!member) continue;
      this.#members.set(id, member);
      this.#counts[member.presence] += 1;
    }
    this.#ranking = new Ranking(orderOf(sort), this.#members.values());
  }

  get total(): number {
    return this.#ranking.size;
  }

  get counts(): Counts {
    return { ...this.#counts };
  }

  window([from, count]: readonly [number, number]): string[] {
    return this.#ranking.slice(from, count).map(({ id }) => id);
  }

  /** Puts a device where it belongs now; true where that, or what it counts as, is not what it was. */
  place(asked: Asked, id: string): boolean {
    const before = this.#members.get(id);
    const after = this.#memberOf(asked, id);
    if (before?.key === after?.key && before?.presence === after?.presence) return false;
    if (before) this.#counts[before.presence] -= 1;
    if (after) this.#counts[after.presence] += 1;
    if (before && after && before.key === after.key) before.presence = after.presence;
    else this.#move(id, before, after);
    return true;
  }

  #move(id: string, before: Member | undefined, after: Member | undefined): void {
    if (before) this.#ranking.remove(before);
    if (after) this.#ranking.add(after);
    if (after) this.#members.set(id, after);
    else this.#members.delete(id);
    this.version += 1;
  }

  /** [O13] What passing time alone brought in or took out. */
  aged(asked: Asked): string[] {
    if (!ages(this.#query)) return [];
    return [...this.candidates(asked)].filter((id) =>
      (this.#memberOf(asked, id) !== undefined) !== this.#members.has(id)
    );
  }

  /** What it has to look at to be right whatever was missed. */
  candidates({ memory }: Asked): Iterable<string> {
    return this.#only === undefined ? memory.devices.keys() : [this.#only];
  }

  #memberOf(asked: Asked, id: string): Member | undefined {
    const device = asked.memory.devices.get(id);
    if (!device) return undefined;
    const { presence } = standing(asked, device);
    if (this.#query.length > 0 && !matches(this.#query, queriedOf(asked, device, presence), asked.now)) {
      return undefined;
    }
    return { id, key: this.#keyOf(asked, device, presence), presence };
  }
}
