/** In which order people find devices by their names [O11]. */
import { describe, expect, it } from "vitest";
import { type Frame, LIVES, signalbox } from "./signalbox.ts";

const NAMES = [
  "Annex 3",
  "Lamp",
  "lamp 1.5",
  "Lamp 1.10",
  "Lamp 2",
  "lamp 9",
  "Lamp 10",
  "lamp 010 b",
  "Lamp 123456789012",
];

describe.each(LIVES)("a list by name, $life", ({ isForgetful }) => {
  it("[O11] goes by the numbers in them, whatever their case, and back", () => {
    const box = signalbox({ isForgetful });
    for (const [at, name] of NAMES.toReversed().entries()) {
      box.ask("create_device", { id: `d${at}`, kind: "relay", name, tags: [] });
    }
    const namesBy = (sort: string) => {
      const ann = box.operator("viewer");
      ann.ask({ type: "watch", sort, fields: ["name"] });
      return ann.take("snapshot").devices.map(({ name }: Frame) => name);
    };
    expect(namesBy("name")).toEqual(NAMES);
    expect(namesBy("-name")).toEqual(NAMES.toReversed());
  });
});
