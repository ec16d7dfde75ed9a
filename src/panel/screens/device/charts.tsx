/** The past of up to four values over the same time, with what was asked and what happened on the axis. */
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import { Charts } from "../../chart/charts.tsx";
import { Swatch } from "../../chart/panel.tsx";
import type { NamedMark } from "../../chart/plot.tsx";
import { type ChartSearch, MOST_SHOWN, searchOf, stretchOf, usualSpan, type View, viewOf } from "../../chart/view.ts";
import { type FieldModel, fieldOf, fieldsOf, propertiesOf, sentence } from "../../form/field.ts";
import { curlGet } from "../../live/curl.ts";
import { useMarks } from "../../live/marks.ts";
import type { Mark } from "../../live/marks.ts";
import { path } from "../../live/rest.ts";
import type { Shown } from "../../live/watch.ts";
import { hubNow } from "../../live/time.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { useTitle } from "../../shell/title.ts";
import { TABS } from "../../words/device.ts";
import { CHARTS, SPANS } from "../../words/history.ts";
import { type About, useAbout } from "./about.ts";
import { shownFields } from "./values.tsx";

const route = getRouteApi("/devices/$id/charts");

export function ChartsTab() {
  const about = useAbout();
  useTitle(`${about.device.name} · ${TABS.charts}`);
  return about.kind ? <Fields {...about} kind={about.kind} /> : null;
}

function Fields({ device, kind, ledger }: About & { kind: KindDocument }) {
  const search: ChartSearch = route.useSearch();
  const navigate = route.useNavigate();
  const view = useMemo(() => viewOf(search), [search.show, search.span, search.from, search.to]);
  const fields = useMemo(() => allFields(kind), [kind]);
  const chosen = view.names.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const shown = chosen.length > 0 ? chosen : fields.slice(0, 1);
  const look = (next: Partial<View>) =>
    void navigate({ search: searchOf({ ...view, ...next }), replace: true, resetScroll: false });
  const marks = useNamed(
    useMarks(device.id, ledger, { span: view.span ?? SPANS[1].span, from: view.stretch?.from }),
    kind,
  );
  if (shown.length === 0) return <p className="py-3 text-ink3">{CHARTS.measuresNothing}</p>;
  return (
    <div className="device-charts">
      <Chosen fields={fields} shown={shown} onChoose={(names) => look({ names })} />
      <div className="values">
        <Charts device={device} fields={shown} view={view} marks={marks} onView={look}>
          <CopyButton text={() => curlOf(device, shown, view)} label={CHARTS.curl} />
        </Charts>
        <p className="chart-legend">
          {marks.length > 0 && <Legend marks={marks} />}
          <span className="max-sm:hidden">{CHARTS.keys}</span>
        </p>
      </div>
    </div>
  );
}

/** Also what the overview leaves out. */
function allFields(kind: KindDocument): FieldModel[] {
  const first = shownFields(kind);
  return [
    ...first,
    ...fieldsOf(kind.properties.telemetry).filter(({ name }) => !first.some((one) => one.name === name)),
  ];
}

interface ChosenProps {
  fields: readonly FieldModel[];
  shown: readonly FieldModel[];
  onChoose(names: string[]): void;
}

function Chosen({ fields, shown, onChoose }: ChosenProps) {
  const names = shown.map(({ name }) => name);
  const isFull = names.length >= MOST_SHOWN;
  return (
    <div className="chips" role="group" aria-label={CHARTS.fields}>
      {fields.map(({ name, title, class: kept }) => {
        const place = names.indexOf(name);
        const isShown = place >= 0;
        return (
          <button
            key={name}
            type="button"
            aria-pressed={isShown}
            disabled={isShown ? names.length === 1 : isFull}
            title={!isShown && isFull ? CHARTS.four : undefined}
            onClick={() => onChoose(isShown ? names.filter((one) => one !== name) : [...names, name])}
          >
            {isShown && names.length > 1 && kept !== "state" && <Swatch place={place} />}
            {title}
          </button>
        );
      })}
    </div>
  );
}

/** Under the crosshair a mark says what it is. */
function useNamed(marks: readonly Mark[], kind: KindDocument): NamedMark[] {
  return useMemo(() => {
    const events = propertiesOf(kind.properties.events);
    const titleOf = ({ tone, name }: Mark): string => {
      if (tone !== "event") return kind.commands[name]?.title ?? sentence(name);
      return Object.hasOwn(events, name) ? fieldOf(name, events[name]).title : sentence(name);
    };
    return marks.map((mark) => ({ ...mark, title: `${titleOf(mark)}, ${CHARTS.marks[mark.tone]}` }));
  }, [marks, kind]);
}

const TONES = ["command", "failed", "event"] as const;

const Legend = ({ marks }: { marks: readonly NamedMark[] }) =>
  TONES.filter((tone) => marks.some((mark) => mark.tone === tone)).map((tone) => (
    <span key={tone}>
      <i data-tone={tone} aria-hidden="true" />
      {CHARTS.marks[tone]}
    </span>
  ));

/** [A2.8] What is shown, for a program: one call for each field. */
function curlOf({ id, createdAt = 0 }: Shown, fields: readonly FieldModel[], { span, stretch }: View): string {
  const now = hubNow();
  const range = stretchOf({ span: span ?? usualSpan(createdAt, now), stretch, now, since: createdAt });
  return fields.map(({ name }) => curlGet(path.history(id, { field: name, ...range }))).join("\n");
}
