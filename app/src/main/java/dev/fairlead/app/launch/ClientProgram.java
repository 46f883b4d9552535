package dev.fairlead.app.launch;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Programs that can be launched. */
public enum ClientProgram {
  CLAUDE("claude", "Claude Code", "@anthropic-ai/claude-code", "anthropic"),
  CODEX("codex", "Codex", "@openai/codex", "openai");

  private final String command;
  private final String title;
  private final String npmPackage;
  private final String home;

  ClientProgram(String command, String title, String npmPackage, String home) {
    this.command = command;
    this.title = title;
    this.npmPackage = npmPackage;
    this.home = home;
  }

  /** The program's name on the command line, or null for one that is not known. */
  public static @Nullable ClientProgram of(String name) {
    for (ClientProgram program : values()) {
      if (program.command.equals(name.toLowerCase(Locale.ROOT))) {
        return program;
      }
    }
    return null;
  }

  public String command() {
    return command;
  }

  /** Its name in sentences. */
  String title() {
    return title;
  }

  /** The line that installs it. */
  String installation() {
    return "npm install -g " + npmPackage;
  }

  /** The provider whose models it uses when it is not told any. */
  String home() {
    return home;
  }

  Invocation invocation(Wish wish) {
    return switch (this) {
      case CLAUDE -> ClaudeCode.invocation(wish);
      case CODEX -> Codex.invocation(wish);
    };
  }
}
