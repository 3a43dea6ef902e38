import { Button, Modal, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace, useWords } from '../account/place';
import { answer, api, once } from '../api/client';
import { isProblem } from '../api/problem';
import { aboutQuery } from '../api/queries';
import type { Member } from '../api/schema';
import { AddPrice } from '../billing/AddPrice';
import { DialogFoot } from '../form/DialogFoot';
import { NotSaved } from '../form/NotSaved';
import { useUnsaved } from '../form/unsaved';
import { useProblems } from '../language/problems';
import { nameOf } from '../me/name';
import { usePanelPath } from '../panel/panelPath';
import { useToast } from '../shell/toast';
import classes from './AddUserDialog.module.css';
import { GrantsFields } from './GrantsFields';
import { type Grants, lacksModule } from './grants';
import { useRights } from './rights';

interface Addition extends Grants {
  first_name: string;
  last_name: string;
  email: string;
  job_title: string;
  active: boolean;
}

/** Gives somebody a place without asking first, where the account adds people by a form. */
export default function AddUserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const { account } = usePlace();
  const { sentence, fields } = useProblems();
  const { grantable } = useRights();
  const lowest = grantable.at(-1);
  const form = useForm<Addition>({
    initialValues: {
      first_name: '',
      last_name: '',
      email: '',
      job_title: '',
      active: true,
      role: lowest?.key ?? '',
      modules: [],
      sub_accounts: [],
    },
  });
  const [tried, setTried] = useState(false);
  const role = grantable.find((one) => one.key === form.values.role);
  const add = useAdd(onClose, (error) =>
    form.setErrors(isProblem(error, 'email_taken') ? { email: sentence(error) } : fields(error)),
  );
  const taken = isProblem(add.error, 'email_taken');
  const close = useUnsaved(form.isDirty(), onClose);

  return (
    <Modal opened onClose={close} title={words.addUser}>
      <form onSubmit={form.onSubmit((given) => (lacksModule(given, role) ? setTried(true) : add.mutate(given)))}>
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput label={t('user.first_name')} required data-autofocus {...form.getInputProps('first_name')} />
            <TextInput label={t('user.last_name')} required {...form.getInputProps('last_name')} />
          </SimpleGrid>
          <TextInput label={t('user.email')} type="email" required {...form.getInputProps('email')} />
          <TextInput label={t('user.job_title')} {...form.getInputProps('job_title')} />
          <GrantsFields
            value={form.values}
            onChange={(grants) => form.setValues(grants)}
            roles={grantable}
            modulesError={tried && lacksModule(form.values, role) ? t('refusal.module_required') : undefined}
          />
          <Switch
            label={t('add.active')}
            description={form.values.active ? t('add.active_hint') : t('add.inactive_hint')}
            {...form.getInputProps('active', { type: 'checkbox' })}
          />
          <Sender />
          <DialogFoot
            note={<AddPrice given={form.values} />}
            refused={taken ? <ShowUser email={form.values.email} onShow={onClose} /> : <NotSaved error={add.error} />}
          >
            <Button variant="default" onClick={onClose}>
              {t('shell.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('add.do', { context: account.preset })}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}

/** Who has an address already, active or not: the way to them. */
function ShowUser({ email, onShow }: { email: string; onShow: () => void }) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const navigate = useNavigate();
  const pathOf = usePanelPath('users');
  const toast = useToast();
  const find = useMutation({
    mutationFn: () =>
      answer(
        api.GET('/v1/accounts/{account}/members', { params: { path: { account: account.id }, query: { q: email } } }),
      ),
    onSuccess: ({ items }) => {
      const [found] = items;
      if (!found) return;
      onShow();
      navigate(pathOf(found.id));
    },
    onError: toast.refused,
  });
  return (
    <Button variant="default" size="compact-md" loading={find.isPending} onClick={() => find.mutate()}>
      {t('add.show_user')}
    </Button>
  );
}

/** From which address the mails come, for the list of those that a spam filter lets through. */
function Sender() {
  const { t } = useTranslation();
  const from = useQuery(aboutQuery).data?.mail_from;
  if (!from) return null;
  return (
    <Text size="sm" c="dimmed">
      {t('add.sender')} <strong className={classes.sender}>{/<(.+)>$/.exec(from)?.[1] ?? from}</strong>
    </Text>
  );
}

function useAdd(onDone: () => void, onRefused: (error: unknown) => void) {
  const { t, i18n } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: async (given: Addition) =>
      (await answer(
        api.POST('/v1/accounts/{account}/members', {
          params: { path: { account: account.id } },
          headers: once(),
          body: { ...given, locale: i18n.language },
        }),
      )) as Member,
    onSuccess: (member, { active }) => {
      const name = nameOf(member);
      toast.done(active ? t('add.done', { name, email: member.email }) : t('add.done_inactive', { name }));
      onDone();
    },
    onError: onRefused,
    onSettled: () => cache.invalidateQueries({ queryKey: ['account', account.id] }),
  });
}
