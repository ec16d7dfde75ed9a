/** Which of the devices that are found is meant: a word finds also kinds and tags, and who types one thinks of a name. Pure. */

interface Named {
  id: string;
  name: string;
}

/** Whose name begins so first, then whose name has a word that does, whose name has it within, whose id has it, and the rest. */
export function ranked<T extends Named>(devices: readonly T[], text: string): T[] {
  const wanted = text.trim().toLowerCase();
  return devices.map((device) => ({ device, rank: rankOf(device, wanted) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ device }) => device);
}

function rankOf({ id, name }: Named, wanted: string): number {
  const at = name.toLowerCase().indexOf(wanted);
  if (at === 0) return 0;
  if (at > 0) return name.toLowerCase().split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)) ? 1 : 2;
  return id.toLowerCase().includes(wanted) ? 3 : 4;
}
