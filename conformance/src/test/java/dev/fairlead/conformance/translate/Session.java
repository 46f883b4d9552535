package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A client that keeps its history as it got it, and answers every call with one word. */
final class Session {
  /** What the client speaks. */
  enum Dialect {
    MESSAGES,
    RESPONSES,
    CHAT,
    /** Brings back what OpenAI's own API has, and nothing else. */
    FORGETFUL_CHAT
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Dialect dialect;
  private final RunningGateway gateway;
  private final String model;
  private final String fallback;
  private final ArrayNode history = JSON.createArrayNode();

  Session(Dialect dialect, RunningGateway gateway, String model, String fallback) {
    this.dialect = dialect;
    this.gateway = gateway;
    this.model = model;
    this.fallback = fallback;
  }

  /** Asks with everything said so far and keeps the answer and the results of its calls. */
  void turn(String result) {
    switch (dialect) {
      case MESSAGES -> messages(result);
      case RESPONSES -> responses(result);
      case CHAT, FORGETFUL_CHAT -> chat(result);
    }
  }

  private void messages(String result) {
    if (history.isEmpty()) {
      history.add(JSON.readTree("{\"role\":\"user\",\"content\":\"What is the weather?\"}"));
    }
    ObjectNode body =
        (ObjectNode)
            JSON.readTree(
                """
                {"max_tokens": 4096, "thinking": {"type": "enabled", "budget_tokens": 2048},
                 "tools": [{"name": "get_weather", "input_schema":
                   {"type": "object", "properties": {"city": {"type": "string"}}}}]}
                """);
    JsonNode answer = ask("/anthropic/v1/messages", body, "messages");
    history.add(
        JSON.createObjectNode().put("role", "assistant").set("content", answer.get("content")));
    ArrayNode results = JSON.createArrayNode();
    for (JsonNode block : answer.get("content")) {
      if (block.get("type").asString().equals("tool_use")) {
        results.add(
            JSON.createObjectNode()
                .put("type", "tool_result")
                .put("tool_use_id", block.get("id").asString())
                .put("content", result));
      }
    }
    assertThat(results).as("%s", answer).hasSize(1);
    history.add(JSON.createObjectNode().put("role", "user").set("content", results));
  }

  private void chat(String result) {
    if (history.isEmpty()) {
      history.add(JSON.readTree("{\"role\":\"user\",\"content\":\"What is the weather?\"}"));
    }
    ObjectNode body =
        (ObjectNode)
            JSON.readTree(
                """
                {"max_tokens": 4096, "reasoning_effort": "high",
                 "tools": [{"type": "function", "function": {"name": "get_weather",
                   "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]}
                """);
    JsonNode message =
        ask("/openai/v1/chat/completions", body, "messages").at("/choices/0/message");
    JsonNode calls = message.get("tool_calls");
    assertThat(calls).as("%s", message).hasSize(1);
    JsonNode call = calls.get(0);
    if (dialect == Dialect.CHAT) {
      history.add(message);
    } else {
      ObjectNode plain =
          JSON.createObjectNode()
              .put("id", call.get("id").asString())
              .put("type", "function")
              .set("function", call.get("function"));
      history.add(
          JSON.createObjectNode()
              .put("role", "assistant")
              .putNull("content")
              .set("tool_calls", JSON.createArrayNode().add(plain)));
    }
    history.add(
        JSON.createObjectNode()
            .put("role", "tool")
            .put("tool_call_id", call.get("id").asString())
            .put("content", result));
  }

  private void responses(String result) {
    if (history.isEmpty()) {
      history.add(JSON.readTree("{\"role\":\"user\",\"content\":\"What is the weather?\"}"));
    }
    ObjectNode body =
        (ObjectNode)
            JSON.readTree(
                """
                {"store": false, "include": ["reasoning.encrypted_content"],
                 "reasoning": {"effort": "high"},
                 "tools": [{"type": "function", "name": "get_weather", "strict": false,
                   "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}]}
                """);
    JsonNode answer = ask("/openai/v1/responses", body, "input");
    int calls = 0;
    for (JsonNode item : answer.get("output")) {
      history.add(item);
    }
    for (JsonNode item : answer.get("output")) {
      if (item.get("type").asString().equals("function_call")) {
        calls++;
        history.add(
            JSON.createObjectNode()
                .put("type", "function_call_output")
                .put("call_id", item.get("call_id").asString())
                .put("output", result));
      }
    }
    assertThat(calls).as("calls in %s", answer).isEqualTo(1);
  }

  private JsonNode ask(String path, ObjectNode body, String field) {
    body.put("model", model);
    body.set("fallbacks", JSON.createArrayNode().add(fallback));
    body.set(field, history);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.at(path)))
            .header("content-type", "application/json")
            .timeout(LIMIT)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
