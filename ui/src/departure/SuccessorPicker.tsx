import { MultiSelect, Select } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePeople } from '../people/people';
import { type Choice, useCandidates } from './candidates';

interface PickerProps {
  label: string;
  /** Whoever leaves can be nobody's successor. */
  leaving: readonly string[];
  error?: ReactNode;
}

interface SuccessorPickerProps extends PickerProps {
  /** The id of a member, the value of one of the others, or empty. */
  value: string;
  onChange: (value: string) => void;
  /** What can be chosen instead of somebody. */
  others?: readonly Choice[];
  disabled?: boolean;
}

const none: readonly Choice[] = [];

/** Somebody to take over, found by name or address. */
export function SuccessorPicker(props: SuccessorPickerProps) {
  const { label, leaving, error, value, onChange, others = none, disabled } = props;
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = useCandidates(search, leaving);
  const shown = useShown(found, value && !others.some((other) => other.value === value) ? [value] : []);
  return (
    <Select
      flex={1}
      label={label}
      placeholder={t('users.search')}
      searchable
      allowDeselect={false}
      data={[...others, ...shown]}
      // The server has searched already.
      filter={({ options }) => options}
      onSearchChange={setSearch}
      disabled={disabled}
      value={value || null}
      onChange={(chosen) => chosen && onChange(chosen)}
      nothingFoundMessage={t('grants.nothing_found')}
      error={error}
    />
  );
}

interface SuccessorsPickerProps extends PickerProps {
  hint: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
}

/** Several who take over together. */
export function SuccessorsPicker({ label, leaving, error, hint, value, onChange }: SuccessorsPickerProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = useCandidates(search, leaving);
  const shown = useShown(found, value);
  return (
    <MultiSelect
      label={label}
      description={hint}
      placeholder={value.length === 0 ? t('users.search') : undefined}
      searchable
      data={shown}
      filter={({ options }) => options}
      searchValue={search}
      onSearchChange={setSearch}
      value={[...value]}
      onChange={onChange}
      nothingFoundMessage={t('grants.nothing_found')}
      error={error}
    />
  );
}

/** What was found, and whoever is chosen without being found any more. */
function useShown(found: readonly Choice[], chosen: readonly string[]): Choice[] {
  const away = chosen.filter((id) => !found.some(({ value }) => value === id));
  const nameOf = usePeople(away);
  return [...found, ...away.map((id) => ({ value: id, label: nameOf(id) }))];
}
