import { Center, Loader } from '@mantine/core';
import { Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { knowing } from './language';
import { page } from './page';

const SignInPage = page(() => import('./signin/SignInPage'));
const ForgotPage = page(() => knowing('joining', import('./signin/ForgotPage')));
const ResetPage = page(() => knowing('joining', import('./signin/ResetPage')));
const ConfirmPage = page(() => knowing('joining', import('./signin/ConfirmPage')));
const SignUpPage = page(() => knowing('joining', import('./founding/SignUpPage')));
const InvitationPage = page(() => knowing('joining', import('./invitations/InvitationPage')));
const Inside = page(() => knowing('inside', import('./Inside')));
const FrontPage = page(() => import('./signin/FrontPage'));
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

/** How long an address may take to load, in milliseconds, before something is drawn in its place. */
const patience = 200;

/**
 * Loads what the address needs before anything is drawn. What React has to wait
 * for while it draws, it shows a third of a second late, one after the other.
 */
export async function loadPage(path: string): Promise<void> {
  const [, first = '', , third = ''] = path.split('/');
  const needed =
    first === 'a'
      ? [Inside.load(), import('./Inside').then(({ loadInside }) => loadInside(third))]
      : [outside[first]?.load()];
  // One that does not come is asked for again where it is shown, and says so there.
  const loaded = Promise.allSettled(needed);
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
        <Route path="/a/:account/*" element={<Inside />} />
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}
