import { defineConfig } from "vitest/config";

// Paths are relative, so that the page works under whatever prefix a proxy puts in front of /flow/.
export default defineConfig({
  base: "./",
  build: {
    outDir: "dist",
    target: "es2022",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 200,
  },
  server: {
    proxy: Object.fromEntries(["/3", "/4", "/99"].map((prefix) => [prefix, "http://127.0.0.1:54321"])),
  },
  test: { environment: "node", include: ["tests/**/*.test.{ts,tsx}"] },
});
