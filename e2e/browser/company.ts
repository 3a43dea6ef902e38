import { linkTo, type Mailbox } from './mailbox';

/** Somebody who can sign in. */
export interface Person {
  email: string;
  password: string;
  firstName: string;
  lastName: string;
}

/** Somebody with a place in an account. */
export interface Colleague extends Person {
  member: string;
}

export type Preset = 'portal' | 'team' | 'credits' | 'cases' | 'field';

/** What a colleague may do; the account's ordinary role unless named. */
export interface Grants {
  role?: string;
  /** Names, not ids. */
  modules?: string[];
  subAccounts?: string[];
  /** What the invitation says to them. */
  message?: string;
}

/** Long enough, and no password of anybody's. */
export const password = 'plum kettle orbit sandal';

/** The REST API as the operator calls it, for what a test finds in place before it begins. */
export class Operator {
  constructor(
    private readonly origin: string,
    private readonly key: string,
  ) {}

  async call<T>(method: string, path: string, body?: unknown, token = this.key): Promise<T> {
    const response = await fetch(this.origin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Refusal(response.status, JSON.parse(text).code, `${method} ${path}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** Moves the server's clock forward from now, and gives the way back. */
  async later(hours: number): Promise<() => Promise<void>> {
    const set = (at: number) => this.call<void>('PUT', '/v1/clock', { now: new Date(at).toISOString() });
    await set(Date.now() + hours * 3_600_000);
    return () => set(Date.now());
  }

  /** Sets the server's clock, which goes on from there, and gives the way back to now. */
  async on(when: string): Promise<() => Promise<void>> {
    const set = (now: string) => this.call<void>('PUT', '/v1/clock', { now });
    await set(when);
    return () => set(new Date().toISOString());
  }
}

/** What the API answered instead of doing it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A customer's account, made for one test, with its first administrator in it. */
export class Company {
  private constructor(
    readonly id: string,
    readonly name: string,
    readonly preset: Preset,
    readonly owner: Colleague,
    private readonly domain: string,
    private readonly operator: Operator,
    private readonly mailbox: Mailbox,
  ) {}

  static async found(preset: Preset, operator: Operator, mailbox: Mailbox, locale = 'en'): Promise<Company> {
    const domain = `c${crypto.randomUUID().slice(0, 8)}.example.com`;
    const name = preset === 'portal' ? 'Ocean Messaging' : 'Harbour Press';
    const email = `olga.brandt@${domain}`;
    const founded = await operator.call<{ account: { id: string } }>('POST', '/v1/accounts', {
      name,
      preset,
      owner: { email, first_name: 'Olga', last_name: 'Brandt' },
      locale,
    });
    const owner = await accept(operator, mailbox, { email, password, firstName: 'Olga', lastName: 'Brandt' });
    return new Company(founded.account.id, name, preset, owner, domain, operator, mailbox);
  }

  /** An address at this company's domain, which no other test uses. */
  address(local: string): string {
    return `${local}@${this.domain}`;
  }

  /** Calls the API inside this account: as the operator, or with somebody's token. */
  call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
    return this.operator.call<T>(method, `/v1/accounts/${this.id}${path}`, body, token);
  }

  /** Invites an address and gives the link that was mailed. */
  async invite(email: string, grants: Grants = {}): Promise<string> {
    const before = (await this.mailbox.all(email)).at(-1);
    await this.call('POST', '/invitations', { emails: [email], ...(await this.granted(grants)) });
    return this.mailbox.link('invitation', email, before);
  }

  /** Invites somebody, who accepts and signs out again. */
  async employ(firstName: string, lastName: string, grants: Grants = {}): Promise<Colleague> {
    const email = this.address(`${firstName}.${lastName}`.toLowerCase());
    await this.invite(email, grants);
    return accept(this.operator, this.mailbox, { email, password, firstName, lastName });
  }

  /** Sees somebody off, as an administrator would. */
  async deactivate(person: Colleague): Promise<void> {
    await this.letGo(person, 'deactivate');
  }

  /** Sees somebody off in one of the ways of the account. */
  async letGo(person: Colleague, kind: 'deactivate' | 'remove'): Promise<void> {
    const plan = await this.call<{ id: string; digest: string }>('POST', '/departures', {
      members: [person.member],
      kind,
    });
    await this.call('POST', `/departures/${plan.id}/apply`, { digest: plan.digest });
  }

  /** Adds credits that the company bought. */
  async buy(amount: number, note?: string): Promise<void> {
    await this.call('POST', '/credits/purchases', { amount, note });
  }

  /** Hands credits of the company to somebody. */
  async give(person: Colleague, amount: number): Promise<void> {
    await this.call('POST', '/credits/transfers', { from: 'company', to: person.member, amount });
  }

  /** Downloads a record as somebody, who pays for it unless the account has it. */
  async download(person: Person, record: string): Promise<void> {
    await this.call('POST', `/records/${encodeURIComponent(record)}/download`, {}, await this.token(person));
  }

  /** Signs somebody in for calls to the API. */
  async token(person: Person): Promise<string> {
    const { token } = await this.operator.call<{ token: string }>('POST', '/v1/sign-in', {
      email: person.email,
      password: person.password,
      account: this.id,
    });
    return token;
  }

  /** Lets the account pay for its seats, by a month that begins on the first. */
  async charge(price: number, limit: number | null = null): Promise<void> {
    await this.call('PUT', '/billing', { price, currency: 'USD', period: 'month', anchor: 1, seat_limit: limit });
  }

  async addSubAccounts(...names: string[]): Promise<void> {
    for (const name of names) await this.call('POST', '/sub-accounts', { name });
  }

  private async granted({ role, modules = [], subAccounts = [], message }: Grants) {
    return {
      role,
      message,
      modules: await this.idsOf('/modules', modules),
      sub_accounts: await this.idsOf('/sub-accounts', subAccounts),
    };
  }

  private async idsOf(list: string, names: string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const { items } = await this.call<{ items: { id: string; name: string }[] }>('GET', list);
    return names.map((name) => {
      const found = items.find((item) => item.name === name);
      if (!found) throw new Error(`There is no "${name}" in ${list}.`);
      return found.id;
    });
  }
}

async function accept(operator: Operator, mailbox: Mailbox, person: Person): Promise<Colleague> {
  const link = linkTo('invitation', await mailbox.next(person.email));
  const session = await operator.call<{ member: { id: string } }>('POST', '/v1/invitations/accept', {
    token: new URL(link).hash.slice(1),
    password: person.password,
    first_name: person.firstName,
    last_name: person.lastName,
  });
  return { ...person, member: session.member.id };
}
