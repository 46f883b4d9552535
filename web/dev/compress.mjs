// Writes each asset's .br and .gz beside it, and files.txt: what there is to serve. The server compresses nothing itself.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/'))
  .filter((name) => !/\.(br|gz)$/.test(name) && name !== 'files.txt')
  .sort();

let packed = 0;
for (const name of files) {
  // The page itself is completed by the server for each request's depth, so it is sent as it is.
  if (name === 'index.html') continue;
  const bytes = readFileSync(join(dist, name));
  const br = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(join(dist, `${name}.br`), br);
  writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  packed += br.length;
}
writeFileSync(join(dist, 'files.txt'), files.map((name) => `${name}\n`).join(''));
console.log(`${files.length} files, ${Math.round(packed / 1024)} KB compressed`);
