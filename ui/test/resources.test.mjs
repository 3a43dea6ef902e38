import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const source = async (name) =>
  (await runnerImport(new URL(`../src/resources/${name}`, import.meta.url).pathname)).module;
const { pieces } = await source('pieces.ts');
const { happenings } = await source('timeline.ts');

async function cut(text, most) {
  const all = [];
  for await (const { data, firstLine, end } of pieces(new Blob([text]), most)) {
    all.push([await data.text(), firstLine, end]);
  }
  return all;
}

test('a file is cut into whole lines, and nothing of it is lost', async () => {
  assert.deepEqual(await cut('a\nb\nc\nd', 2), [
    ['a\nb\n', 1, 4],
    ['c\nd', 3, 7],
  ]);
  assert.deepEqual(await cut('a\nb\n', 2), [['a\nb\n', 1, 4]]);
  assert.deepEqual(await cut('', 2), []);
  const long = `${'x'.repeat(1 << 20)}é\n`.repeat(3);
  const found = await cut(long, 1);
  assert.equal(found.length, 3);
  assert.equal(found.map(([text]) => text).join(''), long);
  assert.deepEqual(
    found.map(([, line]) => line),
    [1, 2, 3],
  );
});

test('what was with a resource is one line of time, the newest first', () => {
  const owners = [
    { member: 'a', member_name: 'Ada', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    { member: 'b', member_name: 'Ben', from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' },
    { member: 'a', member_name: 'Ada', from: '2026-04-01T00:00:00Z', to: null },
  ];
  const assignments = [{ member: 'c', member_name: 'Cas', from: '2026-01-15T00:00:00Z', to: '2026-03-15T00:00:00Z' }];
  const activities = [
    { id: '1', kind: 'visit', member: 'b', member_name: 'Ben', note: '', at: '2026-02-01T00:00:00Z' },
    { id: '2', kind: 'seen', member: null, member_name: '', note: '', at: '2025-12-01T00:00:00Z' },
  ];
  const said = happenings({ owners, assignments, activities }).map(({ what, person = '', before = '' }) =>
    [what, person, before].filter(Boolean).join(' '),
  );
  assert.deepEqual(said, [
    'owned Ada',
    'taken_off Cas',
    'given_up Ben',
    'activity Ben',
    'handed Ben Ada',
    'assigned Cas',
    'owned Ada',
    'activity',
  ]);
});
