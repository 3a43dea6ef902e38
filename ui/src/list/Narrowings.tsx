import { Pill } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A filter in force, in words, and how to lift it. */
export interface Narrowing {
  label: string;
  lift: () => void;
}

/** The filters in force over a list, each with its way out. */
export function Narrowings({ narrowings }: { narrowings: readonly Narrowing[] }) {
  const { t } = useTranslation();
  if (narrowings.length === 0) return null;
  return (
    <Pill.Group gap={6}>
      {narrowings.map(({ label, lift }) => (
        <Pill
          key={label}
          withRemoveButton
          onRemove={lift}
          removeButtonProps={{
            'aria-label': t('users.lift', { filter: label }),
            'aria-hidden': false,
            tabIndex: 0,
          }}
        >
          {label}
        </Pill>
      ))}
    </Pill.Group>
  );
}
