/** A blob on its way, held against its header [B1, B3]. */
import { sha256 } from "../../device/sha256.ts";
import type { FrameOf } from "../../protocol/from_device.ts";
import { MAX_BLOB } from "../../protocol/words.ts";

type Header = FrameOf<"blob">;

export class Announced {
  readonly header: Header;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(header: Header) {
    this.header = header;
  }

  /** What is wrong with the announcement itself [B2]. */
  refusal(types: readonly string[]): string | undefined {
    const { mime, size } = this.header;
    if (!types.includes(mime)) return `one of ${mime}; the kind has ${types.join(", ") || "none"}`;
    if (size > MAX_BLOB) return `one of ${size} bytes; 4 MiB are the most`;
  }

  take(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  get isWhole(): boolean {
    return this.#bytes >= this.header.size;
  }

  /** What came otherwise than announced, once all of it is there. */
  flaw(): string | undefined {
    const { id, size, sha256: announced } = this.header;
    if (this.#bytes > size) return `${id}: ${this.#bytes} bytes came where ${size} were announced`;
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    if (sha256(bytes) !== announced) return `${id}: its checksum is another one`;
  }
}
