import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { answer, api } from '../api/client';
import { Problem } from '../api/problem';
import { type Piece, pieces } from './pieces';
import { everyResource } from './resourcesQuery';

/**
 * A line of the answer to a list, as docs/openapi.json describes it: why a line
 * of the list was left out, or how far it has come. The types that are made of
 * the description leave out what comes item by item.
 */
export interface ImportLine {
  line: number;
  code?: string;
  field?: string;
  detail?: string;
  created?: number;
  changed?: number;
  unchanged?: number;
  refused?: number;
  done?: boolean;
}

/** A list on its way. It goes on whatever page is shown, until the browser's tab is closed. */
export interface Importing {
  account: string;
  file: string;
  /** Bytes of the file, and how many of them were looked at. */
  size: number;
  sent: number;
  created: number;
  changed: number;
  unchanged: number;
  /** Why lines were left out, each with its number in the file. */
  refused: readonly ImportLine[];
  state: 'running' | 'stopped' | 'done';
  /** Why it stopped, unless somebody stopped it. */
  error?: unknown;
}

/** How many refusals are enough to see that this is another list than was meant. */
export const mostRefused = 1000;

let current: Importing | undefined;
let wanted = true;
const watchers = new Set<() => void>();

function become(next: Importing | undefined): void {
  current = next;
  for (const watcher of watchers) watcher();
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The list of this account that is on its way, or that came through last. */
export function useImporting(account: string): Importing | undefined {
  const importing = useSyncExternalStore(subscribe, () => current);
  return importing?.account === account ? importing : undefined;
}

/** What is stored stays; the rest is not looked at. */
export function stopImporting(): void {
  wanted = false;
}

/** Puts the result away. */
export function forgetImport(): void {
  if (current?.state !== 'running') become(undefined);
}

/** Begins with a list; one at a time. After every piece the lists on the screen are read anew. */
export async function startImporting(cache: QueryClient, account: string, file: File): Promise<void> {
  if (current?.state === 'running') return;
  wanted = true;
  const none = { created: 0, changed: 0, unchanged: 0, refused: [] };
  let now: Importing = { account, file: file.name, size: file.size, sent: 0, ...none, state: 'running' };
  become(now);
  try {
    for await (const piece of pieces(file)) {
      if (!wanted || now.refused.length > mostRefused) break;
      const lines = await send(account, piece.data);
      now = grown(now, lines, piece);
      become(now);
      void cache.invalidateQueries({ queryKey: everyResource(account) });
      const last = lines.at(-1);
      if (!last?.done) throw new Problem(200, { code: last?.code ?? 'unreachable', detail: last?.detail });
    }
    become({ ...now, state: now.sent === now.size ? 'done' : 'stopped' });
  } catch (error) {
    become({ ...now, state: 'stopped', error });
  }
}

async function send(account: string, data: Blob): Promise<ImportLine[]> {
  const text = await answer(
    api.POST('/v1/accounts/{account}/resources/import', {
      params: { path: { account } },
      headers: { 'Content-Type': 'application/x-ndjson' },
      // The bytes of the file as they are: what is no text in it, the server says.
      body: data as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      parseAs: 'text',
    }),
  );
  return (text as string)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ImportLine);
}

/** What was there with what came of a piece. */
function grown(before: Importing, lines: ImportLine[], { firstLine, end }: Piece): Importing {
  const last = lines.at(-1);
  const refused = lines.filter(({ code, done }) => code && done === undefined);
  return {
    ...before,
    created: before.created + (last?.created ?? 0),
    changed: before.changed + (last?.changed ?? 0),
    unchanged: before.unchanged + (last?.unchanged ?? 0),
    refused: [...before.refused, ...refused.map((one) => ({ ...one, line: firstLine - 1 + one.line }))],
    sent: last?.done ? end : before.sent,
  };
}
