package dev.fairlead.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DashboardTest {
  private static final Headers BROWSER =
      Headers.of(
          "accept", "text/html,application/xhtml+xml", "accept-encoding", "gzip, deflate, br");
  private static final Headers PROGRAM = Headers.of("accept", "*/*");

  private final Dashboard dashboard = Dashboard.bundled();

  @Test
  void pagesAreForBrowsersOnly() {
    for (String page : List.of("/", "/logs", "/logs/0198", "/governance/keys", "/setup")) {
      assertThat(dashboard.serves("GET", page, BROWSER)).as(page).isTrue();
      assertThat(dashboard.serves("GET", page, PROGRAM)).as(page).isFalse();
      assertThat(dashboard.serves("POST", page, BROWSER)).as(page).isFalse();
    }
  }

  @Test
  void nothingOfTheApiIsAPage() {
    for (String path :
        List.of("/api/logs", "/v1/models", "/models", "/openai/v1", "/favicon.ico")) {
      assertThat(dashboard.serves("GET", path, BROWSER)).as(path).isFalse();
    }
  }

  @Test
  void onlyListedFilesAreServed() {
    for (String path :
        List.of("/files.txt", "/index.html", "/../fairlead-web/index.html", "/assets/", "//logs")) {
      assertThat(dashboard.serves("GET", path, PROGRAM)).as(path).isFalse();
    }
  }

  @Test
  void theWayToTheRootFollowsTheDepth() {
    assertThat(Dashboard.root("/")).isEqualTo("./");
    assertThat(Dashboard.root("/logs")).isEqualTo("./");
    assertThat(Dashboard.root("/logs/")).isEqualTo("../");
    assertThat(Dashboard.root("/logs/0198")).isEqualTo("../");
  }

  @Test
  void thePageForbidsWhatIsForeign() throws IOException {
    Answered page = get("/logs/0198", BROWSER);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.headers().get("content-security-policy")).contains("default-src 'none'");
    assertThat(page.headers().get("x-frame-options")).isEqualTo("DENY");
    assertThat(page.body().utf8()).startsWith("<!doctype html>");
  }

  @Test
  void withoutABuildThePageSaysHow() throws IOException {
    Assumptions.assumeFalse(WebAssets.bundled().built(), "the dashboard was built");
    assertThat(get("/", BROWSER).body().utf8()).contains("npm").contains("scripts/dist");
  }

  @Test
  void filesComeCompressedAndStay() throws IOException {
    Assumptions.assumeTrue(WebAssets.bundled().built(), "the dashboard was not built");
    String page = get("/logs/0198", BROWSER).body().utf8();
    assertThat(page).contains("<base href=\"../\" />");
    String script = page.replaceAll("(?s).*src=\"\\./(assets/index-[^\"]+\\.js)\".*", "/$1");
    Answered file = get(script, BROWSER);
    assertThat(file.headers().get("content-encoding")).isEqualTo("br");
    assertThat(file.headers().get("cache-control")).contains("immutable");
    assertThat(file.body().length()).isLessThan(300 * 1024);
    Answered plain = get(script, PROGRAM);
    assertThat(plain.headers().get("content-encoding")).isNull();
    assertThat(plain.body().length()).isGreaterThan(file.body().length());
    Answered refused = get(script, Headers.of("accept-encoding", "br;q=0, gzip"));
    assertThat(refused.headers().get("content-encoding")).isEqualTo("gzip");
  }

  private record Answered(int status, Headers headers, Bytes body) {}

  private Answered get(String path, Headers headers) throws IOException {
    assertThat(dashboard.serves("GET", path, headers)).isTrue();
    List<Answered> answers = new ArrayList<>();
    dashboard.serve(
        new Site.Call() {
          @Override
          public String id() {
            return "1";
          }

          @Override
          public String method() {
            return "GET";
          }

          @Override
          public String path() {
            return path;
          }

          @Override
          public String query() {
            return "";
          }

          @Override
          public Headers headers() {
            return headers;
          }

          @Override
          public String clientAddress() {
            return "";
          }

          @Override
          public boolean proxied() {
            return false;
          }

          @Override
          public boolean secure() {
            return false;
          }

          @Override
          public Bytes body(int mostBytes) {
            return Bytes.EMPTY;
          }

          @Override
          public void answer(int status, Headers answer, Bytes body) {
            answers.add(new Answered(status, answer, body));
          }

          @Override
          public Site.Stream stream(int status, Headers answer) {
            throw new AssertionError("files are answered whole");
          }
        });
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }
}
