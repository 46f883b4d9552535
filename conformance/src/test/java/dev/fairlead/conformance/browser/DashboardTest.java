package dev.fairlead.conformance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.ChatReplies;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** What somebody does in the dashboard, on data made by real requests. */
@Tag("browser")
final class DashboardTest {
  private static final String PASSWORD = "a harbour pilot at dawn";
  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

  private final FakeProvider provider = FakeProvider.start();
  @TempDir private Path directory;
  private @Nullable RunningGateway gateway;
  private @Nullable Chromium chromium;

  @BeforeEach
  void start() {
    Path executable = Chromium.executable();
    if (executable == null) {
      throw new TestAbortedException("no Chromium is installed");
    }
    Assumptions.assumeTrue(
        getClass().getResource("/fairlead-web/index.html") != null, "the dashboard was not built");
    provider.handler(DashboardTest::answer);
    gateway =
        RunningGateway.start(
            directory,
            "{}",
            Map.of("FAIRLEAD_ADMIN_USERNAME", "admin", "FAIRLEAD_ADMIN_PASSWORD", PASSWORD));
    chromium = new Chromium(executable);
  }

  @AfterEach
  void close() {
    if (chromium != null) {
      chromium.close();
    }
    if (gateway != null) {
      gateway.close();
    }
    provider.close();
  }

  private static Script answer(ReceivedRequest request) {
    if (request.path().endsWith("/models")) {
      return ChatReplies.models("gpt-5", "gpt-5-mini");
    }
    boolean small = request.body().utf8().contains("gpt-5-mini");
    return ChatReplies.text(small ? "A small ship." : "A **large** ship.").forRequest(request);
  }

  private RunningGateway gateway() {
    RunningGateway running = gateway;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  private Chromium chromium() {
    Chromium running = chromium;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  private Page signedIn() {
    Page page = chromium().page(gateway().at(""), 1440, 900, ColorScheme.LIGHT);
    page.navigate("/");
    page.getByLabel("User name").fill("admin");
    page.getByLabel("Password").fill(PASSWORD);
    button(page, "Sign in").click();
    assertThat(heading(page, "Overview")).isVisible();
    return page;
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator dialog(Page page) {
    return page.getByRole(AriaRole.DIALOG);
  }

  private static void open(Page page, String name) {
    page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Pages"))
        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(name).setExact(true))
        .click();
  }

  private void addProvider(Page page) {
    open(page, "Providers");
    button(page, "Add a provider").first().click();
    dialog(page).getByLabel("Provider").fill("openai");
    dialog(page).getByLabel("Address").fill(provider.uri().toString());
    dialog(page)
        .getByLabel("Key", new Locator.GetByLabelOptions().setExact(true))
        .fill(RunningGateway.OPENAI_KEY);
    dialog(page).getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Add")).click();
    assertThat(page).hasURL(Pattern.compile(".*/providers/openai$"));
  }

  /** Makes a key in the dashboard and returns it, as a person copies it. */
  private static String createKey(Page page, String name, @Nullable String budget) {
    open(page, "Governance");
    button(page, "Create a key").first().click();
    dialog(page).getByLabel("Name").fill(name);
    if (budget != null) {
      dialog(page).getByText("Add a budget").click();
      dialog(page).getByLabel("At most (USD)").fill(budget);
    }
    dialog(page)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create"))
        .click();
    String key = page.getByTestId("new-key").innerText();
    assertThat(dialog(page)).containsText("cannot be shown again");
    button(page, "Done").click();
    return key;
  }

  private int ask(String key, String model, String question) {
    try (RawHttp http = RawHttp.connect(gateway().port())) {
      String body =
          """
          {"model":"%s","max_tokens":50,"messages":[{"role":"user","content":%s}]}
          """
              .formatted(model, quoted(question));
      return http.post("/v1/chat/completions", body, new Header("authorization", "Bearer " + key))
          .readReply()
          .status();
    }
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private void assertNothingOdd() {
    assertThat(chromium().complaints()).as("errors in the console").isEmpty();
    assertThat(chromium().foreign()).as("calls to other hosts").isEmpty();
  }

  @Test
  void aWrongPasswordIsToldAndARightOneSignsIn() {
    Page page = chromium().page(gateway().at(""), 1440, 900, ColorScheme.LIGHT);
    page.navigate("/logs");
    page.getByLabel("User name").fill("admin");
    page.getByLabel("Password").fill("wrong");
    button(page, "Sign in").click();
    assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
    page.getByLabel("Password").fill(PASSWORD);
    button(page, "Sign in").click();
    assertThat(heading(page, "Logs")).isVisible();
    assertNothingOdd();
  }

  @Test
  void fromAProviderToADeniedRequest() {
    Page page = signedIn();
    addProvider(page);
    button(page, "Ask it").click();
    assertThat(page.getByText("answered in")).isVisible();

    String key = createKey(page, "Ada", "0.0006");
    open(page, "Logs");
    assertThat(page.getByRole(AriaRole.TABLE)).isVisible();
    assertThat(ask(key, "openai/gpt-5", HOSTILE)).isEqualTo(200);
    Locator row =
        page.locator(".lrow[data-id]").filter(new Locator.FilterOptions().setHasText("Ada"));
    assertThat(row.first()).isVisible();
    row.first().click();
    assertThat(dialog(page)).containsText("A large ship.");
    assertThat(dialog(page)).containsText("<script>");
    assertThat(page.title()).as("a hostile prompt stays text").isNotEqualTo("owned");

    dialog(page).getByText("Replay").click();
    dialog(page).getByLabel("Model").fill("openai/gpt-5-mini");
    dialog(page)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Replay").setExact(true))
        .click();
    assertThat(dialog(page)).containsText("A small ship.");
    page.keyboard().press("Escape");

    int status = 200;
    for (int i = 0; i < 40 && status == 200; i++) {
      status = ask(key, "openai/gpt-5", "again");
    }
    assertThat(status).as("the budget is used up").isBetween(402, 429);
    assertThat(row.filter(new Locator.FilterOptions().setHasText(String.valueOf(status))).first())
        .isVisible();
    open(page, "Governance");
    assertThat(page.getByRole(AriaRole.TABLE)).containsText("$0.0006");
    assertNothingOdd();
  }

  @Test
  void aRequestIsSeenWhileItRuns() {
    Page page = signedIn();
    addProvider(page);
    Gate gate = Gate.closed("the reply");
    provider.handler(request ->
        request.path().endsWith("/models")
            ? ChatReplies.models("gpt-5")
            : ChatReplies.text("Slowly the ship came in.")
                .sse()
                .afterData(2, new Step.Await(gate)));
    String key = createKey(page, "Grace", null);
    open(page, "Logs");
    Thread asking = Thread.startVirtualThread(() -> ask(key, "openai/gpt-5", "wait"));
    assertThat(page.getByText("running").first()).isVisible();
    gate.open();
    assertThat(
            page.locator(".lrow[data-id]").filter(new Locator.FilterOptions().setHasText("Grace")))
        .isVisible();
    try {
      asking.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertNothingOdd();
  }

  @Test
  void everyPageWorksNarrowAndDarkAndBelowAnAddressOfItsOwn() {
    Page first = signedIn();
    addProvider(first);
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      first.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      for (int width : List.of(1440, 400)) {
        first.setViewportSize(width, 900);
        for (String path :
            List.of(
                "/",
                "/logs",
                "/providers",
                "/providers/openai",
                "/governance/keys",
                "/governance/teams",
                "/governance/customers",
                "/governance/users",
                "/governance/rules",
                "/governance/accounts",
                "/governance/tokens",
                "/governance/audit",
                "/playground",
                "/catalogue",
                "/connect",
                "/settings/client",
                "/settings/logging",
                "/settings/security",
                "/settings/account",
                "/settings/about")) {
          first.navigate(path);
          assertThat(first.getByRole(AriaRole.HEADING).first()).isVisible();
          assertThat(first.locator(".skeleton")).hasCount(0);
          assertThat(first.locator(".note.bad")).hasCount(0);
          assertThat(first.evaluate("document.documentElement.scrollWidth <= innerWidth"))
              .as(path + " at " + width + " px fits its window")
              .isEqualTo(true);
        }
      }
    }
    assertNothingOdd();
  }

  @Test
  void aFieldShowsWhatTheApiSaysOfIt() {
    Page page = signedIn();
    open(page, "Governance");
    button(page, "Create a key").first().click();
    dialog(page)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create"))
        .click();
    Locator name = dialog(page).getByLabel("Name");
    assertThat(name).hasAttribute("aria-invalid", "true");
    assertNothingOdd();
  }

  @Test
  void everyControlHasAName() {
    Page page = signedIn();
    addProvider(page);
    for (String path :
        List.of("/", "/logs", "/providers/openai", "/governance/keys", "/playground", "/connect")) {
      page.navigate(path);
      assertThat(page.locator(".skeleton")).hasCount(0);
      Object nameless =
          page.evaluate(
              """
              [...document.querySelectorAll('button, a[href], input, select, textarea')]
                .filter((each) => each.getClientRects().length > 0)
                .filter((each) => !(each.textContent.trim() || each.getAttribute('aria-label')
                  || each.getAttribute('title') || (each.labels && each.labels.length > 0)))
                .map((each) => each.outerHTML.slice(0, 120)).join('\\n')
              """);
      assertThat(nameless).as("controls without a name on " + path).isEqualTo("");
      assertThat(page.locator("main")).hasCount(1);
      assertThat(page.locator("h1")).hasCount(1);
    }
  }
}
