import {
  Menu,
  Skeleton,
  Text,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import {
  IconApi,
  IconCheck,
  IconChevronDown,
  IconDeviceLaptop,
  IconLogout,
  IconMoon,
  IconSun,
  IconSwitchHorizontal,
  IconUser,
  IconUsersGroup,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace, useWords } from '../account/place';
import { profileQuery } from '../api/queries';
import { useCreditsWays } from '../credits/way';
import { leave } from '../form/unsaved';
import { chooseLanguage, languages } from '../language';
import { nameOf } from '../me/name';
import { Initials } from '../people/Initials';
import { useResourceWays } from '../resources/ways';
import classes from './NameMenu.module.css';
import { underName, useAdministration } from './Navigation';
import { useSignOut } from './signOut';
import { useToast } from './toast';

/** The menu under the reader's own name, top right. */
export function NameMenu() {
  const { t } = useTranslation();
  const { account, session, path } = usePlace();
  const words = useWords();
  const profile = useQuery(profileQuery);
  const ways = [...useResourceWays(), ...useCreditsWays(false), ...useAdministration()];
  const name = profile.data ? nameOf(profile.data) : '';
  const toast = useToast();
  const signOut = useSignOut();

  return (
    <Menu position="bottom-end" width={264} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.name}>
          {profile.data ? <Initials id={session.member_id} name={name} size={28} /> : <Skeleton circle h={28} w={28} />}
          <Text className={classes.label} truncate>
            {name}
          </Text>
          <VisuallyHidden>{t('shell.your_menu')}</VisuallyHidden>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.address}>{session.email}</Menu.Label>
        {underName(account.preset) &&
          ways.map(({ to, label, icon: Icon }) => (
            <Menu.Item
              key={to}
              component={Link}
              to={to}
              leftSection={to === path('users') ? <IconUsersGroup size={16} /> : <Icon size={16} />}
            >
              {label}
            </Menu.Item>
          ))}
        {underName(account.preset) && ways.length > 0 && <Menu.Divider />}
        <Menu.Item component={Link} to={path('me')} leftSection={<IconUser size={16} />}>
          {words.profile}
        </Menu.Item>
        <Menu.Item component={Link} to={path('me?tab=security')} leftSection={<IconDeviceLaptop size={16} />}>
          {t('shell.security')}
        </Menu.Item>
        <Menu.Item component={Link} to={path('me?tab=accounts')} leftSection={<IconSwitchHorizontal size={16} />}>
          {t('shell.my_accounts')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item component="a" href="/docs" leftSection={<IconApi size={16} />}>
          {t('shell.reference')}
        </Menu.Item>
        <Looks />
        <Languages />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => leave(() => signOut.mutate(undefined, { onError: toast.refused }))}
        >
          {t('shell.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Looks() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <Menu.Item
      leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />}
      closeMenuOnClick={false}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? t('shell.light') : t('shell.dark')}
    </Menu.Item>
  );
}

function Languages() {
  const { i18n } = useTranslation();
  return languages.map(({ code, name }) => (
    <Menu.Item
      key={code}
      lang={code}
      leftSection={<span className={classes.code}>{code.toUpperCase()}</span>}
      rightSection={code === i18n.language ? <IconCheck size={16} /> : undefined}
      onClick={() => chooseLanguage(code)}
    >
      {name}
    </Menu.Item>
  ));
}
