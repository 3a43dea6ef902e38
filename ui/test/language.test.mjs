import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runnerImport } from 'vite';
import { files } from './source.mjs';

const folder = new URL('../../internal/language/', import.meta.url);
const languages = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name.slice(0, -5), flat(JSON.parse(readFileSync(new URL(name, folder), 'utf8')).app)]),
);
const english = languages.en;

function flat(section, prefix = '') {
  return Object.fromEntries(
    Object.entries(section).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flat(value, `${prefix}${key}.`)),
    ),
  );
}

/** A key without its plural form and its context: "users.count_other" and "users.title@team" to what code asks for. */
const asked = (key) => key.replace(/_(zero|one|two|few|many|other)$/, '').replace(/@[^.@]+$/, '');
const placeholders = (text) => [...text.matchAll(/\{\{-?\s*(\w+)[^}]*\}\}/g)].map(([, name]) => name);
const where = (file, { line }) => `src/${file.name}:${line}`;

for (const [code, words] of Object.entries(languages)) {
  test(`${code} has every key of English, in its own plural forms`, () => {
    const forms = new Set(new Intl.PluralRules(code).resolvedOptions().pluralCategories);
    const plural = (key) => /_(one|other)$/.test(key);
    const missing = Object.keys(english).filter((key) => {
      if (!plural(key) || forms.has(key.replace(/^.*_/, ''))) return !(key in words);
      return false;
    });
    assert.deepEqual(missing, [], `missing in ${code}`);
    const surplus = Object.keys(words).filter((key) => !(key in english) && !plural(key));
    assert.deepEqual(surplus, [], `in ${code} but not in English`);
  });

  test(`${code} fills the same placeholders as English and leaves nothing empty`, () => {
    for (const [key, text] of Object.entries(words)) {
      assert.notEqual(text.trim(), '', key);
      // One of something may be said without its number.
      const counted = (names) => [...new Set(names.filter((name) => name !== 'count'))].sort();
      const original = english[key] ?? english[`${asked(key)}_other`];
      assert.deepEqual(counted(placeholders(text)), counted(placeholders(original)), `${code}: ${key}`);
    }
  });

  test(`${code} speaks calmly`, () => {
    const loud = Object.entries(words).filter(([, text]) => /!|\bOops\b|\bplease\b/i.test(text));
    assert.deepEqual(loud, []);
  });
}

test('Dutch calls the reader by one word everywhere', () => {
  const formal = Object.entries(languages.nl).filter(([, text]) => /(?<![\p{L}-])uw?(?![\p{L}-])/iu.test(text));
  assert.deepEqual(formal, []);
});

test('every key that the source asks for is in the language file', () => {
  const keys = new Set(Object.keys(english).map(asked));
  for (const file of files) {
    for (const one of file.asked) {
      const known = one.exact ? keys.has(one.exact) : [...keys].some((key) => one.pattern.test(key));
      assert.ok(known, `${where(file, one)}: ${one.exact ?? one.pattern} is in no language file`);
    }
  }
});

test('every key of the language file is asked for', () => {
  const patterns = files.flatMap((file) => file.asked.map(({ pattern }) => pattern));
  const strings = new Set(files.flatMap((file) => [...file.strings]));
  const unused = [...new Set(Object.keys(english).map(asked))].filter(
    (key) => !strings.has(key) && !patterns.some((pattern) => pattern.test(key)),
  );
  assert.deepEqual(unused, []);
});

test('calls fill exactly the placeholders of their words', () => {
  for (const file of files) {
    for (const one of file.asked) {
      if (!one.exact || !one.given) continue;
      const texts = Object.entries(english).filter(([key]) => asked(key) === one.exact);
      const wanted = new Set(texts.flatMap(([, text]) => placeholders(text)));
      const plural = texts.some(([key]) => key.endsWith('_other'));
      const unused = one.given.filter((name) => !wanted.has(name) && !(plural && name === 'count'));
      const unfilled = [...wanted].filter((name) => !one.given.includes(name));
      assert.deepEqual({ unused, unfilled }, { unused: [], unfilled: [] }, `${where(file, one)}: ${one.exact}`);
    }
  }
});

test('nothing visible is written outside the language files', () => {
  const found = files.flatMap((file) => file.shown.map((one) => `${where(file, one)}: ${one.text}`));
  assert.deepEqual(found, []);
});

test('every page asks only for words of the parts that are loaded with it', async () => {
  const { module } = await runnerImport(new URL('../languages.ts', import.meta.url).pathname);
  const partsOf = (key) => module.partsOf(key.split('.')[0]);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const pages = byPath.get(files.find(({ name }) => name === 'Pages.tsx').path);
  const source = readFileSync(pages.path, 'utf8');
  const joining = [...source.matchAll(/knowing\('joining', import\('(.+?)'\)/g)].map(([, path]) => path.slice(2));
  const door = [...source.matchAll(/page\(\(\) => import\('(.+?)'\)/g)]
    .map(([, path]) => path.slice(2))
    .filter((path) => path.startsWith('signin/') || path.endsWith('NotFoundPage'));

  const check = (names, parts) => {
    const seen = new Set();
    const visit = (path, loaded) => {
      const file = byPath.get(path);
      if (!file || seen.has(path) || file === pages) return;
      seen.add(path);
      for (const one of file.asked.filter(({ exact }) => exact)) {
        assert.ok(
          partsOf(one.exact).some((part) => loaded.includes(part)),
          `${where(file, one)}: ${one.exact} is not loaded on ${names}`,
        );
      }
      for (const imported of file.imports) visit(imported, loaded);
      for (const { path, part } of file.further) visit(path, [...loaded, part]);
    };
    for (const name of names) visit(files.find((file) => file.name === `${name}.tsx`).path, parts);
  };

  check(['App', ...door], ['door']);
  check(joining, ['door', 'joining']);
  check(['shell/Shell', 'account/HomePage', 'account/SettingsPage', 'me/MePage'], ['door', 'inside']);
  check(['activity/ActivityPage', 'users/UsersPage'], ['door', 'inside']);
});
