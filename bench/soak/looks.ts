/** Looks at the hub, evenly over a soak, and live heaps now and then. */
import { rest } from "../harness.ts";
import type { Hub } from "../hub.ts";
import { type Heap, type Look, look } from "./probe.ts";
import type { Tally } from "./tally.ts";

/** Live heaps that are taken, and looks in all at most, and seconds between two at least. */
const HEAPS = 24;
const LOOKS = 240;
const EVERY = 2;

export interface Looks {
  seen: Look[];
  goOn(seconds: number, tally: Tally): Promise<void>;
  close(): void;
}

export function looksAt(hub: Hub, heap: Heap, say: (line: string) => void): Looks {
  const seen: Look[] = [];
  return {
    seen,
    async goOn(seconds, tally) {
      const every = Math.max(EVERY, seconds / LOOKS);
      const begun = performance.now();
      const { reconnects } = tally;
      let heaps = 0;
      for (let index = 0; index * every <= seconds; index++) {
        await rest(Math.max(0, begun / 1000 + index * every - performance.now() / 1000));
        const isHeapDue = index * every >= heaps * seconds / HEAPS;
        if (isHeapDue) heaps += 1;
        const at = (performance.now() - begun) / 1000;
        const back = tally.reconnects - reconnects;
        seen.push({ at, reconnects: back, ...await look(hub, isHeapDue ? heap : null) });
        if (isHeapDue) say(lineOf(seen.at(-1)!));
      }
    },
    close: () => heap.close(),
  };
}

const MB = 1024 * 1024;
const mb = (bytes = 0) => `${(bytes / MB).toFixed(1)} MB`;
const lineOf = ({ at, rss, collected, descriptors, threads, reconnects, data }: Look): string =>
  `${String(Math.round(at)).padStart(5)} s  resident ${mb(rss)}, collected ${mb(collected?.rss)}  ` +
  `live heap ${mb(collected?.live)}  descriptors ${descriptors}  threads ${threads}  reconnects ${reconnects}  ` +
  `data ${mb(data)}`;
