export interface FieldProblem {
  field: string;
  code: string;
  detail: string;
}

/**
 * A refusal by the server (RFC 9457). `code` is stable and chooses the sentence
 * the reader sees; `detail` is the server's own sentence in English; `extra`
 * holds what some codes bring along (accounts, blockers, plan, needed).
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: FieldProblem[];
  readonly extra: Record<string, unknown>;
  /** Seconds after which trying again makes sense; 0 when the server named none. */
  readonly retryAfter: number;

  constructor(status: number, body: Record<string, unknown>, retryAfter = 0) {
    const { type: _type, title: _title, status: _status, code, detail, errors, ...extra } = body;
    super(typeof detail === 'string' ? detail : `The server answered ${status}.`);
    this.name = 'Problem';
    this.status = status;
    this.code = typeof code === 'string' ? code : codeOf(status);
    this.detail = this.message;
    this.errors = Array.isArray(errors) ? (errors as FieldProblem[]) : [];
    this.extra = extra;
    this.retryAfter = retryAfter;
  }

  static async of(response: Response): Promise<Problem> {
    let body: Record<string, unknown> = {};
    try {
      body = (await response.json()) as Record<string, unknown>;
    } catch {
      // A proxy's page, or nothing at all: the status says what there is to say.
    }
    return new Problem(response.status, body, Number(response.headers.get('Retry-After')) || 0);
  }
}

/** The answer never came: no network, or the server is away. */
export const unreachable = () => new Problem(0, { code: 'unreachable' });

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, { code: 'broken', detail: String(error) });
}

export const isProblem = (error: unknown, ...codes: string[]): error is Problem =>
  error instanceof Problem && (codes.length === 0 || codes.includes(error.code));

function codeOf(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 404) return 'not_found';
  return status >= 500 ? 'internal' : 'unexpected';
}
