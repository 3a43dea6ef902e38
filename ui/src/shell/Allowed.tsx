import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { EmptyList } from '../list/EmptyList';
import { PageHead } from './PageHead';

interface AllowedProps {
  /** The permission that the page is about; the server asks for it again. */
  permission: string;
  title: string;
  children: ReactNode;
}

/** A page for whoever has the permission; anybody else is told whom to ask. */
export function Allowed({ permission, title, children }: AllowedProps) {
  const { t } = useTranslation();
  const { can } = usePlace();
  if (can(permission)) return children;
  return (
    <>
      <PageHead title={title} />
      <EmptyList icon={<IconLock />} title={t('shell.not_yours')}>
        {t('shell.not_yours_why')}
      </EmptyList>
    </>
  );
}
