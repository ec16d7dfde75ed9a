/** Saved views: kept, shared and refused, as anybody's program sees them [R18]. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { expectProblem, section } from "./world.ts";

const COLD = { name: "Cold rooms", query: "tag:cold temperature>5", sort: "-temperature", columns: ["values", "seen"] };

export const savedViews = section("saved views", (it) => {
  it("[R18] a viewer keeps one of their own, changes and deletes it; nobody else hears of it", async (w) => {
    const { id: who, name, token } = await w.newOperator("viewer");
    const [mine, path] = [w.rest(token), `/api/v1/views/${w.id("view")}`];
    const id = path.slice(path.lastIndexOf("/") + 1);
    expectProblem(await mine.get(path), 404, "not_found");
    const made = await mine.put(path, COLD);
    expect([made.status, made.body]).toEqual([200, {
      ...COLD,
      id,
      shared: false,
      by: { id: who, name },
      createdAt: expect.any(Number),
      changedAt: expect.any(Number),
    }]);
    expect((await mine.get(path)).body).toEqual(made.body);
    const listed = await mine.get("/api/v1/views?limit=500");
    expect(Object.keys(listed.body).sort()).toEqual(["items", "next", "total"]);
    // Others share theirs meanwhile.
    expect(listed.body.items.filter((view: Json) => view.by.id === who)).toEqual([made.body]);
    const { body } = await mine.put(path, { name: "All" });
    expect([body.name, body.query, "sort" in body, body.createdAt]).toEqual(["All", "", false, made.body.createdAt]);
    expectProblem(await w.admin.get(path), 404, "not_found");
    expectProblem(await w.admin.put(path, COLD), 409, "conflict");
    const { body: { items } } = await w.admin.get("/api/v1/views?limit=500");
    expect(items.filter((view: Json) => view.id === id)).toEqual([]);
    expect((await mine.delete(path)).status).toBe(204);
    expectProblem(await mine.delete(path), 404, "not_found");
  });

  it("[R18] one that is shared is seen by all, and ended by whose it is or an administrator", async (w) => {
    const [viewer, ann, bert] = await Promise.all(
      (["viewer", "operator", "operator"] as const).map((role) => w.newOperator(role)),
    );
    const path = `/api/v1/views/${w.id("view")}`;
    const as = ({ token }: { token: string }) => w.rest(token);
    expectProblem(await as(viewer).put(path, { ...COLD, shared: true }), 403, "forbidden");
    expect((await as(ann).put(path, { ...COLD, shared: true })).status).toBe(200);
    expect((await as(viewer).get(path)).body).toMatchObject({ name: COLD.name, shared: true, by: { id: ann.id } });
    expect((await as(bert).put(path, { ...COLD, name: "Ours", shared: true })).body.by.id).toBe(ann.id);
    expectProblem(await as(bert).put(path, COLD), 403, "forbidden");
    expectProblem(await as(bert).delete(path), 403, "forbidden");
    expect((await w.admin.delete(path)).status).toBe(204);
    expectProblem(await as(ann).get(path), 404, "not_found");
  });

  it("[R18, R1] what is no view is refused, and says where", async (w) => {
    const path = `/api/v1/views/${w.id("view")}`;
    const odd = [[{}, "name"], [{ name: "x", query: "colour:red" }, "query"], [{ name: "x", sort: "a b" }, "sort"]];
    for (const [body, key] of odd) {
      const answer = await w.admin.put(path, body);
      expectProblem(answer, 400, "bad_request");
      expect(answer.body.errors[0].pointer).toBe(`#/${key}`);
    }
    expectProblem(await w.admin.put(path, { name: "x", colour: "red" }), 400, "bad_request");
    expectProblem(await w.admin.put("/api/v1/views/a%20b", { name: "x" }), 400, "bad_request");
  });
});
