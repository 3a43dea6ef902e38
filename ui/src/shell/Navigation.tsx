import {
  IconActivity,
  IconDeviceLaptop,
  IconDoorExit,
  IconHome,
  IconKey,
  IconSettings,
  IconSwitchHorizontal,
  IconUser,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { usePlace, useWords } from '../account/place';
import { useBillingWay } from '../billing/way';
import { useCreditsWays } from '../credits/way';
import { useResourceWays } from '../resources/ways';
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
  const credits = useCreditsWays(true);
  const billing = useBillingWay();
  return [
    ...(can('members.read') ? [{ to: path('users'), label: words.usersWay, icon: IconUsers }] : []),
    ...credits,
    ...(can('roles.manage') ? [{ to: path('roles'), label: t('shell.roles'), icon: IconUserShield }] : []),
    ...(billing ? [billing] : []),
    ...(can('keys.manage') ? [{ to: path('keys'), label: t('shell.keys'), icon: IconKey }] : []),
    ...(can('account.manage') ? [{ to: path('settings'), label: t('shell.settings'), icon: IconSettings }] : []),
    ...(can('events.read') ? [{ to: path('activity'), label: t('shell.activity'), icon: IconActivity }] : []),
  ];
}

/** The parts of pages that people look for by their own names. */
const parts = ['rules', 'modules', 'sub-accounts', 'resources'] as const;

/** Every page of the account that the reader may open, and the parts of its settings. */
export function useEverywhere(): Way[] {
  const { t } = useTranslation();
  const { can, path } = usePlace();
  const words = useWords();
  const own = [...useResourceWays(), ...useCreditsWays(false)];
  const names = {
    rules: t('settings.rules'),
    modules: t('settings.modules'),
    'sub-accounts': t('settings.sub_accounts'),
    resources: t('resources.types'),
  };
  const settings = can('account.manage') ? parts : [];
  return [
    { to: path('home'), label: t('shell.home'), icon: IconHome },
    ...own,
    ...useAdministration(),
    ...(can('departures.manage') ? [{ to: path('departures'), label: t('departures.title'), icon: IconDoorExit }] : []),
    ...settings.map((part) => ({
      to: path(`settings?tab=${part}`),
      label: t('palette.part', { page: t('shell.settings'), part: names[part] }),
      icon: IconSettings,
    })),
    { to: path('me'), label: words.profile, icon: IconUser },
    { to: path('me?tab=security'), label: t('shell.security'), icon: IconDeviceLaptop },
    { to: path('me?tab=accounts'), label: t('shell.my_accounts'), icon: IconSwitchHorizontal },
  ];
}

/** In preset `team` administration hangs under the reader's own name instead. */
export const underName = (preset: string) => preset === 'team';

/** The left-hand navigation, in the words of the account's preset. */
export function Navigation({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const own = [...useResourceWays(), ...useCreditsWays(false)];
  const administration = useAdministration();

  return (
    <nav className={className} aria-label={t('shell.navigation')}>
      <ul className={classes.list}>
        <Item to={path('home')} label={t('shell.home')} icon={IconHome} />
        {own.map((way) => (
          <Item key={way.to} {...way} />
        ))}
      </ul>
      {administration.length > 0 && (
        <>
          <h2 className={classes.group}>{t('words.configuration', { context: account.preset })}</h2>
          <ul className={classes.list}>
            {administration.map((way) => (
              <Item key={way.to} {...way} />
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}

function Item({ to, label, icon: Icon }: Way) {
  return (
    <li>
      <NavLink to={to} className={classes.link}>
        <Icon size={18} stroke={1.5} />
        {label}
      </NavLink>
    </li>
  );
}
