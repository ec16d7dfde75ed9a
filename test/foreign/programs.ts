/** Programs that nobody here wrote, where this machine has them. */
import { spawnSync } from "node:child_process";
import type { TestContext } from "vitest";

interface Program {
  /** What a run without it says. */
  name: string;
  command: string | undefined;
}

/** The first of these commands that ends well with these arguments. */
const program = (name: string, commands: string[], proof: string[], endsWell = [0]): Program => ({
  name,
  command: commands.find((command) => endsWell.includes(spawnSync(command, proof, { stdio: "ignore" }).status ?? -1)),
});

export const CURL = program("curl 7.82 or later", ["curl"], ["--json", "{}", "--version"]);
/** The system's Python has what the system's packages install, also where another one is first on the path. */
export const PYTHON = program("Python's websockets", ["python3", "/usr/bin/python3"], ["-c", "import websockets"]);
/** The template language of Home Assistant. */
export const JINJA = program("Python's jinja2", ["python3", "/usr/bin/python3"], ["-c", "import jinja2"]);
export const PYTHON_3 = program("Python 3", ["python3", "/usr/bin/python3"], ["--version"]);
export const PAHO = program("Python's paho-mqtt", ["python3", "/usr/bin/python3"], ["-c", "import paho.mqtt.client"]);
/** They say their version, and end with 1. */
export const MOSQUITTO_PUB = program("mosquitto_pub", ["mosquitto_pub"], ["--version"], [0, 1]);
export const MOSQUITTO_SUB = program("mosquitto_sub", ["mosquitto_sub"], ["--version"], [0, 1]);
export const WEBSOCAT = program("websocat", ["websocat"], ["--version"]);
export const NODE = program("Node", ["node"], ["--version"]);
export const NODE_22 = program("Node 22 or later", ["node"], ["-e", "WebSocket"]);

/** The command; without it the test is skipped, and the run says why. */
export function need({ skip }: TestContext, { name, command }: Program): string {
  return command ?? skip(`this machine has no ${name}`);
}
