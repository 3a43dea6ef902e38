import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(root, { recursive: true }).filter((name) => /\.(tsx?|css)$/.test(name));
const read = (name) => readFileSync(join(root, name), 'utf8');

test('no two modules are told apart by capitals alone, which some systems do not see', () => {
  const modules = files.filter((name) => /\.tsx?$/.test(name)).map((name) => name.replace(/(\.d)?\.tsx?$/, ''));
  const seen = new Map();
  const alike = modules.filter((name) => {
    const before = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return before !== undefined;
  });
  assert.deepEqual(alike, []);
});

test('every class of a style sheet is worn', () => {
  const sources = files.filter((name) => /\.tsx?$/.test(name)).map((name) => ({ name, text: read(name) }));
  const unworn = files
    .filter((name) => name.endsWith('.module.css'))
    .flatMap((sheet) => {
      const worn = sources.map(({ name, text }) => wornIn(text, name, sheet));
      return classesOf(read(sheet))
        .filter((one) => !worn.some((wears) => wears(one)))
        .map((one) => `${sheet} .${one}`);
    });
  assert.deepEqual(unworn, []);
});

const classesOf = (css) => {
  const rules = css.replace(/\/\*[\s\S]*?\*\/|:global\([^)]*\)/g, '').matchAll(/\.([a-zA-Z][\w-]*)(?=[^{}]*\{)/g);
  return [...new Set([...rules].map(([, name]) => name))];
};

/** Whether a source takes a class of a sheet: as `sheet.name`, or with the whole sheet that it hands on. */
function wornIn(text, name, sheet) {
  const imports = [...text.matchAll(/import (\w+) from '(.+?\.module\.css)'/g)];
  const [, as] = imports.find(([, , from]) => join(dirname(name), from) === sheet) ?? [];
  if (!as) return () => false;
  const whole = text.includes(`classNames={${as}}`);
  return (one) => whole || new RegExp(`\\b${as}\\.${one}\\b`).test(text);
}
