/** A table or cards: as somebody liked it last, or as the address says. */
import { Link } from "@tanstack/react-router";
import { LayoutGrid, Rows3, Tv } from "lucide-react";
import { LAYOUT } from "../../words/list.ts";
import { WALL } from "../../words/wall.ts";

export const LAYOUTS = ["table", "cards"] as const;
export type Layout = typeof LAYOUTS[number];

const SHAPES = { table: Rows3, cards: LayoutGrid };

interface Props {
  q: string;
  layout: Layout;
  onLayout(layout: Layout): void;
}

export const LayoutSwitch = ({ q, layout, onLayout }: Props) => (
  <div className="layout-switch" role="group" aria-label={LAYOUT.label}>
    {LAYOUTS.map((one) => {
      const Shape = SHAPES[one];
      return (
        <button
          key={one}
          type="button"
          className="button small quiet square"
          aria-pressed={one === layout}
          aria-label={LAYOUT[one]}
          title={LAYOUT[one]}
          onClick={() => onLayout(one)}
        >
          <Shape size={16} aria-hidden="true" />
        </button>
      );
    })}
    <Link
      to="/wall"
      search={q ? { q } : {}}
      className="button small quiet square"
      aria-label={WALL.show}
      title={WALL.show}
    >
      <Tv size={16} aria-hidden="true" />
    </Link>
  </div>
);
