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
  const panel = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: 'Bart Bos' }) });
  await expect(panel).toBeVisible();
  await panel.press('/');
  await panel.press('i');
  await expect(panel, 'a key of the list is none of the panel over it').toBeFocused();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await test.step('Escape closes one thing at a time', async () => {
    const button = page.getByRole('button', { name: 'Filter' });
    const filters = page.getByRole('dialog');
    await button.press('Enter');
    await filters.getByRole('combobox', { name: 'Type' }).press('ArrowDown');
    await expect(page.getByRole('listbox')).toBeVisible();
    await press('Escape');
    await expect(page.getByRole('listbox')).toHaveCount(0);
    await expect(filters).toBeVisible();
    await press('Escape');
    await expect(filters).toHaveCount(0);
    await expect(button).toBeFocused();
  });

  await test.step('what is half written is not lost by a slip', async () => {
    await page.getByRole('link', { name: 'Bart Bos' }).press('Enter');
    await panel.getByLabel('First name').fill('Bartje');
    await panel.getByRole('tab', { name: 'Timeline' }).click();
    await panel.getByRole('tab', { name: 'Details' }).click();
    await expect(panel.getByLabel('First name')).toHaveValue('Bartje');
    await press('Escape');
    const asking = page.getByRole('dialog', { name: 'Leave without saving?' });
    await expect(asking.getByRole('button', { name: 'Keep editing' })).toBeFocused();
    await press('Escape');
    await expect(asking).toHaveCount(0);
    await expect(panel.getByLabel('First name')).toHaveValue('Bartje');
    await page.mouse.click(200, 400);
    await expect(asking).toBeVisible();
    await press('Escape');
    await page.goBack();
    await asking.getByRole('button', { name: 'Keep editing' }).click();
    await expect(page, 'Back went nowhere').toHaveURL(/\/users\/mem_/);
    await expect(panel.getByLabel('First name')).toHaveValue('Bartje');
    await press('Control+k');
    await page.getByRole('textbox', { name: 'Find a person or a page' }).fill('Roles');
    await press('Enter');
    await asking.getByRole('button', { name: 'Keep editing' }).click();
    await page.goBack();
    await asking.getByRole('button', { name: 'Leave without saving' }).click();
    await expect(page).toHaveURL(/\/users$/);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('a change is taken back by a key from where the toast cannot be reached', async () => {
    await page.getByRole('link', { name: 'Bart Bos' }).press('Enter');
    await panel.getByLabel('First name').fill('Bartje');
    await panel.getByLabel('First name').press('Enter');
    await expect(page.getByText('Bartje Bos is saved.')).toBeVisible();
    await page.getByRole('dialog').getByRole('tab', { name: 'Details' }).press('Control+z');
    await expect(page.getByText('Bartje Bos is as before.')).toBeVisible();
    await expect(panel.getByLabel('First name')).toHaveValue('Bart');
    await press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await page.getByRole('main').press('i');
  const dialog = page.getByRole('dialog', { name: 'Invite users' });
  await expect(dialog.getByRole('textbox', { name: 'E-mail addresses' })).toBeFocused();
  await page.keyboard.type(company.address('kit'));
  await press('Enter');
  await expect(dialog.getByText('1 address ready')).toBeVisible();
  await press('Escape');
  await page.getByRole('button', { name: 'Leave without saving' }).press('Enter');
  await expect(dialog).toHaveCount(0);
});

test('the keyboard walks through a list, selects in it, and comes back to where it was', async ({ open, found }) => {
  const company = await found('portal');
  await company.employ('Anna', 'Aker', { modules: ['Inbox'] });
  await company.employ('Bart', 'Bos', { modules: ['Inbox'] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  const link = (name: string) => page.getByRole('link', { name });
  const press = (key: string) => page.keyboard.press(key);
  await expect(link('Olga Brandt')).toBeVisible();

  await press('/');
  await press('ArrowDown');
  await expect(link('Anna Aker')).toBeFocused();
  await press('End');
  await expect(link('Olga Brandt')).toBeFocused();
  await press('Home');
  await press('Space');
  await press('ArrowDown');
  await press('Space');
  await expect(page.getByText('2 selected')).toBeVisible();
  await press('Escape');
  await expect(page.getByText('2 selected')).toHaveCount(0);

  await press('Enter');
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Bart Bos' })).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(link('Bart Bos'), 'where the panel was opened from').toBeFocused();
  await page.getByRole('main').press('i');
  await expect(page.getByRole('dialog', { name: 'Invite users' })).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('button', { name: 'More about Anna Aker' }).focus();
  await press('Enter');
  await page.getByRole('menuitem', { name: 'Change type and modules' }).press('Enter');
  await expect(page.getByRole('dialog', { name: /^Change type/ })).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('button', { name: 'More about Anna Aker' })).toBeFocused();
  await press('/');
  await page.keyboard.type('i');
  await expect(page.getByRole('searchbox')).toHaveValue('i');
  await expect(page.getByRole('dialog'), 'a letter in a field is no command').toHaveCount(0);
});

test('the palette finds people and pages from anywhere', async ({ open, found }) => {
  const company = await found('portal');
  const user = await company.employ('Bart', 'Bos', { modules: ['Inbox'] });
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/activity`);
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible();
  const box = page.getByRole('textbox', { name: 'Find a person or a page' });

  await page.keyboard.press('Control+k');
  await expect(box).toBeFocused();
  await page.keyboard.type('bart');
  await expect(page.getByRole('dialog').getByText(user.email)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/users/${user.member}$`));
  await expect(page.getByRole('heading', { name: 'Bart Bos' })).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('account settings');
  await expect(page.getByRole('dialog').getByText('Account settings: Modules')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Rules' })).toHaveAttribute('aria-selected', 'true');

  await page.getByLabel('An invitation is valid for').focus();
  await page.keyboard.press('Control+k');
  await expect(box).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('An invitation is valid for'), 'where it was opened from').toBeFocused();

  const theirs = await open(user);
  await theirs.goto(`/a/${company.id}/home`);
  await expect(theirs.getByRole('heading', { name: 'Welcome, Bart' })).toBeVisible();
  await theirs.keyboard.press('Control+k');
  const entries = theirs.getByRole('dialog').getByRole('button');
  await expect(entries, 'only what they may open').toHaveText([
    'Home',
    'My profile',
    'Security and devices',
    'My accounts',
  ]);
});
