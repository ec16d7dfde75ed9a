/** The tools for kinds, as a developer runs them, in a copy of the project that they may change. */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { DEVICES, kindsIn, listOf } from "../../src/tools/kinds_folder.ts";
import { denoHub, type Hub, ROOT } from "../runtime/launch.ts";
import { Project } from "./project.ts";

describe("the list", () => {
  it("devices/mod.ts is what `deno task kinds` writes, and each kind is named as its file", () => {
    expect(readFileSync(join(DEVICES, "mod.ts"), "utf8")).toBe(listOf(kindsIn(DEVICES)));
    expect(KINDS.map(({ name }) => name)).toEqual(kindsIn(DEVICES));
  });

  it("names variables that may be named so, and breaks where the formatter would", () => {
    const long = Array.from({ length: 12 }, (_, at) => `kind-number-${at}`);
    expect(listOf(["env-sensor", "switch"])).toBe(`/** Every kind that this hub knows. */
import type { AnyKind } from "../src/kind/kind.ts";
import envSensor from "./env-sensor.ts";
import switchKind from "./switch.ts";

export const KINDS: readonly AnyKind[] = [envSensor, switchKind];
`);
    expect(listOf(long)).toContain("= [\n  kindNumber0,\n  kindNumber1,\n");
  });
});

describe("in a project of one's own", () => {
  let project: Project;
  beforeAll(() => void (project = new Project()));
  afterAll(() => project?.dispose());

  it("kinds: writes the list when it is stale, and says so", async () => {
    const { folder } = project;
    const before = project.read("devices/mod.ts");
    rmSync(join(folder, "devices/relay.ts"));
    expect(await project.task("kinds")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^devices\/mod\.ts now lists .*lock, .*\.\n$/),
    });
    expect(project.read("devices/mod.ts")).not.toContain("relay");
    cpSync(join(ROOT, "devices/relay.ts"), join(folder, "devices/relay.ts"));
    await project.task("kinds");
    expect(project.read("devices/mod.ts")).toBe(before);
    expect((await project.task("kinds")).out).toMatch(/^devices\/mod\.ts already listed /);
  });

  it("kinds:new: a kind that passes the checks and the tests of every kind as it stands", async () => {
    const made = await project.task("kinds:new", "grow-tent");
    expect(made, made.err).toMatchObject({ code: 0, out: expect.stringContaining("devices/grow-tent.ts is a kind") });
    expect(project.read("devices/mod.ts")).toContain('import growTent from "./grow-tent.ts";');
    for (const args of [["check", "-q", "devices"], ["fmt", "-q", "--check", "devices"], ["lint", "-q", "devices"]]) {
      const { code, out, err } = await project.deno(...args);
      expect(code, out + err).toBe(0);
    }
    const tests = await project.task("vitest", "run", "test/kind", "test/device/ranges.test.ts", "-t", "grow-tent");
    expect(tests.code, tests.out + tests.err).toBe(0);
    expect(tests.out).toMatch(/[1-9]\d* passed, 0 failed/);
  }, 120_000);

  it.each([
    [["relay"], "There is a kind relay already: devices/relay.ts is left as it is.\n"],
    [["Grow_Tent"], "Grow_Tent cannot name a kind: a name is lower-case words joined by -, such as env-sensor.\n"],
    [["mod"], expect.stringContaining("mod cannot name a kind")],
    [["../relay"], expect.stringContaining("cannot name a kind")],
    [[], "Name the new kind: deno task kinds:new greenhouse.\n"],
  ])("kinds:new %j refuses, and changes nothing", async (args, err) => {
    const before = [project.read("devices/relay.ts"), project.read("devices/mod.ts")];
    expect(await project.task("kinds:new", ...args)).toEqual({ code: 1, out: "", err });
    expect([project.read("devices/relay.ts"), project.read("devices/mod.ts")]).toEqual(before);
  });

  describe("kinds:check", () => {
    const OLD = "old/thermostat.ts";
    const check = (...args: string[]) => project.task("kinds:check", ...args);
    /** The thermostat with some words exchanged. */
    function thermostat(path: string, ...changes: [string, string][]): string {
      let text = readFileSync(join(ROOT, "devices/thermostat.ts"), "utf8");
      for (const [from, to] of changes) {
        if (!text.includes(from)) throw new Error(`the thermostat has no ${from}`);
        text = text.replaceAll(from, to);
      }
      project.write(path, text);
      return path;
    }
    const NARROW: [string, string] = ["max: 30", "max: 28"];
    const RAISED: [string, string] = ["version: 1", "version: 2"];

    it("says in words what breaks whom, and ends with 1 where no version was raised", async () => {
      const { code, out } = await check(thermostat(OLD), thermostat("new/thermostat.ts", NARROW));
      expect(code).toBe(1);
      expect(out).toBe(`thermostat, version 1
  state.target takes at most 28, before at most 30. Breaks devices and operators.
  commands.set_target.params.target takes at most 28, before at most 30. Breaks operators.
Breaks devices and operators: raise the version to 2, or undo that.

`);
    });

    it("ends with 0 where the version says so, where nobody breaks, and where nothing changed", async () => {
      const raised = await check(thermostat(OLD), thermostat("new/raised.ts", NARROW, RAISED));
      expect(raised.code).toBe(0);
      expect(raised.out).toMatch(
        /^thermostat, version 1 to 2\n[^]*Breaks devices and operators, and the version says so\.\n/,
      );
      const wider = await check(OLD, thermostat("new/wider.ts", ["max: 30", "max: 32"]));
      expect(wider.code).toBe(0);
      expect(wider.out).toMatch(/before at most 30\. Safe\.\n[^]*\nBreaks nobody\.\n/);
      expect(await check(OLD, OLD)).toEqual({ code: 0, out: "thermostat, version 1\nNothing changed.\n\n", err: "" });
    });

    it("ends with 1 where the version went back, whatever else changed", async () => {
      const { code, out } = await check(thermostat("old/raised.ts", RAISED), OLD);
      expect([code, out]).toEqual([
        1,
        "thermostat, version 2 to 1\nThe version went back: give it 2 or a higher one.\n\n",
      ]);
    });

    it("takes a document, and the bare one of an earlier hub", async () => {
      const { kind, version, properties, commands } = kindDocument(KINDS.find(({ name }) => name === "thermostat")!);
      project.write("old/thermostat.json", JSON.stringify({ kind, version, properties, commands }));
      const { code, out, err } = await check("old/thermostat.json", thermostat("new/thermostat.ts", NARROW));
      expect(code, err).toBe(1);
      expect(out).toContain("Breaks devices and operators: raise");
    });

    it.each([
      [[], "Give an old and a new kind, or a hub with --hub (--help tells more).\n"],
      [["devices/relay.ts", "devices/lock.ts"], "relay and lock are two kinds; only one can have changed.\n"],
      [["devices/relay.ts", "devices/gone.ts"], "There is no file devices/gone.ts that can be read.\n"],
      [
        ["devices/relay.ts", "src/kind/field.ts"],
        "src/kind/field.ts exports no kind: export default defineKind({…}).\n",
      ],
      [["devices/relay.ts", "package.json"], "package.json is not the document of a kind.\n"],
      [["devices/relay.ts", "README.md"], expect.stringContaining("README.md cannot be loaded")],
      [["--hub", "http://127.0.0.1:1"], "http://127.0.0.1:1/api/v1/kinds cannot be reached.\n"],
      [["--colour", "red"], "Unknown option '--colour'.\n"],
    ])("%j is refused in one sentence", async (args, err) => {
      expect(await check(...args)).toEqual({ code: 1, out: "", err });
    });

    describe("with a hub", () => {
      let hub: Hub;
      beforeAll(async () => void (hub = await denoHub()));
      afterAll(() => hub?.dispose());

      it("compares one kind by its address, and all of them with the files here", async () => {
        const url = `${hub.url}/api/v1/kinds/thermostat`;
        expect(await check(url, OLD)).toMatchObject({
          code: 1,
          err: `${url} wants an operator's token: give one with --token.\n`,
        });
        const same = await check(url, thermostat(OLD), "--token", hub.adminToken);
        expect(same, same.err).toMatchObject({ code: 0, out: "thermostat, version 1\nNothing changed.\n\n" });

        thermostat("devices/thermostat.ts", NARROW);
        rmSync(join(project.folder, "devices/lock.ts"));
        project.write("devices/mod.ts", listOf(kindsIn(join(project.folder, "devices"))));
        const { code, out } = await check("--hub", hub.url, "--token", hub.adminToken);
        expect(code).toBe(1);
        expect(out).toContain("Breaks devices and operators: raise the version to 2, or undo that.");
        expect(out).toContain("lock has no file any more: its devices stay, with what every kind has.");
        expect(out).toContain("grow-tent is new.");
        expect(out).toContain("relay, version 1\nNothing changed.");
      });
    });
  });
});
