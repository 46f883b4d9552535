// The one place that speaks HTTP to the gateway. Paths are relative to where the dashboard is served.

export interface Fault {
  path: string;
  message: string;
}

/** An answer of the gateway that is not 2xx, or no answer at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string | null = null,
    readonly faults: readonly Fault[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export type Query = Record<string, string | number | boolean | null | undefined | readonly string[]>;

export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(path.replace(/^\//, ''), document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (Array.isArray(value)) {
      if (value.length > 0) url.searchParams.set(name, value.join(','));
    } else url.searchParams.set(name, String(value));
  }
  return url.toString();
}

let signedOut: () => void = () => undefined;

/** Called whenever an answer says that nobody is signed in. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** Marks a call as the dashboard's own: other sites cannot set this header, so they cannot act in a session. */
let csrf = '1';

/** The session's own mark, once it is known. */
export function markCalls(token: string): void {
  csrf = token === '' ? '1' : token;
}

export interface Call {
  method?: string;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

export async function raw(path: string, call: Call = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(apiUrl(path, call.query), {
      method: call.method ?? 'GET',
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        'x-fairlead-csrf': csrf,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: call.signal ?? null,
    });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new ApiError(0, 'The gateway does not answer. Is it still running?');
  }
  if (!response.ok) throw await errorOf(response, path);
  return response;
}

export async function api<T>(path: string, call: Call = {}): Promise<T> {
  const response = await raw(path, call);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function errorOf(response: Response, path: string): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  let message = `The gateway answered ${response.status}.`;
  let code: string | null = null;
  let faults: Fault[] = [];
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    const error = (typeof body['error'] === 'object' && body['error'] !== null ? body['error'] : body) as Record<string, unknown>;
    if (typeof body['error'] === 'string') message = body['error'];
    if (typeof error['message'] === 'string') message = error['message'];
    const named = error['code'] ?? error['type'];
    if (typeof named === 'string') code = named;
    const listed = error['problems'];
    if (Array.isArray(listed)) {
      faults = listed.flatMap((each: unknown) => {
        const problem = each as Record<string, unknown> | null;
        const says = problem?.['message'];
        const field = problem?.['field'];
        return typeof says === 'string' ? [{ path: typeof field === 'string' ? field : '', message: says }] : [];
      });
    } else if (typeof error['field'] === 'string') {
      faults = [{ path: error['field'], message }];
    }
  } catch {
    if (text.length > 0 && text.length < 300 && !text.startsWith('<')) message = text;
  }
  if (response.status === 401 && !path.includes('session/')) signedOut();
  return new ApiError(response.status, message, code, faults);
}

export interface ServerEvent {
  event: string;
  data: string;
}

/** Reads server-sent events off a response as they come. */
export async function* events(response: Response): AsyncGenerator<ServerEvent> {
  const body = response.body;
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      rest += value;
      let cut: RegExpExecArray | null;
      while ((cut = /\r?\n\r?\n/.exec(rest)) !== null) {
        const frame = rest.slice(0, cut.index);
        rest = rest.slice(cut.index + cut[0].length);
        const event = eventOf(frame);
        if (event !== null) yield event;
      }
      if (rest.length > 16_000_000) throw new ApiError(0, 'An event of the stream is too long to be shown.');
    }
    const event = eventOf(rest);
    if (event !== null) yield event;
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

export function eventOf(frame: string): ServerEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of frame.split(/\r?\n/)) {
    if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    else if (line.startsWith('event:')) event = line.slice(6).trim();
  }
  return data.length === 0 ? null : { event, data: data.join('\n') };
}
