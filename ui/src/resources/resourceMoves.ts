import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, answerWithTag, api, once } from '../api/client';
import type { Holder, Resource } from '../api/schema';
import { useShownName } from '../people/shownName';
import { useToast } from '../shell/toast';
import { ownerOf } from './holders';
import { everyResource, type ResourceKey, resourceQuery } from './resourcesQuery';

/** What a resource is to be; what is left out stays, and null takes it away. */
interface Wanted {
  name?: string;
  owner?: string | null;
  sub_account?: string | null;
}

interface Change {
  resource: Resource;
  to: Wanted;
  /** The version it is based on. */
  tag: string;
}

interface OfTeam {
  resource: Resource;
  person: Pick<Holder, 'member' | 'name' | 'active'>;
}

/** What happened to a resource, as somebody notes it. */
interface Note {
  kind: string;
  member?: string;
  note?: string;
  at?: string;
}

/** The moves on resources, each with its word of what happened and, where there is one, the way back. */
export function useResourceMoves() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  const shown = useShownName();
  const reread = () => cache.invalidateQueries({ queryKey: everyResource(account.id) });
  const at = ({ type, id }: ResourceKey) => ({ account: account.id, type, id });
  const put = (key: ResourceKey, body: Wanted & { name: string }, header: { 'If-Match'?: string }) =>
    answerWithTag(api.PUT('/v1/accounts/{account}/resources/{type}/{id}', { params: { path: at(key), header }, body }));

  const add = useMutation({
    mutationFn: ({ key, to }: { key: ResourceKey; to: Wanted & { name: string } }) => put(key, to, {}),
    onSuccess: ({ data }) => toast.done(t('resources.added', { name: data.name })),
    onSettled: reread,
  });
  const change = useMutation({
    mutationFn: ({ resource, to, tag }: Change) => put(resource, { name: resource.name, ...to }, { 'If-Match': tag }),
    onSuccess: (saved, { resource, to }) => {
      cache.setQueryData(resourceQuery(account.id, resource).queryKey, saved);
      const { data, tag } = saved;
      if (to.owner === undefined) {
        const before = { name: resource.name, sub_account: resource.sub_account };
        toast.done(t('resources.saved', { name: data.name }), () => undo({ resource: data, to: before, tag }));
        return;
      }
      const before = ownerOf(resource);
      const now = ownerOf(data);
      // Nothing is handed back to who has left.
      const back =
        !before || before.active ? () => undo({ resource: data, to: { owner: resource.owner }, tag }) : undefined;
      const said = now
        ? t('resources.transferred', { name: data.name, owner: now.name })
        : t('resources.given_up', { name: data.name });
      toast.done(said, back);
    },
    onSettled: reread,
  });
  const undo = (asked: Change) => change.mutate(asked, { onError: toast.refused });
  const assign = useMutation({
    mutationFn: ({ resource, person }: OfTeam) =>
      answer(
        api.PUT('/v1/accounts/{account}/resources/{type}/{id}/assignees/{member}', {
          params: { path: { ...at(resource), member: person.member } },
        }),
      ),
    onSuccess: ({ name }, { resource, person }) =>
      toast.done(t('resources.assigned', { person: person.name, name }), () => takeOff.mutate({ resource, person })),
    onSettled: reread,
  });
  const takeOff = useMutation({
    mutationFn: ({ resource, person }: OfTeam) =>
      answer(
        api.DELETE('/v1/accounts/{account}/resources/{type}/{id}/assignees/{member}', {
          params: { path: { ...at(resource), member: person.member } },
        }),
      ),
    onSuccess: (_, { resource, person }) => {
      const back = () => assign.mutate({ resource, person }, { onError: toast.refused });
      const said = t('resources.taken_off', { person: shown(person.name), name: resource.name });
      toast.done(said, person.active ? back : undefined);
    },
    onError: toast.refused,
    onSettled: reread,
  });
  const note = useMutation({
    mutationFn: ({ resource, note: body }: { resource: Resource; note: Note }) =>
      answer(
        api.POST('/v1/accounts/{account}/resources/{type}/{id}/activities', {
          params: { path: at(resource), header: once() },
          body,
        }),
      ),
    onSuccess: () => toast.done(t('resources.noted')),
    onSettled: reread,
  });
  return { add, change, assign, takeOff, note };
}
