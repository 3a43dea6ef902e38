/** The pages that need nobody to be signed in. */
const open = ['/sign-in', '/sign-up', '/forgot', '/reset', '/confirm', '/invitation'];

/**
 * Where somebody who is no longer signed in goes from here, with the way back;
 * nothing when the page is one of those for people who are not signed in.
 */
export function signInFrom(here: { pathname: string; search: string }): string | undefined {
  if (open.includes(here.pathname)) return undefined;
  const back = here.pathname + here.search;
  return back === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(back)}`;
}

/** The page of this app to go on to after signing in; never another site. */
export function returnPath(search: URLSearchParams, account: string): string {
  const back = search.get('return') ?? '';
  const own = `/a/${account}`;
  return back === own || back.startsWith(`${own}/`) ? back : own;
}
