package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's prompt cache, played as documented ("Prompt caching"): a prefix of tools, system and
 * messages is written where a mark stands, and read when a later request begins with it.
 */
@Timeout(60)
class PromptCacheTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Shorter prompts are not cached. */
  private static final String RULES = " Keep to the rules of the house.".repeat(300);

  /** What clients send as body, with places for tools, system and the messages that follow. */
  enum Client {
    CHAT(
        "/openai/v1/chat/completions",
        """
        {'model':'anthropic/claude-sonnet-4-5','metadata':{'session':'x'},'tools':[%s],
         'messages':[{'role':'system','content':'%s'},{'role':'user','content':'Read a.txt'}%s]}
        """,
        "{'type':'function','function':{'name':'%s','parameters':{'type':'object','properties':{}}}}",
        ",{'role':'assistant','content':'%s'},{'role':'user','content':'%s'}"),
    RESPONSES(
        "/openai/v1/responses",
        """
        {'model':'anthropic/claude-sonnet-4-5','tools':[%s],'instructions':'%s',
         'input':[{'role':'user','content':'Read a.txt'}%s]}
        """,
        "{'type':'function','name':'%s','parameters':{'type':'object','properties':{}}}",
        ",{'role':'assistant','content':'%s'},{'role':'user','content':'%s'}"),
    CURSOR_RESPONSES(
        "/cursor/chat/completions",
        """
        {'model':'anthropic/claude-sonnet-4-5','tools':[%s],'metadata':{'cursorConversationId':'c-9'},
         'input':[{'role':'system','content':'%s'},{'role':'user','content':'Read a.txt'}%s]}
        """,
        "{'type':'function','name':'%s','parameters':{'type':'object','properties':{}}}",
        ",{'role':'assistant','content':'%s'},{'role':'user','content':'%s'}"),
    CURSOR_BLOCKS(
        "/cursor/chat/completions",
        """
        {'model':'anthropic/claude-sonnet-4-5','tools':[%s],
         'messages':[{'role':'system','content':'%s'},{'role':'user','content':'Read a.txt'}%s]}
        """,
        "{'name':'%s','input_schema':{'type':'object','properties':{}}}",
        ",{'role':'assistant','content':[{'type':'text','text':'%s'}]},"
            + "{'role':'user','content':[{'type':'text','text':'%s'}]}");

    private final String path;
    private final String body;
    private final String tool;
    private final String turn;

    Client(String path, String body, String tool, String turn) {
      this.path = path;
      this.body = body;
      this.tool = tool;
      this.turn = turn;
    }

    String body(String tool, String system, String... turns) {
      StringBuilder more = new StringBuilder();
      for (String words : turns) {
        more.append(this.turn.formatted(words, words + "?"));
      }
      return body.formatted(this.tool.formatted(tool), system + RULES, more).replace('\'', '"');
    }
  }

  private final Map<String, Integer> cache = new HashMap<>();

  @TempDir private Path directory;
  @AutoClose private final FakeProvider openAi = FakeProvider.start();
  @AutoClose private final FakeProvider anthropic = FakeProvider.start();
  @AutoClose private final HttpClient http = HttpClient.newHttpClient();
  @AutoClose private RunningGateway gateway;

  @BeforeEach
  void start() {
    gateway = RunningGateway.over(directory, openAi, anthropic);
    anthropic.handler(this::answer);
  }

  @ParameterizedTest
  @EnumSource
  void theSecondTurnReadsWhatTheFirstHasWritten(Client client) throws Exception {
    send(client, client.body("read_file", "Be brief."));
    send(client, client.body("read_file", "Be brief.", "It says 42"));
    send(client, client.body("read_file", "Be brief.", "It says 42", "And 43"));

    List<JsonNode> receipts = gateway.awaitReceipts(3, _ -> true);
    List<Long> read = receipts.stream().map(it -> it.at("/usage/cache_read").asLong()).toList();
    List<Long> written =
        receipts.stream().map(it -> it.at("/usage/cache_write_5m").asLong()).toList();
    assertThat(written).allSatisfy(tokens -> assertThat(tokens).isPositive());
    assertThat(read).containsExactly(0L, written.get(0), written.get(0) + written.get(1));
    assertThat(receipts).noneMatch(it -> it.has("cache_miss"));
  }

  @ParameterizedTest
  @EnumSource
  void theReceiptSaysWhatAMissChangedFirst(Client client) throws Exception {
    send(client, client.body("read_file", "Be brief."));
    send(client, client.body("read_file", "Be brief.", "It says 42" + RULES, "Hm"));
    send(client, client.body("read_file", "Be brief.", "It says 41" + RULES, "Hm"));
    send(client, client.body("read_file", "It is 12:01.", "It says 41" + RULES, "Hm"));
    send(client, client.body("write_file", "It is 12:01.", "It says 41" + RULES, "Hm"));

    List<JsonNode> receipts = gateway.awaitReceipts(5, _ -> true);
    assertThat(receipts.stream().map(it -> it.path("cache_miss").asString("")).toList())
        .containsExactly("", "", "message 2", "system", "tools");
  }

  private void send(Client client, String body) throws Exception {
    HttpResponse<String> reply =
        http.send(
            HttpRequest.newBuilder(URI.create(gateway.at(client.path)))
                .header("content-type", "application/json")
                .header("x-session-id", "s-1")
                .header("authorization", "Bearer " + RunningGateway.VIRTUAL_KEY)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }

  /** Reads the longest known prefix and writes those that end at marks. */
  private Script answer(ReceivedRequest request) {
    JsonNode body = JSON.readTree(request.body().utf8());
    List<String> prefixes = new ArrayList<>();
    List<Boolean> marks = new ArrayList<>();
    StringBuilder prefix = new StringBuilder();
    for (JsonNode tool : body.path("tools")) {
      block(tool, prefix, prefixes, marks);
    }
    for (JsonNode block : body.path("system")) {
      block(block, prefix, prefixes, marks);
    }
    for (JsonNode message : body.path("messages")) {
      prefix.append(message.get("role").asString());
      if (message.get("content").isString()) {
        prefix.append(message.get("content").asString());
        continue;
      }
      for (JsonNode block : message.get("content")) {
        block(block, prefix, prefixes, marks);
      }
    }
    int read = 0;
    for (String known : prefixes) {
      read = Math.max(read, cache.getOrDefault(known, 0));
    }
    int written = 0;
    for (int i = 0; i < prefixes.size(); i++) {
      if (marks.get(i)) {
        int length = prefixes.get(i).length();
        cache.put(prefixes.get(i), length);
        written = Math.max(written, length - read);
      }
    }
    return Script.json(
        200,
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5",
         "content":[{"type":"text","text":"Yes"}],"stop_reason":"end_turn","stop_sequence":null,
         "usage":{"input_tokens":3,"cache_read_input_tokens":%d,"cache_creation_input_tokens":%d,
         "output_tokens":5}}
        """
            .formatted(read, written));
  }

  private static void block(
      JsonNode block, StringBuilder prefix, List<String> prefixes, List<Boolean> marks) {
    ObjectNode bare = ((ObjectNode) block).deepCopy();
    marks.add(bare.remove("cache_control") != null);
    if (bare.path("type").asString("").equals("text")) {
      prefix.append(bare.get("text").asString());
    } else {
      prefix.append(bare);
    }
    prefixes.add(prefix.toString());
  }
}
