/** Which code this is: with it and a seed a run can be had again. */
import { execFileSync } from "node:child_process";

export function commit(): string {
  try {
    const told = execFileSync("git", ["describe", "--always", "--dirty"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return told.trim();
  } catch {
    return "unknown";
  }
}
