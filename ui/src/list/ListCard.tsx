import { Checkbox } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ListCard.module.css';

/** What a card shows of its row. */
export interface Card {
  head: ReactNode;
  actions?: ReactNode;
  foot: ReactNode;
}

interface ListCardProps extends Card {
  id: string;
  selected: boolean;
  /** Its box, named after what it selects, where rows can be selected. */
  select?: { name: string; onSelect: () => void };
  onOpen: () => void;
}

/** One row of a list as a card; like the row it opens as a whole. */
export function ListCard({ id, selected, select, onOpen, head, actions, foot }: ListCardProps) {
  const { t } = useTranslation();
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
      <div className={classes.foot}>
        {select && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the box has its own name; this is a larger place to tap
          <label className={classes.box}>
            <Checkbox
              size="xs"
              data-select
              aria-label={t('users.select', { name: select.name })}
              checked={selected}
              onChange={select.onSelect}
            />
          </label>
        )}
        {foot}
      </div>
    </li>
  );
}
