/** What Home Assistant is told, as a developer asks for it. */
import { expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { ROOT } from "../runtime/launch.ts";
import { DENO, start } from "../support/process.ts";

async function discovery(...args: string[]) {
  const child = start(DENO, ["task", "-q", "discovery", ...args], { cwd: ROOT });
  const { code } = await child.ended;
  return { code, out: child.out(), err: child.err() };
}

it("[N31] discovery: every kind with its entities, and where each is set", async () => {
  const { code, out } = await discovery();
  expect(code).toBe(0);
  for (const { name } of KINDS) expect(out).toMatch(new RegExp(`^homeassistant/device/d1/config +${name}$`, "m"));
  expect(out).toMatch(/^ {2}position +cover +signalbox\/d1\/command .*\/command\/go_to/m);
  expect(out).toMatch(/^ {2}command-reboot +button +restart, disabled +signalbox\/d1\/command\/reboot$/m);
});

it("[N31] discovery: a payload as it is published, under the prefixes that are given", async () => {
  const { code, out } = await discovery("relay", "--id", "pump", "--prefix", "farm", "--discovery", "ha");
  expect(code).toBe(0);
  const [topic, ...lines] = out.split("\n");
  expect(topic).toMatch(/^ha\/device\/pump\/config +relay$/);
  expect(JSON.parse(lines.join("\n"))).toMatchObject({
    device: { identifiers: ["farm_pump"] },
    components: { on: { platform: "switch", state_topic: "farm/pump/reported" } },
  });
});

it("discovery: says what it does not know in a sentence", async () => {
  expect(await discovery("toaster")).toMatchObject({ code: 1, err: "There is no kind toaster in devices/.\n" });
});
