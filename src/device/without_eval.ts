/** To be imported before any schema is made, where a page's policy forbids `eval`: zod would try it otherwise. */
import { z } from "zod";

z.config({ jitless: true });
