import { Button, Skeleton, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, answerWithTag, api, once } from '../api/client';
import { modulesQuery } from '../api/queries';
import type { Module } from '../api/schema';
import { tagOf } from '../form/versionForm';
import { ListProblem } from '../list/ListProblem';
import { Section } from '../shell/Section';
import { useToast } from '../shell/toast';
import { NameDialog } from './NameDialog';
import { PartRow, Parts } from './Parts';
import { usePlace } from './place';

/** The menu areas of the host product that roles and people are given. */
export function ModulesView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const modules = useQuery(modulesQuery(account.id));
  const [named, setNamed] = useState<Module | 'new'>();
  const { add, change, drop } = useModuleMoves(() => setNamed(undefined));
  const showNewer = async () => {
    const all = await modules.refetch();
    change.reset();
    setNamed(all.data?.find(({ id }) => named !== 'new' && id === named?.id));
  };

  if (modules.error) return <ListProblem error={modules.error} retry={modules.refetch} />;
  return (
    <Section title={t('settings.modules')} lead={t('settings.modules_lead')}>
      {modules.data ? (
        <Parts none={t('settings.no_modules')}>
          {modules.data.map((module) => (
            <PartRow
              key={module.id}
              name={module.name}
              note={module.key}
              onRename={() => setNamed(module)}
              onDelete={() => drop.mutate(module)}
            >
              <Switch
                size="xs"
                label={t('settings.admin_only')}
                aria-label={t('settings.admin_only_of', { name: module.name })}
                checked={module.admin_only}
                onChange={(event) => change.mutate({ module, patch: { admin_only: event.currentTarget.checked } })}
              />
            </PartRow>
          ))}
        </Parts>
      ) : (
        <Skeleton h={200} />
      )}
      <Button mt="md" variant="default" leftSection={<IconPlus size={16} />} onClick={() => setNamed('new')}>
        {t('settings.add_module')}
      </Button>
      {named && (
        <NameDialog
          key={named === 'new' ? named : named.name}
          title={named === 'new' ? t('settings.add_module') : t('settings.rename_it', { name: named.name })}
          label={t('settings.module_name')}
          name={named === 'new' ? '' : named.name}
          submit={named === 'new' ? t('settings.add_module') : t('settings.rename')}
          busy={add.isPending || change.isPending}
          error={named === 'new' ? add.error : change.error}
          onNewer={showNewer}
          onSubmit={(name) => (named === 'new' ? add.mutate(name) : change.mutate({ module: named, patch: { name } }))}
          onClose={() => setNamed(undefined)}
        />
      )}
    </Section>
  );
}

/** The key that programs know a module by, made from its first name. */
const keyOf = (name: string) =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);

interface Change {
  module: Module;
  patch: { name?: string; admin_only?: boolean };
  /** The version it is based on; without one it is what the list shows. */
  tag?: string;
  /** That it takes back an earlier change, and so is not offered to be undone. */
  undoes?: boolean;
}

/** What takes a change back. */
const before = ({ name, admin_only }: Module, patch: Change['patch']): Change['patch'] =>
  patch.name === undefined ? { admin_only } : { name };

function useModuleMoves(onNamed: () => void) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const toast = useToast();
  const cache = useQueryClient();
  const { queryKey } = modulesQuery(account.id);
  const refresh = () => cache.invalidateQueries({ queryKey });
  const show = (id: string, patch: Change['patch']) =>
    cache.setQueryData(queryKey, (all) => all?.map((one) => (one.id === id ? { ...one, ...patch } : one)));
  const path = { account: account.id };
  const shownTag = (module: Module) =>
    tagOf(module, () =>
      answerWithTag(
        api.GET('/v1/accounts/{account}/modules/{module}', { params: { path: { ...path, module: module.id } } }),
      ),
    );

  const add = useMutation({
    mutationFn: (name: string) =>
      answer(
        api.POST('/v1/accounts/{account}/modules', {
          params: { path },
          headers: once(),
          body: { key: keyOf(name), name },
        }),
      ),
    onSuccess: (module) => {
      onNamed();
      toast.done(t('settings.added', { name: module.name }), () => drop.mutate(module));
    },
    onSettled: refresh,
  });
  const change = useMutation({
    // One after the other: the next is based on what the one before made of it.
    scope: { id: queryKey.join(' ') },
    onMutate: async ({ module, patch }: Change) => {
      await cache.cancelQueries({ queryKey });
      show(module.id, patch);
    },
    mutationFn: async ({ module, patch, tag }: Change) =>
      answerWithTag(
        api.PATCH('/v1/accounts/{account}/modules/{module}', {
          params: { path: { ...path, module: module.id }, header: { 'If-Match': tag ?? (await shownTag(module)) } },
          body: patch,
        }),
      ),
    onSuccess: ({ data: { name }, tag }, { module, patch, undoes }) => {
      onNamed();
      if (undoes) {
        toast.done(t('settings.put_back'));
        return;
      }
      toast.done(t('settings.changed', { name }), () =>
        change.mutate({ module, patch: before(module, patch), tag, undoes: true }),
      );
    },
    onError: (error, { module, patch, undoes }) => {
      show(module.id, before(module, patch));
      // In the dialog the refusal stands where it belongs.
      if (undoes || patch.name === undefined) toast.refused(error);
    },
    onSettled: refresh,
  });
  const drop = useMutation({
    mutationFn: async (module: Module) =>
      answer(
        api.DELETE('/v1/accounts/{account}/modules/{module}', {
          params: { path: { ...path, module: module.id }, header: { 'If-Match': await shownTag(module) } },
        }),
      ),
    onSuccess: (_, { name }) => toast.done(t('settings.deleted', { name })),
    onError: toast.refused,
    onSettled: refresh,
  });
  return { add, change, drop };
}
