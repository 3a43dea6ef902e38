import type { Page } from '@playwright/test';
import type { Colleague, Company } from './company';
import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { join, row, signIn } from './steps';

// "Managing users", walked as the page tells it.

test('C1, C3: users are invited and listed as they accept, active and inactive', async ({ open, found, mailbox }) => {
  const company = await found('cases');
  const email = company.address('ada.kok');
  const page = await open();
  await signIn(page, company.owner);

  await test.step('Account Settings > Users > Invite User, with a choice of four levels', async () => {
    await expect(page.getByText('Account Settings', { exact: true })).toBeVisible();
    await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'Invite User' }).click();
    await page.getByRole('textbox', { name: 'E-mail addresses' }).fill(email);
    const levels = page.getByRole('radiogroup', { name: 'Permission level' }).getByRole('radio');
    await expect(levels).toHaveCount(4);
    for (const [place, level] of ['Account Administrator', 'Standard User', 'Limited User', 'Free Guest'].entries()) {
      await expect(levels.nth(place)).toHaveAccessibleName(new RegExp(`^${level}`));
    }
    await levels.nth(1).click();
    await page.getByRole('button', { name: 'Send invites' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('tab', { name: 'Pending Invitations 1' })).toHaveAttribute('aria-selected', 'true');
    await expect(row(page, email)).toContainText('Standard User');
  });

  await test.step('the mail has a registration link, and who accepts is among the current users', async () => {
    await join(await open(), linkTo('invitation', await mailbox.next(email)), 'Ada', 'Kok');
    await page.reload();
    await page.getByRole('tab', { name: 'Current Users 2' }).click();
    await expect(row(page, email)).toContainText('Ada Kok');
  });

  await test.step('the purple button deactivates, and who is inactive is listed', async () => {
    await deactivate(page, 'Ada Kok');
    await page.getByRole('tab', { name: 'Inactive Users 1' }).click();
    await expect(row(page, email)).toContainText('Ada Kok');
  });
});

test('C2: what each of the four levels sees', async ({ open, found }) => {
  const company = await found('cases');
  const of = async (name: string, role: string) => {
    const page = await open(await company.employ(name, 'Berg', { role }));
    await page.goto(`/a/${company.id}`);
    return page;
  };
  const settings = (page: Page) => page.getByRole('navigation').getByRole('link');
  const refused = (page: Page) => expect(page.getByText('This page is for administrators')).toBeVisible();

  await test.step('an Account Administrator: everything, payment information included', async () => {
    const page = await of('Aart', 'admin');
    await expect(settings(page).filter({ hasText: 'Users' })).toBeVisible();
    await settings(page).filter({ hasText: 'Account settings' }).click();
    await expect(page.getByRole('heading', { name: 'Account settings' })).toBeVisible();
    await settings(page).filter({ hasText: 'Billing' }).click();
    await page.getByRole('tab', { name: 'Payment information' }).click();
    await page.getByLabel('Company').fill('Harbour Press BV');
    await page.getByRole('combobox', { name: 'Country' }).fill('Nether');
    await page.getByRole('option', { name: 'Netherlands', exact: true }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Your payment information is saved.')).toBeVisible();
    expect(await company.call('GET', '/billing/payment')).toEqual({ company: 'Harbour Press BV', country: 'NL' });
    await test.step('what a colleague wrote meanwhile is shown rather than written over', async () => {
      const refusal = page.locator('form').getByRole('alert');
      const theirs = { company: 'Harbour Press NV', country: 'BE', reference: 'PO 7' };
      await company.call('PUT', '/billing/payment', theirs);
      await page.getByLabel('Company').fill('Harbour');
      for (const attempt of ['first', 'second']) {
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(refusal).toContainText('Somebody else changed this meanwhile.');
        expect(await company.call('GET', '/billing/payment'), `the ${attempt} attempt`).toEqual(theirs);
      }
      await page.getByRole('button', { name: 'Show the newer version' }).click();
      await expect(page.getByLabel('Company')).toHaveValue('Harbour Press NV');
      await expect(refusal).toHaveCount(0);
      await page.getByLabel('Company').fill('Harbour');
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
      expect(await company.call('GET', '/billing/payment')).toEqual({ ...theirs, company: 'Harbour' });
    });
  });

  for (const [name, role] of [
    ['Stan', 'standard'],
    ['Lies', 'limited'],
    ['Gijs', 'guest'],
  ] as const) {
    await test.step(`${role}: nothing of Account Settings`, async () => {
      const page = await of(name, role);
      for (const part of ['Billing', 'Account settings', 'Roles', 'API keys']) {
        await expect(settings(page).filter({ hasText: part })).toHaveCount(0);
      }
      for (const part of ['billing', 'billing?tab=payment', 'settings', 'roles']) {
        await page.goto(`/a/${company.id}/${part}`);
        await refused(page);
      }
      const token = await company.token({ ...company.owner, email: company.address(`${name}.berg`.toLowerCase()) });
      await expect(company.call('GET', '/billing/payment', undefined, token)).rejects.toMatchObject({ status: 403 });
    });
  }
});

test('C5, C6: a pending invitation is copied, resent and deleted, and expires after 30 days', async ({
  open,
  found,
  mailbox,
  operator,
}) => {
  const company = await found('cases');
  const email = company.address('ben.dam');
  const first = await company.invite(email, { role: 'limited' });
  const page = await open(company.owner, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`/a/${company.id}/users`);
  await page.getByRole('tab', { name: 'Pending Invitations 1' }).click();
  const option = async (on: Page, name: string) => {
    await on.getByRole('button', { name: `More about ${email}` }).click();
    await on.getByRole('menuitem', { name }).click();
  };

  await test.step('the pencil: copy the registration link', async () => {
    await option(page, 'Copy registration link');
    await expect(page.getByText(`The link for ${email} is copied`)).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('/invitation#');
    expect(copied, 'a link of its own, not the mailed one').not.toBe(first);

    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    await option(page, 'Copy registration link');
    const shown = page.getByRole('dialog', { name: `The link for ${email}` });
    await expect(shown.getByLabel('Link'), 'shown where it cannot be copied').toContainText('/invitation#');
    await shown.getByRole('button', { name: 'Copy' }).click();
    await expect(shown.getByRole('alert')).toContainText('Select it and copy it yourself.');
    await page.keyboard.press('Escape');
  });

  await test.step('the pencil: Resend Invitation', async () => {
    const before = await mailbox.next(email);
    await option(page, 'Resend Invitation');
    await expect(page.getByText(`A new invitation is on its way to ${email}`)).toBeVisible();
    const second = linkTo('invitation', await mailbox.next(email, before));
    const back = await operator.later(24 * 30 - 1);
    const invited = await open();
    await invited.goto(second);
    await expect(invited.getByRole('button', { name: /^Join / })).toBeVisible();
    await operator.later(24 * 30 + 1);
    const late = await open();
    await late.goto(second);
    await expect(late.getByText('This invitation has expired. Ask for a new one.')).toBeVisible();
    await back();
  });

  await test.step('the pencil: Delete Invitation', async () => {
    // Thirty days without a click have signed the administrator out.
    const again = await open(company.owner);
    await again.goto(`/a/${company.id}/users?tab=pending`);
    await option(again, 'Delete Invitation');
    await again
      .getByRole('dialog')
      .getByRole('button', { name: `Delete the invitation to ${email}` })
      .click();
    await expect(again.getByText(`The invitation to ${email} is withdrawn.`)).toBeVisible();
    await expect(again.getByText('No open invitations')).toBeVisible();
  });
});

test('C7, C8: who is deactivated leaves a credit, and reactivating is priced before and booked after', async ({
  open,
  found,
  operator,
}) => {
  const back = await operator.on('2027-03-31T12:00:00Z');
  const company = await found('cases');
  await operator.on('2027-04-01T00:00:00Z');
  await company.charge(3000, 3);
  const eva = await company.employ('Eva', 'Bos', { role: 'standard' });
  /** Who was here before has been away for too long. */
  const come = async (when: string, path: string) => {
    await operator.on(when);
    const page = await open(company.owner, { locale: 'en-US' });
    await page.goto(`/a/${company.id}/${path}`);
    return page;
  };

  await test.step('C7: on 11 April, 20 of 30 days of $30.00 are left', async () => {
    const page = await come('2027-04-11T00:00:00Z', 'users');
    await page.getByRole('button', { name: 'Deactivate Eva Bos' }).click();
    const wizard = page.getByRole('dialog', { name: 'Deactivate Eva Bos' });
    await expect(wizard).toContainText(
      /Credited to the next invoice, and never paid out: \$30\.00 × .* of 30.days = \$20\.00/,
    );
    await wizard.getByRole('button', { name: 'Continue' }).click();
    await wizard.getByRole('button', { name: 'Deactivate Eva Bos' }).click();
    await expect(wizard).toContainText(/The seat ended\. .* = \$20\.00/);
    await expect(company.token(eva)).rejects.toMatchObject({ code: 'member_inactive' });
  });

  await test.step('C7: the credit stands on the next invoice, and nothing is paid out', async () => {
    const page = await come('2027-04-11T00:01:00Z', 'billing');
    await expect(page.getByText('Credit', { exact: true }).locator('..')).toContainText('$20.00');
    const next = page.getByRole('table', { name: 'Next invoice' });
    await expect(next.getByRole('row', { name: 'Unused time of the seat of Eva Bos' })).toContainText('-$20.00');
    // A seat of May and what Eva cost from her coming until May, less the credit.
    await expect(next.getByRole('row', { name: /^Total/ })).toContainText('$40.00');
    await page.getByRole('button', { name: 'Show as a table' }).click();
    const steps = page.getByRole('table', { name: 'Seats over time' }).getByRole('row');
    await expect(steps.nth(1).getByRole('cell').last(), 'the newest').toHaveText('1');
    await page.getByRole('tab', { name: 'Invoices' }).click();
    await page.getByRole('link', { name: 'Invoice 1' }).click();
    await expect(page.getByRole('table', { name: 'Invoice 1' }).getByRole('row', { name: /^Total/ })).toContainText(
      '$30.00',
    );
  });

  await test.step('C8: half of the period is left, and it costs as much to come back', async () => {
    const page = await come('2027-04-16T00:00:00Z', 'users?tab=inactive');
    await page.getByRole('button', { name: 'Activate Eva Bos' }).click();
    const dialog = page.getByRole('dialog', { name: 'Activate Eva Bos' });
    await expect(dialog).toContainText(/Charged on the next invoice: \$30\.00 × .* = \$15\.00/);
    await dialog.getByRole('button', { name: 'Activate Eva Bos' }).click();
    await expect(page.getByText('Eva Bos is active again.')).toBeVisible();
    await page.getByRole('navigation').getByRole('link', { name: 'Billing' }).click();
    await expect(page.getByText('Credit', { exact: true }).locator('..'), 'what is left').toContainText('$5.00');
    await expect(
      page.getByRole('table', { name: 'Next invoice' }).getByRole('row', { name: /^Total/ }),
      'two seats of May, and what April came to',
    ).toContainText('$85.00');
  });

  await test.step('the price of an invitation is shown before it is sent, and who is over the limit', async () => {
    const page = await come('2027-04-16T00:01:00Z', 'users');
    await page.getByRole('button', { name: 'Invite User' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite User' });
    await dialog.getByRole('textbox', { name: 'E-mail addresses' }).fill('one@example.com two@example.com');
    await dialog.getByRole('textbox', { name: 'E-mail addresses' }).press('Enter');
    await expect(dialog).toContainText('This takes no seat and costs nothing.');
    await dialog.getByRole('radio', { name: /^Limited User/ }).click();
    await expect(dialog).toContainText(/A seat is reserved\. .* If it were now: \$30\.00 × .* = \$1[45]\.\d\d/);
    await expect(dialog).toContainText('1 of them is over the seat limit and will be left out.');
    await dialog.getByRole('button', { name: 'Send invites' }).click();
    await expect(page.getByRole('dialog', { name: 'Invitations' }).getByText('1 is over the seat limit')).toBeVisible();
  });
  await back();
});

test('C10: a changed level takes effect at the next click, with its price shown before', async ({ open, found }) => {
  const company = await found('cases');
  await company.charge(3000);
  const iris = await company.employ('Iris', 'Lund', { role: 'standard' });
  const theirs = await open(iris);
  await theirs.goto(`/a/${company.id}/home`);
  await theirs.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
  await expect(row(theirs, company.owner.email)).toBeVisible();

  const page = await open(company.owner, { locale: 'en-US' });
  await page.goto(`/a/${company.id}/users`);
  await setLevel(page, iris, /^Account Administrator/);
  await expect(page.getByText('Iris Lund is now Account Administrator.')).toBeVisible();
  await theirs.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await theirs.getByRole('navigation').getByRole('link', { name: 'Billing' }).click();
  await expect(theirs.getByRole('heading', { name: 'Next invoice' })).toBeVisible();

  await setLevel(
    page,
    iris,
    /^Free Guest User/,
    /This ends a seat, credited to the next invoice and never paid out: \$30\.00 ×/,
  );
  await expect(page.getByText('Iris Lund is now Free Guest User.')).toBeVisible();
  await theirs.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await expect(theirs.getByText(`Your role in ${company.name} is Free Guest User.`), 'at the next click').toBeVisible();
  await expect(theirs.getByRole('navigation').getByRole('link', { name: 'Billing' })).toHaveCount(0);
  await refusedTo(company, iris);
});

/** Lets somebody go by the purple button beside their name. */
async function deactivate(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Deactivate ${name}` }).click();
  const wizard = page.getByRole('dialog', { name: `Deactivate ${name}` });
  await wizard.getByRole('button', { name: 'Continue' }).click();
  await wizard.getByRole('button', { name: `Deactivate ${name}` }).click();
  await expect(wizard.getByText(`${name} is deactivated.`)).toBeVisible();
  await wizard.getByRole('button', { name: 'Done' }).click();
}

/** Gives somebody another level, once the dialog has said what it costs. */
async function setLevel(page: Page, person: Colleague, level: RegExp, price?: RegExp): Promise<void> {
  await page.getByRole('button', { name: `More about ${person.firstName} ${person.lastName}` }).click();
  await page.getByRole('menuitem', { name: 'Change permission level' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: level }).click();
  if (price) await expect(dialog).toContainText(price);
  await dialog.getByRole('button', { name: 'Save' }).click();
}

async function refusedTo(company: Company, person: Colleague): Promise<void> {
  const token = await company.token(person);
  await expect(company.call('GET', '/members', undefined, token)).rejects.toMatchObject({ code: 'forbidden' });
}
