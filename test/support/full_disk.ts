/** A disk that is full for one process: files that may not grow fail as on a full one, and have room again at a word. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const prlimit = (...args: string[]) => promisify(execFile)("prlimit", args);

/** Where this machine has no such program, a test says so and is skipped. */
export const canFill: boolean = await prlimit("--version").then(() => true, () => false);

/** The process has to ignore the signal that goes with it, which no disk sends. */
export const fillDisk = async (pid: number): Promise<void> => void await prlimit(`--pid=${pid}`, "--fsize=0:");
export const makeRoom = async (pid: number): Promise<void> => void await prlimit(`--pid=${pid}`, "--fsize=unlimited:");
