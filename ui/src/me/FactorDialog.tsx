import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client';
import { leave } from '../form/unsaved';
import { useFocusBack } from '../shell/focusBack';
import { useToast } from '../shell/toast';
import { CodeField } from './CodeField';
import { FactorSetup } from './FactorSetup';
import { RecoveryCodes } from './RecoveryCodes';

export type FactorMove = 'set_up' | 'renew' | 'remove';

/** Turning the second factor on or off, or making new recovery codes. */
export default function FactorDialog({ move, onClose }: { move: FactorMove; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  useFocusBack();
  const finish = (said: string) => {
    toast.done(said);
    onClose();
  };
  return (
    <Modal opened onClose={() => leave(onClose)} title={t(`factor.${move}`)} size={480} closeOnClickOutside={false}>
      {move === 'set_up' && (
        <FactorSetup onward={t('factor.codes_kept')} onDone={() => finish(t('factor.turned_on'))} />
      )}
      {move === 'renew' && <Renewal onDone={onClose} onClose={onClose} />}
      {move === 'remove' && <Removal onDone={() => finish(t('factor.turned_off'))} onClose={onClose} />}
    </Modal>
  );
}

interface MoveProps {
  onDone: () => void;
  onClose: () => void;
}

function Renewal({ onDone, onClose }: MoveProps) {
  const { t } = useTranslation();
  const renew = useCodeMove((code) => answer(api.POST('/v1/me/totp/recovery-codes', { body: { code } })));
  if (renew.data) {
    return <RecoveryCodes codes={renew.data.recovery_codes} onward={t('factor.codes_kept')} onDone={onDone} />;
  }
  return (
    <CodeForm lead={t('factor.renew_lead')} error={renew.error} onClose={onClose} onCode={renew.mutate}>
      <Button type="submit" loading={renew.isPending}>
        {t('factor.renew_do')}
      </Button>
    </CodeForm>
  );
}

function Removal({ onDone, onClose }: MoveProps) {
  const { t } = useTranslation();
  const remove = useCodeMove((code) => answer(api.DELETE('/v1/me/totp', { body: { code } })), onDone);
  return (
    <CodeForm lead={t('factor.remove_lead')} error={remove.error} onClose={onClose} onCode={remove.mutate}>
      <Button type="submit" color="red" loading={remove.isPending}>
        {t('factor.remove')}
      </Button>
    </CodeForm>
  );
}

/** A change that a code confirms; what is shown of the reader is read again after it. */
function useCodeMove<Got>(move: (code: string) => Promise<Got>, onDone?: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: move,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['me'] });
      onDone?.();
    },
  });
}

interface CodeFormProps {
  lead: string;
  error: unknown;
  children: React.ReactNode;
  onCode: (code: string) => void;
  onClose: () => void;
}

function CodeForm({ lead, error, children, onCode, onClose }: CodeFormProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCode(code.trim());
    setCode('');
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{lead}</Text>
        <CodeField value={code} onCode={setCode} error={error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('shell.cancel')}
          </Button>
          {children}
        </Group>
      </Stack>
    </form>
  );
}
