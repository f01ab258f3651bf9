// Compresses the built files once (.gz and .br beside each) and fails when the page has grown beyond its budget:
// what the first visit loads, and everything together. Sizes are gzip bytes of scripts and styles.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const KB = 1024;
const FIRST_LOAD = 180 * KB;
const EVERYTHING = 450 * KB;
const COUNTED = new Set([".js", ".css"]);
const COMPRESSED = new Set([".js", ".css", ".html", ".svg", ".json"]);
const folder = process.argv[2] ?? "dist";

function files(under) {
  return readdirSync(under, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(under, entry.name)) : [join(under, entry.name)],
  );
}

const sizes = new Map();
for (const path of files(folder)) {
  if (!COMPRESSED.has(extname(path)) || path.endsWith("manifest.json")) continue;
  const content = readFileSync(path);
  const zipped = gzipSync(content, { level: 9 });
  writeFileSync(`${path}.gz`, zipped);
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: statSync(path).size } }),
  );
  if (COUNTED.has(extname(path))) sizes.set(path, zipped.length);
}

const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
const first = new Set();
function follow(name) {
  const chunk = manifest[name];
  const path = join(folder, chunk.file);
  if (first.has(path)) return;
  first.add(path);
  for (const style of chunk.css ?? []) first.add(join(folder, style));
  for (const other of chunk.imports ?? []) follow(other);
}
for (const [name, chunk] of Object.entries(manifest)) if (chunk.isEntry) follow(name);

const total = (paths) => [...paths].reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
const shown = (bytes) => `${(bytes / KB).toFixed(1)} KB`;
const loaded = total(first);
const all = total(sizes.keys());
console.log(`first load ${shown(loaded)} of ${shown(FIRST_LOAD)}; everything ${shown(all)} of ${shown(EVERYTHING)} (gzip)`);
if (loaded > FIRST_LOAD || all > EVERYTHING) {
  for (const [path, size] of [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 10)) console.error(`  ${shown(size)}  ${path}`);
  console.error("The page is larger than its budget.");
  process.exit(1);
}
