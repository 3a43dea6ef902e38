import { useTranslation } from 'react-i18next';
import { TypesView } from '../resources/TypesView';
import { Allowed } from '../shell/Allowed';
import { PageHead } from '../shell/PageHead';
import { PageTabs } from '../shell/PageTabs';
import { LooksView } from './LooksView';
import { ModulesView } from './ModulesView';
import { RulesView } from './RulesView';
import { SubAccountsView } from './SubAccountsView';

/** The account itself: how it looks, its rules in plain words, its modules and parts. */
export default function SettingsPage() {
  const { t } = useTranslation();
  return (
    <Allowed permission="account.manage" title={t('shell.settings')}>
      <PageHead title={t('shell.settings')} />
      <PageTabs
        tabs={[
          { key: 'looks', label: t('settings.looks'), content: <LooksView /> },
          { key: 'rules', label: t('settings.rules'), content: <RulesView /> },
          { key: 'modules', label: t('settings.modules'), content: <ModulesView /> },
          { key: 'sub-accounts', label: t('settings.sub_accounts'), content: <SubAccountsView /> },
          { key: 'resources', label: t('resources.types'), content: <TypesView /> },
        ]}
      />
    </Allowed>
  );
}
