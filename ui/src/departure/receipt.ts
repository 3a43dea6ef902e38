import type { Receipt } from '../api/schema';
import { saveFile } from '../file/csv';

const fileOf = ({ departure }: Receipt) => `receipt-${departure}.json`;

/** Hands the reader the receipt as the file that `tenure verify` reads. */
export function saveReceipt(receipt: Receipt): void {
  saveFile(fileOf(receipt), `${JSON.stringify(receipt, null, 2)}\n`, 'application/json');
}

/** What checks that file at a terminal, with the keys that this server publishes. */
export const checkOf = (receipt: Receipt) =>
  `tenure verify ${fileOf(receipt)} --keys ${window.location.origin}/.well-known/tenure-keys.json`;
