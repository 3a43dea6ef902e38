import { Button, Group, Select, SimpleGrid, Skeleton, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answerWithTag, api } from '../api/client';
import { versionedProfileQuery } from '../api/queries';
import type { Me } from '../api/schema';
import { NotSaved } from '../form/NotSaved';
import { useUnsaved } from '../form/unsaved';
import { useVersionForm, type Version } from '../form/versionForm';
import { chooseLanguage, languages } from '../language';
import { useProblems } from '../language/problems';
import { ListProblem } from '../list/ListProblem';
import { Section } from '../shell/Section';
import { useToast } from '../shell/toast';

type Editable = Pick<Me, 'first_name' | 'last_name' | 'job_title' | 'phone' | 'locale'>;

/** What colleagues see of the reader in this account. */
export function ProfileView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const profile = useQuery(versionedProfileQuery);

  if (profile.error) return <ListProblem error={profile.error} retry={profile.refetch} />;
  return (
    <Section title={t('me.profile')} lead={t('me.profile_lead', { account: account.name })}>
      {profile.data ? <ProfileForm latest={profile.data} /> : <Skeleton h={240} />}
    </Section>
  );
}

const editable = ({ first_name, last_name, job_title, phone, locale }: Me): Editable => ({
  first_name,
  last_name,
  job_title,
  phone,
  locale,
});

function ProfileForm({ latest }: { latest: Version<Me> }) {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const toast = useToast();
  const cache = useQueryClient();
  const { form, based, patch, dirty, show } = useVersionForm(latest, editable);

  const save = useMutation({
    mutationFn: () =>
      answerWithTag(api.PATCH('/v1/me', { params: { header: { 'If-Match': based.tag } }, body: patch })),
    onSuccess: async (saved) => {
      const chosen = patch.locale;
      cache.setQueryData(versionedProfileQuery.queryKey, saved);
      show(saved);
      toast.done(t('me.saved'));
      if (chosen) await chooseLanguage(chosen);
    },
    onError: (error) => form.setErrors(fields(error)),
  });
  const showNewer = async () => {
    show(await cache.fetchQuery({ ...versionedProfileQuery, staleTime: 0 }));
    save.reset();
  };
  useUnsaved(dirty);

  return (
    <form onSubmit={form.onSubmit(() => save.mutate())}>
      <Stack gap="md">
        <NotSaved error={save.error} onNewer={showNewer} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('change.first_name')} autoComplete="given-name" {...form.getInputProps('first_name')} />
          <TextInput label={t('change.last_name')} autoComplete="family-name" {...form.getInputProps('last_name')} />
        </SimpleGrid>
        <TextInput
          label={t('change.job_title')}
          autoComplete="organization-title"
          {...form.getInputProps('job_title')}
        />
        <TextInput label={t('change.phone')} type="tel" autoComplete="tel" {...form.getInputProps('phone')} />
        <Select
          label={t('change.locale')}
          description={t('me.language_hint')}
          allowDeselect={false}
          data={languages.map(({ code, name }) => ({ value: code, label: name }))}
          {...form.getInputProps('locale')}
        />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!dirty}>
            {t('shell.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
