/** The hub in workerd, as `wrangler dev` runs it: the wire suite through its proxy, where it is, and a crash. */
import { afterAll, beforeAll, describe } from "vitest";
import { wire } from "../contract/wire/wire.ts";
import { crash } from "./crash.ts";
import { type Hub, workerdHub } from "./launch.ts";
import { place } from "./place.ts";

describe("on workerd", () => {
  let hub: Hub;
  beforeAll(async () => void (hub = await workerdHub()), 120_000);
  afterAll(() => hub?.dispose());
  wire({
    name: "workerd",
    get url() {
      return hub.url;
    },
    get adminToken() {
      return hub.adminToken;
    },
    skips: {
      handshake:
        "the proxy of wrangler dev starts the handshake anew: the client's method, version and key are not seen",
      early_refusal: "the Worker refuses what is no handshake without waking the object",
      bad_utf8: "workerd hands invalid UTF-8 on as U+FFFD",
      unmasked: "workerd accepts unmasked frames of a client",
    },
  });
});

place("workerd", workerdHub);
crash("workerd", workerdHub);
