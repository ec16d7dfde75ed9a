/** Mosquitto, where it is installed: a broker that nobody here wrote, with a folder of its own, ended by its own id. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./port.ts";

const PLACES = [
  "/usr/sbin",
  "/usr/bin",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/opt/homebrew/sbin",
  "/opt/homebrew/bin",
];
const placeOf = (program: string) => PLACES.map((place) => join(place, program)).find((path) => existsSync(path));

const BROKER = placeOf("mosquitto");
const PUB = placeOf("mosquitto_pub");
const SUB = placeOf("mosquitto_sub");
const PASSWD = placeOf("mosquitto_passwd");

/** Why tests against it are skipped, or undefined where they are not. */
export const noMosquitto: string | undefined = BROKER && PUB && SUB && PASSWD
  ? undefined
  : "mosquitto and mosquitto-clients are not installed";

/** Likewise where the line is to be encrypted. */
export const noCertificates: string | undefined = placeOf("openssl")
  ? undefined
  : "openssl is not installed, which makes certificates";

export interface Listener {
  protocol?: "mqtt" | "websockets";
  isEncrypted?: boolean;
  /** Must whoever comes have a certificate? */
  needsCertificate?: boolean;
}

export interface Rights {
  /** Passwords of users; without it everybody may come. */
  users?: Record<string, string>;
  /** Lines of a list of rights. */
  acl?: readonly string[];
  /** Whose certificate the broker shows. */
  names?: string;
  /** Further lines of its configuration, behind the last listener. */
  more?: readonly string[];
}

export class Mosquitto {
  readonly folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  readonly ports: number[] = [];
  readonly #lines: string[];
  #child: ChildProcess | undefined;
  #subscribers = 0;

  private constructor(lines: string[]) {
    this.#lines = lines;
  }

  static async start(
    listeners: readonly Listener[] = [{}],
    { users, acl, names, more = [] }: Rights = {},
  ): Promise<Mosquitto> {
    // As root it would become another user, who cannot read the folder.
    const self = process.getuid?.() === 0 ? ["user root"] : [];
    const lines = [...self, "log_dest stderr", "log_type all", `allow_anonymous ${users === undefined}`];
    const broker = new Mosquitto(lines);
    const at = (file: string) => join(broker.folder, file);
    if (listeners.some(({ isEncrypted }) => isEncrypted)) certificates(broker.folder, names);
    if (users) {
      writeFileSync(at("users"), "");
      for (const [user, password] of Object.entries(users)) {
        execFileSync(PASSWD!, ["-b", at("users"), user, password], { stdio: "ignore" });
      }
      lines.push(`password_file ${at("users")}`);
    }
    if (acl) {
      writeFileSync(at("acl"), acl.join("\n") + "\n");
      lines.push(`acl_file ${at("acl")}`);
    }
    for (const { protocol = "mqtt", isEncrypted, needsCertificate } of listeners) {
      const port = await freePort();
      broker.ports.push(port);
      lines.push(`listener ${port} 127.0.0.1`, `protocol ${protocol}`);
      if (isEncrypted) {
        lines.push(`cafile ${at("ca.crt")}`, `certfile ${at("broker.crt")}`, `keyfile ${at("broker.key")}`);
      }
      if (needsCertificate) lines.push("require_certificate true");
    }
    lines.push(...more);
    await broker.again();
    return broker;
  }

  /** Starts it, again where it was ended. */
  async again(): Promise<void> {
    const path = join(this.folder, "mosquitto.conf");
    writeFileSync(path, this.#lines.join("\n") + "\n");
    const child = this.#child = spawn(BROKER!, ["-c", path], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    await new Promise<void>((running, failed) => {
      child.stderr!.on("data", (chunk) => {
        said += chunk;
        if (/mosquitto version \S+ running/.test(said)) running();
      });
      child.on("error", failed);
      child.on("exit", (code) => failed(new Error(`mosquitto ended with ${code}: ${said.slice(-1_000)}`)));
    });
    child.stderr!.resume();
  }

  get port(): number {
    return this.ports[0];
  }

  /** Without a word, as when the power fails; or in order. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `mosquitto_pub`; further arguments as it takes them. */
  publish(topic: string, payload: string | null, ...more: string[]): void {
    const content = payload === null ? ["-n"] : ["-m", payload];
    const where = ["-h", "127.0.0.1", "-p", String(this.port), "-V", "5", "-q", "1", "-t", topic];
    execFileSync(PUB!, [...where, ...content, ...more], { stdio: ["ignore", "ignore", "pipe"] });
  }

  /** `mosquitto_sub`, once it is subscribed. */
  async subscribe(...args: string[]): Promise<Subscriber> {
    const where = ["-h", "127.0.0.1", "-p", String(this.port), "-V", "5", "-q", "1"];
    // It says aloud that it is subscribed only when it says something else: so it is told something until it does.
    const mark = `ready-${++this.#subscribers}`;
    const subscriber = new Subscriber(spawn(SUB!, [...where, ...args, "-t", `test/${mark}`]), mark);
    while (!subscriber.isReady) {
      this.publish(`test/${mark}`, mark);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return subscriber;
  }
}

/** Lines of a `mosquitto_sub`, as they come. */
export class Subscriber {
  readonly lines: string[] = [];
  isReady = false;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, mark: string) {
    this.#child = child;
    let rest = "";
    child.stdout!.on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.includes(mark)) this.isReady = true;
        else this.lines.push(line);
      }
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await gone;
  }
}

/** An authority of its own, who signs the broker's certificate and a client's. */
function certificates(folder: string, names = "DNS:localhost,IP:127.0.0.1"): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "2",
    "-subj",
    "/CN=Test",
  );
  writeFileSync(join(folder, "names"), `subjectAltName=${names}\n`);
  for (const name of ["broker", "client"]) {
    openssl(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${name}`,
    );
    const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
    openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.crt`, ...signed);
  }
}
