import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './FindButton.module.css';
import { openPalette } from './Palette';
import { Shortcut } from './Shortcut';

/** Opens the palette, and tells its shortcut. */
export function FindButton() {
  const { t } = useTranslation();

  return (
    <UnstyledButton className={classes.find} onClick={openPalette}>
      <IconSearch size={16} aria-hidden />
      <VisuallyHidden>{t('palette.search')}</VisuallyHidden>
      <Shortcut letter="K" className={classes.shortcut} />
    </UnstyledButton>
  );
}
