import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyList } from './EmptyList';

interface NothingFoundProps {
  /** What was looked for. */
  children: ReactNode;
  /** Lifts the search and every filter. */
  onWiden: () => void;
}

/** What stands where a list has something, and nothing of it fits what narrows it. */
export function NothingFound({ children, onWiden }: NothingFoundProps) {
  const { t } = useTranslation();
  return (
    <EmptyList
      icon={<IconFilterOff />}
      title={t('list.nothing')}
      action={
        <Button variant="default" onClick={onWiden}>
          {t('list.widen')}
        </Button>
      }
    >
      {children}
    </EmptyList>
  );
}
