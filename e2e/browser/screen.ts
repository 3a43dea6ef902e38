import type { Page } from '@playwright/test';
import type { Cast } from './cast';
import { expect, expectAccessible, test } from './stage';

/** A step of a walk. It says which route of the app it opens, or which file draws what comes up. */
export type Way = ((page: Page, cast: Cast) => Promise<unknown>) & { route?: string; draws?: string };

/** A screen, and how one comes to it from the one before. */
export type Screen = [name: string, ...ways: Way[]];

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
export const away: Way = (page) => page.keyboard.press('Escape');

/** Goes from screen to screen, and looks at each in both colours and sizes as it is when it has come to rest. */
export async function look(page: Page, cast: Cast, screens: Screen[]): Promise<void> {
  await page.addInitScript(watchMotion);
  for (const [name, ...ways] of screens) {
    await test.step(name, async () => {
      for (const go of ways) await go(page, cast);
      await rest(page);
      await see(page, name);
    });
  }
}

async function see(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  await expectRoom(page, name);
  await picture(page, `${name}, light`);
  await dress(page, 'dark');
  await expectAccessible(page, `${name}, dark`, 'colour');
  await picture(page, `${name}, dark`);
  await dress(page, 'light');
  expect.soft(await page.evaluate(motionSeen), `what moves on: ${name}`).toEqual([]);
  await enlarge(page, name);
}

/** Twice as large on a desk's screen is half as much room; a phone has less already. */
async function enlarge(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  if (!size || size.width < 800) return;
  await page.setViewportSize({ width: size.width / 2, height: size.height / 2 });
  // What floats over the page finds its new place a moment later.
  await page.waitForFunction(fits, undefined, { timeout: 3_000 }).catch(() => undefined);
  await expectRoom(page, `${name}, at twice the size,`);
  await page.setViewportSize(size);
}

const fits = () => document.documentElement.scrollWidth <= window.innerWidth;

async function expectRoom(page: Page, name: string): Promise<void> {
  const room = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth] as const);
  expect.soft(room[0], `${name} is not wider than the screen`).toBeLessThanOrEqual(room[1]);
}

/** Changes what the reader's system prefers, and waits until the page follows: at once, not colour by colour. */
async function dress(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(() => {
    const still = new CSSStyleSheet();
    still.replaceSync('*, ::before, ::after { transition: none !important }');
    document.adoptedStyleSheets.push(still);
  });
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((scheme) => {
    if (document.documentElement.dataset.mantineColorScheme !== scheme) return false;
    getComputedStyle(document.body).color; // before anything may move again
    document.adoptedStyleSheets.pop();
    return true;
  }, colorScheme);
}

/** Waits until nothing loads and nothing moves; what is held back on purpose may go on waiting. */
async function rest(page: Page): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeAttached();
  if (!held.has(page)) {
    await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root')).toHaveCount(0);
  }
  await page.evaluate(async () => {
    do {
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      await new Promise(requestAnimationFrame);
    } while (document.getAnimations().length > 0);
  });
}

/** Pages for which an answer of the server is held back. */
const held = new WeakSet<Page>();

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

interface Moving {
  moving?: string[];
}

/** Notes in the page whatever moves for longer than an eye can see; who asked for less motion sees none. */
function watchMotion(): void {
  const note = (event: TransitionEvent | AnimationEvent) => {
    const element = event.target as Element;
    // To look at all that is inside as well would take long where everything changes its colour.
    for (const animation of element.getAnimations({ subtree: event.pseudoElement !== '' })) {
      const { duration, iterations } = animation.effect?.getComputedTiming() ?? {};
      if (Number(duration) * Number(iterations) <= 1) continue;
      const seen = window as Moving;
      seen.moving ??= [];
      seen.moving.push(`${element.className}: ${Number(duration) * Number(iterations)} ms`);
    }
  };
  document.addEventListener('transitionrun', note, true);
  document.addEventListener('animationstart', note, true);
}

const motionSeen = () => (window as Moving).moving ?? [];

/** Keeps a picture for people to look at, where TENURE_PICTURES says. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TENURE_PICTURES;
  const words = [page.viewportSize()?.width, name].join(' ').replace(/\W+/g, '-');
  if (folder) await page.screenshot({ path: `${folder}/${words}.png` });
}
