import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Holder } from '../api/schema';
import row from '../list/Row.module.css';
import { StatusMark } from '../list/StatusMark';
import { Initials } from '../people/Initials';
import { useShownName } from '../people/shownName';
import classes from './Resources.module.css';

interface HolderRowProps {
  holder: Holder;
  /** What it means that they have left, and stand here all the same. */
  leftMeans: string;
  /** What can be done about it. */
  children?: ReactNode;
}

/** Somebody who owns a resource or works on it, and whether they are still here. */
export function HolderRow({ holder, leftMeans, children }: HolderRowProps) {
  const { t } = useTranslation();
  const { can, path, session } = usePlace();
  const name = useShownName()(holder.name);
  return (
    <>
      <Initials id={holder.member} name={name} />
      <div className={classes.words}>
        <div className={row.line}>
          {/* Who was erased has no panel to go to. */}
          {can('members.read') && holder.name ? (
            <Link to={path(`users/${holder.member}`)} className={row.name} title={name}>
              {name}
            </Link>
          ) : (
            <Text component="span" fw={500} truncate title={name}>
              {name}
            </Text>
          )}
          {holder.member === session.member_id && (
            <Text span size="xs" c="dimmed">
              {t('users.you')}
            </Text>
          )}
        </div>
        {!holder.active && (
          <Text component="div" size="xs" c="dimmed">
            <StatusMark tone="quiet">{t('resources.inactive')}</StatusMark>
            <div>{leftMeans}</div>
          </Text>
        )}
      </div>
      {children}
    </>
  );
}
