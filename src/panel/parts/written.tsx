/** A value with its unit: the number carries the weight, the unit stays light. */
import type { FieldModel } from "../form/field.ts";
import { written } from "../words/format.ts";

interface Props {
  value: unknown;
  field: Pick<FieldModel, "unit" | "precision" | "deviceClass">;
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
