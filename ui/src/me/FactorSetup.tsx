import { ActionIcon, Button, CopyButton, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client';
import { Refused } from '../signin/Refused';
import { CodeField } from './CodeField';
import classes from './Factor.module.css';
import { RecoveryCodes } from './RecoveryCodes';

interface FactorSetupProps {
  /** What the way on from the recovery codes is called. */
  onward: string;
  onDone: () => void;
}

/** Setting a second factor up: scan, confirm by a code, keep the recovery codes. */
export function FactorSetup({ onward, onDone }: FactorSetupProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => answer(api.POST('/v1/me/totp')) });
  const confirm = useMutation({
    mutationFn: (typed: string) => answer(api.POST('/v1/me/totp/confirm', { body: { code: typed } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['me'] }),
    onError: () => setCode(''),
  });
  const { mutate } = begin;

  useEffect(() => mutate(), [mutate]);

  if (confirm.data) return <RecoveryCodes codes={confirm.data.recovery_codes} onward={onward} onDone={onDone} />;
  if (begin.error) return <Refused error={begin.error} />;
  if (!begin.data) return <Skeleton h={320} />;

  const { qr, secret } = begin.data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{t('factor.scan')}</Text>
        <img className={classes.qr} src={qr} alt={t('factor.qr')} />
        <div>
          <Text c="dimmed">{t('factor.by_hand')}</Text>
          <Group gap={4} wrap="nowrap">
            <Text className={classes.key}>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</Text>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={32}
                  aria-label={copied ? t('factor.copied') : t('factor.copy_key')}
                  onClick={copy}
                >
                  {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                </ActionIcon>
              )}
            </CopyButton>
          </Group>
        </div>
        <CodeField value={code} onCode={setCode} error={confirm.error} description={t('factor.code_hint')} />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending}>
            {t('factor.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
