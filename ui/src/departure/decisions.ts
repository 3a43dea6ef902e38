import { patchOf } from '../api/patch';
import type { Blocker, DecisionsPatch, Departure, ResourceDecisions, ResourceRule } from '../api/schema';

/** What the wizard knows to ask about. */
export type Question = 'credits' | 'resources' | 'invitations' | 'phone';

/** What becomes of resources: they stay with who leaves, go to the member of this id, or nobody has said yet. */
export type Fate = '' | 'leave' | (string & {});

/** How resources are decided about: all in one of three ways, by their type, or one by one. */
export type Way = 'leave' | 'one' | 'split' | 'type' | 'each';

/** The answers as the form holds them, also those that another way of answering hides. */
export interface Answers {
  credits: '' | 'keep' | 'company' | 'member';
  /** Who gets the credits, if it is a member. */
  heir: string;
  way: '' | Way;
  /** Who gets all of them. */
  to: string;
  /** Among whom they are dealt out. */
  among: string[];
  byType: Record<string, Fate>;
  /** What becomes of those that are not in byId. */
  rest: Fate;
  /** By type/id. */
  byId: Record<string, Fate>;
  withdraw: boolean;
  phone: string;
}

const about = (subject: string) => (name: string) => name === subject || name.startsWith(`${subject}.`);

/** Whether something in a plan waits for a decision about this. */
function waits({ blockers, needed }: Departure, subject: string): boolean {
  const names = [...blockers.flatMap(({ resolve }) => resolve), ...needed.flatMap(({ options }) => options)];
  return names.some(about(`decisions.${subject}`));
}

const effects: Record<Question, readonly string[]> = {
  credits: ['credits_kept', 'credits_moved'],
  resources: ['resources_left', 'resources_transferred'],
  invitations: ['invitations_reassigned', 'invitations_withdrawn'],
  phone: ['phone_set'],
};

/** What is left to decide in a plan: what it cannot go on without, and what it would otherwise settle by itself. */
export function toDecide(plan: Departure): Question[] {
  const told = plan.effects.filter(({ count }) => count !== 0).map(({ kind }) => kind);
  // A number that was noted when the access ended is not asked for again.
  const asks = (question: Question) =>
    waits(plan, question) ||
    (told.some((kind) => effects[question].includes(kind)) && !(question === 'phone' && plan.state === 'settling'));
  return (['credits', 'resources', 'invitations', 'phone'] as const).filter(asks);
}

/** Whether decisions go with a plan that is given up: those of a draft do, what is begun keeps its own. */
export const losesDecisions = ({ state, decisions }: Departure) =>
  state === 'draft' && Object.values(decisions).some((decided) => decided !== undefined);

const decidable = ({ resolve }: Blocker) => resolve.some((name) => name.startsWith('decisions.'));

/** Blockers that no decision in the wizard resolves: they must be out of the way first. */
export const standing = (plan: Departure) => plan.blockers.filter((blocker) => !decidable(blocker));

/** What is decided of these questions and cannot be done: the successor is nobody it can go to. */
export const refusals = (plan: Departure, question: Question) =>
  plan.blockers.filter(
    ({ code, resolve }) => code === 'successor_invalid' && resolve.some(about(`decisions.${question}`)),
  );

/** The answers that a plan holds already; what nobody has to decide about stays where it is. */
export function answersOf(plan: Departure): Answers {
  const { credits, resources, invitations, phone } = plan.decisions;
  const member = credits && credits.to !== 'company';
  return {
    credits: !credits ? (waits(plan, 'credits') ? '' : 'keep') : member ? 'member' : 'company',
    heir: member ? credits.to : '',
    ...ofResources(resources, waits(plan, 'resources')),
    withdraw: invitations?.withdraw ?? false,
    phone: phone ?? '',
  };
}

type OfResources = Pick<Answers, 'way' | 'to' | 'among' | 'byType' | 'rest' | 'byId'>;

function ofResources(decided: ResourceDecisions | undefined, waiting: boolean): OfResources {
  const { default: rule, by_type = {}, by_id = {}, split = [] } = decided ?? {};
  const all = fateOf(rule);
  const said: OfResources = {
    way: waiting ? '' : 'leave',
    to: all === 'leave' ? '' : all,
    among: split,
    byType: fates(by_type),
    rest: all || 'leave',
    byId: fates(by_id),
  };
  if (Object.keys(by_id).length > 0) return { ...said, way: 'each' };
  if (Object.keys(by_type).length > 0) return { ...said, way: 'type' };
  if (split.length > 0) return { ...said, way: 'split' };
  if (all === '') return said;
  return { ...said, way: all === 'leave' ? 'leave' : 'one' };
}

const fateOf = (rule: ResourceRule | undefined): Fate => (rule?.leave ? 'leave' : (rule?.to ?? ''));
const fates = (rules: Record<string, ResourceRule>): Record<string, Fate> =>
  Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, fateOf(rule)]));
const ruleOf = (fate: Fate): ResourceRule => (fate === 'leave' ? { leave: true } : { to: fate });
const rulesOf = (given: Record<string, Fate>): Record<string, ResourceRule> =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([, fate]) => fate !== '')
      .map(([name, fate]) => [name, ruleOf(fate)]),
  );

/** The answers to these questions as the server takes them, in place of what the plan holds. */
export function decisionsOf(plan: Departure, answers: Answers, questions: readonly Question[]): DecisionsPatch {
  const { credits, heir, withdraw, phone } = answers;
  const { resources = {} } = plan.decisions;
  const each: Record<Question, DecisionsPatch> = {
    credits: { credits: credits === 'keep' ? null : { to: credits === 'member' ? heir : 'company' } },
    resources: { resources: patchOf(resources, resourcesOf(answers)) },
    invitations: { invitations: withdraw ? { withdraw: true } : { to: 'applier' } },
    phone: { phone: phone.trim() },
  };
  return Object.assign({}, ...questions.map((question) => each[question]));
}

function resourcesOf({ way, to, among, byType, rest, byId }: Answers): ResourceDecisions {
  switch (way) {
    case 'one':
      return { default: ruleOf(to) };
    case 'split':
      return { split: among };
    case 'type':
      return { by_type: rulesOf(byType) };
    case 'each':
      return { default: ruleOf(rest), by_id: rulesOf(byId) };
    default:
      return { default: { leave: true } };
  }
}

/** What of a form has no answer yet: `credits`, `heir`, `way`, `to`, `among`, `type` or `phone`. */
export function missing(answers: Answers, questions: readonly Question[], types: readonly string[]): Set<string> {
  const { credits, heir, way, to, among, byType, phone } = answers;
  const gaps: Record<Question, Record<string, boolean>> = {
    credits: { credits: credits === '', heir: credits === 'member' && heir === '' },
    resources: {
      way: way === '',
      to: way === 'one' && to === '',
      among: way === 'split' && among.length === 0,
      type: way === 'type' && types.some((type) => !byType[type]),
    },
    invitations: {},
    phone: { phone: phone.trim() === '' },
  };
  const open = questions.flatMap((question) => Object.entries(gaps[question]));
  return new Set(open.filter(([, gap]) => gap).map(([name]) => name));
}

const sum = (counts: readonly (number | undefined)[]) => counts.reduce<number>((all, count) => all + (count ?? 0), 0);

/** How many of what a question is about the leavers hold. */
export function heldIn(plan: Departure, question: 'credits' | 'resources' | 'invitations'): number {
  const stands = plan.blockers.filter(({ resolve }) => resolve.some(about(`decisions.${question}`)));
  const asked = plan.needed.filter(({ options }) => options.some(about(`decisions.${question}`)));
  const told = plan.effects.filter(({ kind }) => effects[question].includes(kind));
  return sum([...stands, ...asked, ...told].map(({ count }) => count));
}
