import { Checkbox, NativeSelect, Stack, Switch, TagsInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { overviewQuery, sessionQuery } from '../api/queries';
import type { DepartureKind, Policy } from '../api/schema';
import { useFormats } from '../language/formats';
import { Section } from '../shell/Section';
import { useSaidChange } from './change';
import { usePlace } from './place';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const kinds: DepartureKind[] = ['deactivate', 'remove', 'delete'];

/** The policy in plain words. Each change holds at once and can be undone. */
export function RulesView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { policy } = account;
  const set = useRule();
  const without = useQuery(overviewQuery(account.id)).data?.without_mfa ?? 0;

  return (
    <>
      <Section title={t('rules.in')} lead={t('rules.in_lead')}>
        <Stack gap="md">
          <Duration
            label={t('rules.invitation_ttl')}
            value={policy.invitation_ttl}
            choices={[day, 2 * day, 7 * day, 14 * day, 30 * day]}
            onChange={(invitation_ttl) => set({ invitation_ttl: invitation_ttl ?? day })}
          />
          <TagsInput
            label={t('rules.email_domains')}
            description={t('rules.email_domains_hint')}
            placeholder={policy.email_domains.length === 0 ? t('rules.any_domain') : undefined}
            value={policy.email_domains}
            onChange={(email_domains) => set({ email_domains })}
          />
          <Switch
            label={t('rules.disposable_allowed')}
            checked={policy.disposable_allowed}
            onChange={(event) => set({ disposable_allowed: event.currentTarget.checked })}
          />
        </Stack>
      </Section>
      <Section title={t('rules.here')} lead={t('rules.here_lead')}>
        <Stack gap="md">
          <Switch
            label={t('rules.mfa')}
            description={without === 0 ? t('rules.mfa_all') : t('rules.mfa_without', { count: without })}
            checked={policy.mfa === 'required'}
            onChange={(event) => set({ mfa: event.currentTarget.checked ? 'required' : 'optional' })}
          />
          <Duration
            label={t('rules.session_idle')}
            value={policy.session_idle}
            unset={t('rules.session_idle_unset')}
            choices={[15 * minute, 30 * minute, hour, 8 * hour, day, 7 * day, 30 * day]}
            onChange={(session_idle) => set({ session_idle })}
          />
          <Duration
            label={t('rules.session_absolute')}
            value={policy.session_absolute}
            unset={t('rules.session_absolute_unset')}
            choices={[8 * hour, 12 * hour, day, 7 * day, 30 * day, 90 * day]}
            onChange={(session_absolute) => set({ session_absolute })}
          />
        </Stack>
      </Section>
      <Section title={t('rules.out')} lead={t('rules.out_lead')}>
        <Stack gap="md">
          <Checkbox.Group
            label={t('rules.departure_kinds')}
            value={policy.departure_kinds}
            onChange={(chosen) => set({ departure_kinds: kinds.filter((kind) => chosen.includes(kind)) })}
          >
            <Stack gap="sm" mt="xs">
              {kinds.map((kind) => (
                <Checkbox
                  key={kind}
                  value={kind}
                  label={t(`rules.kind_${kind}`)}
                  description={t(`rules.kind_${kind}_means`)}
                  disabled={policy.departure_kinds.length === 1 && policy.departure_kinds[0] === kind}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Duration
            label={t('rules.undo_window')}
            value={policy.undo_window}
            choices={[0, hour, day, 3 * day, 7 * day, 30 * day]}
            onChange={(undo_window) => set({ undo_window: undo_window ?? 0 })}
          />
          <Switch
            label={t('rules.phone_required')}
            checked={policy.phone_required}
            onChange={(event) => set({ phone_required: event.currentTarget.checked })}
          />
        </Stack>
      </Section>
    </>
  );
}

/** Sets rules, says so, and offers the way back. */
function useRule() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { make } = useSaidChange();
  // A rule may bear on the reader: how long they stay signed in, or what they need for it.
  const reread = () => cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
  return (policy: Partial<Policy>) => void make({ policy }, t('rules.changed'), { onDone: reread });
}

interface DurationProps {
  label: string;
  /** In seconds; null where the role decides. */
  value: number | null;
  choices: number[];
  /** What null means, where it may be chosen. */
  unset?: string;
  onChange: (seconds: number | null) => void;
}

function Duration({ label, value, choices, unset, onChange }: DurationProps) {
  const { t } = useTranslation();
  const { duration } = useFormats();
  const offered = value === null || choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b);
  return (
    <NativeSelect
      label={label}
      value={value === null ? '' : String(value)}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}
      data={[
        ...(unset ? [{ value: '', label: unset }] : []),
        ...offered.map((seconds) => ({
          value: String(seconds),
          label: seconds === 0 ? t('rules.never') : duration(seconds),
        })),
      ]}
    />
  );
}
