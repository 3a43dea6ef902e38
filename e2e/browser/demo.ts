import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const built = (name: string) => fileURLToPath(new URL(`../../bin/${name}`, import.meta.url));
const program = process.env.TENURE_BINARY ?? built('tenure');
/** Stands before the program and logs what its description does not allow. */
const witness = built('witness');
const patience = 30_000;

/** What the program prints for whoever started it. */
interface Greeting {
  origin: string;
  /** Of the example product, which embeds it. */
  product: string;
  operatorKey: string;
  /** Of everybody whom it lists. */
  password: string;
}

/** A running `tenure demo`: the built program with its mailbox, as anybody starts it. */
export class Demo {
  private read = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string[],
    private readonly greeting: Greeting,
  ) {}

  /** Starts the program behind its witness and returns when it has said where it is. */
  static async start(): Promise<Demo> {
    for (const needed of [program, witness]) {
      if (!existsSync(needed)) throw new Error(`${needed} is not there; "make build witness" makes it.`);
    }
    const child = spawn(witness, [program, 'demo', '--test-clock'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH },
    });
    const log: string[] = [];
    createInterface(child.stderr).on('line', (line) => log.push(line));
    const greeting = await new Promise<Greeting>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${why}\n${log.join('\n')}`));
      const late = setTimeout(() => fail('It does not come up.'), patience);
      let said = '';
      createInterface(child.stdout).on('line', (line) => {
        said += `${line}\n`;
        const greeting = heard(said);
        if (!greeting) return;
        clearTimeout(late);
        resolve(greeting);
      });
      child.once('error', reject);
      child.once('exit', (code) => fail(`It ended with ${code}.`));
    });
    return new Demo(child, log, greeting);
  }

  get origin(): string {
    return this.greeting.origin;
  }

  get product(): string {
    return this.greeting.product;
  }

  get operatorKey(): string {
    return this.greeting.operatorKey;
  }

  get password(): string {
    return this.greeting.password;
  }

  /** Runs a command of the program against this server, as its operator, and gives what it prints. */
  async command(...words: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, TENURE_SERVER: this.origin, TENURE_OPERATOR_KEY: this.operatorKey };
    return (await promisify(execFile)(program, words, { env })).stdout;
  }

  /** Ends the program as an operator does, and throws unless it stops cleanly. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) throw new Error(`It had ended with ${this.child.exitCode}.\n${this.tail()}`);
    const closed = once(this.child, 'close'); // when it has ended and all that it logged is read
    this.child.kill('SIGTERM');
    const [code, signal] = await closed;
    if (code !== 0) throw new Error(`It did not stop cleanly: ${code ?? signal}.\n${this.tail()}`);
  }

  /** The errors it has logged since this was last asked; one of the demo's mails is refused on purpose. */
  errors(): string[] {
    const found = this.log
      .slice(this.read)
      .filter((line) => line.includes('"level":"ERROR"') && !line.includes('"msg":"mail is given up"'));
    this.read = this.log.length;
    return found;
  }

  private tail(): string {
    return this.log.slice(-20).join('\n');
  }
}

/** The greeting in what was printed so far, once it is whole. */
function heard(said: string): Greeting | undefined {
  const origin = /running at (\S+)$/m.exec(said)?.[1];
  const product = /embeds it is at (\S+)\/app\/$/m.exec(said)?.[1];
  const password = /password of each is: +(\S.*)$/m.exec(said)?.[1];
  const operatorKey = /operator key is: +(\S+)$/m.exec(said)?.[1];
  return origin && product && password && operatorKey ? { origin, product, password, operatorKey } : undefined;
}
