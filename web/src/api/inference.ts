// Requests to models, through the same address that clients use.
import { type Call, raw } from './client';

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
