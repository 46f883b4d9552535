package dev.fairlead.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.admin.ControlFixture.Reply;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration through the control API, from the request to what is in force. */
final class ControlTest {
  private static final String CONFIG =
      """
      {"providers": {"openai": {"keys": [
         {"name": "main", "value": "sk-proj-not0a0real0key000000000000001", "models": [], "weight": 1}],
         "network_config": {"base_url": "http://127.0.0.1:9"}}},
       "governance": {"teams": [{"id": "team-file", "name": "from the file"}]}}
      """;

  @TempDir private Path directory;

  @Test
  void modelsAreListedForWhoeverHasSignedInBehindAProxy() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      String cookie = gateway.login(ControlFixture.ADMIN, ControlFixture.PASSWORD).cookie();
      String basic = ControlFixture.basic(ControlFixture.ADMIN, ControlFixture.PASSWORD);
      String session = "Bearer " + gateway.tokenOf("viewer", "");
      String[][] known = {{"cookie", cookie}, {"authorization", basic}, {"authorization", session}};
      for (String[] proof : known) {
        Reply list =
            gateway.call(
                "GET",
                "/api/models?limit=3",
                "",
                "x-forwarded-for",
                "203.0.113.7",
                proof[0],
                proof[1]);
        assertThat(list.status()).as(list.toString()).isEqualTo(200);
        assertThat(list.json().path("models").isArray()).isTrue();
      }
      String[][] unknown = {
        {"accept", "*/*"},
        {"cookie", "fairlead_session=fl-ses-nobody"},
        {"authorization", "Bearer fl-api-nobody"},
        {"authorization", "Bearer sk-bf-nobody"}
      };
      for (String[] proof : unknown) {
        assertThat(
                gateway.status(
                    "GET", "/api/models", "x-forwarded-for", "203.0.113.7", proof[0], proof[1]))
            .as(proof[1])
            .isEqualTo(401);
      }
    }
  }

  @Test
  void aKeyIsMadeShownOnceUsedRotatedAndRemoved() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      Reply team =
          gateway.admin(
              "POST",
              "/api/governance/teams",
              "{\"name\":\"payments\",\"budgets\":[{\"max_limit\":10,\"reset_duration\":\"1M\"}]}");
      assertThat(team.status()).as(team.toString()).isEqualTo(201);
      String teamId = team.json().path("team").path("id").stringValue("");
      Reply made =
          gateway.admin(
              "POST",
              "/api/governance/virtual-keys",
              "{\"name\":\"ada\",\"team_id\":\""
                  + teamId
                  + "\",\"provider_configs\":[{\"provider\":"
                  + "\"openai\",\"allowed_models\":[\"*\"],\"key_ids\":[\"*\"]}]}");
      assertThat(made.status()).as(made.toString()).isEqualTo(201);
      String value = made.json().path("virtual_key").path("value").stringValue("");
      String id = made.json().path("virtual_key").path("id").stringValue("");
      assertThat(value).startsWith("sk-fl-");
      assertThat(gateway.call("GET", "/v1/models", "", "authorization", "Bearer " + value).status())
          .isEqualTo(200);
      assertThat(gateway.admin("GET", "/api/governance/virtual-keys?team_id=" + teamId, "").body())
          .contains("\"total_count\":1")
          .doesNotContain(value);
      assertThat(gateway.admin("GET", "/api/governance/virtual-keys?search=nobody", "").body())
          .contains("\"total_count\":0");

      Reply rotated = gateway.admin("POST", "/api/governance/virtual-keys/" + id + "/rotate", "");
      String next = rotated.json().path("virtual_key").path("value").stringValue("");
      assertThat(next).startsWith("sk-fl-").isNotEqualTo(value);
      assertThat(gateway.call("GET", "/v1/models", "", "authorization", "Bearer " + value).status())
          .isEqualTo(401);
      assertThat(gateway.call("GET", "/v1/models", "", "authorization", "Bearer " + next).status())
          .isEqualTo(200);
      assertThat(gateway.admin("DELETE", "/api/governance/teams/" + teamId, "").status())
          .as("still referred to")
          .isEqualTo(409);
      assertThat(gateway.admin("DELETE", "/api/governance/virtual-keys/" + id, "").status())
          .isEqualTo(200);
      assertThat(gateway.call("GET", "/v1/models", "", "authorization", "Bearer " + next).status())
          .isEqualTo(401);

      String audit = gateway.admin("GET", "/api/audit?kind=virtual_key", "").body();
      assertThat(audit)
          .contains("\"create\"", "\"rotate\"", "\"delete\"", "\"before\"")
          .doesNotContain(value)
          .doesNotContain(next);
      assertThat(gateway.admin("GET", "/api/audit?format=csv", "").body())
          .startsWith("id,time,actor_kind")
          .contains("virtual_key");
      assertThat(gateway.admin("GET", "/api/audit?format=jsonl", "").body().lines())
          .allMatch(line -> line.startsWith("{\"id\":"));
    }
  }

  @Test
  void aBudgetIsToppedUpAndSaysHowItStands() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      Reply made =
          gateway.admin(
              "POST",
              "/api/governance/virtual-keys",
              "{\"name\":\"ada\",\"budgets\":[{\"max_limit\":2.5,\"reset_duration\":\"1d\"}]}");
      assertThat(made.status()).as(made.toString()).isEqualTo(201);
      String id = made.json().path("virtual_key").path("id").stringValue("");
      String budget =
          made.json().path("virtual_key").path("budgets").path(0).path("id").stringValue("");
      assertThat(budget).isNotEmpty();
      assertThat(gateway.admin("GET", "/api/governance/virtual-keys/" + id, "").body())
          .contains("\"current_usage\":0", "\"resets_at\"");
      String path = "/api/governance/virtual-keys/" + id + "/budgets/" + budget + "/override";
      assertThat(gateway.admin("PUT", path, "{\"amount\":-1}").field()).isEqualTo("amount");
      assertThat(
              gateway
                  .admin("PUT", path, "{\"amount\":1,\"mode\":\"forever\",\"cycles\":2}")
                  .field())
          .isEqualTo("cycles");
      Reply more = gateway.admin("PUT", path, "{\"amount\":5,\"mode\":\"cycles\",\"cycles\":2}");
      assertThat(more.status()).as(more.toString()).isEqualTo(200);
      assertThat(more.body()).contains("\"override\"");
      String key = "/api/governance/virtual-keys/" + id;
      String edit = "{\"budgets\":[{\"id\":\"" + budget + "\",\"max_limit\":%s%s}]}";
      String daily = ",\"reset_duration\":\"1d\"";
      assertThat(gateway.admin("PUT", key, edit.formatted(2, daily)).body())
          .as("an edit that says nothing of the top-up")
          .contains("\"override\"", "\"effective_limit\":7");
      assertThat(
              gateway.admin("PUT", key, edit.formatted("2", daily + ",\"override\":null")).body())
          .contains("\"effective_limit\":2,")
          .doesNotContain("\"override\"");
      assertThat(gateway.admin("PUT", path, "{\"amount\":5,\"mode\":\"forever\"}").body())
          .contains("\"effective_limit\":7");
      assertThat(gateway.admin("DELETE", path, "").body()).doesNotContain("\"override\"");
      assertThat(gateway.admin("GET", "/api/governance/budgets", "").body()).contains(budget);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "POST | teams | '{\"name\":\"x\",\"colour\":1}' | 400 | colour",
        "POST | teams |"
            + " '{\"name\":\"x\",\"budgets\":[{\"max_limit\":-1,\"reset_duration\":\"1d\"}]}' | 400"
            + " | budgets[0].max_limit",
        "POST | virtual-keys | '{\"name\":\"x\",\"team_id\":\"nowhere\"}' | 400 | team_id",
        "POST | virtual-keys | '{\"name\":7}' | 400 | name",
        "PUT | teams/team-file | '{\"name\":\"y\"}' | 403 | ''",
        "DELETE | teams/nothing | '' | 404 | ''",
        "GET | virtual-keys?sort_by=colour | '' | 400 | sort_by",
        "POST | routing-rules | '{\"name\":\"r\",\"cel_expression\":\"model"
            + " ==\",\"targets\":[{\"provider\":\"openai\",\"model\":\"gpt-4o\",\"weight\":1}]}' |"
            + " 400 | cel_expression",
        "POST | routing-rules | '{\"name\":\"r\",\"cel_expression\":\"1/0 =="
            + " 1\",\"action\":\"deny\"}' | 400 | cel_expression",
        "POST | routing-rules | '{\"name\":\"r\",\"action\":\"deny\",\"chain_rule\":true}' | 400 |"
            + " chain_rule",
        "POST | routing-rules |"
            + " '{\"name\":\"r\",\"action\":\"deny\",\"fallbacks\":[\"openai/o3\"]}' | 400 |"
            + " fallbacks",
        "POST | routing-rules |"
            + " '{\"name\":\"r\",\"targets\":[{\"provider\":\"openai\",\"key_id\":\"nope\"}]}' |"
            + " 400 | targets[0].key_id",
        "POST | routing-rules |"
            + " '{\"name\":\"r\",\"targets\":[{\"provider\":\"openai\",\"key_id\":\"main\"}]}' |"
            + " 201 | ''",
        "POST | virtual-keys | '{\"name\":\"x\",\"provider_configs\":[{\"provider\":\"openai\","
            + "\"key_ids\":[\"nope\"]}]}' | 400 | provider_configs[0].key_ids",
        "POST | virtual-keys |"
            + " '{\"name\":\"x\",\"budgets\":[{\"max_limit\":1,\"reset_duration\":\"1d\",\"override\":{\"amount\":1,\"mode\":\"forever\",\"cycles\":2}}]}'"
            + " | 400 | budgets[0].override.cycles",
      })
  void whatIsWrongIsNamed(String method, String path, String body, int status, String field)
      throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      Reply reply = gateway.admin(method, "/api/governance/" + path, body);
      assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
      assertThat(reply.field()).isEqualTo(field);
      if (status >= 400) {
        assertThat(reply.json().path("error").path("message").stringValue("")).isNotEmpty();
      }
      if (status == 403) {
        assertThat(reply.body()).contains("config.json");
      }
    }
  }

  @Test
  void aProviderAndItsKeyAreMadeAndTheKeyNeverComesBack() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      Reply made =
          gateway.admin(
              "POST",
              "/api/providers",
              "{\"provider\":\"groq\",\"network_config\":{\"base_url\":\"http://127.0.0.1:9\"}}");
      assertThat(made.status()).as(made.toString()).isEqualTo(201);
      String secret = "gsk_not0a0real0key0000000000000000000042";
      Reply key =
          gateway.admin(
              "POST",
              "/api/providers/groq/keys",
              "{\"name\":\"k\",\"value\":\"" + secret + "\",\"models\":[\"*\"]}");
      assertThat(key.status()).as(key.toString()).isEqualTo(201);
      assertThat(key.body()).doesNotContain(secret);
      String keyId = key.json().path("id").stringValue("");
      assertThat(gateway.admin("GET", "/api/providers/groq/keys", "").body())
          .contains("\"total\":1")
          .doesNotContain(secret);
      assertThat(gateway.admin("GET", "/api/keys", "").body())
          .doesNotContain(secret)
          .doesNotContain("sk-proj-not0a0real0key");
      Reply tested = gateway.admin("POST", "/api/providers/groq/keys/" + keyId + "/test", "");
      assertThat(tested.status()).isEqualTo(200);
      assertThat(tested.json().path("ok").booleanValue()).isFalse();
      assertThat(gateway.admin("PUT", "/api/providers/groq", "{\"keys\":[]}").field())
          .isEqualTo("keys");
      assertThat(gateway.admin("GET", "/api/providers", "").body()).contains("groq", "openai");
      assertThat(gateway.admin("PATCH", "/api/providers/groq", "{\"enabled\":\"no\"}").field())
          .isEqualTo("enabled");
      String address = "\"network_config\":{\"base_url\":\"http://127.0.0.1:9\"}";
      for (String method : new String[] {"PATCH", "PUT"}) {
        Reply off =
            gateway.admin(method, "/api/providers/groq", "{\"enabled\":false," + address + "}");
        assertThat(off.status()).as(off.toString()).isEqualTo(200);
        assertThat(off.body()).contains("\"enabled\":false", "\"provider_status\":\"disabled\"");
        for (String side : new String[] {"/keys/" + keyId + "/test", "/refresh-models"}) {
          assertThat(gateway.admin("POST", "/api/providers/groq" + side, "").body())
              .contains("\"ok\":false", "is disabled");
        }
        assertThat(gateway.admin("GET", "/api/models?provider=groq", "").body())
            .contains("\"total\":0");
        assertThat(gateway.admin("PATCH", "/api/providers/groq", "{" + address + "}").body())
            .contains("\"enabled\":false");
        assertThat(gateway.admin("PUT", "/api/providers/groq", "{" + address + "}").body())
            .contains("\"enabled\":true", "\"provider_status\":\"active\"");
      }
      assertThat(gateway.admin("PUT", "/api/providers/openai", "{}").status()).isEqualTo(403);
      assertThat(gateway.admin("DELETE", "/api/providers/groq", "").status()).isEqualTo(200);
      assertThat(gateway.admin("GET", "/api/audit", "").body()).doesNotContain(secret);
      assertThat(gateway.admin("GET", "/api/info", "").status()).isEqualTo(200);
      assertThat(gateway.admin("GET", "/api/config", "").body()).contains("client_config");
    }
  }
}
