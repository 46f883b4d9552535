package dev.fairlead.app.connect;

import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.model.Headers;
import java.util.Locale;

/** A kind of client that is set up in a way of its own. */
enum Kind {
  CURSOR("cursor"),
  CLAUDE_CODE("claude-code"),
  CODEX("codex"),
  /** Whatever else asks: libraries, curl, other editors. */
  SDK("sdk");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** The kind {@code caller} belongs to. */
  static Kind of(Caller caller) {
    for (Kind kind : values()) {
      if (kind.label.equals(caller.client())) {
        return kind;
      }
    }
    return SDK;
  }

  /**
   * The kind a preflight comes from. Cursor's window is a page of the editor it is made from, whose
   * origin begins with {@code vscode-file}; its {@code User-Agent} is a browser's with Cursor's
   * version in it.
   */
  static Kind ofPreflight(String path, Headers headers) {
    String agent = headers.get("user-agent");
    String origin = headers.get("origin");
    boolean cursor =
        path.startsWith("/cursor/")
            || (origin != null && origin.startsWith("vscode-file:"))
            || (agent != null && agent.toLowerCase(Locale.ROOT).contains("cursor/"));
    return cursor ? CURSOR : SDK;
  }
}
