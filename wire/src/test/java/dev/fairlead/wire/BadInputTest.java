package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is no request is refused in the client's dialect, naming the field, and no provider hears of
 * it.
 */
final class BadInputTest extends GatewayTest {
  record Bad(String name, String body, int status, String code, String field) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Bad> BAD =
      List.of(
          new Bad("empty", "", 400, "empty_body", ""),
          new Bad("blank", " \n\t ", 400, "empty_body", ""),
          new Bad("no JSON", "model=gpt-4o", 400, "", ""),
          new Bad("an array", "[{\"model\":\"openai/m\"}]", 400, "", ""),
          new Bad("a string", "\"openai/m\"", 400, "", ""),
          new Bad("cut", "{\"model\":\"openai/m\",", 400, "", ""),
          new Bad("single quotes", "{'model':'openai/m'}", 400, "", ""),
          new Bad("trailing comma", "{\"model\":\"openai/m\",}", 400, "", ""),
          new Bad("comment", "{\"model\":\"openai/m\"/**/}", 400, "", ""),
          new Bad("NaN", "{\"model\":\"openai/m\",\"temperature\":NaN}", 400, "", ""),
          new Bad("leading zero", "{\"model\":\"openai/m\",\"n\":01}", 400, "", ""),
          new Bad("byte order mark", "\ufeff{\"model\":\"openai/m\"}", 400, "", ""),
          new Bad(
              "control character", "{\"model\":\"openai/m\",\"user\":\"a\u0001\"}", 400, "", ""),
          new Bad("garbage behind", "{\"model\":\"openai/m\"} x", 400, "", ""),
          new Bad(
              "a second object", "{\"model\":\"openai/m\"}{\"model\":\"openai/n\"}", 400, "", ""),
          new Bad(
              "too deep",
              "{\"model\":\"openai/m\",\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}",
              400,
              "",
              ""),
          new Bad(
              "model twice",
              "{\"model\":\"openai/m\",\"model\":\"openai/n\"}",
              400,
              "duplicate_key",
              "model"),
          new Bad(
              "model twice, once escaped",
              "{\"model\":\"openai/m\",\"\\u006dodel\":\"openai/n\"}",
              400,
              "duplicate_key",
              "model"),
          new Bad(
              "stream twice",
              "{\"stream\":false,\"model\":\"openai/m\",\"stre\\u0061m\":true}",
              400,
              "duplicate_key",
              "stream"),
          new Bad(
              "max_tokens twice",
              "{\"max_tokens\":1,\"model\":\"openai/m\",\"max_tokens\":2}",
              400,
              "duplicate_key",
              "max_tokens"),
          new Bad("no model", "{\"messages\":[]}", 400, "missing_model", "model"),
          new Bad("model null", "{\"model\":null}", 400, "missing_model", "model"),
          new Bad("model a number", "{\"model\":4}", 400, "wrong_type", "model"),
          new Bad("model a list", "{\"model\":[\"openai/m\"]}", 400, "wrong_type", "model"),
          new Bad("model empty", "{\"model\":\" \"}", 400, "invalid_model", "model"),
          new Bad(
              "model long",
              "{\"model\":\"openai/" + "m".repeat(300) + "\"}",
              400,
              "invalid_model",
              "model"),
          new Bad(
              "model with a line break",
              "{\"model\":\"openai/m\\r\\nx: y\"}",
              400,
              "invalid_model",
              "model"),
          new Bad(
              "stream a string",
              "{\"model\":\"openai/m\",\"stream\":\"true\"}",
              400,
              "wrong_type",
              "stream"),
          new Bad(
              "fallbacks a string",
              "{\"model\":\"openai/m\",\"fallbacks\":\"openai/n\"}",
              400,
              "wrong_type",
              "fallbacks"),
          new Bad(
              "fallbacks of numbers",
              "{\"model\":\"openai/m\",\"fallbacks\":[1]}",
              400,
              "wrong_type",
              "fallbacks[0]"),
          new Bad(
              "fallback without a model",
              "{\"model\":\"openai/m\",\"fallbacks\":[{\"provider\":\"openai\"}]}",
              400,
              "invalid_fallback",
              ""),
          new Bad(
              "unknown provider", "{\"model\":\"nobody/m\"}", 400, "unknown_provider", "model"));

  static Stream<Arguments> bad() {
    List<Arguments> all = new ArrayList<>();
    for (Bad bad : BAD) {
      for (String path :
          List.of("/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/embeddings")) {
        all.add(Arguments.of(path, bad));
      }
    }
    return all.stream();
  }

  private static RawHttp send(RawHttp client, String path, String body) {
    Bytes bytes = Bytes.utf8(body);
    return client.request(
        "POST", path, List.of(Header.of("content-length", "" + bytes.size())), bytes);
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isRefused(String path, Bad bad) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);

    RawHttp.Reply got = send(gateway.connect(), path, bad.body()).readReply();

    assertThat(got.status()).isEqualTo(bad.status());
    assertThat(got.head().header("content-type")).contains("application/json");
    assertThat(got.head().header("x-request-id")).isPresent();
    if (path.endsWith("/messages")) {
      assertThat(got.text())
          .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"");
    } else {
      assertThat(got.text()).startsWith("{\"error\":{\"message\":");
      if (!bad.field().isEmpty()) {
        assertThat(got.text()).contains("\"param\":\"" + bad.field() + "\"");
      }
    }
    assertThat(got.text()).contains(bad.field());
    assertThat(provider.requestCount()).isZero();
    Receipt receipt = gateway.receipt();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.REFUSED);
    assertThat(receipt.status()).isEqualTo(bad.status());
    assertThat(receipt.attempts()).isEmpty();
    assertThat(receipt.failureCode()).contains(bad.code());
  }

  @ParameterizedTest
  @FieldSource("BAD")
  void doesNotEndTheConnection(Bad bad) {
    String path = "/v1/chat/completions";
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(2);
    provider.enqueue(ChatReplies.text("Hi").json());
    RawHttp client = gateway.connect();
    send(client, path, bad.body()).readReply();

    assertThat(client.post(path, "{\"model\":\"openai/m\"}").readReply().status()).isEqualTo(200);
  }
}
