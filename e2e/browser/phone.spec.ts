import { linkTo } from './mailbox';
import { expect, test } from './stage';
import { join, signIn } from './steps';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test('W2, W9: an administrator invites and deactivates from a phone', async ({ open, found, mailbox }) => {
  const company = await found('portal');
  const email = company.address('lotte.prins');
  const page = await open();
  await signIn(page, company.owner);
  await expect(page.getByRole('tab', { name: 'Active Users 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Menu', exact: true }).tap();
  await page.getByRole('link', { name: 'User Management' }).tap();
  await page.getByRole('button', { name: 'Invite users' }).tap();
  const dialog = page.getByRole('dialog', { name: 'Invite users' });
  await dialog.getByRole('textbox', { name: 'E-mail addresses' }).fill(email);
  await dialog.getByRole('button', { name: 'Set Permission' }).tap();
  const terms = page.getByRole('dialog', { name: 'Set Permission' });
  await terms.getByRole('checkbox', { name: 'Inbox' }).check();
  await terms.getByRole('button', { name: 'Send Invites' }).tap();
  await page.getByRole('button', { name: 'Done' }).tap();
  await expect(
    page.getByRole('list', { name: 'Pending Invitations' }).getByRole('link', { name: email }),
  ).toBeVisible();

  const invited = await open();
  await join(invited, linkTo('invitation', await mailbox.next(email)), 'Lotte', 'Prins');
  await page.getByRole('tab', { name: /Active Users/ }).tap();
  const people = page.getByRole('list', { name: 'Active Users' });
  await expect(people.getByRole('listitem')).toHaveCount(2);
  await people.getByRole('link', { name: 'Lotte Prins' }).tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate', exact: true }).tap();
  const wizard = page.getByRole('dialog', { name: 'Deactivate Lotte Prins' });
  await wizard.getByRole('button', { name: 'Continue' }).tap();
  await wizard.getByRole('button', { name: 'Deactivate Lotte Prins' }).tap();
  await expect(wizard.getByText('Lotte Prins is deactivated.')).toBeVisible();
  await invited.reload();
  await expect(invited).toHaveURL(/\/sign-in/);
});
