import { Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import { placesQuery } from '../api/queries';
import { leave } from '../form/unsaved';
import classes from './AccountMenu.module.css';
import { Mark } from './Mark';
import { useSwitch } from './switch';
import { useToast } from './toast';

/** The account the reader is in, and the way to their others. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const places = useQuery(placesQuery);
  const toast = useToast();
  const switchTo = useSwitch();
  const others = (places.data ?? []).filter((place) => place.account.id !== account.id);

  if (others.length === 0) {
    return (
      <Link to={`/a/${account.id}`} className={classes.account}>
        <Mark account={account} size={28} />
        <Text fw={600} truncate>
          {account.name}
        </Text>
      </Link>
    );
  }

  return (
    <Menu position="bottom-start" width={280} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <Mark account={account} size={28} />
          <Text fw={600} truncate>
            {account.name}
          </Text>
          <VisuallyHidden>{t('shell.switch_account')}</VisuallyHidden>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('shell.my_accounts')}</Menu.Label>
        <Menu.Item leftSection={<Mark account={account} size={20} />} rightSection={<IconCheck size={16} />}>
          {account.name}
        </Menu.Item>
        {others.map((place) => (
          <Menu.Item
            key={place.account.id}
            leftSection={<Mark account={place.account} size={20} />}
            onClick={() => leave(() => switchTo.mutate(place.account.id, { onError: toast.refused }))}
          >
            {place.account.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
