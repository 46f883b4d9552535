package dev.fairlead.app.web;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The dashboard's files and its page. The page is one document under many addresses; which it is
 * shows in its {@code <base>}, written for each request as the way back to the root, so that it
 * works behind any path prefix without being told of it.
 */
public final class Dashboard implements Site {
  /** First segments of the dashboard's own addresses; whatever else is asked for is not a page. */
  private static final Set<String> PAGES =
      Set.of(
          "",
          "logs",
          "providers",
          "governance",
          "playground",
          "catalogue",
          "connect",
          "settings",
          "setup",
          "login");

  private static final String BASE = "<base href=\"./\" />";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
  private static final String PLAIN_POLICY =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String NOT_BUILT =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>Fairlead</title>
      <h1>Fairlead is running; its dashboard was not built</h1>
      <p>The gateway and its API work. Building the dashboard needs Node 20.19 or newer with npm.</p>
      <ol>
      <li>Install Node with npm, so that <code>npm --version</code> answers.</li>
      <li>In the checkout, run <code>scripts/dist</code> (or <code>mvn package</code> without
      <code>-DskipWeb</code>).</li>
      <li>Start <code>./fairlead</code> again and load this page.</li>
      </ol>
      <p>Without it: <code>fairlead --help</code> lists what the command line can do, and
      <code>/api</code> is the same API that the dashboard uses.</p>
      </html>
      """;

  private final WebAssets assets;

  Dashboard(WebAssets assets) {
    this.assets = assets;
  }

  /** The dashboard on the class path, or a page that says how to build it. */
  public static Dashboard bundled() {
    return new Dashboard(WebAssets.bundled());
  }

  @Override
  public boolean serves(String method, String path, Headers headers) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return false;
    }
    return assets.has(path.substring(1)) || (isPage(path) && wantsPage(headers));
  }

  @Override
  public void serve(Call call) throws IOException {
    String name = call.path().substring(1);
    if (assets.has(name)) {
      file(name, call);
    } else if (assets.built()) {
      page(call);
    } else {
      call.answer(
          200,
          safe(PLAIN_POLICY)
              .add("content-type", "text/html; charset=utf-8")
              .add("cache-control", "no-store")
              .build(),
          Bytes.utf8(NOT_BUILT));
    }
  }

  private void file(String name, Call call) throws IOException {
    WebAssets.Asset asset = assets.get(name, call.headers().get("accept-encoding"));
    Headers.Builder headers =
        safe(PLAIN_POLICY)
            .add("content-type", asset.type())
            .add("vary", "accept-encoding")
            .add(
                "cache-control",
                lasting(name) ? "public, max-age=31536000, immutable" : "no-cache");
    String encoding = asset.encoding();
    if (encoding != null) {
      headers.add("content-encoding", encoding);
    }
    call.answer(200, headers.build(), asset.bytes());
  }

  private void page(Call call) throws IOException {
    String html =
        assets.index().utf8().replace(BASE, "<base href=\"" + root(call.path()) + "\" />");
    call.answer(
        200,
        safe(POLICY)
            .add("content-type", "text/html; charset=utf-8")
            .add("cache-control", "no-cache")
            .build(),
        Bytes.of(html.getBytes(StandardCharsets.UTF_8)));
  }

  /** The way from a page's address to the dashboard's root, as a browser resolves it. */
  static String root(String path) {
    long deeper = path.chars().filter(c -> c == '/').count() - 1;
    return deeper <= 0 ? "./" : "../".repeat((int) Math.min(deeper, 64));
  }

  /** What the build names by its content never changes under its name. */
  private static boolean lasting(String name) {
    return name.startsWith("assets/");
  }

  private static boolean isPage(String path) {
    int end = path.indexOf('/', 1);
    return PAGES.contains(path.substring(1, end < 0 ? path.length() : end));
  }

  private static boolean wantsPage(Headers headers) {
    String accept = headers.get("accept");
    return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html");
  }

  private static Headers.Builder safe(String policy) {
    return Headers.builder()
        .add("content-security-policy", policy)
        .add("x-content-type-options", "nosniff")
        .add("x-frame-options", "DENY")
        .add("referrer-policy", "no-referrer")
        .add("cross-origin-opener-policy", "same-origin")
        .add("cross-origin-resource-policy", "same-origin");
  }
}
