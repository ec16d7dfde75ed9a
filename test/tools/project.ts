/** A copy of the project that a tool may change: everything that the tools, the hub and the tests of kinds need. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../runtime/launch.ts";
import { type Child, DENO, start } from "../support/process.ts";

const PARTS = ["src", "devices", "test", "README.md", "deno.json", "package.json", "deno.lock"];

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "signalbox-kinds-"));

  constructor() {
    for (const part of PARTS) cpSync(join(ROOT, part), join(this.folder, part), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
  }

  /** A child process there; whoever starts it ends it. */
  start(command: string, args: string[], env: Record<string, string> = {}): Child {
    return start(command, args, { cwd: this.folder, env });
  }

  /** Runs `deno` there to its end. */
  async deno(...args: string[]) {
    const child = this.start(DENO, args);
    const { code } = await child.ended;
    return { code, out: child.out(), err: child.err() };
  }

  task = (...args: string[]) => this.deno("task", "-q", ...args);
  read = (path: string) => readFileSync(join(this.folder, path), "utf8");
  has = (path: string) => existsSync(join(this.folder, path));
  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  dispose = () => rmSync(this.folder, { recursive: true, force: true });
}
