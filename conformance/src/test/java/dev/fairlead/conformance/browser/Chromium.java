package dev.fairlead.conformance.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The system's Chromium, and what it complained of while it showed pages. */
final class Chromium implements AutoCloseable {
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> foreign = new CopyOnWriteArrayList<>();

  Chromium(Path executable) {
    this.playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    this.browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setArgs(List.of("--no-sandbox", "--disable-gpu")));
  }

  /** Where the system has one, or null. */
  static @Nullable Path executable() {
    return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst().orElse(null);
  }

  /** A page that has not been anywhere, of its own session. */
  Page page(String base, int width, int height, ColorScheme scheme) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(base)
                .setViewportSize(width, height)
                .setColorScheme(scheme));
    context.setDefaultTimeout(15_000);
    Page page = context.newPage();
    String host = URI.create(base).getAuthority();
    page.onConsoleMessage(message -> {
      // A refused call is told in the console too; the page shows it.
      if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
    page.onRequest(request -> {
      URI address = URI.create(request.url().replaceFirst("\\?.*", ""));
      if (address.getAuthority() != null && !address.getAuthority().equals(host)) {
        foreign.add(request.url());
      }
    });
    return page;
  }

  /** Errors in the console, violations of the content policy among them. */
  List<String> complaints() {
    return complaints;
  }

  /** Addresses of other hosts that were asked for. */
  List<String> foreign() {
    return foreign;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
