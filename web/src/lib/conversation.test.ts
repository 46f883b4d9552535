import { describe, expect, it } from 'vitest';
import { curl, plain, replyOf, requestOf } from './conversation';

const sse = (...data: unknown[]) => data.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');

describe('requests', () => {
  it('of Chat Completions', () => {
    const read = requestOf(JSON.stringify({
      model: 'm', temperature: 0,
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: [{ type: 'text', text: 'look' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
      ],
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: {} } }],
    }));
    expect(read.turns.map((turn) => turn.role)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(read.turns[1]?.parts[1]).toEqual({ kind: 'image', src: 'data:image/png;base64,AAAA', note: '' });
    expect(read.turns[2]?.parts[0]).toEqual({ kind: 'call', id: 'c1', name: 'f', input: '{\n  "a": 1\n}' });
    expect(read.turns[3]?.parts[0]).toMatchObject({ kind: 'result', id: 'c1' });
    expect(read.tools[0]?.name).toBe('f');
    expect(read.settings).toEqual({ model: 'm', temperature: 0 });
  });
  it('of Messages, Responses and Gemini', () => {
    expect(requestOf('{"system":"s","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}]}').turns.map((turn) => turn.parts[0]?.kind)).toEqual(['text', 'result']);
    expect(requestOf('{"instructions":"s","input":[{"role":"user","content":[{"type":"input_text","text":"q"}]},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"ok"},{"type":"reasoning","summary":[],"encrypted_content":"x"}]}').turns.map((turn) => turn.parts[0]?.kind)).toEqual(['text', 'text', 'call', 'result', 'thinking']);
    expect(requestOf('{"contents":[{"role":"model","parts":[{"text":"t","thought":true},{"functionCall":{"name":"f","args":{}}}]}]}').turns[0]?.parts.map((part) => part.kind)).toEqual(['thinking', 'call']);
  });
  it('never show an image that would have to be fetched, or another kind of data', () => {
    const parts = requestOf('{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.example/i.png"}},{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,AAAA"}}]}]}').turns[0]?.parts ?? [];
    expect(parts.map((part) => (part.kind === 'image' ? part.src : 'no'))).toEqual([null, null]);
  });
  it('that are not JSON are not understood, and nothing fails', () => {
    for (const source of ['', 'x', '[]', '{', 'null', '{"messages":5}', '{"messages":[null,1,{"content":7}]}', '{"input":{"a":[[]]}}']) expect(() => requestOf(source)).not.toThrow();
    expect(requestOf('<html>').understood).toBe(false);
  });
});

describe('replies', () => {
  it('as documents', () => {
    expect(plain(replyOf('{"choices":[{"message":{"content":"a"}}]}').turns, 'text')).toBe('a');
    expect(plain(replyOf('{"type":"message","content":[{"type":"text","text":"b"}]}').turns, 'text')).toBe('b');
    expect(plain(replyOf('{"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"c"}]}]}').turns, 'text')).toBe('c');
    expect(plain(replyOf('{"candidates":[{"content":{"parts":[{"text":"d"}]}}]}').turns, 'text')).toBe('d');
    expect(replyOf('{"error":{"message":"no"}}').turns[0]?.role).toBe('error');
  });
  it('as streams, put together', () => {
    const chat = replyOf(`${sse({ choices: [{ index: 0, delta: { reasoning_content: 'h' } }] }, { choices: [{ index: 0, delta: { content: 'He' } }] }, { choices: [{ index: 0, delta: { content: 'llo', tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{"a"' } }] } }] }, { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }] })}data: [DONE]\n\n`);
    expect(chat.turns[0]?.parts).toEqual([{ kind: 'thinking', text: 'h' }, { kind: 'text', text: 'Hello' }, { kind: 'call', id: 'c', name: 'f', input: '{\n  "a": 1\n}' }]);
    const messages = replyOf(`event: content_block_start\n${sse({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } })}`);
    expect(plain(messages.turns, 'text')).toBe('Hi');
    const responses = replyOf(sse({ type: 'response.output_text.delta', delta: 'par' }, { type: 'response.output_text.delta', delta: 'tial' }));
    expect(plain(responses.turns, 'text')).toBe('partial');
    expect(plain(replyOf('{"message":{"content":"a"},"done":false}\n{"message":{"content":"b"},"done":true}\n').turns, 'text')).toBe('ab');
  });
  it('that are hostile stay text', () => {
    expect(replyOf('<script>alert(1)</script>').understood).toBe(false);
    expect(replyOf('data: {broken\n\n').understood).toBe(false);
    expect(replyOf('\ufffd\ufffd').understood).toBe(false);
  });
});

describe('curl', () => {
  it('quotes for the shell', () => expect(curl('http://h/', '/v1/x', `{"a":"it's"}`, false)).toContain(`'{"a":"it'\\''s"}'`));
});
