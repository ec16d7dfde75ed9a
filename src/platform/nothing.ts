/** In the place of packages that MQTT.js can use, and does not on Workers: see `[alias]` in wrangler.toml. */
export {};
