/** In place of a list: why there is none, and the one thing to do about it. */
import type { ReactNode } from "react";
import { type HubFault, NO_ANSWER } from "../live/fault.ts";
import { faultInWords } from "../words/words.ts";
import { ADMINISTRATORS, DO, notRead } from "../words/common.ts";

interface Props {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

export const Notice = ({ title, children, action }: Props) => (
  <div className="flex grow flex-col items-center px-6 pt-24 pb-16 text-center">
    <p className="text-large font-semibold">{title}</p>
    <p className="mt-1 mb-5 max-w-[60ch] text-balance text-ink2">{children}</p>
    {action}
  </div>
);

export const ForAdministrators = () => <Notice title={ADMINISTRATORS.title}>{ADMINISTRATORS.sentence}</Notice>;

interface NotReadProps {
  /** As the subject of a sentence: `The tokens`. */
  what: string;
  problem: HubFault;
  onRetry(): void;
}

export const NotRead = ({ what, problem, onRetry }: NotReadProps) => (
  <Notice
    title={notRead(what)}
    action={<button type="button" className="button" onClick={onRetry}>{DO.tryAgain}</button>}
  >
    {whyNotRead(problem)}
  </Notice>
);

/** Reading changes nothing, so nothing may have been accepted. */
export const whyNotRead = ({ code, message }: HubFault): string => code === NO_ANSWER ? message : faultInWords(code);
