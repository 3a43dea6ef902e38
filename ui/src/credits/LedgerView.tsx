import { IconReceipt2 } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { CreditEntry } from '../api/schema';
import { useFormats } from '../language/formats';
import { EmptyList } from '../list/EmptyList';
import { NothingFound } from '../list/NothingFound';
import { Pages } from '../list/Pages';
import { MemberPicker } from '../people/MemberPicker';
import { useRights } from '../users/rights';
import { entriesQuery } from './creditsQuery';
import { useEntryWords } from './entryWords';
import { HistoryList } from './HistoryList';
import classes from './Narrowing.module.css';
import { useNarrowing } from './view';

/** Every move of credits, newest first: of everybody, of one of them, or only the reader's own. */
export function LedgerView({ member: own }: { member?: string }) {
  const { t } = useTranslation();
  const { mayRead } = useRights();
  const [given, narrow] = useNarrowing();
  const member = own ?? given('member');
  return (
    <>
      {!own && mayRead && (
        <search className={classes.narrowing}>
          <MemberPicker label={t('credits.whose')} value={member} onChange={(id) => narrow({ member: id })} />
        </search>
      )}
      <Entries member={member} onWiden={own || !member ? undefined : () => narrow({ member: '' })} />
    </>
  );
}

function Entries({ member, onWiden }: { member: string; onWiden: (() => void) | undefined }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const list = useInfiniteQuery(entriesQuery(account.id, member));
  const { sentence, note, change } = useEntryWords();
  const { number } = useFormats();
  return (
    <Pages
      list={list}
      empty={
        onWiden ? (
          <NothingFound onWiden={onWiden}>{t('credits.nothing_of')}</NothingFound>
        ) : (
          <EmptyList icon={<IconReceipt2 />} title={t('credits.ledger_none')}>
            {t('credits.ledger_none_why')}
          </EmptyList>
        )
      }
    >
      {(entries) => (
        <HistoryList
          label={t('credits.ledger')}
          lines={onceEach(entries).map((entry) => ({
            key: entry.transaction,
            what: sentence(entry),
            note: note(entry),
            figure: member
              ? `${change(entry)} · ${t('credits.left', { formatted: number(entry.balance) })}`
              : undefined,
            at: entry.at,
          }))}
        />
      )}
    </Pages>
  );
}

/** Each transaction has an entry for either side, which may stand on two pages: one tells of it. */
function onceEach(entries: readonly CreditEntry[]): CreditEntry[] {
  return [...new Map(entries.map((entry) => [entry.transaction, entry])).values()];
}
