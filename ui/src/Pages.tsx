import { Center, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { knowing } from './language';

const SignInPage = lazy(() => import('./signin/SignInPage'));
const ForgotPage = lazy(() => knowing('joining', import('./signin/ForgotPage')));
const ResetPage = lazy(() => knowing('joining', import('./signin/ResetPage')));
const ConfirmPage = lazy(() => knowing('joining', import('./signin/ConfirmPage')));
const SignUpPage = lazy(() => knowing('joining', import('./founding/SignUpPage')));
const InvitationPage = lazy(() => knowing('joining', import('./invitations/InvitationPage')));
const Shell = lazy(() => knowing('inside', import('./shell/Shell')));
const LandingPage = lazy(() => import('./shell/LandingPage'));
const HomePage = lazy(() => import('./account/HomePage'));
const UsersPage = lazy(() => import('./users/UsersPage'));
const RolesPage = lazy(() => import('./roles/RolesPage'));
const ActivityPage = lazy(() => import('./activity/ActivityPage'));
const SettingsPage = lazy(() => import('./account/SettingsPage'));
const MePage = lazy(() => import('./me/MePage'));
const FrontPage = lazy(() => import('./signin/FrontPage'));
const NoSuchPage = lazy(() => import('./shell/NoSuchPage'));
const NotFoundPage = lazy(() => import('./shell/NotFoundPage'));

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
          <Route path="roles/:role?" element={<RolesPage />} />
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
