import { Button, Group, Skeleton, Text } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { modulesQuery, profileQuery, rolesQuery, subAccountsQuery } from '../api/queries';
import { ListProblem } from '../list/ListProblem';
import { useResourceWays } from '../resources/ways';
import { useRoleName } from '../roles/roleName';
import { PageHead } from '../shell/PageHead';
import classes from './HomePage.module.css';
import { usePlace, useWords } from './place';

/** What the reader is in this account: their role, what they may open and what they reach. */
export default function HomePage() {
  const { t } = useTranslation();
  const { account, session, can, path } = usePlace();
  const words = useWords();
  const roleName = useRoleName();
  const profile = useQuery(profileQuery);
  const roles = useQuery(rolesQuery(account.id));
  const modules = useQuery(modulesQuery(account.id));
  const subAccounts = useQuery(subAccountsQuery(account.id));
  const role = roles.data?.find(({ key }) => key === session.role);
  const name = profile.data?.first_name;

  const things = useResourceWays();
  const given = modules.data?.length !== 0 || subAccounts.data?.length !== 0;

  return (
    <>
      <PageHead
        title={name ? t('place.title_named', { name }) : t('place.title')}
        lead={role && t('place.lead', { role: roleName(role), account: account.name })}
        actions={
          can('members.manage') && (
            <Button component={Link} to={path('users')} variant="default">
              {words.users}
            </Button>
          )
        }
      />
      {things.length > 0 && (
        <Group gap="xs" mb="xl">
          {things.map(({ to, label, icon: Icon }) => (
            <Button key={to} component={Link} to={to} variant="default" leftSection={<Icon size={16} />}>
              {label}
            </Button>
          ))}
        </Group>
      )}
      {given ? (
        <div className={classes.lists}>
          <Reach title={t('place.modules')} none={t('place.no_modules')} read={modules} given={session.modules} />
          <Reach
            title={t('place.sub_accounts')}
            none={t('place.no_sub_accounts')}
            read={subAccounts}
            given={session.sub_accounts}
          />
        </div>
      ) : (
        role?.reach === 'all' && <Text>{t('place.everything', { account: account.name })}</Text>
      )}
    </>
  );
}

interface ReachProps {
  title: string;
  none: string;
  read: UseQueryResult<{ id: string; name: string }[]>;
  /** The ids of those that are given. */
  given: readonly string[];
}

function Reach({ title, none, read: { data, error, refetch }, given }: ReachProps) {
  const items = data?.filter(({ id }) => given.includes(id));
  return (
    <section>
      <h2 className={classes.title}>{title}</h2>
      {!items && !error && <Skeleton h={40} />}
      {!items && error && <ListProblem error={error} retry={refetch} />}
      {items?.length === 0 && <Text c="dimmed">{none}</Text>}
      {items && items.length > 0 && (
        <ul className={classes.list}>
          {items.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
