import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, whenProofIsDue } from '../api/client';
import { isProblem } from '../api/problem';
import { CodeField } from '../me/CodeField';
import { factorQuery } from '../me/factorQuery';
import { Note } from '../signin/Note';
import { Password } from '../signin/Password';
import { Refused } from '../signin/Refused';

/** Above the dialog from which something was asked that has to be proven first. */
const above = 300;

/**
 * Asks the reader to prove once more that it is them, whenever the server wants
 * that. What they were doing waits meanwhile, and goes on by itself.
 */
export default function Proof() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const waiting = useRef<((proven: boolean) => void)[]>([]);
  const settle = (proven: boolean) => {
    setAsked(false);
    for (const resolve of waiting.current.splice(0)) resolve(proven);
  };
  const latest = useRef(settle);
  useEffect(() => {
    latest.current = settle;
  });

  useEffect(() => {
    whenProofIsDue(
      () =>
        new Promise((resolve) => {
          waiting.current.push(resolve);
          setAsked(true);
        }),
    );
    return () => {
      whenProofIsDue(() => Promise.resolve(false));
      latest.current(false);
    };
  }, []);

  // Escape closes this dialog only. Whatever dialog stands under it listens as
  // well, but only since it was opened, and so is asked after this.
  useEffect(() => {
    const keep = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || waiting.current.length === 0) return;
      event.stopImmediatePropagation();
      latest.current(false);
    };
    window.addEventListener('keydown', keep, { capture: true });
    return () => window.removeEventListener('keydown', keep, { capture: true });
  }, []);

  return (
    <Modal
      opened={asked}
      onClose={() => settle(false)}
      title={t('proof.title')}
      size={440}
      zIndex={above}
      closeOnEscape={false}
    >
      <ProofForm onProven={() => settle(true)} onCancel={() => settle(false)} />
    </Modal>
  );
}

interface ProofFormProps {
  onProven: () => void;
  onCancel: () => void;
}

function ProofForm({ onProven, onCancel }: ProofFormProps) {
  const { t } = useTranslation();
  const factor = useQuery(factorQuery);
  const [typed, setTyped] = useState('');
  const byCode = factor.data?.enabled;
  const prove = useMutation({
    mutationFn: (given: string) =>
      answer(api.POST('/v1/me/step-up', { body: byCode ? { code: given.trim() } : { password: given } })),
    onSuccess: onProven,
    onError: () => setTyped(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    prove.mutate(typed);
  };

  if (factor.error) return <Refused error={factor.error} />;
  if (!factor.data) return <Skeleton h={160} />;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{t('proof.lead')}</Text>
        {byCode ? (
          <CodeField value={typed} onCode={setTyped} error={prove.error} />
        ) : (
          <>
            {isProblem(prove.error, 'bad_credentials') ? (
              <Note tone="refused">{t('proof.wrong_password')}</Note>
            ) : (
              <Refused error={prove.error} />
            )}
            <Password
              label={t('me.current_password')}
              autoComplete="current-password"
              data-autofocus
              required
              withAsterisk={false}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('shell.cancel')}
          </Button>
          <Button type="submit" loading={prove.isPending}>
            {t('proof.do')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
