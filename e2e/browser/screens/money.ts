import { paidOn } from '../cast';
import type { Screen } from '../screen';
import { billing, departing, fill, hear, item, more, press, users, visit, type Way } from '../ways';

const onTheDay: Way = (page) => page.clock.setFixedTime(new Date(paidOn));
const inviting = [visit(users), press('Invite User')];

const setRole = (role: RegExp): Way => {
  return (page) => page.getByRole('radio', { name: role }).click();
};

export const seatsAndMoney: Screen[] = [
  ['seats and money', onTheDay, visit(billing), hear('Next invoice'), hear('Limit')],
  ['seats over time as a table', press('Show as a table')],
  ['invoices', visit(billing, '?tab=invoices'), hear('Invoice 2')],
  ['an invoice', visit(billing, ({ links }) => links['invoice 2'] ?? ''), hear('Havenstraat 12')],
  ['no such invoice', visit(billing, '/bil_00000000000000000000000000'), hear(/no such thing/)],
  ['payment information', visit(billing, '?tab=payment'), hear('Contact person')],
  ['a card that is refused', fill('Your reference', '4111 1111 1111 1111'), press('Save'), hear(/number of a card/)],
  ['current users of cases', visit(users), hear('Lena Haas')],
  [
    'the price of an invitation',
    ...inviting,
    fill('E-mail addresses', 'a@example.com, b@example.com, c@example.com'),
    setRole(/^Standard User/),
    hear(/over the seat limit/),
  ],
  ['a guest is free', setRole(/^Free Guest/), hear('This takes no seat and costs nothing.')],
  [
    'the price of another role',
    visit(users),
    more('Gast Vrij'),
    item('Change permission level'),
    setRole(/^Standard/),
    hear(/^This takes a seat/),
  ],
  ['what leaving credits', ...departing('Ruben Quist', 'Deactivate'), hear(/never paid out/)],
  [
    'what coming back costs',
    visit(users, '?tab=inactive'),
    more('Nora Quist'),
    item('Activate'),
    hear(/^A seat is taken/),
  ],
];
