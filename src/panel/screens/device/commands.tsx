/** All that was asked of the device: what is under way on top, then newest first, by outcome where somebody looks for one. */
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import type { CommandRecord } from "../../../protocol/record.ts";
import { CommandDialog } from "../../control/command_dialog.tsx";
import { type Situation, whyNot } from "../../control/permit.ts";
import { RoadOf } from "../../control/road.tsx";
import { useSituation } from "../../control/situation.ts";
import type { CommandModel } from "../../form/controls.ts";
import { sentence } from "../../form/field.ts";
import { countsOf, type Standing, STANDINGS, standsAs, underWay } from "../../live/command_filter.ts";
import { curlGet } from "../../live/curl.ts";
import { alreadyAsked, send } from "../../live/ledger.ts";
import type { Travel } from "../../live/travel.ts";
import type { Shown } from "../../live/watch.ts";
import { path } from "../../live/rest.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { tell } from "../../parts/tell.tsx";
import { useTitle } from "../../shell/title.ts";
import { COMMANDS, TABS } from "../../words/device.ts";
import { type About, useAbout } from "./about.ts";
import { CommandRow, isAskedAgain, modelOf, Older, type Retry } from "./command_rows.tsx";

const route = getRouteApi("/devices/$id/commands");

export function CommandsTab() {
  const about = useAbout();
  useTitle(`${about.device.name} · ${TABS.commands}`);
  const { kind } = about;
  return kind ? <Steerable {...about} kind={kind} /> : <Records {...about} />;
}

/** What its kind lets be sent again. */
function Steerable(about: About & { kind: KindDocument }) {
  const { device, kind, ledger } = about;
  const situation = useSituation(kind, device);
  const [asking, setAsking] = useState<CommandModel | null>(null);
  const retry: Retry = {
    why: (model) => whyNot(situation, model),
    again(record, model) {
      if (isAskedAgain(model)) return setAsking(model);
      const wanted = { device: device.id, name: record.name, params: record.params };
      if (!alreadyAsked(wanted)) tell(COMMANDS.sentAgain(model.title));
      void send(wanted);
    },
  };
  const travels = underWay(ledger);
  const whyOf = ({ ask, record }: Travel) => {
    const model = modelOf(kind, (record ?? ask)!.name);
    return model ? whyNot(situation, model) : null;
  };
  return (
    <>
      <div className="under-way">
        {travels.map((travel) => (
          <UnderWay
            key={travel.key}
            travel={travel}
            kind={kind}
            device={device}
            situation={situation}
            why={whyOf(travel)}
          />
        ))}
      </div>
      <Records {...about} retry={retry} />
      {asking && (
        <CommandDialog
          command={asking}
          device={device}
          kind={kind}
          why={whyNot(situation, asking)}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

interface UnderWayProps {
  travel: Travel;
  kind: KindDocument;
  device: Shown;
  situation: Situation;
  why: string | null;
}

function UnderWay({ travel, kind, device, situation, why }: UnderWayProps) {
  const { name, params } = (travel.record ?? travel.ask)!;
  const title = modelOf(kind, name)?.title ?? sentence(name);
  const percent = travel.record?.progress?.percent;
  return (
    <section aria-label={title}>
      <RoadOf
        device={device}
        situation={situation}
        title={titleOf(title, params)}
        isTitled
        travel={travel}
        why={why}
      />
      {percent !== undefined && travel.record?.finishedAt === undefined && (
        <progress aria-label={COMMANDS.progress} max={100} value={percent} />
      )}
    </section>
  );
}

const titleOf = (title: string, params: CommandRecord["params"]) =>
  Object.keys(params).length === 0
    ? title
    : `${title} ${Object.values(params).map((one) => JSON.stringify(one)).join(", ")}`;

function Records({ device, kind, ledger: { records, next, total }, retry }: About & { retry?: Retry }) {
  const { standing } = route.useSearch();
  const shown = records.filter((record) => standsAs(record, standing));
  return (
    <section className="ledger" aria-label={COMMANDS.title}>
      <header className="ledger-tools">
        <h2 className="heading">{COMMANDS.title}</h2>
        <Standings records={records} chosen={standing} />
        <span className="grow text-ink3">{total > 0 && COMMANDS.shown(shown.length, records.length, total)}</span>
        <CopyButton text={() => curlGet(`${path.commands(device.id)}?limit=100`)} label={COMMANDS.curl} />
      </header>
      {shown.length === 0
        ? <p className="py-3 text-ink3">{records.length === 0 ? COMMANDS.none : COMMANDS.noMatch}</p>
        : (
          <ul>
            {shown.map((record) => (
              <CommandRow key={record.id} record={record} model={modelOf(kind, record.name)} onRetry={retry} />
            ))}
          </ul>
        )}
      {next !== null && <Older device={device.id} next={next} />}
    </section>
  );
}

function Standings({ records, chosen }: { records: readonly CommandRecord[]; chosen: Standing | undefined }) {
  const navigate = route.useNavigate();
  const counts = countsOf(records);
  const all = [undefined, ...Object.keys(STANDINGS) as Standing[]];
  return (
    <div className="chips" role="group" aria-label={COMMANDS.filter}>
      {all.map((standing) => (
        <button
          key={standing ?? ""}
          type="button"
          aria-pressed={standing === chosen}
          onClick={() => void navigate({ search: { standing }, replace: true })}
        >
          {standing ? COMMANDS.standings[standing] : COMMANDS.every}
          {standing && counts[standing] > 0 && <span>{counts[standing]}</span>}
        </button>
      ))}
    </div>
  );
}
