/** In place of a list: why there is none, and the one thing to do about it. */
import type { ReactNode } from "react";
import { type HubFault, NO_ANSWER } from "../live/fault.ts";
import { faultInWords } from "../words/words.ts";

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

export const ForAdministrators = () => (
  <Notice title="For administrators">Your role does not open this page. Ask an administrator of this hub.</Notice>
);

interface NotReadProps {
  /** As the subject of a sentence: `The tokens`. */
  what: string;
  problem: HubFault;
  onRetry(): void;
}

export const NotRead = ({ what, problem, onRetry }: NotReadProps) => (
  <Notice
    title={`${what} could not be read`}
    action={<button type="button" className="button" onClick={onRetry}>Try again</button>}
  >
    {whyNotRead(problem)}
  </Notice>
);

/** Reading changes nothing, so nothing may have been accepted. */
export const whyNotRead = ({ code, message }: HubFault): string => code === NO_ANSWER ? message : faultInWords(code);
