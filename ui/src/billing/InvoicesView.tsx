import { Anchor } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ColumnDef, createColumnHelper, getCoreRowModel, useReactTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { Invoice } from '../api/schema';
import { When } from '../language/When';
import { EmptyList } from '../list/EmptyList';
import { ListCard } from '../list/ListCard';
import cards from '../list/ListCard.module.css';
import { ListProblem } from '../list/ListProblem';
import { ListSkeleton } from '../list/ListSkeleton';
import { ListTable } from '../list/ListTable';
import { LoadMore } from '../list/LoadMore';
import { walkRows } from '../list/rowKeys';
import classes from './Billing.module.css';
import { invoicesQuery } from './billingQuery';
import { Days } from './Days';
import { useMoney } from './money';

/** The invoices so far, each of which opens with its lines. */
export function InvoicesView() {
  const { t } = useTranslation();
  const { account, path } = usePlace();
  const navigate = useNavigate();
  const narrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const list = useInfiniteQuery(invoicesQuery(account.id));
  const invoices = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = useColumns();
  const model = useReactTable({
    data: invoices,
    columns,
    getRowId: ({ id }) => id,
    getCoreRowModel: getCoreRowModel(),
  });
  const open = ({ id }: Invoice) => navigate(path(`billing/${id}`));

  if (list.isPending) return <ListSkeleton />;
  if (list.error && invoices.length === 0) return <ListProblem error={list.error} retry={list.refetch} />;
  if (invoices.length === 0) {
    return (
      <EmptyList icon={<IconReceipt />} title={t('billing.no_invoices')}>
        {t('billing.no_invoices_why')}
      </EmptyList>
    );
  }
  return (
    <div className={classes.list}>
      {narrow ? (
        <ul className={cards.list} aria-label={t('billing.invoices')} onKeyDown={walkRows}>
          {invoices.map((invoice) => (
            <ListCard
              key={invoice.id}
              id={invoice.id}
              selected={false}
              onOpen={() => open(invoice)}
              head={<Named invoice={invoice} />}
              actions={<Owed invoice={invoice} />}
              foot={<Days {...invoice.period} />}
            />
          ))}
        </ul>
      ) : (
        <ListTable model={model} label={t('billing.invoices')} onOpen={open} />
      )}
      <LoadMore more={list.hasNextPage} busy={list.isFetchingNextPage} onMore={list.fetchNextPage} />
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
      meta: { width: 160 },
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
    <Anchor component={Link} to={path(`billing/${invoice.id}`)} fw={500}>
      {t('billing.invoice', { number: invoice.number })}
    </Anchor>
  );
}

function Owed({ invoice }: { invoice: Invoice }) {
  const { amount } = useMoney();
  return <span className="figures">{amount(invoice.total, invoice.currency)}</span>;
}
