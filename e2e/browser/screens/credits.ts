import type { Screen } from '../screen';
import { credits, fill, hear, member, press, shows, users, visit } from '../ways';

export const ofCredits: Screen[] = [
  ['credits', visit(credits), hear('Jo Jansen')],
  [
    'move credits',
    shows('credits/MoveDialog', press('Move credits of Jo Jansen')),
    fill('How many', '150'),
    hear(/has only 39 credits/),
  ],
  ['credits, moved', fill('How many', '15'), press('Move 15 credits'), hear(/15 credits moved from Jo Jansen/)],
  [
    'the ledger of one wallet',
    visit(credits, (cast) => `?tab=ledger&member=${cast.people.jo?.member}`),
    hear(/24 left/),
  ],
  ['records', visit(credits, '?tab=records'), hear('lead-20')],
  ['a record that the reader cannot pay', shows('credits/DownloadDialog', press('Download lead-20')), hear(/only 0/)],
  ['downloads', visit(credits, '?tab=downloads'), hear('Mila Vos downloaded lead-7')],
  ['add a user of a vendor', visit(users), press('Add New'), hear(/allow list/)],
  ['a user of a vendor', visit(users, member('jo')), hear('Leaving')],
];

export const ofOwnCredits: Screen[] = [
  ['my credits', visit(credits), hear('You have spent')],
  ['a record that costs', press('Download lead-20'), hear(/and keep/)],
];
