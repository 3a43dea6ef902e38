import { Alert, Button, Group, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './CopyField.module.css';

interface CopyFieldProps {
  label: string;
  /** What is to be taken along. */
  value: string;
}

/** Something to take along, by a button or, where the browser does not let us, by hand. */
export function CopyField({ label, value }: CopyFieldProps) {
  const { t } = useTranslation();
  const { copy, copied, error } = useClipboard();
  return (
    <div>
      <Text fw={500}>{label}</Text>
      <Group className={classes.line} gap="sm" wrap="nowrap" align="flex-start">
        <output className={classes.value} aria-label={label}>
          {value}
        </output>
        <Button
          flex="none"
          mt={4}
          data-autofocus
          leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => copy(value)}
        >
          <span aria-live="polite">{copied ? t('keys.copied') : t('keys.copy')}</span>
        </Button>
      </Group>
      {error && (
        <Alert color="orange" role="alert" mt="sm">
          {t('keys.copy_yourself')}
        </Alert>
      )}
    </div>
  );
}
