/** The recording's file: what a reader of WebP finds in it. */
import { describe, expect, it } from "vitest";
import { animated, chunksOf } from "./shots/webp.ts";

/** One pixel, lossless. */
const DOT = Uint8Array.from(atob("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="), (letter) => letter.charCodeAt(0));

describe("an animated WebP", () => {
  const part = (x: number, y: number, ms: number) => ({ x, y, width: 1, height: 1, ms, still: DOT });
  const file = animated({ width: 1200, height: 750 }, [part(0, 0, 500), part(514, 2, 40)]);
  const chunks = chunksOf(file);

  it("is a file whose length is what it says, with its size and without an end", () => {
    expect(new DataView(file.buffer).getUint32(4, true)).toBe(file.length - 8);
    expect(chunks.map(({ name }) => name)).toEqual(["VP8X", "ANIM", "ANMF", "ANMF"]);
    const [head, loop] = chunks;
    // Transparent and animated; 1199 and 749, as three bytes each.
    expect([...head.bytes.subarray(8)]).toEqual([0x12, 0, 0, 0, 0xaf, 0x04, 0, 0xed, 0x02, 0]);
    expect([...loop.bytes.subarray(8)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("has each part where it lies, for as long as it is shown, with the still's own picture", () => {
    const [, , , { bytes }] = chunks;
    const [{ bytes: picture }] = chunksOf(DOT);
    expect([...bytes.subarray(8, 24)]).toEqual([1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0]);
    expect(bytes.subarray(24)).toEqual(picture);
  });

  it("takes nothing that it could not write", () => {
    expect(() => animated({ width: 2, height: 2 }, [part(1, 0, 40)])).toThrow("have to be even");
    expect(() => animated({ width: 2, height: 2 }, [{ ...part(0, 0, 40), still: file }])).toThrow("no still");
    expect(() => chunksOf(new Uint8Array(20))).toThrow("no file in WebP");
  });
});
