/** How the bridge is, for who asks the hub, Prometheus, or whether it is ready [N50]. */
import { describe, expect, it } from "vitest";
import { metricsText } from "../../src/http/metrics.ts";
import type { BridgeHealth } from "../../src/protocol/outbox.ts";
import { readPrometheus, valueOf } from "../support/prometheus.ts";
import { LIVES, type Signalbox, signalbox } from "./signalbox.ts";

const AWAY = "The broker does not answer";

const scrape = async (box: Signalbox) => readPrometheus(await metricsText(box.ask("get_metrics", {})).text());
const view = (box: Signalbox) => box.ask("get_hub", {}).bridge;
const come = (box: Signalbox) => box.connect("operator", { sort: "bridge" });
const healthOf = (box: Signalbox, health: Partial<BridgeHealth>) => ({
  type: "bridge",
  state: "connected",
  since: box.now,
  published: 0,
  received: 0,
  refused: 0,
  ...health,
});

describe.each(LIVES)("how the bridge is, $life", ({ isForgetful }) => {
  it("[N50] without a bridge nothing is said of one", async () => {
    const box = signalbox({ isForgetful });
    expect([view(box), await box.ready()]).toEqual([null, { ok: true }]);
    expect((await scrape(box)).filter(({ name }) => name.includes("bridge"))).toEqual([]);
  });

  it("[N50] is what it says of itself, and degraded while it says nothing or is not there", async () => {
    const box = signalbox({ isForgetful, bridge: true });
    const degraded = async () => {
      const ready = await box.ready();
      return [view(box)?.state, valueOf(await scrape(box), "signalbox_bridge_connected"), ready.ok && ready.degraded];
    };
    expect(await degraded()).toEqual(["degraded", 0, "It has not connected to the hub"]);
    const bridge = come(box);
    expect(await degraded()).toEqual(["degraded", 0, expect.stringMatching(/has not said yet how it is$/)]);
    bridge.ask(healthOf(box, { published: 5, received: 3, refused: 1 }));
    expect(await degraded()).toEqual(["connected", 1, undefined]);
    box.advance(60_000);
    bridge.ask(healthOf(box, { state: "degraded", reason: AWAY }));
    expect(await degraded()).toEqual(["degraded", 0, AWAY]);
    expect(view(box)).toMatchObject({ since: box.now, reason: AWAY });
    bridge.drop();
    expect((await degraded()).slice(0, 2)).toEqual(["degraded", 0]);
  });

  it("[N50] counts what went and came, what waits and what was too much, without a device in a label", async () => {
    const box = signalbox({ isForgetful, bridge: true });
    const bridge = come(box);
    const roof = box.device("roof", "env-sensor");
    const names = ["battery_low", "battery_low"];
    for (const name of names) roof.send({ type: "event", name });
    box.ask("send_command", { device: "roof", name: "identify", params: {} });
    roof.send({ type: "result", id: roof.take("command").id, ok: true });
    bridge.ask(healthOf(box, { published: 5, received: 3, refused: 1 }));
    const { waiting } = view(box)!;
    expect(waiting).toBeGreaterThan(0);
    const families = await scrape(box);
    const value = (name: string, labels?: Record<string, string>) =>
      valueOf(families, `signalbox_bridge_${name}`, labels);
    expect([
      value("outbox_rows"),
      value("messages_total", { direction: "out" }),
      value("messages_total", { direction: "in" }),
      value("refused_total"),
      value("dropped_total"),
    ]).toEqual([waiting, 5, 3, 1, 0]);
    const bridged = families.filter(({ name }) => name.startsWith("signalbox_bridge_"));
    expect(bridged).toHaveLength(5);
    expect(JSON.stringify(bridged.map(({ samples }) => samples.map(({ labels }) => labels)))).not.toContain("roof");
  });
});
