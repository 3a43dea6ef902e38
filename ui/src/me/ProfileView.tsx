import { Button, Group, Select, SimpleGrid, Skeleton, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answerWithTag, api } from '../api/client';
import { isProblem } from '../api/problem';
import { versionedProfileQuery } from '../api/queries';
import type { Me } from '../api/schema';
import { chooseLanguage, languages } from '../language';
import { useProblems } from '../language/problems';
import { ListProblem } from '../list/ListProblem';
import { Section } from '../shell/Section';
import { useToast } from '../shell/toast';
import { Refused } from '../signin/Refused';

type Editable = Pick<Me, 'first_name' | 'last_name' | 'job_title' | 'phone' | 'locale'>;

/** What colleagues see of the reader in this account. */
export function ProfileView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const profile = useQuery(versionedProfileQuery);

  if (profile.error) return <ListProblem error={profile.error} retry={profile.refetch} />;
  return (
    <Section title={t('me.profile')} lead={t('me.profile_lead', { account: account.name })}>
      {profile.data ? <ProfileForm me={profile.data.data} tag={profile.data.tag} /> : <Skeleton h={240} />}
    </Section>
  );
}

interface ProfileFormProps {
  me: Me;
  /** The version that is shown; saving over a newer one is refused. */
  tag: string;
}

function ProfileForm({ me, tag }: ProfileFormProps) {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const toast = useToast();
  const cache = useQueryClient();
  const { first_name, last_name, job_title, phone, locale } = me;
  const form = useForm<Editable>({ initialValues: { first_name, last_name, job_title, phone, locale } });

  const save = useMutation({
    mutationFn: (values: Editable) =>
      answerWithTag(api.PATCH('/v1/me', { params: { header: { 'If-Match': tag } }, body: values })),
    onSuccess: async (saved, values) => {
      cache.setQueryData(versionedProfileQuery.queryKey, saved);
      form.resetDirty();
      toast.done(t('me.saved'));
      if (values.locale !== locale) await chooseLanguage(values.locale);
    },
    onError: (error) => {
      form.setErrors(fields(error));
      // What was written here stays; the next save is over the version that is there now.
      if (isProblem(error, 'stale'))
        void cache.invalidateQueries({ queryKey: versionedProfileQuery.queryKey, exact: true });
    },
  });

  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        {Object.keys(form.errors).length === 0 && <Refused error={save.error} />}
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
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {t('shell.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
