import { Center, Loader } from '@mantine/core';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { Route, Routes } from 'react-router';
import { knowing } from './language';

/** A page that is loaded when it is opened, or before by `load`: then it is there at once. */
function page(fetched: () => Promise<{ default: ComponentType }>) {
  let there: ComponentType | undefined;
  let loading: ReturnType<typeof fetched> | undefined;
  const load = () => {
    loading ??= fetched().then((loaded) => {
      there = loaded.default;
      return loaded;
    });
    return loading;
  };
  const Later = lazy(load);

  function Page() {
    const [Shown] = useState(() => there ?? Later);
    return <Shown />;
  }
  return Object.assign(Page, { load });
}

const SignInPage = page(() => import('./signin/SignInPage'));
const ForgotPage = page(() => knowing('joining', import('./signin/ForgotPage')));
const ResetPage = page(() => knowing('joining', import('./signin/ResetPage')));
const ConfirmPage = page(() => knowing('joining', import('./signin/ConfirmPage')));
const SignUpPage = page(() => knowing('joining', import('./founding/SignUpPage')));
const InvitationPage = page(() => knowing('joining', import('./invitations/InvitationPage')));
const Shell = page(() => knowing('inside', import('./shell/Shell')));
const LandingPage = page(() => import('./shell/LandingPage'));
const HomePage = page(() => import('./account/HomePage'));
const UsersPage = page(() => import('./users/UsersPage'));
const CreditsPage = page(() => import('./credits/CreditsPage'));
const RolesPage = page(() => import('./roles/RolesPage'));
const KeysPage = page(() => import('./keys/KeysPage'));
const ActivityPage = page(() => import('./activity/ActivityPage'));
const SettingsPage = page(() => import('./account/SettingsPage'));
const MePage = page(() => import('./me/MePage'));
const FrontPage = page(() => import('./signin/FrontPage'));
const NoSuchPage = page(() => import('./shell/NoSuchPage'));
const NotFoundPage = page(() => import('./shell/NotFoundPage'));

const outside: Record<string, { load: () => Promise<unknown> }> = {
  '': FrontPage,
  'sign-in': SignInPage,
  forgot: ForgotPage,
  reset: ResetPage,
  confirm: ConfirmPage,
  'sign-up': SignUpPage,
  invitation: InvitationPage,
};

const inside: typeof outside = {
  '': LandingPage,
  home: HomePage,
  users: UsersPage,
  credits: CreditsPage,
  roles: RolesPage,
  keys: KeysPage,
  activity: ActivityPage,
  settings: SettingsPage,
  me: MePage,
};

/** How long an address may take to load, in milliseconds, before something is drawn in its place. */
const patience = 200;

/**
 * Loads what the address needs before anything is drawn. What React has to wait
 * for while it draws, it shows a third of a second late, one after the other.
 */
export async function loadPage(path: string): Promise<void> {
  const [, first = '', , third = ''] = path.split('/');
  const needed = first === 'a' ? [Shell, inside[third]] : [outside[first]];
  // One that does not come is asked for again where it is shown, and says so there.
  const loaded = Promise.allSettled(needed.map((one) => one?.load()));
  await Promise.race([loaded, new Promise((late) => setTimeout(late, patience))]);
}

const waiting = (
  <Center h="100vh">
    <Loader size="sm" />
  </Center>
);

/** Every address of the app. Pages are loaded when they are opened. */
export function Pages() {
  return (
    <Suspense fallback={waiting}>
      <Routes>
        <Route path="/" element={<FrontPage />} />
        <Route path="/sign-in" element={<SignInPage />} />
        <Route path="/forgot" element={<ForgotPage />} />
        <Route path="/reset" element={<ResetPage />} />
        <Route path="/confirm" element={<ConfirmPage />} />
        <Route path="/sign-up" element={<SignUpPage />} />
        <Route path="/invitation" element={<InvitationPage />} />
        <Route path="/a/:account" element={<Shell />}>
          <Route index element={<LandingPage />} />
          <Route path="home" element={<HomePage />} />
          <Route path="users/:member?" element={<UsersPage />} />
          <Route path="credits" element={<CreditsPage />} />
          <Route path="roles/:role?" element={<RolesPage />} />
          <Route path="keys/:key?" element={<KeysPage />} />
          <Route path="activity" element={<ActivityPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="me" element={<MePage />} />
          <Route path="*" element={<NoSuchPage />} />
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}
