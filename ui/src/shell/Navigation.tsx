import { IconActivity, IconHome, IconSettings, IconUsers } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { usePlace, useWords } from '../account/place';
import classes from './Navigation.module.css';

export interface Way {
  to: string;
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
}

/** The pages of administration that the reader may open. */
export function useAdministration(): Way[] {
  const { t } = useTranslation();
  const { can, path } = usePlace();
  const words = useWords();
  return [
    ...(can('members.read') ? [{ to: path('users'), label: words.users, icon: IconUsers }] : []),
    ...(can('account.manage') ? [{ to: path('settings'), label: t('shell.settings'), icon: IconSettings }] : []),
    ...(can('events.read') ? [{ to: path('activity'), label: t('shell.activity'), icon: IconActivity }] : []),
  ];
}

/** In preset `team` administration hangs under the reader's own name instead. */
export const underName = (preset: string) => preset === 'team';

/** The left-hand navigation, in the words of the account's preset. */
export function Navigation({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const administration = useAdministration();
  const grouped = underName(account.preset) ? [] : administration;

  return (
    <nav className={className} aria-label={t('shell.navigation')}>
      <ul className={classes.list}>
        <Item to={`/a/${account.id}`} label={t('shell.home')} icon={IconHome} exact />
      </ul>
      {grouped.length > 0 && (
        <>
          <h2 className={classes.group}>{t('words.configuration', { context: account.preset })}</h2>
          <ul className={classes.list}>
            {grouped.map((way) => (
              <Item key={way.to} {...way} />
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}

function Item({ to, label, icon: Icon, exact }: Way & { exact?: boolean }) {
  return (
    <li>
      <NavLink to={to} end={exact} className={classes.link}>
        <Icon size={18} stroke={1.5} />
        {label}
      </NavLink>
    </li>
  );
}
