import createClient from 'openapi-fetch';
import { Problem, unreachable } from './problem';
import type { paths } from './schema';

/**
 * The one client of the REST API. Every refusal is thrown as a Problem, so that
 * `answer` has only the answer left to give.
 */
export const api = createClient<paths>({ credentials: 'same-origin' });

/** What was sent, to send it once more: the body of a request can be read only once. */
const sent = new WeakMap<Request, Request>();

let proveIt = (): Promise<boolean> => Promise.resolve(false);

/**
 * Says who asks the reader to prove once more that it is them. What the server
 * refused until then is sent again when they did.
 */
export function whenProofIsDue(ask: () => Promise<boolean>): void {
  proveIt = ask;
}

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') sent.set(request, request.clone());
  },
  async onResponse({ request, response }) {
    if (response.ok) return response;
    const problem = await Problem.of(response);
    const again = sent.get(request);
    if (problem.code !== 'step_up_required' || !again || !(await proveIt())) throw problem;
    const second = await fetch(again);
    if (!second.ok) throw await Problem.of(second);
    return second;
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
