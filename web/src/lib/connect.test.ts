import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../api/connect';
import { progress, stepsOf } from './connect';

const at = (second: number) => ({ at: `2026-01-01T00:00:0${second}Z`, id: `r${second}`, model: 'gpt-5' });

describe('connecting a client', () => {
  it('waits for the app before the servers of Cursor', () => {
    const seen = arrivalsOf({ client: 'cursor', preflight: at(1), request: null });
    expect(stepsOf('cursor', seen).map((step) => [step.what, step.done !== null])).toEqual([
      ['Preflight seen from the app', true],
      ['First request from Cursor’s servers', false],
      ['First whole answer', false],
      ['Tool turn done', false],
    ]);
    expect(progress('Cursor', seen, 0)).toContain('Waiting for its servers');
  });

  it('shows a list of models only once it was read', () => {
    expect(stepsOf('codex', undefined).map((step) => step.what)).toEqual(['First request', 'First whole answer', 'Tool turn done']);
    expect(stepsOf('codex', arrivalsOf({ client: 'codex', models: at(1) }))[0]?.what).toBe('List of models read');
  });

  it('says what is wrong before what went well', () => {
    const seen = arrivalsOf({ client: 'sdk', request: at(1), success: at(1), fault: { code: 'key_refused', message: 'No.', at: at(2).at, id: 'r2' } });
    expect(progress('SDKs', seen, 0)).toContain('in SDKs’s way');
    expect(seen.fault?.message).toBe('No.');
  });

  it('reads an answer that lacks everything', () => {
    const seen = arrivalsOf({});
    expect(seen.fault).toBeNull();
    expect(progress('Codex', seen, 4_200)).toBe('Waiting for Codex, 4 s. Ask it something.');
  });
});
