/** The tokens of a device [I2, I4]: read when one is first shown, and at hand from then on. */
import type { Device } from "../devices/device.ts";
import type { DeviceTokenRow } from "./rows.ts";
import type { Turn } from "../turn.ts";

/** The older one first. */
export const tokensOf = ({ reader }: Pick<Turn, "reader">, device: Device): readonly DeviceTokenRow[] =>
  device.tokens ??= reader.list("device_token", { owner: device.row.id });

export function addToken(turn: Turn, device: Device, token: DeviceTokenRow): void {
  device.tokens = [...tokensOf(turn, device), token];
  turn.put("device_token", token);
}

/** It was used just now. */
export function noteUse(turn: Turn, device: Device, token: DeviceTokenRow): void {
  const used = { ...token, lastUsedAt: turn.now };
  device.tokens = tokensOf(turn, device).map((known) => known.id === token.id ? used : known);
  const { memory } = turn;
  if (memory.options.gathersTraces) memory.useBy(device, used.id, turn.now + memory.options.window);
  else turn.note("device_token", used);
}

/** Which were used since the last flush, those that are still there [P8]. */
export function saveUses(turn: Turn): void {
  for (const [id, device] of turn.memory.used) {
    const token = turn.memory.devices.get(device.row.id) === device && device.tokens?.find((known) => known.id === id);
    if (token) turn.note("device_token", token);
  }
  turn.memory.used.clear();
}

export function dropToken(turn: Turn, device: Device, token: string): void {
  device.tokens = tokensOf(turn, device).filter(({ id }) => id !== token);
  turn.drop("device_token", token);
}
