import type { Page } from '@playwright/test';
import type { Cast } from '../cast';
import type { Screen } from '../screen';
import {
  fill,
  hear,
  hold,
  item,
  member,
  more,
  press,
  refuse,
  release,
  shows,
  tick,
  users,
  visit,
  type Way,
} from '../ways';

const departures = '/a/:account/departures/:departure?';

const receipt: Way = Object.assign(
  (page: Page, { company, links }: Cast) => page.goto(`/a/${company.id}/departures${links.left}/receipt`),
  { route: '/a/:account/departures/:departure/receipt' },
);

export const leaving: Screen[] = [
  ['departures that wait for their time', visit(departures), hear('Ruben Haas')],
  [
    'somebody who waits for their time, in the wizard',
    visit(users),
    more('Ruben Haas'),
    item('Deactivate'),
    hear(/^This happens on/),
  ],
  [
    'a departure that waits for its time',
    visit(departures, ({ links }) => links.scheduled ?? ''),
    shows('departure/DeparturesPage', hear(/^This happens on/)),
  ],
  ['departures that failed', visit(departures, '?tab=failed'), hear('Nothing has failed')],
  ['a departure that is done', visit(departures, ({ links }) => links.left ?? ''), hear('Carried out')],
  ['a receipt to print', receipt, hear('How to check it')],
  ['somebody with a day to leave', visit(users, member('ruben')), hear(/^Will be deactivated on/)],
  [
    'a departure of many, somebody without a number',
    visit(users),
    tick('Select Karl Ahlers'),
    tick('Select Olga Brandt'),
    press('Deactivate'),
    hear(/is the last one/),
  ],
  [
    'whose access did not end',
    refuse(/\/suspend$/, 409, 'last_owner'),
    press('End access now, settle later'),
    hear(/^Karl Ahlers is still in/),
  ],
  [
    'a departure of many, one of whom leaves already',
    release,
    visit(users),
    tick('Select Ruben Haas'),
    tick('Select Olga Brandt'),
    press('Deactivate'),
    hear(/is in another departure already/),
  ],
  [
    'the access of many is ending',
    hold(/\/suspend$/),
    press('End access now, settle later'),
    hear(/^Ending access: 0 of 2/),
  ],
  [
    'access ends at the confirmation',
    release,
    visit(users, member('karl')),
    (page) => page.getByRole('combobox', { name: 'Status' }).click(),
    (page) => page.getByRole('option', { name: 'Inactive' }).click(),
    hear('What will happen'),
  ],
  [
    'what becomes of the pins',
    fill('Phone number of Karl Ahlers', '+31 20 555 0101'),
    press(/^Continue/),
    hear(/^What becomes of the 3 pins/),
    (page) => page.getByRole('radio', { name: 'Choose one by one' }).check(),
    tick('Select Harbour café'),
  ],
  [
    'what was decided is not kept',
    (page) => page.getByRole('radio', { name: 'Choose one by one' }).press('Escape'),
    hear('Leave without saving?'),
  ],
  [
    'what could not be undone',
    press('Keep editing'),
    (page) => page.getByRole('radio', { name: 'Transfer all to one colleague' }).check(),
    (page) => page.getByRole('combobox', { name: 'Who takes them over?' }).click(),
    (page) => page.getByRole('option', { name: /Olga Brandt/ }).click(),
    press('Finish'),
    hear('Karl Ahlers is deactivated.'),
    (_page, { company }) => company.call('PUT', '/resources/pin/2', { name: 'The old mill', owner: null }),
    (page) =>
      page.getByRole('dialog', { name: 'Deactivate Karl Ahlers' }).getByRole('button', { name: 'Undo' }).click(),
    hear('Karl Ahlers is back. Not everything could be:'),
  ],
];
