/** An object that wakes with a kind that changed since it slept: the data are made those of the kind as it was. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { ADMIN, connect, newDevice, rest, shard, URL_OF_HUB } from "./world.ts";

let errors: MockInstance<typeof console.error>;
beforeEach(() => void (errors = vi.spyOn(console, "error").mockImplementation(() => {})));
afterEach(() => void vi.restoreAllMocks());

// deno-lint-ignore no-explicit-any
type Row = any;

/** Changes the one row of a table in the sleeping object. */
async function alter(table: string, id: string, change: (row: Row) => void): Promise<void> {
  await runInDurableObject(shard(), (_, { storage: { sql } }) => {
    const [{ id: key, row }] = sql.exec(`SELECT id, row FROM ${table} WHERE id LIKE ?`, `${id}%`).toArray();
    const changed = JSON.parse(String(row));
    change(changed);
    sql.exec(`UPDATE ${table} SET id = ?, row = ? WHERE id = ?`, changed.id, JSON.stringify(changed), key);
  });
  await evictDurableObject(shard());
}

/** The relay's document, as it was when the object slept. */
const documentOf = (change: (document: Row) => void) =>
  alter("kind", "relay@", (row) => {
    const document = JSON.parse(row.document);
    change(document);
    row.document = JSON.stringify(document);
  });

describe("an object whose kinds changed", () => {
  it("[K5, K13, S5] answers with the sentence while a change breaks, and is whole again without it", async () => {
    const relay = await connect("device", await newDevice("lamp", "relay"));
    await documentOf(({ properties }) => void (properties.telemetry.properties.wind = { type: "number" }));
    for (let times = 0; times < 2; times++) {
      const response = await shard().fetch(new Request(`${URL_OF_HUB}/api/v1/me`));
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({
        code: "internal",
        detail: expect.stringMatching(
          /^The kind relay changed .+: telemetry\.wind is gone; raise its version, or undo/,
        ),
      });
    }
    expect(JSON.parse(String(errors.mock.calls.at(-1)))).toMatchObject({ event: "start_refused" });
    relay.send({ type: "telemetry", data: { power: 42 } });
    expect(await relay.closeCode()).toBe(1011);
    await documentOf(({ properties }) => void delete properties.telemetry.properties.wind);
    expect((await rest("GET", "/devices/lamp")).status).toBe(200);
  });

  it("[K5] sets aside what a raised version does not take, and tells the device that is still connected", async () => {
    const relay = await connect("device", await newDevice("blind", "relay"));
    expect((await rest("PATCH", "/devices/blind/desired", { on: true })).status).toBe(200);
    expect((await relay.take("desired")).version).toBe(1);
    await alter("device", "blind", (row) => void (row.desired.state.height = 90));
    await alter("kind", "relay@", (row) => {
      row.id = row.id.replace(/\d+$/, "0".padStart(16, "0"));
      row.version = 0;
      row.document = row.document.replace(/"version":\d+/, '"version":0');
    });
    expect((await rest("GET", "/devices/blind")).body.desired).toMatchObject({ version: 2, state: { on: true } });
    expect(await relay.take("desired")).toEqual({ type: "desired", version: 2, state: { on: true } });
    const { items } = (await rest("GET", "/audit?limit=1", undefined, ADMIN)).body;
    expect(items).toMatchObject([{ what: "set_aside", target: "blind", detail: { state: { height: 90 } } }]);
    relay.close();
  });
});
