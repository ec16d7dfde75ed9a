/** Each command of the kind, as an operator sends it; and how a device goes down and stops. */
import type { Command } from "../../kind/kind.ts";
import { isFaultCode } from "../../protocol/fault.ts";
import { failureOf } from "../../protocol/from_device.ts";
import { type Bench, NO_ANSWERS, type Result, TIME_IS_UP } from "./bench.ts";
import type { CheckName } from "./checks.ts";
import { frameIn } from "./transcript.ts";
import { paramsOf } from "./values.ts";

/** So many commands without an answer are enough: each of the others would take its whole time as well. */
const ENOUGH = 3;
const ENOUGH_OF_LEVEL_0 = 2;

/** Returns whether the device answers commands at all. */
export async function tryCommands(bench: Bench): Promise<boolean> {
  const { kind, findings } = bench;
  for (const name of Object.keys(kind.commands)) {
    const isLane = kind.commands[name].effect === "stream";
    if (!isLane && !bench.commands.includes(name)) {
      findings.unseen(`command ${name}`, "it is not harmless; --danger sends it");
    }
  }
  const silent: string[] = [];
  const forbidden: string[] = [];
  for (const name of bench.commands) {
    const became = await tryCommand(bench, name);
    if (became === "silent") silent.push(name);
    if (became === "forbidden") forbidden.push(name);
    const isSilent = findings.verdict("answers") !== "green";
    if (isSilent && silent.length === (bench.watching.isLevel0 ? ENOUGH_OF_LEVEL_0 : ENOUGH)) break;
  }
  // What an interlock forbade may be allowed where the others left the device: undocked, closed, stopped.
  for (const name of forbidden) if (await tryCommand(bench, name) === "silent") silent.push(name);
  const isAnswering = findings.verdict("answers") === "green";
  if (!isAnswering && silent.length > 0) bench.silent("answers", `silent to ${silent.join(", ")}`);
  if (!isAnswering && silent.length === 0) findings.unseen("answers", "no command reached it");
  if (isAnswering) silent.forEach((name) => bench.silent(`command ${name}`, "no result came"));
  else bench.unseen(NO_ANSWERS, ...bench.commands.map((name): CheckName => `command ${name}`));
  return isAnswering;
}

/** Silent is where nothing came, forbidden where an interlock held it back. */
async function tryCommand(bench: Bench, name: string): Promise<"tried" | "silent" | "forbidden"> {
  const { findings } = bench;
  const check: CheckName = `command ${name}`;
  for (const params of paramsOf(bench.kind, name)) {
    if (bench.left === 0) findings.unseen(check, TIME_IS_UP);
    if (bench.left === 0) return "tried";
    const { result, refused, isForbiddenNow } = await bench.ask(name, params);
    if (refused !== undefined) findings.unseen(check, refused);
    if (isForbiddenNow) return "forbidden";
    if (refused !== undefined) continue;
    if (!result) return bench.left === 0 ? "tried" : "silent";
    judge(bench, name, { params, result });
  }
  return "tried";
}

interface Answered {
  params: object;
  result: Result;
}

function judge({ kind, findings, done }: Bench, name: string, { params, result }: Answered): void {
  const check: CheckName = `command ${name}`;
  findings.green("answers");
  if (result.ok) {
    done.add(name);
    if (kind.check.fitsResult(name, result.value)) return findings.green(check);
    return findings.red(check, `its value does not fit: ${JSON.stringify(result.value)?.slice(0, 120) ?? "none"}`);
  }
  const { code, message } = failureOf(result);
  const { errors } = kind.commands[name] as Command;
  if (errors.includes(code) || isFaultCode(code)) {
    findings.green(check, `${JSON.stringify(params)}: ${code}: ${message}`);
  } else findings.red(check, `it failed with ${code}, which neither section X nor the kind has`);
}

/** [C16] Cancelled at once after it was sent, so that a slow one is in the middle of it. */
export async function tryCancel(bench: Bench): Promise<void> {
  const { side, findings, transcript, kind } = bench;
  const name = longest(bench);
  if (!name) return findings.unseen("cancel", "there is no command that it does");
  const from = transcript.said.length;
  const sent = await side.command(name, paramsOf(kind, name)[0]);
  if ("refused" in sent) return findings.unseen("cancel", sent.refused);
  await side.cancel(sent.id);
  const result = await bench.result(sent.id, from, name);
  if (!result) return bench.silent("cancel", `no result of ${name} came after its cancel`);
  findings.green("cancel", result.ok ? `${name} was done before` : `${name}: ${failureOf(result).code}`);
}

/** How long it may be in the middle of something before the stop comes, in ms. */
const MIDDLE = 100;

/** [E9] In the middle of what takes longest. */
export async function tryStop(bench: Bench): Promise<void> {
  const { side, findings, transcript, kind, done } = bench;
  if (!Object.hasOwn(kind.commands, "stop")) return findings.unseen("stop", "its kind has no stop");
  const name = longest(bench, (name) => name !== "stop" && kind.commands[name].effect !== "query");
  if (!name || !done.has("stop")) return findings.unseen("stop", "there is nothing that it does, or no stop to end it");
  const from = transcript.said.length;
  const sent = await side.command(name, paramsOf(kind, name)[0]);
  if ("refused" in sent) return findings.unseen("stop", sent.refused);
  await new Promise((resolve) => setTimeout(resolve, MIDDLE));
  const stop = await side.command("stop", {});
  if ("refused" in stop) return findings.unseen("stop", stop.refused);
  const stopped = await bench.result(stop.id, from, "stop");
  if (!stopped) return bench.silent("stop", `no result of stop came in the middle of ${name}`);
  const stoppedAt = performance.now();
  const result = await bench.result(sent.id, from, name);
  if (!result) return bench.silent("stop", `${name} was stopped and has no result`);
  const wentOn = (performance.now() - stoppedAt) / 1000;
  if (!stopped.ok) findings.red("stop", `it failed with ${failureOf(stopped).code}`);
  // Who was about to be done when the stop came is no sinner.
  if (result.ok && wentOn > bench.times.quiet) {
    findings.red("stop", `${name} went on for ${wentOn.toFixed(1)} s, and was done`);
  }
  findings.green("stop", result.ok ? `${name} was done before` : `${name}: ${failureOf(result).code}`);
}

/** Of what it does and may be sent, the command with most time: what ends at once leaves nothing in the middle. */
const longest = ({ kind, done, commands }: Bench, isWanted: (name: string) => boolean = () => true) =>
  [...done].filter((name) => commands.includes(name) && isWanted(name))
    .sort((a, b) => kind.commands[b].timeout - kind.commands[a].timeout)[0];

/** [K3] */
export async function tryReboot(bench: Bench): Promise<void> {
  const { findings, transcript } = bench;
  const check = (why: string) => bench.unseen(why, "reboot", "command reboot");
  if (!bench.isDaring) return check("it is not harmless; --danger sends it");
  if (bench.left === 0) return check(TIME_IS_UP);
  const before = transcript.frames("hello").at(-1);
  const { connection } = transcript;
  const from = transcript.said.length;
  const { result, refused } = await bench.ask("reboot", {});
  if (refused !== undefined) return check(refused);
  if (!result) return bench.silent("reboot", "no result came before it went down");
  judge(bench, "reboot", { params: {}, result });
  const told = transcript.said.find((said) => frameIn(said, "result") === result)!;
  if (told.connection > connection) return findings.red("reboot", "its result came only after it was back");
  if (!result.ok) return findings.unseen("reboot", `it refused: ${failureOf(result).code}`);
  const up = await transcript.first((said) => said.connection > connection ? said : undefined, bench.left, from);
  if (!up) return findings.unseen("reboot", "it did not come back in the time that was left; --timeout gives more");
  const hello = await transcript.first(
    (said) => said.connection > connection ? frameIn(said, "hello") : undefined,
    bench.ms(bench.times.quiet),
    from,
  );
  if (before?.boot === undefined || hello?.boot === undefined) {
    return findings.unseen(
      "reboot",
      "its result came and it came back; the boots before and after were not both heard",
    );
  }
  if (hello.boot === before.boot) findings.red("reboot", `it came back with the same boot, ${hello.boot}`);
  else findings.green("reboot");
}
