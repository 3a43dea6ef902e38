import { useTranslation } from 'react-i18next';
import { useFormats } from '../language/formats';
import { ListCard } from '../list/ListCard';
import type { Holder } from './creditsQuery';
import { HolderMark, HolderName, MoveButton } from './holderColumns';
import type { Opening } from './MoveDialog';

interface HolderCardProps {
  holder: Holder;
  onOpen: () => void;
  onMove: (opening: Opening) => void;
}

/** A wallet's row where the page is as wide as a phone. */
export function HolderCard({ holder, onOpen, onMove }: HolderCardProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <ListCard
      id={holder.id}
      selected={false}
      onOpen={onOpen}
      head={<HolderName holder={holder} />}
      actions={<MoveButton holder={holder} onMove={onMove} />}
      foot={
        <>
          <span className="figures">
            {t('credits.count', { count: holder.credits, formatted: number(holder.credits) })}
          </span>
          <HolderMark holder={holder} />
        </>
      }
    />
  );
}
