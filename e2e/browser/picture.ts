import { fileURLToPath } from 'node:url';
import { expect, test } from './stage';

const file = fileURLToPath(new URL('../../docs/users.png', import.meta.url));

test('the users page of the demo, for the README', async ({ open, demo }) => {
  const administrator = { email: 'maria.jansen@blueharbour.example', password: demo.password };
  const page = await open({ ...administrator, firstName: 'Maria', lastName: 'Jansen' }, { deviceScaleFactor: 1.5 });
  await page.goto('/');
  const table = page.getByRole('table', { name: 'Active Users' });
  await expect(table.getByRole('row')).toHaveCount(51);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: file });
});
