package dev.fairlead.conformance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody does in the dashboard, on data made by real requests. */
@Tag("browser")
final class DashboardTest extends SignedIn {
  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

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
                "/governance/models",
                "/governance/prices",
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
