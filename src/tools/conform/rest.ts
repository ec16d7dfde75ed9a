/** The few calls that the kit makes to a hub [R]. */

// deno-lint-ignore no-explicit-any
type Json = any;
export type Answer = { ok: true; value: Json } | { ok: false; refused: string };

export interface Rest {
  /** `path` is below `/api/v1`. */
  call(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Answer>;
}

export const rest = (url: string, token: string): Rest => ({
  async call(method, path, body) {
    try {
      const response = await fetch(new URL(`/api/v1${path}`, url), {
        method,
        headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const value = text === "" ? undefined : JSON.parse(text);
      return response.ok ? { ok: true, value } : { ok: false, refused: `${value?.code}: ${value?.detail}` };
    } catch (error) {
      return { ok: false, refused: `the hub at ${url} does not answer: ${(error as Error).message}` };
    }
  },
});
