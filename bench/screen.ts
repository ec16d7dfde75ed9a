/** What somebody who watches has. */
import { mergePatch } from "../src/protocol/merge.ts";
import type { DeviceView } from "../src/protocol/record.ts";

/** Texts are read when somebody asks: that is no cost of the hub. */
export function screen() {
  let texts: string[] = [];
  let order: string[] = [];
  let devices: Record<string, unknown> = {};
  const read = () => {
    for (const text of texts) {
      const frame = JSON.parse(text);
      if (frame.type === "snapshot") {
        devices = Object.fromEntries(frame.devices.map((device: DeviceView) => [device.id, device]));
        order = Object.keys(devices);
      } else if (frame.type === "changes") {
        devices = mergePatch(devices, frame.devices) as Record<string, unknown>;
        for (const id of frame.gone ?? []) delete devices[id];
        order = frame.order ?? order;
      }
    }
    texts = [];
  };
  return {
    hear: (text: string) => void texts.push(text),
    shown(): DeviceView[] {
      read();
      return order.map((id) => devices[id] as DeviceView);
    },
  };
}
