/** The files that a device sent, newest first: what the hub keeps, then what comes [B9]. */
import { useEffect, useState } from "react";
import type { BlobView } from "../../protocol/record.ts";
import { hub } from "./connection.ts";
import { type Page, path, rest } from "./rest.ts";

/** The device's watch has to include its events: a blob is told with them. */
export function useBlobs(device: string): readonly BlobView[] {
  const [blobs, setBlobs] = useState<readonly BlobView[]>([]);
  useEffect(() => {
    setBlobs([]);
    const read = async () => {
      try {
        setBlobs((await rest<Page<BlobView>>("GET", path.blobs(device))).items);
      } catch {
        // The banner tells of a hub that is away.
      }
    };
    if (hub.link.get().phase === "open") void read();
    const stops = [
      hub.onOpen(() => void read()),
      hub.onBlob((blob) => {
        if (blob.device === device) setBlobs((known) => [blob, ...known.filter(({ id }) => id !== blob.id)]);
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [device]);
  return blobs;
}
