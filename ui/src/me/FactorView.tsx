import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { When } from '../language/When';
import { ListProblem } from '../list/ListProblem';
import { StatusMark } from '../list/StatusMark';
import classes from './Factor.module.css';
import type { FactorMove } from './FactorDialog';
import { factorQuery } from './factorQuery';

const FactorDialog = lazy(() => import('./FactorDialog'));

/** From how many recovery codes on the reader is told to make new ones. */
const few = 3;

/** The reader's second factor as it stands, and what can be done about it. */
export function FactorView() {
  const { t } = useTranslation();
  const factor = useQuery(factorQuery);
  const [move, setMove] = useState<FactorMove>();

  if (factor.error) return <ListProblem error={factor.error} retry={factor.refetch} />;
  if (!factor.data) return <Skeleton h={72} />;
  const { enabled, since, recovery_codes_left: left } = factor.data;
  return (
    <Stack gap="md">
      <div className={classes.state}>
        <StatusMark tone={enabled ? 'done' : 'quiet'}>{t(enabled ? 'users.on' : 'users.off')}</StatusMark>
        {enabled && since && (
          <Text c="dimmed">
            {t('factor.since')} <When at={since} as="day" />
          </Text>
        )}
        {enabled && (
          <Text c="dimmed">
            {t('factor.codes_left', { count: left })}
            {left <= few && ` ${t('factor.few')}`}
          </Text>
        )}
      </div>
      <Group gap="xs">
        {!enabled && (
          <Button variant="default" onClick={() => setMove('set_up')}>
            {t('factor.set_up')}
          </Button>
        )}
        {enabled && (
          <>
            <Button variant="default" onClick={() => setMove('renew')}>
              {t('factor.renew')}
            </Button>
            <Button variant="default" c="var(--mantine-color-error)" onClick={() => setMove('remove')}>
              {t('factor.remove')}
            </Button>
          </>
        )}
      </Group>
      <Suspense fallback={null}>{move && <FactorDialog move={move} onClose={() => setMove(undefined)} />}</Suspense>
    </Stack>
  );
}
