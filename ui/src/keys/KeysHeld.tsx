import { Button, Skeleton, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { ApiKey, Member } from '../api/schema';
import { useFormats } from '../language/formats';
import { EmptyList } from '../list/EmptyList';
import { itemsOf, Pages } from '../list/Pages';
import row from '../list/Row.module.css';
import { nameOf } from '../me/name';
import page from '../users/UsersPage.module.css';
import { KeyMark } from './KeyMark';
import classes from './KeysHeld.module.css';
import { keysQuery } from './keysQuery';
import { useMakers } from './makers';
import { usePurposes } from './purposes';

const RevokeDialog = lazy(() => import('./RevokeDialog'));

/** The keys that somebody made, each with its end. */
export function KeysHeld({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const read = useInfiniteQuery(keysQuery(account.id, member.id));
  const [revoking, setRevoking] = useState<ApiKey>();
  const name = nameOf(member);
  return (
    <>
      <Pages
        list={read}
        waiting={<Skeleton h={60} />}
        empty={
          <EmptyList icon={<IconKey />} title={t('keys.held_none', { name })}>
            {t('keys.held_none_why', { name })}
          </EmptyList>
        }
      >
        {(keys) => (
          <>
            <Text c="dimmed">{t('keys.held_why', { name })}</Text>
            <ul className={classes.list}>
              {keys.map((key) => (
                <HeldKey key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
              ))}
            </ul>
          </>
        )}
      </Pages>
      <Suspense>{revoking && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}</Suspense>
    </>
  );
}

/** How many there are, as far as they are read. */
export function KeysCount({ member }: { member: Member }) {
  const { account } = usePlace();
  const { number } = useFormats();
  const { data, hasNextPage } = useInfiniteQuery(keysQuery(account.id, member.id));
  const count = itemsOf(data).length;
  if (count === 0) return null;
  return (
    <span className={page.count}>
      {number(count)}
      {hasNextPage && '+'}
    </span>
  );
}

function HeldKey({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const { phrase } = usePurposes();
  const maker = useMakers([apiKey])(apiKey);
  return (
    <li className={classes.key}>
      <div className={classes.words}>
        <Link to={path(`keys/${apiKey.id}`)} className={row.name} title={apiKey.name}>
          {apiKey.name}
        </Link>
        <Text size="xs" c="dimmed">
          {t('keys.may_do', { what: phrase(apiKey.permissions) })}
        </Text>
        <Text component="div" size="xs" c="dimmed">
          <KeyMark apiKey={apiKey} maker={maker} />
        </Text>
      </div>
      {maker?.under && (
        <Button
          variant="subtle"
          size="compact-sm"
          color="red"
          aria-label={t('keys.revoke_it', { name: apiKey.name })}
          onClick={onRevoke}
        >
          {t('keys.revoke')}
        </Button>
      )}
    </li>
  );
}
