/** A process that starts with a kind that changed since it ran last [K5, K13]. */
import { expect, test } from "vitest";
import { rest } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { sandbox, secret } from "./launch.ts";

const { folder, run } = sandbox();

test("[K5, K13, S3] breaks without a raised version: one sentence and 1; raised, it starts and sets aside", async () => {
  const settings = {
    PORT: String(await freePort()),
    SIGNALBOX_DATA: await folder(),
    SIGNALBOX_ADMIN_TOKEN: secret(),
  };
  const url = `http://127.0.0.1:${settings.PORT}`;
  const admin = rest(url, settings.SIGNALBOX_ADMIN_TOKEN);
  const hub = (KIND_VERSION: number, KIND_MAX: number) =>
    run({ ...settings, KIND_VERSION: String(KIND_VERSION), KIND_MAX: String(KIND_MAX) }, "test/runtime/one_kind.ts");

  const first = hub(1, 100);
  await first.answers(`${url}/healthz`);
  expect((await admin.post("/api/v1/devices", { id: "south", kind: "blind" })).status).toBe(201);
  expect((await admin.patch("/api/v1/devices/south/desired", { height: 90 })).status).toBe(200);
  await first.kill();

  for (
    const [version, max, sentence] of [
      [
        1,
        50,
        /^The kind blind changed in a way that breaks devices and operators and still has version 1: state\.height takes at most 50, before at most 100 \(and 1 more\); raise its version, or undo that\.\n$/,
      ],
      [0, 100, /^The kind blind has version 0, and version 1 was seen here before: give it that or a higher one\.\n$/],
    ] as const
  ) {
    const refused = hub(version, max);
    expect((await refused.ended).code).toBe(1);
    expect(refused.err()).toMatch(sentence);
    expect(refused.out()).not.toContain("listens");
  }

  const second = hub(2, 50);
  await second.answers(`${url}/healthz`);
  expect((await admin.get("/api/v1/devices/south")).body.desired).toMatchObject({ version: 2, state: {} });
  const { items } = (await admin.get("/api/v1/audit?limit=1")).body;
  expect(items).toMatchObject([{ what: "set_aside", target: "south", detail: { state: { height: 90 } } }]);
  await second.kill();
});
