import {
  type Cast,
  type Props,
  withCases,
  withCredits,
  withKeys,
  withLeavers,
  withLinks,
  withNobody,
  withPeople,
  withSeats,
  withTwoFactor,
  withTwoPlaces,
} from './cast';
import type { Person } from './company';
import type { Screen } from './screen';
import { administration, limited, twoFactor } from './screens/administration';
import { ofCredits, ofOwnCredits } from './screens/credits';
import { leaving } from './screens/departures';
import { dialogs } from './screens/dialogs';
import { elsewhere, secondSteps, waysIn } from './screens/door';
import { apiKeys } from './screens/keys';
import { seatsAndMoney } from './screens/money';
import { ofOwnResources, ofResources } from './screens/resources';
import { onPhones, pages, states } from './screens/users';

/** Who goes along some screens; without `as`, somebody who is not signed in. */
interface Look {
  as?: (cast: Cast) => Person | undefined;
  screens: Screen[];
  /** What there is besides on a phone. */
  onPhones?: Screen[];
}

/** What is looked at together, and who is in place for it. */
interface Walk {
  of: string;
  cast: (props: Props) => Promise<Cast>;
  looks: Look[];
}

const owner = ({ company }: Cast) => company.owner;
const somebody = (name: string) => (cast: Cast) => cast.people[name];

/** Every screen of the app, and who looks at it. */
export const walks: Walk[] = [
  { of: 'the ways in are', cast: withLinks, looks: [{ screens: waysIn }] },
  { of: 'the ways between accounts are', cast: withTwoPlaces, looks: [{ as: owner, screens: elsewhere }] },
  { of: 'the pages inside are', cast: withPeople, looks: [{ as: owner, screens: pages, onPhones }] },
  {
    of: 'the pages of administration are',
    cast: withPeople,
    looks: [
      { as: owner, screens: administration },
      { as: somebody('nora'), screens: limited },
    ],
  },
  { of: 'the dialogs are', cast: withPeople, looks: [{ as: owner, screens: dialogs }] },
  { of: 'API keys are', cast: withKeys, looks: [{ as: owner, screens: apiKeys }] },
  {
    of: 'resources are',
    cast: withCases,
    looks: [
      { as: owner, screens: ofResources },
      { as: somebody('lena'), screens: ofOwnResources },
    ],
  },
  {
    of: 'credits are',
    cast: withCredits,
    looks: [
      { as: owner, screens: ofCredits },
      { as: somebody('jo'), screens: ofOwnCredits },
    ],
  },
  { of: 'seats and money are', cast: withSeats, looks: [{ as: owner, screens: seatsAndMoney }] },
  { of: 'departures are', cast: withLeavers, looks: [{ as: owner, screens: leaving }] },
  { of: 'two-factor is', cast: withTwoFactor, looks: [{ screens: secondSteps }, { as: owner, screens: twoFactor }] },
  { of: 'what waits, fails or is empty is', cast: withNobody, looks: [{ as: owner, screens: states }] },
];
