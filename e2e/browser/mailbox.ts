/** One mail that the server sent. */
export interface Mail {
  number: number;
  to: string[];
  subject: string;
  text: string;
  html: string;
  links: string[];
  code?: string;
}

/** The mailboxes of everybody: what came out of the server over SMTP. */
export class Mailbox {
  constructor(private readonly origin: string) {}

  /** The first mail to an address after the given one; it waits for one to come. */
  async next(to: string, after?: Mail): Promise<Mail> {
    const mail = (await this.read(to, after?.number ?? 0, 15)).at(-1);
    if (!mail) throw new Error(`No mail came to ${to}.`);
    return mail;
  }

  /** The first mail to an address whose subject has this in it; it waits for it to come. */
  async about(to: string, subject: string): Promise<Mail> {
    let mail = await this.next(to);
    while (!mail.subject.includes(subject)) mail = await this.next(to, mail);
    return mail;
  }

  /** The link to a page in the first mail after the given one that has one; it waits for it to come. */
  async link(page: Page, to: string, after?: Mail): Promise<string> {
    let mail = await this.next(to, after);
    while (!linkIn(page, mail)) mail = await this.next(to, mail);
    return linkTo(page, mail);
  }

  /** Every mail to an address so far, the oldest first. */
  async all(to: string): Promise<Mail[]> {
    return (await this.read(to, 0, 0)).reverse();
  }

  private async read(to: string, after: number, wait: number): Promise<Mail[]> {
    const query = new URLSearchParams({ to, after: `${after}`, wait: `${wait}` });
    const response = await fetch(`${this.origin}/mailbox/api/messages?${query}`);
    const { items } = (await response.json()) as { items: Mail[] };
    return items;
  }
}

/** A page of the app that mails lead to. */
export type Page = 'invitation' | 'sign-up' | 'reset' | 'confirm';

const linkIn = (page: Page, mail: Mail) => mail.links.find((one) => one.includes(`/${page}#`));

/** The link of a mail to one of the app's pages. */
export function linkTo(page: Page, mail: Mail): string {
  const link = linkIn(page, mail);
  if (!link) throw new Error(`"${mail.subject}" has no link to /${page}.`);
  return link;
}
