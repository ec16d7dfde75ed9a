/** The same call for each of many devices, one after another, so that a fleet does not use up the rate of one person. */
import type { DeviceView } from "../../protocol/record.ts";
import { faultOf, type HubFault } from "./fault.ts";

export interface Progress {
  done: number;
  all: number;
}

export interface Ran {
  /** Those for which it was done. */
  done: DeviceView[];
  failed: { device: DeviceView; fault: HubFault }[];
  /** Those that had no turn any more. */
  left: number;
}

/** Fifty a second: half of what the hub takes of one operator. In ms. */
const PACE = 20;

export async function forEach(
  devices: readonly DeviceView[],
  act: (device: DeviceView) => Promise<unknown>,
  onProgress: (progress: Progress) => void,
  isStopped: () => boolean,
): Promise<Ran> {
  const ran: Ran = { done: [], failed: [], left: 0 };
  for (const [at, device] of devices.entries()) {
    if (isStopped()) {
      ran.left = devices.length - at;
      break;
    }
    const pause = new Promise((resolve) => setTimeout(resolve, PACE));
    try {
      await act(device);
      ran.done.push(device);
    } catch (thrown) {
      ran.failed.push({ device, fault: faultOf(thrown) });
    }
    onProgress({ done: at + 1, all: devices.length });
    await pause;
  }
  return ran;
}
