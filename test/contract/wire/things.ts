/** A device as a Web Thing: a value, a wish and an action, each at an address of its own. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { expectProblem, section } from "./world.ts";

const property = (id: string, field: string) => `/api/v1/devices/${id}/properties/${field}`;
const action = (id: string, name: string) => `/api/v1/devices/${id}/actions/${name}`;

export const things = section("things", (it) => {
  it("[W1] a property is the bare last value, with when it was told", async (w) => {
    const device = await w.device("thermostat");
    device.send({ type: "telemetry", data: { temperature: 21.5, action: "heating" }, ago: 60 });
    device.send({ type: "state", reported: { target: 22 } });
    await device.none();
    const shown = await w.show(device.id);
    for (
      const [field, value, at] of [
        ["temperature", 21.5, shown.telemetry.temperature.at],
        ["action", "heating", shown.telemetry.action.at],
        ["target", 22, shown.reportedAt.target],
      ]
    ) {
      const answer = await w.admin.get(property(device.id, field));
      expect([answer.status, answer.body, answer.text], field).toEqual([200, value, JSON.stringify(value)]);
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      expect(Date.parse(answer.headers.get("last-modified")!)).toBe(Math.floor(at / 1000) * 1000);
    }
  });

  it("[W1] what was never told, was taken back or is no field is 404", async (w) => {
    const device = await w.device("thermostat");
    for (const field of ["temperature", "target", "colour", "toString", "__proto__"]) {
      expectProblem(await w.admin.get(property(device.id, field)), 404, "not_found");
    }
    device.send({ type: "state", reported: { target: 22 } });
    await device.none();
    expect((await w.admin.get(property(device.id, "target"))).body).toBe(22);
    device.send({ type: "state", reported: { target: null } });
    await device.none();
    expectProblem(await w.admin.get(property(device.id, "target")), 404, "not_found");
    expectProblem(await w.admin.get(property(w.id(), "target")), 404, "not_found");
  });

  it("[W2] writing a property desires that field and leaves the others", async (w) => {
    const device = await w.device("thermostat");
    await w.admin.patch(`/api/v1/devices/${device.id}/desired`, { mode: "heat" });
    await device.next("desired");
    const { status, headers, body } = await w.admin.put(property(device.id, "target"), 21.5);
    expect([status, headers.get("etag")]).toEqual([200, '"2"']);
    const pending = { state: "pending" };
    const standing = { mode: pending, target: pending };
    expect(body).toEqual({ version: 2, state: { mode: "heat", target: 21.5 }, applied: null, standing });
    expect(await device.next("desired")).toMatchObject({ version: 2, state: { mode: "heat", target: 21.5 } });
    expectProblem(await w.admin.get(property(device.id, "target")), 404, "not_found");

    const cleared = await w.admin.put(property(device.id, "target"), "null", { "If-Match": '"2"' });
    expect([cleared.status, cleared.body.state]).toEqual([200, { mode: "heat" }]);
    expectProblem(await w.admin.put(property(device.id, "target"), 20, { "If-Match": '"2"' }), 412, "conflict");
  });

  it("[W2] a bad wish is refused where it stands, and what is no state is 404", async (w) => {
    const device = await w.device("thermostat");
    for (const value of [31, '"warm"', "{}", "[]"]) {
      const answer = await w.admin.put(property(device.id, "target"), value);
      expectProblem(answer, 422, "invalid_state");
      expect(answer.body.errors).toEqual([{ pointer: "#", detail: expect.stringMatching(/./) }]);
    }
    expectProblem(await w.admin.put(property(device.id, "target"), "{"), 400, "bad_json");
    for (const field of ["temperature", "colour", "__proto__"]) {
      expectProblem(await w.admin.put(property(device.id, field), 20), 404, "not_found");
    }
    const lock = await w.make("lock");
    expectProblem(await w.admin.put(property(lock.id, "state"), '"unlocked"'), 422, "invalid_state");
    const viewer = await w.newOperator("viewer");
    expectProblem(await w.rest(viewer.token).put(property(device.id, "target"), 20), 403, "forbidden");
    await device.none();
  });

  it("[W3] an action takes the bare params and is answered like the command", async (w) => {
    const device = await w.device("thermostat");
    const { status, headers, body } = await w.admin.post(action(device.id, "set_target"), { target: 22 });
    expect([status, body.name, body.params]).toEqual([202, "set_target", { target: 22 }]);
    expect(body.expiresAt - body.createdAt).toBe(10_000);
    expect(new URL(headers.get("location")!, w.url).pathname).toBe(`/api/v1/commands/${body.id}`);
    const frame = await device.next("command");
    expect(frame).toMatchObject({ id: body.id, name: "set_target", params: { target: 22 } });
    device.send({ type: "result", id: frame.id, ok: true });
    await w.becomes(body.id, "succeeded");

    const waits = w.admin.post(action(device.id, "identify"), undefined, { Prefer: "wait=10" });
    const { id, params } = await device.next("command");
    expect(params).toEqual({});
    device.send({ type: "result", id, ok: false, error: { code: "busy", message: "Blinking already." } });
    const outcome = await waits;
    expect([outcome.status, outcome.headers.get("preference-applied")]).toEqual([200, "wait=10"]);
    expect(outcome.body).toMatchObject({ id, status: "failed", error: { code: "busy" } });
  });

  it("[W3, C20] a key is of the action and of its command alike", async (w) => {
    const device = await w.device("relay");
    const key = { "Idempotency-Key": w.id("key") };
    const first = await w.admin.post(action(device.id, "set"), { on: true }, key);
    const again = await w.command(device.id, "set", { on: true }, {}, key);
    expect([first.status, again.status, again.body.id]).toEqual([202, 202, first.body.id]);
    await device.next("command");
    await device.none();
  });

  it("[W3, W4] what is selected first, or needs a fence, has no bare request that does it", async (w) => {
    const [valve, rover] = [await w.device("valve"), await w.device("rover")];
    for (const [device, state] of [[valve, { leak: false }], [rover, { battery_low: false }]] as const) {
      device.send({ type: "state", reported: state });
      await device.none();
    }
    expectProblem(await w.admin.post(action(valve.id, "open"), {}), 409, "conflict");
    expectProblem(await w.admin.post(action(rover.id, "undock"), {}), 409, "lease_required");
    const actions = async ({ id }: { id: string }) =>
      Object.keys((await w.admin.get(`/api/v1/devices/${id}/td`)).body.actions);
    expect(await actions(valve)).not.toContain("open");
    expect(await actions(rover)).toEqual(["stop"]);
    await valve.none();
    await rover.none();
    expect((await w.admin.post(action(rover.id, "stop"))).status).toBe(202);
    expect(await rover.next("command")).toMatchObject({ name: "stop" });
  });

  it("[W3] an action is refused like the command, pointing into the bare params", async (w) => {
    const device = await w.device("thermostat");
    const cases: [name: string, body: Json, status: number, code: string, pointers: string[] | undefined][] = [
      ["set_target", { target: 31 }, 422, "invalid_params", ["#/target"]],
      ["set_target", undefined, 422, "invalid_params", ["#/target"]],
      ["set_target", { target: 20, "a/b": 1 }, 422, "invalid_params", ["#/a~1b"]],
      ["explode", {}, 422, "unknown_command", undefined],
      ["toString", {}, 422, "unknown_command", undefined],
      ["set_target", "{", 400, "bad_json", undefined],
      ["set_target", [], 400, "bad_request", ["#"]],
    ];
    for (const [name, body, status, code, pointers] of cases) {
      const answer = await w.admin.post(action(device.id, name), body);
      expectProblem(answer, status, code);
      expect(answer.body.errors?.map(({ pointer }: Json) => pointer), answer.text).toEqual(pointers);
    }
    const viewer = await w.newOperator("viewer");
    expectProblem(await w.rest(viewer.token).post(action(device.id, "identify")), 403, "forbidden");
    await device.none();
    const away = await w.make("relay");
    const offline = await w.admin.post(action(away.id, "toggle"));
    expectProblem(offline, 409, "offline");
    expect((await w.record(offline.body.command)).status).toBe("rejected");
  });

  it("[W4] a description names addresses that answer", async (w) => {
    const device = await w.device("thermostat", { name: "Hall" });
    device.send({ type: "telemetry", data: { temperature: 21.5 } });
    await device.none();
    const td = await w.admin.get(`/api/v1/devices/${device.id}/td`);
    expect([td.status, td.headers.get("content-type")]).toEqual([200, "application/td+json"]);
    const { title, properties, actions } = td.body;
    expect(title).toBe("Hall");
    const [read] = properties.temperature.forms;
    expect(new URL(read.href).origin).toBe(new URL(w.url).origin);
    expect((await w.admin.get(read.href)).body).toBe(21.5);
    expect(properties.target.forms[0].op).toEqual(["readproperty", "writeproperty"]);
    expect((await w.admin.put(properties.target.forms[0].href, 21)).status).toBe(200);
    expect((await w.admin.post(actions.identify.forms[0].href)).status).toBe(202);
    expectProblem(await w.admin.get(`/api/v1/devices/${w.id()}/td`), 404, "not_found");

    const model = td.body.links.find(({ rel }: Json) => rel === "type").href;
    const tm = await w.admin.get(model);
    expect([tm.status, tm.headers.get("content-type")]).toEqual([200, "application/tm+json"]);
    expect(tm.body["@type"]).toBe("tm:ThingModel");
    expectProblem(await w.admin.get("/api/v1/kinds/nothing/tm"), 404, "not_found");
  });

  it("[W4, I3] a device's token opens none of it", async (w) => {
    const made = await w.make("relay");
    const own = w.rest(made.token);
    const answers = [
      own.get(`/api/v1/devices/${made.id}/td`),
      own.get(property(made.id, "on")),
      own.put(property(made.id, "on"), true),
      own.post(action(made.id, "toggle")),
    ];
    for (const answer of answers) expectProblem(await answer, 403, "forbidden");
  });
});
