// Runs OpenAI's Node SDK against OPENAI_BASE_URL and prints what the caller of each API saw, as one JSON object.
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0, timeout: 20_000 });
const messages = [{ role: "user", content: "Hello \"you\" – ☃" }];
const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string" } } },
    },
  },
];

async function outcome(call) {
  try {
    return await call();
  } catch (error) {
    return { error: error.constructor.name, status: error.status, code: error.code, message: error.message };
  }
}

const steps = {
  async chat() {
    const reply = await client.chat.completions.create({ model: "openai/gpt-4o", messages });
    return { text: reply.choices[0].message.content, tokens: reply.usage.total_tokens };
  },
  async chatStream() {
    let text = "";
    let usage;
    const stream = await client.chat.completions.create({
      model: "openai/gpt-4o",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    return { text, tokens: usage?.total_tokens };
  },
  async tools() {
    const reply = await client.chat.completions
      .stream({ model: "openai/gpt-4o", messages, tools, parallel_tool_calls: true })
      .finalChatCompletion();
    return reply.choices[0].message.tool_calls.map((call) => [call.id, call.function.arguments]);
  },
  async responses() {
    const reply = await client.responses.create({ model: "openai/gpt-5", input: "Hello" });
    return { text: reply.output_text };
  },
  async responsesStream() {
    const stream = client.responses.stream({ model: "openai/gpt-5", input: "Hello" });
    const reply = await stream.finalResponse();
    return { text: reply.output_text, status: reply.status };
  },
  async embeddings() {
    const reply = await client.embeddings.create({ model: "openai/text-embedding-3-small", input: "Hello" });
    return reply.data[0].embedding;
  },
  async models() {
    const ids = [];
    for await (const model of client.models.list()) {
      ids.push(model.id);
    }
    return { list: Array.isArray(ids) };
  },
  async rateLimited() {
    return client.chat.completions.create({ model: "openai/limited", messages });
  },
  async unauthorized() {
    const stranger = new OpenAI({ apiKey: "sk-bf-nobody-knows-this-key-000", maxRetries: 0 });
    return stranger.chat.completions.create({ model: "openai/gpt-4o", messages });
  },
  async brokenStream() {
    let text = "";
    const stream = await client.chat.completions.create({ model: "openai/broken", messages, stream: true });
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
    }
    return { text };
  },
};

const seen = {};
for (const [name, step] of Object.entries(steps)) {
  seen[name] = await outcome(step);
}
console.log(JSON.stringify(seen));
