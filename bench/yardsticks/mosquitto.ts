/** Mosquitto over WebSocket, where it is installed: Debian's package, a process of C. */
import { accessSync, constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { freePort } from "../../test/support/port.ts";
import { folder } from "../folders.ts";
import { run, type Server } from "../server.ts";

/** Debian has it in a folder that is on the path of nobody but the administrator. */
const PLACES = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];

export const NO_MOSQUITTO = "left out: mosquitto is not installed";

export interface Mosquitto extends Server {
  /** Where it listens without WebSocket. */
  plain: string;
}

/** Null where there is none. */
export async function mosquitto(): Promise<Mosquitto | null> {
  const command = PLACES.map((place) => join(place, "mosquitto")).find(isProgram);
  if (command === undefined) return null;
  const [port, plain] = [await freePort(), await freePort()];
  const config = join(await folder(), "mosquitto.conf");
  await writeFile(config, configOf(port, plain));
  const server = await run({
    url: `http://127.0.0.1:${port}`,
    command,
    args: ["-c", config],
    listens: (child) => child.printed(/mosquitto version \S+ running/),
  });
  return { ...server, plain: `mqtt://127.0.0.1:${plain}` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ordinary but for this: 2.0.11 ends where no listener is a plain one, and a queue with a limit would drop samples. */
const configOf = (port: number, plain: number) =>
  `listener ${plain} 127.0.0.1
listener ${port} 127.0.0.1
protocol websockets
allow_anonymous true
persistence false
max_queued_messages 0
user root
log_dest stderr
log_type error
log_type warning
log_type information
connection_messages false
`;
