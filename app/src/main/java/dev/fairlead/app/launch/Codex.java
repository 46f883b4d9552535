package dev.fairlead.app.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Codex' settings as overrides on its command line ({@code -c key=value}, values in TOML), so that
 * its {@code config.toml} stays as it is.
 */
final class Codex {
  /** Where Codex finds the key, so that it does not stand on the command line. */
  private static final String KEY = "FAIRLEAD_KEY";

  private static final String OPENAI = "openai/";

  private Codex() {}

  static Invocation invocation(Wish wish) {
    List<String> arguments = new ArrayList<>();
    override(arguments, "model_provider", text("fairlead"));
    override(
        arguments,
        "model_providers.fairlead",
        "{name = \"Fairlead\", base_url = "
            + text(wish.gateway() + "/v1")
            + ", env_key = \""
            + KEY
            + "\", wire_api = \"responses\", supports_websockets = false}");
    String model = wish.model();
    if (model != null) {
      override(arguments, "model", text(nameFor(model)));
      ServedModel known = wish.known();
      if (known != null && known.contextWindow() > 0) {
        override(arguments, "model_context_window", Long.toString(known.contextWindow()));
      }
    }
    return new Invocation(arguments, Map.of(KEY, wish.key()), Map.of(), Set.of());
  }

  /** By its bare name Codex knows what a model of OpenAI can do, and the gateway where it is. */
  private static String nameFor(String model) {
    String bare = model.startsWith(OPENAI) ? model.substring(OPENAI.length()) : model;
    boolean family =
        bare.startsWith("gpt-")
            || bare.startsWith("codex-")
            || bare.startsWith("o3")
            || bare.startsWith("o4");
    return family ? bare : model;
  }

  private static void override(List<String> arguments, String key, String value) {
    arguments.add("-c");
    arguments.add(key + "=" + value);
  }

  /** A basic string of TOML, of what is printable anyway. */
  private static String text(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
