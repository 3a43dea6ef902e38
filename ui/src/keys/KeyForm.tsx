import { Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../api/schema';
import { NotSaved } from '../form/NotSaved';
import { SaveBar } from '../form/SaveBar';
import { useKeyForm, wanted } from './keyFields';
import { useKeyMoves } from './keyMoves';
import { PurposesField } from './PurposesField';
import { TermField } from './TermField';

interface Version {
  data: ApiKey;
  tag: string;
}

/** Renames a key, lets it do less or end sooner. What others change meanwhile runs over nothing that is being written. */
export function KeyForm({ latest }: { latest: Version }) {
  const [version, show] = useState(latest);
  return <Fields key={version.tag} version={version} onShow={show} onReload={() => show(latest)} />;
}

interface FieldsProps {
  version: Version;
  onShow: (version: Version) => void;
  onReload: () => void;
}

function Fields({ version: { data: key, tag }, onShow, onReload }: FieldsProps) {
  const { t } = useTranslation();
  const { change } = useKeyMoves();
  const { form, refuse } = useKeyForm(key);
  const save = form.onSubmit((given) =>
    change.mutateAsync({ key, patch: wanted(given, Date.now()), tag }).then(onShow, refuse),
  );

  return (
    <form noValidate onSubmit={save}>
      <Stack gap="lg" mt="xl">
        <TextInput label={t('keys.name')} maxLength={80} {...form.getInputProps('name')} />
        <TermField
          label={t('keys.ends_sooner')}
          until={key.expires_at}
          value={form.values.term}
          error={form.errors.term}
          onChange={(term) => form.setFieldValue('term', term)}
        />
        <PurposesField
          label={t('keys.may_less')}
          description={t('keys.may_less_hint')}
          offered={(permission) => key.permissions.includes(permission)}
          value={form.values.permissions}
          onChange={(chosen) => form.setFieldValue('permissions', chosen)}
        />
        <NotSaved error={change.error} missing={form.errors.permissions} onNewer={onReload} />
      </Stack>
      {form.isDirty() && <SaveBar onPutBack={form.reset} saving={change.isPending} />}
    </form>
  );
}
