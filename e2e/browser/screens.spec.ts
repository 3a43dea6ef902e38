import { look } from './screen';
import { walks } from './screens';
import { routes, surfaces } from './source';
import { expect, test } from './stage';

test.describe.configure({ timeout: 480_000 });

const widths = [
  { name: 'a desk', viewport: { width: 1440, height: 900 } },
  { name: 'a phone', viewport: { width: 390, height: 844 } },
];

for (const { name, viewport } of widths) {
  const phone = viewport.width < 500;

  for (const { of, cast: place, looks } of walks) {
    test(`${of} fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
      const cast = await place({ found, operator, mailbox });
      for (const { as, screens, onPhones = [] } of looks) {
        const page = await open(as?.(cast), { viewport });
        await cast.begin?.();
        await look(page, cast, phone ? [...screens, ...onPhones] : screens);
      }
      await cast.end?.();
    });
  }
}

test('every route, dialog, panel, menu, bar and toast of the app is among the screens that are looked at', () => {
  const ways = walks
    .flatMap(({ looks }) => looks)
    .flatMap(({ screens, onPhones = [] }) => [...screens, ...onPhones])
    .flatMap(([, ...ways]) => ways);
  const opened = new Set(ways.map(({ route }) => route));
  const drawn = new Set(ways.map(({ draws }) => draws));
  expect(
    routes().filter((route) => !opened.has(route)),
    'routes that nobody looks at',
  ).toEqual([]);
  expect(
    surfaces().filter((file) => !drawn.has(file)),
    'files whose dialogs nobody looks at',
  ).toEqual([]);
});
