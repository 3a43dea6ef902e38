import { Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NotSaved } from '../form/NotSaved';
import { SaveBar } from '../form/SaveBar';
import { useProblems } from '../language/problems';
import type { Version } from './OwnerPart';
import classes from './Resources.module.css';
import { useResourceMoves } from './resourceMoves';
import { SubAccountField } from './SubAccountField';

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
  const { fields } = useProblems();
  const { change } = useResourceMoves();
  const form = useForm({
    initialValues: { name: resource.name, sub_account: resource.sub_account ?? '' },
    validate: { name: (name) => (name.trim() ? null : t('field.required')) },
  });

  const save = form.onSubmit(({ name, sub_account }) =>
    change
      .mutateAsync({ resource, to: { name: name.trim(), sub_account: sub_account || null }, tag })
      .then(onShow, (refused) => form.setErrors(fields(refused))),
  );
  return (
    <form noValidate onSubmit={save} className={classes.part}>
      <Text component="h3" fw={600}>
        {t('resources.about')}
      </Text>
      <Stack gap="md" mt="sm">
        <TextInput label={t('resources.name')} maxLength={200} {...form.getInputProps('name')} />
        <SubAccountField {...form.getInputProps('sub_account')} />
        <NotSaved error={change.error} onNewer={() => onShow(latest)} />
      </Stack>
      {form.isDirty() && <SaveBar onPutBack={form.reset} saving={change.isPending} />}
    </form>
  );
}
