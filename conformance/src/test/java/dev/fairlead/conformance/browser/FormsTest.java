package dev.fairlead.conformance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is changed in the dashboard, and clients that are connected with it. */
@Tag("browser")
final class FormsTest extends SignedIn {
  private static final Header CURSOR = new Header("user-agent", "Cursor/1.0");

  private static Locator submit(Page page, String name) {
    return dialog(page)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  private static void tab(Page page, String name) {
    open(page, "Governance");
    page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Governance"))
        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(name))
        .click();
  }

  private static Locator table(Page page) {
    return page.getByRole(AriaRole.TABLE);
  }

  private int askAsCursor(String key, String messages) {
    try (RawHttp http = RawHttp.connect(gateway().port())) {
      return http.post(
              "/cursor/chat/completions",
              "{\"model\":\"openai/gpt-5\",\"messages\":["
                  + messages
                  + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"read\"}}]}",
              new Header("authorization", "Bearer " + key),
              CURSOR)
          .readReply()
          .status();
    }
  }

  @Test
  void cursorIsConnectedWhileThePageLooksOn() {
    Page page = signedIn();
    addProvider(page);
    String key = createKey(page, "Ada", null);
    open(page, "Connect");
    Locator steps = page.locator(".watch li");
    assertThat(steps).hasCount(4);
    assertThat(page.getByText("Waiting for Cursor")).isVisible();

    try (RawHttp http = RawHttp.connect(gateway().port())) {
      int status =
          http.send(
                  "OPTIONS /cursor/chat/completions HTTP/1.1\r\nhost: localhost\r\n"
                      + "origin: vscode-file://vscode-app\r\n"
                      + "access-control-request-method: POST\r\n\r\n")
              .readReply()
              .status();
      assertThat(status).isEqualTo(204);
    }
    assertThat(steps.nth(0)).containsText("Preflight seen from the app: done");
    assertThat(steps.nth(1)).containsText("not yet");

    assertThat(askAsCursor("sk-bf-wrong", "{\"role\":\"user\",\"content\":\"a\"}")).isEqualTo(401);
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("The key is not accepted");

    assertThat(askAsCursor(key, "{\"role\":\"user\",\"content\":\"a\"}")).isEqualTo(200);
    assertThat(steps.nth(2)).containsText("done");
    assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    assertThat(steps.nth(3)).containsText("not yet");

    assertThat(
            askAsCursor(
                key,
                "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"tool_calls\":[{"
                    + "\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"read\","
                    + "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\","
                    + "\"content\":\"b\"}"))
        .isEqualTo(200);
    assertThat(steps.nth(3)).containsText("Tool turn done: done");
    assertThat(page.getByText("Cursor works, with tools.")).isVisible();
    button(page, "Start anew").click();
    assertThat(steps.nth(3)).containsText("not yet");
    assertNothingOdd();
  }

  @Test
  void aPriceIsSetChangedAndRemoved() {
    Page page = signedIn();
    addProvider(page);
    tab(page, "Prices");
    button(page, "Set a price").first().click();
    submit(page, "Create").click();
    assertThat(dialog(page).getByLabel("Name")).hasAttribute("aria-invalid", "true");
    dialog(page).getByLabel("Name").fill("our contract");
    dialog(page).getByLabel("Holds for").selectOption("provider");
    dialog(page)
        .getByLabel("Provider", new Locator.GetByLabelOptions().setExact(true))
        .selectOption("openai");
    dialog(page).getByLabel("Model").fill("gpt-*");
    dialog(page).getByLabel("Compared").selectOption("wildcard");
    dialog(page).getByLabel("Input").fill("2");
    dialog(page).getByLabel("Output").fill("8");
    submit(page, "Create").click();
    assertThat(table(page)).containsText("input $2, output $8");

    button(page, "Edit our contract").click();
    dialog(page).getByLabel("Output").fill("");
    dialog(page).getByLabel("Input").fill("2.5");
    submit(page, "Save").click();
    assertThat(table(page)).containsText("input $2.5");
    assertThat(table(page)).not().containsText("output");

    button(page, "Remove our contract").click();
    submit(page, "Remove it").click();
    assertThat(page.getByText("Only the catalogue’s prices hold")).isVisible();
    assertNothingOdd();
  }

  @Test
  void aModelIsLimitedAndToppedUp() {
    Page page = signedIn();
    addProvider(page);
    tab(page, "Model limits");
    button(page, "Limit a model").first().click();
    dialog(page).getByLabel("Model").fill("gpt-5");
    dialog(page).getByText("Add a budget").click();
    dialog(page).getByLabel("At most (USD)").fill("5");
    dialog(page).getByLabel("Requests").fill("100");
    submit(page, "Create").click();
    assertThat(table(page)).containsText("of $5.00 a month");
    assertThat(table(page)).containsText("100 requests");

    button(page, "Edit the limit of gpt-5").click();
    dialog(page).getByLabel("Requests").fill("");
    dialog(page).getByLabel("Tokens").fill("7000");
    submit(page, "Save").click();
    assertThat(table(page)).containsText("7k tokens");
    assertThat(table(page)).not().containsText("requests");

    button(page, "Top up").click();
    dialog(page).getByLabel("USD more").fill("-1");
    submit(page, "Top up").click();
    assertThat(dialog(page).getByRole(AriaRole.ALERT).first()).isVisible();
    dialog(page).getByLabel("USD more").fill("2");
    submit(page, "Top up").click();
    assertThat(table(page)).containsText("of $7.00 a month");
    button(page, "Top up").click();
    submit(page, "Take the top-up back").click();
    assertThat(table(page)).containsText("of $5.00 a month");
    assertNothingOdd();
  }

  @Test
  void aKeyIsToppedUpByItsOwnRoute() {
    Page page = signedIn();
    createKey(page, "Ada", "3");
    button(page, "Top up Ada").click();
    submit(page, "Top up").click();
    assertThat(dialog(page).getByLabel("USD more")).hasAttribute("aria-invalid", "true");
    dialog(page).getByLabel("USD more").fill("1.5");
    dialog(page).getByLabel("For how long").selectOption("forever");
    submit(page, "Top up").click();
    assertThat(table(page)).containsText("of $4.50");
    assertNothingOdd();
  }

  @Test
  void aProviderIsDisabledAndEnabled() {
    Page page = signedIn();
    addProvider(page);
    String key = createKey(page, "Ada", null);
    open(page, "Providers");
    Locator card =
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("openai")).first();
    button(page, "Disable openai").click();
    submit(page, "Disable it").click();
    assertThat(card).containsText("disabled");
    assertThat(ask(key, "openai/gpt-5", "a")).isEqualTo(403);
    button(page, "Enable openai").click();
    assertThat(button(page, "Disable openai")).isVisible();
    assertThat(ask(key, "openai/gpt-5", "a")).isEqualTo(200);

    card.click();
    button(page, "Disable").click();
    submit(page, "Disable it").click();
    assertThat(page.locator(".pagehead")).containsText("disabled");
    assertThat(page.getByText("nothing is sent there, and its models are not listed")).isVisible();
    assertThat(ask(key, "openai/gpt-5", "a")).isEqualTo(403);
    button(page, "Edit").click();
    dialog(page).getByLabel("Enabled").check();
    submit(page, "Save").click();
    assertThat(button(page, "Disable")).isVisible();
    assertThat(ask(key, "openai/gpt-5", "a")).isEqualTo(200);
    assertNothingOdd();
  }
}
