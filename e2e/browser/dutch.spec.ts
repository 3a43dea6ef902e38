import { password } from './company';
import { expectOnly } from './language';
import { linkTo } from './mailbox';
import { expect, test } from './stage';

test('S8: the team page in Dutch, with nothing English left on the way', async ({ open, found, mailbox }) => {
  const company = await found('team', 'nl');
  const { owner } = company;
  const email = company.address('kees.blom');
  const names = [company.name, 'Olga Brandt', 'Kees Blom', 'Kees', owner.email, email, 'English', 'Nederlands'];
  const dutch = { locale: 'nl-NL' };

  const page = await open(undefined, dutch);
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Inloggen' })).toBeVisible();
  await expectOnly('nl', page, ...names);
  await page.getByLabel('E-mailadres').fill(owner.email);
  await page.getByRole('textbox', { name: 'Wachtwoord' }).fill(owner.password);
  await page.getByRole('button', { name: 'Inloggen' }).click();
  await page.getByRole('button', { name: /jouw menu/ }).click();
  await expectOnly('nl', page, ...names);
  await page.getByRole('menuitem', { name: 'Team beheren' }).click();
  await expect(page.getByRole('heading', { name: 'Team beheren' })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(2);
  await expectOnly('nl', page, ...names);

  await page.getByRole('button', { name: 'Gebruiker uitnodigen' }).click();
  await page.getByRole('textbox', { name: 'E-mailadressen' }).fill(email);
  await expectOnly('nl', page, ...names);
  await page.getByRole('button', { name: 'Uitnodigingen versturen' }).click();
  await expect(page.getByText('1 uitnodiging is onderweg.')).toBeVisible();
  await page.getByRole('button', { name: 'Klaar' }).click();
  await expect(page.getByRole('tab', { name: 'Verstuurde uitnodigingen 1' })).toBeVisible();
  await expectOnly('nl', page, ...names);

  const mail = await mailbox.next(email);
  expect(mail.subject).toBe('Olga Brandt nodigt je uit voor Harbour Press');
  expect(mail.text).toContain('Uitnodiging aannemen');
  const invited = await open(undefined, dutch);
  await invited.goto(linkTo('invitation', mail));
  await invited.getByLabel('Voornaam').fill('Kees');
  await invited.getByLabel('Achternaam').fill('Blom');
  await invited.getByRole('textbox', { name: 'Wachtwoord' }).fill(password);
  await expectOnly('nl', invited, ...names);
  await invited.getByRole('button', { name: 'Lid worden van Harbour Press' }).click();
  await expect(invited.getByRole('heading', { name: 'Welkom, Kees' })).toBeVisible();
  await expectOnly('nl', invited, ...names);

  await page.getByRole('tab', { name: /^Actieve gebruikers/ }).click();
  await page.getByRole('link', { name: 'Kees Blom' }).click();
  await expect(page.getByRole('tab', { name: 'Tijdlijn' })).toBeVisible();
  await expectOnly('nl', page, ...names);
  await page.getByRole('dialog').getByRole('button', { name: 'Deactiveren', exact: true }).click();
  const wizard = page.getByRole('dialog', { name: 'Kees Blom deactiveren' });
  await expect(wizard.getByText('Wat er gebeurt')).toBeVisible();
  await expectOnly('nl', page, ...names);
  await wizard.getByRole('button', { name: 'Kees Blom deactiveren' }).click();
  await expect(wizard.getByText('Kees Blom is gedeactiveerd.')).toBeVisible();
  await expectOnly('nl', page, ...names);
  await mailbox.about(email, 'toegang');

  await invited.reload();
  await expect(invited.getByRole('heading', { name: 'Inloggen' })).toBeVisible();
  await expectOnly('nl', invited, ...names);
});

test('S8: whoever prefers the other language chooses it on the sign-in page or in the menu', async ({
  open,
  found,
}) => {
  const company = await found('portal');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  await expect(page.getByRole('heading', { name: 'User Management' })).toBeVisible();
  await page.getByRole('button', { name: /your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Nederlands' }).click();
  await expect(page.getByRole('heading', { name: 'Gebruikersbeheer' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'nl');

  const other = await open();
  await other.goto('/sign-in');
  await other.getByRole('button', { name: 'Nederlands' }).click();
  await expect(other.getByRole('heading', { name: 'Inloggen' })).toBeVisible();
});
