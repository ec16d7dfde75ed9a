/** The conformance kit as it is called: by hand as a hub, by hand as an operator of a real one, by a program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import rover from "../../devices/rover.ts";
import { simulate } from "../../src/device/simulator.ts";
import { AsOperator } from "../../src/tools/conform/as_operator.ts";
import { conform } from "../../src/tools/conform/cli.ts";
import { readArgs, USAGE } from "../../src/tools/conform/usage.ts";
import { denoHub, type Hub, ROOT } from "../runtime/launch.ts";
import { rest } from "../support/client.ts";
import { type Child, DENO, start } from "../support/process.ts";
import { Handmade } from "./handmade.ts";

const children: Child[] = [];
const run = (...words: string[]) => {
  const child = start(DENO, ["task", "-q", "conform", ...words], { cwd: ROOT });
  children.push(child);
  return child;
};
afterAll(() => Promise.all(children.map((child) => child.kill())));

describe("the command line", () => {
  const times = { timeout: 60, quiet: 2 };
  it("reads where it stands and what it may do", () => {
    expect(readArgs(["relay", "--listen"])).toMatchObject({
      kind: { name: "relay" },
      where: { as: "hub", port: 8090 },
      times,
      isDaring: false,
    });
    expect(readArgs(["lock", "--url", "https://hub", "--token", "op", "--device", "d", "--danger", "--timeout", "90"]))
      .toMatchObject({
        where: { as: "operator", url: "https://hub", token: "op", device: "d" },
        times: { ...times, timeout: 90 },
        isDaring: true,
      });
    expect(readArgs(["--help"])).toBe("help");
  });

  it.each([
    [[], "Name one kind: "],
    [["toaster", "--listen"], "There is no kind toaster; there are "],
    [["relay"], "Say either --listen or --url."],
    [["relay", "--listen", "--url", "http://hub"], "Say either --listen or --url."],
    [["relay", "--listen", "--device", "d"], "--device goes with --url"],
    [["relay", "--listen", "--token", "secret"], "A device's token is <id>.<secret>."],
    [["relay", "--listen", "--port", "many"], "--port is 0 to 65535."],
    [["relay", "--url", "hub", "--token", "t"], "--url is where the hub is"],
    [["relay", "--url", "http://hub"], "Give an operator's token with --token."],
    [["relay", "--url", "http://hub", "--token", "t", "--port", "1"], "--port goes with --listen."],
    [["relay", "--url", "http://hub", "--token", "t", "--device", "d", "--simulate"], "leave --device out"],
    [["relay", "--listen", "--timeout", "0"], "--timeout is a number of seconds."],
    [["relay", "--listen", "--colour"], "Unknown option '--colour'."],
  ])("refuses %j in a sentence", (args, message) => expect(() => readArgs(args)).toThrow(message));

  it("ends with 2 on a wrong use", async () => {
    const child = run("relay");
    expect(await child.ended).toMatchObject({ code: 2 });
    expect(child.err()).toBe("Say either --listen or --url. (--help tells more)\n");
  });

  it("its page names every option", async () => {
    const child = run("--help");
    expect(await child.ended).toMatchObject({ code: 0 });
    expect(child.out()).toBe(`${USAGE}\n`);
    for (const option of ["listen", "port", "url", "token", "device", "simulate", "danger", "timeout", "json"]) {
      expect(USAGE).toContain(`--${option}`);
    }
  });
});

describe.concurrent("as the hub", () => {
  it("[H3] prints an address and a token, and ends with 0 when nothing is red: the README's line", async () => {
    const [, words] = /deno task conform ([^`]*)`/.exec(readFileSync(join(ROOT, "README.md"), "utf8"))!;
    const child = run(...words.split(" "), "--port", "0", "--simulate");
    await child.printed(/the device connects to ws:\/\/<this machine>:\d+\/device/);
    await child.printed(/its token is relay\.[0-9a-f]{32}/);
    expect((await child.ended).code, child.err() + child.out()).toBe(0);
    expect(child.out()).toMatch(/^relay \(relay\), tried by the kit as its hub: [456] connections in \d+ s\n/);
    expect(child.out()).toMatch(/\n\d+ green, 0 red, \d+ not seen\n$/);
  }, 120_000);

  it("ends with 1 when something is red, and says so to programs", async () => {
    const token = "mine.0123456789abcdef";
    const child = run("relay", "--listen", "--port", "0", "--token", token, "--json", "--timeout", "5");
    const [, port] = await child.printed(/:(\d+)\/device/);
    const device = new Handmade(Number(port), token, { fails: { set: "oops" } });
    try {
      expect((await child.ended).code, child.err()).toBe(1);
      const list = JSON.parse(child.out());
      expect(list).toMatchObject({ kind: "relay", as: "hub", device: "mine" });
      expect(list.checks.filter(({ verdict }: { verdict: string }) => verdict === "red")).toEqual([{
        check: "command set",
        rule: "C10",
        says: "set is answered with a result that fits the kind.",
        verdict: "red",
        why: ["it failed with oops, which neither section X nor the kind has"],
        help: expect.stringMatching(/^Give the value that the kind declares/),
      }]);
    } finally {
      device.close();
    }
  }, 60_000);

  it("ends with 1 and a sentence when no device comes", async () => {
    const child = run("relay", "--listen", "--port", "0", "--timeout", "0.5");
    expect(await child.ended).toMatchObject({ code: 1 });
    expect(child.err()).toMatch(/no device came within 0.5 s\n$/);
  });
});

/** [C24] What an interlock forbids where a simulator of the kind begins, and nothing that the kit does would change. */
const FORBIDDEN: Record<string, [check: string, why: string[]][]> = {
  "ev-charger": [["command start", ["the hub refused it: interlock: No vehicle is plugged in."]]],
};

describe.concurrent("as an operator of a real hub", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await denoHub();
  });
  afterAll(() => hub?.dispose());
  const at = (...words: string[]) => ["--url", hub.url, ...words, "--json"];

  it("[O5] makes a device, judges its simulator by what the hub shows, and leaves nothing behind", async () => {
    const child = run("thermostat", ...at("--token", hub.adminToken, "--simulate", "--danger"));
    expect((await child.ended).code, child.err()).toBe(0);
    const list = JSON.parse(child.out());
    const verdicts = Object.fromEntries(
      list.checks.map(({ check, verdict }: { check: string; verdict: string }) => [check, verdict]),
    );
    expect(verdicts).toMatchObject({
      ...{ frames: "green", telemetry: "green", state: "green", seq: "green", answers: "green", cancel: "green" },
      ...{ applied: "green", "command set_target": "green", "command reboot": "green" },
      // What no hub does.
      ...{ duplicate: "not seen", expired: "not seen", reconnect: "not seen", stays_away: "not seen" },
    });
    expect(list.connections).toBeGreaterThan(1);
    expect((await rest(hub.url, hub.adminToken).get(`/api/v1/devices/${list.device}`)).status).toBe(404);
  }, 90_000);

  it.concurrent.each(KINDS)("[K1] the simulator of $name has nothing red there", async ({ name }) => {
    const wanted = readArgs([name, ...at("--token", hub.adminToken, "--simulate", "--danger")]);
    if (wanted === "help") throw new Error(wanted);
    let list: { red: number; checks: { check: string; verdict: string; why: string[] }[] } | undefined;
    const line = (text: string) => list = JSON.parse(text);
    await conform({ ...wanted, times: { timeout: 60, quiet: 0.4 } }, [], { line, note: () => {}, isColoured: false });
    expect(list!.checks.filter(({ verdict }) => verdict === "red")).toEqual([]);
    const untried = list!.checks.filter(({ check, verdict }) => /^(command|lane) /.test(check) && verdict !== "green");
    expect(untried.map(({ check, why }) => [check, why])).toEqual(FORBIDDEN[name] ?? []);
  }, 90_000);

  /** A simulated rover, and the kit's list of it, without what moves it. */
  const rovers = async (id: string) => {
    const api = rest(hub.url, hub.adminToken);
    const { body: { token } } = await api.post("/api/v1/devices", { id, kind: "rover" });
    const simulation = simulate(rover, { url: hub.url, token, seed: 3, speed: 10, attended: true });
    const shown = async () => (await api.get(`/api/v1/devices/${id}`)).body;
    await vi.waitFor(async () => expect((await shown()).reported.mode).toBe("docked"), { timeout: 20_000 });
    const tried = async () => {
      const wanted = readArgs(["rover", ...at("--token", hub.adminToken, "--device", id)]);
      if (wanted === "help") throw new Error(wanted);
      let list: { checks: { check: string; verdict: string; why: string[] }[] } | undefined;
      const line = (text: string) => list = JSON.parse(text);
      await conform({ ...wanted, times: { timeout: 20, quiet: 0.4 } }, [], { line, note: () => {}, isColoured: false });
      return Object.fromEntries(list!.checks.map(({ check, verdict, why }) => [check, [verdict, ...why]]));
    };
    return { api, simulation, shown, tried };
  };

  it.concurrent("[G1, G3] whoever drives is not driven away, and what the kit took it lets go of", async () => {
    const { api, simulation, shown, tried } = await rovers("driven");
    const { body: ann } = await api.post("/api/v1/tokens", { name: "Ann", role: "operator" });
    const lease = await rest(hub.url, ann.token).post("/api/v1/devices/driven/lease", {});
    expect(lease.status).toBe(200);
    const driven = await tried();
    const why = "the hub refused it: lease_required: driven is driven under a lease: take it first, and send its fence";
    expect(driven["command dock"]).toEqual(["not seen", why]);
    expect(driven["command stop"]).toEqual(["green"]);
    expect((await shown()).lease?.holder.name ?? "Ann").toBe("Ann");
    await rest(hub.url, ann.token).post("/api/v1/devices/driven/lease", { action: "release" });
    expect((await tried())["command dock"]).toEqual(["green"]);
    expect((await shown()).lease).toBe(null);
    simulation.close();
  }, 90_000);

  it.concurrent("[G2] its lease holds for as long as its trials take", async () => {
    const { simulation, shown } = await rovers("held");
    const { reported } = await shown();
    const side = await AsOperator.open({ url: hub.url, token: hub.adminToken, device: "held", kind: rover, reported });
    await pause(17_000);
    expect(await side.command("identify", {})).toEqual({ id: expect.any(String) });
    await side.close();
    simulation.close();
  }, 90_000);

  it("[R5] says why where it cannot begin", async () => {
    const stranger = run("relay", ...at("--token", hub.adminToken, "--device", "nobody"));
    expect(await stranger.ended).toMatchObject({ code: 1 });
    expect(stranger.err()).toMatch(/^not_found: /);
    const made = await rest(hub.url, hub.adminToken).post("/api/v1/devices", { id: "away", kind: "relay" });
    expect(made.status).toBe(201);
    const away = run("relay", ...at("--token", hub.adminToken, "--device", "away", "--timeout", "0.5"));
    expect(await away.ended).toMatchObject({ code: 1 });
    expect(away.err()).toBe("away is new, after 0.5 s\n");
  });
});
