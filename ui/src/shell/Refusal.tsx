import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem';
import { useProblems } from '../language/problems';
import { CardPage } from './CardPage';

/** A page that could not be shown, why, and what to try. */
export function Refusal({ error, retry }: { error: unknown; retry: () => unknown }) {
  const { t } = useTranslation();
  const { sentence } = useProblems();
  const gone = asProblem(error).status === 404;
  return (
    <CardPage title={gone ? t('entry.not_found_title') : t('entry.refused_title')} lead={sentence(error)}>
      <Stack gap="sm">
        {!gone && <Button onClick={() => retry()}>{t('entry.try_again')}</Button>}
        <Button component="a" href="/" variant="subtle">
          {t('entry.to_start')}
        </Button>
      </Stack>
    </CardPage>
  );
}
