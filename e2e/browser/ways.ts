import type { Page } from '@playwright/test';
import type { Cast } from './cast';
import { expect } from './stage';

// The steps of which the ways to the screens are made.

/** A step of a walk. It says which route of the app it opens, or which file draws what comes up. */
export type Way = ((page: Page, cast: Cast) => Promise<unknown>) & { route?: string; draws?: string };

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

/** A step after which a file of the app has drawn something over the page. */
export const shows = (draws: string, way: Way): Way => Object.assign((...at: Parameters<Way>) => way(...at), { draws });

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
export const hear = (text: string | RegExp): Way => {
  return (page) => expect(page.getByText(text).first()).toBeVisible();
};
export const hearInside = (text: string | RegExp): Way => {
  return (page) => expect(page.getByRole('dialog').getByText(text).first()).toBeVisible();
};

/**
 * Closes with Escape what lies on top, and waits until that is gone: the next key would meet it once more. A menu may
 * have gone by itself when the window became smaller.
 */
export const away: Way = async (page) => {
  const layers = page.locator('[role=dialog], [role=menu], [role=listbox], [role=group]').filter({ visible: true });
  const before = await layers.count();
  if (before === 0) return;
  await page.keyboard.press('Escape');
  await expect.poll(() => layers.count(), 'layers after Escape').toBeLessThan(before);
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
