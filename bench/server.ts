/** A program under load: a process of its own, and what it costs by the word of the operating system. */
import { readFileSync } from "node:fs";
import { freePort } from "../test/support/port.ts";
import { type Child, DENO, type Ended, start } from "../test/support/process.ts";
import { cpuClockOf } from "./cpu_clock.ts";
import { ROOT } from "./harness.ts";

export interface Server {
  url: string;
  pid(): number;
  /** Milliseconds of CPU that all of its threads used since it began. */
  cpu(): number;
  /** Bytes of memory that it holds now. */
  rss(): number;
  /** Kills it in this moment, and starts it again at the same place; goes on when it listens. */
  restart(): Promise<void>;
  /** What it printed so far. */
  out(): string;
  /** Asks it to end, and ends it where it does not; says how it ended, however often it is asked. */
  stop(): Promise<Ended>;
}

export interface Program {
  url: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Goes on when it listens. */
  listens(child: Child): Promise<unknown>;
}

const LAST_WORDS_MS = 10_000;

export async function run({ url, command, args, env, listens }: Program): Promise<Server> {
  const begin = async () => {
    const child = start(command, args, { cwd: ROOT, env });
    await listens(child);
    return { child, clock: cpuClockOf(child.pid) };
  };
  let ending: Promise<Ended> | undefined;
  let now = await begin();
  return {
    url,
    pid: () => now.child.pid,
    out: () => now.child.out() + now.child.err(),
    cpu: () => now.clock(),
    rss: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${now.child.pid}/status`, "utf8"))![1]) * 1024,
    async restart() {
      await now.child.kill();
      now = await begin();
    },
    stop: () => ending ??= end(now.child),
  };
}

async function end(child: Child): Promise<Ended> {
  try {
    child.signal("SIGTERM");
  } catch { /* it ended by itself */ }
  const overdue = setTimeout(() => void child.kill(), LAST_WORDS_MS);
  const ended = await child.ended;
  clearTimeout(overdue);
  return ended;
}

/** A Deno program that listens on `PORT`. */
export async function serve(program: string, env: Record<string, string> = {}, flags: string[] = []): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return run({
    url,
    command: DENO,
    args: ["run", "-A", ...flags, program],
    env: { PORT: String(port), ...env },
    listens: (child) => child.answers(`${url}/healthz`),
  });
}

/** A program of `yardsticks/`. */
export const yardstick = (name: string, env?: Record<string, string>): Promise<Server> =>
  serve(`bench/yardsticks/${name}.ts`, env);
