import { Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../api/schema';
import { NotSaved } from '../form/NotSaved';
import { SaveBar } from '../form/SaveBar';
import { differing, useVersionForm, type Version } from '../form/versionForm';
import { useProblems } from '../language/problems';
import classes from './Resources.module.css';
import { useResourceMoves } from './resourceMoves';
import { SubAccountField } from './SubAccountField';

const editable = ({ name, sub_account }: Resource) => ({ name, sub_account: sub_account ?? '' });

/** Renames a resource or puts it into another part of the account. What others change meanwhile runs over nothing that is being written. */
export function ResourceForm({ latest }: { latest: Version<Resource> }) {
  const { t } = useTranslation();
  const { fields } = useProblems();
  const { change } = useResourceMoves();
  const { form, based, dirty, show } = useVersionForm(latest, editable);
  // Who holds it changes the version too, and is none of what is written here.
  const untouched = Object.keys(differing(editable(based.data), editable(latest.data))).length === 0;
  const { tag } = untouched ? latest : based;

  const save = form.onSubmit(({ name, sub_account }) => {
    if (!name.trim()) {
      form.setFieldError('name', t('field.required'));
      return undefined;
    }
    return change
      .mutateAsync({ resource: based.data, to: { name: name.trim(), sub_account: sub_account || null }, tag })
      .then(show, (refused) => form.setErrors(fields(refused)));
  });
  const putBack = () => {
    form.setValues(editable(based.data));
    form.clearErrors();
    change.reset();
  };
  const showNewer = () => {
    show(latest);
    change.reset();
  };
  return (
    <form noValidate onSubmit={save} className={classes.part}>
      <Text component="h3" fw={600}>
        {t('resources.about')}
      </Text>
      <Stack gap="md" mt="sm">
        <TextInput label={t('resources.name')} maxLength={200} {...form.getInputProps('name')} />
        <SubAccountField {...form.getInputProps('sub_account')} />
        <NotSaved error={change.error} onNewer={showNewer} />
      </Stack>
      {dirty && <SaveBar onPutBack={putBack} saving={change.isPending} />}
    </form>
  );
}
