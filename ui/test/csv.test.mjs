import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module: csv } = await runnerImport(new URL('../src/file/csv.ts', import.meta.url).pathname);

test('cells with separators and quotes come back whole', () => {
  assert.equal(csv.csvOf([['a', 'b,c', 'd"e', 'f\ng']]), 'a,"b,c","d""e","f\ng"');
});

test('no cell is a formula to a spreadsheet', () => {
  for (const text of ['=1+1', '+31 6 1234', '-1', '@SUM(A1)', '\t=1', '\r=1']) {
    assert.match(csv.cell(text), /^"?'/, JSON.stringify(text));
  }
  assert.equal(csv.cell('maria@x.nl'), 'maria@x.nl');
});
