import { Route, Routes } from 'react-router';
import { page } from './page';
import Shell from './shell/Shell';

const LandingPage = page(() => import('./shell/LandingPage'));
const HomePage = page(() => import('./account/HomePage'));
const UsersPage = page(() => import('./users/UsersPage'));
const CreditsPage = page(() => import('./credits/CreditsPage'));
const RolesPage = page(() => import('./roles/RolesPage'));
const BillingPage = page(() => import('./billing/BillingPage'));
const KeysPage = page(() => import('./keys/KeysPage'));
const ResourcesPage = page(() => import('./resources/ResourcesPage'));
const ActivityPage = page(() => import('./activity/ActivityPage'));
const DeparturesPage = page(() => import('./departure/DeparturesPage'));
const ReceiptPage = page(() => import('./departure/ReceiptPage'));
const SettingsPage = page(() => import('./account/SettingsPage'));
const MePage = page(() => import('./me/MePage'));
const NoSuchPage = page(() => import('./shell/NoSuchPage'));

const pages: Record<string, { load: () => Promise<unknown> }> = {
  '': LandingPage,
  home: HomePage,
  users: UsersPage,
  credits: CreditsPage,
  roles: RolesPage,
  billing: BillingPage,
  keys: KeysPage,
  resources: ResourcesPage,
  activity: ActivityPage,
  departures: DeparturesPage,
  settings: SettingsPage,
  me: MePage,
};

/** Loads the page that an address inside an account begins with. */
export const loadInside = (page: string) => pages[page]?.load();

/**
 * Every address inside an account. They are known here and not beside those
 * outside, so that who signs in does not load the names of what stands behind.
 */
export default function Inside() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<LandingPage />} />
        <Route path="home" element={<HomePage />} />
        <Route path="users/:member?" element={<UsersPage />} />
        <Route path="credits" element={<CreditsPage />} />
        <Route path="roles/:role?" element={<RolesPage />} />
        <Route path="billing/:invoice?" element={<BillingPage />} />
        <Route path="keys/:key?" element={<KeysPage />} />
        <Route path="resources/:type/:id?" element={<ResourcesPage />} />
        <Route path="activity" element={<ActivityPage />} />
        <Route path="departures/:departure?" element={<DeparturesPage />} />
        <Route path="departures/:departure/receipt" element={<ReceiptPage />} />
        <Route path="settings" element={<SettingsPage />} />
        <Route path="me" element={<MePage />} />
        <Route path="*" element={<NoSuchPage />} />
      </Route>
    </Routes>
  );
}
