import type { ReactNode } from 'react';
import { When } from '../language/When';
import classes from './HistoryList.module.css';

/** One line of a history. */
interface Line {
  key: string;
  what: ReactNode;
  note?: ReactNode;
  /** What it came to, in figures. */
  figure?: ReactNode;
  at?: string | null;
  action?: ReactNode;
}

/** Lines with what happened, what it came to and when, newest first. */
export function HistoryList({ label, lines }: { label: string; lines: readonly Line[] }) {
  return (
    <ol className={classes.list} aria-label={label}>
      {lines.map(({ key, what, note, figure, at, action }) => (
        <li key={key} className={classes.line}>
          <div className={classes.words}>
            <div className={classes.what}>{what}</div>
            {note && <div className={classes.note}>{note}</div>}
          </div>
          {figure && <span className={classes.figure}>{figure}</span>}
          {at !== undefined && <span className={classes.when}>{at && <When at={at} />}</span>}
          {action && <div className={classes.action}>{action}</div>}
        </li>
      ))}
    </ol>
  );
}
