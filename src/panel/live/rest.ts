/** The hub by REST: the same origin, the session's cookie, problems as `HubError` [R]. */
import { HubError, type HubFault, NO_ANSWER } from "./fault.ts";

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** `key` makes the same call again do nothing twice [C20]. */
export async function rest<T>(method: Method, path: string, body?: unknown, key?: string): Promise<T> {
  const response = await send(method, path, body, key);
  const text = await response.text();
  const value = parsed(text);
  if (response.ok) return value as T;
  throw new HubError(problemOf(response.status, value));
}

/** A part of a file, its name, and where the next part is [Q9]. */
export interface Part {
  text: string;
  name: string;
  next: string | null;
}

export async function restFile(path: string): Promise<Part> {
  const response = await send("GET", path);
  const text = await response.text();
  if (!response.ok) throw new HubError(problemOf(response.status, parsed(text)));
  const { headers } = response;
  return {
    text,
    name: /filename="([^"]+)"/.exec(headers.get("content-disposition") ?? "")?.[1] ?? "history.csv",
    next: /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1] ?? null,
  };
}

async function send(method: Method, path: string, body?: unknown, key?: string): Promise<Response> {
  // [I8] With a cookie the hub wants a JSON content type, also where there is nothing to say.
  const hasBody = method !== "GET";
  try {
    return await fetch(path, {
      method,
      credentials: "same-origin",
      ...(hasBody && { body: JSON.stringify(body ?? {}), headers: headersOf(key) }),
    });
  } catch {
    const message = "The hub did not answer. Check that it runs and that this computer reaches it.";
    throw new HubError({ code: NO_ANSWER, message, retryable: true });
  }
}

const headersOf = (key: string | undefined): Record<string, string> => ({
  "content-type": "application/json",
  ...(key !== undefined && { "idempotency-key": key }),
});

function parsed(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Something between here and the hub may answer without a problem body. */
function problemOf(status: number, value: unknown): HubFault {
  const problem = (value ?? {}) as Partial<HubFault> & { detail?: string; title?: string };
  const code = problem.code ?? (status === 401 ? "unauthenticated" : status === 403 ? "forbidden" : "internal");
  return {
    code,
    message: problem.detail ?? problem.title ?? `The hub answered ${status}.`,
    retryable: problem.retryable ?? status >= 500,
    ...(problem.command && { command: problem.command }),
    ...(problem.errors && { errors: problem.errors }),
  };
}

type Search = Record<string, string | number>;
const searched = (search: Search) =>
  new URLSearchParams(Object.entries(search).map(([key, value]) => [key, String(value)]));
const encode = encodeURIComponent;
export const path = {
  devices: "/api/v1/devices",
  device: (id: string) => `/api/v1/devices/${encode(id)}`,
  commands: (id: string) => `/api/v1/devices/${encode(id)}/commands`,
  events: (id: string) => `/api/v1/devices/${encode(id)}/events`,
  blobs: (id: string) => `/api/v1/devices/${encode(id)}/blobs`,
  blob: (id: string, blob: string) => `/api/v1/devices/${encode(id)}/blobs/${encode(blob)}`,
  estop: (id: string) => `/api/v1/devices/${encode(id)}/estop`,
  estopMany: "/api/v1/estop",
  allCommands: "/api/v1/commands",
  allEvents: "/api/v1/events",
  facets: "/api/v1/facets",
  audit: "/api/v1/audit",
  views: "/api/v1/views",
  view: (id: string) => `/api/v1/views/${encode(id)}`,
  jobs: "/api/v1/jobs",
  job: (id: string) => `/api/v1/jobs/${encode(id)}`,
  jobResults: (id: string) => `/api/v1/jobs/${encode(id)}/results`,
  jobRetry: (id: string) => `/api/v1/jobs/${encode(id)}/retry`,
  hub: "/api/v1/hub",
  tokens: (id: string) => `/api/v1/devices/${encode(id)}/token`,
  token: (id: string, token: string) => `/api/v1/devices/${encode(id)}/token/${encode(token)}`,
  history: (id: string, search: Search) => `/api/v1/devices/${encode(id)}/telemetry?${searched(search)}`,
  historyFile: (id: string, search: Search) => `/api/v1/devices/${encode(id)}/telemetry.csv?${searched(search)}`,
  operatorToken: (id: string) => `/api/v1/tokens/${encode(id)}`,
};

/** One page of a list [R3]. */
export interface Page<T> {
  items: T[];
  next: string | null;
  total: number;
}
