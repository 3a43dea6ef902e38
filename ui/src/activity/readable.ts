import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { rolesQuery } from '../api/queries';
import type { Event } from '../api/schema';
import { useMoney } from '../billing/money';
import { useFormats } from '../language/formats';
import { useLookup } from '../language/lookup';
import { useRoleName } from '../roles/roleName';
import { useNames } from './names';

const erased = '(erased)';
const lengths = ['invitation_ttl', 'undo_window', 'session_idle', 'session_absolute'];
/** Where the words of a field's values are, when not under its own name. */
const wordsOf: Record<string, string> = {
  permissions: 'permission',
  reach: 'role.reaches',
  modules: 'role.opens',
  period: 'billing.unit',
  on_leave: 'activity.on_leave',
  mfa: 'activity.mfa',
  access_ends: 'activity.access_ends',
  departure_kinds: 'activity.kind',
};
/** And when it is said of something else. */
const wordsIn: Record<string, Record<string, string>> = {
  departure: { kind: 'activity.kind' },
  resource: { kind: 'resources.kind' },
  invitation: { status: 'pending.status' },
};
/** Wallets of people are named by their ids, that of all by this. */
const company = 'company';
const wallets = ['from', 'to'];
/** What is an amount of money in an event that names a currency. */
const amounts = ['amount', 'total'];
/** Events in which the words for credits mean money. */
const aboutMoney = /^(billing|invoice|seat)\./;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;

/** Fields and values of an event as people say them: names for ids, words for keys, times in their zone. */
export function useReadable(event: Event) {
  const { t } = useTranslation();
  const known = useLookup();
  const dates = useFormats();
  const roleName = useRoleName();
  const { account } = usePlace();
  const roles = useQuery(rolesQuery(account.id)).data ?? [];
  const nameOf = useNames(event);

  const { amount } = useMoney();
  const [, currency] = event.changes.currency ?? [];
  const context = aboutMoney.test(event.action) ? 'money' : undefined;

  const [family = ''] = event.action.split('.');

  const field = (name: string): string => known(`change.${name}`, { context }) ?? name.replaceAll('_', ' ');

  const text = (name: string, given: string): string => {
    if (given === erased) return t('activity.erased');
    if (name === 'logo') return t('activity.picture');
    if (instant.test(given)) return dates.time(given);
    const role = name === 'role' ? roles.find(({ key }) => key === given) : undefined;
    if (role) return roleName(role);
    if (given === company && wallets.includes(name)) return t('credits.the_company');
    if (name === 'code') return known(`refusal.${given}`) ?? known(`problem.${given}`) ?? given;
    const words = wordsIn[family]?.[name] ?? wordsOf[name] ?? name;
    return nameOf(given) ?? known(`${words}.${given}`) ?? given;
  };

  const value = (name: string, given: unknown): string => {
    if (given === null || given === undefined || given === '') return t('activity.nothing');
    if (typeof given === 'boolean') return given ? t('activity.yes') : t('activity.no');
    if (typeof given === 'number' && typeof currency === 'string' && amounts.includes(name))
      return amount(given, currency);
    if (typeof given === 'number') return lengths.includes(name) ? dates.duration(given) : dates.number(given);
    // A role's permissions stand in one text.
    if (name === 'permissions' && typeof given === 'string')
      return given
        .split(' ')
        .map((one) => text(name, one))
        .join('\n');
    if (typeof given === 'string') {
      const decision = event.action === 'departure.decide' ? parsed(given) : given;
      return typeof decision === 'string' ? text(name, decision) : value(name, decision);
    }
    if (Array.isArray(given)) {
      return given.length === 0 ? t('activity.nothing') : given.map((one) => value(name, one)).join('\n');
    }
    return Object.entries(given)
      .map(([key, one]) => t('activity.pair', { field: field(key), value: value(key, one) }))
      .join('\n');
  };

  return { field, value };
}

/** A decision stands in the trail as it was given, in JSON. */
function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}
