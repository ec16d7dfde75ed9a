/** How the panel is built: hashed files in dist/panel, nothing inline, so that a strict CSP holds. */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const hub = { target: "http://localhost:8000", changeOrigin: false };
const socket = { ...hub, ws: true };

export default defineConfig({
  base: "/",
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "../../dist/panel",
    emptyOutDir: true,
    // A data: URL in a script or style would need a hole in the CSP.
    assetsInlineLimit: 0,
    target: "es2023",
  },
  worker: { format: "es" },
  server: {
    proxy: { "/api": hub, "/healthz": hub, "/docs": hub, "/operator": socket, "/device": socket },
  },
});
