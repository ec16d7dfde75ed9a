/** Lists with nothing in them: what that means, and the one thing to do. */
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { Mark } from "../parts/mark.tsx";
import { Say } from "../parts/say.tsx";
import { EMPTY, SEARCH } from "../words/list.ts";

export const EmptyHub = ({ mayAdd }: { mayAdd: boolean }) => (
  <div className="flex grow flex-col items-center justify-center px-6 py-16 text-center">
    <Mark isClear size={56} />
    <h1 className="mt-6 text-huge font-semibold">{EMPTY.title}</h1>
    <p className="mt-1 mb-6 max-w-[44ch] text-ink2">
      {mayAdd ? EMPTY.mayAdd : EMPTY.mayNot}
    </p>
    {mayAdd && (
      <Link to="/add" className="button primary">
        <Plus size={16} aria-hidden="true" />
        {EMPTY.add}
      </Link>
    )}
  </div>
);

interface Props {
  q: string;
  problem?: string;
  onClear(): void;
}

export const NoMatch = ({ q, problem, onClear }: Props) => (
  <div className="flex grow flex-col items-center px-6 pt-24 text-center">
    <p className="text-large font-semibold">{problem ? EMPTY.bad : EMPTY.none}</p>
    <p className="mt-1 mb-5 max-w-[60ch] break-words text-ink2">
      {problem
        ? problem.replace(/^(q|query): /, "")
        : <Say text={EMPTY.nothing} with={{ q: <code className="font-mono">{q}</code> }} />}
    </p>
    <button type="button" className="button" onClick={onClear}>{SEARCH.clear}</button>
  </div>
);
