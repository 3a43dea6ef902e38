import { Button, type ButtonProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './RevokeButton.module.css';

interface RevokeButtonProps extends ButtonProps {
  name: string;
  onClick: () => void;
}

/** Names the key that it ends, on as many lines as the name takes. */
export function RevokeButton({ name, ...button }: RevokeButtonProps) {
  const { t } = useTranslation();
  return (
    <Button {...button} classNames={classes}>
      {t('keys.revoke_it', { name })}
    </Button>
  );
}
