/** Every key of the present screen and what it does, from the table that they are made of. */
import { useValue } from "../live/value.ts";
import { keysShown, type Shortcut, shortcuts } from "./keys.ts";

export function KeyTable() {
  const groups = Map.groupBy(useValue(shortcuts), ({ group }) => group);
  return (
    <div className="key-table">
      {[...groups].map(([group, list]) => (
        <section key={group} aria-label={group}>
          <h2 className="heading">{group}</h2>
          <dl>{list.map((shortcut) => <Line key={shortcut.keys} shortcut={shortcut} />)}</dl>
        </section>
      ))}
    </div>
  );
}

const Line = ({ shortcut: { keys, label } }: { shortcut: Shortcut }) => (
  <div>
    <dt>{label}</dt>
    <dd>{keysShown(keys).map((key, index) => <kbd key={index} className="key">{key}</kbd>)}</dd>
  </div>
);
