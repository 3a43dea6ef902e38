import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = process.env.TENURE_BINARY ?? fileURLToPath(new URL('../../bin/tenure', import.meta.url));
const patience = 30_000;

/** A running `tenure demo`: the built program with its mailbox, as anybody starts it. */
export class Demo {
  private read = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string[],
    readonly origin: string,
    readonly operatorKey: string,
  ) {}

  /** Starts the program on a free port and returns when it serves. */
  static async start(...flags: string[]): Promise<Demo> {
    if (!existsSync(program)) throw new Error(`${program} is not there; "make build" makes it.`);
    const operatorKey = `top_${crypto.randomUUID()}${crypto.randomUUID()}`;
    const all = ['demo', '--listen', '127.0.0.1:0', '--operator-key', operatorKey, '--test-clock', ...flags];
    const child = spawn(program, all, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH } });
    const log: string[] = [];
    const origin = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`It does not come up.\n${log.join('\n')}`)), patience);
      createInterface(child.stderr).on('line', (line) => {
        log.push(line);
        const port = servingAt(line);
        if (port) resolve(`http://localhost:${port}`);
      });
      child.once('exit', (code) => reject(new Error(`It ended with ${code}.\n${log.join('\n')}`)));
      child.once('error', reject);
      child.once('exit', () => clearTimeout(late));
    });
    return new Demo(child, log, origin, operatorKey);
  }

  /** Ends the program as an operator does, and throws unless it stops cleanly. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) throw new Error(`It had ended with ${this.child.exitCode}.\n${this.tail()}`);
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code, signal] = await exited;
    if (code !== 0) throw new Error(`It did not stop cleanly: ${code ?? signal}.\n${this.tail()}`);
  }

  /** The errors it has logged since this was last asked. */
  errors(): string[] {
    const found = this.log.slice(this.read).filter((line) => line.includes('"level":"ERROR"'));
    this.read = this.log.length;
    return found;
  }

  private tail(): string {
    return this.log.slice(-20).join('\n');
  }
}

/** The port in the line of the log that says the program serves. */
function servingAt(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  const { msg, address } = JSON.parse(line) as { msg?: string; address?: string };
  return msg === 'serving' ? address?.split(':').at(-1) : undefined;
}
