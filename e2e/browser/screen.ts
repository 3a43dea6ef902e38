import type { Page, Request } from '@playwright/test';
import type { Cast } from './cast';
import { expect, expectAccessible, test } from './stage';
import { held, type Way } from './ways';

/** A screen, and how one comes to it from the one before. */
export type Screen = [name: string, ...ways: Way[]];

/** Goes from screen to screen, and looks at each in both colours and sizes as it is when it has come to rest. */
export async function look(page: Page, cast: Cast, screens: Screen[]): Promise<void> {
  await page.addInitScript(watchMotion);
  const underWay = requestsOf(page);
  for (const [name, ...ways] of screens) {
    await test.step(name, async () => {
      for (const go of ways) await go(page, cast);
      await rest(page, underWay);
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

/** Keeps what the page has asked for and not yet got. */
function requestsOf(page: Page): Set<Request> {
  const underWay = new Set<Request>();
  page.on('request', (request) => underWay.add(request));
  page.on('requestfinished', (request) => underWay.delete(request));
  page.on('requestfailed', (request) => underWay.delete(request));
  page.on('framenavigated', (frame) => frame === page.mainFrame() && underWay.clear());
  return underWay;
}

/** Waits until nothing loads and nothing moves; what is held back on purpose may go on waiting. */
async function rest(page: Page, underWay: Set<Request>): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeAttached();
  // A part of the app that is on its way draws something as soon as it comes; the stream of news never ends.
  const awaited = (request: Request) => ['script', 'fetch'].includes(request.resourceType());
  const loading = () => [...underWay].filter(awaited).map((request) => request.url());
  await expect(async () => {
    await standstill(page);
    if (held.has(page)) return;
    expect(loading(), 'what loads').toEqual([]);
    expect(await page.locator('[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root').count()).toBe(0);
  }).toPass({ timeout: 20_000 });
}

/** Waits until nothing moves, and until what was pressed has been drawn, or has asked for what it draws. */
const standstill = (page: Page) =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    do {
      await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
      await frame();
      await frame();
    } while (document.getAnimations().length > 0);
  });

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
