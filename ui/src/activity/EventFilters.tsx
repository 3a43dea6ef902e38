import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MemberPicker } from '../people/MemberPicker';
import classes from './EventFilters.module.css';
import type { Narrowed } from './eventsQuery';

/** Families of actions; the dot at the end means all of a family. */
const families = [
  'invitation.',
  'member.',
  'departure.',
  'session.',
  'account.',
  'role.',
  'key.',
  'module.',
  'sub_account.',
  'email.',
  'password.',
  'owner.',
  'resource.',
  'resource_type.',
  'credits.',
  'record.',
  'billing.',
  'invoice.',
  'seat.',
] as const;

interface EventFiltersProps {
  narrowed: Narrowed;
  onNarrow: (change: Partial<Narrowed>) => void;
}

export function EventFilters({ narrowed, onNarrow }: EventFiltersProps) {
  const { t } = useTranslation();
  const known = families.some((family) => family === narrowed.action) || !narrowed.action;
  const exact = known ? [] : [{ value: narrowed.action, label: narrowed.action }];

  return (
    <search className={classes.filters}>
      <MemberPicker label={t('activity.actor')} value={narrowed.actor} onChange={(actor) => onNarrow({ actor })} />
      <MemberPicker
        label={t('activity.subject')}
        value={narrowed.subject}
        onChange={(subject) => onNarrow({ subject })}
      />
      <Select
        label={t('activity.action')}
        placeholder={t('activity.any_action')}
        clearable
        data={[
          ...families.map((family) => ({ value: family as string, label: t(`activity.family.${nameOf(family)}`) })),
          ...exact,
        ]}
        value={narrowed.action || null}
        onChange={(action) => onNarrow({ action: action ?? '' })}
      />
      <TextInput
        type="date"
        label={t('activity.since')}
        max={narrowed.until || undefined}
        value={narrowed.since}
        onChange={(event) => onNarrow({ since: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t('activity.until')}
        min={narrowed.since || undefined}
        value={narrowed.until}
        onChange={(event) => onNarrow({ until: event.currentTarget.value })}
      />
    </search>
  );
}

type Family = (typeof families)[number] extends `${infer Name}.` ? Name : never;
const nameOf = (family: (typeof families)[number]) => family.slice(0, -1) as Family;
