/** A sentence of the catalogue with elements in it: `{name}` marks the place of each, wherever a language puts it. */
import { Fragment, type ReactNode } from "react";

interface Props {
  text: string;
  with: Record<string, ReactNode>;
}

export const Say = ({ text, with: elements }: Props) =>
  text.split(/\{(\w+)\}/).map((part, at) => <Fragment key={at}>{at % 2 === 0 ? part : elements[part]}</Fragment>);
