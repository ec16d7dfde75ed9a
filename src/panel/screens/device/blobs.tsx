/** Pictures and other files that the device sent: the newest large, the others to choose from. */
import { useState } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import type { BlobView } from "../../../protocol/record.ts";
import { useBlobs } from "../../live/blobs.ts";
import { path } from "../../live/rest.ts";
import { Ago } from "../../parts/age.tsx";
import { inWords, wholeMomentOf } from "../../words/format.ts";
import { BLOBS } from "../../words/device.ts";

interface Props {
  device: string;
  kind: KindDocument;
}

/** What a page may show; the rest is to be saved [B8]. */
const PICTURES = ["image/jpeg", "image/png"];

export function Blobs({ device, kind }: Props) {
  const blobs = useBlobs(device);
  const [chosen, setChosen] = useState<string | null>(null);
  if (kind.blobs.length === 0) return null;
  const shown = blobs.find(({ id }) => id === chosen) ?? blobs[0];
  return (
    <section className="ledger" aria-label={BLOBS.title}>
      <h2 className="heading">{BLOBS.title}</h2>
      {shown === undefined ? <p className="py-3 text-ink3">{BLOBS.none}</p> : (
        <div className="blobs">
          <Shown blob={shown} />
          <ul>
            {blobs.map(({ id, at, size, mime }) => (
              <li key={id}>
                <button
                  type="button"
                  aria-pressed={id === shown.id}
                  onClick={() => setChosen(id === blobs[0].id ? null : id)}
                >
                  <Ago at={at} /> <span className="text-ink3">{inWords(size, { unit: "B" })}, {mime}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Shown({ blob: { device, id, at, mime } }: { blob: BlobView }) {
  const address = path.blob(device, id);
  return PICTURES.includes(mime)
    ? (
      <a href={address}>
        <img key={id} src={address} alt={BLOBS.pictureOf(wholeMomentOf(at))} />
      </a>
    )
    : <a className="link" href={address} download>{BLOBS.save(id)}</a>;
}
