package dev.fairlead.app.cli;

import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.app.serve.Version;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import java.io.PrintStream;

/**
 * What is printed when the gateway serves: where clients are pointed, what it found, and what to do
 * next.
 */
final class Banner {
  private Banner() {}

  static void print(Startup startup, ServeOptions options, PrintStream out) {
    Snapshot snapshot = startup.server().snapshot();
    String configured = snapshot.client().publicUrl();
    String base = configured != null ? configured : "http://localhost:" + startup.port();
    out.println("Fairlead " + Version.NUMBER + " serves at " + base);
    out.println();
    out.println("  Claude Code   export ANTHROPIC_BASE_URL=" + base + "/anthropic");
    out.println("  Codex         base_url = \"" + base + "/v1\" (wire_api = \"responses\")");
    out.println("  OpenAI SDKs   base_url = \"" + base + "/v1\"");
    out.println("  Cursor        Override OpenAI Base URL: https://YOUR-PUBLIC-NAME/cursor");
    out.println(
        "                (Cursor's own servers call it: it needs a public address and a key)");
    out.println();
    if (snapshot.providers().isEmpty()) {
      out.println("  Providers     none yet");
    }
    snapshot.providers().values().forEach(provider -> provider(provider, out));
    for (String note : snapshot.notes()) {
      out.println("  Note          " + note);
    }
    if (!snapshot.inert().isEmpty()) {
      out.println("  No effect     " + String.join(", ", snapshot.inert()));
    }
    String key = startup.firstKey();
    if (key != null) {
      out.println();
      out.println("  A virtual key was made, because this address can be reached from elsewhere.");
      out.println("  It is shown only now:  " + key);
    }
    String link = startup.server().setUpLink();
    if (link != null) {
      int admin = startup.server().adminPort();
      String at = admin > 0 && configured == null ? "http://localhost:" + admin : base;
      out.println();
      out.println("  Nobody administers this gateway yet. Whoever opens this link first does");
      out.println("  (once, within a day; \"fairlead admin link\" makes another):");
      out.println("  " + at + "/setup?token=" + link);
    }
    out.println();
    out.println("  Configuration " + options.directory().resolve("config.json"));
    out.println("  Request log   " + options.directory().resolve("logs"));
    out.println("  More          fairlead --help");
    out.flush();
  }

  private static void provider(ProviderConfig provider, PrintStream out) {
    long usable = provider.keys().stream().filter(ProviderKey::enabled).count();
    String keys =
        !provider.enabled()
            ? "disabled"
            : provider.keys().isEmpty()
                ? "no key needed"
                : usable + " of " + provider.keys().size() + " keys usable";
    out.println(
        "  Provider      "
            + provider.name()
            + " ("
            + keys
            + ", from "
            + provider.origin().place()
            + ")");
  }
}
