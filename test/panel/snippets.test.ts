import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { sampleOf } from "../../src/panel/form/sample.ts";
import { snippetsOf } from "../../src/panel/words/snippets.ts";

const given = (origin: string) => ({
  origin,
  id: "roof",
  kind: "env-sensor",
  token: "roof.4fzdx7n2zprxw2atk1gq",
  heartbeat: 20,
  sample: { temperature: 21.5, note: 'it\'s "warm"', on: true },
});
const textOf = (origin: string, id: string) => snippetsOf(given(origin)).find((snippet) => snippet.id === id)!.text;

describe("programs to paste", () => {
  it.each(KINDS.map((kind) => [kind.name, kind] as const))("the sample of %s fits its kind", (_, kind) => {
    const sample = sampleOf(kindDocument(kind));
    expect(Object.keys(sample).length).toBeGreaterThan(0);
    expect(kind.check.telemetry(sample, [])).toEqual({ ok: true, value: sample });
  });

  it("carry the token, and the hub's address wherever it is", () => {
    const snippets = snippetsOf(given("https://hub.example"));
    expect(snippets).toHaveLength(11);
    for (const { title, text } of snippets) {
      expect(text, title).toContain(given("").token);
      expect(text, title).toContain("hub.example");
      expect(text, title).not.toMatch(/ws:|http:|undefined/);
    }
  });

  it("the browser's program connects by the two subprotocols and sends the sample [H3]", () => {
    const sockets: Socket[] = [];
    class Socket {
      readonly sent: string[] = [];
      readonly url: string;
      readonly protocols: string[];
      onopen = () => {};
      constructor(url: string, protocols: string[]) {
        this.url = url;
        this.protocols = protocols;
        sockets.push(this);
      }
      send(text: string) {
        this.sent.push(text);
      }
    }
    const run = new Function("WebSocket", "setInterval", textOf("http://localhost:8000", "javascript"));
    run(Socket, () => 1);
    const [socket] = sockets;
    socket.onopen();
    expect(socket.url).toBe("ws://localhost:8000/device");
    expect(socket.protocols).toEqual(["signalbox.v1", `signalbox.token.${given("").token}`]);
    expect(socket.sent.map((text) => JSON.parse(text))).toEqual([{ type: "telemetry", data: given("").sample }]);
  });

  it("[M4, M6] the program for MQTT connects as the device, subscribes to what is its own and publishes the sample", () => {
    const done: unknown[] = [];
    const heard = new Map<string, () => void>();
    const client = {
      on: (event: string, act: () => void) => heard.set(event, act),
      subscribe: (filter: string, { qos }: { qos: number }) => done.push([filter, qos]),
      publish: (topic: string, payload: string, { qos }: { qos: number }) =>
        done.push([topic, JSON.parse(payload), qos]),
    };
    const connect = (url: string, options: object) => (done.push([url, options]), client);
    const text = textOf("http://localhost:8000", "mqtt").replace(/^import .*;\n/, "");
    new Function("mqtt", "setInterval", text)({ connect }, () => 1);
    heard.get("connect")!();
    expect(done).toEqual([
      ["ws://localhost:8000/mqtt", { protocolVersion: 5, username: "roof", password: given("").token }],
      ["devices/roof/#", 1],
      ["devices/roof/telemetry", { data: given("").sample }, 1],
    ]);
  });

  it("what goes into a shell is quoted, and websocat's header comes last", () => {
    const text = textOf("http://localhost:8000", "websocat");
    expect(text).toContain(
      String.raw`'{"type":"telemetry","data":{"temperature":21.5,"note":"it'\''s \"warm\"","on":true}}'`,
    );
    expect(text).toMatch(/ws:\/\/localhost:8000\/device -H='Authorization: Bearer [^']+'$/);
  });

  it("Python gets Python's words for true and false", () => {
    expect(textOf("http://localhost:8000", "python")).toContain(`"on": True}`);
  });

  it("Python's program connects by the two subprotocols, which every version of its library can say [H3]", () => {
    const text = textOf("http://localhost:8000", "python");
    expect(text).toContain(`PROTOCOLS = ["signalbox.v1", "signalbox.token." + "${given("").token}"]`);
    expect(text).not.toMatch(/headers/i);
  });

  it("a string of C, of Python and of Rust holds the frame, and TLS is asked for only where there is any", () => {
    const frame = JSON.stringify({ type: "telemetry", data: given("").sample });
    const [http, https] = ["http://localhost:8000", "https://hub.example"];
    for (const [id, begin] of [["esp-idf", "SAMPLE = "], ["micropython", "SAMPLE = "]]) {
      const text = textOf(http, id);
      const from = text.indexOf(begin) + begin.length;
      expect(JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(text.slice(from))![0])).toBe(frame);
    }
    expect(textOf(http, "rust")).toContain(`r#"${frame}"#`);
    expect(textOf(http, "esp-idf")).toContain(`.uri = "ws://localhost:8000/device"`);
    expect(textOf(http, "esp-idf")).not.toContain("crt_bundle");
    expect(textOf(https, "esp-idf")).toContain(".crt_bundle_attach = esp_crt_bundle_attach,");
  });

  it.each(["esp32", "esp-idf", "micropython"])(
    "[P3] a board of %s promises signs of life, and is told what that asks of it",
    (id) => {
      const text = textOf("http://localhost:8000", id);
      expect(text.indexOf('"ping"')).toBeGreaterThan(text.indexOf("missed after 30 s"));
      expect(text).toMatch(/(\/\/|#) Who has said ping/);
    },
  );

  it("the board is told its own port, TLS or none, and what localhost means", () => {
    expect(textOf("http://localhost:8000", "esp32")).toContain(
      `socket.begin("localhost", 8000, "/device", "signalbox.v1")`,
    );
    expect(textOf("https://hub.example", "esp32")).toContain(`socket.beginSSL("hub.example", 443, "/device"`);
    const hints = (origin: string) => snippetsOf(given(origin)).find(({ id }) => id === "esp32")!.hint;
    expect(hints("http://localhost:8000")).toContain("localhost is this computer");
    expect(hints("http://192.168.1.4:8000")).not.toContain("this computer");
  });
});
