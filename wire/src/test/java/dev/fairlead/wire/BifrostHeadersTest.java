package dev.fairlead.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the headers clients of compatible gateways send. */
final class BifrostHeadersTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"model\":\"openai/gpt-4o\",\"messages\":[]}";

  private static Header header(String line) {
    int colon = line.indexOf(": ");
    return Header.of(line.substring(0, colon), line.substring(colon + 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-bf-async: true",
        "X-BF-Async: 1",
        "x-bf-async-id: 0190",
        "x-bf-mcp-include-tools: files-*",
        "x-bf-mcp-include-clients: files",
        "x-bf-prompt-id: p",
        "x-bf-prompt-version: 2",
        "x-bf-direct-key: true"
      })
  void whatWouldChangeTheMeaningIsRefusedByName(String line) {
    GatewayFixture gateway = gateway();

    RawHttp.Reply chat = gateway.post(CHAT, BODY, header(line)).readReply();
    RawHttp.Reply messages = gateway.post("/v1/messages", BODY, header(line)).readReply();

    String name = header(line).name().toLowerCase(java.util.Locale.ROOT);
    assertThat(chat.status()).isEqualTo(400);
    assertThat(chat.text()).contains("\"code\":\"unsupported_header\"", "The header " + name);
    assertThat(messages.status()).isEqualTo(400);
    assertThat(messages.text()).startsWith("{\"type\":\"error\"").contains("The header " + name);
    assertThat(provider.requestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-bf-async: false",
        "x-bf-mcp-include-tools: ",
        "x-bf-mcp-include-clients: ",
        "x-bf-direct-key: false",
        "x-bf-passthrough-extra-params: true",
        "x-bf-cache-no-store: true",
        "x-bf-disable-content-logging: true",
        "x-bf-eh-X-Own: 1",
        "x-bf-dim-team: payments",
        "x-bf-parent-request-id: 0190",
        "x-bf-session-affinity: off"
      })
  void whatIsSoInAnyCasePassesWithoutAWord(String line) {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());

    RawHttp.Reply got = gateway.post(CHAT, BODY, header(line)).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-warning")).isEmpty();
    assertThat(gateway.receipt().warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-bf-session-ttl",
        "X-Bf-Compat",
        "x-bf-prom-team",
        "x-bf-lh-own",
        "x-bf-maxim-tag",
        "x-bf-customer-id",
        "x-bf-never-heard-of",
        "x-bf-unheard"
      })
  void whatHasNoEffectIsToldAndGoesNowhere(String name) {
    GatewayFixture gateway = gateway();
    provider.enqueue(AnthropicReplies.text("Hi").json());

    RawHttp.Reply got =
        gateway
            .post(
                "/v1/messages",
                "{\"model\":\"anthropic/claude-sonnet-4-5\",\"messages\":[]}",
                Header.of(name, "1"))
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-warning").orElseThrow())
        .isEqualTo("the header " + name + " has no effect here");
    assertThat(gateway.receipt().warnings()).hasSize(1);
    ReceivedRequest up = provider.takeRequest(LIMIT);
    assertThat(up.headerValues(name)).isEmpty();
  }

  @Test
  void manyMakeFewWarnings() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      headers.add(Header.of("x-bf-lh-" + i, "1"));
    }

    RawHttp.Reply got = gateway.post(CHAT, BODY, headers.toArray(Header[]::new)).readReply();

    assertThat(got.head().headerValues("x-fairlead-warning"))
        .hasSize(9)
        .last()
        .isEqualTo("492 further headers have no effect here");
  }

  @Test
  void aDirectKeyIsHonouredWhereTheyAreAllowed() {
    GatewayFixture gateway =
        start(GatewayFixture.with().usual(provider.uri()).settings(SettingsSpec::directKeys));
    provider.enqueue(ChatReplies.text("Hi").json());

    assertThat(gateway.post(CHAT, BODY, Header.of("x-bf-direct-key", "true")).readReply().status())
        .isEqualTo(200);
  }

  @Test
  void theTableStandsInTheDocuments() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "headers.md"), UTF_8);

    assertThat(BifrostHeaders.TABLE.keySet())
        .allSatisfy(
            name -> assertThat(page).contains("`" + name + (name.endsWith("-") ? "NAME" : "")));
  }
}
