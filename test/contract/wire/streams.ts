/** Server-sent events: the fleet as a stream that any HTTP client reads. */
import { expect } from "vitest";
import { bearer } from "../../support/client.ts";
import type { ServerSent } from "../../support/event_source.ts";
import { expectProblem, section, type World } from "./world.ts";

/** The same tag for each, which nobody else's query finds. */
async function tagged(w: World, ...kinds: string[]) {
  const tag = w.id("stream");
  const made = [];
  for (const kind of kinds) made.push(await w.make(kind, { id: `${tag}-${made.length}`, tags: [tag] }));
  return { made, q: `q=tag:${tag}` };
}

const of = (type: string, holds: (data: ServerSent["data"]) => unknown = () => true) => ({ event, data }: ServerSent) =>
  event === type && Boolean(holds(data));

export const streams = section("stream", (it) => {
  it("[R7, R8, R9] begins with a snapshot of what the query finds, then tells each change in a line", async (w) => {
    const { made: [roof, other], q } = await tagged(w, "env-sensor", "relay");
    const stream = await w.stream(q);
    const { headers } = stream.response;
    expect(headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(headers.get("cache-control")).toMatch(/no-store/);
    expect(headers.get("x-accel-buffering")).toBe("no");
    const snapshot = await stream.next(of("snapshot"));
    expect(snapshot).toMatchObject({ id: "1", data: { type: "snapshot", watch: "stream", revision: 1, total: 2 } });
    expect(snapshot.data.devices).toEqual([await w.show(roof.id), await w.show(other.id)]);
    expect(stream.text).toMatch(/^retry: \d{4}\n\nevent: snapshot\nid: 1\ndata: \{/);
    const device = await w.connect(roof);
    device.send({ type: "telemetry", data: { temperature: 21.5 } });
    const { id, data } = await stream.next(of("changes", (data) => data.devices[roof.id]?.telemetry));
    expect(data.devices[roof.id].telemetry.temperature.value).toBe(21.5);
    expect(id).toBe(String(data.revision));
    expect(Object.keys(data.devices)).toEqual([roof.id]);
  });

  it("[R8] tells the events and the outcomes of commands of what the query finds, and of nothing else", async (w) => {
    const { made, q } = await tagged(w, "camera", "relay");
    const [camera, relay] = [await w.connect(made[0]), await w.connect(made[1])];
    const stranger = await w.device("camera");
    const stream = await w.stream(`${q}&include=events,commands`);
    stranger.send({ type: "event", name: "motion", data: { level: 1 } });
    await stranger.none();
    camera.send({ type: "event", name: "motion", data: { level: 2 } });
    expect((await stream.next(of("event"))).data).toMatchObject({
      device: camera.id,
      name: "motion",
      data: { level: 2 },
    });
    const { body } = await w.command(relay.id, "toggle");
    await relay.next("command");
    relay.send({ type: "result", id: body.id, ok: true });
    const { data, id } = await stream.next(of("command"));
    expect([data.command, id]).toEqual([await w.record(body.id), undefined]);
    expect(stream.events.map(({ event }) => event)).toEqual(["event", "command"]);
  });

  it("[R7, O2] window, order, fields and rate", async (w) => {
    const { made, q } = await tagged(w, "relay", "relay", "relay");
    const stream = await w.stream(`${q}&sort=-id&from=1&limit=1&fields=name,power&rate=1`);
    const { data } = await stream.next(of("snapshot"));
    expect(data).toMatchObject({ total: 3, devices: [{ id: made[1].id, name: made[1].id }] });
    expect(Object.keys(data.devices[0])).toEqual(["id", "name"]);
  });

  it("[R7, R2] what is wrong is a problem before anything is streamed", async (w) => {
    const { token } = await w.make("relay");
    const viewer = w.rest((await w.newOperator("viewer")).token);
    expectProblem(await w.rest().get("/api/v1/stream"), 401, "unauthenticated");
    expectProblem(await w.rest(token).get("/api/v1/stream"), 403, "forbidden");
    for (const query of ["q=colour:red", "limit=501", "rate=0", "include=frames"]) {
      expectProblem(await viewer.get(`/api/v1/stream?${query}`), 400, "bad_request");
    }
    expectProblem(await viewer.post("/api/v1/stream"), 405, "bad_request");
    const head = await viewer.call("HEAD", "/api/v1/stream");
    expect([head.status, head.headers.get("content-type"), head.text]).toEqual([200, "text/event-stream", ""]);
  });

  it("[R7, I8] a session opens it, and signing out ends it", async (w) => {
    const { token } = await w.newOperator("viewer");
    const signed = await w.rest().post("/api/v1/session", { token });
    const Cookie = signed.headers.get("set-cookie")!.split(";")[0];
    const stream = await w.stream("include=events", { Cookie });
    const headers = { Cookie, Origin: new URL(w.url).origin, "Content-Type": "application/json" };
    const out = await w.rest().delete("/api/v1/session", headers);
    expect(out.status, out.text).toBe(204);
    expect((await stream.next(of("end"))).data).toEqual({ type: "end", code: 4500, name: "signed_out" });
    await stream.ended;
  });

  it("[R11, I5] revoking its token ends it at once", async (w) => {
    const { id, token } = await w.newOperator("viewer");
    const stream = await w.stream("include=events", bearer(token));
    await stream.until((text) => text.startsWith("retry:"));
    expect((await w.admin.delete(`/api/v1/tokens/${id}`)).status).toBe(204);
    expect((await stream.next(of("end"))).data).toEqual({ type: "end", code: 4501, name: "revoked" });
    await stream.ended;
    expectProblem(await w.rest(token).get("/api/v1/stream"), 401, "unauthenticated");
  });

  it("[R10] a comment comes within twenty seconds, so that nobody on the way takes it for dead", async (w) => {
    const stream = await w.stream("include=events");
    await stream.until((text) => text.includes("\n\n: ping\n\n"), 25_000);
  }, { timeoutMs: 40_000 });
});
