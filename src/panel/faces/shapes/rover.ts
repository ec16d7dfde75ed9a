/** A real-time lane of two ways, ahead and around. */
import { type CommandModel, commandModel } from "../../form/controls.ts";
import type { FieldModel } from "../../form/field.ts";
import { isBounded, isNumber, type Seen } from "./seen.ts";

export interface RoverParts {
  lane: {
    name: string;
    title: string;
    deadman: number;
    role: CommandModel["role"];
    forward: FieldModel;
    turn: FieldModel;
  };
  /** What the device itself allows, where it reports that. */
  most: { forward?: FieldModel; turn?: FieldModel };
  stop?: CommandModel;
  place?: { x: FieldModel; y: FieldModel; heading?: FieldModel };
  ahead?: FieldModel;
  speed?: FieldModel;
}

const isBothWays = (field: FieldModel) => isBounded(field) && field.min! < 0 && field.max! > 0;
const TURNING = ["rad/s", "°/s"];

export function roverIn({ kind, state, told, command }: Seen): RoverParts | null {
  for (const [name, document] of Object.entries(kind.commands)) {
    if (document.effect !== "stream") continue;
    const { title, role, params } = commandModel(name, document);
    const ways = params.filter(isBothWays);
    const turn = ways.find(({ unit, name }) => TURNING.includes(unit ?? "") || /turn|ang|yaw|steer/.test(name));
    const forward = ways.find((field) => field !== turn);
    if (!turn || !forward || params.length !== 2) continue;
    const most = (field: FieldModel) =>
      state.find(({ name, unit }) => name === `max_${field.name}` && unit === field.unit);
    const [x, y] = ["x", "y"].map((axis) => told.find((field) => field.name === axis && isNumber(field)));
    return {
      lane: { name, title, role, deadman: document.deadman ?? 0.5, forward, turn },
      most: { forward: most(forward), turn: most(turn) },
      stop: command(/^stop$/),
      ...(x && y && { place: { x, y, heading: told.find(({ name }) => /^(heading|yaw|course)$/.test(name)) } }),
      ahead: told.find(({ name, unit }) => unit === "m" && /obstacle|ahead|range/.test(name)),
      speed: told.find(({ name }) => name === forward.name),
    };
  }
  return null;
}
