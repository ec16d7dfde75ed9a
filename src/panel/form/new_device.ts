/** A new device as it is typed in: a suggested id, and what the hub would refuse, said before it is asked [F8]. */
import type { Problems } from "./refused.ts";

export interface Draft {
  name: string;
  id: string;
  kind: string;
  tags: string;
}

/** Of an id, and of a tag. */
const LONGEST = 64;
const MOST_TAGS = 32;
const TAG = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** `Main door, 2nd floor` → `main-door-2nd-floor`; empty where the name has no letter that an id may have. */
export const idFrom = (name: string): string =>
  name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(0, LONGEST).replace(/[-_]+$/, "");

/** Tags are written with spaces or commas between them, which no tag has in it. */
export const tagsFrom = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ""))];

export const bodyOf = ({ name, id, kind, tags }: Draft) => ({
  id,
  kind,
  ...(name.trim() !== "" && { name: name.trim() }),
  tags: tagsFrom(tags),
});

/** What is wrong already, whatever else is typed. */
export function problemsWhileTyping({ id, tags }: Draft): Problems<keyof Draft> {
  const [ofId, ofTags] = [idProblem(id), tagsProblem(tagsFrom(tags))];
  return { ...(ofId && { id: ofId }), ...(ofTags && { tags: ofTags }) };
}

/** What is missing besides, once somebody says that this is all. */
export const problemsAtTheEnd = (draft: Draft): Problems<keyof Draft> => ({
  ...problemsWhileTyping(draft),
  ...(draft.id === "" && { id: "The device needs an id." }),
  ...(draft.kind === "" && { kind: "Choose what kind of device it is." }),
});

function idProblem(id: string): string | null {
  if (id === "") return null;
  const foreign = /[^A-Za-z0-9._-]/u.exec(id)?.[0];
  if (foreign?.trim() === "") return "An id has no spaces.";
  if (foreign) return `An id has no “${foreign}”: letters A to Z, digits, dots, hyphens and underscores only.`;
  if (!/^[A-Za-z0-9]/.test(id)) return "An id begins with a letter or a digit.";
  return id.length > LONGEST ? `An id has at most ${LONGEST} characters.` : null;
}

function tagsProblem(tags: string[]): string | null {
  const wrong = tags.find((tag) => !TAG.test(tag));
  if (wrong && wrong.length > LONGEST) return `A tag has at most ${LONGEST} characters.`;
  if (wrong) {
    return `“${wrong}” cannot be a tag: it begins with a letter or digit, and has only those and . _ : - in it.`;
  }
  return tags.length > MOST_TAGS ? `A device has at most ${MOST_TAGS} tags.` : null;
}
