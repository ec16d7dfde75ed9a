/** Other people's names as ours: lower_snake_case for fields and commands, words joined by - for kinds [F8]. */

/** Room for `set_` before it, and for a number after it, within the 64 that a name may have. */
const LONGEST = 56;

/** `ledColorWhenOn` → `led_color_when_on`; null where nothing of it can be written in a to z. */
export function fieldName(name: string): string | null {
  const words = wordsOf(name).join("_").slice(0, LONGEST).replace(/_+$/, "");
  if (!words) return null;
  return /^[a-z]/.test(words) ? words : `n_${words}`;
}

export function kindName(name: string): string | null {
  const words = wordsOf(name.replaceAll("+", " plus ")).join("-").slice(0, LONGEST).replace(/-+$/, "");
  if (!words) return null;
  return /^[a-z]/.test(words) ? words : `n${words}`;
}

/** The name, or with the first number that makes it another than those that there are. */
export function another(name: string, isTaken: (name: string) => boolean): string {
  for (let number = 1;; number++) {
    const tried = number === 1 ? name : `${name}_${number}`;
    if (!isTaken(tried)) return tried;
  }
}

const wordsOf = (name: string): string[] =>
  name.normalize("NFKD").replaceAll(/\p{M}/gu, "")
    // A digit before a capital begins no word of a model's number: `1203A`, but `led1Color`.
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z0-9])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
