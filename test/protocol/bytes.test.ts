/** How long a text is on the wire. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesOf } from "../../src/protocol/frame.ts";
import { MAX_FRAME } from "../../src/protocol/words.ts";

const encoded = (text: string) => new TextEncoder().encode(text).length;

it("[F4] is its length in UTF-8, however long it is and whatever is in it", () => {
  const texts = fc.string({ unit: "binary", maxLength: 400 });
  // Half a pair is written as U+FFFD.
  const halves = fc.string({ unit: fc.constantFrom("a", "é", "☕", "\ud83d", "\ude00"), maxLength: 300 });
  fc.assert(fc.property(fc.oneof(texts, halves), (text) => bytesOf(text) === encoded(text)), {
    numRuns: 500,
  });
  for (const letter of ["a", "é", "☕", "😀"]) {
    for (const length of [0, 1, 127, 128, MAX_FRAME / 2, MAX_FRAME - 1, MAX_FRAME, MAX_FRAME + 1]) {
      const text = letter.repeat(length);
      expect(bytesOf(text), `${length} ${letter}`).toBe(encoded(text));
    }
  }
});
