// What has arrived of each kind of client.
import type { Arrivals, Arrived, Fault } from '../lib/connect';
import { api } from './client';
import { type Json, listIn, object, text } from './read';

export interface Noticed {
  /** The gateway's own clock: what comes later is new. */
  now: string;
  publicUrl: string;
  clients: Arrivals[];
}

function arrived(value: unknown): Arrived | null {
  const step = object(value);
  return text(step, 'at') === '' ? null : { at: text(step, 'at'), id: text(step, 'id'), model: text(step, 'model') };
}

function faultOf(value: unknown): Fault | null {
  const fault = object(value);
  return text(fault, 'code') === '' ? null : { code: text(fault, 'code'), message: text(fault, 'message'), at: text(fault, 'at'), id: text(fault, 'id') };
}

export function arrivalsOf(each: Json): Arrivals {
  return {
    client: text(each, 'client'),
    preflight: arrived(each['preflight']),
    models: arrived(each['models']),
    request: arrived(each['request']),
    success: arrived(each['success']),
    toolTurn: arrived(each['tool_turn']),
    fault: faultOf(each['fault']),
  };
}

/** What has arrived since {@code since}, a time by the gateway's clock; everything it remembers without one. */
export async function noticed(since: string | null): Promise<Noticed> {
  const answer = object(await api<unknown>('api/connect', { query: { since } }));
  return { now: text(answer, 'now'), publicUrl: text(answer, 'public_url'), clients: listIn(answer, 'clients').map(arrivalsOf) };
}
