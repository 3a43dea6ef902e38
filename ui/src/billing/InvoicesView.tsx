import { Anchor } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { Invoice } from '../api/schema';
import { When } from '../language/When';
import { EmptyList } from '../list/EmptyList';
import { List } from '../list/List';
import classes from './Billing.module.css';
import { invoicesQuery } from './billingQuery';
import { Days } from './Days';
import { useMoney } from './money';

/** The invoices so far, each of which opens with its lines. */
export function InvoicesView() {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const navigate = useNavigate();
  const list = useInfiniteQuery(invoicesQuery(account.id));
  return (
    <div className={classes.list}>
      <List
        list={list}
        label={t('billing.invoices')}
        empty={
          <EmptyList icon={<IconReceipt />} title={t('billing.no_invoices')}>
            {t('billing.no_invoices_why')}
          </EmptyList>
        }
        columns={useColumns()}
        card={(invoice) => ({
          head: <Named invoice={invoice} />,
          actions: <Owed invoice={invoice} />,
          foot: <Days {...invoice.period} />,
        })}
        onOpen={({ id }) => navigate(path(`billing/${id}`))}
      />
    </div>
  );
}

const column = createColumnHelper<Invoice>();

function useColumns(): ColumnDef<Invoice>[] {
  const { t } = useTranslation();
  const columns = [
    column.display({
      id: 'number',
      header: () => t('billing.column.invoice'),
      cell: ({ row }) => <Named invoice={row.original} />,
    }),
    column.display({
      id: 'period',
      header: () => t('billing.period'),
      cell: ({ row }) => <Days {...row.original.period} />,
    }),
    column.display({
      id: 'issued',
      meta: { width: 160 },
      header: () => t('billing.column.issued'),
      cell: ({ row }) => <When at={row.original.issued_at} as="day" />,
    }),
    column.display({
      id: 'total',
      meta: { width: 160, figures: true },
      header: () => t('billing.total'),
      cell: ({ row }) => <Owed invoice={row.original} />,
    }),
  ];
  return columns as ColumnDef<Invoice>[];
}

function Named({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation();
  const { path } = usePlace();
  return (
    <Anchor component={Link} to={path(`billing/${invoice.id}`)} fw={500} data-row-link>
      {t('billing.invoice', { number: invoice.number })}
    </Anchor>
  );
}

function Owed({ invoice }: { invoice: Invoice }) {
  const { amount } = useMoney();
  return <span className="figures">{amount(invoice.total, invoice.currency)}</span>;
}
