/** A child process of a test: started, waited for, ended by its own id. */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";

export interface Ended {
  code: number | null;
  signal: string | null;
}

export interface Child {
  pid: number;
  /** Everything it wrote so far. */
  out(): string;
  err(): string;
  ended: Promise<Ended>;
  /** The first match in what it writes. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Until the address answers with 200, or another status. */
  answers(url: string, timeoutMs?: number, status?: number): Promise<void>;
  /** Asks the process itself, and nobody below it. */
  signal(name: NodeJS.Signals): void;
  /** Closes the far end of its standard output, as a pager does that was left. */
  deafen(): void;
  /** Ends it with everything that it started; goes on when that has happened. */
  kill(): Promise<Ended>;
}

/** `deno`, also where the tests themselves run under it from a place that is not on the path. */
export const DENO: string = "Deno" in globalThis ? process.execPath : "deno";

export function start(command: string, args: string[], options: { cwd: string; env?: Record<string, string> }): Child {
  // A group of its own, so that a child's children (workerd below wrangler) end with it and nothing else does.
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...inherited(), NO_COLOR: "1", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk) => text.out += String(chunk));
  child.stderr.on("data", (chunk) => text.err += String(chunk));
  let end: Ended | undefined;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(end = { code, signal }));
  });
  RUNNING.add(child);
  ended.finally(() => RUNNING.delete(child)).catch(() => {});

  const until = async <T>(what: string, timeoutMs: number, look: () => T | undefined | Promise<T | undefined>) => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== null) return found;
      const why = end ? `ended with ${end.code ?? end.signal}` : Date.now() > deadline ? `waited ${timeoutMs} ms` : "";
      if (why) throw new Error(`${what}: ${why}\n${text.out.slice(-2000)}\n${text.err.slice(-2000)}`);
      await delay(50);
    }
  };
  return {
    pid: child.pid!,
    out: () => text.out,
    err: () => text.err,
    ended,
    printed: (pattern, timeoutMs = 30_000) =>
      until(`printed ${pattern}`, timeoutMs, () => `${text.out}\n${text.err}`.match(pattern) ?? undefined),
    async answers(url, timeoutMs = 60_000, status = 200) {
      await until(`answer of ${url}`, timeoutMs, async () => {
        const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
        await response?.body?.cancel();
        return response?.status === status ? true : undefined;
      });
    },
    // Not by the child's own `kill`: Deno would report that signal as its end, however the process ended.
    signal: (name) => void process.kill(child.pid!, name),
    deafen: () => void child.stdout.destroy(),
    kill() {
      killGroup(child);
      return ended;
    },
  };
}

/** Without settings of whoever runs the tests: they are part of what is tested. */
function inherited(): NodeJS.ProcessEnv {
  const ours = ([name]: [string, unknown]) => name === "PORT" || name.startsWith("SIGNALBOX_");
  return Object.fromEntries(Object.entries(process.env).filter((entry) => !ours(entry)));
}

const RUNNING = new Set<ChildProcess>();

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch { /* it ended by itself */ }
}

// A run that is broken off leaves no hub behind.
process.on("exit", () => RUNNING.forEach(killGroup));
