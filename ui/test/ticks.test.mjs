import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('../src/billing/ticks.ts', import.meta.url).pathname);
const { evenTicks } = module;

test('the figures beside a chart stand at even distances', () => {
  assert.deepEqual(evenTicks(1), [0, 1]);
  assert.deepEqual(evenTicks(4), [0, 1, 2, 3, 4]);
  assert.deepEqual(evenTicks(7), [0, 2, 4, 6]);
  assert.deepEqual(evenTicks(10), [0, 5, 10]);
  assert.deepEqual(evenTicks(45), [0, 20, 40]);
  assert.deepEqual(evenTicks(1000), [0, 500, 1000]);
});
