import { isProblem } from './problem';

/** In seconds: a server that asks for more is not waited for. */
const longestWait = 60;

/** Does something that changes nothing when it is done twice; a server that asks to wait a little is waited for. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const wait = isProblem(error, 'rate_limited') ? error.retryAfter : 0;
      if (wait === 0 || wait > longestWait) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }
}
