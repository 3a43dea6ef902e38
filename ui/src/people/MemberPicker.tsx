import { type ComboboxProps, Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { nameOf } from '../me/name';
import { foundQuery, memberQuery } from '../users/membersQuery';
import { PersonOption } from './PersonOption';

interface MemberPickerProps {
  label: string;
  /** The id of a member, or empty for anybody. */
  value: string;
  onChange: (member: string) => void;
  placeholder?: string;
  /** Offers only who is active. */
  active?: boolean;
  /** Why the choice was refused. */
  error?: ReactNode;
  comboboxProps?: ComboboxProps;
}

/** One member of the account, found by name or address. */
export function MemberPicker({ active, value, onChange, placeholder, ...shown }: MemberPickerProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery(foundQuery(account.id, { q: wanted, active }));
  const chosen = useQuery({ ...memberQuery(account.id, value), enabled: value !== '' });

  const people = new Map((found.data ?? []).map((member) => [member.id, member]));
  if (chosen.data) people.set(value, chosen.data.data);
  const options = [...people.values()].map((member) => ({ value: member.id, label: nameOf(member) }));
  if (value && !people.has(value)) options.push({ value, label: value });

  return (
    <Select
      placeholder={placeholder ?? t('activity.anybody')}
      searchable
      clearable
      filter={({ options: all }) => all}
      data={options}
      value={value || null}
      onChange={(member) => onChange(member ?? '')}
      onSearchChange={setTyped}
      renderOption={({ option: { value: id, label } }) => <PersonOption name={label} email={people.get(id)?.email} />}
      nothingFoundMessage={t('activity.nobody_found')}
      rightSection={found.isFetching ? <Loader size={14} /> : undefined}
      {...shown}
    />
  );
}
