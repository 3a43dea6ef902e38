import type { KeyboardEvent } from 'react';

/**
 * Walks through the rows of a list with the arrow keys, Home and End, from one
 * row's link to the next; the space bar selects the row.
 */
export function walkRows(event: KeyboardEvent<HTMLElement>): void {
  const here = event.target as HTMLElement;
  const row = here.closest<HTMLElement>('[data-row]');
  if (!row || !here.matches('[data-row-link]')) return;

  if (event.key === ' ') {
    event.preventDefault();
    row.querySelector<HTMLInputElement>('input[type=checkbox][data-select]')?.click();
    return;
  }
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const place = rows.indexOf(row);
  const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  focusRow(rows[next]);
}

/** Steps from the search box into the list. */
export function enterRows(within: ParentNode = document): void {
  focusRow(within.querySelector<HTMLElement>('[data-row]') ?? undefined);
}

function focusRow(row: HTMLElement | undefined): void {
  row?.querySelector<HTMLElement>('[data-row-link]')?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}
