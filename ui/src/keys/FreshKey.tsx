import { Alert, Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import classes from './FreshKey.module.css';

interface FreshKeyProps {
  made: { name: string; key: string };
  onClose: () => void;
}

/** The key itself, the one time it is shown. Only the button that says so puts it away: no slip loses it. */
export function FreshKey({ made, onClose }: FreshKeyProps) {
  const { t } = useTranslation();
  const { copy, copied, error } = useClipboard();
  useStay();

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.made', { name: made.name })}
      size={560}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="lg">
        <Text>{t('keys.once')}</Text>
        <div>
          <Text fw={500}>{t('keys.key')}</Text>
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <output className={classes.key} aria-label={t('keys.key')}>
              {made.key}
            </output>
            <Button
              flex="none"
              mt={4}
              data-autofocus
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={() => copy(made.key)}
            >
              <span aria-live="polite">{copied ? t('keys.copied') : t('keys.copy')}</span>
            </Button>
          </Group>
        </div>
        {error && (
          <Alert color="orange" role="alert">
            {t('keys.copy_yourself')}
          </Alert>
        )}
        <Use />
        <Group justify="space-between">
          <Text size="sm" c="dimmed" flex={1} miw={200}>
            {t('keys.lost')}
          </Text>
          <Button variant="default" ml="auto" onClick={onClose}>
            {t('keys.stored')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** How a program shows the key. */
function Use() {
  const { t } = useTranslation();
  const { account } = usePlace();
  return (
    <div>
      <Text fw={500}>{t('keys.use')}</Text>
      <Text c="dimmed">{t('keys.use_hint')}</Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the dialog scrolls by itself, with the keyboard too */}
      <pre className={classes.use} tabIndex={0}>
        {requestTo(`/v1/accounts/${account.id}`)}
      </pre>
      <Anchor href="/docs" target="_blank" size="sm">
        {t('shell.reference')}
      </Anchor>
    </div>
  );
}

/** A request as one types it, with the key from where secrets are kept: commands are remembered, and seen by others. */
const requestTo = (path: string) => `curl -H "Authorization: Bearer $KEY" \\\n  ${window.location.origin}${path}`;

/** The browser asks before it leaves the page. */
function useStay(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
}
