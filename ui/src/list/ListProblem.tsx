import { Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useProblems } from '../language/problems';
import { EmptyList } from './EmptyList';

/** Why a list cannot be shown; asking again is the way on. */
export function ListProblem({ error, retry }: { error: unknown; retry: () => unknown }) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  return (
    <EmptyList
      icon={<IconAlertCircle />}
      title={t('entry.refused_title')}
      action={
        <Button variant="default" onClick={() => retry()}>
          {t('entry.try_again')}
        </Button>
      }
    >
      {sentence(error)}
    </EmptyList>
  );
}
