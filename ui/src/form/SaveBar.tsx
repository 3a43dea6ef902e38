import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './SaveBar.module.css';

interface SaveBarProps {
  onPutBack: () => void;
  saving: boolean;
  disabled?: boolean | undefined;
}

/** The foot of a form in a panel, once something in it was changed. */
export function SaveBar({ onPutBack, saving, disabled }: SaveBarProps) {
  const { t } = useTranslation();
  return (
    <Group className={classes.bar} justify="flex-end" gap="xs">
      <Button variant="subtle" color="gray" onClick={onPutBack}>
        {t('user.put_back')}
      </Button>
      <Button type="submit" loading={saving} disabled={disabled}>
        {t('user.save')}
      </Button>
    </Group>
  );
}
