/** Streams as the runtime has them, for packages that would bring their own: see `[alias]` in wrangler.toml. */
export * from "node:stream";
