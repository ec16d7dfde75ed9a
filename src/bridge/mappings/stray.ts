/** Names between braces that nothing would fill in: a slip of the pen is found where it is made. */

const PLACEHOLDER = /\{([a-z][a-z0-9_]*)(?:\.[a-z0-9_]+)*\}/g;
type Path = (string | number)[];

export function strayPlaceholders(
  mapping: { vars: object; tells: object; desires: object },
): { at: Path; name: string }[] {
  const stray: { at: Path; name: string }[] = [];
  const look = (part: unknown, known: Set<string>, at: Path) => {
    if (typeof part === "string") {
      for (const [, name] of part.matchAll(PLACEHOLDER)) if (!known.has(name)) stray.push({ at, name });
      return;
    }
    if (typeof part !== "object" || part === null) return;
    const params = "params" in part && "publish" in part ? Object.keys(part.params as object) : [];
    const here = params.length > 0 ? new Set([...known, ...params]) : known;
    for (const [key, inner] of Object.entries(part)) look(inner, here, [...at, key]);
  };
  const always = new Set(["topic", "device", ...Object.keys(mapping.vars)]);
  const { tells, desires, ...rest } = mapping;
  look(rest, always, []);
  look(desires, new Set([...always, "value"]), ["desires"]);
  look(tells, new Set([...always, "n"]), ["tells"]);
  return stray;
}
