import { useTranslation } from 'react-i18next';
import { useWords } from '../account/place';
import { PageHead } from '../shell/PageHead';
import { PageTabs } from '../shell/PageTabs';
import { AccountsView } from './AccountsView';
import { ProfileView } from './ProfileView';
import { SecurityView } from './SecurityView';

/** The reader's own profile, sign-in and accounts. */
export default function MePage() {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <>
      <PageHead title={words.profile} />
      <PageTabs
        tabs={[
          { key: 'profile', label: t('me.profile'), content: <ProfileView /> },
          { key: 'security', label: t('me.security'), content: <SecurityView /> },
          { key: 'accounts', label: t('shell.my_accounts'), content: <AccountsView /> },
        ]}
      />
    </>
  );
}
