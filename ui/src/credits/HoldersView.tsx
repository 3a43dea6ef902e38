import { IconCoins } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { useFormats } from '../language/formats';
import { EmptyList } from '../list/EmptyList';
import { List } from '../list/List';
import { NothingFound } from '../list/NothingFound';
import { Toolbar } from '../list/Toolbar';
import { MemberMark } from '../users/MemberMark';
import { type HolderSort, holdersQuery, summaryQuery } from './creditsQuery';
import { HolderName, MoveButton, useHolderColumns, useLedgerPath } from './holderColumns';
import type { Opening } from './MoveDialog';
import { useNarrowing } from './view';

const sorts: readonly string[] = ['name', '-name', 'credits'];

/** Who has how many, the most first; whoever left with some stands among them. */
export function HoldersView({ onMove }: { onMove: (opening: Opening) => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const [given, narrow] = useNarrowing();
  const q = given('q');
  const sort = sorts.includes(given('sort')) ? (given('sort') as HolderSort) : '-credits';
  const none = useQuery(summaryQuery(account.id)).data?.purchased === 0;

  if (none) {
    return (
      <EmptyList icon={<IconCoins />} title={t('credits.none')}>
        {t('credits.none_why')}
      </EmptyList>
    );
  }
  return (
    <>
      <Toolbar q={q} onSearch={(wanted) => narrow({ q: wanted })} placeholder={t('users.search')} />
      <Holders
        q={q}
        sort={sort}
        onSort={(wanted) => narrow({ sort: sortFrom(sort, wanted) })}
        onWiden={() => narrow({ q: '' })}
        onMove={onMove}
      />
    </>
  );
}

/** What the address says after a click on a column; those who have the most stand first unless it says otherwise. */
function sortFrom(sort: HolderSort, wanted: string): string {
  const next = wanted === 'credits' && sort !== '-credits' ? '-credits' : wanted;
  return next === '-credits' ? '' : next;
}

interface HoldersProps {
  q: string;
  sort: HolderSort;
  onSort: (sort: string) => void;
  onWiden: () => void;
  onMove: (opening: Opening) => void;
}

function Holders({ q, sort, onSort, onWiden, onMove }: HoldersProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { account } = usePlace();
  const navigate = useNavigate();
  const ledgerOf = useLedgerPath();
  const list = useInfiniteQuery({ ...holdersQuery(account.id, { q, sort }), placeholderData: keepPreviousData });
  return (
    <List
      list={list}
      label={t('credits.balances')}
      empty={<NothingFound onWiden={onWiden}>{t('credits.nobody_why')}</NothingFound>}
      columns={useHolderColumns(onMove)}
      card={(holder) => ({
        head: <HolderName holder={holder} />,
        actions: <MoveButton holder={holder} onMove={onMove} />,
        foot: (
          <>
            <span className="figures">
              {t('credits.count', { count: holder.credits, formatted: number(holder.credits) })}
            </span>
            <MemberMark status={holder.status} />
          </>
        ),
      })}
      onOpen={({ id }) => navigate(ledgerOf(id))}
      sort={sort}
      onSort={onSort}
    />
  );
}
