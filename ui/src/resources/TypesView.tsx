import { Button, Skeleton, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { resourceTypesQuery } from '../api/queries';
import { ListProblem } from '../list/ListProblem';
import { Section } from '../shell/Section';
import classes from './Resources.module.css';
import { useTypeWords } from './typeWords';

const TypeDialog = lazy(() => import('./TypeDialog'));

/** The kinds of things that people of this account own or work on. */
export function TypesView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const types = useQuery(resourceTypesQuery(account.id));
  const wordsOf = useTypeWords();
  /** The key of the one that is changed; empty for one to be made. */
  const [open, setOpen] = useState<string>();

  if (types.error) return <ListProblem error={types.error} retry={types.refetch} />;
  return (
    <Section title={t('resources.types')} lead={t('resources.types_lead')}>
      {!types.data && <Skeleton h={120} />}
      {types.data?.length === 0 && <Text c="dimmed">{t('resources.types_none')}</Text>}
      {types.data && types.data.length > 0 && (
        <ul className={classes.list}>
          {types.data.map((type) => (
            <li key={type.key} className={classes.row}>
              <div className={classes.words}>
                <Text fw={500}>{wordsOf(type).Many}</Text>
                <Text size="xs" c="dimmed">
                  {t(`resources.leaving.${type.on_leave}`)}
                </Text>
              </div>
              <Button
                variant="default"
                size="compact-md"
                aria-label={t('resources.type_change', { name: wordsOf(type).Many })}
                onClick={() => setOpen(type.key)}
              >
                {t('keys.change')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button mt="md" variant="default" leftSection={<IconPlus size={16} />} onClick={() => setOpen('')}>
        {t('resources.type_add')}
      </Button>
      <Suspense>{open !== undefined && <TypeDialog type={open} onClose={() => setOpen(undefined)} />}</Suspense>
    </Section>
  );
}
