/** For a page: `beRelay(url, token)`. */
import { beRelay } from "./relay.ts";

Object.assign(globalThis, { beRelay });
