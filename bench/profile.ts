/** Where the time went: the functions of a CPU profile with their shares, by their own time and with what they call. */
import { readFileSync } from "node:fs";

interface Profile {
  nodes: { id: number; callFrame: CallFrame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}
interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
}

const MOST = 30;
/** What is no work of the server. */
const IDLE = new Set(["(idle)", "(program)", "(root)"]);

const nameOf = ({ functionName, url, lineNumber }: CallFrame) =>
  `${functionName || "(anonymous)"} ${url.replace(/^.*\/(?=(src|devices|node_modules)\/)/, "")}:${lineNumber + 1}`;

for (const file of Deno.args) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8")) as Profile;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const own = new Map<string, number>();
  const whole = new Map<string, number>();
  let total = 0;
  const add = (to: Map<string, number>, name: string, time: number) => to.set(name, (to.get(name) ?? 0) + time);
  samples.forEach((id, index) => {
    const { callFrame } = byId.get(id)!;
    if (IDLE.has(callFrame.functionName)) return;
    const time = timeDeltas[index];
    total += time;
    add(own, nameOf(callFrame), time);
    const seen = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      seen.add(nameOf(byId.get(at)!.callFrame));
    }
    for (const name of seen) add(whole, name, time);
  });
  console.log(`${file}: ${(total / 1000).toFixed(0)} ms of work seen`);
  for (const [title, times] of [["own time", own], ["with what it calls", whole]] as const) {
    console.log(`\n  ${title}`);
    const most = [...times].sort(([, one], [, other]) => other - one).slice(0, MOST);
    for (const [name, time] of most) console.log(`  ${(100 * time / total).toFixed(1).padStart(5)} %  ${name}`);
  }
}
