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

/**
 * The page of this account to go on to after signing in; never another site,
 * and never another page by way of "..", however it is written.
 */
export function returnPath(search: URLSearchParams, account: string): string {
  const back = search.get('return') ?? '';
  const own = `/a/${account}`;
  const within = (path: string) => path === own || path.startsWith(`${own}/`);
  const here = 'https://here.invalid';
  if (!back.startsWith(own) || !URL.canParse(back, here)) return own;
  const to = new URL(back, here);
  return to.origin === here && within(to.pathname) ? to.pathname + to.search : own;
}

/**
 * The page of the product that somebody came from to sign in, where the operator
 * has said what the product is; never a page of anything else.
 */
export function productPage(search: URLSearchParams, product: string): string | undefined {
  const back = search.get('return') ?? '';
  if (!URL.canParse(product) || !URL.canParse(back)) return undefined;
  const [to, within] = [new URL(back), new URL(product)];
  return to.origin === within.origin && to.pathname.startsWith(within.pathname)
    ? to.origin + to.pathname + to.search
    : undefined;
}
