package dev.fairlead.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.admin.ControlFixture.Reply;
import dev.fairlead.app.ledger.QuotaEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every route: documented, and open to those roles alone that have its permission. */
final class RoutesTest {
  @TempDir private Path directory;

  private static String documented(String path, Map.Entry<String, JsonNode> operation) {
    TreeSet<String> query = new TreeSet<>();
    for (JsonNode parameter : operation.getValue().path("parameters")) {
      if (parameter.path("in").stringValue("").equals("query")) {
        query.add(parameter.path("name").stringValue(""));
      }
    }
    return operation.getKey().toUpperCase(java.util.Locale.ROOT)
        + " "
        + path
        + " "
        + operation.getValue().path("x-permission").stringValue("")
        + (operation.getValue().path("x-scoped").asBoolean(false) ? " scoped " : " ")
        + query;
  }

  @Test
  void routesAndTheDocumentSayTheSame() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, "{\"providers\":{}}")) {
      Reply document = gateway.call("GET", "/api/openapi.json", "");
      assertThat(document.status()).isEqualTo(200);
      assertThat(document.json().path("openapi").stringValue("")).isEqualTo("3.1.0");
      TreeSet<String> written = new TreeSet<>();
      document
          .json()
          .path("paths")
          .properties()
          .forEach(path ->
              path.getValue()
                  .properties()
                  .forEach(operation -> written.add(documented(path.getKey(), operation))));
      TreeSet<String> served = new TreeSet<>();
      // Asked with a virtual key, so it stands beside those of administrators.
      served.add("GET " + QuotaEndpoint.PATH + " virtual_key []");
      assertThat(gateway.call("GET", QuotaEndpoint.PATH, "").status()).isIn(401, 403);
      for (ApiRoute route : gateway.startup().server().control().routes()) {
        served.add(
            route.method()
                + " "
                + route.path()
                + " "
                + route.permission().label()
                + (route.scoped() ? " scoped " : " ")
                + new TreeSet<>(route.parameters()));
      }
      assertThat(served).containsExactlyElementsOf(written);
    }
  }

  /** Each role at each route; what a handler itself then answers is not looked at. */
  @Test
  void eachRoleReachesTheRoutesItMayAndNoOther() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, "{\"providers\":{}}")) {
      Map<Role, String> tokens = new LinkedHashMap<>();
      for (Role role : Role.values()) {
        String more =
            switch (role) {
              case DEVELOPER -> ",\"user_id\":\"u1\"";
              case TEAM_LEAD -> ",\"team_id\":\"t1\"";
              case ADMIN, OPERATOR, VIEWER -> "";
            };
        tokens.put(role, gateway.tokenOf(role.label(), more));
      }
      SoftAssertions all = new SoftAssertions();
      for (ApiRoute route : gateway.startup().server().control().routes()) {
        if (route.path().startsWith("/api/session/") || route.path().startsWith("/api/me/sess")) {
          continue;
        }
        // An id nothing has, and no body: nothing is changed whoever asks.
        String path = route.path().replaceAll("\\{\\w+\\}", "nothing-has-this-id");
        tokens.forEach((role, token) -> {
          int status = gateway.status(route.method(), path, "authorization", "Bearer " + token);
          boolean limited = role == Role.DEVELOPER || role == Role.TEAM_LEAD;
          boolean may =
              switch (route.permission()) {
                case OPEN, SIGNED_IN -> true;
                case CONFIG_READ,
                    CONFIG_WRITE,
                    KEYS_WRITE,
                    USAGE_READ,
                    LOGS_READ,
                    PROMPTS_READ,
                    ADMIN ->
                    role.permissions().contains(route.permission()) && (!limited || route.scoped());
              };
          String what = role + " at " + route.method() + " " + route.path();
          if (may) {
            all.assertThat(status).as(what).isNotIn(401, 403);
          } else {
            all.assertThat(status).as(what).isEqualTo(403);
          }
        });
        if (route.permission() != Permission.OPEN) {
          all.assertThat(gateway.status(route.method(), path))
              .as("nobody at " + route.method() + " " + route.path())
              .isEqualTo(401);
        }
      }
      all.assertAll();
    }
  }
}
