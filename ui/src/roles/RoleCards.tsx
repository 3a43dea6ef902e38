import { Anchor, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Role } from '../api/schema';
import classes from './RoleCards.module.css';
import { useRoleMeaning } from './roleMeaning';
import { useRoleName } from './roleName';

/** The roles under each other, each with what it means, where the page is as wide as a phone. */
export function RoleCards({ roles }: { roles: readonly Role[] }) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const roleName = useRoleName();
  const meaning = useRoleMeaning();
  return (
    <ul className={classes.list}>
      {roles.map((role) => (
        <li key={role.key} className={classes.role}>
          <Anchor component={Link} to={path(`roles/${role.key}`)} className={classes.name}>
            {roleName(role)}
          </Anchor>
          <Text size="sm">{meaning(role)}</Text>
          {role.members !== null && (
            <Text size="sm" c="dimmed">
              {t('role.has', { count: role.members })}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
