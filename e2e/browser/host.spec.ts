import type { Person } from './company';
import type { Demo } from './demo';
import { expect, expectAccessible, test } from './stage';

/** Somebody of the demo's own companies, whose people hold something. */
const from = (demo: Demo, email: string): Person => ({ email, password: demo.password, firstName: '', lastName: '' });

/** The pages of the example product, each by somebody whose page it is. */
const pages: [email: string, ...paths: string[]][] = [
  ['hilde.brandt@brandtosei.example', '/app/cases', '/app/cases/24-017', '/app/templates', '/app/nowhere'],
  ['tomas.novak@kestrelfreight.example', '/app/records'],
  ['willem.postma@zonnedak.example', '/app/map', '/app/map/p-104'],
  ['maria.jansen@blueharbour.example', '/app/modules/campaigns', '/app/modules/user_management'],
  ['joris.tamminga@studiofenna.example', '/app/'],
];

test('F6 P12 C2 W3: a product asks Tenure at each click, and loses who was let go', async ({
  open,
  demo,
  operator,
}) => {
  const page = await open();

  await test.step('signing in leads back to the page one came from', async () => {
    await page.goto(`${demo.product}/app/map/p-104`);
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('esra.yilmaz@zonnedak.example');
    await page.getByLabel('Password', { exact: true }).fill(demo.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(`${demo.product}/app/map/p-104`);
  });

  await test.step('F6: a pin keeps who had it, who was there and who closed the deal', async () => {
    const card = page.getByRole('complementary', { name: 'Koelhuis Maasvlakte' });
    await expect(card.getByText(/^Daan Kuiper, .* to /)).toBeVisible();
    await expect(card.getByText(/^Esra Yilmaz, .* until now/)).toBeVisible();
    await expect(card.getByText(/^Visit by Daan Kuiper/)).toHaveCount(2);
    await expect(card.getByText('Deal closed by Esra Yilmaz', { exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Bakkerij De Ooievaar, yours' }).click();
    await page.getByRole('textbox', { name: 'What did they say' }).fill('More flour, more roof.');
    await page.getByRole('button', { name: 'Note a visit' }).click();
    await expect(page.getByText('More flour, more roof.')).toBeVisible();
  });

  await test.step('F3: every device of who was let go is refused at its next click', async () => {
    const esra = from(demo, 'esra.yilmaz@zonnedak.example');
    const phone = await open(esra, { viewport: { width: 390, height: 844 } });
    await phone.goto(`${demo.product}/app/map`);
    const session = await (await phone.context().request.get('/v1/session')).json();
    await operator.call('POST', `/v1/accounts/${session.account_id}/members/${session.member_id}/suspend`);
    for (const device of [page, phone]) {
      await device.getByRole('link', { name: 'Kwekerij Groenewoud, yours' }).click();
      await expect(device.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    }
    await operator.call('POST', `/v1/accounts/${session.account_id}/members/${session.member_id}/activate`);
  });

  await test.step('P12: a record is masked until it is downloaded for a credit', async () => {
    const tomas = await open(from(demo, 'tomas.novak@kestrelfreight.example'));
    await tomas.goto(`${demo.product}/app/records`);
    const row = tomas.getByRole('row', { name: /Casa Frutta/ });
    await expect(row.getByText('masked')).toHaveCount(3);
    await row.getByRole('button', { name: 'Download Casa Frutta for 1 credit' }).click();
    await expect(row.getByText('Paolo Righi')).toBeVisible();
    const bridget = await open(from(demo, 'hanna.visser@kestrelfreight.example'));
    await bridget.goto(`${demo.product}/app/records`);
    await expect(bridget.getByRole('row', { name: /Casa Frutta/ }).getByText('Tomas Novák')).toBeVisible();
    // P9: he left, and what he downloaded did not.
    await expect(bridget.getByRole('row', { name: /Garonne Vrac/ }).getByText('Youssef Amrani')).toBeVisible();
  });

  await test.step('C2: templates are for administrators', async () => {
    const kofi = await open(from(demo, 'kofi.osei@brandtosei.example'));
    await kofi.goto(`${demo.product}/app/cases`);
    await expect(kofi.getByRole('link', { name: 'Templates' })).toHaveCount(0);
    await kofi.goto(`${demo.product}/app/templates`);
    await expect(kofi.getByRole('heading', { name: 'This is not yours to open' })).toBeVisible();
    const hilde = await open(from(demo, 'hilde.brandt@brandtosei.example'));
    await hilde.goto(`${demo.product}/app/templates`);
    await hilde.getByRole('combobox', { name: 'For' }).selectOption('Issue');
    await hilde.getByRole('textbox', { name: 'Name of the template' }).fill('Causation');
    await hilde.getByRole('button', { name: 'Make the template' }).click();
    await kofi.goto(`${demo.product}/app/cases/24-017`);
    await kofi.getByRole('combobox', { name: 'Template' }).selectOption('Issue: Causation');
    await kofi.getByRole('textbox', { name: 'Note' }).fill('The quay, or the lorry.');
    await kofi.getByRole('button', { name: 'Add note' }).click();
    await expect(kofi.getByRole('heading', { name: 'Issue: Causation' })).toBeVisible();
  });

  await test.step('W3: the menu has the modules that were chosen', async () => {
    const aisha = await open(from(demo, 'aisha.okafor@blueharbour.example'));
    await aisha.goto(`${demo.product}/app/`);
    await expect(aisha.getByRole('navigation', { name: 'Fieldbook' }).getByRole('link')).toHaveCount(2);
    await expect(aisha.getByRole('navigation', { name: 'Sub-accounts' }).getByRole('link')).toHaveCount(2);
  });
});

for (const [name, viewport] of [
  ['a desk', { width: 1440, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
] as const) {
  test(`the pages of the example product are fit for everybody, on ${name}`, async ({ open, demo }) => {
    test.slow();
    const nobody = await open(undefined, { viewport });
    await nobody.goto(`${demo.product}/app/`);
    await expectAccessible(nobody, 'signed out');
    for (const [email, ...paths] of pages) {
      const page = await open(from(demo, email), { viewport });
      for (const path of paths) {
        await page.goto(demo.product + path);
        await expectAccessible(page, path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect.soft(wide, `${path} is not wider than the screen`).toBeLessThanOrEqual(viewport.width);
        await page.emulateMedia({ colorScheme: 'dark' });
        await expectAccessible(page, `${path}, dark`, 'colour');
        await page.emulateMedia({ colorScheme: 'light' });
      }
    }
  });
}
