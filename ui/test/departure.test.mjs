import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const read = async (name) =>
  (await runnerImport(new URL(`../src/departure/${name}.ts`, import.meta.url).pathname)).module;
const { answersOf, decisionsOf, heldIn, losesDecisions, missing, refusals, standing, toDecide } =
  await read('decisions');
const { canComeBack, courseOf } = await read('course');
const { firstLook, nextLook, waits } = await read('pace');
const { summed } = await read('sum');
const { inputOf, momentOf } = await read('time');
const { Problem, suspendEach } = (await runnerImport(new URL('turns.mjs', import.meta.url).pathname)).module;

const anna = 'mem_anna';
const bo = 'mem_bo';
const plan = (some = {}) => ({ state: 'draft', blockers: [], needed: [], effects: [], decisions: {}, ...some });
const credits = {
  code: 'unused_credits',
  resolve: ['decisions.credits.to_company', 'decisions.credits.to_member'],
  count: 12,
};
const phone = { code: 'phone_required', resolve: ['decisions.phone'] };
const pins = {
  code: 'decision_required',
  options: ['decisions.resources.by_type.pin', 'decisions.resources.by_id'],
  count: 5,
};

test('what is asked is what a plan waits for, and what it would settle by itself', () => {
  const table = [
    [[], plan()],
    [['credits'], plan({ blockers: [credits] })],
    [['resources'], plan({ needed: [pins] })],
    [['resources'], plan({ effects: [{ kind: 'resources_left', count: 3 }] })],
    [['credits', 'phone'], plan({ blockers: [phone], effects: [{ kind: 'credits_kept', count: 1 }] })],
    [['invitations'], plan({ effects: [{ kind: 'invitations_reassigned', count: 2 }] })],
    // What there is none of is not asked about.
    [
      [],
      plan({
        effects: [
          { kind: 'invitations_reassigned', count: 0 },
          { kind: 'sessions_ended', count: 2 },
        ],
      }),
    ],
    // A number that was noted when the access ended is not asked for again; before, it can be corrected.
    [['phone'], plan({ effects: [{ kind: 'phone_set' }] })],
    [[], plan({ state: 'settling', effects: [{ kind: 'phone_set' }] })],
    // The number of one of several is noted in their own place.
    [[], plan({ blockers: [{ ...phone, resolve: ['edit_member'] }] })],
  ];
  for (const [asked, one] of table) assert.deepEqual(toDecide(one), asked);
});

test('what no decision resolves stands in the way', () => {
  const owner = { code: 'last_owner', resolve: ['promote_another'] };
  assert.deepEqual(standing(plan({ blockers: [owner, credits, phone] })), [owner]);
  const refused = { code: 'successor_invalid', resolve: ['decisions.resources'], to: bo, count: 2 };
  assert.deepEqual(standing(plan({ blockers: [refused] })), []);
  assert.deepEqual(refusals(plan({ blockers: [refused] }), 'resources'), [refused]);
  assert.deepEqual(refusals(plan({ blockers: [refused] }), 'credits'), []);
});

test('how many there are is the same before and after it is decided', () => {
  const needed = plan({ needed: [pins, { ...pins, count: 2 }], effects: [{ kind: 'resources_left', count: 1 }] });
  assert.equal(heldIn(needed, 'resources'), 8);
  const moved = [
    { kind: 'resources_transferred', count: 6 },
    { kind: 'resources_left', count: 2 },
  ];
  assert.equal(heldIn(plan({ effects: moved }), 'resources'), 8);
  assert.equal(heldIn(plan({ blockers: [credits] }), 'credits'), 12);
});

test('an answer is a decision, and a decision the same answer again', () => {
  const begun = answersOf(plan({ needed: [pins] }));
  assert.equal(begun.way, '', 'what has to be decided has no answer of itself');
  assert.equal(answersOf(plan({ effects: [{ kind: 'resources_left', count: 3 }] })).way, 'leave');
  const table = [
    [{ way: 'leave' }, { default: { leave: true } }],
    [{ way: 'one', to: anna }, { default: { to: anna } }],
    [{ way: 'split', among: [anna, bo] }, { split: [anna, bo] }],
    [{ way: 'type', byType: { pin: anna, case: 'leave' } }, { by_type: { pin: { to: anna }, case: { leave: true } } }],
    [
      { way: 'each', rest: bo, byId: { 'pin/1': anna, 'pin/2': 'leave' } },
      { default: { to: bo }, by_id: { 'pin/1': { to: anna }, 'pin/2': { leave: true } } },
    ],
  ];
  for (const [answer, resources] of table) {
    const decisions = decisionsOf(plan(), { ...begun, ...answer }, ['resources']);
    assert.deepEqual(decisions, { resources });
    const again = answersOf(plan({ decisions }));
    assert.deepEqual(decisionsOf(plan(), again, ['resources']), { resources }, answer.way);
    assert.equal(again.way, answer.way);
  }
  for (const [answer, decided] of [
    [{ credits: 'keep' }, null],
    [{ credits: 'company' }, { to: 'company' }],
    [{ credits: 'member', heir: anna }, { to: anna }],
  ]) {
    assert.deepEqual(decisionsOf(plan(), { ...begun, ...answer }, ['credits']), { credits: decided });
    assert.equal(answersOf(plan({ decisions: { ...(decided && { credits: decided }) } })).credits, answer.credits);
  }
  assert.deepEqual(decisionsOf(plan(), { ...begun, phone: ' 020 ', withdraw: true }, ['phone', 'invitations']), {
    phone: '020',
    invitations: { withdraw: true },
  });
});

test('another answer takes back what the one before it said', () => {
  const each = { default: { leave: true }, by_id: { 'pin/1': { to: anna } } };
  const before = plan({ decisions: { resources: each } });
  const instead = (some) => decisionsOf(before, { ...answersOf(before), ...some }, ['resources']).resources;
  assert.deepEqual(instead({ way: 'split', among: [anna, bo] }), { default: null, by_id: null, split: [anna, bo] });
  assert.deepEqual(instead({ way: 'one', to: bo }), { default: { leave: null, to: bo }, by_id: null });
  assert.deepEqual(instead({ byId: { 'pin/2': bo } }), {
    default: { leave: true },
    by_id: { 'pin/1': null, 'pin/2': { to: bo } },
  });
});

test('nobody goes on with a question that has no answer', () => {
  const begun = answersOf(plan({ needed: [pins], blockers: [credits] }));
  const gaps = (some, ...questions) => [...missing({ ...begun, ...some }, questions, ['pin', 'case'])];
  assert.deepEqual(gaps({}, 'resources', 'credits', 'phone'), ['way', 'credits', 'phone']);
  assert.deepEqual(gaps({ way: 'one' }, 'resources'), ['to']);
  assert.deepEqual(gaps({ way: 'split' }, 'resources'), ['among']);
  assert.deepEqual(gaps({ way: 'type', byType: { pin: anna } }, 'resources'), ['type']);
  assert.deepEqual(gaps({ way: 'each' }, 'resources'), []);
  assert.deepEqual(gaps({ credits: 'member' }, 'credits'), ['heir']);
  assert.deepEqual(gaps({ credits: 'keep' }, 'credits', 'invitations'), []);
});

test('effects on several are added up, each kind and currency by itself', () => {
  const seat = (amount, currency, formula) => ({ kind: 'seat_credit', amount, currency, formula });
  const all = [
    { kind: 'sessions_ended', member: 'a', count: 1 },
    { kind: 'sessions_ended', member: 'b', count: 3 },
    { kind: 'resources_transferred', to: anna, count: 2 },
    { kind: 'resources_transferred', to: bo, count: 4 },
    seat(2000, 'EUR', 'half'),
    seat(1000, 'EUR', 'a third'),
    seat(500, 'USD', 'a sixth'),
  ];
  assert.deepEqual(
    summed(all).map(({ kind, to, count, amount, currency, formula }) => [kind, to, count ?? amount, currency, formula]),
    [
      ['sessions_ended', undefined, 4, undefined, undefined],
      ['resources_transferred', anna, 2, undefined, undefined],
      ['resources_transferred', bo, 4, undefined, undefined],
      ['seat_credit', undefined, 3000, 'EUR', undefined],
      ['seat_credit', undefined, 500, 'USD', 'a sixth'],
    ],
  );
  assert.deepEqual(all[0], { kind: 'sessions_ended', member: 'a', count: 1 }, 'what is summed stays as it is');
});

test('a time that is set is a minute in the own zone', () => {
  const at = new Date(2026, 2, 29, 17, 5);
  assert.equal(inputOf(at), '2026-03-29T17:05');
  assert.equal(momentOf(inputOf(at))?.getTime(), at.getTime());
  for (const wrong of ['', 'soon', '2026-13-01T10:00']) assert.equal(momentOf(wrong), undefined, wrong);
});

test('where the policy ends access at the confirmation, the first step does, and what is left is finished in one', () => {
  const course = (preset, access_ends, one, some = {}) =>
    courseOf({
      plan: one,
      account: { preset, policy: { access_ends } },
      how: 'deactivate',
      alone: true,
      later: false,
      ...some,
    });
  const asking = plan({ needed: [pins] });
  const waiting = { ...asking, state: 'settling' };
  assert.equal(course('field', 'confirm', asking).atOnce, true);
  assert.equal(course('field', 'confirm', asking).first, 'plan');
  assert.equal(course('field', 'confirm', waiting).first, 'decide');
  assert.equal(course('field', 'confirm', plan({ state: 'settling' })).short, true);
  for (const some of [{ later: true }, { alone: false }, { how: 'remove' }]) {
    assert.equal(course('field', 'confirm', asking, some).atOnce, false);
  }
  assert.equal(course('portal', 'apply', waiting).first, 'plan');
  assert.equal(course('team', 'apply', plan()).short, true);
  assert.equal(course('team', 'apply', plan(), { later: true }).short, false);
  assert.equal(course('team', 'apply', plan({ blockers: [credits] })).short, false);
  assert.equal(course('portal', 'apply', plan()).short, false);
  assert.equal(course('team', 'apply', undefined).short, false, 'nothing is confirmed before it is read');
});

test('what is decided in a draft goes with it, and what is begun keeps it', () => {
  const decisions = { credits: { to: 'company' } };
  assert.equal(losesDecisions(plan()), false);
  assert.equal(losesDecisions(plan({ decisions })), true);
  assert.equal(losesDecisions(plan({ decisions: { phone: undefined } })), false);
  assert.equal(losesDecisions(plan({ state: 'settling', decisions })), false);
});

test('nobody is told of a way back where there is none', () => {
  assert.equal(canComeBack({ undo_window: 86_400 }, 'deactivate'), true);
  assert.equal(canComeBack({ undo_window: 86_400 }, 'delete'), false);
  assert.equal(canComeBack({ undo_window: 0 }, 'deactivate'), false);
});

test('one who stays keeps nobody else in, and what concerns everybody is not asked again of each', async () => {
  const people = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  const names = (stillIn) => stillIn.map(({ member, error }) => [member.id, error.code]);
  const refusing =
    (codes) =>
    async ({ id }) => {
      asked.push(id);
      if (codes[id]) throw new Problem(409, { code: codes[id] });
    };
  const turns = [];
  let asked = [];
  const some = await suspendEach(people, refusing({ a: 'last_owner', b: 'member_inactive' }), (turn) =>
    turns.push(turn),
  );
  assert.deepEqual(names(some), [['a', 'last_owner']], 'who is out already is not among them');
  assert.deepEqual(asked, ['a', 'b', 'c', 'd']);
  assert.deepEqual(turns, [0, 1, 2, 3]);

  asked = [];
  const all = await suspendEach(people, refusing({ a: 'rank_exceeded', b: 'step_up_required' }), () => {});
  assert.deepEqual(names(all), [
    ['a', 'rank_exceeded'],
    ['b', 'step_up_required'],
    ['c', 'step_up_required'],
    ['d', 'step_up_required'],
  ]);
  assert.deepEqual(asked, ['a', 'b']);
});

test('what happens by itself is looked at when it does, by what the server says of it', () => {
  const now = Date.parse('2026-03-01T14:00:00Z');
  const minute = 60_000;
  const one = (some) => ({ state: 'scheduled', under_way: false, undoable: false, member_count: 1, ...some });
  const at = (minutes) => new Date(now + minutes * minute).toISOString();
  const table = [
    ['a draft stays as it is', one({ state: 'draft' }), false],
    ['what is under way', one({ under_way: true, member_count: 500 }), 6_000],
    ['what waits', one({ at: at(10) }), 10 * minute],
    ['what waits long', one({ at: at(9_000) }), 60 * minute],
    ['what is due by a clock that is ahead', one({ at: at(-10) }), 5_000],
    ['what can be undone', one({ state: 'applied', undoable: true, undo_until: at(5) }), 5 * minute],
    ['what no longer can', one({ state: 'applied', undo_until: at(-5) }), false],
    ['what is being undone', one({ state: 'undone', under_way: true, member_count: 2 }), 1_020],
  ];
  for (const [what, departure, look] of table) assert.equal(nextLook(departure, now), look, what);
  assert.equal(
    firstLook(
      table.map(([, departure]) => departure),
      now,
    ),
    1_020,
  );
  assert.equal(firstLook([], now), false);
  assert.deepEqual(
    [waits(one({})), waits(one({ under_way: true })), waits(one({ state: 'applied' }))],
    [true, false, false],
  );
});
