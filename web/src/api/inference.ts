// Requests to models, through the same address that clients use.
import { type Call, raw } from './client';
import { object } from './read';

/** The key the dashboard's own questions are asked with. It is kept nowhere: it ends with the page. */
let ownKey = '';
const listeners = new Set<() => void>();

export const keyInUse = () => ownKey;

export function useKey(key: string): void {
  ownKey = key.trim();
  listeners.forEach((listener) => listener());
}

export function onKey(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function inference(path: string, call: Call): Promise<Response> {
  return raw(path, { ...call, headers: { ...(ownKey === '' ? {} : { authorization: `Bearer ${ownKey}` }), ...call.headers } });
}

export interface Replayed {
  id: string;
  body: string;
}

/** The same request with another model in it. */
export async function replay(path: string, sent: string, model: string, dialect: string): Promise<Replayed> {
  const body: unknown = JSON.parse(sent);
  const response = await inference(path, {
    method: 'POST',
    body: { ...object(body), model },
    headers: { accept: '*/*', ...(dialect.startsWith('anthropic') ? { 'anthropic-version': '2023-06-01' } : {}) },
  });
  return { id: response.headers.get('x-request-id') ?? '', body: await response.text() };
}
