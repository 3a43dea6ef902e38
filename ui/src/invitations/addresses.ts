/** Why an address cannot be invited as it stands; the words are `invite.reason.*`. */
type Reason =
  | 'no_at'
  | 'two_ats'
  | 'spaces'
  | 'no_name'
  | 'no_domain'
  | 'domain_incomplete'
  | 'dots'
  | 'characters'
  | 'too_long'
  | 'domain_not_allowed'
  | 'duplicate';

export interface Entry {
  /** Stable while the list changes around it. */
  id: number;
  email: string;
  reason?: Reason;
}

// The server decides; these limits and characters are the ones people run into
// (RFC 5321, section 4.5.3.1; RFC 5322, section 3.2.3).
const maxAddress = 254;
const maxLocal = 64;
const atom = /^[\p{L}\p{M}\p{N}#$&'*+\-/=?^_`{|}~.]+$/u;
const label = /^[\p{L}\p{M}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/** What is wrong with one address. While it is still being typed, what is merely not there yet is not wrong. */
export function reasonAgainst(email: string, domains: readonly string[] = [], typing = false): Reason | undefined {
  const at = email.indexOf('@');
  if (/\s/.test(email)) return 'spaces';
  if (at < 0) return typing ? undefined : 'no_at';
  if (email.indexOf('@', at + 1) >= 0) return 'two_ats';
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  if (local === '') return 'no_name';
  if (!atom.test(local)) return 'characters';
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return 'dots';
  if (local.length > maxLocal || email.length > maxAddress) return 'too_long';
  return reasonAgainstDomain(domain, domains, typing);
}

function reasonAgainstDomain(domain: string, allowed: readonly string[], typing: boolean): Reason | undefined {
  if (domain === '') return typing ? undefined : 'no_domain';
  const labels = domain.split('.');
  if (domain.startsWith('.') || domain.includes('..')) return 'dots';
  if (!typing && (labels.length < 2 || labels.at(-1) === '' || !/\p{L}/u.test(labels.at(-1) ?? ''))) {
    return 'domain_incomplete';
  }
  if (labels.some((part, place) => !label.test(part) && !(typing && place === labels.length - 1))) return 'characters';
  if (!typing && allowed.length > 0 && !allowed.some((one) => one.toLowerCase() === domain.toLowerCase())) {
    return 'domain_not_allowed';
  }
  return undefined;
}

/**
 * Finds the addresses in what people type or paste: separated by commas,
 * semicolons, tabs, lines or spaces, with or without a name before
 * (`"Jansen, Maria" <maria@example.com>`).
 */
export function split(text: string): string[] {
  const found: string[] = [];
  let nameBefore = false;
  for (const { piece, separator } of pieces(text)) {
    const inside = /<([^<>]*)>\s*$/.exec(piece);
    if (inside) {
      // `Jansen, Maria <maria@…>`: the comma was part of the name.
      if (nameBefore) found.pop();
      found.push((inside[1] ?? '').trim());
    } else {
      const words = piece.split(/\s+/);
      found.push(...(words.every((word) => word.includes('@')) ? words : [piece]));
    }
    nameBefore = !inside && separator === ',' && !piece.includes('@');
  }
  return found;
}

/** The addresses in a file of comma- or semicolon-separated values; cells that hold something else are left out. */
export function splitFile(content: string): string[] {
  return split(content.replace(/^\uFEFF/, '')).filter((cell) => cell.includes('@'));
}

/** What is wrong in a box that holds one address or several: the last of them is still being typed. */
export function wrongInDraft(draft: string, domains: readonly string[]): Omit<Required<Entry>, 'id'> | undefined {
  const typed = split(draft);
  for (const [place, email] of typed.entries()) {
    const reason = reasonAgainst(email, domains, place === typed.length - 1);
    if (reason) return { email, reason };
  }
  return undefined;
}

interface Piece {
  piece: string;
  separator: string;
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let current = '';
  let quoted = false;
  const close = (separator: string) => {
    const piece = unquote(current.trim());
    if (piece !== '') found.push({ piece, separator });
    current = '';
  };
  for (const character of text) {
    if (character === '\n' || character === '\r') {
      // A quote that is not closed on its line was no quote.
      quoted = false;
      close('\n');
    } else if (!quoted && (character === ',' || character === ';' || character === '\t')) {
      close(character);
    } else {
      if (character === '"') quoted = !quoted;
      current += character;
    }
  }
  close('');
  return found;
}

const unquote = (piece: string) => {
  const whole = /^"([^"]*)"$/.exec(piece);
  return (whole?.[1] ?? piece).replace(/^mailto:/i, '').trim();
};

const keyOf = (email: string) => email.normalize('NFC').toLowerCase();

let lastId = 0;

/** Adds addresses to a list and says of each what is wrong with it. */
export function add(list: readonly Entry[], emails: readonly string[], domains: readonly string[] = []): Entry[] {
  const added = emails.map((email) => {
    lastId += 1;
    return { id: lastId, email };
  });
  return judged([...list, ...added], domains);
}

export function without(list: readonly Entry[], id: number, domains: readonly string[] = []): Entry[] {
  return judged(
    list.filter((entry) => entry.id !== id),
    domains,
  );
}

/** Each address is wrong by itself, or for standing in the list already. */
function judged(list: readonly Entry[], domains: readonly string[]): Entry[] {
  const seen = new Set<string>();
  return list.map((entry) => {
    const key = keyOf(entry.email);
    const reason = reasonAgainst(entry.email, domains) ?? (seen.has(key) ? 'duplicate' : undefined);
    seen.add(key);
    return reason === entry.reason ? entry : { id: entry.id, email: entry.email, ...(reason ? { reason } : {}) };
  });
}

export const ready = (list: readonly Entry[]) => list.filter((entry) => !entry.reason);
export const wrong = (list: readonly Entry[]) => list.filter((entry) => entry.reason);
