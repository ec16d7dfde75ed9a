/** The hub as a Deno process: the wire suite, where it is, and what it knows after a crash. */
import { afterAll, beforeAll, describe } from "vitest";
import { wire } from "../contract/wire/wire.ts";
import { crash } from "./crash.ts";
import { denoHub, type Hub } from "./launch.ts";
import { place } from "./place.ts";

describe("on Deno", () => {
  let hub: Hub;
  beforeAll(async () => void (hub = await denoHub()), 120_000);
  afterAll(() => hub?.dispose());
  wire({
    name: "Deno",
    get url() {
      return hub.url;
    },
    get adminToken() {
      return hub.adminToken;
    },
    skips: {
      bad_utf8: "Deno drops the connection without a close frame",
      unmasked: "Deno accepts unmasked frames of a client",
    },
  });
});

place("Deno", denoHub);
crash("Deno", denoHub);
