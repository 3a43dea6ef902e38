import { Button, VisuallyHidden } from '@mantine/core';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useFormats } from '../language/formats';
import { Person } from '../people/Person';
import { MemberMark } from '../users/MemberMark';
import type { Holder } from './creditsQuery';
import type { Opening } from './MoveDialog';

const column = createColumnHelper<Holder>();

/** The address of the ledger of one wallet. */
export function useLedgerPath() {
  const { path } = usePlace();
  return (member: string) => path(`credits?tab=ledger&member=${member}`);
}

/** What the list shows of each wallet. */
export function useHolderColumns(onMove: (opening: Opening) => void): ColumnDef<Holder>[] {
  const { t } = useTranslation();
  const columns = [
    column.display({
      id: 'person',
      meta: { sort: 'name' },
      header: () => t('users.column.name'),
      cell: ({ row }) => <HolderName holder={row.original} />,
    }),
    column.display({
      id: 'status',
      meta: { width: 220, wideOnly: true },
      header: () => t('credits.column.status'),
      cell: ({ row }) => <MemberMark status={row.original.status} />,
    }),
    column.display({
      id: 'credits',
      meta: { sort: 'credits', width: 140, figures: true },
      header: () => t('credits.column.credits'),
      cell: ({ row }) => <HolderCredits holder={row.original} />,
    }),
    column.display({
      id: 'move',
      meta: { width: 96 },
      header: () => <VisuallyHidden>{t('users.column.actions')}</VisuallyHidden>,
      cell: ({ row }) => <MoveButton holder={row.original} onMove={onMove} />,
    }),
  ];
  return columns as ColumnDef<Holder>[];
}

export function HolderName({ holder }: { holder: Holder }) {
  const ledgerOf = useLedgerPath();
  return <Person id={holder.id} name={holder.name} email={holder.email} to={ledgerOf(holder.id)} />;
}

function HolderCredits({ holder }: { holder: Holder }) {
  const { number } = useFormats();
  return <span className="figures">{number(holder.credits)}</span>;
}

interface MoveButtonProps {
  holder: Holder;
  onMove: (opening: Opening) => void;
}

/** Gives to somebody active, takes from somebody who is not; nothing where neither can be. */
export function MoveButton({ holder, onMove }: MoveButtonProps) {
  const { t } = useTranslation();
  const receives = holder.status === 'active';
  if (!receives && holder.credits === 0) return null;
  const wallet = { id: holder.id, name: holder.name, credits: holder.credits, receives };
  return (
    <Button
      variant="default"
      size="compact-md"
      aria-label={t('credits.move_of', { name: holder.name })}
      onClick={() =>
        onMove(receives && holder.credits === 0 ? { from: 'company', to: wallet } : { from: wallet, to: 'company' })
      }
    >
      {t('credits.move_short')}
    </Button>
  );
}
