/** Addresses that objects call each other by, and that nobody outside has [N52]. */
import { describe, expect, it } from "vitest";
import { askedChannel, channelAddress, isInternal } from "../../src/platform/internal.ts";

const from = (address: string) => isInternal(new Request(address));

describe("addresses of the inside", () => {
  it("[N52] are known from outside however they are written", () => {
    for (
      const path of [
        "internal",
        "internal/",
        "internal/bridge/operator",
        "internal/bridge/device/lamp",
        "internal/anything?at=all",
        "/internal/bridge/operator",
        "\\internal/bridge/operator",
        "INTERNAL/bridge/operator",
        "%69nternal/bridge/operator",
        "%2finternal/bridge/operator",
        "api/../internal/bridge/operator",
        "./internal/bridge/operator",
        "internal%2fbridge/operator",
      ]
    ) expect(from(`https://hub.example.org/${path}`), path).toBe(true);
  });

  it("[N52] are no others", () => {
    for (
      const path of ["", "device", "operator", "internals", "api/internal/bridge", "devices/internal", "%", "%zz/a"]
    ) {
      expect(from(`https://internal/${path}`), path).toBe(false);
    }
  });

  it.each(
    [
      ["operator", { sort: "bridge" }],
      ["device", { sort: "bridged", device: "lamp" }],
      ["device", { sort: "bridged", device: "A-1._b" }],
    ] as const,
  )("[N52] of a channel say its path and whose it is: %s %j", (path, as) => {
    const address = channelAddress(path, as);
    expect([askedChannel(new Request(address)), from(address)]).toEqual([{ path, as }, true]);
  });

  it("[N52] nothing else is a channel, so what the Worker hands on never is", () => {
    for (
      const path of [
        "operator",
        "device",
        "internal/bridge",
        "internal/bridge/operator/",
        "internal/bridge/operator/ann",
        "internal/bridge/device",
        "internal/bridge/device/",
        "internal/bridge/device/a/b",
        "/internal/bridge/operator",
        "Internal/bridge/operator",
      ]
    ) expect(askedChannel(new Request(`https://hub.internal/${path}`)), path).toBeNull();
  });
});
