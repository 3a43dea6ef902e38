import type { MouseEvent, ReactNode } from 'react';
import classes from './ListCard.module.css';

interface ListCardProps {
  id: string;
  selected: boolean;
  onOpen: () => void;
  head: ReactNode;
  actions: ReactNode;
  foot: ReactNode;
}

/** One row of a list as a card; like the row it opens as a whole. */
export function ListCard({ id, selected, onOpen, head, actions, foot }: ListCardProps) {
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (event.currentTarget.contains(target) && !target.closest('a, button, input, label')) onOpen();
  };
  return (
    // The link in its head is the way in for keyboards; the rest of the card is a larger place to tap.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <li className={classes.card} data-row={id} data-selected={selected || undefined} onClick={onClick}>
      <div className={classes.head}>
        <div className={classes.who}>{head}</div>
        {actions}
      </div>
      <div className={classes.foot}>{foot}</div>
    </li>
  );
}
