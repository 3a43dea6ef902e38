import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { usePlace } from '../account/place';
import { isProblem } from '../api/problem';
import type { ResourceType } from '../api/schema';
import { DialogFoot } from '../form/DialogFoot';
import { NotSaved } from '../form/NotSaved';
import { useUnsaved } from '../form/unsaved';
import { useProblems } from '../language/problems';
import { usePanelPath } from '../panel/panelPath';
import { useFocusBack } from '../shell/focusBack';
import { useToast } from '../shell/toast';
import { PersonField } from './PersonField';
import { useHolderRefusal } from './refusals';
import { useResourceMoves } from './resourceMoves';
import { resourceQuery } from './resourcesQuery';
import { SubAccountField } from './SubAccountField';
import { useTypeWords } from './typeWords';

/** As the server has it: what need not be escaped in a path. */
const idForm = /^[A-Za-z0-9_][A-Za-z0-9_.:~@+=-]{0,99}$/;

/** Makes something known that people own or work on. */
export default function NewResourceDialog({ type, onClose }: { type: ResourceType; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useTypeWords()(type);
  const { fields } = useProblems();
  const refusal = useHolderRefusal(words);
  const toast = useToast();
  const isFree = useIsFree();
  const navigate = useNavigate();
  const pathOf = usePanelPath(`resources/${type.key}`);
  const { add } = useResourceMoves();
  const form = useForm({
    initialValues: { name: '', id: '', owner: '', sub_account: '' },
    validate: {
      name: (name) => (name.trim() ? null : t('field.required')),
      id: (id) => (idForm.test(id.trim()) ? null : t('resources.identifier_wrong')),
    },
  });
  useFocusBack();
  const close = useUnsaved(form.isDirty(), onClose);
  const ofOwner = isProblem(add.error, 'guest_limit', 'out_of_reach', 'member_inactive', 'not_registered');

  const save = form.onSubmit(async ({ name, id, owner, sub_account }) => {
    const key = { type: type.key, id: id.trim() };
    try {
      if (!(await isFree(key))) {
        form.setErrors({ id: t('resources.identifier_taken', words) });
        return;
      }
    } catch (error) {
      toast.refused(error);
      return;
    }
    const to = { name: name.trim(), ...(owner && { owner }), ...(sub_account && { sub_account }) };
    add.mutate(
      { key, to },
      {
        onSuccess: () => {
          onClose();
          navigate(pathOf(key.id));
        },
        onError: (error) => form.setErrors(fields(error)),
      },
    );
  });
  return (
    <Modal opened onClose={close} title={t('resources.add', words)} size={480}>
      <form noValidate onSubmit={save}>
        <Stack gap="md">
          <TextInput label={t('resources.name')} maxLength={200} data-autofocus {...form.getInputProps('name')} />
          <TextInput
            label={t('resources.identifier')}
            description={t('resources.identifier_hint')}
            maxLength={100}
            {...form.getInputProps('id')}
          />
          <PersonField
            label={t('resources.column.owner')}
            placeholder={t('resources.nobody')}
            value={form.values.owner}
            onChange={(owner) => {
              add.reset();
              form.setFieldValue('owner', owner);
            }}
            active
            error={ofOwner ? refusal(add.error, 'owner') : undefined}
          />
          <SubAccountField {...form.getInputProps('sub_account')} />
          <DialogFoot refused={!ofOwner && <NotSaved error={add.error} />}>
            <Button variant="default" onClick={onClose}>
              {t('shell.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('resources.add', words)}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}

/** Whether nothing is called so yet: making it again would write over what is there. Throws where that cannot be said. */
function useIsFree() {
  const { account } = usePlace();
  const cache = useQueryClient();
  return async (key: { type: string; id: string }) => {
    try {
      await cache.fetchQuery(resourceQuery(account.id, key));
      return false;
    } catch (error) {
      if (isProblem(error, 'not_found')) return true;
      throw error;
    }
  };
}
