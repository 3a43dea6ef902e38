import { Group, NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats';
import { dayOf, endOf, spans, type Term } from './term';

interface TermFieldProps {
  label: string;
  /** When the key ends now: it can end sooner. Null is without an end; a key to be made has none yet. */
  until?: string | null;
  value: Term;
  onChange: (term: Term) => void;
  error?: ReactNode;
}

/** How long a key is to work, and until when that is. */
export function TermField({ label, until, value, onChange, error }: TermFieldProps) {
  const { t } = useTranslation();
  const dates = useFormats();
  const now = Date.now();
  const fresh = until === undefined;
  const sooner = spans.filter((span) => !until || (endOf({ span, day: '' }, now)?.toISOString() ?? '') < until);
  const asItIs = until ? t('keys.as_it_is', { time: dates.day(until) }) : t('keys.as_it_is_never');
  const options = [
    ...(fresh ? [] : [{ value: 'keep', label: asItIs }]),
    ...sooner.map((span) => ({ value: span, label: fresh ? t(`keys.term.${span}`) : t(`keys.from_now.${span}`) })),
    { value: 'date', label: t('keys.term.date') },
    ...(fresh ? [{ value: 'never', label: t('keys.term.never') }] : []),
  ];
  const end = endOf(value, now);
  const means =
    value.span === 'never' ? t('keys.ends_never') : end && t('keys.ends_on', { time: dates.time(end.toISOString()) });

  return (
    <Group align="flex-start" gap="sm" grow preventGrowOverflow={false}>
      <NativeSelect
        label={label}
        description={means || (fresh ? undefined : t('keys.ends_sooner_hint'))}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={options}
        value={value.span}
        error={value.span !== 'date' && error}
        onChange={(event) => onChange({ ...value, span: event.currentTarget.value as Term['span'] })}
      />
      {value.span === 'date' && (
        <TextInput
          type="date"
          label={t('keys.last_day')}
          min={dayOf(new Date(now))}
          max={until ? dayOf(new Date(until)) : undefined}
          value={value.day}
          error={error}
          onChange={(event) => onChange({ ...value, day: event.currentTarget.value })}
        />
      )}
    </Group>
  );
}
