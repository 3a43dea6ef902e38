import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module: addresses } = await runnerImport(new URL('../src/invitations/addresses.ts', import.meta.url).pathname);
const { add, ready, reasonAgainst, split, splitFile, without, wrong, wrongInDraft } = addresses;

test('addresses are found however people write them down', () => {
  const cases = {
    'a@x.nl': ['a@x.nl'],
    'a@x.nl, b@x.nl;c@x.nl\td@x.nl\r\ne@x.nl': ['a@x.nl', 'b@x.nl', 'c@x.nl', 'd@x.nl', 'e@x.nl'],
    'a@x.nl b@x.nl': ['a@x.nl', 'b@x.nl'],
    'Maria Jansen <maria@x.nl>': ['maria@x.nl'],
    '"Jansen, Maria" <maria@x.nl>, Jan <jan@x.nl>': ['maria@x.nl', 'jan@x.nl'],
    'Jansen, Maria <maria@x.nl>': ['maria@x.nl'],
    'mailto:a@x.nl': ['a@x.nl'],
    '"a@x.nl"': ['a@x.nl'],
    ' ,;\n': [],
  };
  for (const [text, found] of Object.entries(cases)) assert.deepEqual(split(text), found, text);
});

test('words without an address are kept, so that nobody is left out in silence', () => {
  assert.deepEqual(split('a@x.nl, maria'), ['a@x.nl', 'maria']);
  assert.deepEqual(split('maria jansen@x.nl'), ['maria jansen@x.nl']);
});

test('a quote that is never closed swallows no more than its line', () => {
  assert.deepEqual(split('"a@x.nl\nb@x.nl'), ['"a@x.nl', 'b@x.nl']);
});

test('of a file only the cells with an address count', () => {
  const file = '\uFEFFName,E-mail,Department\r\n"Jansen, Maria",maria@x.nl,Sales\r\nJan,jan@x.nl,\r\n';
  assert.deepEqual(splitFile(file), ['maria@x.nl', 'jan@x.nl']);
});

test('an address that cannot be invited says why', () => {
  const cases = {
    maria: 'no_at',
    'maria@@x.nl': 'two_ats',
    'ma ria@x.nl': 'spaces',
    '@x.nl': 'no_name',
    'maria@': 'no_domain',
    'maria@x': 'domain_incomplete',
    'maria@x.': 'domain_incomplete',
    'maria@10.0.0.1': 'domain_incomplete',
    'maria@.x.nl': 'dots',
    'maria@x..nl': 'dots',
    '.maria@x.nl': 'dots',
    'ma..ria@x.nl': 'dots',
    'ma(ria)@x.nl': 'characters',
    'maria@x_y.nl': 'characters',
    'maria@-x.nl': 'characters',
    [`${'m'.repeat(65)}@x.nl`]: 'too_long',
    [`m@${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}.${'v'.repeat(20)}.nl`]: 'too_long',
    'maria@x.nl': undefined,
    "o'neill+news@sub.x-y.example": undefined,
    'josé@bücher.example': undefined,
  };
  for (const [email, reason] of Object.entries(cases)) assert.equal(reasonAgainst(email), reason, email);
});

test('what is merely not written yet is not wrong', () => {
  for (const begun of ['m', 'maria', 'maria@', 'maria@x', 'maria@x.', 'maria@x-']) {
    assert.equal(reasonAgainst(begun, [], true), undefined, begun);
  }
  assert.equal(reasonAgainst('maria@@', [], true), 'two_ats');
});

test('several addresses in the box are judged one by one, and the last is still being typed', () => {
  assert.equal(wrongInDraft('', []), undefined);
  assert.equal(wrongInDraft('a@x.nl, b@x.nl, mar', []), undefined);
  assert.deepEqual(wrongInDraft('a@@x.nl, b@x.nl', []), { email: 'a@@x.nl', reason: 'two_ats' });
  assert.deepEqual(wrongInDraft('maria jansen', []), { email: 'maria jansen', reason: 'spaces' });
});

test('only the domains of the account are taken, where it names some', () => {
  assert.equal(reasonAgainst('maria@x.nl', ['y.nl']), 'domain_not_allowed');
  assert.equal(reasonAgainst('maria@Y.nl', ['y.nl']), undefined);
});

test('an address that is there twice is wrong once, until the first is taken away', () => {
  const list = add([], ['Maria@x.nl', 'maria@X.nl', 'jan@x.nl']);
  assert.deepEqual(
    wrong(list).map(({ email, reason }) => [email, reason]),
    [['maria@X.nl', 'duplicate']],
  );
  assert.equal(ready(without(list, list[0].id)).length, 2);
});
