import type { components, paths } from './openapi';

// The shapes of the API under the names this app uses. They are generated from
// docs/openapi.json by `npm run generate`; nothing here is written by hand.
export type { paths };

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type Policy = Schemas['Policy'];
export type Role = Schemas['Role'];
export type Module = Schemas['Module'];
export type SubAccount = Schemas['SubAccount'];

export type ApiKey = Schemas['APIKey'];

export type Session = Schemas['WhoAmI'];
export type Started = Schemas['Session'];
export type Challenge = Schemas['Challenge'];
export type Me = Schemas['Me'];
export type Device = Schemas['Device'];
export type OwnPlace = Schemas['Place'];

export type Member = Schemas['Member'];
export type Status = Member['status'];

export type Invitation = Schemas['Invitation'];
export type InviteResult = Schemas['InviteResult'];
export type Offer = Schemas['Offer'];

export type Departure = Schemas['Plan'];
export type DepartureKind = Departure['kind'];
export type DepartureState = Departure['state'];
export type DecisionsPatch = Schemas['DecisionsPatch'];
export type ResourceDecisions = Schemas['ResourceDecisions'];
export type ResourceRule = Schemas['ResourceRule'];
export type Blocker = Schemas['Blocker'];
export type Effect = Schemas['Effect'];
export type Share = Schemas['Share'];
export type Receipt = Schemas['Receipt'];
export type ResourceType = Schemas['ResourceType'];
export type Resource = Schemas['Resource'];
export type Named = Schemas['Named'];
export type Verdict = Schemas['Verdict'];

export type Period = Schemas['Period'];
export type Seats = Schemas['Seats'];
export type BillingPlan = Schemas['BillingPlan'];
export type Invoice = Schemas['Invoice'];
export type InvoiceLine = Schemas['Line'];
export type Payer = Schemas['Payer'];
export type SeatSteps = Schemas['SeatSteps'];

export type CreditEntry = Schemas['CreditEntry'];
/** A thing of the product that is masked until it is downloaded; `Record` is a word of TypeScript's own. */
export type DataRecord = Schemas['Record'];

export type Holder = Schemas['Holder'];
export type ResourceHistory = Schemas['ResourceHistory'];

export type Event = Schemas['Event'];
