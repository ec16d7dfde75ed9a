/** Blobs by REST: bytes that a device sent, shown so that they can do nothing [B9]. */
import { page } from "../protocol/body.ts";
import { ask, DEVICE, of } from "./asking.ts";
import type { Answer, Asked, Route } from "./route.ts";

const TAG = "Blobs";

export const blobs: Route[] = [
  {
    method: "GET",
    path: `${DEVICE}/blobs`,
    tag: TAG,
    who: "viewer",
    summary: "What a device sent of pictures and the like, newest first",
    query: page,
    status: 200,
    answer: "{items, next, total}",
    lists: "Blob",
    run: (asked) => ask(asked, "list_blobs", { ...of(asked), ...asked.query }),
  },
  {
    method: "GET",
    path: `${DEVICE}/blobs/{blob}`,
    tag: TAG,
    who: "viewer",
    summary: "The bytes of a blob",
    status: 200,
    answer: "the bytes, as the device's media type",
    type: "*/*",
    run: fetchBlob,
  },
];

/** What a browser may show in its place; anything else is a file. */
const SHOWN_IN_PLACE = ["image/jpeg", "image/png"];

async function fetchBlob(asked: Asked): Promise<Answer> {
  const blob = await ask(asked, "get_blob", { ...of(asked), blob: asked.params.blob });
  if (!blob.ok) return blob;
  const { id, mime, bytes } = blob.value;
  const disposition = SHOWN_IN_PLACE.includes(mime) ? "inline" : "attachment";
  return {
    ok: true,
    value: bytes,
    headers: {
      "Content-Type": mime,
      "Content-Disposition": `${disposition}; filename="${id}"`,
      "Content-Security-Policy": "sandbox",
    },
  };
}
