/** The tokens of a device [I2, I4]: read when one is first shown, and at hand from then on. */
import type { Device } from "./memory.ts";
import type { DeviceTokenRow } from "./ports.ts";
import type { Turn } from "./turn.ts";

/** The older one first. */
export const tokensOf = ({ reader }: Pick<Turn, "reader">, device: Device): readonly DeviceTokenRow[] =>
  device.tokens ??= reader.list("device_token", { owner: device.row.id });

/** A new token, or what became of one. */
export function keepToken(turn: Turn, device: Device, token: DeviceTokenRow): void {
  const tokens = tokensOf(turn, device);
  const isKnown = tokens.some(({ id }) => id === token.id);
  device.tokens = isKnown ? tokens.map((known) => known.id === token.id ? token : known) : [...tokens, token];
  turn.put("device_token", token);
}

export function dropToken(turn: Turn, device: Device, token: string): void {
  device.tokens = tokensOf(turn, device).filter(({ id }) => id !== token);
  turn.drop("device_token", token);
}
