import { useDocumentVisibility } from '@mantine/hooks';
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { usePlace } from '../account/place';
import { sessionQuery } from '../api/queries';
import type { Event } from '../api/schema';
import { eventsQuery, type Narrowed, reaches } from './eventsQuery';

/** `still`: the filters leave out what happens from now on, so there is nothing to follow. */
export type Live = 'live' | 'waiting' | 'still';

/** How long to wait before asking again for a stream that was refused, in milliseconds. */
const pause = 5_000;

type Pages = InfiniteData<{ items: Event[] }>;

/**
 * Follows the trail while the page is looked at, and puts what happens in front
 * of the list. It begins behind the newest event that is shown, and after a break
 * where it was, so that none is missed; an event that comes twice is shown once.
 */
export function useLive(narrowed: Narrowed, newest: number | undefined): Live {
  const { account } = usePlace();
  const cache = useQueryClient();
  const visible = useDocumentVisibility() !== 'hidden';
  const [live, setLive] = useState(false);
  const [round, setRound] = useState(0);
  const seen = useRef(newest);
  const { queryKey } = eventsQuery(account.id, narrowed);
  const known = newest !== undefined;
  const still = !reaches(narrowed, new Date());
  const { actor, action, subject } = narrowed;

  useEffect(() => {
    seen.current = newest;
  }, [newest]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is followed, and each new try
  useEffect(() => {
    if (still || !visible || !known) return;
    const query = new URLSearchParams({ since_seq: String(seen.current) });
    for (const [name, value] of Object.entries({ actor, action, subject })) if (value) query.set(name, value);
    const stream = new EventSource(`/v1/accounts/${account.id}/events/stream?${query}`);
    let again: number | undefined;

    stream.onopen = () => setLive(true);
    stream.onmessage = ({ data }) => {
      const event = JSON.parse(data) as Event;
      cache.setQueryData<Pages>(queryKey, (before) => before && inFront(before, event));
    };
    const retry = () => {
      stream.close();
      setLive(false);
      // Whoever was signed out, or may not read this any more, is told by the rest of the page.
      void cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
      again = window.setTimeout(() => setRound((before) => before + 1), pause);
    };
    stream.addEventListener('end', retry);
    stream.onerror = () => {
      // A connection that broke comes back by itself; one that was refused does not.
      if (stream.readyState === EventSource.CLOSED) retry();
      else setLive(false);
    };
    return () => {
      stream.close();
      window.clearTimeout(again);
      setLive(false);
    };
  }, [account.id, actor, action, subject, known, still, visible, round]);

  if (still) return 'still';
  return live ? 'live' : 'waiting';
}

/** The newest first; what is there already stays where it is. */
function inFront(list: Pages, event: Event): Pages {
  const [first, ...rest] = list.pages;
  if (!first || list.pages.some(({ items }) => items.some(({ seq }) => seq === event.seq))) return list;
  const items = [event, ...first.items].sort((a, b) => b.seq - a.seq);
  return { ...list, pages: [{ ...first, items }, ...rest] };
}
