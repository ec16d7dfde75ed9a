import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import thermostat from "../../devices/thermostat.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { freePort } from "../support/port.ts";
import { DENO, start } from "../support/process.ts";
import { fileURLToPath } from "node:url";
import { readArgs, sentence } from "../../src/device/cli.ts";
import { KINDS } from "../../devices/mod.ts";

const NAMES = KINDS.map(({ name }) => name).join(", ");
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = (...args: string[]) =>
  start(DENO, ["run", "--allow-net", "--allow-env", "src/device/cli.ts", ...args], { cwd: ROOT });

describe("the command line", () => {
  it("reads a kind, a token and the rest", () => {
    const args = ["lock", "--token", "a.b", "--url", "https://hub", "--seed", "7", "--speed", "60", "--set", "pin=4=7"];
    const wanted = readArgs(args);
    if (wanted === "help") throw new Error(wanted);
    expect(wanted.kind.name).toBe("lock");
    expect(wanted.options).toEqual({ url: "https://hub", token: "a.b", seed: 7, speed: 60, settings: { pin: "4=7" } });
    expect(readArgs(["--help"])).toBe("help");
  });

  it("[K4] reads a kind of another hub from its document", () => {
    const file = join(mkdtempSync(join(tmpdir(), "kind-")), "thermostat.json");
    writeFileSync(file, JSON.stringify(kindDocument(thermostat)));
    const wanted = readArgs(["--from", file, "--token", "x"]);
    if (wanted === "help") throw new Error(wanted);
    expect(wanted.kind.name).toBe("thermostat");
    expect(() => readArgs(["--from", `${file}.gone`, "--token", "x"])).toThrow("gone cannot be read.");
    writeFileSync(file, "{}");
    expect(() => readArgs(["--from", file, "--token", "x"])).toThrow(/is no document of a kind: kind: missing/);
  });

  it.each([
    [[], `Name one kind: ${NAMES}.`],
    [["a", "b"], "Name one kind"],
    [["toaster", "--token", "x"], `There is no kind toaster; there are ${NAMES}.`],
    [["relay"], "Give the device's token with --token."],
    [["relay", "--token"], "'--token <value>' argument missing"],
    [["relay", "--token", "x", "--colour", "red"], "Unknown option '--colour'."],
    [["relay", "--token", "x", "--speed", "0"], "--speed is a number above 0"],
    [["relay", "--token", "x", "--seed", "1.5"], "--seed is a whole number."],
    [["relay", "--token", "x", "--set", "pin"], "--set pin: write name=value."],
  ])("refuses %j in a sentence", (args, message) => expect(() => readArgs(args)).toThrow(message));

  it("[Z] says what the link does", () => {
    const reason = { name: "unreachable", message: "the hub cannot be reached", isLasting: false };
    expect(sentence({ state: "connecting", attempt: 1 })).toBe("connecting");
    expect(sentence({ state: "waiting", seconds: 3.2, reason })).toBe("the hub cannot be reached; next try in 4 s");
    expect(sentence({ state: "stopped", reason })).toBe("stopped: the hub cannot be reached");
  });

  it("ends with 1 and a sentence on a wrong use", async () => {
    const child = run("toaster", "--token", "x");
    expect((await child.ended).code).toBe(1);
    expect(child.err()).toBe(
      `There is no kind toaster; there are ${NAMES}. (--help tells more)\n`,
    );
  });

  it("goes on trying without a hub, and leaves in order on Ctrl-C", async () => {
    const child = run("relay", "--token", "lamp.x", "--url", `http://127.0.0.1:${await freePort()}`);
    await child.printed(/the hub cannot be reached; next try in \d+ s/);
    child.signal("SIGINT");
    // Not its code: Deno's node:child_process tells of a child that it signalled as if the signal had ended it.
    await child.ended;
    expect(child.out()).toMatch(/0 stored at the hub, [1-9]\d* not yet\n$/);
  });
});
