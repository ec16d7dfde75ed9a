/** The one polite live region: outcomes are told in it, live values never [WCAG 4.1.3]. */
import { useValue, valueOf } from "../live/value.ts";

const told = valueOf("");

export const tell = (text: string): void => told.set(text);

export const Teller = () => <div className="sr-only" role="status">{useValue(told)}</div>;
