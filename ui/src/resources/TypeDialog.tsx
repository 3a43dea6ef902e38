import { Button, Loader, Modal, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answer, answerWithTag, api } from '../api/client';
import { resourceTypesQuery } from '../api/queries';
import type { ResourceType } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { NotSaved } from '../form/NotSaved';
import { leave, useUnsaved } from '../form/unsaved';
import { languages } from '../language';
import { useProblems } from '../language/problems';
import { ListProblem } from '../list/ListProblem';
import { useFocusBack } from '../shell/focusBack';
import { useToast } from '../shell/toast';
import { useTypeWords } from './typeWords';

interface TypeDialogProps {
  /** The key of a type; empty for one to be made. */
  type: string;
  onClose: () => void;
}

/** Makes a type of resources, or changes what it is called and what becomes of its things when people leave. */
export default function TypeDialog({ type, onClose }: TypeDialogProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const read = useQuery({
    queryKey: [...resourceTypesQuery(account.id).queryKey, type],
    staleTime: 0,
    gcTime: 0,
    queryFn: () =>
      answerWithTag(
        api.GET('/v1/accounts/{account}/resource-types/{type}', { params: { path: { account: account.id, type } } }),
      ),
    enabled: type !== '',
  });
  const wordsOf = useTypeWords();
  const name = read.data ? wordsOf(read.data.data).Many : type;
  useFocusBack();
  return (
    <Modal
      opened
      onClose={() => leave(onClose)}
      title={type ? t('resources.type_change', { name }) : t('resources.type_add')}
      size={520}
    >
      {type && read.isPending && <Loader size="sm" />}
      {read.error && <ListProblem error={read.error} retry={read.refetch} />}
      {(type === '' || read.data) && <Fields latest={read.data} onClose={onClose} />}
    </Modal>
  );
}

interface FieldsProps {
  /** The type as it is, and which version of it; nothing for a new one. */
  latest?: { data: ResourceType; tag: string };
  onClose: () => void;
}

/** The words that screens ask for: one thing and many, and the same in each further language. */
const asked = languages.flatMap(({ code, name }) => {
  const prefix = code === 'en' ? '' : `${code}.`;
  return [
    { key: `${prefix}one`, form: 'single' as const, language: name },
    { key: `${prefix}many`, form: 'several' as const, language: name },
  ];
});

function Fields({ latest, onClose }: FieldsProps) {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const { account } = usePlace();
  const types = useQuery(resourceTypesQuery(account.id)).data ?? [];
  const save = useSave(latest?.tag, onClose);
  const form = useForm({
    initialValues: {
      key: latest?.data.key ?? '',
      words: Object.fromEntries(asked.map(({ key }) => [key, latest?.data.words[key] ?? ''])),
      on_leave: latest?.data.on_leave ?? ('ask' as const),
    },
    validate: {
      key: (key) => {
        if (!latest && types.some((one) => one.key === key)) return t('resources.type_key_taken');
        return /^[a-z][a-z0-9_-]{0,39}$/.test(key) ? null : t('resources.type_key_wrong');
      },
      words: {
        one: (word) => (word?.trim() ? null : t('field.required')),
        many: (word) => (word?.trim() ? null : t('field.required')),
      },
    },
  });

  useUnsaved(form.isDirty());
  const submit = form.onSubmit(({ key, words, on_leave }) => {
    const given = Object.entries(words).flatMap(([name, word]) => (word.trim() ? [[name, word.trim()]] : []));
    const kept = Object.entries(latest?.data.words ?? {}).filter(([name]) => !(name in words));
    const one = words.one?.trim() ?? '';
    save.mutate(
      {
        key,
        name: latest?.data.name ?? one.charAt(0).toUpperCase() + one.slice(1),
        words: Object.fromEntries([...kept, ...given]),
        on_leave,
      },
      { onError: (refused) => form.setErrors(fields(refused)) },
    );
  });
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="md">
        {!latest && (
          <TextInput
            label={t('resources.type_key')}
            description={t('resources.type_key_hint')}
            maxLength={40}
            data-autofocus
            {...form.getInputProps('key')}
          />
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {asked.map(({ key, form: number, language }) => (
            <TextInput
              key={key}
              label={t(`resources.word.${number}`, { language })}
              maxLength={120}
              value={form.values.words[key] ?? ''}
              error={form.errors[`words.${key}`]}
              onChange={(event) =>
                form.setFieldValue('words', { ...form.values.words, [key]: event.currentTarget.value })
              }
            />
          ))}
        </SimpleGrid>
        <Radio.Group label={t('resources.on_leave')} {...form.getInputProps('on_leave')}>
          <Stack gap="sm" mt="xs">
            <Radio value="ask" label={t('resources.leaving.ask')} description={t('resources.leaving.ask_hint')} />
            <Radio value="leave" label={t('resources.leaving.leave')} description={t('resources.leaving.leave_hint')} />
          </Stack>
        </Radio.Group>
        <DialogFoot refused={<NotSaved error={save.error} />}>
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('shell.save')}
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}

function useSave(tag: string | undefined, onDone: () => void) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const cache = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: ({ key, ...body }: ResourceType) =>
      answer(
        api.PUT('/v1/accounts/{account}/resource-types/{type}', {
          params: { path: { account: account.id, type: key }, header: tag ? { 'If-Match': tag } : {} },
          body,
        }),
      ),
    onSuccess: ({ name }) => {
      toast.done(t('resources.type_saved', { name }));
      onDone();
    },
    onSettled: () => cache.invalidateQueries({ queryKey: resourceTypesQuery(account.id).queryKey }),
  });
}
