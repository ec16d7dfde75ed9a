/** A text as a QR code: always dark on light, with its quiet border, so that every camera reads it in every theme. */
import { useMemo } from "react";
import { encode } from "uqr";

interface Props {
  text: string;
  /** What it holds, for whoever cannot see it. */
  label: string;
}

/** Light modules around it that readers need. */
const QUIET = 4;

export function Qr({ text, label }: Props) {
  const { path, size } = useMemo(() => drawn(text), [text]);
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect className="qr-light" width={size} height={size} />
      <path className="qr-dark" d={path} />
    </svg>
  );
}

/** One path, a run of dark modules at a time. */
function drawn(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { border: QUIET, ecc: "M" });
  const runs = data.flatMap((row, y) => {
    const found: string[] = [];
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const from = x;
      while (x < size && row[x]) x++;
      found.push(`M${from} ${y}h${x - from}v1h-${x - from}z`);
    }
    return found;
  });
  return { path: runs.join(""), size };
}
