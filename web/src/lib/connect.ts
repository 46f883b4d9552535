// How far a client has come, from what the gateway has noticed of it.
import type { Client } from './setup';

export interface Arrived {
  at: string;
  /** Of the request in the log; empty for what is not logged. */
  id: string;
  model: string;
}

export interface Fault {
  code: string;
  message: string;
  at: string;
  id: string;
}

export interface Arrivals {
  client: string;
  preflight: Arrived | null;
  models: Arrived | null;
  request: Arrived | null;
  success: Arrived | null;
  toolTurn: Arrived | null;
  fault: Fault | null;
}

export interface StepSeen {
  what: string;
  done: Arrived | null;
}

/** The steps of a client in the order in which they happen. Those it may do without show only when they were seen. */
export function stepsOf(client: Client, seen: Arrivals | undefined): StepSeen[] {
  const step = (what: string, done: Arrived | null | undefined): StepSeen => ({ what, done: done ?? null });
  const models = seen?.models ?? null;
  return [
    ...(client === 'cursor' ? [step('Preflight seen from the app', seen?.preflight)] : []),
    ...(models === null ? [] : [step('List of models read', models)]),
    step(client === 'cursor' ? 'First request from Cursor’s servers' : 'First request', seen?.request),
    step('First whole answer', seen?.success),
    step('Tool turn done', seen?.toolTurn),
  ];
}

/** What is said above the steps. */
export function progress(name: string, seen: Arrivals | undefined, waitedMs: number): string {
  if (seen?.fault) return `Something is in ${name}’s way.`;
  if (seen?.toolTurn) return `${name} works, with tools.`;
  if (seen?.success) return `${name} works. Ask it for something that takes a tool, such as reading a file.`;
  if (seen?.request) return 'Requests arrive.';
  if (seen?.preflight) return `${name}’s app reaches the gateway. Waiting for its servers.`;
  return `Waiting for ${name}, ${Math.floor(waitedMs / 1000)} s. Ask it something.`;
}

export const FAULTS: Record<string, string> = {
  not_public: 'The URL is not public',
  key_refused: 'The key is not accepted',
  failed: 'The last request failed',
};
