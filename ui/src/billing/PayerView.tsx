import { Button, Group, Select, SimpleGrid, Skeleton, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { answerWithTag, api } from '../api/client';
import type { Payer } from '../api/schema';
import { NotSaved } from '../form/NotSaved';
import { useUnsaved } from '../form/unsaved';
import { useVersionForm, type Version } from '../form/versionForm';
import { useProblems } from '../language/problems';
import { ListProblem } from '../list/ListProblem';
import { Section } from '../shell/Section';
import { useToast } from '../shell/toast';
import { payerQuery } from './billingQuery';
import { countries } from './countries';

/** Who pays, and where. */
export function PayerView() {
  const { t } = useTranslation();
  const { account } = usePlace();
  const payer = useQuery(payerQuery(account.id));

  if (payer.error) return <ListProblem error={payer.error} retry={payer.refetch} />;
  return (
    <Section title={t('billing.payment')} lead={t('billing.payment_lead')}>
      {payer.data ? <PayerForm latest={payer.data} /> : <Skeleton h={320} />}
    </Section>
  );
}

const empty: Required<Payer> = {
  company: '',
  name: '',
  email: '',
  street: '',
  postal_code: '',
  city: '',
  country: '',
  vat_id: '',
  reference: '',
};

const complete = (payer: Payer) => ({ ...empty, ...payer });

function PayerForm({ latest }: { latest: Version<Payer> }) {
  const { t, i18n } = useTranslation();
  const { account } = usePlace();
  const { fields } = useProblems();
  const toast = useToast();
  const cache = useQueryClient();
  const read = payerQuery(account.id);
  const { form, based, dirty, show } = useVersionForm(latest, complete);
  const choice = useMemo(() => countries(i18n.language), [i18n.language]);

  const save = useMutation({
    mutationFn: (body: Payer) =>
      answerWithTag(
        api.PUT('/v1/accounts/{account}/billing/payment', {
          params: { path: { account: account.id }, header: { 'If-Match': based.tag } },
          body,
        }),
      ),
    onSuccess: (saved) => {
      cache.setQueryData(read.queryKey, saved);
      show(saved);
      toast.done(t('billing.payment_saved'));
    },
    onError: (error) => form.setErrors(fields(error)),
  });
  const showNewer = async () => {
    show(await cache.fetchQuery({ ...read, staleTime: 0 }));
    save.reset();
  };
  useUnsaved(dirty);

  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="md">
        <NotSaved error={save.error} onNewer={showNewer} />
        <TextInput label={t('billing.payer.company')} autoComplete="organization" {...form.getInputProps('company')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('billing.payer.name')} autoComplete="name" {...form.getInputProps('name')} />
          <TextInput label={t('user.email')} type="email" autoComplete="email" {...form.getInputProps('email')} />
        </SimpleGrid>
        <Textarea
          label={t('billing.payer.street')}
          autoComplete="street-address"
          autosize
          minRows={2}
          {...form.getInputProps('street')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            label={t('billing.payer.postal_code')}
            autoComplete="postal-code"
            {...form.getInputProps('postal_code')}
          />
          <TextInput label={t('billing.payer.city')} autoComplete="address-level2" {...form.getInputProps('city')} />
        </SimpleGrid>
        <Select
          label={t('billing.payer.country')}
          data={choice}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('billing.payer.no_country') }}
          nothingFoundMessage={t('grants.nothing_found')}
          {...form.getInputProps('country')}
          value={form.values.country || null}
          onChange={(country) => form.setFieldValue('country', country ?? '')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('billing.payer.vat_id')} {...form.getInputProps('vat_id')} />
          <TextInput
            label={t('billing.payer.reference')}
            description={t('billing.payer.reference_hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...form.getInputProps('reference')}
          />
        </SimpleGrid>
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!dirty}>
            {t('shell.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
