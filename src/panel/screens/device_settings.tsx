/** What an administrator may change of a device: name and tags, its tokens, its being here. */
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { faultOf } from "../live/fault.ts";
import { path, rest } from "../live/rest.ts";
import type { Shown } from "../live/watch.ts";
import { Ago } from "../parts/age.tsx";
import { Secret } from "../parts/copy.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { tell } from "../parts/tell.tsx";
import { refusalInWords } from "../words/road.ts";

interface Props {
  device: Shown;
  onClose(): void;
}

export default function DeviceSettings({ device, onClose }: Props) {
  const [isShowingSecret, setShowing] = useState(false);
  return (
    <Dialog title={`Settings · ${device.name}`} onClose={onClose} isSticky={isShowingSecret}>
      <Naming device={device} />
      <Tokens device={device.id} onShow={setShowing} />
      <Deleting device={device} />
    </Dialog>
  );
}

function Naming({ device }: { device: Shown }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaved, setSaved] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const tags = String(form.get("tags")).split(/[\s,]+/).filter(Boolean);
    try {
      await rest("PATCH", path.device(device.id), { name: String(form.get("name")).trim() || device.id, tags });
      setProblem(null);
      setSaved(true);
      tell("Saved.");
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
    }
  };
  return (
    <form onSubmit={submit} onChange={() => setSaved(false)}>
      <label className="label" htmlFor="device-name">Name</label>
      <input
        id="device-name"
        name="name"
        className="input"
        defaultValue={device.name}
        maxLength={120}
        autoComplete="off"
      />
      <label className="label mt-3" htmlFor="device-tags">Tags</label>
      <input
        id="device-tags"
        name="tags"
        className="input"
        defaultValue={device.tags?.join(" ")}
        autoComplete="off"
        spellCheck={false}
      />
      <p className="hint">With spaces between. A tag finds devices: tag:roof.</p>
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
      <button type="submit" className="button mt-3">{isSaved ? "Saved" : "Save"}</button>
    </form>
  );
}

interface Token {
  tokenId: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** [I4] Two may live side by side, so that a device can be moved from one to the next. */
function Tokens({ device, onShow }: { device: string; onShow(isShowing: boolean): void }) {
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
  const show = (token: string | null) => {
    setMade(token);
    onShow(token !== null);
  };
  useEffect(() => void attempt(async () => {}), [device]);
  const make = () => attempt(async () => show((await rest<{ token: string }>("POST", path.tokens(device))).token));
  const revoke = (id: string) => attempt(async () => void await rest("DELETE", path.token(device, id)));
  return (
    <section className="mt-5 border-t border-line pt-4">
      <h3 className="heading">Tokens</h3>
      <p className="hint">
        At most two, so that the next one is in place before the old one goes. Revoking one cuts its connection at once.
      </p>
      <ul className="mt-2">
        {tokens?.map(({ tokenId, createdAt, lastUsedAt }) => (
          <li key={tokenId} className="flex items-center gap-3 border-t border-line py-2">
            <span className="grow">
              Made <Ago at={createdAt} />,{" "}
              <span className="text-ink3">
                {lastUsedAt
                  ? (
                    <>
                      used <Ago at={lastUsedAt} />
                    </>
                  )
                  : "never used"}
              </span>
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
          <Secret text={made} what="The new token" />
          <p className="hint">It is shown this once.</p>
          <button type="button" className="button small mt-2" onClick={() => show(null)}>I have kept it</button>
        </div>
      )}
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
      {!made && tokens && tokens.length < 2 && (
        <button
          type="button"
          className="button mt-2"
          onClick={() => void make()}
        >
          New token
        </button>
      )}
    </section>
  );
}

/** Asked again first: a device that is cut off may be far away. */
function Revoke({ onSure }: { onSure(): void }) {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) return <button type="button" className="button small" onClick={() => setAsked(true)}>Revoke…</button>;
  return (
    <>
      <button type="button" className="button small" onClick={() => setAsked(false)}>Keep it</button>
      <button type="button" className="button small danger" onClick={onSure}>Revoke and cut</button>
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
      tell(`${device.name} is deleted.`);
      void navigate({ to: "/" });
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
    }
  };
  return (
    <form className="mt-5 border-t border-line pt-4" onSubmit={remove}>
      <h3 className="heading">Delete</h3>
      <p className="hint">
        Its history, its commands and its tokens are erased, and its connection is cut. This cannot be undone.
      </p>
      <label className="label mt-3" htmlFor="delete-id">
        Type <code className="font-mono">{device.id}</code> to go on
      </label>
      <div className="flex gap-2">
        <input
          id="delete-id"
          className="input font-mono"
          value={typed}
          autoComplete="off"
          onChange={({ target }) => setTyped(target.value)}
        />
        <button type="submit" className="button danger" disabled={typed.trim() !== device.id}>Delete</button>
      </div>
      {problem && <p className="problem mt-1" role="alert">{problem}</p>}
    </form>
  );
}
