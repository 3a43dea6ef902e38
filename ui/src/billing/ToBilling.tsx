import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';

/** The way to the seats there are, for who may see them: where no seat is free, that is the next step. */
export function ToBilling() {
  const { t } = useTranslation();
  const { can, path } = usePlace();
  if (!can('billing.manage')) return null;
  return (
    <Anchor component={Link} to={path('billing')} size="sm" display="block">
      {t('billing.before.to_billing')}
    </Anchor>
  );
}
