import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module: way } = await runnerImport(new URL('../src/signin/way.ts', import.meta.url).pathname);

const account = 'acc_06f3k2t9d5r7v8w1x2y3z4a5b6';
const own = `/a/${account}`;
const origin = 'https://tenure.example';

/** Numbers by chance that come again with the same seed (mulberry32). */
function chanceOf(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Where a browser of the origin would be after going on. */
function after(back) {
  const search = new URLSearchParams();
  if (back !== undefined) search.set('return', back);
  return new URL(way.returnPath(search, account), `${origin}/sign-in`);
}

const pieces = [
  own,
  '/',
  '//',
  '\\',
  '/\\',
  '..',
  '.',
  '%2e%2e',
  '%2f',
  '%5c',
  'evil.example',
  '@evil.example',
  'https:',
  'https://evil.example',
  'javascript:alert(1)',
  'data:,x',
  '\t',
  '\n',
  '\r',
  '\u0000',
  ' ',
  '?',
  '#',
  ':',
  ';',
  '/users',
  '/a/',
  'acc_other',
  '&return=',
  '\u2028',
  '／',
  '．',
];

test('whatever the link says, signing in leads to a page of this app', () => {
  const seed = Number(process.env.TENURE_FUZZ_SEED ?? Date.now() % 2 ** 31);
  const until = Date.now() + 1000 * Number(process.env.TENURE_FUZZ_SECONDS ?? 0);
  const chance = chanceOf(seed);
  for (let tried = 0; tried < 20_000 || Date.now() < until; tried += 1) {
    let back = chance(2) ? own : '';
    for (let n = chance(7); n > 0; n -= 1) back += pieces[chance(pieces.length)];
    const to = after(back);
    assert.equal(to.origin, origin, `seed ${seed}: ${JSON.stringify(back)} leads to ${to}`);
    assert.ok(
      to.pathname === own || to.pathname.startsWith(`${own}/`),
      `seed ${seed}: ${JSON.stringify(back)} leads to ${to.pathname}`,
    );
  }
});

test('the way back is gone if it was in the account', () => {
  assert.equal(after(`${own}/users?status=inactive`).href, `${origin}${own}/users?status=inactive`);
  assert.equal(after(`${own}`).pathname, own);
  for (const elsewhere of [
    undefined,
    '',
    '/',
    `${own}x`,
    '/a/acc_other/users',
    '//evil.example',
    'https://evil.example',
    `${own}/../../sign-up`,
  ]) {
    assert.equal(after(elsewhere).href, `${origin}${own}`, elsewhere);
  }
});

test('signing in leads back to the product, and to nothing that only looks like it', () => {
  const to = (back, product) => way.productPage(new URLSearchParams({ return: back }), product);
  const product = 'https://example.com/app/';
  for (const page of ['', 'cases/24-017', 'map?near=1']) assert.equal(to(product + page, product), product + page);
  for (const elsewhere of [
    '',
    '/app/',
    'https://example.com/',
    'https://example.com/app',
    'https://example.com/application/',
    'https://example.com/app/../a/acc_1/users',
    'https://example.com/app/%2e%2e/sign-in',
    'http://example.com/app/',
    'https://example.com:8443/app/',
    'https://example.com.evil.example/app/',
    'https://evil.example/app/',
    'https://evil.example\\@example.com/app/',
    'javascript:alert(1)//https://example.com/app/',
  ]) {
    assert.equal(to(elsewhere, product), undefined, elsewhere);
  }
  assert.equal(to('https://somebody:canary@example.com/app/', product), product);
  assert.equal(to(product, ''), undefined);
});
