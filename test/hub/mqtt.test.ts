/** The door for MQTT on a driven clock: a device says over it what it says over its WebSocket [M]. */
import { describe, expect, it } from "vitest";
import { LIVES, signalbox } from "./signalbox.ts";
import { guest, listener, QOS, speaker } from "./speaker.ts";

describe.each(LIVES)("over MQTT, $life", ({ isForgetful }) => {
  it.each([4, 5] as const)("[M4, M6] version %i: a sample, a command, its result, a ping", (version) => {
    const box = signalbox({ isForgetful });
    const lamp = listener(box, "lamp", { version });
    lamp.publish("telemetry", { data: { power: 5 } });
    lamp.publish("state", { reported: { on: false } });
    expect(box.view("lamp")).toMatchObject({
      presence: "online",
      telemetry: { power: { value: 5 } },
      reported: { on: false },
    });
    const { id } = box.ask("send_command", { device: "lamp", name: "set", params: { on: true } });
    const command = lamp.frame("command");
    expect(command).toMatchObject({ id, name: "set", params: { on: true }, [QOS]: 1 });
    lamp.publish("result", { id, ok: true }, 1);
    expect(lamp.take("puback").messageId).toBeGreaterThan(0);
    expect(lamp.frame("stored")).toMatchObject({ id });
    expect(box.record(id).status).toBe("succeeded");
    lamp.say({ cmd: "pingreq" });
    lamp.take("pingresp");
    expect(lamp.packets).toEqual([]);
  });
});

describe("CONNECT", () => {
  it("[M3] says what is offered", () => {
    const box = signalbox();
    const token = box.enroll("lamp", "relay");
    const lamp = guest(box);
    lamp.connect({ user: "lamp", password: token, clientId: "" });
    expect(lamp.take("connack")).toMatchObject({
      reasonCode: 0,
      sessionPresent: false,
      properties: {
        sessionExpiryInterval: 0,
        receiveMaximum: 64,
        maximumQoS: 1,
        retainAvailable: false,
        maximumPacketSize: 8_192,
        assignedClientIdentifier: "lamp",
        wildcardSubscriptionAvailable: true,
        subscriptionIdentifiersAvailable: false,
        sharedSubscriptionAvailable: false,
        serverKeepAlive: 300,
      },
    });
  });

  it("[M3] 3.1.1 gets its four bytes", () => {
    const box = signalbox();
    speaker(box, "lamp", { version: 4 });
  });
});
