/** What an administrator may change of a device: name and tags, its tokens, and last its being here. */
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { faultOf } from "../../live/fault.ts";
import { path, rest } from "../../live/rest.ts";
import type { Shown } from "../../live/watch.ts";
import { Ago } from "../../parts/age.tsx";
import { Secret } from "../../parts/copy.tsx";
import { mayAs, useMe } from "../../parts/me.ts";
import { ForAdministrators } from "../../parts/notice.tsx";
import { tell } from "../../parts/tell.tsx";
import { toast } from "../../parts/toast.tsx";
import { useTitle } from "../../shell/title.ts";
import { SETTINGS, TABS } from "../../words/device.ts";
import { refusalInWords } from "../../words/road.ts";
import { useAbout } from "./about.ts";
import { Say } from "../../parts/say.tsx";
import { TYPE } from "../../words/common.ts";

export function SettingsTab() {
  const { device } = useAbout();
  useTitle(`${device.name} · ${TABS.settings}`);
  if (!mayAs(useMe(), "admin")) return <ForAdministrators />;
  return (
    <div className="device-settings">
      <Naming device={device} />
      <Tokens device={device.id} />
      <Deleting device={device} />
    </div>
  );
}

function Naming({ device }: { device: Shown }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaved, setSaved] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const tags = String(form.get("tags")).split(/[\s,]+/).filter(Boolean);
    const before = { name: device.name ?? device.id, tags: device.tags ?? [] };
    try {
      await rest("PATCH", path.device(device.id), { name: String(form.get("name")).trim() || device.id, tags });
      setProblem(null);
      setSaved(true);
      toast(SETTINGS.told, async () => {
        await rest("PATCH", path.device(device.id), before);
        setSaved(false);
        for (const [name, value] of [["name", before.name], ["tags", before.tags.join(" ")]]) {
          (element.elements.namedItem(name) as HTMLInputElement).value = value;
        }
      });
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
    }
  };
  return (
    <form className="settings-part" onSubmit={submit} onChange={() => setSaved(false)}>
      <h2 className="heading">{SETTINGS.naming}</h2>
      <label className="label mt-3" htmlFor="device-name">{SETTINGS.name}</label>
      <input
        id="device-name"
        name="name"
        className="input"
        defaultValue={device.name}
        maxLength={120}
        autoComplete="off"
      />
      <label className="label mt-3" htmlFor="device-tags">{SETTINGS.tags}</label>
      <input
        id="device-tags"
        name="tags"
        className="input"
        defaultValue={device.tags?.join(" ")}
        autoComplete="off"
        spellCheck={false}
      />
      <p className="hint">{SETTINGS.tagsHint}</p>
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
      <button type="submit" className="button mt-3">{isSaved ? SETTINGS.saved : SETTINGS.save}</button>
    </form>
  );
}

interface Token {
  tokenId: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** [I4] Two may live side by side, so that a device can be moved from one to the next. */
function Tokens({ device }: { device: string }) {
  const [tokens, setTokens] = useState<Token[] | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = async () => setTokens((await rest<{ items: Token[] }>("GET", path.tokens(device))).items);
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
      setProblem(null);
      await read();
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
    }
  };
  useEffect(() => void attempt(async () => {}), [device]);
  const make = () => attempt(async () => setMade((await rest<{ token: string }>("POST", path.tokens(device))).token));
  const revoke = (id: string) => attempt(async () => void await rest("DELETE", path.token(device, id)));
  return (
    <section className="settings-part" aria-label={SETTINGS.tokens}>
      <h2 className="heading">{SETTINGS.tokens}</h2>
      <p className="hint">{SETTINGS.tokensHint}</p>
      <ul className="mt-2">
        {tokens?.map(({ tokenId, createdAt, lastUsedAt }) => (
          <li key={tokenId} className="flex items-center gap-3 border-t border-line py-2">
            <span className="grow">
              <Say
                text={lastUsedAt ? SETTINGS.madeAndUsed : SETTINGS.madeOnly}
                with={{ made: <Ago at={createdAt} />, used: lastUsedAt && <Ago at={lastUsedAt} /> }}
              />
            </span>
            <Revoke
              onSure={() =>
                void revoke(tokenId)}
            />
          </li>
        ))}
      </ul>
      {made && (
        <div className="mt-2">
          <Secret text={made} what={SETTINGS.theToken} />
          <p className="hint">{SETTINGS.once}</p>
          <button type="button" className="button small mt-2" onClick={() => setMade(null)}>{SETTINGS.kept}</button>
        </div>
      )}
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
      {!made && tokens && tokens.length < 2 && (
        <button
          type="button"
          className="button mt-2"
          onClick={() => void make()}
        >
          {SETTINGS.newToken}
        </button>
      )}
    </section>
  );
}

/** Asked again first: a device that is cut off may be far away. */
function Revoke({ onSure }: { onSure(): void }) {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return <button type="button" className="button small" onClick={() => setAsked(true)}>{SETTINGS.revoke}</button>;
  }
  return (
    <>
      <button type="button" className="button small" onClick={() => setAsked(false)}>{SETTINGS.keep}</button>
      <button type="button" className="button small danger" onClick={onSure}>{SETTINGS.revokeNow}</button>
    </>
  );
}

function Deleting({ device }: { device: Shown }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await rest("DELETE", path.device(device.id));
      tell(SETTINGS.deleted(device.name ?? device.id));
      void navigate({ to: "/devices" });
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
    }
  };
  return (
    <form className="settings-part danger-zone" aria-label={SETTINGS.danger} onSubmit={remove}>
      <h2 className="heading">{SETTINGS.danger}</h2>
      <p className="hint">{SETTINGS.deletingHint}</p>
      <label className="label mt-3" htmlFor="delete-id">
        <Say text={TYPE.word} with={{ word: <code className="font-mono wrap-anywhere">{device.id}</code> }} />
      </label>
      <div className="flex gap-2">
        <input
          id="delete-id"
          className="input font-mono"
          value={typed}
          autoComplete="off"
          onChange={({ target }) => setTyped(target.value)}
        />
        <button type="submit" className="button danger" disabled={typed.trim() !== device.id}>
          {SETTINGS.deleting}
        </button>
      </div>
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
    </form>
  );
}
