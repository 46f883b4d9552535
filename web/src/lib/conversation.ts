// Requests and replies of every dialect as one list of turns. Nothing here fails: what is not understood is shown as it is.
import { type Json, list, object, text } from '../api/read';
import { eventOf } from '../api/client';

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string }
  | { kind: 'image'; src: string | null; note: string }
  | { kind: 'call'; id: string; name: string; input: string }
  | { kind: 'result'; id: string; name: string; parts: Part[]; error: boolean }
  | { kind: 'other'; label: string; text: string };

export interface Turn {
  role: string;
  parts: Part[];
}

export interface ToolInfo {
  name: string;
  description: string;
  schema: string;
}

export interface Conversation {
  turns: Turn[];
  tools: ToolInfo[];
  /** The rest of the request: model, limits, sampling. */
  settings: Json;
  understood: boolean;
}

export function parse(source: string | null): unknown {
  if (source === null || source === '') return undefined;
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}

const pretty = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''));

/** Arguments of a tool call come as JSON in a string; shown indented where they are JSON. */
function argumentsOf(value: unknown): string {
  if (typeof value !== 'string') return pretty(value ?? {});
  const read = parse(value);
  return read === undefined ? value : pretty(read);
}

/** Only images that came along are shown: an address would be fetched from elsewhere. */
function image(url: string): Part {
  if (/^data:image\/(png|jpe?g|gif|webp|avif|bmp);base64,[A-Za-z0-9+/=\s]+$/i.test(url)) return { kind: 'image', src: url, note: '' };
  return { kind: 'image', src: null, note: url.length > 200 ? `${url.slice(0, 200)}…` : url };
}

function partsOf(content: unknown): Part[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) return partOf(object(content));
  return content.flatMap((each: unknown) => (typeof each === 'string' ? [{ kind: 'text', text: each } satisfies Part] : partOf(object(each))));
}

function partOf(part: Json): Part[] {
  const type = text(part, 'type');
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text':
      return [{ kind: 'text', text: text(part, 'text') }];
    case 'refusal':
      return [{ kind: 'text', text: text(part, 'refusal') }];
    case 'thinking':
    case 'reasoning_text':
      return [{ kind: 'thinking', text: text(part, 'thinking', 'text') }];
    case 'redacted_thinking':
      return [{ kind: 'thinking', text: '(sealed by the provider)' }];
    case 'image_url': {
      const url = part['image_url'];
      return [image(typeof url === 'string' ? url : text(object(url), 'url'))];
    }
    case 'input_image':
      return [image(text(part, 'image_url') || text(part, 'file_id'))];
    case 'image': {
      const source = object(part['source']);
      return [image(text(source, 'type') === 'base64' ? `data:${text(source, 'media_type')};base64,${text(source, 'data')}` : text(source, 'url', 'file_id'))];
    }
    case 'tool_use':
    case 'server_tool_use':
      return [{ kind: 'call', id: text(part, 'id'), name: text(part, 'name'), input: pretty(part['input'] ?? {}) }];
    case 'tool_result':
      return [{ kind: 'result', id: text(part, 'tool_use_id'), name: '', parts: partsOf(part['content']), error: part['is_error'] === true }];
    default:
      break;
  }
  // Gemini names its parts by the field that is there.
  if (typeof part['text'] === 'string') return [{ kind: part['thought'] === true ? 'thinking' : 'text', text: part['text'] }];
  if (part['inlineData'] !== undefined || part['inline_data'] !== undefined) {
    const data = object(part['inlineData'] ?? part['inline_data']);
    return [image(`data:${text(data, 'mimeType', 'mime_type')};base64,${text(data, 'data')}`)];
  }
  if (part['functionCall'] !== undefined) {
    const call = object(part['functionCall']);
    return [{ kind: 'call', id: text(call, 'id'), name: text(call, 'name'), input: pretty(call['args'] ?? {}) }];
  }
  if (part['functionResponse'] !== undefined) {
    const result = object(part['functionResponse']);
    return [{ kind: 'result', id: text(result, 'id'), name: text(result, 'name'), parts: [{ kind: 'text', text: pretty(result['response'] ?? {}) }], error: false }];
  }
  return [{ kind: 'other', label: type === '' ? 'part' : type, text: pretty(part) }];
}

/** One entry of "messages" or of Responses' "input"/"output". */
function turnOf(message: Json): Turn {
  const type = text(message, 'type');
  if (type === 'function_call' || type === 'custom_tool_call' || type === 'local_shell_call') {
    return { role: 'assistant', parts: [{ kind: 'call', id: text(message, 'call_id', 'id'), name: text(message, 'name') || type, input: argumentsOf(message['arguments'] ?? message['input'] ?? message['action']) }] };
  }
  if (type === 'function_call_output' || type === 'custom_tool_call_output' || type === 'local_shell_call_output') {
    return { role: 'tool', parts: [{ kind: 'result', id: text(message, 'call_id'), name: '', parts: partsOf(message['output']), error: false }] };
  }
  if (type === 'reasoning') {
    const said = [...partsOf(message['summary']), ...partsOf(message['content'])].map((part) => (part.kind === 'text' || part.kind === 'thinking' ? part.text : '')).join('\n');
    return { role: 'assistant', parts: [{ kind: 'thinking', text: said === '' ? '(sealed by the provider)' : said }] };
  }
  const role = text(message, 'role') || (type === '' ? 'unknown' : type);
  const parts: Part[] = [];
  const reasoning = text(message, 'reasoning_content', 'reasoning', 'thinking');
  if (reasoning !== '') parts.push({ kind: 'thinking', text: reasoning });
  const content = partsOf(message['content'] ?? message['parts']);
  if (role === 'tool') return { role, parts: [{ kind: 'result', id: text(message, 'tool_call_id'), name: text(message, 'name', 'tool_name'), parts: content, error: false }] };
  parts.push(...content);
  if (typeof message['refusal'] === 'string') parts.push({ kind: 'text', text: message['refusal'] });
  for (const call of list(message['tool_calls']).map(object)) {
    const named = object(call['function'] ?? call['custom']);
    parts.push({ kind: 'call', id: text(call, 'id'), name: text(named, 'name'), input: argumentsOf(named['arguments'] ?? named['input']) });
  }
  for (const each of list(message['images'])) if (typeof each === 'string') parts.push(image(each.startsWith('data:') ? each : `data:image/png;base64,${each}`));
  return { role: role === 'model' ? 'assistant' : role, parts };
}

function toolsOf(value: unknown): ToolInfo[] {
  return list(value).map(object).flatMap((tool) => {
    const declared = list(tool['functionDeclarations'] ?? tool['function_declarations']).map(object);
    return (declared.length > 0 ? declared : [tool['function'] === undefined ? tool : object(tool['function'])]).map((each) => ({
      name: text(each, 'name') || text(tool, 'type') || 'tool',
      description: text(each, 'description'),
      schema: pretty(each['parameters'] ?? each['input_schema'] ?? {}),
    }));
  });
}

const LARGE = new Set(['messages', 'input', 'contents', 'system', 'instructions', 'systemInstruction', 'system_instruction', 'tools', 'prompt']);

export function requestOf(source: string | null): Conversation {
  const body = parse(source);
  if (body === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) return { turns: [], tools: [], settings: {}, understood: false };
  const request = object(body);
  const turns: Turn[] = [];
  const system = request['system'] ?? request['instructions'] ?? object(request['systemInstruction'] ?? request['system_instruction'])['parts'];
  const said = partsOf(system);
  if (said.length > 0) turns.push({ role: 'system', parts: said });
  const messages = request['messages'] ?? request['contents'] ?? request['input'] ?? request['prompt'];
  if (typeof messages === 'string') turns.push({ role: 'user', parts: [{ kind: 'text', text: messages }] });
  else for (const message of list(messages)) turns.push(typeof message === 'string' ? { role: 'user', parts: [{ kind: 'text', text: message }] } : turnOf(object(message)));
  const settings = Object.fromEntries(Object.entries(request).filter(([name]) => !LARGE.has(name)));
  return { turns, tools: toolsOf(request['tools']), settings, understood: turns.length > 0 };
}

export function replyOf(source: string | null): { turns: Turn[]; understood: boolean } {
  if (source === null || source.trim() === '') return { turns: [], understood: false };
  const document = parse(source);
  if (document !== undefined) return found(documentTurns(object(document)));
  if (/^(event|data|id|retry|:)/m.test(source.slice(0, 4096))) return found(streamTurns(source));
  const lines = source.split('\n').filter((line) => line.trim() !== '').map(parse);
  if (lines.length > 1 && lines.every((line) => line !== undefined)) return found(joined(lines.map(object)));
  return { turns: [], understood: false };
}

function found(turns: Turn[]): { turns: Turn[]; understood: boolean } {
  const told = turns.filter((turn) => turn.parts.length > 0);
  return { turns: told, understood: told.length > 0 };
}

function documentTurns(reply: Json): Turn[] {
  if (reply['error'] !== undefined && reply['error'] !== null) {
    const error = reply['error'];
    return [{ role: 'error', parts: [{ kind: 'text', text: typeof error === 'string' ? error : text(object(error), 'message') || pretty(error) }] }];
  }
  if (Array.isArray(reply['choices'])) {
    return reply['choices'].map((choice: unknown) => {
      const each = object(choice);
      return each['message'] === undefined ? { role: 'assistant', parts: partsOf(text(each, 'text')) } : turnOf({ role: 'assistant', ...object(each['message']) });
    });
  }
  if (Array.isArray(reply['output'])) return reply['output'].map((item: unknown) => turnOf({ ...object(item) }));
  if (Array.isArray(reply['candidates'])) return reply['candidates'].map((candidate: unknown) => turnOf({ role: 'assistant', ...object(object(candidate)['content']) }));
  if (reply['message'] !== undefined && typeof reply['message'] === 'object') return [turnOf(object(reply['message']))];
  if (reply['content'] !== undefined) return [turnOf({ ...reply, role: 'assistant', type: '' })];
  return [];
}

/** Puts a stream's pieces together again. */
function streamTurns(source: string): Turn[] {
  const pieces: Json[] = [];
  for (const frame of source.split(/\r?\n\r?\n/)) {
    const data = parse(eventOf(frame)?.data ?? null);
    if (data !== undefined) pieces.push(object(data));
  }
  return joined(pieces);
}

function joined(pieces: Json[]): Turn[] {
  const parts: Part[] = [];
  const calls = new Map<string, Part & { kind: 'call' }>();
  const blocks = new Map<number, Part>();
  let error = '';
  const say = (kind: 'text' | 'thinking', more: string) => {
    if (more === '') return;
    const last = parts.at(-1);
    if (last !== undefined && last.kind === kind) last.text += more;
    else parts.push({ kind, text: more });
  };
  const call = (key: string): Part & { kind: 'call' } => {
    const known = calls.get(key);
    if (known !== undefined) return known;
    const made = { kind: 'call' as const, id: '', name: '', input: '' };
    calls.set(key, made);
    parts.push(made);
    return made;
  };
  for (const piece of pieces) {
    const type = text(piece, 'type');
    if (piece['error'] !== undefined && piece['error'] !== null) error = text(object(piece['error']), 'message') || pretty(piece['error']);
    for (const choice of list(piece['choices']).map(object)) {
      const delta = object(choice['delta'] ?? choice['message']);
      say('thinking', text(delta, 'reasoning_content', 'reasoning'));
      say('text', typeof delta['content'] === 'string' ? delta['content'] : text(choice, 'text'));
      say('text', text(delta, 'refusal'));
      for (const each of list(delta['tool_calls']).map(object)) {
        const made = call(`${text(choice, 'index')}/${text(each, 'index') || text(each, 'id')}`);
        const named = object(each['function']);
        if (made.id === '') made.id = text(each, 'id');
        made.name += text(named, 'name');
        made.input += text(named, 'arguments');
      }
    }
    const index = typeof piece['index'] === 'number' ? piece['index'] : -1;
    if (type === 'content_block_start') {
      const made = partOf(object(piece['content_block']))[0];
      if (made !== undefined) {
        if (made.kind === 'call') made.input = '';
        blocks.set(index, made);
        parts.push(made);
      }
    } else if (type === 'content_block_delta') {
      const delta = object(piece['delta']);
      const block = blocks.get(index);
      if (block !== undefined && (block.kind === 'text' || block.kind === 'thinking')) block.text += text(delta, 'text', 'thinking');
      if (block !== undefined && block.kind === 'call') block.input += text(delta, 'partial_json');
    } else if (type === 'response.completed' || type === 'response.incomplete' || type === 'response.failed') {
      const whole = documentTurns(object(piece['response']));
      if (whole.some((turn) => turn.parts.length > 0)) return whole;
    } else if (type === 'response.output_text.delta') say('text', text(piece, 'delta'));
    else if (type === 'response.reasoning_summary_text.delta' || type === 'response.reasoning_text.delta') say('thinking', text(piece, 'delta'));
    else if (type === 'response.output_item.added' && text(object(piece['item']), 'type').endsWith('call')) {
      const made = call(text(object(piece['item']), 'id'));
      made.name = text(object(piece['item']), 'name');
    } else if (type === 'response.function_call_arguments.delta') call(text(piece, 'item_id')).input += text(piece, 'delta');
    for (const candidate of list(piece['candidates']).map(object)) {
      for (const part of partsOf(object(candidate['content'])['parts'])) {
        if (part.kind === 'text' || part.kind === 'thinking') say(part.kind, part.text);
        else parts.push(part);
      }
    }
    if (typeof piece['message'] === 'object' && piece['done'] !== undefined) {
      const message = object(piece['message']);
      say('thinking', text(message, 'thinking'));
      say('text', text(message, 'content'));
      for (const part of turnOf({ ...message, content: '', thinking: '' }).parts) parts.push(part);
    }
  }
  for (const part of parts) if (part.kind === 'call') part.input = argumentsOf(part.input === '' ? '{}' : part.input);
  const turns: Turn[] = parts.length === 0 ? [] : [{ role: 'assistant', parts }];
  if (error !== '') turns.push({ role: 'error', parts: [{ kind: 'text', text: error }] });
  return turns;
}

/** All text of turns, for a comparison. */
export function plain(turns: readonly Turn[], kind: 'text' | 'call'): string {
  const said: string[] = [];
  for (const turn of turns) {
    for (const part of turn.parts) {
      if (kind === 'text' && part.kind === 'text') said.push(part.text);
      if (kind === 'call' && part.kind === 'call') said.push(`${part.name} ${part.input}`);
    }
  }
  return said.join('\n\n');
}

/** A shell command that sends the same request; the key is left to the environment. */
export function curl(address: string, path: string, body: string, anthropic: boolean): string {
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`;
  return [
    `curl ${address.replace(/\/$/, '')}${path}`,
    `  -H 'content-type: application/json'`,
    anthropic ? `  -H "x-api-key: $FAIRLEAD_KEY" -H 'anthropic-version: 2023-06-01'` : `  -H "authorization: Bearer $FAIRLEAD_KEY"`,
    `  --data-binary ${quoted}`,
  ].join(' \\\n');
}
