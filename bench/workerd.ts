/** workerd by itself, without the proxy and the runtime that `wrangler dev` puts before it: what it uses is one process. */
import { cp, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { freePort } from "../test/support/port.ts";
import { DENO, start } from "../test/support/process.ts";
import { folder } from "./folders.ts";
import { ROOT } from "./harness.ts";
import { run, type Server } from "./server.ts";

/** A Worker with one class of Durable Objects. */
export interface Worker {
  /** A file that needs no building. */
  script: string;
  className: string;
  binding: string;
  vars: Record<string, string>;
}

/** The one that wrangler would use. */
function program(): string {
  const ofWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  return ofWrangler("workerd").default;
}

export async function workerd(worker: Worker): Promise<Server> {
  const [port, data] = [await freePort(), await folder()];
  // A config may name files of its own folder only.
  const place = await folder();
  await cp(worker.script, join(place, "worker.js"));
  const config = join(place, "config.capnp");
  await writeFile(config, configOf(worker, port, data));
  const url = `http://127.0.0.1:${port}`;
  const args = ["serve", config];
  return run({ url, command: program(), args, listens: (child) => child.answers(`${url}/healthz`) });
}

/** As wrangler.toml has it; a text of JSON is one of Cap'n Proto too. */
const configOf = ({ className, binding, vars }: Worker, port: number, data: string) =>
  `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = ${JSON.stringify(data)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  compatibilityFlags = ["nodejs_compat"],
  durableObjectNamespaces = [(className = "${className}", uniqueKey = "bench", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "${binding}", durableObjectNamespace = "${className}"),
    ${Object.entries(vars).map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`).join(",\n    ")}
  ],
);
`;

/** The hub's Worker as it would be deployed, but for the panel's files; the path of its script. */
export async function builtHub(): Promise<string> {
  const [out, assets] = [await folder(), await folder()];
  const flags = ["deploy", "--dry-run", "--outdir", out, "--assets", assets];
  const child = start(DENO, ["run", "-A", "--no-lock", "npm:wrangler", ...flags], {
    cwd: ROOT,
    env: {
      CI: "1",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_SEND_ERROR_REPORTS: "false",
      WRANGLER_HIDE_BANNER: "true",
    },
  });
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`The Worker could not be built: ${child.err()}`);
  return join(out, "cloudflare.js");
}
