/** What any frame must be, on both sockets, and what becomes of one that is not. */
import { expect } from "vitest";
import { bearer } from "../../support/client.ts";
import { CLOSE, CONTINUATION, frame, handshake as raw, PING, PONG, TEXT } from "../../support/raw.ts";
import { flooded, section, type World } from "./world.ts";

const BAD_JSON = { words: "hello", empty: "", half: '{"type":', "PING": "PING", "two values": "{} {}" };
const BAD_FRAME = { null: "null", array: "[]", string: '"x"', number: "5", "no type": "{}", "odd type": '{"type":5}' };
const deep = (levels: number) =>
  `{"type":"telemetry","data":{"temperature":${"[".repeat(levels)}${"]".repeat(levels)}}}`;

const sockets = {
  device: (w: World) => w.device("env-sensor"),
  operator: (w: World) => w.operator(),
};

export const frames = section("frames", (it) => {
  for (const [side, open] of Object.entries(sockets)) {
    it(`[F1] ${side}: the text ping is answered with the text pong, white space forgiven`, async (w) => {
      const peer = await open(w);
      for (const text of ["ping", " ping", "ping\n", "\t ping \r\n"]) {
        const before = peer.texts.length;
        peer.send(text);
        expect(await peer.next()).toEqual({ type: "text", text: "pong" });
        expect(peer.texts.slice(before)).toEqual(["pong"]);
      }
    });

    for (const [what, text] of Object.entries(BAD_JSON)) {
      it(`[F2] ${side}: ${what} is bad_json, and the connection stays`, async (w) => {
        const peer = await open(w);
        peer.send(text);
        expect(await peer.next()).toMatchObject({ type: "error", code: "bad_json", message: expect.any(String) });
        await peer.none();
      });
    }

    for (const [what, text] of Object.entries(BAD_FRAME)) {
      it(`[F2] ${side}: ${what} is bad_frame, and the connection stays`, async (w) => {
        const peer = await open(w);
        peer.send(text);
        expect(await peer.next()).toMatchObject({ type: "error", code: "bad_frame", message: expect.any(String) });
        await peer.none();
      });
    }

    it(`[F2] ${side}: a type that this direction does not have is unknown_type`, async (w) => {
      for (const type of ["nonsense", "ping", "welcome", side === "device" ? "watch" : "telemetry", "constructor"]) {
        const peer = await open(w);
        peer.send({ type });
        expect(await peer.next(), type).toMatchObject({ type: "error", code: "unknown_type" });
        await peer.none();
      }
    });

    it(`[F2] ${side}: 33 and 30,000 levels are bad_json, in objects, arrays and envelopes`, async (w) => {
      const texts = [deep(33), deep(30_000), "[".repeat(30_000), '{"type":'.repeat(8_000)];
      for (const text of texts) {
        const peer = await open(w);
        peer.send(text);
        expect(await peer.next()).toMatchObject({ type: "error", code: "bad_json" });
        await peer.none();
        await peer.close();
      }
    });

    it(`[F3] ${side}: the tenth bad_json or bad_frame within a minute closes with 4505, the ninth does not`, async (w) => {
      const peer = await open(w);
      for (let at = 0; at < 9; at++) peer.send(at % 2 ? "not json" : "[]");
      expect((await peer.drain()).every((frame) => frame.type === "error")).toBe(true);
      peer.send("{}");
      expect((await peer.closed).code).toBe(4505);
    });

    it(`[F3] ${side}: what comes behind the tenth does not hide the code`, async (w) => {
      const peer = await open(w);
      for (let at = 0; at < 40; at++) peer.send("{");
      expect((await peer.closed).code).toBe(4505);
      expect(peer.frames.filter(({ type }) => type !== "welcome").length).toBeLessThanOrEqual(10);
    });

    it(`[F3] ${side}: nor what goes on fifty times a second`, async (w) => {
      const peers = await Promise.all(Array.from({ length: 8 }, () => open(w)));
      const codes = await Promise.all(peers.map(async (peer) => {
        const sending = setInterval(() => peer.send("{"), 20);
        const { code } = await peer.closed;
        clearInterval(sending);
        return code;
      }));
      // A busy machine lets two come in one go now and then.
      expect(codes.filter((code) => code === 4505).length, String(codes)).toBeGreaterThanOrEqual(6);
    });

    it(`[F4] ${side}: nor what comes behind a frame that is too big, or binary`, async (w) => {
      for (const [frame, code] of [["x".repeat(65_537), 1009], [new Uint8Array(3), 1003]] as const) {
        const peer = await open(w);
        peer.send(frame);
        for (let at = 0; at < 20; at++) peer.send({ type: "nonsense" });
        expect((await peer.closed).code).toBe(code);
      }
    });

    it(`[F3] ${side}: no other fault counts`, async (w) => {
      const peer = await open(w);
      for (let at = 0; at < 15; at++) peer.send({ type: "nonsense" });
      for (let at = 0; at < 15; at++) {
        if (side === "device") peer.send({ type: "telemetry", data: { temperature: "warm" } });
        else peer.send({ type: "watch", id: "w", device: w.id() });
      }
      await peer.drain();
      await peer.none();
    });

    it(`[F4] ${side}: 65,537 bytes of text close with 1009`, async (w) => {
      const peer = await open(w);
      peer.send('{"type":"nonsense"}'.padEnd(65_537));
      expect((await peer.closed).code).toBe(1009);
    });

    it(`[F4] ${side}: sizes are bytes of UTF-8, not characters`, async (w) => {
      const peer = await open(w);
      peer.send(JSON.stringify({ type: "nonsense", text: "€".repeat(22_000) }));
      expect((await peer.closed).code).toBe(1009);
    });

    it(`[F4] ${side}: 65,536 bytes are taken`, async (w) => {
      const peer = await open(w);
      peer.send('{"type":"nonsense"}'.padEnd(65_536));
      expect(await peer.next()).toMatchObject({ type: "error", code: "unknown_type" });
      await peer.none();
    });

    it(`[F4] ${side}: a binary frame closes with 1003`, async (w) => {
      const peer = await open(w);
      peer.send(new TextEncoder().encode('{"type":"telemetry","data":{}}'));
      expect((await peer.closed).code).toBe(1003);
    });
  }

  it("[F5] unknown envelope keys of a device are ignored, __proto__ too", async (w) => {
    const device = await w.device("env-sensor");
    device.send('{"type":"telemetry","colour":"red","__proto__":{"seq":"x"},"data":{"temperature":20.25}}');
    await device.none();
    expect((await w.show(device.id)).telemetry.temperature).toMatchObject({ value: 20.25 });
  });

  for (const key of ["child", "device"]) {
    it(`[F5] the reserved key ${key} is bad_frame and nothing is stored`, async (w) => {
      const device = await w.device("env-sensor");
      device.send({ type: "telemetry", [key]: "x", data: { temperature: 20 } });
      expect(await device.next()).toMatchObject({ type: "error", code: "bad_frame", pointer: `#/${key}` });
      expect((await w.show(device.id)).telemetry).toEqual({});
    });
  }

  it("[F5] an operator's unknown key is refused with a pointer", async (w) => {
    const operator = await w.operator();
    operator.send({ type: "watch", id: "1", colour: "red" });
    const reply = await operator.next();
    expect(reply).toMatchObject({ type: "reply", id: "1", ok: false });
    expect(reply.error).toMatchObject({ code: "bad_frame", pointer: "#/colour", retryable: false });
    await operator.none();
  });

  it("[F5] __proto__ inside data, reported and params is refused where the kind decides", async (w) => {
    const device = await w.device("thermostat");
    device.send('{"type":"telemetry","seq":1,"data":{"__proto__":{"temperature":1}}}');
    expect(await device.next()).toMatchObject({ code: "invalid_telemetry", seq: 1, pointer: "#/data/__proto__" });
    device.send('{"type":"state","seq":2,"reported":{"__proto__":{"target":20}}}');
    const refused = await device.next((frame) => frame.type === "error");
    expect(refused).toMatchObject({ code: "invalid_state", seq: 2, pointer: "#/reported/__proto__" });
    const body = '{"name":"set_target","params":{"target":20,"__proto__":{"x":1}}}';
    const answer = await w.admin.post(`/api/v1/devices/${device.id}/commands`, body);
    expect(answer.status, answer.text).toBe(422);
    expect(answer.body).toMatchObject({ code: "invalid_params", errors: [{ pointer: "#/params/__proto__" }] });
    const { telemetry, reported } = await w.show(device.id);
    expect({ telemetry, reported }).toEqual({ telemetry: {}, reported: {} });
  });

  it("[F7] before a hello raises it, no frame to a device has more than 1,024 bytes", async (w) => {
    const device = await w.device("env-sensor");
    device.send({ type: "telemetry", seq: 1, data: { ["ä".repeat(20_000)]: 1 } });
    const error = await device.next("error");
    expect(error).toMatchObject({ code: "invalid_telemetry", of: "telemetry", seq: 1 });
    for (const text of device.texts) expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(1_024);
  });

  it("[F7] a welcome names the protocol, the device, the time, the heartbeat and the limits", async (w) => {
    const { welcome, id } = await w.device("env-sensor");
    expect(welcome).toEqual({
      type: "welcome",
      protocol: 1,
      device: id,
      time: expect.any(Number),
      heartbeat: 30,
      limits: { maxFrame: 65_536, rate: expect.any(Number), burst: expect.any(Number), maxBlob: 4_194_304 },
      desired: { version: 0, state: {} },
    });
    expect(Math.abs(welcome.time - Date.now())).toBeLessThan(10_000);
  });

  it("[F10] an error that carries a seq is never left out", async (w) => {
    const device = await w.device("env-sensor");
    for (let seq = 1; seq <= 6; seq++) device.send({ type: "telemetry", seq, data: { temperature: "warm" } });
    for (let seq = 1; seq <= 6; seq++) {
      expect(await device.next("error")).toMatchObject({ code: "invalid_telemetry", of: "telemetry", seq });
    }
  });

  it("[F10] others go out at most once a second, and say how many were left out", async (w) => {
    const device = await w.device("env-sensor");
    for (let at = 0; at < 6; at++) device.send({ type: "telemetry", data: { temperature: "warm" } });
    expect((await device.drain()).filter((frame) => frame.type === "error")).toHaveLength(1);
    await w.until(async () => {
      device.send({ type: "telemetry", data: { temperature: "warm" } });
      return (await device.drain()).length;
    }, (errors) => errors > 0);
    const [first, second] = device.frames.filter((frame) => frame.type === "error");
    expect(first.more ?? 0).toBe(0);
    expect(second.more).toBeGreaterThanOrEqual(5);
    expect(second.arrived - first.arrived).toBeGreaterThan(900);
  });

  it("[F9] what is over the burst is refused with rate_limited, and the connection stays", async (w) => {
    const device = await w.device("env-sensor");
    const refused = await flooded(device, () => ({ type: "telemetry", data: { temperature: 20 } }));
    expect(refused).toMatchObject({ type: "error", of: "telemetry" });
    await device.drain();
    await device.none((frame) => frame.type !== "error");
  });

  it("[F4] a text in fragments, with a protocol ping between them, is one frame", async (w) => {
    const made = await w.make("env-sensor");
    const socket = await raw(w.url, "/device", { headers: bearer(made.token) });
    expect(socket.status).toBe(101);
    await socket.next();
    socket.send(frame(TEXT, '{"type":"nons', { fin: false }));
    socket.send(frame(PING, "are you there"));
    socket.send(frame(CONTINUATION, 'ense"}'));
    const answers = [await socket.next(), await socket.next()];
    socket.end();
    expect(answers.find((answer) => answer?.opcode === PONG)?.text).toBe("are you there");
    const text = answers.find((answer) => answer?.opcode === TEXT);
    expect(text?.fin).toBe(true);
    expect(JSON.parse(text!.text)).toMatchObject({ type: "error", code: "unknown_type" });
  });

  it("[Z] invalid UTF-8 in a text frame closes with 1007", async (w) => {
    const made = await w.make("env-sensor");
    const socket = await raw(w.url, "/device", { headers: bearer(made.token) });
    await socket.next();
    socket.send(frame(TEXT, Uint8Array.of(0x22, 0xff, 0x22)));
    const answer = await socket.next();
    socket.end();
    expect(answer).toMatchObject({ opcode: CLOSE, code: 1007 });
  }, { deviation: "bad_utf8" });

  it("[Z] an unmasked frame is a protocol error", async (w) => {
    const made = await w.make("env-sensor");
    const socket = await raw(w.url, "/device", { headers: bearer(made.token) });
    await socket.next();
    socket.send(frame(TEXT, "ping", { masked: false }));
    const answer = await socket.next();
    socket.end();
    expect(answer).toMatchObject({ opcode: CLOSE, code: 1002 });
  }, { deviation: "unmasked" });
});
