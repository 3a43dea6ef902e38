import { IconKey } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import type { ApiKey } from '../api/schema';
import { When } from '../language/When';
import { EmptyList } from '../list/EmptyList';
import { List } from '../list/List';
import { itemsOf } from '../list/Pages';
import { usePanelPath } from '../panel/panelPath';
import { KeyMark } from './KeyMark';
import { KeyMenu } from './KeyMenu';
import { KeyName } from './KeyName';
import { useKeyColumns } from './keyColumns';
import { keysQuery } from './keysQuery';
import { type Maker, useMakers } from './makers';
import { usePurposes } from './purposes';

interface KeysListProps {
  /** Whose keys; without one, everybody's. */
  maker?: string;
  /** Whose panel is open. */
  open?: string;
  onRevoke: (key: ApiKey) => void;
}

/** Keys, page after page, as rows or on a phone as cards. */
export function KeysList({ maker, open, onRevoke }: KeysListProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const navigate = useNavigate();
  const keyPath = usePanelPath('keys');
  const { phrase } = usePurposes();
  const list = useInfiniteQuery(keysQuery(account.id, maker));
  const makerOf = useMakers(itemsOf(list.data));
  const whose = maker === undefined;
  return (
    <List
      list={list}
      label={whose ? t('shell.keys') : t('keys.mine')}
      empty={
        <EmptyList icon={<IconKey />} title={whose ? t('keys.none') : t('keys.none_mine')}>
          {t('keys.none_why')}
        </EmptyList>
      }
      columns={useKeyColumns({ makerOf, whose, onRevoke })}
      card={(key) => ({
        head: <KeyName apiKey={key} />,
        actions: <KeyMenu apiKey={key} maker={makerOf(key)} onRevoke={() => onRevoke(key)} />,
        foot: (
          <>
            <KeyMark apiKey={key} maker={makerOf(key)} />
            {key.expires_at && (
              <span>
                {t('keys.ends_at')} <When at={key.expires_at} as="day" />
              </span>
            )}
            {whose && <MadeBy maker={makerOf(key)} />}
            <span>{t('keys.may_do', { what: phrase(key.permissions) })}</span>
          </>
        ),
      })}
      onOpen={(key) => navigate(keyPath(key.id))}
      open={open}
    />
  );
}

function MadeBy({ maker }: { maker: Maker | undefined }) {
  const { t } = useTranslation();
  return maker && <span>{maker.self ? t('keys.made_by_you') : t('keys.made_by', { name: maker.name })}</span>;
}
