import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { CommandRecord } from "../../src/protocol/record.ts";
import { hub } from "../../src/panel/live/connection.ts";
import { cancel, desire, forget, ledgerOf, mayRetry, readMore, retry, send } from "../../src/panel/live/ledger.ts";
import { settle } from "../device/fake.ts";
import type { FakeSocket } from "./fake.ts";
import { json, openPage, type Page, welcome } from "./page.ts";

let page: Page;
let socket: FakeSocket;
/** Every test has a device of its own: ledgers are kept for the life of the page. */
let device = "";
let devices = 0;

beforeAll(() => void (page = openPage()));
afterAll(() => void vi.unstubAllGlobals());
beforeEach(() => {
  device = `lamp-${++devices}`;
  page.answer = null;
  connect();
});
afterEach(() => hub.stop());

function connect() {
  hub.connect();
  socket = page.sockets[page.sockets.length - 1].socket;
  socket.open();
  socket.say(welcome(Date.now() + 60_000));
  socket.take();
}

const record = (id: string, more: Partial<CommandRecord> = {}): CommandRecord => ({
  id,
  device,
  name: "set",
  params: { on: true },
  effect: "set",
  status: "accepted",
  by: { id: "bob", name: "Bob" },
  createdAt: 1000,
  expiresAt: 11_000,
  ...more,
});

const tell = (...records: CommandRecord[]) => records.forEach((command) => socket.say({ type: "command", command }));
const ledger = () => ledgerOf(device).get();
const statuses = () => ledger().records.map(({ id, status }) => [id, status]);

const on = () => ({ device, name: "set", params: { on: true } });

/** Clicks, and lets the hub answer. */
async function clicked(wanted: Parameters<typeof send>[0], reply: (id: string) => object) {
  const sent = send(wanted);
  const frame = socket.takeOne("command");
  const { id } = frame;
  socket.say({ type: "reply", id, ...reply(id) });
  await sent;
  return frame;
}

describe("the records of a device", () => {
  it("[O7] follow what the hub tells, newest first, each once", () => {
    tell(record("c1", { createdAt: 1000 }), record("c3", { createdAt: 3000 }), record("c2", { createdAt: 3000 }));
    tell(record("c1", { createdAt: 1000, status: "sent", sentAt: 1100 }));
    expect(statuses()).toEqual([["c3", "accepted"], ["c2", "accepted"], ["c1", "sent"]]);
    expect(ledger().total).toBe(3);
    expect(ledgerOf("another").get().records).toEqual([]);
  });

  it("tell who looks at the device, and nobody else", () => {
    let told = 0;
    const letGo = ledgerOf(device).subscribe(() => told++);
    const other = ledgerOf("another").subscribe(() => told += 100);
    tell(record("c1"));
    expect(told).toBe(1);
    letGo();
    other();
    tell(record("c2"));
    expect(told).toBe(1);
  });

  it("[R3] are read page by page; what is known stays", async () => {
    tell(record("c9", { createdAt: 9000 }));
    page.answer = () =>
      json({ items: [record("c9", { createdAt: 9000 }), record("c8", { createdAt: 8000 })], next: "n", total: 7 });
    await readMore(device, null);
    expect(ledger()).toMatchObject({ next: "n", total: 7 });
    page.answer = () => json({ items: [record("c1", { createdAt: 1000 })], next: null, total: 7 });
    await readMore(device, "n");
    expect(statuses().map(([id]) => id)).toEqual(["c9", "c8", "c1"]);
    expect(ledger().next).toBeNull();
    expect(page.requests.slice(-2).map(({ path }) => path)).toEqual([
      `/api/v1/devices/${device}/commands?limit=20`,
      `/api/v1/devices/${device}/commands?limit=20&cursor=n`,
    ]);
  });

  const road: [string, Partial<CommandRecord>][] = [
    ["accepted", {}],
    ["sent", { status: "sent", sentAt: 1100, attempt: 1 }],
    ["received", { status: "received", sentAt: 1100, attempt: 1, receivedAt: 1200 }],
    ["at it", { status: "received", sentAt: 1100, attempt: 1, receivedAt: 1200, progress: { percent: 50, at: 1300 } }],
    ["sent again", {
      status: "received",
      sentAt: 1400,
      attempt: 2,
      receivedAt: 1200,
      progress: { percent: 50, at: 1300 },
    }],
    ["cancelling", { status: "received", sentAt: 1400, attempt: 2, receivedAt: 1200, cancelAt: 1450 }],
    ["unknown", { status: "unknown", sentAt: 1400, attempt: 2, receivedAt: 1200, cancelAt: 1450, finishedAt: 1500 }],
    ["late", { status: "unknown", sentAt: 1400, cancelAt: 1450, finishedAt: 1500, late: { at: 1600, ok: true } }],
  ];
  it.each(road.slice(1).map(([word, more], index) => [word, road[index][0], more, road[index][1]] as const))(
    "one that is %s stays so when an answer that was under way still says %s",
    async (_word, _before, now, before) => {
      tell(record("c1", now));
      page.answer = () => json({ items: [record("c1", before)], next: null, total: 1 });
      await readMore(device, null);
      expect(ledger().records).toEqual([record("c1", now)]);
      // The other way round the news count.
      tell(record("c2", before), record("c2", now));
      expect(ledger().records.find(({ id }) => id === "c2")).toEqual(record("c2", now));
    },
  );
});

describe("within one millisecond", () => {
  it.each(
    [
      ["sent", { status: "sent", sentAt: 1000 }],
      ["rejected", { status: "rejected", finishedAt: 1000 }],
    ] as const,
  )("%s is further than accepted", (status, more) => {
    tell(record("c1"), record("c1", more), record("c1"));
    expect(statuses()).toEqual([["c1", status]]);
  });
});

describe("what is asked here", () => {
  it("[C20] is there from the click on, with the key that its record will have", async () => {
    const sent = send(on());
    const { id, key, ...frame } = socket.takeOne("command");
    expect(frame).toEqual({ type: "command", ...on() });
    const [ask] = ledger().asks;
    expect(ask).toEqual({ ...on(), key, at: expect.any(Number), hadSecret: false });
    // On the hub's clock, as the records are.
    expect(Math.abs(ask.at - Date.now() - 60_000)).toBeLessThan(5000);
    socket.say({ type: "reply", id, ok: true, value: record("c1", { key }) });
    await sent;
    expect(ledger().asks).toEqual([{ ...ask, record: "c1" }]);
    expect(statuses()).toEqual([["c1", "accepted"]]);
  });

  it("[C19] a secret goes to the device, and is kept nowhere", async () => {
    const wanted = { device, name: "unlock", params: { pin: "4711", note: "me" }, secrets: ["pin"] };
    const frame = await clicked(wanted, () => ({ ok: true, value: record("c1") }));
    expect(frame.params).toEqual({ pin: "4711", note: "me" });
    expect(JSON.stringify(ledger())).not.toContain("4711");
    expect(ledger().asks).toMatchObject([{ params: { note: "me" }, hadSecret: true }]);
  });

  it("[C19] an optional secret that was not given leaves nothing to miss", async () => {
    await clicked({ device, name: "unlock", params: {}, secrets: ["pin"] }, () => ({ ok: true, value: record("c1") }));
    expect(ledger().asks).toMatchObject([{ hadSecret: false }]);
  });

  it("[C1] a refusal stays with it, and names the record that it left", async () => {
    const error = { code: "offline", message: "It is away.", retryable: true, command: "c7" };
    await clicked(on(), () => ({ ok: false, error }));
    expect(ledger().asks).toMatchObject([{ fault: error, record: "c7" }]);
    await clicked(on(), () => ({ ok: false, error: { code: "forbidden", message: "", retryable: false } }));
    expect(ledger().asks).toHaveLength(2);
    expect(ledger().asks[0]).not.toHaveProperty("record");
  });

  it("[A2.2] without a connection it says so at once, and is not sent later", async () => {
    hub.stop();
    await send(on());
    expect(ledger().asks).toMatchObject([{ fault: { code: "not_connected" } }]);
    connect();
    expect(socket.take()).toEqual([]);
  });

  it("[C20] without an answer it may be asked again with the same key: the same call does nothing twice", async () => {
    const sent = send(on());
    const first = socket.takeOne("command");
    hub.stop();
    await sent;
    expect(ledger().asks).toMatchObject([{ key: first.key, fault: { code: "no_answer" } }]);
    connect();
    const again = retry(ledger().asks[0]);
    const second = socket.takeOne("command");
    expect(second.key).toBe(first.key);
    expect(ledger().asks).toMatchObject([{ key: first.key }]);
    expect(ledger().asks[0].fault).toBeUndefined();
    socket.say({ type: "reply", id: second.id, ok: true, value: record("c1", { key: first.key }) });
    await again;
    expect(ledger().asks).toMatchObject([{ record: "c1" }]);
  });

  it("[C20] after a refusal it is another call, with a key of its own", async () => {
    await clicked(on(), () => ({ ok: false, error: { code: "offline", message: "", retryable: true } }));
    const [refused] = ledger().asks;
    void retry(refused);
    expect(socket.takeOne("command").key).not.toBe(refused.key);
    expect(ledger().asks).toHaveLength(2);
  });

  it("[C22] names the selection that it spends; only a call without an answer has it once more", async () => {
    const selected = { ...on(), select: "k7f2" };
    const frame = await clicked(
      selected,
      () => ({ ok: false, error: { code: "offline", message: "", retryable: true } }),
    );
    expect(frame).toMatchObject({ select: "k7f2" });
    expect(mayRetry(ledger().asks[0])).toBe(false);
    const sent = send(selected);
    hub.stop();
    await sent;
    connect();
    const [unheard] = ledger().asks;
    expect(mayRetry(unheard)).toBe(true);
    void retry(unheard);
    expect(socket.takeOne("command")).toMatchObject({ select: "k7f2", key: unheard.key });
  });

  it("[A2.6] pressed again while it is under way it is not sent, and its road says so", async () => {
    const now = Date.now() + 60_000;
    const fresh = record("c1", { createdAt: now, expiresAt: now + 60_000 });
    const first = await clicked(on(), () => ({ ok: true, value: fresh }));
    void send(on());
    expect(socket.take("command")).toEqual([]);
    expect(ledger().asks).toHaveLength(1);
    expect(ledger().again).toMatchObject({ key: first.key });
    void send({ ...on(), params: { on: false } });
    expect(socket.takeOne("command")).toMatchObject({ params: { on: false } });
    void send(on());
    expect(socket.takeOne("command")).toMatchObject({ params: { on: true } });
  });

  it("[A2.6] twice in one moment is once, before the hub could answer", () => {
    void send(on());
    void send(on());
    expect(socket.take("command")).toHaveLength(1);
  });

  it("[E4] a stop is never held back, whatever is under way", () => {
    const stop = { device, name: "stop", params: {} };
    void send(stop);
    void send(stop);
    expect(socket.take("command")).toHaveLength(2);
  });

  it("[A2.6] a wish that is being asked is not asked twice, and may be asked again later", async () => {
    const both = [desire(device, { on: true }), desire(device, { on: true })];
    const { id } = socket.takeOne("desire");
    socket.say({ type: "reply", id, ok: true, value: {} });
    await Promise.all(both);
    desire(device, { on: true }).catch(() => {});
    socket.takeOne("desire");
  });

  it("is forgotten when somebody says so", async () => {
    await clicked(on(), () => ({ ok: false, error: { code: "offline", message: "", retryable: true } }));
    forget(device, ledger().asks[0].key);
    expect(ledger().asks).toEqual([]);
  });

  it("[O7] cancel and desire are requests of their own", async () => {
    const answers = [cancel("c1"), desire(device, { on: null })];
    const [first, second] = socket.take();
    expect(first).toEqual({ type: "cancel", id: first.id, command: "c1" });
    expect(second).toEqual({ type: "desire", id: second.id, device, patch: { on: null } });
    socket.say({ type: "reply", id: first.id, ok: true, value: record("c1") });
    socket.say({ type: "reply", id: second.id, ok: true, value: { version: 2 } });
    expect(await Promise.all(answers)).toEqual([record("c1"), { version: 2 }]);
    await settle();
    expect(ledger().asks).toEqual([]);
  });
});
