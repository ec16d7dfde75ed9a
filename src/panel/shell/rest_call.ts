/** What a program asks to see what is on the present screen [A2.8]. */
import { path } from "../live/rest.ts";

/** The path and search of the call, or null where a screen shows nothing of the hub's. */
export function callOf(pathname: string, search: Record<string, unknown>): string | null {
  const [, area, id, part] = pathname.split("/").map(decodeURIComponent);
  const some = new URLSearchParams(
    Object.entries(search).flatMap(([name, value]) =>
      (typeof value === "number" || (typeof value === "string" && value !== "")) && ASKED[area]?.includes(name)
        ? [[name, String(value)]]
        : []
    ),
  ).toString();
  const asked = (call: string) => some === "" ? call : `${call}?${some}`;
  switch (area) {
    case "":
      return path.hub;
    case "devices":
      if (id === undefined) return asked(path.devices);
      return part === "commands" ? path.commands(id) : path.device(id);
    case "jobs":
      return id === undefined ? path.jobs : path.job(id);
    case "audit":
      return asked("/api/v1/audit");
    case "events":
      return asked("/api/v1/events");
    case "commands":
      return asked(path.allCommands);
    case "kinds":
      return id === undefined ? "/api/v1/kinds" : `/api/v1/kinds/${encodeURIComponent(id)}`;
    case "settings":
      return id === "tokens" ? "/api/v1/tokens" : path.hub;
    default:
      return null;
  }
}

/** What a screen's address and its call have in common. */
const ASKED: Record<string, string[] | undefined> = {
  devices: ["q"],
  events: ["q", "name"],
  commands: ["q", "name", "status"],
  audit: ["who", "what", "target", "outcome", "from", "to"],
};
