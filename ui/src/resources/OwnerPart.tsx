import { Button, Text } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Resource } from '../api/schema';
import { HolderRow } from './HolderRow';
import { ownerOf } from './holders';
import classes from './Resources.module.css';
import type { TypeWords } from './typeWords';

const TransferDialog = lazy(() => import('./TransferDialog'));

/** A resource as it was read, with the tag that says which version it is. */
export interface Version {
  data: Resource;
  tag: string;
}

/** Whose it is, and the way to hand it over. */
export function OwnerPart({ version, words }: { version: Version; words: TypeWords }) {
  const { t } = useTranslation();
  const { can } = usePlace();
  const heading = useId();
  const [handing, setHanding] = useState(false);
  const owner = ownerOf(version.data);
  return (
    <section className={classes.part} aria-labelledby={heading}>
      <div className={classes.partHead}>
        <Text component="h3" fw={600} id={heading}>
          {t('resources.owner')}
        </Text>
        {can('resources.manage') && (
          <Button variant="default" size="compact-md" onClick={() => setHanding(true)}>
            {t('resources.transfer')}
          </Button>
        )}
      </div>
      {owner ? (
        <ul className={classes.list}>
          <li className={classes.row}>
            <HolderRow holder={owner} leftMeans={t('resources.owner_left')} />
          </li>
        </ul>
      ) : (
        <Text c="dimmed" mt={4}>
          {t('resources.ownerless', words)}
        </Text>
      )}
      <Suspense>
        {handing && <TransferDialog version={version} words={words} onClose={() => setHanding(false)} />}
      </Suspense>
    </section>
  );
}
