import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { DialogFoot } from '../form/DialogFoot';
import { NotSaved } from '../form/NotSaved';
import { useUnsaved } from '../form/unsaved';
import { useFocusBack } from '../shell/focusBack';
import { FreshKey } from './FreshKey';
import { useKeyForm, wanted } from './keyFields';
import { useKeyMoves } from './keyMoves';
import { PurposesField } from './PurposesField';
import { TermField } from './TermField';

/** Makes a key, and shows it the one time there is. */
export default function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { can } = usePlace();
  const { create } = useKeyMoves();
  const { form, refuse } = useKeyForm(undefined);
  useFocusBack();
  const close = useUnsaved(form.isDirty() && !create.isSuccess, onClose);

  if (create.data) return <FreshKey made={create.data} onClose={onClose} />;
  return (
    <Modal opened onClose={close} title={t('keys.add')} size={560}>
      <form
        noValidate
        onSubmit={form.onSubmit((given) => create.mutate(wanted(given, Date.now()), { onError: refuse }))}
      >
        <Stack gap="lg">
          <TextInput
            label={t('keys.name')}
            description={t('keys.name_hint')}
            data-autofocus
            maxLength={80}
            {...form.getInputProps('name')}
          />
          <TermField
            label={t('keys.ends')}
            value={form.values.term}
            error={form.errors.term}
            onChange={(term) => form.setFieldValue('term', term)}
          />
          <PurposesField
            label={t('keys.may')}
            description={t('keys.may_hint')}
            offered={can}
            value={form.values.permissions}
            onChange={(chosen) => form.setFieldValue('permissions', chosen)}
          />
          <DialogFoot refused={<NotSaved error={create.error} missing={form.errors.permissions} />}>
            <Button variant="default" onClick={onClose}>
              {t('shell.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t('keys.create')}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}
