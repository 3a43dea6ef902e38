import { Authenticator } from './authenticator';
import { type Colleague, type Company, type Operator, type Person, type Preset, password } from './company';
import type { linkTo, Mailbox } from './mailbox';

/** Who and what a walk along the screens finds in place before it begins. */
export interface Cast {
  company: Company;
  people: Record<string, Colleague>;
  links: Record<string, string>;
  /** What happens only once the first reader is signed in. */
  begin?: () => Promise<void>;
  /** What is put back when everything was looked at. */
  end?: () => Promise<void>;
}

export interface Props {
  operator: Operator;
  mailbox: Mailbox;
  found: (preset: Preset) => Promise<Company>;
}

const inbox = { modules: ['Inbox'] };

/** Mailed links of every kind, and somebody with two places to choose between. */
export async function withLinks({ found, operator, mailbox }: Props): Promise<Cast> {
  const [company, other] = [await found('portal'), await found('team')];
  const both = await company.employ('Both', 'Places', inbox);
  const reset = await mailed(mailbox, 'reset', both.email, () =>
    operator.call('POST', '/v1/password/forgot', { email: both.email }),
  );
  const wanted = company.address('new');
  const token = await company.token(both);
  const confirm = await mailed(mailbox, 'confirm', wanted, () =>
    operator.call('POST', '/v1/me/email', { email: wanted, password }, token),
  );
  const asked = { name: 'Ocean', preset: 'portal', first_name: 'Wilma', last_name: 'Sterk' };
  const signUp = await mailed(mailbox, 'sign-up', company.address('wilma'), () =>
    operator.call('POST', '/v1/sign-up', { ...asked, email: company.address('wilma') }),
  );
  const fresh = await company.invite(company.address('ines'), { ...inbox, message: 'Welcome aboard.' });
  const copied = await copyOf(company, company.address('ines'));
  const known = await company.invite(other.owner.email, inbox);
  await second(other, both, operator);
  return { company, people: { both }, links: { reset, confirm, 'sign-up': signUp, fresh, copied, known } };
}

/** A team whose owner has a second place, to be signed in before that place is there. */
export async function withTwoPlaces({ found, operator }: Props): Promise<Cast> {
  const [company, theirs, others] = [await found('team'), await found('portal'), await found('team')];
  const links = {
    somebody: await others.invite(others.address('somebody')),
    theirs: `/a/${theirs.id}/users`,
    others: `/a/${others.id}/users`,
  };
  await company.employ('Mila', 'Vos');
  return { company, people: {}, links, begin: () => second(theirs, company.owner, operator) };
}

/** An account with people in every state. */
export async function withPeople({ found }: Props): Promise<Cast> {
  const company = await found('portal');
  await company.addSubAccounts('Rotterdam', 'Antwerp');
  const nora = await company.employ('Nora', 'Quist', {
    modules: ['Inbox', 'Reports', 'Contacts'],
    subAccounts: ['Antwerp'],
  });
  const ruben = await company.employ('Ruben', 'Haas', inbox);
  await company.deactivate(await company.employ('Sanne', 'Wolf', inbox));
  await company.invite(company.address('pending'), inbox);
  await company.call('POST', '/roles', { name: 'Spare', permissions: ['events.read'] });
  await company.call('POST', '/roles', { name: 'Desk', rank: 20, permissions: ['members.read', 'invitations.manage'] });
  await company.employ('Dora', 'Lind', { role: 'desk' });
  return { company, people: { nora, ruben }, links: {} };
}

/** A team in which one has a second factor, and the owner none. */
export async function withTwoFactor({ found, operator }: Props): Promise<Cast> {
  const company = await found('team');
  const mila = await company.employ('Mila', 'Vos');
  const token = await company.token(mila);
  const { secret } = await operator.call<{ secret: string }>('POST', '/v1/me/totp', undefined, token);
  await operator.call('POST', '/v1/me/totp/confirm', { code: new Authenticator(secret).next() }, token);
  return { company, people: { mila }, links: {} };
}

/** A name as long as a key's may be. */
export const reader = 'Reader of the trail for the wall in the harbour office of Rotterdam, south side';

/** A team with keys in every state that can be had without waiting for it. */
export async function withKeys({ found }: Props): Promise<Cast> {
  const company = await found('team');
  await company.call('POST', '/roles', {
    name: 'Maker',
    rank: 20,
    permissions: ['keys.manage', 'members.read', 'events.read'],
  });
  const mila = await company.employ('Mila', 'Vos', { role: 'maker' });
  const make = async (person: Person, name: string, permissions: string[], days?: number) => {
    const expires = days && new Date(Date.now() + days * 86_400_000).toISOString();
    const body = { name, permissions, ...(expires && { expires_at: expires }) };
    return company.call<{ id: string; key: string }>('POST', '/api-keys', body, await company.token(person));
  };
  await make(mila, 'Wall board in the canteen', ['members.read', 'events.read'], 90);
  await make(mila, reader, ['events.read']);
  await make(company.owner, 'Website', ['members.read', 'invitations.manage'], 10);
  const used = await make(company.owner, 'Nightly export', ['members.read', 'members.manage', 'events.read'], 365);
  await company.call('PATCH', `/members/${mila.member}`, { job_title: 'Reader' }, used.key);
  await company.call('PATCH', '/roles/maker', { permissions: ['keys.manage', 'members.read'] });
  const { items } = await company.call<{ items: { id: string; name: string }[] }>('GET', '/api-keys');
  const links = Object.fromEntries(items.map(({ id, name }) => [name, `/${id}`]));
  return { company, people: { mila }, links };
}

/** A law office with cases in every state: of somebody who has left, of nobody, and with a long history. */
export async function withCases({ found }: Props): Promise<Cast> {
  const company = await found('cases');
  await company.addSubAccounts('Rotterdam');
  const sam = await company.employ('Sam', 'Reyes', { role: 'standard' });
  const lena = await company.employ('Lena', 'Moss', { role: 'limited' });
  const gus = await company.employ('Gus', 'Park', { role: 'guest' });
  const put = (id: string, name: string, more: object = {}) =>
    company.call('PUT', `/resources/case/${id}`, { name, ...more });
  await put('2026-014', 'Doe v. Harbour Press', { owner: sam.member });
  await put('2026-015', 'Inheritance of the family Van den Berg, with the house at the harbour', { owner: sam.member });
  await put('2026-016', 'Roe v. Wade Estates');
  for (const { member } of [sam, lena, gus]) {
    await company.call('PUT', `/resources/case/2026-014/assignees/${member}`);
  }
  await company.call('PUT', `/resources/case/2026-015/assignees/${lena.member}`);
  const note = (body: object) => company.call('POST', '/resources/case/2026-014/activities', body);
  await note({ kind: 'meeting', member: sam.member, at: '2026-02-03T09:00:00Z', note: 'They want to settle.' });
  await note({ kind: 'deal_closed', member: company.owner.member });
  await put('2026-014', 'Doe v. Harbour Press', { owner: company.owner.member });
  await company.deactivate(sam);
  return { company, people: { sam, lena, gus }, links: {} };
}

/** A data vendor's customer with credits in every kind of wallet. */
export async function withCredits({ found }: Props): Promise<Cast> {
  const company = await found('credits');
  await company.buy(1000, 'Order 4711');
  const jo = await company.employ('Jo', 'Jansen');
  const mila = await company.employ('Mila', 'Vos');
  const piet = await company.employ('Piet', 'Bakker');
  await company.deactivate(await company.employ('Sanne', 'Wolf'));
  await company.give(jo, 40);
  await company.give(piet, 5);
  await company.call('PUT', '/records/lead-20/price', { price: 20 });
  await company.download(jo, 'lead-7');
  await company.download(mila, 'lead-7');
  await company.call('POST', `/members/${piet.member}/suspend`);
  return { company, people: { jo, mila, piet }, links: {} };
}

/** The day on which an account that pays for its seats is looked at. */
export const paidOn = '2027-04-20T09:00:00Z';

/** An account that has paid for its seats for some weeks; the way back to the clock of now is in its end. */
export async function withSeats({ found, operator }: Props): Promise<Cast> {
  const end = await operator.on('2027-03-08T09:00:00Z');
  const company = await found('cases');
  await company.charge(2500, 10);
  const people: Record<string, Colleague> = {};
  for (const name of ['Nora', 'Ruben', 'Sanne', 'Dora', 'Karl', 'Pia']) {
    people[name.toLowerCase()] = await company.employ(name, 'Quist', { role: 'standard' });
  }
  people.gast = await company.employ('Gast', 'Vrij', { role: 'guest' });
  await operator.on('2027-04-03T14:00:00Z');
  people.lena = await company.employ('Lena', 'Haas', { role: 'limited' });
  await operator.on('2027-04-11T00:00:00Z');
  if (people.nora) await company.deactivate(people.nora);
  await operator.on('2027-04-16T12:00:00Z');
  await company.charge(3000, 10);
  await company.call('PUT', '/billing/payment', {
    company: 'Harbour Press BV',
    name: 'Olga Brandt',
    street: 'Havenstraat 12',
    postal_code: '3011 AB',
    city: 'Rotterdam',
    country: 'NL',
    reference: 'PO 4411',
  });
  await company.call('POST', '/invitations', { emails: [company.address('pending')], role: 'standard' });
  await operator.on(paidOn);
  const { items } = await company.call<{ items: { id: string; number: number }[] }>('GET', '/invoices');
  const links = Object.fromEntries(items.map(({ id, number }) => [`invoice ${number}`, `/${id}`]));
  return { company, people, links, end };
}

/** A company of field sales: one with pins and a plan to leave, one who waits for the day, and one who left. */
export async function withLeavers({ found }: Props): Promise<Cast> {
  const company = await found('field');
  await company.call('PUT', '/billing', { price: 3000, currency: 'EUR', period: 'month' });
  const karl = await company.employ('Karl', 'Ahlers');
  const ruben = await company.employ('Ruben', 'Haas');
  const sanne = await company.employ('Sanne', 'Wolf');
  for (const { member } of [ruben, sanne]) {
    await company.call('PATCH', `/members/${member}`, { phone: '+31 20 555 0100' });
  }
  for (const [id, name] of ['Bakery on the corner', 'Harbour café', 'The old mill'].entries()) {
    await company.call('PUT', `/resources/pin/${id}`, { name, owner: karl.member });
  }
  const plan = await company.call<{ id: string; digest: string }>('POST', '/departures', {
    members: [ruben.member],
    kind: 'deactivate',
  });
  const at = new Date(Date.now() + 3 * 86_400_000).toISOString();
  await company.call('POST', `/departures/${plan.id}/apply`, { digest: plan.digest, at });
  await company.deactivate(sanne);
  const { items } = await company.call<{ items: { id: string }[] }>('GET', '/departures?state=applied');
  const left = items[0]?.id ?? '';
  return { company, people: { karl, ruben, sanne }, links: { scheduled: `/${plan.id}`, left: `/${left}` } };
}

/** An account with nobody in it but its administrator. */
export async function withNobody({ found }: Props): Promise<Cast> {
  return { company: await found('portal'), people: {}, links: {} };
}

/** Gives somebody who has a password a place in another account. */
async function second(company: Company, person: Person, operator: Operator): Promise<void> {
  const link = await company.invite(person.email, company.preset === 'portal' ? inbox : {});
  await operator.call('POST', '/v1/invitations/accept', { token: new URL(link).hash.slice(1), password });
}

async function copyOf(company: Company, email: string): Promise<string> {
  const { items } = await company.call<{ items: { id: string; email: string }[] }>(
    'GET',
    '/invitations?status=pending',
  );
  const invitation = items.find((one) => one.email === email);
  return (await company.call<{ url: string }>('POST', `/invitations/${invitation?.id}/link`)).url;
}

async function mailed(
  mailbox: Mailbox,
  page: Parameters<typeof linkTo>[0],
  email: string,
  ask: () => Promise<unknown>,
): Promise<string> {
  const before = (await mailbox.all(email)).at(-1);
  await ask();
  return mailbox.link(page, email, before);
}
