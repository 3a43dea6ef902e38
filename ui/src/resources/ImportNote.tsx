import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats';
import { Progressing } from '../shell/Progressing';
import { useImporting } from './importing';

/** How far a list is that was left to be taken in by itself. */
export function ImportNote({ account, onShow }: { account: string; onShow: () => void }) {
  const { t } = useTranslation();
  const { percent } = useFormats();
  const importing = useImporting(account);
  if (!importing) return null;
  const { state, file, sent, size } = importing;
  const part = size === 0 ? 1 : sent / size;
  const far = { file, part: percent(part) };
  const said = {
    running: t('resources.import_at', far),
    done: t('resources.import_done', far),
    stopped: t('resources.import_stopped', far),
  };
  return <Progressing said={said[state]} part={part} label={t('resources.import_progress')} onShow={onShow} />;
}
