/** The bridge and Mosquitto, with `mosquitto_pub` and `mosquitto_sub` as everybody else: a broker that nobody here wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Mosquitto, noCertificates, noMosquitto, type Subscriber } from "../support/mosquitto.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { Place } from "./support/place.ts";

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function broker(...args: Parameters<typeof Mosquitto.start>): Promise<Mosquitto> {
  const started = await Mosquitto.start(...args);
  ended.push(() => started.stop());
  return started;
}

function place(): Place {
  const made = new Place();
  ended.push(() => made.stop());
  return made;
}

async function subscribe(on: Mosquitto, ...args: string[]): Promise<Subscriber> {
  const subscriber = await on.subscribe(...args);
  ended.push(() => subscriber.stop());
  return subscriber;
}

const connected = (hub: Place) => expect.poll(async () => (await hub.health()).state).toBe("connected");
const WATCH = ["-v", "-t", "signalbox/#"];
/** Topic, to be retained (said as it was published, whoever was first), QoS, content type, user properties, payload. */
const FORMAT = ["--retain-as-published", "-F", "%t|%r|%q|%C|%P|%p"];

describe("the bridge and Mosquitto", () => {
  beforeEach((context) => noMosquitto && context.skip(noMosquitto));

  it.each(["mqtt", "websockets"] as const)(
    "[N2, N4, N5] by %s: a device is seen as it is, and as it changes",
    async (protocol) => {
      const mosquitto = await broker(protocol === "mqtt" ? [{}] : [{}, { protocol }]);
      const hub = place();
      const device = await hub.device("lamp");
      device.send({ type: "telemetry", data: { power: 42 } });
      device.send({ type: "state", reported: { on: true } });
      hub.start(protocol === "mqtt" ? `mqtt://127.0.0.1:${mosquitto.port}` : `ws://127.0.0.1:${mosquitto.ports[1]}`);
      await connected(hub);
      const watcher = await subscribe(mosquitto, "-t", "signalbox/#", ...FORMAT);
      const origin = "origin:signalbox-[0-9a-z]{12}";
      await expect.poll(() => watcher.lines.length).toBe(5);
      expect(watcher.lines.toSorted()).toEqual([
        expect.stringMatching(`^signalbox/lamp/desired\\|1\\|1\\|application/json\\|.*version:0\\|{}$`),
        expect.stringMatching(`^signalbox/lamp/presence\\|1\\|1\\|text/plain\\|${origin} kind:relay\\|online$`),
        expect.stringMatching(
          `^signalbox/lamp/reported\\|1\\|1\\|application/json\\|${origin} kind:relay\\|{"on":true}$`,
        ),
        expect.stringMatching(`^signalbox/lamp/telemetry\\|1\\|0\\|.*units:{"power":"W"}\\|{"power":42}$`),
        expect.stringMatching("^signalbox/status\\|1\\|1\\|text/plain\\|.*\\|online$"),
      ]);
      device.send({ type: "state", reported: { on: false } });
      await expect.poll(() => watcher.lines.at(-1)).toMatch(/^signalbox\/lamp\/reported\|1\|1\|.*\|{"on":false}$/);
      device.channel.close();
      await expect.poll(() => watcher.lines.at(-1)).toMatch(/^signalbox\/lamp\/presence\|1\|1\|.*\|offline$/);
    },
  );

  it("[N5, N6] events and outcomes are told once, and not retained", async () => {
    const mosquitto = await broker();
    const hub = place();
    const device = await hub.device("porch", "motion-sensor").catch(() => hub.device("porch", "lock"));
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await connected(hub);
    const watcher = await subscribe(mosquitto, "-t", "signalbox/+/outcome", "-t", "signalbox/+/event/+", ...FORMAT);
    mosquitto.publish("signalbox/porch/command/identify", "{}");
    await expect.poll(() => watcher.lines.length).toBe(1);
    expect(watcher.lines[0]).toMatch(
      /^signalbox\/porch\/outcome\|0\|1\|application\/json\|origin:\S+ id:\w+ kind:\S+\|{/,
    );
    expect(JSON.parse(watcher.lines[0].split("|").slice(5).join("|"))).toMatchObject({
      device: "porch",
      name: "identify",
      status: "succeeded",
      by: { id: "bridge", name: "MQTT bridge" },
    });
    expect(device.commands.length).toBe(1);
    const late = await subscribe(mosquitto, "-t", "signalbox/+/outcome", ...FORMAT);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(late.lines).toEqual([]);
  });

  it("[N13] a response topic has the outcome with its correlation data, a refusal as a problem", async () => {
    const mosquitto = await broker();
    const hub = place();
    const device = await hub.device("lamp");
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await connected(hub);
    const replies = await subscribe(mosquitto, "-t", "app/replies", "-F", "%C|%D|%r|%p");
    const asks = (payload: string, correlation: string) =>
      mosquitto.publish(
        "signalbox/lamp/command/set",
        payload,
        ...["-D", "publish", "response-topic", "app/replies"],
        ...["-D", "publish", "correlation-data", correlation],
      );
    asks('{"on":true}', "seven");
    asks('{"on":7}', "eight");
    await expect.poll(() => replies.lines.length).toBe(2);
    const of = (correlation: string) => replies.lines.find((line) => line.includes(`|${correlation}|0|`))!;
    expect(of("seven")).toMatch(/^application\/json\|/);
    expect(JSON.parse(of("seven").split("|").at(-1)!)).toMatchObject({ device: "lamp", status: "succeeded" });
    expect(of("eight")).toMatch(/^application\/problem\+json\|/);
    expect(JSON.parse(of("eight").split("|").at(-1)!)).toMatchObject({ code: "invalid_params", status: 422 });
    expect(device.commands.map(({ params }) => params)).toEqual([{ on: true }]);
  });

  it("[N10] a merge-patch on what is desired comes to the device, and back as retained", async () => {
    const mosquitto = await broker();
    const hub = place();
    const device = await hub.device("hall", "thermostat");
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await connected(hub);
    const watcher = await subscribe(mosquitto, "-t", "signalbox/hall/desired", "-F", "%P|%p");
    mosquitto.publish("signalbox/hall/desired/set", '{"target":21.5}');
    await expect.poll(() => watcher.lines).toEqual([
      expect.stringMatching(/version:0\|{}$/),
      expect.stringMatching(/version:1\|{"target":21.5}$/),
    ]);
    expect(device.frames.find(({ type }) => type === "desired")).toMatchObject({ version: 1, state: { target: 21.5 } });
  });

  it("[N9, N11] a retained command never acts: not when it is published, not when the bridge comes back", async () => {
    const mosquitto = await broker();
    const hub = place();
    const device = await hub.device("gate");
    const watcher = await subscribe(mosquitto, "-t", "signalbox/error", "-F", "%p");
    mosquitto.publish("signalbox/gate/command/toggle", "{}", "-r");
    const bridge = hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await expect.poll(() => watcher.lines.length).toBe(1);
    mosquitto.publish("signalbox/gate/command/toggle", "{}", "-r");
    await expect.poll(() => watcher.lines.length).toBe(2);
    await bridge.stop();
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await expect.poll(() => watcher.lines.length).toBe(3);
    mosquitto.publish("signalbox/gate/command/toggle", null, "-r");
    mosquitto.publish("signalbox/gate/command/toggle", "{}");
    await expect.poll(() => device.commands.length).toBe(1);
    expect(watcher.lines.map((line) => JSON.parse(line).code)).toEqual(["bad_request", "bad_request", "bad_request"]);
  });

  it("[N12] the expiry of a message is the command's ttl, and one that came while nobody heard is not heard later", async () => {
    const mosquitto = await broker();
    const hub = place();
    const device = await hub.device("gate");
    const bridge = hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await connected(hub);
    mosquitto.publish("signalbox/gate/command/set", '{"on":true}', "-D", "publish", "message-expiry-interval", "4");
    await expect.poll(() => device.commands.length).toBe(1);
    expect(device.commands[0].ttl).toBeLessThanOrEqual(4);
    await bridge.stop();
    mosquitto.publish("signalbox/gate/command/set", '{"on":false}', "-D", "publish", "message-expiry-interval", "600");
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await connected(hub);
    mosquitto.publish("signalbox/gate/command/identify", "{}");
    await expect.poll(() => device.commands.length).toBe(2);
    expect(device.commands[1].name).toBe("identify");
  });

  it("[N12] a command whose expiry passed while the line stood still is not done when it moves again", async () => {
    const mosquitto = await broker();
    const line = await TcpProxy.start(mosquitto.port);
    ended.push(() => line.stop());
    const hub = place();
    const device = await hub.device("gate");
    hub.start(`mqtt://127.0.0.1:${line.port}`, { keepAlive: 12, patience: 20_000 });
    await connected(hub);
    const watcher = await subscribe(mosquitto, "-t", "signalbox/error", "-F", "%p");
    line.become("frozen");
    const asks = (name: string, expiry: string) =>
      mosquitto.publish(`signalbox/gate/command/${name}`, "{}", "-D", "publish", "message-expiry-interval", expiry);
    asks("toggle", "3");
    asks("identify", "60");
    // After a second its answer is missed, and after six the line is cut.
    const before = line.pings;
    await expect.poll(() => line.pings).toBe(before + 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    line.become("well");
    await expect.poll(() => watcher.lines.map((text) => JSON.parse(text).code)).toEqual(["expired"]);
    await expect.poll(() => device.commands.map(({ name }) => name)).toEqual(["identify"]);
    expect(line.connections).toBe(1);
  });

  it("[N15, N17] two hubs with one prefix on one broker: each does what is its own, and nothing goes round", async () => {
    const mosquitto = await broker();
    const [one, other] = [place(), place()];
    const [lamp, porch] = [await one.device("lamp"), await other.device("porch")];
    for (const hub of [one, other]) {
      hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
      await connected(hub);
    }
    const watcher = await subscribe(mosquitto, ...WATCH);
    mosquitto.publish("signalbox/lamp/command/toggle", "{}");
    mosquitto.publish(
      "signalbox/porch/command/toggle",
      "{}",
      "-D",
      "publish",
      "response-topic",
      "signalbox/lamp/command/toggle",
    );
    mosquitto.publish("signalbox/porch/command/toggle", "{}", "-D", "publish", "response-topic", "signalbox/reply/x");
    const outcomes = () => watcher.lines.filter((line) => /\/outcome /.test(line)).map((line) => line.split(" ")[0]);
    await expect.poll(() => outcomes().toSorted()).toEqual(["signalbox/lamp/outcome", "signalbox/porch/outcome"]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const before = watcher.lines.length;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(watcher.lines.length).toBe(before);
    expect([lamp.commands.length, porch.commands.length]).toEqual([1, 1]);
    expect(outcomes().length).toBe(2);
  });

  it("[N15] a reply that leads to another hub's command is not done there", async () => {
    const mosquitto = await broker();
    const [one, other] = [place(), place()];
    await one.device("lamp");
    const gate = await other.device("gate");
    one.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    other.start(`mqtt://127.0.0.1:${mosquitto.port}`, { settings: { prefix: "elsewhere" } });
    await connected(one);
    await connected(other);
    const watcher = await subscribe(mosquitto, "-t", "elsewhere/error", "-F", "%p");
    mosquitto.publish(
      "signalbox/lamp/command/toggle",
      "{}",
      "-D",
      "publish",
      "response-topic",
      "elsewhere/gate/command/toggle",
    );
    await expect.poll(() => watcher.lines.map((line) => JSON.parse(line).code)).toEqual(["forbidden"]);
    expect(gate.commands).toEqual([]);
  });

  it("[N8] a deleted device leaves nothing on the broker", async () => {
    const mosquitto = await broker();
    const hub = place();
    const device = await hub.device("lamp");
    device.send({ type: "telemetry", data: { power: 42 } });
    device.send({ type: "state", reported: { on: true } });
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`, {
      settings: { discovery: "homeassistant" },
      about: { build: "test" },
    });
    await connected(hub);
    const before = await subscribe(mosquitto, "-v", "-t", "signalbox/lamp/#", "-t", "homeassistant/#");
    await expect.poll(() => before.lines.length).toBe(5);
    await hub.call("delete_device", { device: "lamp" });
    await expect.poll(() => before.lines.slice(5).filter((line) => line.endsWith(" (null)")).length).toBe(5);
    const after = await subscribe(mosquitto, ...WATCH, "-t", "homeassistant/#");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(after.lines).toEqual(["signalbox/status online"]);
  });

  it("[N2] its last word where it is stopped is that it is offline", async () => {
    const mosquitto = await broker();
    const hub = place();
    const watcher = await subscribe(mosquitto, "-v", "-t", "signalbox/status");
    const bridge = hub.start(`mqtt://127.0.0.1:${mosquitto.port}`);
    await connected(hub);
    await bridge.stop();
    await expect.poll(() => watcher.lines).toEqual(["signalbox/status online", "signalbox/status offline"]);
  });

  it("[N2, N18] user and password; a wrong one is the reason, and nowhere said", async () => {
    const mosquitto = await broker([{}], { users: { hub: "correct horse" } });
    const hub = place();
    const url = `mqtt://127.0.0.1:${mosquitto.port}`;
    const wrong = hub.start(url, { settings: { username: "hub", password: "s3cr3t-and-wrong" } });
    await expect.poll(async () => (await hub.health()).reason).toMatch(
      /^The broker refused the connection: (?:not authorized|bad user name or password)$/,
    );
    expect(JSON.stringify([hub.logged, await hub.health()])).not.toContain("s3cr3t");
    await wrong.stop();
    hub.start(url, { settings: { username: "hub", password: "correct horse" } });
    await connected(hub);
  });

  it.each([
    ["retain_available false", /retains nothing/, "signalbox/lamp/reported|0|1|"],
    ["max_qos 0", /QoS 0 only/, "signalbox/lamp/reported|1|0|"],
  ])(
    "[N2, N6, N19] one with `%s` is reached, told without it, and says `offline` all the same",
    async (line, why, said) => {
      // The watcher comes by the first of the two, which has all that MQTT has.
      const mosquitto = await broker([{}, {}], { more: [line] });
      const hub = place();
      const device = await hub.device("lamp");
      const proxy = await TcpProxy.start(mosquitto.ports[1]);
      ended.push(() => proxy.stop());
      hub.start(`mqtt://127.0.0.1:${proxy.port}`);
      await connected(hub);
      expect((await hub.health()).reason).toMatch(why);
      const watcher = await subscribe(mosquitto, "-t", "signalbox/#", ...FORMAT);
      device.send({ type: "state", reported: { on: true } });
      await expect.poll(() => watcher.lines).toContainEqual(expect.stringContaining(said));
      proxy.cut();
      await expect.poll(() => watcher.lines).toContainEqual(
        expect.stringMatching(/^signalbox\/status\|.*\|text\/plain\|origin:signalbox-\w+\|offline$/),
      );
    },
  );

  it("[N19] what is over its `message_size_limit` or `max_packet_size` is given up, and the rest goes on", async () => {
    for (const line of ["message_size_limit 1000", "max_packet_size 1200"]) {
      const mosquitto = await broker([{}], { more: [line] });
      const hub = place();
      await hub.device("lamp");
      hub.start(`mqtt://127.0.0.1:${mosquitto.port}`, {
        settings: { discovery: "homeassistant" },
        about: { build: "test" },
      });
      await connected(hub);
      const gaveUp = () =>
        hub.logged.filter(([event]) => event === "bridge_gave_up").map(([, fields]) => fields?.topic);
      await expect.poll(gaveUp, { message: line }).toEqual(["homeassistant/device/lamp/config"]);
      const watcher = await subscribe(mosquitto, ...WATCH);
      await expect.poll(() => watcher.lines).toContain("signalbox/lamp/presence online");
      expect(await hub.health()).toMatchObject({ state: "connected", refused: 1 });
    }
  });

  it("[N19] what the broker's list of rights forbids is given up and said, and the rest goes on", async () => {
    const rights = [
      "user hub",
      "topic write signalbox/lamp/#",
      "topic write signalbox/status",
      "topic read signalbox/+/command/+",
    ];
    const mosquitto = await broker([{}], { users: { hub: "correct horse" }, acl: rights });
    const hub = place();
    for (const id of ["lamp", "porch"]) (await hub.device(id)).send({ type: "state", reported: { on: true } });
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`, { settings: { username: "hub", password: "correct horse" } });
    await connected(hub);
    await expect.poll(() => hub.logged.filter(([event]) => event === "bridge_gave_up").map(([, fields]) => fields))
      .toEqual(
        expect.arrayContaining([{ topic: "signalbox/porch/reported", reason: "not authorized" }]),
      );
    expect(hub.logged.filter(([event, fields]) => event === "bridge_gave_up" && /lamp/.test(String(fields!.topic))))
      .toEqual([]);
    expect((await hub.health()).state).toBe("connected");
  });

  it("[N19] the list of rights in docs/mqtt-bridge.md lets everybody do what it says, and no more", async () => {
    const text = readFileSync(join(import.meta.dirname!, "../../docs/mqtt-bridge.md"), "utf8");
    const [, list] = /^((?: {4}(?:#|user|topic) .*\n| *\n)+)^Response topics/m.exec(text)!;
    const acl = list.split("\n").map((line) => line.trim());
    const mosquitto = await broker([{}], { users: { signalbox: "a", homeassistant: "b", hall: "c" }, acl });
    const hub = place();
    const [light, gate] = [await hub.device("hall-light"), await hub.device("gate")];
    hub.start(`mqtt://127.0.0.1:${mosquitto.port}`, {
      settings: { username: "signalbox", password: "a", discovery: "homeassistant" },
      about: { build: "test" },
    });
    await connected(hub);
    expect((await hub.health()).reason).toBeUndefined();
    const asks = (user: string, password: string, topic: string) => {
      try {
        mosquitto.publish(topic, '{"on":true}', "-u", user, "-P", password);
      } catch {
        // Who may not is told so, in whatever way its version of the program has.
      }
    };
    asks("hall", "c", "signalbox/gate/command/set");
    asks("hall", "c", "signalbox/hall-light/command/toggle");
    asks("hall", "c", "signalbox/hall-light/command/set");
    await expect.poll(() => light.commands.map(({ name }) => name)).toEqual(["set"]);
    asks("homeassistant", "b", "signalbox/gate/command/set");
    await expect.poll(() => gate.commands.map(({ name }) => name)).toEqual(["set"]);
    expect(light.commands.length).toBe(1);
    await expect.poll(async () => (await hub.health()).waiting).toBe(0);
    expect(hub.logged.map(([event]) => event)).not.toContain("bridge_gave_up");
  });

  describe("encrypted", () => {
    beforeEach((context) => noCertificates && context.skip(noCertificates));

    const encrypted = (protocol: "mqtt" | "websockets", needsCertificate = false) =>
      // One that speaks nothing but WebSocket does not start.
      broker([{}, { protocol, isEncrypted: true, needsCertificate }]);
    const pem = (mosquitto: Mosquitto, name: string) => readFileSync(join(mosquitto.folder, name), "utf8");

    it.each([["mqtts", "mqtt"], ["wss", "websockets"]] as const)(
      "[N2] %s: a certificate that a known authority signed is believed, and no other",
      async (scheme, protocol) => {
        const mosquitto = await encrypted(protocol);
        const hub = place();
        const url = `${scheme}://localhost:${mosquitto.ports[1]}`;
        const unbelieved = hub.start(url);
        await expect.poll(async () => (await hub.health()).reason).toMatch(/^No connection .*(?:certificate|TLS)/i);
        await unbelieved.stop();
        hub.start(url, { tls: { ca: pem(mosquitto, "ca.crt") } });
        await connected(hub);
      },
    );

    it("[N2] a broker that asks for a certificate gets the bridge's own", async () => {
      const mosquitto = await encrypted("mqtt", true);
      const hub = place();
      const url = `mqtts://localhost:${mosquitto.ports[1]}`;
      const ca = pem(mosquitto, "ca.crt");
      const without = hub.start(url, { tls: { ca } });
      await expect.poll(async () => (await hub.health()).reason).toMatch(/^No connection .*certificate/i);
      await without.stop();
      hub.start(url, { tls: { ca, cert: pem(mosquitto, "client.crt"), key: pem(mosquitto, "client.key") } });
      await connected(hub);
    });

    it("[N2] a certificate for another name is not believed", async () => {
      const mosquitto = await broker([{ isEncrypted: true }], { names: "DNS:broker.example" });
      const hub = place();
      hub.start(`mqtts://localhost:${mosquitto.port}`, { tls: { ca: pem(mosquitto, "ca.crt") } });
      await expect.poll(async () => (await hub.health()).reason).toMatch(/^No connection /);
    });
  });
});
