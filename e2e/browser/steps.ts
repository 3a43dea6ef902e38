import { expect, type Page } from '@playwright/test';
import { type Person, password } from './company';

// Steps that several walks take, in the words of the English screens.

/** Signs in on the sign-in page, which is opened unless it is shown. */
export async function signIn(page: Page, person: Person): Promise<void> {
  if (!page.url().includes('/sign-in')) await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Follows a mailed invitation and comes in as somebody new. */
export async function join(page: Page, link: string, firstName: string, lastName: string): Promise<void> {
  await page.goto(link);
  await fillIn(page, firstName, lastName);
  await expect(page).toHaveURL(/\/a\/acc_/);
}

/** Fills in what an invitation asks of somebody new, and accepts it. */
export async function fillIn(page: Page, firstName: string, lastName: string): Promise<void> {
  await page.getByLabel('First name').fill(firstName);
  await page.getByLabel('Last name').fill(lastName);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: /^Join / }).click();
}

/** The row of a list with a text in it. */
export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

/** What is listed under a heading of somebody's own place. */
export const entries = (page: Page, heading: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: heading }) }).getByRole('listitem');
