import { linkTo } from './mailbox';
import { expect, test } from './stage';

test('F7: a login is not handed on by giving it another name and another address', async ({ open, found, mailbox }) => {
  const company = await found('field');
  const maria = await company.employ('Maria', 'Jansen', { role: 'user' });
  const hers = await open(maria);
  await hers.goto(`/a/${company.id}`);
  await expect(hers.getByRole('heading', { name: 'Welcome, Maria' })).toBeVisible();
  const wanted = company.address('maria.visser');

  const page = await open(company.owner);
  await page.goto(`/a/${company.id}/users/${maria.member}`);
  const panel = page.getByRole('dialog').filter({ has: page.getByLabel('Last name') });
  const save = panel.getByRole('button', { name: 'Save changes' });
  const question = panel.getByRole('alert').filter({ hasText: 'Is this still the same person?' });

  await test.step('the form warns, and proposes the wizard and an invitation', async () => {
    await panel.getByLabel('Last name').fill('Visser');
    await expect(question).toHaveCount(0);
    await panel.getByLabel('E-mail address').fill(wanted);
    await expect(question).toBeVisible();
    await expect(save).toBeDisabled();
    await question.getByRole('button', { name: 'Deactivate instead' }).click();
    await expect(page.getByRole('dialog', { name: 'Deactivate Maria Jansen' })).toBeVisible();
    await page.keyboard.press('Escape');
    await question.getByRole('button', { name: `Invite ${wanted}` }).click();
    const invitation = page.getByRole('dialog', { name: 'Invite users' });
    await expect(invitation.getByText(wanted)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(invitation).toHaveCount(0);
    await expect(panel.getByLabel('Last name'), 'what was written is still there').toHaveValue('Visser');
  });

  await test.step('one shortly after the other is noticed too', async () => {
    await panel.getByLabel('E-mail address').fill(maria.email);
    await save.click();
    await expect(page.getByText('Maria Visser is saved.')).toBeVisible();
    await panel.getByLabel('E-mail address').fill(wanted);
    await save.click();
    await question.getByRole('checkbox', { name: 'It is still the same person' }).check();
    await save.click();
    await expect(page.getByText(`${wanted} was asked to confirm.`, { exact: false })).toBeVisible();
  });

  await test.step('the address counts once its mailbox confirms it, and ends every session', async () => {
    await hers.reload();
    await expect(hers.getByRole('heading', { name: 'Welcome, Maria' }), 'nothing has changed yet').toBeVisible();
    const confirming = await open();
    await confirming.goto(linkTo('confirm', await mailbox.next(wanted)));
    await confirming.getByRole('button', { name: 'Confirm this address' }).click();
    await expect(confirming.getByText('Your e-mail address is confirmed.', { exact: false })).toBeVisible();
    await hers.reload();
    await expect(hers).toHaveURL(/\/sign-in/);
    await page.reload();
    await expect(page.getByLabel('E-mail address')).toHaveValue(wanted);
  });
});
