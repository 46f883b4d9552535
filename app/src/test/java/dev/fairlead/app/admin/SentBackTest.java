package dev.fairlead.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.admin.ControlFixture.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the control API answers can be sent back to it, and then nothing changes. */
final class SentBackTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GOVERNANCE = "/api/governance/";
  private static final String LIMITS =
      """
      "budgets":[{"max_limit":10.000000001,"reset_duration":"1M","override":{"amount":5,"cycles":2}},
        {"max_limit":1,"reset_duration":"1d"}],
      "rate_limits":[{"token_max_limit":1000,"token_reset_duration":"1h","request_max_limit":9,
        "request_reset_duration":"1m","concurrent_max_limit":3}]
      """;

  /** Something of a kind: where it is made, and its fields. */
  private record Kind(String path, String item, String fields) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "/api/providers",
              "/api/providers/groq",
              "{\"name\":\"groq\",\"network_config\":{\"base_url\":\"http://127.0.0.1:9\","
                  + "\"extra_headers\":{\"x-token\":\"hush-hush\"}}}"),
          new Kind(
              "/api/providers/groq/keys",
              "/api/providers/groq/keys/pk1",
              "{\"id\":\"pk1\",\"name\":\"k\",\"models\":[\"*\"],"
                  + "\"value\":\"gsk_not0a0real0key0000000000000000000042\"}"),
          kind("customers", "c1", "\"name\":\"c\"," + LIMITS),
          kind("teams", "t1", "\"name\":\"t\",\"customer_id\":\"c1\"," + LIMITS),
          kind("users", "u1", "\"name\":\"u\",\"team_id\":\"t1\"," + LIMITS),
          kind(
              "virtual-keys",
              "vk1",
              "\"name\":\"v\",\"user_id\":\"u1\","
                  + LIMITS
                  + ",\"provider_configs\":[{\"provider\":\"groq\",\"allowed_models\":[\"*\"],"
                  + "\"key_ids\":[\"*\"],"
                  + LIMITS
                  + "}]"),
          kind("model-configs", "m1", "\"model_name\":\"llama*\"," + LIMITS),
          kind("providers", "g1", "\"provider\":\"groq\"," + LIMITS),
          kind(
              "pricing-overrides",
              "p1",
              "\"name\":\"p\",\"pattern\":\"llama\",\"pricing_patch\":"
                  + "{\"input_cost_per_token\":0.000000123}"),
          kind(
              "routing-rules",
              "r1",
              "\"name\":\"r\",\"cel_expression\":\"model == 'x'\",\"targets\":"
                  + "[{\"provider\":\"groq\",\"model\":\"llama\",\"weight\":1}]"),
          new Kind(
              "/api/accounts",
              "/api/accounts/ada",
              "{\"username\":\"ada\",\"password\":\"long enough pass\",\"role\":\"developer\","
                  + "\"user_id\":\"u1\"}"));

  @TempDir private Path directory;

  private static Kind kind(String many, String id, String fields) {
    return new Kind(
        GOVERNANCE + many, GOVERNANCE + many + "/" + id, "{\"id\":\"" + id + "\"," + fields + "}");
  }

  /** The entity of an answer, which may be named in it. */
  private static ObjectNode entity(Reply reply) {
    ObjectNode whole = (ObjectNode) reply.json();
    whole.remove("message");
    return whole.size() == 1 ? (ObjectNode) whole.properties().iterator().next().getValue() : whole;
  }

  private static JsonNode lasting(ObjectNode entity) {
    return entity.deepCopy().remove(Set.of("revision", "updated_at"));
  }

  @Test
  void everyKindTakesItsOwnAnswers() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, "{\"providers\":{}}")) {
      SoftAssertions all = new SoftAssertions();
      for (Kind kind : KINDS) {
        Reply made = gateway.admin("POST", kind.path(), kind.fields());
        assertThat(made.status()).as(kind.path() + " " + made).isEqualTo(201);
      }
      for (Kind kind : KINDS) {
        ObjectNode before = entity(gateway.admin("GET", kind.item(), ""));
        for (String method : List.of("PUT", "PATCH", "PUT")) {
          if (method.equals("PATCH") && kind.path().equals("/api/accounts")) {
            continue;
          }
          Reply sent = gateway.admin(method, kind.item(), JSON.writeValueAsString(before));
          all.assertThat(sent.status()).as(method + " " + kind.item() + " " + sent).isEqualTo(200);
          ObjectNode after = entity(gateway.admin("GET", kind.item(), ""));
          all.assertThat(lasting(after)).as(kind.item()).isEqualTo(lasting(before));
        }
        Reply strict =
            gateway.admin(
                "PUT", kind.item(), JSON.writeValueAsString(before.deepCopy().put("colour", 1)));
        all.assertThat(strict.status()).as(kind.item()).isEqualTo(400);
        all.assertThat(strict.field()).as(kind.item()).isEqualTo("colour");
      }
      all.assertAll();
    }
  }

  @Test
  void whatIsSentBackSetsNoUsage() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, "{\"providers\":{}}")) {
      Reply made =
          gateway.admin(
              "POST",
              GOVERNANCE + "teams",
              "{\"id\":\"t1\",\"name\":\"t\",\"origin\":\"file\",\"read_only\":true,"
                  + "\"budgets\":[{\"id\":\"b1\",\"max_limit\":10,\"reset_duration\":\"1M\","
                  + "\"current_usage\":9,\"current_usage_nano_usd\":9000000000,"
                  + "\"effective_limit\":99}]}");
      assertThat(made.status()).as(made.toString()).isEqualTo(201);
      assertThat(made.body())
          .contains("\"current_usage\":0", "\"effective_limit\":10,", "\"read_only\":false")
          .contains("\"origin\":\"database\"");
      for (String misplaced :
          List.of(
              "{\"current_usage\":9}",
              "{\"rate_limits\":[{\"request_max_limit\":1,\"request_reset_duration\":\"1m\","
                  + "\"effective_limit\":1}]}",
              "{\"provider_status\":\"active\"}")) {
        assertThat(gateway.admin("PUT", GOVERNANCE + "teams/t1", misplaced).status())
            .as(misplaced)
            .isEqualTo(400);
      }
    }
  }
}
