// Runs Anthropic's Node SDK against ANTHROPIC_BASE_URL and prints what the caller of each API saw, as one JSON object.
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ maxRetries: 0, timeout: 20_000 });
const messages = [{ role: "user", content: "Hello \"you\" – ☃" }];
const request = { model: "anthropic/claude-sonnet-4-20250514", max_tokens: 2048, messages };
const tools = [
  { name: "get_weather", input_schema: { type: "object", properties: { city: { type: "string" } } } },
];

async function outcome(call) {
  try {
    return await call();
  } catch (error) {
    return {
      error: error.constructor.name,
      status: error.status,
      type: error.error?.error?.type ?? error.type,
      message: error.message,
    };
  }
}

const steps = {
  async message() {
    const reply = await client.messages.create(request);
    return { text: reply.content[0].text, tokens: reply.usage.output_tokens };
  },
  async stream() {
    const pieces = [];
    const stream = client.messages.stream({
      ...request,
      model: "anthropic/thinking",
      tools,
      thinking: { type: "enabled", budget_tokens: 1024 },
    });
    stream.on("text", (piece) => pieces.push(piece));
    const reply = await stream.finalMessage();
    return {
      pieces: pieces.length,
      blocks: reply.content.map((block) => block.type),
      thinking: reply.content[0].thinking,
      signature: reply.content[0].signature,
      inputs: reply.content.filter((block) => block.type === "tool_use").map((block) => block.input),
      stop: reply.stop_reason,
    };
  },
  async beta() {
    const reply = await client.beta.messages.create({
      ...request,
      betas: ["context-management-2025-06-27", "made-up-2031-01-01"],
    });
    return { text: reply.content[0].text };
  },
  async countTokens() {
    return client.messages.countTokens({ model: request.model, messages });
  },
  async models() {
    const ids = [];
    for await (const model of client.models.list()) {
      ids.push(model.id);
    }
    return { list: Array.isArray(ids) };
  },
  async overloaded() {
    return client.messages.create({ ...request, model: "anthropic/overloaded" });
  },
  async brokenStream() {
    const reply = await client.messages.stream({ ...request, model: "anthropic/broken" }).finalMessage();
    return { text: reply.content[0].text };
  },
  async unauthorized() {
    const stranger = new Anthropic({ apiKey: "sk-bf-nobody-knows-this-key-000", maxRetries: 0 });
    return stranger.messages.create(request);
  },
};

const seen = {};
for (const [name, step] of Object.entries(steps)) {
  seen[name] = await outcome(step);
}
console.log(JSON.stringify(seen));
