import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const budget = 140_000;

/** Everything the browser loads for these entries, by what the build says it imports. */
function loaded(manifest, entries) {
  const files = new Set();
  const visit = (name) => {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const other of chunk.imports ?? []) visit(other);
  };
  for (const entry of entries) visit(entry);
  return [...files].filter((file) => /\.(js|css)$/.test(file));
}

test('the sign-in page loads under 140 kB of script and style, gzipped', () => {
  assert.ok(existsSync(new URL('manifest.json', dist)), 'there is no build to weigh: npm run build');
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'));
  const entries = ['index.html', 'src/signin/SignInPage.tsx', '../internal/language/en.json?part=door'];
  for (const entry of entries) assert.ok(manifest[entry], `${entry} is not in the build`);

  const sizes = loaded(manifest, entries).map((file) => [gzipSync(readFileSync(new URL(file, dist))).length, file]);
  const total = sizes.reduce((sum, [size]) => sum + size, 0);
  const list = sizes.sort((a, b) => b[0] - a[0]).map(([size, file]) => `${size} ${file}`);
  assert.ok(total < budget, `${total} bytes:\n${list.join('\n')}`);
});
