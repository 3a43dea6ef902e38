import type { ReactNode } from 'react';
import classes from './Note.module.css';

interface NoteProps {
  /** `refused` is read out at once; `done` and `quiet` when the reader pauses. */
  tone: 'refused' | 'done' | 'quiet';
  children: ReactNode;
}

/** A sentence above a form. Lighter than an Alert, because the sign-in page is weighed. */
export function Note({ tone, children }: NoteProps) {
  return (
    <div className={classes.note} data-tone={tone} role={tone === 'refused' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
