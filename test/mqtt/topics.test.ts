/** A device's own topics, and no others [M4, M6]. */
import { describe, expect, it } from "vitest";
import { isTopic, readFilter, TOPICS_IN, TOPICS_OUT, typeIn } from "../../src/mqtt/topics.ts";

describe("topics", () => {
  it("[M4] a device publishes frames of seven types", () => {
    for (const type of TOPICS_IN) expect(typeIn("lamp", `devices/lamp/${type}`)).toBe(type);
    for (const topic of ["devices/lamp/command", "devices/lamp/blob", "devices/lamp/", "devices/lamp", "telemetry"]) {
      expect(typeIn("lamp", topic), topic).toBeNull();
    }
    for (
      const topic of ["devices/lam/telemetry", "devices/lamp2/state", "devices/lamp/state/", "/devices/lamp/state"]
    ) {
      expect(typeIn("lamp", topic), topic).toBeNull();
    }
  });

  it("[M6] it subscribes to frames of each type, one by one or all at once", () => {
    for (const type of [...TOPICS_OUT, ...TOPICS_IN, "+", "#"]) {
      expect(readFilter("lamp", `devices/lamp/${type}`)).toBe(type);
    }
  });

  it.each([
    ["foreign", "#", "+", "devices/#", "devices/+/command", "+/lamp/command", "devices/lamp2/#", "devices/lamp"],
    ["foreign", "devices/lamp/stream", "devices/lamp/+/x", "devices/lamp/command/#", "$SYS/#", "devices/lamp/"],
    ["shared", "$share/all/devices/lamp/#"],
    ["malformed", "", "devices/lamp/#/x", "devices/lamp/command#", "devices/la+p/command", "a\0b"],
  ])("[M6] %s: %j and the like", (sort, ...filters) => {
    for (const filter of filters) expect(readFilter("lamp", filter), filter).toBe(sort);
  });

  it("[M11] no topic has a wildcard", () => {
    for (const topic of ["", "a/+", "#", "a\0"]) expect(isTopic(topic), topic).toBe(false);
    expect(isTopic("devices/lamp/state")).toBe(true);
  });
});
