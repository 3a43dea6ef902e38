import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './SaveBar.module.css';
import { useUnsaved } from './unsaved';

interface SaveBarProps {
  /** Puts back what was changed; without it there is nothing to put back to. */
  onPutBack?: (() => void) | undefined;
  saving: boolean;
  disabled?: boolean | undefined;
  /** What the button that saves is called. */
  submit?: string;
  /** Whether something would be lost. */
  written?: boolean;
}

/** The foot of a form in a panel, once something in it was changed. */
export function SaveBar({ onPutBack, saving, disabled, submit, written = true }: SaveBarProps) {
  const { t } = useTranslation();
  useUnsaved(written);
  return (
    <Group className={classes.bar} data-save-bar justify="flex-end" gap="xs">
      {onPutBack && (
        <Button variant="default" onClick={onPutBack}>
          {t('user.put_back')}
        </Button>
      )}
      <Button type="submit" loading={saving} disabled={disabled}>
        {submit ?? t('user.save')}
      </Button>
    </Group>
  );
}
