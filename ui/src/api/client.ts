import createClient from 'openapi-fetch';
import { Problem, unreachable } from './problem';
import type { paths } from './schema';

/**
 * The one client of the REST API. Every refusal is thrown as a Problem, so that
 * `answer` has only the answer left to give.
 */
export const api = createClient<paths>({ credentials: 'same-origin' });

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await Problem.of(response);
  },
  onError({ error }) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError')) return;
    return unreachable();
  },
});

interface Reply<T> {
  data?: T;
  response: Response;
}

/** Unwraps a call: `const member = await answer(api.GET(…))`. */
export async function answer<T>(call: Promise<Reply<T>>): Promise<T> {
  return (await call).data as T;
}

/** Like answer, with the ETag to send back as If-Match when changing it. */
export async function answerWithTag<T>(call: Promise<Reply<T>>): Promise<{ data: T; tag: string }> {
  const reply = await call;
  return { data: reply.data as T, tag: reply.response.headers.get('ETag') ?? '' };
}

/** A header for calls that must happen once however often they are sent. */
export const once = (): { 'Idempotency-Key': string } => ({ 'Idempotency-Key': crypto.randomUUID() });
