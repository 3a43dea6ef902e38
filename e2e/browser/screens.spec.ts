import {
  paidOn,
  withCases,
  withCredits,
  withKeys,
  withLeavers,
  withLinks,
  withNobody,
  withPeople,
  withSeats,
  withTwoFactor,
  withTwoPlaces,
} from './cast';
import { look } from './screen';
import {
  administration,
  apiKeys,
  dialogs,
  elsewhere,
  leaving,
  limited,
  ofCredits,
  ofOwnCredits,
  ofOwnResources,
  ofResources,
  onPhones,
  pages,
  seatsAndMoney,
  secondSteps,
  states,
  twoFactor,
  waysIn,
} from './screens';
import { routes, surfaces } from './source';
import { expect, test } from './stage';

test.describe.configure({ timeout: 480_000 });

const widths = [
  { name: 'a desk', viewport: { width: 1440, height: 900 } },
  { name: 'a phone', viewport: { width: 390, height: 844 } },
];

for (const { name, viewport } of widths) {
  const options = { viewport };
  const phone = viewport.width < 500;

  test(`the ways in are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withLinks({ found, operator, mailbox });
    await look(await open(undefined, options), cast, waysIn);
  });

  test(`the ways between accounts are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const { join, ...cast } = await withTwoPlaces({ found, operator, mailbox });
    const page = await open(cast.company.owner, options);
    await join();
    await look(page, cast, elsewhere);
  });

  test(`the pages inside are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withPeople({ found, operator, mailbox });
    const page = await open(cast.company.owner, options);
    await look(page, cast, phone ? [...pages, ...onPhones] : pages);
  });

  test(`the pages of administration are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withPeople({ found, operator, mailbox });
    await look(await open(cast.company.owner, options), cast, administration);
    await look(await open(cast.people.nora, options), cast, limited);
  });

  test(`the dialogs are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withPeople({ found, operator, mailbox });
    await look(await open(cast.company.owner, options), cast, dialogs);
  });

  test(`API keys are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withKeys({ found, operator, mailbox });
    await look(await open(cast.company.owner, options), cast, apiKeys);
  });

  test(`resources are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withCases({ found, operator, mailbox });
    await look(await open(cast.company.owner, options), cast, ofResources);
    await look(await open(cast.people.lena, options), cast, ofOwnResources);
  });

  test(`credits are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withCredits({ found, operator, mailbox });
    await look(await open(cast.company.owner, options), cast, ofCredits);
    await look(await open(cast.people.jo, options), cast, ofOwnCredits);
  });

  test(`seats and money are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const { back, ...cast } = await withSeats({ found, operator, mailbox });
    const page = await open(cast.company.owner, options);
    await page.clock.setFixedTime(new Date(paidOn));
    await look(page, cast, seatsAndMoney);
    await back();
  });

  test(`departures are fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withLeavers({ found, operator, mailbox });
    await look(await open(cast.company.owner, options), cast, leaving);
  });

  test(`two-factor is fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withTwoFactor({ found, operator, mailbox });
    await look(await open(undefined, options), cast, secondSteps);
    await look(await open(cast.company.owner, options), cast, twoFactor);
  });

  test(`what waits, fails or is empty is fit for everybody, on ${name}`, async ({ open, found, operator, mailbox }) => {
    const cast = await withNobody({ found, operator, mailbox });
    await look(await open(cast.company.owner, options), cast, states);
  });
}

test('every route, dialog, panel, menu, bar and toast of the app is among the screens that are looked at', () => {
  const ways = [
    waysIn,
    elsewhere,
    pages,
    administration,
    apiKeys,
    seatsAndMoney,
    dialogs,
    leaving,
    states,
    twoFactor,
    secondSteps,
    limited,
    ofCredits,
    ofOwnCredits,
    ofResources,
    ofOwnResources,
    onPhones,
  ]
    .flat()
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
