import type { QueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { patiently } from '../api/patiently';
import { Problem } from '../api/problem';
import { type LongWork, longWork } from '../shell/longWork';
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

/** A list on its way. */
export interface Importing extends LongWork {
  file: string;
  /** Bytes of the file, and how many of them were looked at. */
  size: number;
  sent: number;
  created: number;
  changed: number;
  unchanged: number;
  /** Why lines were left out, each with its number in the file. */
  refused: readonly ImportLine[];
  /** Why it stopped, unless somebody stopped it. */
  error?: unknown;
}

/** How many refusals are enough to see that this is another list than was meant. */
export const mostRefused = 1000;

const work = longWork<Importing>();
let wanted = true;

/** The list of this account that is on its way, or that came through last. */
export const useImporting = work.useOf;

/** Puts the result away. */
export const forgetImport = work.forget;

/** What is stored stays; the rest is not looked at. */
export function stopImporting(): void {
  wanted = false;
}

/** Begins with a list; one at a time. After every piece the lists on the screen are read anew. */
export async function startImporting(cache: QueryClient, account: string, file: File): Promise<void> {
  if (work.now()?.state === 'running') return;
  wanted = true;
  const none = { created: 0, changed: 0, unchanged: 0, refused: [] };
  let now: Importing = { account, file: file.name, size: file.size, sent: 0, ...none, state: 'running' };
  work.become(now);
  try {
    for await (const piece of pieces(file)) {
      if (!wanted || now.refused.length > mostRefused) break;
      const lines = await patiently(() => send(account, piece.data));
      now = grown(now, lines, piece);
      work.become(now);
      void cache.invalidateQueries({ queryKey: everyResource(account) });
      const last = lines.at(-1);
      if (!last?.done) throw new Problem(200, { code: last?.code ?? 'unreachable', detail: last?.detail });
    }
    work.become({ ...now, state: now.sent === now.size ? 'done' : 'stopped' });
  } catch (error) {
    work.become({ ...now, state: 'stopped', error });
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
