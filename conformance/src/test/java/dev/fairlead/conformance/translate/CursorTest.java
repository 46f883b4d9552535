package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Cursor sends to {@code /cursor/chat/completions}, shape by shape. */
@Timeout(60)
class CursorTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATCH =
      "*** Begin Patch\n*** Update File: a.txt\n@@\n-a\n+b\n*** End Patch";

  @TempDir private Path directory;
  @AutoClose private final FakeProvider openAi = FakeProvider.start();
  @AutoClose private final FakeProvider anthropic = FakeProvider.start();
  @AutoClose private final HttpClient http = HttpClient.newHttpClient();
  @AutoClose private RunningGateway gateway;

  @BeforeEach
  void start() {
    gateway = RunningGateway.over(directory, openAi, anthropic);
  }

  @AfterEach
  void nothingUnexpected() {
    openAi.assertNoViolations();
    anthropic.assertNoViolations();
  }

  private HttpResponse<String> send(String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(gateway.at("/cursor/chat/completions")))
            .header("content-type", "application/json")
            .header("user-agent", "Cursor/1.0")
            .header("authorization", "Bearer " + RunningGateway.VIRTUAL_KEY)
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aResponsesBodyIsAnsweredAsChat() throws Exception {
    openAi.handler(request ->
        ResponsesReplies.text("Reading.")
            .functionCall("call_1", "read_file", "{\"target_file\":\"a.txt\"}")
            .forRequest(request));

    HttpResponse<String> reply =
        send(
            """
            {'model':'openai/gpt-5','stream':true,'stream_options':{'include_usage':true},
             'input':[{'role':'system','content':'Be brief.'},{'role':'user','content':'Read a.txt'}],
             'tools':[{'type':'function','name':'read_file','description':'Reads','parameters':
               {'type':'object','properties':{'target_file':{'type':'string'}}},'strict':false}],
             'tool_choice':'auto','reasoning':{'effort':'high','summary':'auto'},
             'metadata':{'cursorConversationId':'c-1'}}
            """);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.body())
        .contains("\"object\":\"chat.completion.chunk\"")
        .contains("\"name\":\"read_file\"")
        .contains("\"finish_reason\":\"tool_calls\"")
        .contains("\"prompt_tokens\":")
        .endsWith("data: [DONE]\n\n")
        .doesNotContain("response.");
    JsonNode sent = JSON.readTree(openAi.requests().getLast().body().utf8());
    assertThat(openAi.requests().getLast().path()).isEqualTo("/v1/responses");
    assertThat(sent.has("stream_options")).isFalse();
    assertThat(sent.at("/reasoning/effort").asString()).isEqualTo("high");
    assertThat(gateway.awaitReceipt().get("session").asString()).isEqualTo("c-1");
  }

  @Test
  void anthropicsBlocksInChatReachAnthropic() throws Exception {
    anthropic.handler(AnthropicReplies.text("Done.")::forRequest);

    HttpResponse<String> reply =
        send(
            """
            {'model':'anthropic/claude-sonnet-4-5','stream':false,
             'messages':[{'role':'system','content':'Be brief.'},{'role':'user','content':'Read a.txt'},
               {'role':'assistant','content':[{'type':'tool_use','id':'toolu_1','name':'read_file','input':{'target_file':'a.txt'}}]},
               {'role':'user','content':[{'type':'tool_result','tool_use_id':'toolu_1','content':'hello'}]}],
             'tools':[{'name':'read_file','description':'Reads','input_schema':{'type':'object','properties':{}}}]}
            """);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(JSON.readTree(reply.body()).at("/choices/0/message/content").asString())
        .isEqualTo("Done.");
    JsonNode sent = JSON.readTree(anthropic.requests().getLast().body().utf8());
    assertThat(sent.at("/messages/1/content/0/type").asString()).isEqualTo("tool_use");
    assertThat(sent.at("/messages/2/content/0/tool_use_id").asString()).isEqualTo("toolu_1");
    assertThat(sent.at("/tools/0/name").asString()).isEqualTo("read_file");
  }

  @Test
  void aPatchComesBackRawWhereTheProviderKnowsOnlyFunctions() throws Exception {
    anthropic.handler(request ->
        AnthropicReplies.toolUse(
                "toolu_1", "ApplyPatch", JSON.createObjectNode().put("input", PATCH).toString())
            .forRequest(request));

    HttpResponse<String> reply =
        send(
            """
            {'model':'anthropic/claude-sonnet-4-5','stream':false,'messages':[{'role':'user','content':'Patch it'}],
             'tools':[{'type':'custom','name':'ApplyPatch','description':'Applies a patch',
               'format':{'type':'grammar','syntax':'lark','definition':'start: /.+/'}}]}
            """);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    JsonNode call = JSON.readTree(reply.body()).at("/choices/0/message/tool_calls/0");
    assertThat(call.get("type").asString()).isEqualTo("function");
    assertThat(call.at("/function/name").asString()).isEqualTo("ApplyPatch");
    assertThat(call.at("/function/arguments").asString()).isEqualTo(PATCH);
  }

  @Test
  void toolsOfNullAndFlatToolsAreMadeWhatTheProviderTakes() throws Exception {
    openAi.handler(ChatReplies.text("Hello")::forRequest);

    assertThat(
            send("{'model':'openai/gpt-4.1','messages':[{'role':'user','content':'Hi'}],'tools':null}")
                .statusCode())
        .isEqualTo(200);
    assertThat(JSON.readTree(openAi.requests().getLast().body().utf8()).has("tools")).isFalse();
    assertThat(
            send("""
            {'model':'openai/gpt-4.1','messages':[{'role':'user','content':'Hi'}],
             'tools':[{'type':'function','name':'f','parameters':{'type':'object','properties':{}}}]}
            """)
                .statusCode())
        .isEqualTo(200);
    assertThat(
            JSON.readTree(openAi.requests().getLast().body().utf8())
                .at("/tools/0/function/name")
                .asString())
        .isEqualTo("f");
  }

  @Test
  void aSuffixOfThePickerIsReadBeforeTheModelIsChosen() throws Exception {
    anthropic.handler(AnthropicReplies.text("Hello")::forRequest);

    HttpResponse<String> reply =
        send(
            """
            {'model':'anthropic/claude-sonnet-4-5-thinking-high','messages':[{'role':'user','content':'Hi'}]}
            """);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    JsonNode sent = JSON.readTree(anthropic.requests().getLast().body().utf8());
    assertThat(sent.get("model").asString()).isEqualTo("claude-sonnet-4-5");
    assertThat(sent.at("/thinking/type").asString()).isEqualTo("enabled");
  }
}
