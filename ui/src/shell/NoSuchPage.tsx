import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import { PageHead } from './PageHead';

/** An address inside the account that leads nowhere; the ways on stand around it, and the first of them in it. */
export default function NoSuchPage() {
  const { t } = useTranslation();
  const { path } = usePlace();
  return (
    <>
      <PageHead title={t('entry.not_found_title')} lead={t('problem.no_page')} />
      <Button component={Link} to={path('home')} variant="default">
        {t('entry.to_start')}
      </Button>
    </>
  );
}
