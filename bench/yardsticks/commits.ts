/** Two relayed hops and two durable commits: what a command that survives a power cut cannot do without. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { serveSockets } from "./serve.ts";

const database = new DatabaseSync(join(Deno.env.get("YARDSTICK_DATA")!, "commits.sqlite"));
database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
database.exec("CREATE TABLE text (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
const insert = database.prepare("INSERT INTO text (text) VALUES (?)");
const count = database.prepare("SELECT count(*) AS count FROM text");

const ends = new Map<string, WebSocket>();

serveSockets((socket, path) => {
  ends.set(path, socket);
  const other = path === "/operator" ? "/device" : "/operator";
  socket.onmessage = ({ data }) => {
    if (data === "count") return socket.send(String(count.get()!.count));
    insert.run(data);
    ends.get(other)?.send(data);
  };
});
