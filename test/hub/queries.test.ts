/** What lists, watches, jobs and stops find by fields, by silence and by who steers [O10, O12, O13, O15, O17]. */
import { describe, expect, it } from "vitest";
import { emergency, lease, site } from "./crane.ts";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const found = (box: Signalbox, q: string) => box.ask("list_devices", { q }).items.map(({ id }) => id);

/** What whoever watches has in the window by now, and how many frames said so. */
function shown(peer: Peer) {
  let ids: string[] = [];
  for (const frame of peer.frames) {
    if (frame.type === "snapshot") ids = frame.devices.map(({ id }: { id: string }) => id);
    if (frame.type === "changes") ids = frame.order ?? ids;
  }
  return ids;
}

describe.each(LIVES)("queries, $life", ({ isForgetful }) => {
  it("[O12] a field decides at once who is in a list and in a watch", () => {
    const box = signalbox({ isForgetful });
    const [roof, hall] = ["roof", "hall"].map((id) => box.device(id, "env-sensor"));
    const lamp = box.device("lamp");
    const ann = box.operator();
    expect(ann.ask({ type: "watch", query: "temperature>25" }).ok).toBe(true);
    const measure = (peer: Peer, temperature: number) => {
      peer.send({ type: "telemetry", data: { temperature } });
      box.advance(1_000);
    };
    expect(shown(ann)).toEqual([]);
    measure(roof, 26);
    measure(hall, 25);
    lamp.send({ type: "state", reported: { on: true } });
    expect(shown(ann)).toEqual(["roof"]);
    expect(found(box, "temperature<=25")).toEqual(["hall"]);
    expect(found(box, "-temperature>25")).toEqual(["hall", "lamp"]);
    expect(found(box, "on=true")).toEqual(["lamp"]);
    measure(roof, 24);
    measure(hall, 25.1);
    expect(shown(ann)).toEqual(["hall"]);
    expect(found(box, "temperature>25")).toEqual(["hall"]);
  });

  it("[O13] a watch is told within ten seconds who was silent for too long, and who is back", () => {
    const box = signalbox({ isForgetful });
    const lamp = box.device("lamp");
    box.enroll("new", "relay");
    const [silent, recent] = [box.operator(), box.operator()];
    silent.ask({ type: "watch", query: "seen:>1m" });
    recent.ask({ type: "watch", query: "kind:relay -seen:never -seen:>1m" });
    const both = () => [shown(silent), shown(recent)];
    expect(both()).toEqual([[], ["lamp"]]);
    box.advance(60_000);
    expect(both()).toEqual([[], ["lamp"]]);
    expect(found(box, "seen:<1m")).toEqual([]);
    box.advance(1);
    expect(found(box, "seen:>1m")).toEqual(["lamp"]);
    box.advance(10_000);
    expect(both()).toEqual([["lamp"], []]);
    expect(box.view("lamp").presence).toBe("online");
    // The runtime answers a ping by itself, and wakes nobody.
    lamp.pingedAt = box.now;
    box.advance(10_000);
    expect(both()).toEqual([[], ["lamp"]]);
    lamp.text("ping");
    box.advance(70_000);
    expect(both()).toEqual([["lamp"], []]);
    expect(found(box, "seen:never")).toEqual(["new"]);
  });

  it("[O15] a watch of who is new is told who is, and who is not any more", () => {
    const box = signalbox({ isForgetful });
    box.enroll("old", "relay");
    box.advance(3_600_000);
    const ann = box.operator();
    ann.ask({ type: "watch", query: "created:<1h" });
    expect([shown(ann), found(box, "created:>1h")]).toEqual([[], []]);
    box.enroll("new", "relay");
    box.advance(1_000);
    expect([shown(ann), found(box, "created:>1h")]).toEqual([["new"], ["old"]]);
    box.advance(3_600_000 + 10_000);
    expect([shown(ann), found(box, "created:<1h")]).toEqual([[], []]);
  });

  it("[O17] a watch of a firmware is told who has it, and who has another", () => {
    const box = signalbox({ isForgetful });
    const lamp = box.device("lamp");
    const ann = box.operator();
    ann.ask({ type: "watch", query: "firmware:1.4*" });
    expect(shown(ann)).toEqual([]);
    lamp.send({ type: "hello", firmware: "1.4.2" });
    box.advance(1_000);
    expect([shown(ann), found(box, "firmware:1.4.2")]).toEqual([["lamp"], ["lamp"]]);
    lamp.send({ type: "telemetry", data: { firmware: "1.5.0" } });
    box.advance(1_000);
    expect([shown(ann), found(box, "-firmware:1.4*")]).toEqual([[], ["lamp"]]);
  });

  it("[O13] who is stopped and who is driven, in lists and watches; a lease that lapses takes a machine out", () => {
    const { box, ann, bob } = site({ isForgetful });
    bob.peer.ask({ type: "watch", query: "is:driven,stopped" });
    expect(shown(bob.peer)).toEqual([]);
    lease(ann);
    box.advance(1_000);
    expect([found(box, "is:driven"), found(box, "is:stopped"), shown(bob.peer)]).toEqual([["crane"], [], ["crane"]]);
    box.advance(25_000);
    expect([found(box, "is:driven"), shown(bob.peer)]).toEqual([[], []]);
    emergency(ann, "set");
    box.advance(1_000);
    expect([found(box, "is:driven"), found(box, "is:stopped"), shown(bob.peer)]).toEqual([[], ["crane"], ["crane"]]);
    expect(bob.peer.ask({ type: "estop", query: "is:stopped", action: "clear" }).value.devices).toEqual(["crane"]);
    box.advance(1_000);
    expect([found(box, "is:stopped"), shown(bob.peer)]).toEqual([[], []]);
  });

  it("[O10, O12] whoever gives a bad term hears which, and where it stood", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    const ann = box.operator();
    const query = "kind:relay power>much";
    const why = "power>much: a number comes after >, as in power>25";
    const fault = { code: "bad_request", message: `query: ${why}`, pointer: "#/query" };
    expect(ann.ask({ type: "watch", query }).error).toMatchObject(fault);
    expect(ann.ask({ type: "estop", query, action: "set" }).error).toMatchObject(fault);
    expect(box.view("lamp").estop).toBeNull();
    const job = { query, name: "set", params: { on: true }, rate: 1, stopAt: 1 };
    expect(box.call("start_job", job)).toMatchObject({ ok: false, fault });
    expect(box.call("list_devices", { q: query })).toMatchObject({
      ok: false,
      fault: { code: "bad_request", message: `q: ${why}`, pointer: "#/q" },
    });
  });
});

it("[O4, Z] a watch that a newer program cannot read ends its connection, and is not left standing", () => {
  const box = signalbox();
  const ann = box.operator();
  expect(ann.ask({ type: "watch", query: "kind:relay" }).ok).toBe(true);
  const { attachment } = ann;
  if (attachment?.sort !== "operator") throw new Error("no operator");
  ann.attachment = { ...attachment, watches: attachment.watches.map((watch) => ({ ...watch, query: "colour:red" })) };
  box.evict();
  expect(ann.closed?.code).toBe(4006);
});

describe("a watch that time changes", () => {
  it("[O13] costs no frame while nobody crosses the line", () => {
    const box = signalbox();
    box.device("lamp");
    box.enroll("new", "relay");
    const ann = box.operator();
    ann.ask({ type: "watch", query: "seen:>1m" });
    box.advance(70_000);
    expect(ann.all("changes")).toHaveLength(1);
    box.advance(100_000);
    expect(ann.all("changes")).toEqual([]);
  });
});
