import { Button, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface ProgressingProps {
  /** How far it is, in words. */
  said: string;
  /** From 0 to 1. */
  part: number;
  label: string;
  onShow: () => void;
}

/** How far long work is that was left to go on by itself, and the way back to it. */
export function Progressing({ said, part, label, onShow }: ProgressingProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text>{said}</Text>
      <Progress value={100 * part} size="sm" aria-label={label} />
      <Button size="compact-sm" variant="default" onClick={onShow}>
        {t('invite.show')}
      </Button>
    </Stack>
  );
}
