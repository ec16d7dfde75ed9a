import { describe, expect, it } from "vitest";
import { kinds, names, person } from "./crane.ts";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const send = (box: Signalbox, name: string, more: { params?: object; ttl?: number; device?: string } = {}): string =>
  box.ask("send_command", { device: "press", name, params: {}, ttl: 60, ...more } as never).id;
const ids = (device: Peer): string[] => device.all("command").map(({ id }) => id);
const succeed = (device: Peer, id: string) => device.send({ type: "result", id, ok: true });

describe.each(LIVES)("commands in flight at once, $life", ({ isForgetful }) => {
  const open = () => {
    const box = signalbox({ kinds, isForgetful });
    return { box, device: box.device("press", "press") };
  };

  it("[C5, K8] as many as the kind says, in the order of acceptance, whichever is answered first", () => {
    const { box, device } = open();
    const all = Array.from({ length: 6 }, () => send(box, "punch"));
    expect(ids(device)).toEqual(all.slice(0, 3));
    succeed(device, all[1]);
    expect(ids(device)).toEqual([all[3]]);
    device.send({ type: "received", id: all[0] });
    device.send({ type: "progress", id: all[0], percent: 1 });
    expect(ids(device)).toEqual([]);
    for (const id of [all[0], all[2]]) succeed(device, id);
    expect(ids(device)).toEqual(all.slice(4));
  });

  it("[C5, case 41] fifty from five operators to a slow device: in order; the next is queue_full and leaves a record", () => {
    const { box, device } = open();
    const people = Array.from({ length: 5 }, (_, at) => person(box, `P${at}`));
    const ask = (at: number) =>
      people[at % 5].peer.ask({ type: "command", device: "press", name: "punch", params: {}, ttl: 60 });
    const accepted = Array.from({ length: 53 }, (_, at) => ask(at).value.id as string);
    const refused = ask(53).error;
    expect(refused).toMatchObject({ code: "queue_full", retryable: true });
    expect(box.record(refused.command)).toMatchObject({ status: "rejected", error: { code: "queue_full" } });
    const seen: string[] = [];
    for (const id of accepted) {
      seen.push(...ids(device));
      succeed(device, id);
    }
    expect(seen).toEqual(accepted);
    expect(names(device)).toEqual([]);
  });

  it("[C5] stop has a lane of its own, also when the others are full, and one at a time in it", () => {
    const { box, device } = open();
    for (let at = 0; at < 53; at++) send(box, "punch");
    names(device);
    const [first, second] = [send(box, "stop"), send(box, "stop")];
    expect(ids(device)).toEqual([first]);
    succeed(device, first);
    expect(ids(device)).toEqual([second]);
  });

  it("[C5] cancel waits for nothing", () => {
    const { box, device } = open();
    const all = Array.from({ length: 5 }, () => send(box, "punch"));
    names(device);
    for (const id of [all[2], all[3], all[0]]) box.ask("cancel_command", { command: id });
    expect(device.frames).toEqual([{ type: "cancel", id: all[2] }, { type: "cancel", id: all[0] }]);
    expect(box.record(all[3]).status).toBe("cancelled");
  });

  it("[C5, C7, C8] what went over a connection that is gone and does not go again holds nothing up", () => {
    const { box, device } = open();
    const once = send(box, "punch");
    const sets = [1, 2].map((to) => send(box, "set_pressure", { params: { to } }));
    box.ask("cancel_command", { command: sets[1] });
    const waiting = Array.from({ length: 3 }, () => send(box, "punch"));
    expect(ids(device)).toEqual([once, ...sets]);
    device.drop();
    const again = box.device("press");
    // Nobody knows yet what it still works on, and what may have to go again is before what waits.
    expect(ids(again)).toEqual([]);
    again.send({ type: "hello" });
    // The first of the sets was superseded by the second, which was cancelled.
    expect(again.all("cancel")).toEqual([{ type: "cancel", id: sets[1] }]);
    expect(ids(again)).toEqual(waiting);
    expect(box.record(once).status).toBe("unknown");
  });

  it("[C5, C15] what the device says that it still works on takes its place", () => {
    const { box, device } = open();
    const looks = Array.from({ length: 3 }, () => send(box, "look"));
    const waiting = Array.from({ length: 2 }, () => send(box, "look"));
    device.drop();
    const again = box.device("press");
    again.send({ type: "hello", commands: [looks[0], looks[2]] });
    expect(again.all("command").map(({ id, attempt }) => [id, attempt])).toEqual([[looks[1], 2]]);
    succeed(again, looks[0]);
    expect(ids(again)).toEqual([waiting[0]]);
  });

  it("[C8, C5] what goes again goes in its order, before what was accepted later", () => {
    const { box, device } = open();
    const first = [send(box, "look"), send(box, "set_pressure", { params: { to: 1 } })];
    device.drop();
    const later = send(box, "look");
    const again = box.device("press");
    expect(ids(again)).toEqual([]);
    box.advance(500);
    expect(ids(again)).toEqual([...first, later]);
  });

  it("[C17, case 42] a set that is overtaken while it waits is superseded, and never sent", () => {
    const { box, device } = open();
    for (let at = 0; at < 3; at++) send(box, "punch");
    const [v7, v8] = [7, 8].map((to) => send(box, "set_pressure", { params: { to } }));
    expect(box.record(v7)).toMatchObject({ status: "superseded", error: { code: "superseded" } });
    const [first] = ids(device);
    succeed(device, first);
    expect(device.all("command")).toMatchObject([{ id: v8, params: { to: 8 } }]);
  });

  it("[C3, C5] one that expires in the queue makes room, and goes nowhere", () => {
    const { box, device } = open();
    for (let at = 0; at < 3; at++) send(box, "punch", { ttl: 60 });
    const short = send(box, "punch", { ttl: 1 });
    const long = send(box, "punch", { ttl: 60 });
    const [first] = ids(device);
    box.advance(1_000);
    expect(box.record(short).status).toBe("expired");
    succeed(device, first);
    expect(ids(device)).toEqual([long]);
  });

  it("[C9, C5] one that is not answered in time makes room too", () => {
    const { box, device } = open();
    const all = Array.from({ length: 4 }, () => send(box, "punch"));
    names(device);
    box.advance(10_000);
    expect(box.record(all[0]).status).toBe("unknown");
    expect(ids(device)).toEqual([all[3]]);
  });

  it("[C16, case 43] a result that crosses a cancel decides; after it the cancel is a conflict", () => {
    const { box, device } = open();
    const [done, stopped] = [send(box, "punch"), send(box, "punch")];
    box.ask("cancel_command", { command: done });
    succeed(device, done);
    box.ask("cancel_command", { command: stopped });
    device.send({ type: "result", id: stopped, ok: false, error: { code: "cancelled", message: "" } });
    expect([done, stopped].map((id) => box.record(id).status)).toEqual(["succeeded", "cancelled"]);
    for (const command of [done, stopped]) {
      expect(box.call("cancel_command", { command })).toMatchObject({ fault: { code: "conflict" } });
    }
  });
});
