import { describe, expect, it } from "vitest";
import { matches, parseQuery } from "../../src/protocol/query.ts";

const door = { id: "front-door", kind: "lock", name: "Front door", tags: ["floor:1", "entrance"], presence: "online" };

const holds = (text: string) => {
  const query = parseQuery(text);
  if (!query.ok) throw new Error(query.fault.message);
  return matches(query.value, door);
};

describe("queries [O10]", () => {
  it.each([
    "",
    "kind:lock",
    "KIND:LOCK",
    "kind:relay,lock",
    "tag:entrance",
    "tag:floor*",
    "status:online",
    "id:front*",
    'name:"front door"',
    "front",
    "DOOR",
    "-kind:relay",
    "-status:offline door",
    'tag:"floor:1"',
    "entr",
    "lock door",
  ])("%s finds the door", (text) => expect(holds(text)).toBe(true));
  it.each([
    "kind:relay",
    "-kind:lock",
    "tag:floor",
    "status:offline",
    "id:front",
    "back",
    "-door",
    "kind:lock back",
    '"door front"',
  ])("%s does not", (text) => expect(holds(text)).toBe(false));
  it.each(["colour:red", "status:gone", "kind:", "tag:,"])(
    "%s is refused with the term",
    (text) =>
      expect(parseQuery(text)).toMatchObject({
        ok: false,
        fault: { code: "bad_request", message: expect.stringContaining(text) },
      }),
  );
});
