import type { Page } from '@playwright/test';
import type { Colleague, Company } from './company';
import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { fillIn, row } from './steps';

// "Admin Settings - Manage Users" of a data vendor, walked as the page tells it.

test('P1, P2, P3, P5: an administrator adds users by the form, and whoever is active is welcomed', async ({
  open,
  found,
  mailbox,
}) => {
  const company = await found('credits');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/home`);
  const [ada, sil] = [company.address('ada.added'), company.address('sil.ent')];

  await test.step('P1: there are two levels, Account Administrator and User', async () => {
    const settings = page.getByRole('navigation', { name: 'Main navigation' });
    await expect(settings.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible();
    await settings.getByRole('link', { name: 'Manage Users' }).click();
    await page.getByRole('button', { name: 'Add New' }).click();
    await expect(page.getByRole('radio')).toHaveCount(2);
    await expect(page.getByRole('radio', { name: /^Account Administrator/ })).not.toBeChecked();
    await expect(page.getByRole('radio', { name: /^User/ })).toBeChecked();
  });

  await test.step('P5: the form names the sender to put on the allow list', async () => {
    await expect(page.getByText('put the sender on the allow list of your spam filter')).toContainText(
      'demo@tenure.example',
    );
  });

  await test.step('P2: first name, last name and e-mail are required, and each is named', async () => {
    for (const label of ['First name', 'Last name', 'E-mail address']) {
      await expect(page.getByRole('textbox', { name: label })).toHaveJSProperty('required', true);
    }
    await expect(page.getByRole('textbox', { name: 'Job title' })).toHaveJSProperty('required', false);
    await add(page, 'Ada', ' ', ada);
    await expect(page.getByRole('textbox', { name: 'Last name' })).toHaveAccessibleDescription('Fill this in.');
  });

  await test.step('P3: not active is silent, until somebody activates', async () => {
    await add(page, 'Sil', 'Ent', sil, false);
    await expect(page.getByText('Sil Ent is added, and inactive for now.')).toBeVisible();
    await page.getByRole('button', { name: 'Add New' }).click();
    await add(page, 'Ada', 'Added', ada);
    await expect(page.getByText(`The welcome e-mail is on its way to ${ada}.`)).toBeVisible();
    await mailbox.next(ada);
    expect(await mailbox.all(sil), 'mails to somebody who is not active').toEqual([]);

    await page.getByRole('tab', { name: /^Inactive users/ }).click();
    await row(page, 'Sil Ent').getByRole('button', { name: 'Edit Sil Ent' }).click();
    await page.getByRole('switch', { name: 'Active' }).press('Space');
    await page.getByRole('button', { name: 'Activate Sil Ent' }).click();
    await expect(page.getByText('Sil Ent is active again.')).toBeVisible();
    linkTo('invitation', await mailbox.next(sil));
  });

  await test.step('P2: the person adds a job title in My Profile; P1: and manages nobody', async () => {
    const theirs = await open();
    await theirs.goto(linkTo('invitation', await mailbox.next(ada)));
    await fillIn(theirs, 'Ada', 'Added');
    await theirs.getByRole('button', { name: /your menu/ }).click();
    await theirs.getByRole('menuitem', { name: 'My Profile' }).click();
    await theirs.getByRole('textbox', { name: 'Job title' }).fill('Analyst');
    await theirs.getByRole('button', { name: 'Save' }).click();
    await expect(theirs.getByText('Your profile is saved.')).toBeVisible();
    await meanwhile(theirs, company);
    await expect(theirs.getByRole('link', { name: 'Manage Users' })).toHaveCount(0);
    await theirs.goto(`/a/${company.id}/users`);
    await expect(theirs.getByText('This page is for administrators')).toBeVisible();
  });
});

test('P11: an address is given once, also while its user is inactive, and an alias is another', async ({
  open,
  found,
}) => {
  const company = await found('credits');
  const jo = await company.employ('Jo', 'Jansen');
  const gone = await company.employ('Sanne', 'Wolf');
  await company.deactivate(gone);
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);
  const taken = 'Somebody in this account has this address already.';

  await page.getByRole('button', { name: 'Add New' }).click();
  await add(page, 'Jo', 'Second', jo.email.toUpperCase());
  await expect(page.getByRole('textbox', { name: 'E-mail address' })).toHaveAccessibleDescription(taken);
  await add(page, 'Sanne', 'Second', gone.email);
  await expect(page.getByRole('textbox', { name: 'E-mail address' })).toHaveAccessibleDescription(taken);
  await page.getByRole('button', { name: 'Show that user' }).click();
  await expect(page.getByRole('dialog').getByText('Sanne Wolf')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add New' }).click();
  await add(page, 'Jo', 'Second', jo.email.replace('@', '+2@'));
  await expect(page.getByText('Jo Second is added.')).toBeVisible();

  await page.getByRole('tab', { name: /^Inactive users/ }).click();
  await page.getByRole('button', { name: 'More about Sanne Wolf' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'Write Sanne Wolf to confirm' }).fill('Sanne Wolf');
  await page.getByRole('button', { name: 'Delete Sanne Wolf' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Add New' }).click();
  await add(page, 'Sanne', 'Again', gone.email);
  await expect(page.getByText('Sanne Again is added.'), 'the address is free again').toBeVisible();
});

test('P6, P7, P8, P9: credits move before somebody is deactivated, and the history stays', async ({ open, found }) => {
  const company = await found('credits');
  await company.buy(100);
  const jo = await company.employ('Jo', 'Jansen');
  const mila = await company.employ('Mila', 'Vos');
  await company.give(jo, 41);
  await company.download(jo, 'lead-7');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users`);

  await test.step('P6: the pencil under Actions opens the form with the Active switch', async () => {
    await expect(page.getByRole('columnheader', { name: 'Actions' })).toBeVisible();
    await row(page, 'Jo Jansen').getByRole('button', { name: 'Edit Jo Jansen' }).click();
    await expect(page.getByRole('switch', { name: 'Active' })).toBeChecked();
  });

  await test.step('P7: with unused credits the deactivation is refused', async () => {
    await page.getByRole('switch', { name: 'Active' }).press('Space');
    const refusal = page.getByRole('dialog', { name: 'Deactivate Jo Jansen' });
    await expect(refusal.getByRole('alert')).toContainText('Jo Jansen still has 40 unused credits');
    await refusal.getByRole('button', { name: 'Close' }).click();
  });

  await test.step('P8: Manage Credits moves them to another user and to the company', async () => {
    await page.goto(`/a/${company.id}/users`);
    await page.getByRole('link', { name: 'Manage Credits' }).click();
    await page.getByRole('button', { name: 'Move credits of Jo Jansen' }).click();
    const dialog = page.getByRole('dialog', { name: 'Move credits' });
    await choose(page, 'To', /^Mila Vos/);
    await dialog.getByRole('textbox', { name: 'How many' }).fill('15');
    await expect(dialog.getByText('40 → 25')).toBeVisible();
    await dialog.getByRole('button', { name: 'Move 15 credits' }).dblclick();
    await expect(page.getByText('15 credits moved from Jo Jansen to Mila Vos.')).toBeVisible();
    await page.getByRole('button', { name: 'Move credits of Jo Jansen' }).click();
    await dialog.getByRole('button', { name: 'All 25' }).click();
    await dialog.getByRole('button', { name: 'Move 25 credits' }).click();
    await expect(page.getByText('25 credits moved from Jo Jansen to the company.')).toBeVisible();
    expect(await held(company, jo, mila), 'a double click moved once').toEqual([0, 15]);
  });

  await test.step('P8: at balance 0 the deactivation goes through', async () => {
    await page.goto(`/a/${company.id}/users/${jo.member}`);
    await page.getByRole('switch', { name: 'Active' }).press('Space');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Deactivate Jo Jansen' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('switch', { name: 'Active' })).not.toBeChecked();
  });

  await test.step('P9: the history stays, and colleagues see unmasked what was downloaded', async () => {
    await page.goto(`/a/${company.id}/credits?tab=downloads`);
    await expect(page.getByText('Jo Jansen downloaded lead-7')).toBeVisible();
    await page.getByRole('tab', { name: 'Ledger' }).click();
    await expect(page.getByText('Jo Jansen spent 1 credit on lead-7.')).toBeVisible();
    const theirs = await open(mila);
    await theirs.goto(`/a/${company.id}/credits`);
    await expect(theirs.getByText('Unmasked by Jo Jansen for 1 credit')).toBeVisible();
  });

  await test.step('P6: and they are activated from the same form', async () => {
    await page.goto(`/a/${company.id}/users?tab=inactive`);
    await row(page, 'Jo Jansen').getByRole('button', { name: 'Edit Jo Jansen' }).click();
    await page.getByRole('switch', { name: 'Active' }).press('Space');
    await page.getByRole('button', { name: 'Activate Jo Jansen' }).click();
    await expect(page.getByText('Jo Jansen is active again.')).toBeVisible();
  });
});

test('P4, P8: credits go to who was added, once however often they are sent, and come back', async ({
  open,
  found,
}) => {
  const company = await found('credits');
  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/credits`);
  await expect(page.getByText('There are no credits yet')).toBeVisible();
  await company.buy(100, 'Order 4711');
  await company.invite(company.address('ida.invited'));
  const jo = await company.employ('Jo', 'Jansen');
  await page.reload();
  await page.getByRole('button', { name: 'Move credits', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Move credits' });
  await page.getByRole('combobox', { name: 'To' }).fill('ida');
  await expect(page.getByText('Nobody found'), 'who is only invited has no place yet').toBeVisible();
  await choose(page, 'To', /^Jo Jansen/);
  const amount = dialog.getByRole('textbox', { name: 'How many' });
  for (const [written, why] of [
    ['1.5', 'Write a whole number.'],
    ['0', 'Move 1 credit or more.'],
    ['101', 'Harbour Press (company) has only 100 credits.'],
  ] as const) {
    await amount.fill(written);
    await dialog.getByRole('button', { name: /^Move/ }).click();
    await expect(amount).toHaveAccessibleDescription(why);
  }

  // It arrives, but its answer does not: sent again, it is the same one.
  const lost = async () => page.route(/\/transfers$/, (route) => route.fetch().then(() => route.abort()), { times: 1 });
  await lost();
  await amount.fill('30');
  await dialog.getByRole('button', { name: 'Move 30 credits' }).click();
  await expect(dialog.getByRole('alert')).toContainText('cannot be reached');
  await dialog.getByRole('button', { name: 'Move 30 credits' }).click();
  await expect(page.getByText('30 credits moved from the company to Jo Jansen.')).toBeVisible();
  expect(await held(company, jo)).toEqual([30]);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('30 credits are back: they moved from Jo Jansen to the company.')).toBeVisible();
  expect(await held(company, jo)).toEqual([0]);
  await page.getByRole('link', { name: 'Jo Jansen' }).click();
  await expect(page.getByRole('list', { name: 'Ledger' }).getByRole('listitem')).toHaveText([
    /from Jo Jansen to the company.*−30 · 0 left/,
    /from the company to Jo Jansen.*\+30 · 30 left/,
  ]);
});

test('P12: a record is masked until somebody downloads it for a credit', async ({ open, found }) => {
  const company = await found('credits');
  await company.buy(10);
  const jo = await company.employ('Jo', 'Jansen');
  const mila = await company.employ('Mila', 'Vos');
  await company.give(jo, 3);
  const page = await open(jo);
  await page.goto(`/a/${company.id}`);
  await page.getByRole('link', { name: 'My credits' }).click();
  await page.getByRole('searchbox', { name: 'Name of a record' }).fill('lead 7/B');
  await expect(page.getByRole('listitem').filter({ hasText: 'lead 7/B' })).toContainText('costs 1 credit');
  await expect(page.getByText('Masked', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Download lead 7/B' }).click();
  await expect(page.getByText('You have 3, and keep 2.')).toBeVisible();
  await page.getByRole('button', { name: 'Download for 1 credit' }).click();
  await expect(page.getByText('lead 7/B is downloaded for 1 credit.')).toBeVisible();
  await expect(page.getByText('Unmasked by Jo Jansen for 1 credit')).toBeVisible();

  const theirs = await open(mila);
  await theirs.goto(`/a/${company.id}/credits`);
  await expect(theirs.getByText('Unmasked by Jo Jansen for 1 credit')).toBeVisible();
  await theirs.getByRole('button', { name: 'Download lead 7/B' }).click();
  await expect(theirs.getByText('lead 7/B is downloaded, and cost nothing.')).toBeVisible();
  expect(await held(company, jo, mila)).toEqual([2, 0]);
});

/** Fills in the form and submits it. */
async function add(page: Page, first: string, last: string, email: string, active = true): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Add New' });
  await dialog.getByRole('textbox', { name: 'First name' }).fill(first);
  await dialog.getByRole('textbox', { name: 'Last name' }).fill(last);
  await dialog.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await dialog.getByRole('switch', { name: 'Active' }).setChecked(active, { force: true });
  await dialog.getByRole('button', { name: 'Submit' }).click();
}

/** Chooses whose wallet, by the name in the list. */
async function choose(page: Page, field: string, name: RegExp): Promise<void> {
  const box = page.getByRole('combobox', { name: field });
  await box.click();
  await box.fill('');
  await page.getByRole('option', { name }).click();
}

/** What is in the wallets of these people. */
async function held(company: Company, ...people: Colleague[]): Promise<number[]> {
  const { members } = await company.call<{ members: { member: string; balance: number }[] }>('GET', '/credits');
  return people.map((one) => members.find(({ member }) => member === one.member)?.balance ?? 0);
}

/** A colleague gives somebody a telephone number while they write their own profile: neither writes over the other. */
async function meanwhile(theirs: Page, company: Company): Promise<void> {
  const { items } = await company.call<{ items: { id: string }[] }>('GET', '/members?q=Added');
  const [member] = items;
  await company.call('PATCH', `/members/${member?.id}`, { phone: '+31 6 12345678' });
  const save = theirs.getByRole('button', { name: 'Save' });
  await theirs.getByRole('textbox', { name: 'Job title' }).fill('Lead');
  await save.click();
  await expect(theirs.locator('form').getByRole('alert')).toContainText('Somebody else changed this meanwhile.');
  await theirs.getByRole('button', { name: 'Show the newer version' }).click();
  await expect(theirs.getByRole('textbox', { name: 'Phone' })).toHaveValue('+31 6 12345678');
  await theirs.getByRole('textbox', { name: 'Job title' }).fill('Lead');
  await save.click();
  await expect(save).toBeDisabled();
  expect(await company.call('GET', `/members/${member?.id}`)).toMatchObject({
    job_title: 'Lead',
    phone: '+31 6 12345678',
  });
}
