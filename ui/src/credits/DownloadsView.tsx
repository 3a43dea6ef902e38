import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { useFormats } from '../language/formats';
import { EmptyList } from '../list/EmptyList';
import { Pages } from '../list/Pages';
import { MemberPicker } from '../people/MemberPicker';
import { useRights } from '../users/rights';
import { downloadsQuery } from './creditsQuery';
import { HistoryList } from './HistoryList';
import classes from './Narrowing.module.css';
import { useNarrowing } from './view';
import { useWalletName } from './wallet';

/** Who downloaded what, newest first, also of people who left. */
export function DownloadsView() {
  const { t } = useTranslation();
  const { mayRead } = useRights();
  const [given, narrow] = useNarrowing();
  const member = given('member');
  return (
    <>
      {mayRead && (
        <search className={classes.narrowing}>
          <MemberPicker label={t('credits.by_whom')} value={member} onChange={(id) => narrow({ member: id })} />
        </search>
      )}
      <Downloads member={member} />
    </>
  );
}

function Downloads({ member }: { member: string }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { number } = useFormats();
  const called = useWalletName();
  const list = useInfiniteQuery(downloadsQuery(account.id, member));
  return (
    <Pages
      list={list}
      empty={
        <EmptyList icon={<IconDownload />} title={t('credits.downloads_none')}>
          {t('credits.downloads_none_why')}
        </EmptyList>
      }
    >
      {(downloads) => (
        <HistoryList
          label={t('credits.downloads')}
          lines={downloads.map(({ record, member: who, member_name, charged, at }) => ({
            key: `${who} ${record}`,
            what: t('credits.has_downloaded', { name: called(who, member_name), record }),
            figure:
              charged === 0 ? t('credits.free') : t('credits.count', { count: charged, formatted: number(charged) }),
            at,
          }))}
        />
      )}
    </Pages>
  );
}
