import { Anchor, Checkbox, Group, Input, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Choices.module.css';

interface Choice {
  id: string;
  name: string;
}

interface ChoicesProps {
  label: string;
  hint?: string;
  error?: string;
  options: readonly Choice[];
  value: readonly string[];
  onChange: (ids: string[]) => void;
  readOnly?: boolean;
  /** Those that cannot be chosen, and why not. */
  unavailable?: { options: readonly Choice[]; why: string };
}

/** How many fit without a box to search in. */
const few = 12;

/** Some of many, ticked one by one or all at once. */
export function Choices({ label, hint, error, options, value, onChange, readOnly, unavailable }: ChoicesProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const all = options.every((option) => value.includes(option.id));
  const found = options.filter((option) => option.name.toLowerCase().includes(search.trim().toLowerCase()));

  return (
    <Checkbox.Group
      value={[...value]}
      onChange={onChange}
      readOnly={readOnly}
      error={error}
      label={
        <Group component="span" gap="xs" justify="space-between" wrap="nowrap">
          {label}
          <Text span size="xs" c="dimmed" className="figures">
            {t('grants.chosen', { chosen: value.length, all: options.length })}
          </Text>
        </Group>
      }
      labelProps={{ w: '100%' }}
      description={hint}
    >
      {options.length > few && (
        <TextInput
          mt="xs"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          aria-label={t('grants.search', { label })}
          placeholder={t('grants.search', { label })}
          leftSection={<IconSearch size={16} />}
        />
      )}
      <div className={classes.options} data-many={options.length > few || undefined}>
        {found.map((option) => (
          <Checkbox key={option.id} value={option.id} label={option.name} disabled={readOnly} />
        ))}
        {found.length === 0 && <Input.Description>{t('grants.nothing_found')}</Input.Description>}
      </div>
      {!readOnly && options.length > 1 && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          onClick={() => onChange(all ? [] : options.map((option) => option.id))}
        >
          {all ? t('grants.choose_none') : t('grants.choose_all')}
        </Anchor>
      )}
      {unavailable && unavailable.options.length > 0 && (
        <div className={classes.unavailable}>
          <Text size="xs" c="dimmed">
            {unavailable.why}
          </Text>
          <div className={classes.options}>
            {unavailable.options.map((option) => (
              <Checkbox key={option.id} value={option.id} label={option.name} disabled />
            ))}
          </div>
        </div>
      )}
    </Checkbox.Group>
  );
}
