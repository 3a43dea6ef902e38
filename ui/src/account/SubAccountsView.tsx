import { Button, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, answerWithTag, api, once } from '../api/client';
import { subAccountsQuery } from '../api/queries';
import type { SubAccount } from '../api/schema';
import { tagOf } from '../form/versionForm';
import { ListProblem } from '../list/ListProblem';
import { Section } from '../shell/Section';
import { useToast } from '../shell/toast';
import { NameDialog } from './NameDialog';
import { PartRow, Parts } from './Parts';
import { usePlace } from './place';

/** The parts of the account that people are given to reach. */
export function SubAccountsView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const subAccounts = useQuery(subAccountsQuery(account.id));
  const [named, setNamed] = useState<SubAccount | 'new'>();
  const { add, rename, drop } = useSubAccountMoves(() => setNamed(undefined));
  const showNewer = async () => {
    const all = await subAccounts.refetch();
    rename.reset();
    setNamed(all.data?.find(({ id }) => named !== 'new' && id === named?.id));
  };

  if (subAccounts.error) return <ListProblem error={subAccounts.error} retry={subAccounts.refetch} />;
  return (
    <Section title={t('settings.sub_accounts')} lead={t('settings.sub_accounts_lead')}>
      {subAccounts.data ? (
        <Parts none={t('settings.no_sub_accounts')}>
          {subAccounts.data.map((part) => (
            <PartRow
              key={part.id}
              name={part.name}
              onRename={() => setNamed(part)}
              onDelete={() => drop.mutate(part)}
            />
          ))}
        </Parts>
      ) : (
        <Skeleton h={200} />
      )}
      <Button mt="md" variant="default" leftSection={<IconPlus size={16} />} onClick={() => setNamed('new')}>
        {t('settings.add_sub_account')}
      </Button>
      {named && (
        <NameDialog
          key={named === 'new' ? named : named.name}
          title={named === 'new' ? t('settings.add_sub_account') : t('settings.rename_it', { name: named.name })}
          label={t('settings.sub_account_name')}
          name={named === 'new' ? '' : named.name}
          submit={named === 'new' ? t('settings.add_sub_account') : t('settings.rename')}
          busy={add.isPending || rename.isPending}
          error={named === 'new' ? add.error : rename.error}
          onNewer={showNewer}
          onSubmit={(name) => (named === 'new' ? add.mutate(name) : rename.mutate({ part: named, name }))}
          onClose={() => setNamed(undefined)}
        />
      )}
    </Section>
  );
}

interface Rename {
  part: SubAccount;
  name: string;
  /** The version it is based on; without one it is what the list shows. */
  tag?: string;
  /** That it takes back an earlier name, and so is not offered to be undone. */
  undoes?: boolean;
}

function useSubAccountMoves(onNamed: () => void) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const toast = useToast();
  const cache = useQueryClient();
  const refresh = () => cache.invalidateQueries({ queryKey: subAccountsQuery(account.id).queryKey });
  const path = { account: account.id };
  const shownTag = (part: SubAccount) =>
    tagOf(part, () =>
      answerWithTag(
        api.GET('/v1/accounts/{account}/sub-accounts/{sub_account}', {
          params: { path: { ...path, sub_account: part.id } },
        }),
      ),
    );

  const add = useMutation({
    mutationFn: (name: string) =>
      answer(api.POST('/v1/accounts/{account}/sub-accounts', { params: { path }, headers: once(), body: { name } })),
    onSuccess: (part) => {
      onNamed();
      toast.done(t('settings.added', { name: part.name }), () => drop.mutate(part));
    },
    onSettled: refresh,
  });
  const rename = useMutation({
    mutationFn: async ({ part, name, tag }: Rename) =>
      answerWithTag(
        api.PATCH('/v1/accounts/{account}/sub-accounts/{sub_account}', {
          params: { path: { ...path, sub_account: part.id }, header: { 'If-Match': tag ?? (await shownTag(part)) } },
          body: { name },
        }),
      ),
    onSuccess: ({ data, tag }, { part, undoes }) => {
      onNamed();
      if (undoes) toast.done(t('settings.put_back'));
      else
        toast.done(t('settings.changed', { name: data.name }), () =>
          rename.mutate({ part, name: part.name, tag, undoes: true }),
        );
    },
    onError: (error, { undoes }) => {
      // In the dialog the refusal stands where it belongs.
      if (undoes) toast.refused(error);
    },
    onSettled: refresh,
  });
  const drop = useMutation({
    mutationFn: async (part: SubAccount) =>
      answer(
        api.DELETE('/v1/accounts/{account}/sub-accounts/{sub_account}', {
          params: { path: { ...path, sub_account: part.id }, header: { 'If-Match': await shownTag(part) } },
        }),
      ),
    onSuccess: (_, { name }) => toast.done(t('settings.deleted', { name })),
    onError: toast.refused,
    onSettled: refresh,
  });
  return { add, rename, drop };
}
