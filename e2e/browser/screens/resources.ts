import type { Screen } from '../screen';
import { fill, hear, member, press, pressInside, resources, shows, users, visit, type Way } from '../ways';

/** Chooses somebody by the name that is typed. */
const choosePerson = (field: string, name: string): Way => {
  return async (page) => {
    await page.getByRole('combobox', { name: field }).fill(name);
    await page.getByRole('option', { name }).click();
  };
};

const list = '{"type":"case","id":"2026-017","name":"Poe"}\n{"type":"case","id":"a/b","name":"Moe"}';

const listOfCases: Way = (page) =>
  page.locator('input[type=file]').setInputFiles({
    name: 'cases.ndjson',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(list),
  });

export const ofResources: Screen[] = [
  ['cases', visit(resources, '/case'), hear(/inactive/i)],
  ['the filter of cases', shows('list/FilterButton', press('Filter'))],
  ['cases of one owner', visit(resources, (cast) => `/case?owner=${cast.people.sam?.member}`), hear(/^Inheritance/)],
  ['no cases of an owner', visit(resources, (cast) => `/case?owner=${cast.people.gus?.member}`), hear('Nothing found')],
  ['a case', visit(resources, '/case/2026-014'), shows('resources/ResourcesPage', hear('Lena Moss'))],
  [
    "a guest's second case, refused",
    visit(resources, '/case/2026-015'),
    choosePerson('Assign somebody', 'Gus Park'),
    press('Assign'),
    hear(/works on one case already/),
  ],
  ['a changed case', fill('Name', 'Inheritance'), hear('Save changes')],
  ['transfer a case', press('Discard changes'), shows('resources/TransferDialog', press('Transfer'))],
  ['the history of a case', visit(resources, '/case/2026-014?view=history'), hear('Deal closed by Olga Brandt')],
  ['note what happened', shows('resources/NoteDialog', press('Add a note')), hear('In words')],
  ['no such case', visit(resources, '/case/none'), hear(/no such thing/)],
  [
    'add a case',
    visit(resources, '/case'),
    shows('resources/NewResourceDialog', press('Add case')),
    pressInside('Add case'),
  ],
  [
    'import a list',
    visit(resources, '/case'),
    shows('resources/ImportDialog', press('Import a list')),
    hear(/^A file with one case a line/),
  ],
  ['an imported list, with a refusal', listOfCases, press('Import'), hear(/1 added, .* 1 left out/)],
  ['what somebody holds', visit(users, (cast) => `${member('sam')(cast)}?view=holdings`), hear('Works on')],
  ['kinds of resources', visit('/a/:account/settings', '?tab=resources'), hear(/Leave them/)],
  ['change a kind of resources', shows('resources/TypeDialog', press('Change Cases')), hear('When their owner leaves')],
];

export const ofOwnResources: Screen[] = [
  ['home of who works on cases', visit('/a/:account/home')],
  ['a case of who works on it', visit(resources, '/case/2026-014'), hear(/^Stays listed/)],
];
