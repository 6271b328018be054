import { cp } from "node:fs/promises";
import { build } from "esbuild";

await build({ entryPoints: ["src/main.js"], bundle: true, format: "esm", minify: true, outdir: "dist" });
// esbuild does not take along the files that new URL("...", import.meta.url) names: see indexURL in main.js.
await cp("node_modules/heddle/dist", "dist/heddle", { recursive: true });
