import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, api } from './client';
import { useKey } from './inference';
import { replay, runningOf } from './logs';

interface Sent {
  url: string;
  body: unknown;
}

let sent: Sent[] = [];

function answering(status: number, body: string) {
  sent = [];
  vi.stubGlobal('document', { baseURI: 'http://gateway.test/prefix/' });
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push({ url, body: typeof init.body === 'string' ? JSON.parse(init.body) : null });
    return Promise.resolve(new Response(body, { status }));
  });
}

async function refused(status: number, body: string): Promise<ApiError> {
  answering(status, body);
  const failure: unknown = await api('api/things').then(() => null, (error: unknown) => error);
  if (!(failure instanceof ApiError)) throw new Error('no ApiError');
  return failure;
}

beforeEach(() => useKey(''));
afterEach(() => vi.unstubAllGlobals());

describe('an answer that is an error', () => {
  it('gives each problem to its field', async () => {
    const error = await refused(400, '{"error":{"message":"A (and 1 more)","code":"invalid_request","field":"a","problems":[{"field":"a","message":"A"},{"field":"b[0].c","message":"B"}],"request_id":"1"}}');
    expect(error.status).toBe(400);
    expect(error.code).toBe('invalid_request');
    expect(error.message).toBe('A (and 1 more)');
    expect(error.faults).toEqual([{ path: 'a', message: 'A' }, { path: 'b[0].c', message: 'B' }]);
  });
  it('reads problems under no other name', async () => {
    for (const name of ['faults', 'errors', 'details']) expect((await refused(400, `{"error":{"message":"M","${name}":[{"field":"a","message":"A"}]}}`)).faults).toEqual([]);
  });
  it('survives problems of any shape', async () => {
    const error = await refused(422, '{"error":{"message":"M","problems":[null,7,{"field":3,"message":"B"},{"field":"c"}]}}');
    expect(error.faults).toEqual([{ path: '', message: 'B' }]);
  });
  it('shows what is no JSON only when it is short and no page', async () => {
    expect((await refused(502, 'bad gateway')).message).toBe('bad gateway');
    expect((await refused(502, '<html>')).message).toBe('The gateway answered 502.');
  });
});

describe('replay', () => {
  const answer = '{"original":{"id":"a"},"replay":{"id":"b","http_status":200,"model":"m","provider":"p","cost":0.5,"total_us":2000,"detail":{"attempts":[]},"text":"hi","tool_calls":[],"body":"{}"}}';
  it('asks the log to send the request again', async () => {
    answering(200, answer);
    const made = await replay('a/b', 'p/m');
    expect(sent).toEqual([{ url: 'http://gateway.test/prefix/api/logs/a%2Fb/replay', body: { model: 'p/m' } }]);
    expect([made.id, made.code, made.body, made.row?.cost, made.row?.latency]).toEqual(['b', 200, '{}', 0.5, 2]);
  });
  it('names the key in use', async () => {
    useKey(' sk-fl-1 ');
    answering(200, '{"replay":{"id":"b","http_status":429,"body":"x"}}');
    const made = await replay('a', 'm');
    expect(sent[0]?.body).toEqual({ model: 'm', virtual_key: 'sk-fl-1' });
    expect([made.code, made.row]).toEqual([429, null]);
  });
});

describe('a request under way', () => {
  it('has its cost so far, unless a price is not known', () => {
    expect(runningOf({ id: 'a', cost_estimated: 0.25 }).cost).toBe(0.25);
    expect(runningOf({ id: 'a', cost_estimated: null }).cost).toBeNull();
  });
});
