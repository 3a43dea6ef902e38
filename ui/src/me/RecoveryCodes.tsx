import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCopy, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useUnsaved } from '../form/unsaved';
import classes from './Factor.module.css';

interface RecoveryCodesProps {
  codes: readonly string[];
  /** What the way on is called, and where it leads. */
  onward: string;
  onDone: () => void;
}

/** Recovery codes, the one time they are shown. */
export function RecoveryCodes({ codes, onward, onDone }: RecoveryCodesProps) {
  const { t } = useTranslation();
  useUnsaved(true, undefined, t('factor.codes_lead'));
  const text = `${codes.join('\n')}\n`;
  return (
    <Stack gap="md">
      <Text>{t('factor.codes_lead')}</Text>
      <ul className={classes.codes} aria-label={t('factor.codes_title')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={<IconCopy size={16} />} onClick={copy}>
              <span aria-live="polite">{copied ? t('factor.copied') : t('factor.codes_copy')}</span>
            </Button>
          )}
        </CopyButton>
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={16} />}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="recovery-codes.txt"
        >
          {t('factor.codes_download')}
        </Button>
      </Group>
      <Group justify="flex-end">
        <Button onClick={onDone}>{onward}</Button>
      </Group>
    </Stack>
  );
}
