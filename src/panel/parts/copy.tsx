/** Copying, and secrets that are shown once. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { tell } from "./tell.tsx";
import { DO, SAY } from "../words/common.ts";

/** The clipboard exists only over https and on this computer; elsewhere the old way still works. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "sr-only";
  // Inside an open dialog: what is outside of it cannot be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}

interface Props {
  /** What takes a while to put together is made when it is asked for. */
  text: string | (() => string | Promise<string>);
  label?: string;
  className?: string;
}

export function CopyButton({ text, label = DO.copy, className = "button small" }: Props) {
  const [isCopied, setCopied] = useState(false);
  const click = async () => {
    const made = typeof text === "string" ? text : await Promise.resolve().then(text).catch(() => null);
    const done = made !== null && await copy(made);
    tell(done ? SAY.toldCopied : SAY.notCopied);
    setCopied(done);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" className={className} onClick={click}>
      {isCopied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      {isCopied ? SAY.copied : label}
    </button>
  );
}

/** A token in the one moment in which it can be seen. */
export const Secret = ({ text, what }: { text: string; what: string }) => (
  <div className="secret">
    <code className="grow break-all select-all" aria-label={what}>{text}</code>
    <CopyButton text={text} className="button small primary" />
  </div>
);
