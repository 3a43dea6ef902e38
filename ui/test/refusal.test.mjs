import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const internal = new URL('../../internal/', import.meta.url);
const { app } = JSON.parse(readFileSync(new URL('language/en.json', internal), 'utf8'));

/** Codes that a screen acts on, or that only a program that is wrong or who runs the server can get. */
const unspoken = [
  'account_required',
  'wrong_user',
  'unknown_field',
  'too_large',
  'rate_limited',
  'key_ended',
  'last_operator_key',
  'invalid_keys',
  'receipt_unreadable',
  'receipt_key_unknown',
  'receipt_forged',
];

const sources = readdirSync(internal, { recursive: true })
  .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
  .map((name) => readFileSync(new URL(name, internal), 'utf8'));

const codesIn = (pattern) =>
  new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, code]) => code)));

test('every refusal of the server has words', () => {
  const codes = codesIn(/fault\.(?:Conflict|Gone|Forbidden|Unprocessable|TooMany|Unavailable)\(\s*"([a-z_]+)"/g);
  assert.ok(codes.size > 20, 'the pattern finds the codes');
  const spoken = [...Object.keys(app.problem), ...Object.keys(app.refusal)].map((key) =>
    key.replace(/_(one|other)$/, ''),
  );
  const missing = [...codes].filter((code) => !spoken.includes(code) && !unspoken.includes(code));
  assert.deepEqual(missing, []);
});
