import type { Page } from '@playwright/test';
import type { Cast } from './cast';
import { expect } from './stage';

// The steps of which the ways to the screens are made.

/**
 * A step of a walk. It says which route of the app it opens, or which file draws what comes up, and whether it ends
 * only when what it names is there.
 */
export type Way = ((page: Page, cast: Cast) => Promise<unknown>) & { route?: string; draws?: string; waits?: true };

/** What lies over a page: dialogs and panels, menus, lists of choices, bars and toasts. */
const layers = '[role=dialog], [role=menu], [role=listbox], [role=group], [role=alert]';

/** Opens a route of the app: parameters are filled from the cast, `more` follows. */
export function visit(route: string, more: string | ((cast: Cast) => string) = ''): Way {
  const go: Way = (page, cast) => {
    const rest = typeof more === 'string' ? more : more(cast);
    const path = route
      .replace(':account', cast.company.id)
      .replace(/\/:\w+\??/g, '')
      .replace(/^\*|\*$/, 'nowhere');
    return page.goto(path + rest);
  };
  return Object.assign(go, { route });
}

/** Opens a link that was mailed to somebody, which leads to a route. */
export function follow(route: string, link: string): Way {
  const go: Way = async (page, { links }) => {
    // A link that differs only behind its # would not open anew.
    await page.goto('about:blank');
    await page.goto(links[link] ?? `There is no link "${link}".`);
  };
  return Object.assign(go, { route });
}

/** A step by which a file of the app draws something over the page, and which ends when that is there. */
export const shows = (draws: string, way: Way): Way =>
  Object.assign((page: Page, cast: Cast) => (way.waits ? way(page, cast) : covers(page, () => way(page, cast))), {
    draws,
  });

/** Waits until what is done has laid something new over the page: a dialog that is opened first comes from afar. */
async function covers(page: Page, act: () => Promise<unknown>): Promise<void> {
  const there = await page.locator(layers).elementHandles();
  await act();
  await page.waitForFunction(
    ([layers, ...there]) =>
      Array.from(document.querySelectorAll(layers as string)).some(
        (layer) => !there.includes(layer) && layer.checkVisibility(),
      ),
    [layers, ...there],
  );
}

export const press = (button: string | RegExp): Way => {
  return (page) =>
    page
      .getByRole('button', { name: button, exact: typeof button === 'string' })
      .first()
      .click();
};
/** Presses a button of the dialog, where the page behind it has one of the same name. */
export const pressInside = (button: string): Way => {
  return (page) => page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
};
export const item = (name: string): Way => {
  return (page) => page.getByRole('menuitem', { name, exact: true }).click();
};
export const fill = (label: string | RegExp, text: string | ((cast: Cast) => string)): Way => {
  return (page, cast) =>
    page
      .getByRole('textbox', { name: label })
      .first()
      .fill(typeof text === 'string' ? text : text(cast));
};
export const hear = (text: string | RegExp): Way =>
  Object.assign((page: Page) => expect(page.getByText(text).first()).toBeVisible(), { waits: true as const });
export const hearInside = (text: string | RegExp): Way => {
  const heard = (page: Page) => expect(page.getByRole('dialog').getByText(text).first()).toBeVisible();
  return Object.assign(heard, { waits: true as const });
};

/**
 * Closes with Escape what lies on top, and waits until that is gone: the next key would meet it once more. A menu may
 * have gone by itself when the window became smaller.
 */
export const away: Way = async (page) => {
  const open = page.locator(layers).filter({ visible: true });
  const before = await open.count();
  if (before === 0) return;
  await page.keyboard.press('Escape');
  await expect.poll(() => open.count(), 'layers after Escape').toBeLessThan(before);
};

/** Pages for which an answer of the server is held back. */
export const held = new WeakSet<Page>();

/** Lets the server's answer to these requests never come. */
export function hold(path: RegExp): Way {
  return async (page) => {
    held.add(page);
    await page.route(path, () => {});
  };
}

/** What was asked for waits, because something else is asked first. */
export const waits: Way = async (page) => {
  held.add(page);
};

/** Lets the server refuse these requests, as it does when it is in trouble; all of them, or those of a method. */
export function refuse(path: RegExp, status: number, code: string, method?: string): Way {
  const refusal = { status, contentType: 'application/problem+json', body: JSON.stringify({ status, code }) };
  return (page) =>
    page.route(path, (route) =>
      method && route.request().method() !== method ? route.continue() : route.fulfill(refusal),
    );
}

/** Lets the server answer these requests so. */
export function answer(path: RegExp, json: unknown): Way {
  return (page) => page.route(path, (route) => route.fulfill({ json }));
}

/** Lets everything through again. */
export const release: Way = async (page) => {
  held.delete(page);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
};

// The addresses to which many ways lead.
export const users = '/a/:account/users/:member?';
export const keys = '/a/:account/keys/:key?';
export const credits = '/a/:account/credits';
export const resources = '/a/:account/resources/:type/:id?';
export const billing = '/a/:account/billing/:invoice?';

export const member = (name: string) => (cast: Cast) => `/${cast.people[name]?.member}`;
export const more = (name: string) => press(`More about ${name}`);
export const tick = (box: string): Way => {
  return (page) => page.getByRole('checkbox', { name: box }).check();
};
export const untick = (box: string): Way => {
  return (page) => page.getByRole('checkbox', { name: box }).uncheck();
};
export const rule = (policy: Record<string, unknown>): Way => {
  return (_page, { company }) => company.call('PATCH', '', { policy });
};
export const departing = (name: string, way: string): Way[] => [visit(users), more(name), item(way)];
export const choose = (label: string, option: string): Way => {
  return (page) => page.getByLabel(label).selectOption(option);
};
