import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../api/schema';
import { When } from '../language/When';
import { ListCard } from '../list/ListCard';
import { KeyMark } from './KeyMark';
import { KeyMenu } from './KeyMenu';
import { KeyName } from './KeyName';
import type { Maker } from './makers';
import { usePurposes } from './purposes';

interface KeyCardProps {
  apiKey: ApiKey;
  maker: Maker | undefined;
  /** Says who made it. */
  whose: boolean;
  onOpen: () => void;
  onRevoke: () => void;
}

/** A key's row where the page is as wide as a phone. */
export function KeyCard({ apiKey, maker, whose, onOpen, onRevoke }: KeyCardProps) {
  const { t } = useTranslation();
  const { phrase } = usePurposes();
  return (
    <ListCard
      id={apiKey.id}
      selected={false}
      onOpen={onOpen}
      head={<KeyName apiKey={apiKey} />}
      actions={<KeyMenu apiKey={apiKey} maker={maker} onRevoke={onRevoke} />}
      foot={
        <>
          <KeyMark apiKey={apiKey} maker={maker} />
          {apiKey.expires_at && (
            <span>
              {t('keys.ends_at')} <When at={apiKey.expires_at} as="day" />
            </span>
          )}
          {whose && maker && (
            <span>{maker.self ? t('keys.made_by_you') : t('keys.made_by', { name: maker.name })}</span>
          )}
          <span>{t('keys.may_do', { what: phrase(apiKey.permissions) })}</span>
        </>
      }
    />
  );
}
