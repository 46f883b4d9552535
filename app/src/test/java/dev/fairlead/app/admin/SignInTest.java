package dev.fairlead.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.admin.ControlFixture.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in: passwords, cookies, tokens, links, the owner's secret; and who does not. */
final class SignInTest {
  private static final String CONFIG = "{\"providers\":{}}";
  private static final String CSRF = "x-fairlead-csrf";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/accounts",
        "GET /api/audit",
        "GET /api/me",
        "POST /api/tokens",
        "GET /api/nothing",
        "DELETE /api/accounts/x",
        "GET /api/accounts/../me"
      })
  void nobodyIsLetInForComingFromThisMachine(String what) throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      String[] parts = what.split(" ", 2);
      Reply reply = gateway.call(parts[0], parts[1], "");
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.code()).isEqualTo("unauthenticated");
      assertThat(reply.header("www-authenticate")).startsWith("Bearer");
      assertThat(reply.header("x-request-id")).isNotEmpty();
    }
  }

  @Test
  void basicAndTheOwnersSecretAndTokensGetIn() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      assertThat(gateway.admin("GET", "/api/accounts", "").json().path("total").intValue())
          .isEqualTo(1);
      Path secret = directory.resolve("admin.secret");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
      assertThat(
              gateway
                  .call(
                      "GET",
                      "/api/accounts",
                      "",
                      "authorization",
                      "Bearer " + Files.readString(secret))
                  .status())
          .isEqualTo(200);

      Reply made =
          gateway.admin(
              "POST", "/api/tokens", "{\"name\":\"ci\",\"scopes\":[\"config.read\",\"admin\"]}");
      assertThat(made.status()).isEqualTo(201);
      String token = made.json().path("value").stringValue("");
      assertThat(token).startsWith("fl-api-");
      assertThat(
              gateway.call("GET", "/api/accounts", "", "authorization", "Bearer " + token).status())
          .isEqualTo(200);
      Reply listed = gateway.admin("GET", "/api/tokens", "");
      assertThat(listed.body()).doesNotContain(token).contains("fl-api-…");
      assertThat(gateway.admin("DELETE", "/api/tokens/ci", "").status()).isEqualTo(204);
      assertThat(
              gateway.call("GET", "/api/accounts", "", "authorization", "Bearer " + token).status())
          .isEqualTo(401);
    }
  }

  @Test
  void aTokenMayNoMoreThanItsScopesAndItsMaker() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      String narrow =
          gateway
              .admin("POST", "/api/tokens", "{\"name\":\"narrow\",\"scopes\":[\"usage.read\"]}")
              .json()
              .path("value")
              .stringValue("");
      Reply refused = gateway.call("GET", "/api/audit", "", "authorization", "Bearer " + narrow);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("admin");

      String viewer = gateway.tokenOf("viewer", "");
      Reply more =
          gateway.call(
              "POST",
              "/api/tokens",
              "{\"name\":\"more\",\"scopes\":[\"config.write\"]}",
              "authorization",
              "Bearer " + viewer);
      assertThat(more.status()).isEqualTo(400);
      assertThat(more.field()).isEqualTo("scopes");
    }
  }

  @Test
  void aCookieIsHardenedAndGoodOnlyForPagesOfOurs() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      Reply login =
          gateway.login(ControlFixture.ADMIN, ControlFixture.PASSWORD, "origin", gateway.origin());
      assertThat(login.status()).isEqualTo(200);
      assertThat(login.header("set-cookie"))
          .contains("HttpOnly", "SameSite=Strict", "Path=/", "fairlead_session=")
          .doesNotContain("Secure");
      assertThat(login.json().has("token")).isFalse();
      String cookie = login.cookie();
      String csrf = login.json().path("csrf_token").stringValue("");

      assertThat(gateway.call("GET", "/api/me", "", "cookie", cookie).status()).isEqualTo(200);
      String body = "{\"name\":\"x\"}";
      assertThat(gateway.call("POST", "/api/tokens", body, "cookie", cookie).status())
          .as("without the token")
          .isEqualTo(403);
      assertThat(gateway.call("POST", "/api/tokens", body, "cookie", cookie, CSRF, "1").status())
          .as("a mark without proof of a page")
          .isEqualTo(403);
      assertThat(
              gateway
                  .call(
                      "POST",
                      "/api/tokens",
                      body,
                      "cookie",
                      cookie,
                      CSRF,
                      csrf,
                      "origin",
                      "https://evil.test")
                  .status())
          .as("another origin, even with the token")
          .isEqualTo(403);
      assertThat(
              gateway
                  .call("GET", "/api/me", "", "cookie", cookie, "sec-fetch-site", "cross-site")
                  .status())
          .as("another site")
          .isEqualTo(403);
      assertThat(
              gateway
                  .call(
                      "POST",
                      "/api/tokens",
                      body,
                      "cookie",
                      cookie,
                      CSRF,
                      "1",
                      "origin",
                      gateway.origin())
                  .status())
          .isEqualTo(201);
      assertThat(
              gateway
                  .call("POST", "/api/session/logout", "", "cookie", cookie, CSRF, csrf)
                  .header("set-cookie"))
          .contains("Max-Age=0");
      assertThat(gateway.call("GET", "/api/me", "", "cookie", cookie).status()).isEqualTo(401);
    }
  }

  @Test
  void behindATlsProxyTheCookieIsSecureAndBoundToTheHost() throws IOException {
    String config = "{\"fairlead\":{\"trusted_proxies\":[\"127.0.0.1/32\"]},\"providers\":{}}";
    try (ControlFixture gateway = ControlFixture.start(directory, config)) {
      Reply login =
          gateway.login(
              ControlFixture.ADMIN,
              ControlFixture.PASSWORD,
              "x-forwarded-proto",
              "https",
              "x-forwarded-host",
              "gateway.example",
              "x-forwarded-for",
              "203.0.113.9",
              "origin",
              "https://gateway.example");
      assertThat(login.header("set-cookie")).startsWith("__Host-fairlead=").contains("; Secure");
      assertThat(
              gateway
                  .call(
                      "DELETE",
                      "/api/me/sessions",
                      "",
                      "cookie",
                      login.cookie(),
                      CSRF,
                      "1",
                      "x-forwarded-proto",
                      "https",
                      "x-forwarded-host",
                      "gateway.example",
                      "origin",
                      "https://gateway.example")
                  .status())
          .isEqualTo(204);
      assertThat(gateway.admin("GET", "/api/audit?action=login", "").body())
          .contains("203.0.113.9");
      String secret = Files.readString(directory.resolve("admin.secret"));
      assertThat(gateway.call("GET", "/api/me", "", "authorization", "Bearer " + secret).status())
          .as("the owner's secret does not travel through proxies")
          .isEqualTo(401);
    }
  }

  @Test
  void guessingIsThrottledForNamesThatExistAndForThoseThatDoNot() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      for (String name : new String[] {ControlFixture.ADMIN, "ghost"}) {
        for (int i = 0; i < 5; i++) {
          assertThat(gateway.login(name, "wrong password " + i).status()).isEqualTo(401);
        }
        Reply limited = gateway.login(name, ControlFixture.PASSWORD);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(limited.header("retry-after"))).isBetween(1, 900);
      }
      String secret = Files.readString(directory.resolve("admin.secret"));
      assertThat(
              gateway
                  .call("GET", "/api/audit?action=login", "", "authorization", "Bearer " + secret)
                  .body())
          .contains("\"outcome\":\"refused\"")
          .doesNotContain("wrong password");
    }
  }

  @Test
  void aLockHoldsForAPasswordThatWasRightAMomentAgoAndNotForSessions() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      assertThat(gateway.admin("GET", "/api/me", "").status()).isEqualTo(200);
      String token =
          gateway
              .login(ControlFixture.ADMIN, ControlFixture.PASSWORD)
              .json()
              .path("token")
              .stringValue("");
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.login(ControlFixture.ADMIN, "wrong password " + i).status())
            .isEqualTo(401);
        assertThat(gateway.admin("GET", "/api/me", "").status()).isEqualTo(i < 4 ? 200 : 429);
      }
      assertThat(gateway.login(ControlFixture.ADMIN, ControlFixture.PASSWORD).status())
          .isEqualTo(429);
      assertThat(gateway.login(ControlFixture.ADMIN, "wrong password 6").status()).isEqualTo(429);
      assertThat(gateway.call("GET", "/api/me", "", "authorization", "Bearer " + token).status())
          .isEqualTo(200);
    }
  }

  @Test
  void anEmptyPasswordIsNone() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      String viewer = "\"role\":\"viewer\"}";
      Reply none =
          gateway.admin("POST", "/api/accounts", "{\"username\":\"e\",\"password\":\"\"," + viewer);
      assertThat(none.status()).as(none.toString()).isEqualTo(400);
      assertThat(none.field()).isEqualTo("password");
      assertThat(none.body()).contains("at least 10 characters");
      Reply absent = gateway.admin("POST", "/api/accounts", "{\"username\":\"e\"," + viewer);
      assertThat(absent.field()).isEqualTo("password");
      assertThat(absent.body()).contains("is missing");
      assertThat(
              gateway
                  .admin(
                      "POST",
                      "/api/accounts",
                      "{\"username\":\"\",\"password\":\"long enough pass\"," + viewer)
                  .field())
          .isEqualTo("username");
      gateway.tokenOf("viewer", "");
      Reply emptied = gateway.admin("PUT", "/api/accounts/the-viewer", "{\"password\":\"\"}");
      assertThat(emptied.status()).isEqualTo(400);
      assertThat(emptied.field()).isEqualTo("password");
      assertThat(gateway.admin("PUT", "/api/accounts/the-viewer", "{\"name\":\"V\"}").status())
          .isEqualTo(200);
      assertThat(gateway.login("the-viewer", "long enough viewer").status()).isEqualTo(200);
      assertThat(gateway.login("the-viewer", "").status()).isEqualTo(401);
      assertThat(
              gateway
                  .call(
                      "GET", "/api/me", "", "authorization", ControlFixture.basic("the-viewer", ""))
                  .status())
          .isEqualTo(401);
    }
  }

  @Test
  void theFirstAccountIsMadeByALinkThatWorksOnce() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG, Map.of())) {
      String link = gateway.startup().server().setUpLink();
      assertThat(link).startsWith("fl-link-");
      assertThat(
              gateway
                  .call("GET", "/api/session/is-auth-enabled", "")
                  .json()
                  .path("setup_required")
                  .booleanValue())
          .isTrue();
      String wrong =
          "{\"token\":\"fl-link-no\",\"username\":\"ada\",\"password\":\"long enough pass\"}";
      assertThat(gateway.call("POST", "/api/session/setup", wrong).status()).isEqualTo(403);
      String empty = "{\"token\":\"" + link + "\",\"username\":\"ada\",\"password\":\"\"}";
      assertThat(gateway.call("POST", "/api/session/setup", empty).field()).isEqualTo("password");
      String weak = "{\"token\":\"" + link + "\",\"username\":\"ada\",\"password\":\"short\"}";
      Reply refused = gateway.call("POST", "/api/session/setup", weak);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.field()).isEqualTo("password");
      String right =
          "{\"token\":\"" + link + "\",\"username\":\"ada\",\"password\":\"long enough pass\"}";
      Reply made = gateway.call("POST", "/api/session/setup", right);
      assertThat(made.status()).isEqualTo(200);
      assertThat(made.json().path("user").path("role").stringValue("")).isEqualTo("admin");
      assertThat(gateway.call("POST", "/api/session/setup", right).status()).isIn(403, 409);
      assertThat(gateway.login("ADA", "long enough pass").status()).isEqualTo(200);
      assertThat(Files.readAllBytes(directory.resolve("config.db")))
          .asString(java.nio.charset.StandardCharsets.ISO_8859_1)
          .doesNotContain("long enough pass")
          .doesNotContain(link);
    }
  }

  @Test
  void aChangedPasswordEndsOtherSessionsAndTheLastAdminStays() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      String viewer = gateway.tokenOf("viewer", "");
      String other =
          gateway.login("the-viewer", "long enough viewer").json().path("token").stringValue("");
      Reply changed =
          gateway.call(
              "PUT",
              "/api/me/password",
              "{\"current_password\":\"long enough viewer\",\"new_password\":\"another long one\"}",
              "authorization",
              "Bearer " + viewer);
      assertThat(changed.status()).isEqualTo(200);
      for (String old : new String[] {viewer, other}) {
        assertThat(gateway.call("GET", "/api/me", "", "authorization", "Bearer " + old).status())
            .isEqualTo(401);
      }
      assertThat(gateway.login("the-viewer", "another long one").status()).isEqualTo(200);

      String id =
          gateway
              .admin("GET", "/api/accounts", "")
              .json()
              .path("accounts")
              .get(0)
              .path("id")
              .stringValue("");
      assertThat(gateway.admin("PUT", "/api/accounts/" + id, "{\"role\":\"viewer\"}").status())
          .isEqualTo(409);
      Reply managed = gateway.admin("DELETE", "/api/accounts/" + ControlFixture.ADMIN, "");
      assertThat(managed.status()).isEqualTo(403);
      assertThat(managed.body()).contains("FAIRLEAD_ADMIN_PASSWORD");
    }
  }

  @Test
  void strictBodiesAndQueries() throws IOException {
    try (ControlFixture gateway = ControlFixture.start(directory, CONFIG)) {
      Reply unknown =
          gateway.admin(
              "POST",
              "/api/accounts",
              "{\"usrname\":\"x\",\"password\":\"long enough\",\"role\":3}");
      assertThat(unknown.status()).isEqualTo(400);
      assertThat(unknown.field()).isEqualTo("usrname");
      assertThat(unknown.body()).contains("is username meant?").contains("role");
      assertThat(gateway.admin("POST", "/api/accounts", "{\"a\":1,\"a\":2}").body())
          .contains("twice");
      assertThat(gateway.admin("POST", "/api/accounts", "[1]").status()).isEqualTo(400);
      assertThat(gateway.admin("POST", "/api/accounts", "{").status()).isEqualTo(400);
      assertThat(
              gateway
                  .call(
                      "POST",
                      "/api/accounts",
                      "",
                      "authorization",
                      ControlFixture.basic(ControlFixture.ADMIN, ControlFixture.PASSWORD))
                  .status())
          .isEqualTo(415);
      Reply query = gateway.admin("GET", "/api/audit?limt=3", "");
      assertThat(query.status()).isEqualTo(400);
      assertThat(query.field()).isEqualTo("limt");
      assertThat(query.body()).contains("is limit meant?");
      assertThat(gateway.admin("GET", "/api/audit?limit=0", "").field()).isEqualTo("limit");
      Reply method = gateway.admin("PATCH", "/api/accounts", "");
      assertThat(method.status()).isEqualTo(405);
      assertThat(method.header("allow")).contains("GET").contains("POST");
      assertThat(
              gateway
                  .admin("POST", "/api/accounts", "{\"x\":\"" + "y".repeat(5_000_000) + "\"}")
                  .status())
          .isEqualTo(413);
    }
  }
}
