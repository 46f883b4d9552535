import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { events } from '../api/client';
import { models } from '../api/control';
import { inference } from '../api/inference';
import { type Json, list, object, text } from '../api/read';
import { compact, duration } from '../lib/format';
import { type Part, parse, type Turn } from '../lib/conversation';
import { Link, useQueryState } from '../router';
import { Button, Card, Check, CopyButton, Empty, messageOf, Note, PageHead, TextField, AreaField, useStored } from '../ui/kit';
import { Icon } from '../ui/icons';
import { OwnKey } from '../ui/OwnKey';
import { Turns } from '../ui/Turns';

const MOST_IMAGE = 8 * 1024 * 1024;

const WEATHER = JSON.stringify([{ type: 'function', function: { name: 'get_weather', description: 'The weather at a place', parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] } } }], null, 2);

interface Call {
  id: string;
  name: string;
  arguments: string;
}

interface Finished {
  id: string;
  first: number | null;
  total: number;
  input: number | null;
  output: number | null;
  served: string;
}

export default function Playground() {
  const [query, set] = useQueryState();
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 60_000 });
  const model = query.get('model') ?? '';
  const [system, setSystem] = useStored('play.system', '');
  const [temperature, setTemperature] = useState('');
  const [most, setMost] = useState('');
  const [effort, setEffort] = useState('');
  const [stream, setStream] = useState(true);
  const [toolsOn, setToolsOn] = useState(false);
  const [tools, setTools] = useState(WEATHER);
  const [extra, setExtra] = useState('');
  const [messages, setMessages] = useState<Json[]>([]);
  const [draft, setDraft] = useState('');
  const [images, setImages] = useState<string[]>([]);
  const [partial, setPartial] = useState<Turn | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const [done, setDone] = useState<Finished | null>(null);
  const stopping = useRef<AbortController | null>(null);
  const end = useRef<HTMLDivElement>(null);
  const busy = partial !== null;
  // A block, since a browser may answer scrollIntoView with a promise, which React would call as a clean-up.
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [messages, partial]);
  useEffect(() => () => stopping.current?.abort(), []);

  const badTools = toolsOn && !Array.isArray(parse(tools)) ? 'A JSON list of tools, as OpenAI’s chat API has them.' : undefined;
  const extraRead = extra.trim() === '' ? {} : parse(extra);
  const badExtra = typeof extraRead !== 'object' || extraRead === null || Array.isArray(extraRead) ? 'A JSON object.' : undefined;

  const request = (said: Json[]): Json => ({
    model,
    messages: [...(system.trim() === '' ? [] : [{ role: 'system', content: system }]), ...said],
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(temperature === '' ? {} : { temperature: Number(temperature) }),
    ...(most === '' ? {} : { max_tokens: Number(most) }),
    ...(effort === '' ? {} : { reasoning_effort: effort }),
    ...(toolsOn && badTools === undefined ? { tools: parse(tools) } : {}),
    ...(badExtra === undefined ? object(extraRead) : {}),
  });

  const send = async (said: Json[]) => {
    const abort = new AbortController();
    stopping.current = abort;
    setMessages(said);
    setPartial({ role: 'assistant', parts: [] });
    setError(null);
    setRefused(null);
    setDone(null);
    const began = performance.now();
    let first: number | null = null;
    let thinking = '';
    let content = '';
    const calls: Call[] = [];
    let usage: Json = {};
    let drawn = 0;
    const draw = (force = false) => {
      const now = performance.now();
      if (!force && now - drawn < 60) return;
      drawn = now;
      setPartial({ role: 'assistant', parts: partsOf(thinking, content, calls) });
    };
    const take = (delta: Json) => {
      first ??= performance.now() - began;
      thinking += text(delta, 'reasoning_content', 'reasoning');
      content += typeof delta['content'] === 'string' ? delta['content'] : '';
      list(delta['tool_calls']).map(object).forEach((each, i) => {
        const at = typeof each['index'] === 'number' ? each['index'] : i;
        const call = (calls[at] ??= { id: '', name: '', arguments: '' });
        const named = object(each['function']);
        if (call.id === '') call.id = text(each, 'id');
        call.name += text(named, 'name');
        call.arguments += text(named, 'arguments');
      });
    };
    let id = '';
    let provider = '';
    try {
      const response = await inference('v1/chat/completions', {
        method: 'POST', body: request(said), signal: abort.signal,
        headers: { accept: stream ? 'text/event-stream' : 'application/json'},
      });
      id = response.headers.get('x-request-id') ?? '';
      provider = [response.headers.get('x-fairlead-provider'), response.headers.get('x-fairlead-model')].filter(Boolean).join('/');
      if (stream) {
        for await (const event of events(response)) {
          if (event.data === '[DONE]') break;
          const piece = object(parse(event.data));
          if (piece['error'] !== undefined && piece['error'] !== null) setError(text(object(piece['error']), 'message') || event.data);
          for (const choice of list(piece['choices']).map(object)) take(object(choice['delta']));
          if (piece['usage'] !== undefined && piece['usage'] !== null) usage = object(piece['usage']);
          draw();
        }
      } else {
        const answer = object(await response.json());
        take(object(object(list(answer['choices'])[0])['message']));
        usage = object(answer['usage']);
      }
    } catch (failure) {
      if (!(failure instanceof DOMException && failure.name === 'AbortError')) {
        setError(messageOf(failure));
        setRefused(failure);
      }
    }
    const made = calls.filter((call) => call !== undefined && call.name !== '');
    if (content !== '' || made.length > 0) {
      setMessages([...said, {
        role: 'assistant', content: content === '' ? null : content, ...(thinking === '' ? {} : { reasoning_content: thinking }),
        ...(made.length === 0 ? {} : { tool_calls: made.map((call) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } })) }),
      }]);
    }
    setPartial(null);
    setDone({ id, first, total: performance.now() - began, input: number(usage, 'prompt_tokens'), output: number(usage, 'completion_tokens'), served: provider });
    stopping.current = null;
  };

  const ask = () => {
    if (busy || model === '' || (draft.trim() === '' && images.length === 0)) return;
    const content: unknown = images.length === 0 ? draft : [...(draft.trim() === '' ? [] : [{ type: 'text', text: draft }]), ...images.map((url) => ({ type: 'image_url', image_url: { url } }))];
    setDraft('');
    setImages([]);
    void send([...messages, { role: 'user', content }]);
  };

  const attach = (files: FileList | null) => {
    for (const file of files ?? []) {
      if (!file.type.startsWith('image/')) continue;
      if (file.size > MOST_IMAGE) {
        setError(`${file.name} is larger than 8 MB.`);
        continue;
      }
      const reader = new FileReader();
      reader.onload = () => typeof reader.result === 'string' && setImages((all) => [...all, reader.result as string]);
      reader.readAsDataURL(file);
    }
  };

  const turns = messages.map(turn);
  const open = messages.length > 0 && messages.at(-1)?.['role'] === 'assistant' ? list(messages.at(-1)?.['tool_calls']).map(object) : [];
  return (
    <>
      <PageHead title="Playground" actions={<Button icon="plus" disabled={busy || messages.length === 0} onClick={() => {
        setMessages([]);
        setDone(null);
        setError(null);
      }}>New conversation</Button>}>
        Asks through the gateway itself: rules, budgets and the log apply as they do to every client.
      </PageHead>
      <div className="play">
        <div className="stack" style={{ minHeight: '60vh' }}>
          {turns.length === 0 && partial === null && (
            <Card><Empty title={served.data?.length === 0 ? 'No model is served' : 'Ask something'} action={served.data?.length === 0 ? <Link className="btn primary" to="/providers">Add a provider</Link> : undefined}>
              {served.data?.length === 0 ? 'A provider with a key is needed first.' : 'Choose a model, write below and send with Ctrl + Enter.'}
            </Empty></Card>
          )}
          <Turns turns={partial === null ? turns : [...turns, partial]} />
          {open.length > 0 && !busy && <ToolAnswers calls={open} onAnswer={(results) => void send([...messages, ...results])} />}
          {error !== null && <Note tone="bad">{error}</Note>}
          {done !== null && (
            <p className="small muted row wrapping" role="status">
              <span>{done.served}</span>
              <span>first byte {duration(done.first)}, {duration(done.total)} in all</span>
              {done.input !== null && <span>{compact(done.input)} → {compact(done.output ?? 0)} tokens</span>}
              {done.id !== '' && <Link to={`/logs/${done.id}`}>Open in the log</Link>}
            </p>
          )}
          <div ref={end} />
          <div className="composer stack tight">
            {images.length > 0 && <div className="row wrapping">{images.map((url, i) => <span key={i} className="chip"><img src={url} alt={`Attachment ${i + 1}`} style={{ height: 40, borderRadius: 4 }} /><button aria-label="Remove the image" onClick={() => setImages(images.filter((_, j) => j !== i))}>×</button></span>)}</div>}
            <textarea className="input" rows={3} aria-label="Message" placeholder="Message" value={draft} onChange={(event) => setDraft(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ask()} onPaste={(event) => attach(event.clipboardData.files)} />
            <div className="row wrapping">
              <label className="btn"><Icon name="image" /> Image<input className="hidden-text" type="file" accept="image/*" multiple onChange={(event) => attach(event.target.files)} /></label>
              <CopyButton label="Copy request" text={JSON.stringify(request(messages), null, 2)} />
              <span className="grow" />
              {busy ? <Button icon="stop" kind="danger" onClick={() => stopping.current?.abort()}>Stop</Button> : <Button kind="primary" icon="play" disabled={model === '' || (draft.trim() === '' && images.length === 0) || badTools !== undefined || badExtra !== undefined} onClick={ask}>Send</Button>}
            </div>
          </div>
        </div>
        <Card title="Request">
          <div className="stack">
            <div className="field">
              <label htmlFor="play-model">Model</label>
              <input id="play-model" className="input" list="play-models" placeholder="provider/model" value={model} onChange={(event) => set({ model: event.target.value })} />
              <datalist id="play-models">{(served.data ?? []).map((each) => <option key={each.id} value={each.id} />)}</datalist>
            </div>
            <AreaField label="System prompt" rows={3} value={system} onText={setSystem} />
            <div className="form">
              <TextField wide="half" label="Temperature" type="number" step="0.1" min={0} max={2} placeholder="usual" value={temperature} onText={setTemperature} />
              <TextField wide="half" label="Most tokens" type="number" min={1} placeholder="usual" value={most} onText={setMost} />
              <div className="field">
                <label htmlFor="play-effort">Thinking</label>
                <select id="play-effort" className="input" value={effort} onChange={(event) => setEffort(event.target.value)}>
                  {['', 'minimal', 'low', 'medium', 'high'].map((each) => <option key={each} value={each}>{each === '' ? 'usual' : each}</option>)}
                </select>
              </div>
            </div>
            <Check label="Stream" checked={stream} onChange={(event) => setStream(event.target.checked)} />
            <Check label="Offer tools" checked={toolsOn} onChange={(event) => setToolsOn(event.target.checked)} />
            {toolsOn && <AreaField label="Tools (JSON)" className="mono" rows={8} error={badTools} value={tools} onText={setTools} />}
            <OwnKey error={refused} />
            <details className="fold">
              <summary>More</summary>
              <div className="stack">
                <AreaField label="Further parameters (JSON)" className="mono" rows={3} placeholder='{"top_p": 0.9}' error={badExtra} value={extra} onText={setExtra} />
              </div>
            </details>
          </div>
        </Card>
      </div>
    </>
  );
}

function number(from: Json, name: string): number | null {
  const value = from[name];
  return typeof value === 'number' ? value : null;
}

function partsOf(thinking: string, content: string, calls: readonly Call[]): Part[] {
  return [
    ...(thinking === '' ? [] : [{ kind: 'thinking' as const, text: thinking }]),
    ...(content === '' ? [] : [{ kind: 'text' as const, text: content }]),
    ...calls.filter((call) => call !== undefined).map((call) => ({ kind: 'call' as const, id: call.id, name: call.name, input: call.arguments })),
  ];
}

function turn(message: Json): Turn {
  const role = text(message, 'role');
  if (role === 'tool') return { role, parts: [{ kind: 'result', id: text(message, 'tool_call_id'), name: '', parts: [{ kind: 'text', text: text(message, 'content') }], error: false }] };
  const content = message['content'];
  const parts: Part[] = partsOf(text(message, 'reasoning_content'), typeof content === 'string' ? content : '', list(message['tool_calls']).map(object).map((each) => ({ id: text(each, 'id'), name: text(object(each['function']), 'name'), arguments: text(object(each['function']), 'arguments') })));
  for (const part of list(content).map(object)) {
    if (part['type'] === 'text') parts.push({ kind: 'text', text: text(part, 'text') });
    if (part['type'] === 'image_url') parts.push({ kind: 'image', src: text(object(part['image_url']), 'url'), note: '' });
  }
  return { role, parts };
}

/** The model asked for tools: what they return is written by hand. */
function ToolAnswers({ calls, onAnswer }: { calls: Json[]; onAnswer: (results: Json[]) => void }) {
  const [answers, setAnswers] = useState<Record<string, string>>({});
  return (
    <Card title="The model waits for tools">
      <div className="stack">
        {calls.map((call) => {
          const id = text(call, 'id');
          return <AreaField key={id} label={`Result of ${text(object(call['function']), 'name')}`} className="mono" rows={3} value={answers[id] ?? ''} onText={(value) => setAnswers({ ...answers, [id]: value })} />;
        })}
        <div><Button kind="primary" onClick={() => onAnswer(calls.map((call) => ({ role: 'tool', tool_call_id: text(call, 'id'), content: answers[text(call, 'id')] ?? '' })))}>Send the results</Button></div>
      </div>
    </Card>
  );
}
