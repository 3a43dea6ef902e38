import type { ReactNode } from 'react';
import classes from './StatusMark.module.css';

export type Tone = 'done' | 'waiting' | 'ended' | 'quiet';

/** A dot and a word: the colour never says it alone. */
export function StatusMark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.mark}>
      <span className={classes.dot} data-tone={tone} aria-hidden />
      {children}
    </span>
  );
}
