// A period as the address holds it: "24h" and the like, or "from..to" in epoch milliseconds.
import type { LogFilter } from '../api/logs';

export const PERIODS = [['1h', '1 h'], ['24h', '24 h'], ['7d', '7 d'], ['30d', '30 d']] as const;

export function isRange(text: string): boolean {
  return /^\d+\.\.\d+$/.test(text);
}

/** The period's bounds in the API's terms. */
export function bounds(text: string, now: number = Date.now()): LogFilter {
  if (isRange(text)) {
    const [from, to] = text.split('..');
    return { start_time: new Date(Number(from)).toISOString(), end_time: new Date(Number(to)).toISOString() };
  }
  // Whole minutes, so that the same question is the same address and can be remembered.
  const end = Math.ceil(now / 60_000) * 60_000;
  return { start_time: new Date(end - length(text)).toISOString(), end_time: new Date(end).toISOString() };
}

export function length(text: string): number {
  const match = /^(\d+)([hd])$/.exec(text);
  if (match === null) return 86_400_000;
  return Number(match[1]) * (match[2] === 'h' ? 3_600_000 : 86_400_000);
}

export function range(from: number, to: number): string {
  return `${Math.floor(from)}..${Math.ceil(to)}`;
}
