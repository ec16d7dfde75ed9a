/** The store in a Durable Object's own SQLite; between two openings the object itself is evicted. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { openDurableStore } from "../../src/store/durable_sqlite.ts";
import { storeContract } from "../contract/store.ts";
import { shard } from "./world.ts";

storeContract("Durable Object", async () => {
  const stub = shard(crypto.randomUUID());
  // The hub's own object, without what its constructor made there.
  await runInDurableObject(stub, (_, { storage }) => storage.deleteAll());
  await evictDurableObject(stub);
  return {
    open: (act) =>
      runInDurableObject(stub, (_, { storage }) => act(openDurableStore(storage, 0)))
        .finally(() => evictDurableObject(stub)),
    alter: (...statements) =>
      runInDurableObject(stub, (_, { storage }) => statements.forEach((text) => storage.sql.exec(text))),
    dispose: () => Promise.resolve(),
  };
});
