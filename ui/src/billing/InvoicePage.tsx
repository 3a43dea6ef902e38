import { Button, Skeleton } from '@mantine/core';
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePlace } from '../account/place';
import type { Payer } from '../api/schema';
import { When } from '../language/When';
import { ListProblem } from '../list/ListProblem';
import { FactList } from '../shell/FactList';
import { PageHead } from '../shell/PageHead';
import classes from './Billing.module.css';
import { invoiceQuery, payerQuery } from './billingQuery';
import { countryName } from './countries';
import { Days } from './Days';
import { InvoiceLines } from './InvoiceLines';

/** One invoice with its lines, on a page that can be printed. */
export function InvoicePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const read = useQuery(invoiceQuery(account.id, id));
  const invoice = read.data;
  const payer = usePayer();

  if (!invoice) {
    return (
      <>
        <PageHead title={t('billing.title')} />
        {read.error ? <ListProblem error={read.error} retry={read.refetch} /> : <Skeleton h={320} />}
      </>
    );
  }
  const title = t('billing.invoice', { number: invoice.number });
  return (
    <>
      <PageHead
        title={title}
        lead={account.name}
        actions={
          <div className={classes.moves}>
            <Button
              component={Link}
              to={path('billing?tab=invoices')}
              variant="subtle"
              color="gray"
              leftSection={<IconArrowLeft size={16} />}
            >
              {t('billing.invoices')}
            </Button>
            <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
              {t('billing.print')}
            </Button>
          </div>
        }
      />
      <FactList
        mb="lg"
        facts={[
          { label: t('billing.column.issued'), value: <When at={invoice.issued_at} as="day" /> },
          { label: t('billing.period'), value: <Days {...invoice.period} /> },
          { label: t('billing.billed_to'), value: payer && <span className={classes.address}>{payer}</span> },
        ]}
      />
      <InvoiceLines label={title} {...invoice} />
    </>
  );
}

/** Who pays, as it is written down now. */
function usePayer(): string {
  const { i18n } = useTranslation();
  const { account } = usePlace();
  const payer = useQuery(payerQuery(account.id)).data?.data;
  return payer ? written(payer, i18n.language).join('\n') : '';
}

/** An address as it stands on a letter. */
function written(payer: Payer, language: string): string[] {
  const { company, name, street, postal_code, city, country, vat_id, reference } = payer;
  const place = [postal_code, city].filter(Boolean).join(' ');
  const land = country && countryName(country, language);
  return [company, name, street, place, land, vat_id, reference].filter((line): line is string => !!line);
}
