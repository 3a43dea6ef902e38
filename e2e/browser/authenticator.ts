import { createHmac } from 'node:crypto';

const step = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** So long may a code be on its way, in milliseconds: the step before the one of its making still counts after it. */
const underWay = 5_000;

/**
 * An authenticator app: codes of time (RFC 6238) from a secret in base 32. A
 * server takes each step once, and one beside the step of now, so that three
 * codes can be had at any moment without waiting; two, where the step of now is
 * nearly over.
 */
export class Authenticator {
  private readonly key: Buffer;
  private last = 0;

  constructor(secret: string) {
    const bits = [...secret.replace(/\s/g, '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'));
    this.key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }

  /** A code that was not given before. */
  next(now = Date.now()): string {
    this.last = Math.max(this.last + 1, Math.floor((now + underWay) / step) - 1);
    return this.at(this.last);
  }

  /** HOTP (RFC 4226, section 5.3) with the step as its counter. */
  private at(counter: number): string {
    const message = Buffer.alloc(8);
    message.writeBigUInt64BE(BigInt(counter));
    const sum = createHmac('sha1', this.key).update(message).digest();
    const offset = (sum.at(-1) ?? 0) & 15;
    return `${(sum.readUInt32BE(offset) & 0x7fffffff) % 1_000_000}`.padStart(6, '0');
  }
}
