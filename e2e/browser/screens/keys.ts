import { reader } from '../cast';
import type { Screen } from '../screen';
import { choose, departing, fill, hear, keys, member, press, shows, tick, untick, users, visit } from '../ways';

const key = (name: string) => visit(keys, ({ links }) => links[name] ?? `There is no key "${name}".`);

export const apiKeys: Screen[] = [
  ['API keys', visit(keys), hear('Mila Vos')],
  ['the menu of a key', shows('keys/KeyMenu', press('More about Nightly export'))],
  ['my API keys', visit(keys, '?tab=mine')],
  ['an API key', key('Nightly export'), shows('keys/KeysPage', hear('When should it end?'))],
  ['a changed API key', untick('Change users'), choose('When should it end?', 'In 30 days'), hear('Save changes')],
  ['leave a changed API key', shows('shell/Leave', press('Close')), hear('Leave without saving?')],
  ['back at a changed API key', press('Keep editing'), shows('panel/Panel', hear('Save changes'))],
  ['what an API key did', press('Discard changes'), (page) => page.getByRole('tab', { name: 'What it did' }).click()],
  [
    'what an API key that did nothing did',
    key('Website'),
    (page) => page.getByRole('tab', { name: 'What it did' }).click(),
  ],
  ['an API key that may less now', key('Wall board in the canteen'), hear(/no longer allows: /)],
  ['an API key that does nothing now', key(reader), hear(/no longer allows anything/)],
  ['revoke an API key', shows('keys/RevokeDialog', press(`Revoke ${reader}`)), hear(/from its next request on/)],
  ['no such API key', visit(keys, '/key_00000000000000000000000000'), hear(/no such thing/)],
  ['make an API key', visit(keys), shows('keys/NewKeyDialog', press('Make a key')), hear('What may it do?')],
  ['make an API key, refused', press('Make the key'), hear(/^Choose at least one/)],
  [
    'make an API key until a day',
    choose('How long should it work?', 'Until a day that you choose'),
    press('Make the key'),
    hear(/still to come/),
  ],
  [
    'an API key, shown once',
    fill('Name', 'Intranet'),
    choose('How long should it work?', 'Without an end'),
    tick('See the users'),
    press('Make the key'),
    shows('keys/FreshKey', hear('Intranet is ready')),
  ],
  ['the API keys of somebody', visit(users, (cast) => `${member('mila')(cast)}?view=keys`), hear(reader)],
  ['API keys that end with somebody', ...departing('Mila Vos', 'Deactivate'), hear('2 API keys end.')],
];
