import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../api/schema';
import { StatusMark, type Tone } from '../list/StatusMark';
import type { Maker } from './makers';
import { type Standing, standingOf } from './standing';

const tones: Record<Standing, Tone> = {
  over: 'ended',
  barred: 'waiting',
  limited: 'waiting',
  ending: 'waiting',
  unused: 'quiet',
  used: 'done',
};

/** How a key stands now. */
export function KeyMark({ apiKey, maker }: { apiKey: ApiKey; maker: Maker | undefined }) {
  const { t } = useTranslation();
  const standing = standingOf(apiKey, maker, Date.now());
  return <StatusMark tone={tones[standing]}>{t(`keys.standing.${standing}`)}</StatusMark>;
}
