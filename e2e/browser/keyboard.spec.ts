import { expect, test } from './stage';
import { row } from './steps';

test('the keyboard alone is enough to find somebody, to open them and to invite', async ({ open, found }) => {
  const company = await found('portal');
  await company.employ('Anna', 'Aker', { modules: ['Inbox'] });
  await company.employ('Bart', 'Bos', { modules: ['Inbox'] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await expect(row(page, 'Bart Bos')).toBeVisible();
  const press = (key: string) => page.keyboard.press(key);

  await press('/');
  await page.keyboard.type('bart');
  await expect(row(page, 'Anna Aker')).toHaveCount(0);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('link', { name: 'Anna Aker' }).focus();
  await press('ArrowDown');
  await expect(page.getByRole('link', { name: 'Bart Bos' })).toBeFocused();
  await press('Enter');
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Bart Bos' })).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('main').press('i');
  const dialog = page.getByRole('dialog', { name: 'Invite users' });
  await expect(dialog.getByRole('textbox', { name: 'E-mail addresses' })).toBeFocused();
  await page.keyboard.type(company.address('kit'));
  await press('Enter');
  await expect(dialog.getByText('1 address ready')).toBeVisible();
  await press('Escape');
  await expect(dialog).toHaveCount(0);
});
