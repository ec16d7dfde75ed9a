/** A relay by the device library, for whatever has a WebSocket. */
import relay from "../../devices/relay.ts";
import { connect, type DeviceOptions } from "../../src/device/client.ts";

export function beRelay(url: string, token: string, options: Partial<DeviceOptions<typeof relay>> = {}): void {
  const lamp = connect(relay, {
    ...options,
    url,
    token,
    commands: { set: ({ on }) => void lamp.report({ on }) },
    onOutcome: async () => console.log(`settled ${await lamp.settled(5)}`),
  });
  lamp.telemetry({ power: 4.5 });
}
