package dev.fairlead.conformance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.ChatReplies;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Somebody in front of the dashboard of a running gateway, and a provider behind it. */
abstract class SignedIn {
  static final String PASSWORD = "a harbour pilot at dawn";
  final FakeProvider provider = FakeProvider.start();
  @TempDir Path directory;
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
    provider.handler(SignedIn::answer);
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

  static Script answer(ReceivedRequest request) {
    if (request.path().endsWith("/models")) {
      return ChatReplies.models("gpt-5", "gpt-5-mini");
    }
    boolean small = request.body().utf8().contains("gpt-5-mini");
    return ChatReplies.text(small ? "A small ship." : "A **large** ship.").forRequest(request);
  }

  RunningGateway gateway() {
    RunningGateway running = gateway;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  Chromium chromium() {
    Chromium running = chromium;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  Page signedIn() {
    Page page = chromium().page(gateway().at(""), 1440, 900, ColorScheme.LIGHT);
    page.navigate("/");
    page.getByLabel("User name").fill("admin");
    page.getByLabel("Password").fill(PASSWORD);
    button(page, "Sign in").click();
    assertThat(heading(page, "Overview")).isVisible();
    return page;
  }

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  static Locator heading(Page page, String name) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
  }

  static Locator dialog(Page page) {
    return page.getByRole(AriaRole.DIALOG);
  }

  static void open(Page page, String name) {
    page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Pages"))
        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(name).setExact(true))
        .click();
  }

  void addProvider(Page page) {
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
  static String createKey(Page page, String name, @Nullable String budget) {
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

  int ask(String key, String model, String question) {
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

  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  void assertNothingOdd() {
    assertThat(chromium().complaints()).as("errors in the console").isEmpty();
    assertThat(chromium().foreign()).as("calls to other hosts").isEmpty();
  }
}
