/** The narrow page before the panel: signing in, claiming, and a hub that does not answer. */
import type { ReactNode } from "react";
import { Mark } from "../parts/mark.tsx";
import { ThemeButton } from "../parts/theme.tsx";
import { pageTitle, SAY } from "../words/common.ts";

interface Props {
  title: string;
  lead: string;
  isClear?: boolean;
  children: ReactNode;
}

export const Gate = ({ title, lead, isClear = true, children }: Props) => (
  <main className="gate">
    <title>{pageTitle(title)}</title>
    <div className="w-full max-w-[400px]">
      <div className="mb-6 flex items-center gap-2 text-large font-semibold">
        <Mark isClear={isClear} size={28} />
        {SAY.brand}
      </div>
      <div className="rounded-[10px] border border-line bg-surface p-6">
        <h1 className="text-huge font-semibold leading-7">{title}</h1>
        <p className="mt-1 mb-5 text-ink2">{lead}</p>
        {children}
      </div>
    </div>
    <div className="absolute top-3 right-4">
      <ThemeButton />
    </div>
  </main>
);
