/**
 * What a first visitor downloads before a form's first question shows, from the
 * build's own manifest, as gzip and brotli send it. Fails above the budget.
 *
 *   npm run build && npm run sizes
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const BUDGET = 200_000;
const built = fileURLToPath(new URL('../../static/build/field/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${built}manifest.json`, 'utf8'));

const needed = new Set();
function take(key) {
  const chunk = manifest[key];
  if (!chunk || needed.has(chunk.file)) return;
  needed.add(chunk.file);
  for (const style of chunk.css ?? []) needed.add(style);
  for (const other of chunk.imports ?? []) take(other);
}
const keys = Object.keys(manifest);
keys.filter((key) => manifest[key].isEntry).forEach(take);
take(keys.find((key) => key.endsWith('pages/FillPage.tsx')));
take(keys.find((key) => key.includes('xforms-engine')));

const total = { gzip: 0, brotli: 0 };
for (const file of needed) {
  const bytes = readFileSync(built + file);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  total.gzip += gzip;
  total.brotli += brotli;
  process.stdout.write(`${String(gzip).padStart(8)} gzip ${String(brotli).padStart(8)} brotli  ${file}\n`);
}
process.stdout.write(`${String(total.gzip).padStart(8)} gzip ${String(total.brotli).padStart(8)} brotli  before the first question (budget ${BUDGET})\n`);
if (total.gzip > BUDGET) process.exitCode = 1;
