import type { CSSProperties } from 'react';
import classes from './Initials.module.css';

interface InitialsProps {
  /** What the colour is made from, so that it stays when a name changes. */
  id: string;
  name: string;
  size?: number;
}

/** A person's initials on a soft colour of their own. The name stands beside it, so screen readers skip it. */
export function Initials({ id, name, size = 32 }: InitialsProps) {
  const style = { '--hue': hueOf(id), '--size': `${size}px` } as CSSProperties;
  return (
    <span className={classes.initials} style={style} aria-hidden>
      {initialsOf(name)}
    </span>
  );
}

function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 24) * 15;
}

function initialsOf(name: string): string {
  const words = name.split(/[\s@]+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return picked
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
