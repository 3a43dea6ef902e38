import { useTranslation } from 'react-i18next';
import { PageHead } from './PageHead';

/** An address inside the account that leads nowhere; the ways on stand around it. */
export default function NoSuchPage() {
  const { t } = useTranslation();
  return <PageHead title={t('entry.not_found_title')} lead={t('problem.no_page')} />;
}
