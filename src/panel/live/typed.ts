/** What of a query is being typed at the caret: a name, or one of the values after it [O10]. Pure. */

export interface Typed {
  /** What a suggestion takes the place of. */
  from: number;
  to: number;
  /** The part before the caret, in lower case and without quotes. */
  text: string;
  /** What stands before the value, in lower case; null where a name or free text is typed. */
  field: string | null;
  sign: string;
  /** The other values of the same term. */
  taken: readonly string[];
  /** The query without this term. */
  others: string;
  /** More has to follow: the hub would only say so. */
  isHalf: boolean;
}

const HEAD = /^-?(?:([A-Za-z_]+)(:)|([A-Za-z_]\w*)(!=|[<>]=?|=))/;

export function typedAt(text: string, caret: number): Typed {
  const [start, end] = partAround(text, caret, /\s/, 0, text.length);
  const term = text.slice(start, end);
  const others = [text.slice(0, start).trim(), text.slice(end).trim()].filter((part) => part !== "").join(" ");
  const head = HEAD.exec(term);
  const valuesFrom = start + (head?.[0].length ?? 0);
  const isOpen = term.split('"').length % 2 === 0;
  if (!head || caret < valuesFrom) {
    const from = start + (term.startsWith("-") ? 1 : 0);
    return {
      from,
      to: end,
      text: plain(text.slice(from, caret)),
      field: null,
      sign: "",
      taken: [],
      others,
      isHalf: isOpen || term === "-",
    };
  }
  const [from, to] = partAround(text, caret, /,/, valuesFrom, end);
  const taken = `${text.slice(valuesFrom, from)}${text.slice(to, end)}`.split(",").map(plain).filter((one) =>
    one !== ""
  );
  return {
    from,
    to,
    text: plain(text.slice(from, caret)),
    field: (head[1] ?? head[3]).toLowerCase(),
    sign: head[2] ?? head[4],
    taken,
    others,
    isHalf: isOpen || from === to,
  };
}

const plain = (text: string): string => text.replaceAll('"', "").toLowerCase();

/** From the divider before the caret to the one after it; what stands in quotes divides nothing. */
function partAround(text: string, caret: number, divider: RegExp, from: number, to: number): [number, number] {
  let start = from;
  let isQuoted = false;
  for (let at = from; at < to; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (isQuoted || !divider.test(text[at])) continue;
    if (at >= caret) return [start, at];
    start = at + 1;
  }
  return [start, to];
}

/** The text with this at its place, and where the caret is then. A whole term gets a space, so that the next may follow. */
export function taking(
  text: string,
  { from, to }: Typed,
  insert: string,
  isWhole: boolean,
): [text: string, caret: number] {
  const rest = text.slice(to);
  const put = isWhole && !/^[\s,]/.test(rest) ? `${insert} ` : insert;
  return [text.slice(0, from) + put + rest, from + put.length];
}
