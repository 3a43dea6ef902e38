import { Kbd, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './FindButton.module.css';
import { openPalette } from './Palette';

/** Opens the palette, and tells its shortcut. */
export function FindButton() {
  const { t } = useTranslation();
  const os = useOs();

  return (
    <UnstyledButton className={classes.find} onClick={openPalette}>
      <IconSearch size={16} aria-hidden />
      <VisuallyHidden>{t('palette.search')}</VisuallyHidden>
      <Kbd size="xs" className={classes.shortcut}>
        {os === 'macos' || os === 'ios' ? '⌘ K' : t('palette.shortcut')}
      </Kbd>
    </UnstyledButton>
  );
}
