import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CardPage } from '../shell/CardPage';

interface BadLinkProps {
  /** Why the link leads nowhere, and what to do about it. */
  lead: string;
  account?: { name: string; logo?: string };
}

/** A mailed link that is over, incomplete or not ours. */
export function BadLink({ lead, account }: BadLinkProps) {
  const { t } = useTranslation();
  return (
    <CardPage title={t('joining.bad_link')} lead={lead} account={account}>
      <Button component={Link} to="/sign-in" variant="default" fullWidth>
        {t('joining.to_sign_in')}
      </Button>
    </CardPage>
  );
}
