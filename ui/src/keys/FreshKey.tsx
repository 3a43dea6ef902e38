import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../account/place';
import { CopyField } from '../form/CopyField';
import { useUnsaved } from '../form/unsaved';
import classes from './FreshKey.module.css';

interface FreshKeyProps {
  made: { name: string; key: string };
  onClose: () => void;
}

/** The key itself, the one time it is shown. Only the button that says so puts it away: no slip loses it. */
export function FreshKey({ made, onClose }: FreshKeyProps) {
  const { t } = useTranslation();
  useUnsaved(true, onClose, t('keys.once'));

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
        <CopyField label={t('keys.key')} value={made.key} />
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
