import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const read = async (name) => (await runnerImport(new URL(`../src/keys/${name}.ts`, import.meta.url).pathname)).module;
const { standingOf, withheld } = await read('standing');
const { dayOf, endOf } = await read('term');

const now = Date.parse('2026-03-10T12:00:00Z');
const in_ = (days) => new Date(now + days * 86_400_000).toISOString();
const key = (change = {}) => ({
  permissions: ['members.read', 'events.read'],
  last_used_at: in_(-1),
  expires_at: null,
  ...change,
});
const maker = (permissions, factorDue = false) => ({ permissions, factorDue });
const able = maker(['events.read', 'members.read', 'keys.manage']);

test('how a key stands is the gravest that there is to say of it', () => {
  const table = [
    ['used', key(), able],
    ['used', key({ expires_at: in_(15) }), able],
    ['unused', key({ last_used_at: null }), able],
    ['ending', key({ expires_at: in_(14), last_used_at: null }), able],
    ['limited', key({ expires_at: in_(2) }), maker(['members.read'])],
    ['barred', key({ expires_at: in_(2) }), maker(['keys.manage'])],
    ['barred', key(), maker(able.permissions, true)],
    ['over', key({ expires_at: in_(0) }), maker([], true)],
    // Whose maker is not read yet, nothing bad is said of.
    ['used', key(), undefined],
  ];
  for (const [standing, one, whose] of table) assert.equal(standingOf(one, whose, now), standing);
});

test('what is withheld from a key is what its maker may not do', () => {
  assert.deepEqual(withheld(key(), able), []);
  assert.deepEqual(withheld(key(), maker(['members.read', 'roles.manage'])), ['events.read']);
  assert.deepEqual(withheld(key(), undefined), []);
});

test('a term ends after its days, with its day, or not at all', () => {
  const end = (span, day = '') => endOf({ span, day }, now);
  assert.equal(end('30').toISOString(), '2026-04-09T12:00:00.000Z');
  assert.equal(end('365').toISOString(), '2027-03-10T12:00:00.000Z');
  assert.equal(end('never'), undefined);
  assert.equal(end('keep'), undefined);
  for (const day of ['', '2026-13-01', 'soon']) assert.equal(end('date', day), undefined, day);
  const last = end('date', '2026-03-29');
  assert.equal(dayOf(last), '2026-03-29');
  assert.equal(dayOf(new Date(last.getTime() + 1000)), '2026-03-30');
});
