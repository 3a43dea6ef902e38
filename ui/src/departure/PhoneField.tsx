import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface PhoneFieldProps {
  who: string;
  value: string;
  onChange: (phone: string) => void;
  /** Somebody tried to go on without it. */
  missing: boolean;
}

/** The number that has to be noted before somebody leaves. */
export function PhoneField({ who, value, onChange, missing }: PhoneFieldProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('departure.phone', { name: who })}
      description={t('departure.phone_hint')}
      type="tel"
      required
      w="100%"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={missing && t('departure.phone_missing')}
    />
  );
}
