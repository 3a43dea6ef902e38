import { Alert, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import { subAccountsQuery } from '../api/queries';
import { useProblems } from '../language/problems';
import details from '../users/DetailsForm.module.css';
import type { Version } from './OwnerPart';
import classes from './Resources.module.css';
import { useResourceMoves } from './resourceMoves';

/** Renames a resource or puts it into another part of the account. What others change meanwhile runs over nothing that is being written. */
export function ResourceForm({ latest }: { latest: Version }) {
  const [version, show] = useState(latest);
  const untouched = version.data.name === latest.data.name && version.data.sub_account === latest.data.sub_account;
  // Who holds it changes the version too, and is none of what is written here.
  const current = untouched ? latest : version;
  return (
    <Fields key={`${current.data.name} ${current.data.sub_account}`} version={current} onShow={show} latest={latest} />
  );
}

interface FieldsProps {
  version: Version;
  latest: Version;
  onShow: (version: Version) => void;
}

function Fields({ version: { data: resource, tag }, latest, onShow }: FieldsProps) {
  const { t } = useTranslation();
  const { account } = usePlace();
  const { sentence, fields } = useProblems();
  const subAccounts = useQuery(subAccountsQuery(account.id)).data ?? [];
  const { change } = useResourceMoves();
  const form = useForm({
    initialValues: { name: resource.name, sub_account: resource.sub_account ?? '' },
    validate: { name: (name) => (name.trim() ? null : t('field.required')) },
  });
  const { setErrors } = form;
  const { error } = change;
  const inFields = isProblem(error, 'invalid') && error.errors.length > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the refusal is the trigger
  useEffect(() => {
    if (error) setErrors(fields(error));
  }, [error]);

  const save = form.onSubmit(({ name, sub_account }) =>
    change
      .mutateAsync({ resource, to: { name: name.trim(), sub_account: sub_account || null }, tag })
      .then(onShow, () => {}),
  );
  return (
    <form noValidate onSubmit={save} className={classes.part}>
      <Text component="h3" fw={600}>
        {t('resources.about')}
      </Text>
      <Stack gap="md" mt="sm">
        <TextInput label={t('resources.name')} maxLength={200} {...form.getInputProps('name')} />
        {subAccounts.length > 0 && (
          <Select
            label={t('resources.column.sub_account')}
            placeholder={t('users.none')}
            clearable
            data={subAccounts.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('sub_account')}
            value={form.values.sub_account || null}
            onChange={(sub) => form.setFieldValue('sub_account', sub ?? '')}
          />
        )}
        {change.isError && !inFields && (
          <Alert color="red" role="alert">
            {sentence(error)}
            {isProblem(error, 'stale') && (
              <Group mt="sm">
                <Button size="compact-md" variant="default" onClick={() => onShow(latest)}>
                  {t('user.reload')}
                </Button>
              </Group>
            )}
          </Alert>
        )}
      </Stack>
      {form.isDirty() && (
        <Group className={details.bar} justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={form.reset}>
            {t('user.put_back')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('user.save')}
          </Button>
        </Group>
      )}
    </form>
  );
}
