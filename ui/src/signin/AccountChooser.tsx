import { Button, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CardPage } from '../shell/CardPage';
import { Mark } from '../shell/Mark';
import classes from './AccountChooser.module.css';

export interface OfferedAccount {
  id: string;
  name: string;
  logo?: string;
}

interface AccountChooserProps {
  accounts: OfferedAccount[];
  /** The path the reader came for; its account stands first. */
  wanted: string;
  busy: boolean;
  onChoose: (account: string) => void;
  onBack: () => void;
}

/** Which place to sign in to, for a person who has several. */
export default function AccountChooser({ accounts, wanted, busy, onChoose, onBack }: AccountChooserProps) {
  const { t } = useTranslation();
  const sorted = [...accounts].sort((a, b) => Number(wanted.includes(b.id)) - Number(wanted.includes(a.id)));

  return (
    <CardPage title={t('signin.choose_title')} lead={t('signin.choose_lead')}>
      <Stack gap="md">
        <ul className={classes.list}>
          {sorted.map((account) => (
            <li key={account.id}>
              <UnstyledButton className={classes.row} disabled={busy} onClick={() => onChoose(account.id)}>
                <Mark account={account} size={28} />
                <Text fw={500} className={classes.name}>
                  {account.name}
                </Text>
                <IconChevronRight size={16} aria-hidden />
              </UnstyledButton>
            </li>
          ))}
        </ul>
        <Button variant="subtle" color="gray" onClick={onBack} disabled={busy}>
          {t('signin.other_address')}
        </Button>
      </Stack>
    </CardPage>
  );
}
