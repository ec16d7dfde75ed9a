/** What a device can be here: every kind with how many there are of it. */
import { Link } from "@tanstack/react-router";
import { useCounted } from "../../live/kind_counts.ts";
import { useKinds } from "../../live/kinds.ts";
import { KindIcon } from "../../parts/icon.tsx";
import { useTitle } from "../../shell/title.ts";
import { KINDS } from "../../words/kinds.ts";
import "../../styles/kinds.css";

const ALL = { queries: [""], total: 0 };

export function KindsScreen() {
  useTitle(KINDS.title);
  const kinds = useKinds();
  const counted = useCounted(ALL, kinds);
  const countOf = (name: string) => counted?.counts.find(({ kind }) => kind.kind === name)?.devices ?? 0;
  return (
    <>
      <div className="page-head">
        <h1>{KINDS.title}</h1>
        <p>{KINDS.lead}</p>
      </div>
      <ul className="kind-cards">
        {[...kinds.values()].map(({ kind, title, description, icon }) => (
          <li key={kind}>
            <KindIcon name={icon} />
            <div className="min-w-0">
              <Link to="/kinds/$kind" params={{ kind }} className="row-link">{title}</Link>
              <p>{description}</p>
              <p className="count">{counted ? KINDS.devices(countOf(kind)) : ""}</p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
