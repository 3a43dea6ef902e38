import { expect, expectAccessible, test } from './stage';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the reference of the API, ${colorScheme}: whole, and from this server alone`, async ({ open, demo }) => {
    test.slow(); // it draws every operation at once
    const page = await open(undefined, { colorScheme });
    const asked: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (said) => said.type() === 'error' && errors.push(said.text()));
    await page.goto('/docs');
    await expect(page.getByRole('heading', { name: /^Tenure/ })).toBeVisible();

    const apply = page.locator('#operations-departures-apply-departure');
    await page.getByPlaceholder('Filter by tag').fill('departures');
    await expect(apply).toBeVisible();
    await expect(page.locator('#operations-invitations-invite')).toBeHidden();
    await apply.getByRole('button').first().click();
    await expect(apply.getByText('Idempotency-Key')).toBeVisible();
    await expect(apply.getByText('The caller asks too often')).toBeVisible();

    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background === 'rgb(28, 32, 34)', background).toBe(colorScheme === 'dark');
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, 'nothing pushes the page sideways').toBeLessThanOrEqual(width);
    }
    await expectAccessible(page, 'the reference');
    expect(asked.filter((url) => !url.startsWith(demo.origin) && !url.startsWith('data:'))).toEqual([]);
    expect(errors).toEqual([]);
  });
}

test('the reference is in the menu under one’s own name', async ({ open, found }) => {
  const { owner } = await found('team');
  const page = await open(owner);
  await page.goto('/');
  await page.getByRole('button', { name: /your menu/ }).click();
  await page.getByRole('menuitem', { name: 'API reference' }).click();
  await expect(page).toHaveURL(/\/docs$/);
  await expect(page.getByRole('heading', { name: /^Tenure/ })).toBeVisible();
});
