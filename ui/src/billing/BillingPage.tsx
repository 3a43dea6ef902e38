import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Allowed } from '../shell/Allowed';
import { PageHead } from '../shell/PageHead';
import { PageTabs } from '../shell/PageTabs';
import { InvoicePage } from './InvoicePage';
import { InvoicesView } from './InvoicesView';
import { PayerView } from './PayerView';
import { StandingView } from './StandingView';

/** What the account pays for its seats: now, next, until now, and who pays it. */
export default function BillingPage() {
  const { t } = useTranslation();
  const { invoice } = useParams();
  return (
    <Allowed permission="billing.manage" title={t('billing.title')}>
      {invoice === undefined ? <Billing /> : <InvoicePage key={invoice} id={invoice} />}
    </Allowed>
  );
}

function Billing() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('billing.title')} lead={t('billing.lead')} />
      <PageTabs
        tabs={[
          { key: 'seats', label: t('billing.seats_tab'), content: <StandingView /> },
          { key: 'invoices', label: t('billing.invoices'), content: <InvoicesView /> },
          { key: 'payment', label: t('billing.payment'), content: <PayerView /> },
        ]}
      />
    </>
  );
}
