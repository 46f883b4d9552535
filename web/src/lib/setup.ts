// What to put where, for each client. Shown when a key is made and in the wizard.

export type Client = 'cursor' | 'claude-code' | 'codex' | 'sdk';

export const CLIENTS: readonly (readonly [Client, string, string])[] = [
  ['cursor', 'Cursor', 'The editor; its servers call this gateway, so it needs a public address.'],
  ['claude-code', 'Claude Code', 'Anthropic’s agent in the terminal.'],
  ['codex', 'Codex', 'OpenAI’s agent in the terminal.'],
  ['sdk', 'SDKs and curl', 'OpenAI’s and Anthropic’s libraries, and whatever speaks like them.'],
];

export interface Step {
  title: string;
  text: string;
  code?: string;
  file?: string;
}

export function steps(client: Client, address: string, key: string, model: string): Step[] {
  const base = address.replace(/\/$/, '');
  switch (client) {
    case 'cursor':
      return [
        { title: 'Make the gateway reachable', text: 'Cursor calls from its own servers, not from your machine. The address has to be public and begin with https://; localhost cannot work.', code: `${base}/cursor` },
        { title: 'Open Cursor Settings → Models', text: 'Under “API Keys” switch on “Override OpenAI Base URL” and paste the address above; paste the key as the OpenAI API key.', code: key },
        { title: 'Add the model', text: 'Type the name exactly. Take a name from the Models page that does not collide with one of Cursor’s own.', code: model },
      ];
    case 'claude-code':
      return [
        { title: 'Set the address and the key', text: 'In the shell that starts Claude Code, or in its settings file.', code: `export ANTHROPIC_BASE_URL=${base}/anthropic\nexport ANTHROPIC_AUTH_TOKEN=${key}` },
        { title: 'Start it', text: 'Any served model works; leave --model away for the usual one.', code: `claude --model ${model}` },
        { title: 'Or let Fairlead start it', text: 'On the gateway’s machine this does both.', code: 'fairlead launch claude' },
      ];
    case 'codex':
      return [
        { title: 'Describe the provider', text: 'Add this to Codex’ settings.', file: '~/.codex/config.toml', code: `model = "${model}"\nmodel_provider = "fairlead"\n\n[model_providers.fairlead]\nname = "Fairlead"\nbase_url = "${base}/v1"\nwire_api = "responses"\nenv_key = "FAIRLEAD_KEY"` },
        { title: 'Start it with the key', text: '', code: `FAIRLEAD_KEY=${key} codex` },
      ];
    case 'sdk':
      return [
        { title: 'OpenAI’s library (Python)', text: '', code: `from openai import OpenAI\n\nclient = OpenAI(base_url="${base}/v1", api_key="${key}")\nreply = client.chat.completions.create(\n    model="${model}",\n    messages=[{"role": "user", "content": "Hello"}],\n)\nprint(reply.choices[0].message.content)` },
        { title: 'Anthropic’s library (TypeScript)', text: '', code: `import Anthropic from '@anthropic-ai/sdk';\n\nconst client = new Anthropic({ baseURL: '${base}/anthropic', apiKey: '${key}' });\nconst reply = await client.messages.create({\n  model: '${model}', max_tokens: 1024,\n  messages: [{ role: 'user', content: 'Hello' }],\n});` },
        { title: 'curl', text: '', code: `curl ${base}/v1/chat/completions \\\n  -H 'authorization: Bearer ${key}' \\\n  -H 'content-type: application/json' \\\n  -d '{"model":"${model}","messages":[{"role":"user","content":"Hello"}]}'` },
      ];
  }
}

/** The address the browser uses, which others can use too unless it is this machine's own name for itself. */
export function ownAddress(): string {
  return new URL('.', document.baseURI).toString().replace(/\/$/, '');
}

export function isLocal(address: string): boolean {
  try {
    const host = new URL(address).hostname;
    return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host) || /^10\./.test(host) || /^192\.168\./.test(host) || /^172\.(1[6-9]|2\d|3[01])\./.test(host);
  } catch {
    return false;
  }
}
