import { linkTo } from './mailbox';
import { expect, test } from './stage';

test('W1: who creates the account is its administrator', async ({ open, mailbox }) => {
  const email = `wilma.sterk@${crypto.randomUUID()}.example.com`;
  const page = await open();
  await page.goto('/sign-up');
  await page.getByLabel('Company name').fill('Ocean Messaging');
  await page.getByLabel('What will you use it for?').selectOption('A portal with modules and sub-accounts');
  await page.getByLabel('First name').fill('Wilma');
  await page.getByLabel('Last name').fill('Sterk');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Check your mailbox' })).toBeVisible();

  await page.goto(linkTo('sign-up', await mailbox.next(email)));
  await page.getByLabel('Password').fill('plum kettle orbit sandal');
  await page.getByRole('button', { name: 'Create my account' }).click();

  await expect(page.getByText('Your role in Ocean Messaging is Administrator.')).toBeVisible();
  const navigation = page.getByRole('navigation', { name: 'Main navigation' });
  await expect(navigation.getByRole('heading', { name: 'Configuration' })).toBeVisible();
  await expect(navigation.getByRole('link', { name: 'User Management' })).toBeVisible();
});
