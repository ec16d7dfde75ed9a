/** Health, metrics and the documents that describe the hub. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { readPrometheus, valueOf } from "../../support/prometheus.ts";
import { expectProblem, section } from "./world.ts";

/** The list of section 5 of the contract; it may grow. */
const CODES = [
  ..."bad_json bad_frame bad_request too_large unknown_type unknown_kind unknown_command invalid_params".split(" "),
  ..."invalid_telemetry invalid_state unauthenticated forbidden not_found conflict rate_limited queue_full".split(" "),
  ..."offline expired unknown_outcome cancelled superseded interlock lease_required lease_lost estop".split(" "),
  ..."storage_unavailable internal busy refused out_of_range unsupported obstructed jammed low_battery".split(" "),
  "hardware_fault",
];

/** Calls that programs outside rely on, as far as they are built. */
const CALLS: Record<string, string[]> = {
  "/api/v1/devices": ["get", "post"],
  "/api/v1/devices/{id}": ["get", "patch", "delete"],
  "/api/v1/devices/{id}/token": ["get", "post"],
  "/api/v1/devices/{id}/token/{tokenId}": ["delete"],
  "/api/v1/devices/{id}/commands": ["get", "post"],
  "/api/v1/commands/{id}": ["get", "delete"],
  "/api/v1/devices/{id}/desired": ["get", "put", "patch"],
  "/api/v1/devices/{id}/telemetry": ["get", "post"],
  "/api/v1/kinds": ["get"],
  "/api/v1/kinds/{kind}": ["get"],
  "/api/v1/tokens": ["get", "post"],
  "/api/v1/tokens/{id}": ["delete"],
  "/api/v1/tickets": ["post"],
  "/api/v1/me": ["get"],
  "/api/v1/audit": ["get"],
  "/api/v1/hub": ["get"],
  "/api/v1/views": ["get"],
  "/api/v1/views/{id}": ["get", "put", "delete"],
  "/api/v1/stream": ["get"],
};

/** Every `$ref` in a document that points nowhere. */
function dangling(document: Json): string[] {
  const missing: string[] = [];
  const visit = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    if (typeof value.$ref === "string" && value.$ref.startsWith("#/")) {
      const parts = value.$ref.slice(2).split("/").map((part: string) =>
        decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")
      );
      if (parts.reduce((at: Json, part: string) => at?.[part], document) === undefined) missing.push(value.$ref);
    }
    Object.values(value).forEach(visit);
  };
  visit(document);
  return missing;
}

export const health = section("health", (it) => {
  it("[R] /healthz is 200 ok, /readyz is 200 when the store answers, to anybody", async (w) => {
    const alive = await w.rest().get("/healthz");
    expect([alive.status, alive.text.trim()]).toEqual([200, "ok"]);
    expect((await w.rest().get("/readyz")).status).toBe(200);
  });

  it("[R6] /metrics is Prometheus text, for operators only", async (w) => {
    expectProblem(await w.rest().get("/metrics"), 401, "unauthenticated");
    const { token } = await w.newOperator("viewer");
    const answer = await w.rest(token).get("/metrics");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    const families = readPrometheus(answer.text);
    expect(families.filter(({ name }) => !/^(signalbox|process)_/.test(name))).toEqual([]);
    expect(valueOf(families, "signalbox_calls_total", { code: "unauthenticated" })).toBeGreaterThan(0);
    expect(answer.text).not.toContain(token);
  });

  it("[R14] /api/v1/hub says how the hub is", async (w) => {
    const { token } = await w.newOperator("viewer");
    const look = async () => (await w.rest(token).get("/api/v1/hub")).body;
    const number = expect.any(Number);
    const before = await look();
    await w.device("relay");
    const after = await look();
    expect(after).toMatchObject({
      build: expect.stringMatching(/./),
      runtime: expect.stringMatching(/./),
      devices: { new: number, online: number, suspect: number, sleeping: number, offline: number },
      connections: { device: number, operator: number, stream: number },
      open: { commands: number, jobs: number, watches: number },
      perSecond: { samples: number, framesIn: number, framesOut: number },
      lately: { seconds: number, refused: number, failed: number, faults: 0 },
      store: { state: "ok", waiting: number, size: number },
    });
    expect(after.connections.device).toBeGreaterThan(0);
    expect(after.devices.online).toBeGreaterThan(0);
    expect(after.time).toBeGreaterThanOrEqual(before.time);
    expect(after.startedAt).toBeLessThanOrEqual(after.time);
    expect(after.lately).toHaveProperty("lag");
  });

  it("[R] /api/openapi.json is OpenAPI 3.1 of the calls that there are", async (w) => {
    const { status, body } = await w.rest().get("/api/openapi.json");
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\.1\.\d$/);
    expect(body.info).toMatchObject({ title: expect.stringMatching(/./), version: expect.stringMatching(/./) });
    const shape = (path: string) => path.replace(/\{[^}]*\}/g, "{}");
    const paths = new Map(Object.entries<Json>(body.paths).map(([path, item]) => [shape(path), item]));
    for (const [path, methods] of Object.entries(CALLS)) {
      for (const method of methods) {
        expect(paths.get(shape(path))?.[method]?.responses, `${method} ${path}`).toBeTruthy();
      }
    }
    expect(dangling(body)).toEqual([]);
  });

  it("[R] /api/asyncapi.json is AsyncAPI 3 of both sockets", async (w) => {
    const { status, body, text } = await w.rest().get("/api/asyncapi.json");
    expect(status).toBe(200);
    expect(body.asyncapi).toMatch(/^3\.\d\.\d$/);
    const addresses = Object.values<Json>(body.channels).map((channel) => channel.address);
    expect(addresses).toEqual(expect.arrayContaining(["/device", "/operator"]));
    for (
      const type of ["telemetry", "state", "result", "welcome", "command", "desired", "watch", "snapshot", "changes"]
    ) {
      expect(text, type).toContain(`"${type}"`);
    }
    expect(dangling(body)).toEqual([]);
  });

  it("[R] /docs is a page", async (w) => {
    const answer = await w.rest().get("/docs");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    expect(answer.text).toMatch(/<title>[^<]+<\/title>/);
  });

  it("[R2] every code has its page", async (w) => {
    expect(CODES).toHaveLength(35);
    for (const code of CODES) {
      const answer = await w.rest().get(`/docs/errors/${code}`);
      expect([answer.status, answer.text.includes(code)], code).toEqual([200, true]);
    }
    for (const code of ["nonsense", "constructor", "%3Cscript%3E"]) {
      const answer = await w.rest().get(`/docs/errors/${code}`);
      expect(answer.status, code).toBe(404);
      expect(answer.text).not.toContain("<script>");
    }
  });

  it("[R] /.well-known/security.txt has a contact and is not out of date", async (w) => {
    const { status, headers, text } = await w.rest().get("/.well-known/security.txt");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/plain/);
    expect(text).toMatch(/^Contact: (mailto:|https:\/\/)\S+$/m);
    expect(Date.parse(text.match(/^Expires: (\S+)$/m)?.[1] ?? "")).toBeGreaterThan(Date.now());
  });
});
