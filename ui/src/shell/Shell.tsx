import '../theme/rest.css';
import { Burger, Drawer, MantineThemeProvider, Skeleton, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation, useNavigate, useParams } from 'react-router';
import { PlaceProvider, usePlace } from '../account/place';
import { newCache } from '../api/cache';
import { isProblem } from '../api/problem';
import { accountQuery, profileQuery, sessionQuery } from '../api/queries';
import { followProfile } from '../language';
import { signInFrom } from '../signin/way';
import { useAccent } from '../theme/brand';
import { insideTheme } from '../theme/inside';
import { AccountMenu } from './AccountMenu';
import { FindButton } from './FindButton';
import { Leave } from './Leave';
import { NameMenu } from './NameMenu';
import { Navigation, underName } from './Navigation';
import { OtherAccount } from './OtherAccount';
import { Palette } from './Palette';
import { Refusal } from './Refusal';
import classes from './Shell.module.css';
import { useUndoKey } from './toast';

const Proof = lazy(() => import('./Proof'));
const RequiredFactor = lazy(() => import('./RequiredFactor'));

/** Everything inside an account, with a cache that ends when the reader leaves. */
export default function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [cache] = useState(() =>
    newCache(() => {
      const way = signInFrom(window.location);
      if (way) navigate(way, { replace: true, state: { ended: true } });
    }),
  );
  const close = t('shell.close');
  const theme = useMemo(() => insideTheme(close), [close]);
  return (
    <MantineThemeProvider theme={theme}>
      <QueryClientProvider client={cache}>
        <Inside />
        <Suspense>
          <Proof />
        </Suspense>
      </QueryClientProvider>
    </MantineThemeProvider>
  );
}

/** The frame of every page inside an account: who is here, where, and the ways on. */
function Inside() {
  const { account: wanted = '' } = useParams();
  const navigate = useNavigate();
  const here = useLocation();
  const session = useQuery({ ...sessionQuery, meta: { expectsSignedOut: true } });
  const current = session.data;
  const inside = current?.account_id === wanted;
  const account = useQuery({ ...accountQuery(wanted), enabled: inside });
  const signedOut = isProblem(session.error, 'unauthenticated');
  const { refetch } = session;

  useAccent(account.data?.accent);

  // Asked again at every step: whoever was seen off, or given other rights, sees it at the next click.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is the trigger
  useEffect(() => {
    void refetch({ cancelRefetch: false });
  }, [here.key, refetch]);

  useEffect(() => {
    const way = signInFrom(here);
    // Somebody who was signed in a moment ago is told that this has ended.
    if (signedOut && way) navigate(way, { replace: true, state: { ended: current !== undefined } });
  }, [signedOut, here, navigate, current]);

  if (signedOut) return null;
  if (isProblem(session.error, 'factor_required')) {
    return (
      <Suspense>
        <RequiredFactor onDone={session.refetch} />
      </Suspense>
    );
  }
  if (session.error) return <Refusal error={session.error} retry={session.refetch} />;
  if (current && !inside) return <OtherAccount session={current} wanted={wanted} />;
  if (account.error) return <Refusal error={account.error} retry={account.refetch} />;
  if (!current || !account.data) return <ShellSkeleton />;

  return (
    <PlaceProvider account={account.data} session={current}>
      <Frame />
      <Notifications position="bottom-left" limit={4} transitionDuration={120} />
    </PlaceProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure(false);
  const { pathname, key } = useLocation();
  const profile = useQuery(profileQuery);
  const locale = profile.data?.locale;
  const beside = !underName(usePlace().account.preset);

  useEffect(() => {
    if (locale) void followProfile(locale);
  }, [locale]);

  useUndoKey();
  useArrival(pathname);

  // A page that was chosen in the drawer is what the reader wants to see.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is the trigger
  useEffect(close, [key]);

  return (
    <div className={classes.shell} data-beside={beside}>
      <a href="#page" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <header className={classes.header}>
        {beside && (
          <Burger className={classes.burger} opened={open} onClick={toggle} size="sm" aria-label={t('shell.menu')} />
        )}
        <AccountMenu />
        <FindButton />
        <NameMenu />
      </header>
      {beside && (
        <>
          <Navigation className={classes.aside} />
          <Drawer opened={open} onClose={close} position="left" size={280} title={t('shell.menu')}>
            <Navigation />
          </Drawer>
        </>
      )}
      <Palette />
      <Leave />
      <main id="page" className={classes.main} tabIndex={-1}>
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

/** Brings a reader who goes to another page to its top, and the keyboard into it. */
function useArrival(pathname: string) {
  const page = pathname.split('/')[3];
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    window.scrollTo(0, 0);
    document.getElementById('page')?.focus({ preventScroll: true });
  }, [page]);
}

function ShellSkeleton() {
  return (
    <div className={classes.shell}>
      <header className={classes.header}>
        <Skeleton h={28} w={180} />
      </header>
      <div className={classes.aside} />
      <main className={classes.main}>
        <PageSkeleton />
      </main>
    </div>
  );
}

function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={classes.waiting} role="status">
      <VisuallyHidden component="h1">{t('shell.loading')}</VisuallyHidden>
      <Skeleton h={28} w={240} />
      <Skeleton h={36} />
      <Skeleton h={52} />
      <Skeleton h={52} />
      <Skeleton h={52} />
    </div>
  );
}
