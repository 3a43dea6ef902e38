import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('../src/credits/amount.ts', import.meta.url).pathname);
const { amountOf, wrongWith } = module;

test('an amount is digits, and nothing is guessed at', () => {
  assert.equal(amountOf('40'), 40);
  assert.equal(amountOf(' 1 000 '), 1000);
  assert.equal(amountOf('0'), 0);
  for (const written of ['', '-1', '1.5', '1,5', '1.000', '1e3', '+4', 'x', '٤', '9'.repeat(17)]) {
    assert.equal(amountOf(written), undefined, written);
  }
});

test('what is in the way of a move is told by its field and the code of the API', () => {
  const from = { id: 'company', credits: 100 };
  const to = { id: 'mem_1' };
  const wrong = (written, other = to) => wrongWith({ from, to: other, written });
  assert.equal(wrong('100'), undefined);
  assert.deepEqual(wrong('101'), { field: 'amount', code: 'insufficient' });
  assert.deepEqual(wrong('0'), { field: 'amount', code: 'out_of_range' });
  assert.deepEqual(wrong('1000000000000001'), { field: 'amount', code: 'out_of_range' });
  assert.deepEqual(wrong('1.5'), { field: 'amount', code: 'malformed' });
  assert.deepEqual(wrong(' '), { field: 'amount', code: 'required' });
  assert.deepEqual(wrong('1', from), { field: 'to', code: 'same' });
  assert.deepEqual(wrongWith({ from, to: undefined, written: '1' }), { field: 'to', code: 'required' });
});
