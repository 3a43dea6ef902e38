import { Anchor, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InvoiceLine } from '../api/schema';
import { useFormats } from '../language/formats';
import { When } from '../language/When';
import classes from './Billing.module.css';
import { useMoney } from './money';

interface InvoiceLinesProps {
  label: string;
  lines: readonly InvoiceLine[];
  currency: string;
  /** What is owed, and what credits leave for the invoice after; in minor units. */
  total: number;
  carried: number;
}

/** How many seats of one price are told one by one. */
const few = 5;

/** Every line of an invoice with the formula of its amount; many seats that cost the same stand in one. */
export function InvoiceLines({ label, lines, currency, total, carried }: InvoiceLinesProps) {
  const { t } = useTranslation();
  const { amount } = useMoney();

  return (
    <Table className={classes.lines} aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('billing.column.what')}</Table.Th>
          <Table.Th className={classes.from}>{t('billing.column.from')}</Table.Th>
          <Table.Th className={classes.amount}>{t('billing.column.amount')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {grouped(lines).map((group, place) =>
          group.length > few ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name, and never change their order
            <Seats key={place} seats={group} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name, and never change their order
            group.map((line, among) => <Line key={`${place} ${among}`} line={line} />)
          ),
        )}
        {lines.length === 0 && (
          <Table.Tr>
            <Table.Td>{t('billing.no_lines')}</Table.Td>
            <Table.Td className={classes.from} />
            <Table.Td className={classes.amount} />
          </Table.Tr>
        )}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th scope="row">{t('billing.total')}</Table.Th>
          <Table.Td className={classes.from} />
          <Table.Th className={classes.amount}>{amount(total, currency)}</Table.Th>
        </Table.Tr>
        {carried > 0 && (
          <Table.Tr>
            <Table.Td>{t('billing.carried')}</Table.Td>
            <Table.Td className={classes.from} />
            <Table.Td className={classes.amount}>{amount(carried, currency)}</Table.Td>
          </Table.Tr>
        )}
      </Table.Tfoot>
    </Table>
  );
}

/** Neighbours of one price for one time; what came up in between stands alone. */
function grouped(lines: readonly InvoiceLine[]): InvoiceLine[][] {
  const groups: InvoiceLine[][] = [];
  for (const line of lines) {
    const before = groups.at(-1);
    const alike = before?.[0]?.kind === 'seat' && line.kind === 'seat' && before[0].amount === line.amount;
    if (before && alike) before.push(line);
    else groups.push([line]);
  }
  return groups;
}

function Line({ line }: { line: InvoiceLine }) {
  const { t } = useTranslation();
  const { amount, formula } = useMoney();
  const name = line.member ? line.name || t('subject.member') : '';
  return (
    <Table.Tr>
      <Table.Td>
        {t(`billing.line.${line.kind}`, { name })}
        <Text size="sm" c="dimmed" className="figures">
          {formula(line)}
        </Text>
      </Table.Td>
      <Table.Td className={classes.from}>
        <When at={line.at} as="day" />
      </Table.Td>
      <Table.Td className={classes.amount}>{amount(line.amount, line.currency)}</Table.Td>
    </Table.Tr>
  );
}

/** Many seats that cost the same, told one by one when asked. */
function Seats({ seats }: { seats: readonly InvoiceLine[] }) {
  const { t } = useTranslation();
  const { amount, formula } = useMoney();
  const { number } = useFormats();
  const [open, setOpen] = useState(false);
  const [first] = seats;
  if (!first) return null;
  const count = seats.length;
  return (
    <>
      <Table.Tr>
        <Table.Td>
          {t('billing.line.seats', { count, formatted: number(count) })}{' '}
          <Anchor component="button" type="button" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('billing.fold') : t('billing.unfold')}
          </Anchor>
          <Text size="sm" c="dimmed" className="figures">
            {t('billing.formula.times', { formatted: number(count), each: formula(first) })}
          </Text>
        </Table.Td>
        <Table.Td className={classes.from}>
          <When at={first.at} as="day" />
        </Table.Td>
        <Table.Td className={classes.amount}>{amount(first.amount * count, first.currency)}</Table.Td>
      </Table.Tr>
      {open && seats.map((line) => <Line key={line.member} line={line} />)}
    </>
  );
}
