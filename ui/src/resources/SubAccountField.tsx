import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { subAccountsQuery } from '../api/queries';

interface SubAccountFieldProps {
  /** Empty: in none. */
  value?: string;
  onChange: (sub: string) => void;
  error?: ReactNode;
}

/** The part of the account that a resource is in; not there where the account has no parts. */
export function SubAccountField({ value, onChange, error }: SubAccountFieldProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  if (subAccounts.length === 0) return null;
  return (
    <Select
      label={t('resources.column.sub_account')}
      placeholder={t('users.none')}
      clearable
      data={subAccounts.map(({ id, name }) => ({ value: id, label: name }))}
      value={value || null}
      onChange={(sub) => onChange(sub ?? '')}
      error={error}
    />
  );
}
