import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { modulesQuery, profileQuery, rolesQuery, subAccountsQuery } from '../api/queries';
import { PageHead } from '../shell/PageHead';
import { usePlace } from './place';
import classes from './YourPlace.module.css';

/** What the reader is in this account: their role, what they may open and what they reach. */
export function YourPlace() {
  const { t } = useTranslation();
  const { account, session } = usePlace();
  const profile = useQuery(profileQuery);
  const roles = useQuery(rolesQuery(account.id));
  const modules = useQuery(modulesQuery(account.id));
  const subAccounts = useQuery(subAccountsQuery(account.id));
  const role = roles.data?.find(({ key }) => key === session.role);
  const name = profile.data?.first_name;

  return (
    <>
      <PageHead
        title={name ? t('place.title_named', { name }) : t('place.title')}
        lead={role && t('place.lead', { role: role.name, account: account.name })}
      />
      <div className={classes.lists}>
        <Reach
          title={t('place.modules')}
          none={t('place.no_modules')}
          items={modules.data?.filter(({ id }) => session.modules.includes(id))}
        />
        <Reach
          title={t('place.sub_accounts')}
          none={t('place.no_sub_accounts')}
          items={subAccounts.data?.filter(({ id }) => session.sub_accounts.includes(id))}
        />
      </div>
    </>
  );
}

function Reach({ title, none, items }: { title: string; none: string; items?: { id: string; name: string }[] }) {
  return (
    <section>
      <h2 className={classes.title}>{title}</h2>
      {!items && <Skeleton h={40} />}
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
