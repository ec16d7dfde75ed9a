/** Channels from the bridge's object to the hub's, as WebSockets that let the hub sleep [N52]. */
import type { BridgeCredential, Channel, Channels, Ear } from "../bridge/channels.ts";
import { FAULTS, isFaultCode, ok, type Outcome, refuse } from "../protocol/fault.ts";
import type { Path } from "../protocol/handshake.ts";
import { channelAddress } from "./internal.ts";
import { hangUp } from "./durable_sockets.ts";

/** What a connection ends with whose end nobody told. */
const LOST = 1006;

export class ObjectChannels implements Channels {
  readonly #hub: () => Pick<Fetcher, "fetch">;

  /** `hub` is asked for with each channel: a stub whose object failed once goes on failing. */
  constructor(hub: () => Pick<Fetcher, "fetch">) {
    this.#hub = hub;
  }

  async open(path: Path, as: BridgeCredential, ear: Ear): Promise<Outcome<Channel>> {
    try {
      const answer = await this.#hub().fetch(channelAddress(path, as), { headers: { Upgrade: "websocket" } });
      return answer.webSocket ? ok(channelOf(answer.webSocket, ear)) : refused(await answer.text());
    } catch (error) {
      return refuse("internal", `The hub was not reached: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function channelOf(socket: WebSocket, ear: Ear): Channel {
  let isOpen = true;
  const ends = (code: number, reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    ear.closed(code, reason);
  };
  socket.addEventListener("message", ({ data }) => {
    if (isOpen && typeof data === "string") ear.text(data);
  });
  socket.addEventListener("close", ({ code, reason }) => ends(code, reason));
  socket.addEventListener("error", () => ends(LOST, ""));
  socket.accept();
  return {
    send(text) {
      try {
        if (isOpen) socket.send(text);
      } catch {
        // Its end is on the way.
      }
    },
    close() {
      isOpen = false;
      hangUp(socket, 1000);
    },
  };
}

/** The hub's own fault, as a problem [R2], or what else stood in the way. */
function refused(text: string): Outcome<never> & { ok: false } {
  try {
    const { code, detail, retryAfter } = JSON.parse(text);
    if (isFaultCode(code)) return refuse(code, detail, { retryAfter });
  } catch {
    // Not of the hub.
  }
  return refuse("internal", FAULTS.internal.title);
}
