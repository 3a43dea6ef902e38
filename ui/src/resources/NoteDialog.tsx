import { Button, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import type { Resource, ResourceHistory } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { NotSaved } from '../form/NotSaved';
import { useUnsaved } from '../form/unsaved';
import { useProblems } from '../language/problems';
import { useFocusBack } from '../shell/focusBack';
import { useActivityKinds, usualKinds } from './activityKinds';
import { PersonField } from './PersonField';
import { useResourceMoves } from './resourceMoves';

interface NoteDialogProps {
  resource: Resource;
  /** The kinds in it are offered again. */
  history: ResourceHistory;
  onClose: () => void;
}

/** Notes what happened: a visit, a call, the deal that was closed. */
export default function NoteDialog({ resource, history, onClose }: NoteDialogProps) {
  const { t } = useTranslation();
  const { can, session } = usePlace();
  const { fields } = useProblems();
  const { label } = useActivityKinds();
  const { note } = useResourceMoves();
  const kinds = [...new Set([...usualKinds, ...history.activities.map(({ kind }) => kind)])];
  const form = useForm({ initialValues: { kind: 'visit', member: session.member_id, note: '', at: '' } });
  const { error } = note;
  useFocusBack();
  const close = useUnsaved(form.isDirty(), onClose);

  const save = form.onSubmit(({ kind, member, note: text, at }) =>
    note.mutate(
      {
        resource,
        note: {
          kind,
          ...(member && { member }),
          ...(text.trim() && { note: text.trim() }),
          ...(at && { at: instantOf(at) }),
        },
      },
      { onSuccess: onClose, onError: (refused) => form.setErrors(fields(refused)) },
    ),
  );
  return (
    <Modal opened onClose={close} title={t('resources.note_it', { name: resource.name })} size={480}>
      <form noValidate onSubmit={save}>
        <Stack gap="md">
          <Select
            label={t('resources.what')}
            data={kinds.map((kind) => ({ value: kind, label: label(kind) }))}
            allowDeselect={false}
            data-autofocus
            {...form.getInputProps('kind')}
          />
          {can('resources.manage') && (
            <PersonField
              label={t('resources.by')}
              placeholder={t('resources.by_nobody_named')}
              value={form.values.member}
              onChange={(member) => form.setFieldValue('member', member)}
            />
          )}
          <TextInput
            type="datetime-local"
            label={t('resources.when')}
            description={t('resources.when_hint')}
            {...form.getInputProps('at')}
          />
          <Textarea
            label={t('resources.words')}
            autosize
            minRows={2}
            maxLength={2000}
            {...form.getInputProps('note')}
          />
          <DialogFoot refused={<NotSaved error={error} />}>
            <Button variant="default" onClick={onClose}>
              {t('shell.cancel')}
            </Button>
            <Button type="submit" loading={note.isPending}>
              {t('resources.note_do')}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}

/** The moment of a date and a time in the reader's own zone. */
const instantOf = (local: string) => new Date(local).toISOString();
