"""Drives LangChain and Pydantic AI against the gateway and prints what they saw as one JSON object.

Usage: frameworks.py GATEWAY MODEL...
"""

import asyncio
import json
import sys

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

KEY = "dummy-key"


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"Rain in {city}"


def langchain(gateway, model):
    chat = ChatOpenAI(
        model=model, base_url=f"{gateway}/langchain", api_key=KEY, max_retries=0, timeout=30, stream_usage=True
    )
    plain = chat.invoke("Hello")
    pieces = list(chat.stream("Hello"))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole += piece
    with_tools = chat.bind_tools([get_weather])
    history = [HumanMessage("Weather in Oslo?")]
    asked = with_tools.invoke(history)
    history.append(asked)
    for call in asked.tool_calls:
        history.append(ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"]))
    streamed = None
    for piece in with_tools.stream(history[:1]):
        streamed = piece if streamed is None else streamed + piece
    return {
        "plain": plain.content,
        "tokens": plain.usage_metadata["total_tokens"],
        "finish": plain.response_metadata["finish_reason"],
        "stream": whole.content,
        "pieces": sum(1 for piece in pieces if piece.content) > 1,
        "streamTokens": whole.usage_metadata["total_tokens"],
        "calls": [[call["name"], call["args"]] for call in asked.tool_calls],
        "streamCalls": [[call["name"], call["args"]] for call in streamed.tool_calls],
        "answer": with_tools.invoke(history).content,
    }


async def pydantic_ai(gateway, model):
    chat = OpenAIChatModel(model, provider=OpenAIProvider(base_url=f"{gateway}/pydanticai/v1", api_key=KEY))
    agent = Agent(chat)
    plain = await agent.run("Hello")
    pieces = []
    async with agent.run_stream("Hello") as stream:
        async for piece in stream.stream_text(delta=True, debounce_by=None):
            pieces.append(piece)
    cities = []
    with_tools = Agent(chat)

    @with_tools.tool_plain(name="get_weather")
    def weather(city: str) -> str:
        cities.append(city)
        return f"Rain in {city}"

    answer = await with_tools.run("Weather in Oslo?")
    async with with_tools.run_stream("Weather in Oslo?") as stream:
        streamed = await stream.get_output()
    return {
        "plain": plain.output,
        "stream": "".join(pieces),
        "pieces": len(pieces) > 1,
        "cities": cities,
        "answer": answer.output,
        "streamAnswer": streamed,
    }


gateway, *models = sys.argv[1:]
print(
    json.dumps(
        {
            model: {"langchain": langchain(gateway, model), "pydantic": asyncio.run(pydantic_ai(gateway, model))}
            for model in models
        }
    )
)
