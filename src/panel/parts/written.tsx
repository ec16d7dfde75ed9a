/** A value with its unit: the number carries the weight, the unit stays light. */
import { type Worded, written } from "../words/format.ts";

interface Props {
  value: unknown;
  field: Worded;
}

export function Written({ value, field }: Props) {
  const { text, unit } = written(value, field);
  return (
    <span className="whitespace-nowrap">
      {text}
      {unit && <span className="unit">{unit}</span>}
    </span>
  );
}
