package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.TextSearch;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.Revealed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what coding agents tell their model of the code they work on: Claude Code in the
 * environment part of its system prompt and in {@code gitStatus}, Codex in {@code
 * <environment_context>} and its turn metadata, Cursor in {@code <user_info>} and {@code
 * <git_status>}; others that write the same lines are understood, too.
 */
public final class Revealing {
  /** Most bytes of system prompt and first messages that are searched for the place. */
  private static final int MOST_SEARCHED = 256 * 1024;

  /** The place stands at the front; no transcript is searched for it. */
  private static final int FIRST_MESSAGES = 6;

  private static final int LONGEST = 1_024;

  private static final TextSearch[] CWD = {
    TextSearch.of("<cwd>"),
    TextSearch.of("orking directory: "),
    TextSearch.of("Workspace Path: "),
    TextSearch.of("Workspace Paths: ")
  };
  private static final TextSearch ROOT = TextSearch.of("git repo: Yes, at ");
  private static final TextSearch BRANCH = TextSearch.of("Current branch: ");
  private static final TextSearch GIT_STATUS = TextSearch.of("<git_status>");
  private static final TextSearch HEADING = TextSearch.of("## ");
  private static final TextSearch ORIGIN = TextSearch.of("\"origin\"");

  private final Envelope body;
  private final Operation asked;
  private int left = MOST_SEARCHED;
  private @Nullable String cwd;
  private @Nullable String root;
  private @Nullable String branch;

  private Revealing(Operation asked, Envelope body) {
    this.asked = asked;
    this.body = body;
  }

  /**
   * What is wanted of a request.
   *
   * @param asked the operation whose dialect the body is in
   * @param body scanned for at least {@link RequestInspector#INTERESTS}
   */
  public static Revealed of(
      Operation asked, Envelope body, Headers headers, Revealed.Wanted wanted) {
    if (!wanted.any()) {
      return Revealed.NOTHING;
    }
    Revealing place = new Revealing(asked, body);
    if (wanted.place()) {
      place.look();
    }
    return new Revealed(
        place.cwd,
        wanted.place() ? place.repository(headers) : null,
        place.branch,
        wanted.paths() ? RevealedPaths.of(asked, body) : List.of(),
        wanted.images() ? Boolean.valueOf(RevealedImages.any(body)) : null);
  }

  private void look() {
    switch (asked.dialect()) {
      case ANTHROPIC_MESSAGES -> {
        texts(body.value("system"));
        messages(body.value("messages"));
      }
      case OPENAI_CHAT -> messages(body.value("messages"));
      case OPENAI_RESPONSES -> {
        texts(body.value("instructions"));
        JsonValue input = body.value("input");
        if (input != null && input.type() == JsonType.STRING) {
          texts(input);
        } else {
          messages(input);
        }
      }
      case OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, GEMINI, OLLAMA -> {}
    }
  }

  private void messages(@Nullable JsonValue messages) {
    if (messages == null) {
      return;
    }
    int seen = 0;
    for (JsonValue message : messages.elements()) {
      if (seen++ == FIRST_MESSAGES || done()) {
        return;
      }
      JsonValue role = message.get("role");
      if (role != null && !role.is("assistant") && !role.is("tool")) {
        texts(message.get("content"));
      }
    }
  }

  private boolean done() {
    return left <= 0 || (cwd != null && branch != null);
  }

  private void texts(@Nullable JsonValue value) {
    if (value == null) {
      return;
    }
    if (value.type() == JsonType.STRING) {
      text(value);
      return;
    }
    for (JsonValue part : value.elements()) {
      if (done()) {
        return;
      }
      JsonValue text = part.get("text");
      if (text != null) {
        text(text);
      }
    }
  }

  private void text(JsonValue string) {
    if (string.type() != JsonType.STRING || done()) {
      return;
    }
    Bytes whole = string.raw();
    Bytes raw = whole.length() > left ? whole.slice(0, left) : whole;
    left -= raw.length();
    for (int i = 0; i < CWD.length && cwd == null; i++) {
      cwd = CWD[i].line(raw, '<', LONGEST);
    }
    root = root == null ? ROOT.line(raw, '<', LONGEST) : root;
    branch = branch == null ? BRANCH.line(raw, '<', LONGEST) : branch;
    if (branch == null) {
      branch = cursorBranch(raw);
    }
  }

  /** Git's own short status begins with {@code ## main...origin/main}. */
  private static @Nullable String cursorBranch(Bytes raw) {
    int status = GIT_STATUS.behind(raw, 0);
    int heading = status < 0 ? -1 : HEADING.behind(raw, status);
    if (heading < 0 || heading - status > LONGEST) {
      return null;
    }
    String line = TextSearch.lineAt(raw, heading, '<', LONGEST);
    if (line == null) {
      return null;
    }
    int dots = line.indexOf("...");
    String name = dots < 0 ? line : line.substring(0, dots);
    return name.isBlank() || name.indexOf(' ') >= 0 ? null : name;
  }

  /** By the remote that Codex names, else the directory that holds it, else where it works. */
  private @Nullable String repository(Headers headers) {
    String metadata = headers.get("x-codex-turn-metadata");
    if (metadata != null) {
      Bytes raw = Bytes.utf8(metadata);
      int at = ORIGIN.behind(raw, 0);
      int quote = at < 0 ? -1 : metadata.indexOf('"', metadata.indexOf("\"origin\"") + 8);
      int end = quote < 0 ? -1 : metadata.indexOf('"', quote + 1);
      String name = end < 0 ? null : lastSegment(metadata.substring(quote + 1, end));
      if (name != null) {
        return name;
      }
    }
    return lastSegment(root != null ? root : cwd);
  }

  private static @Nullable String lastSegment(@Nullable String path) {
    if (path == null) {
      return null;
    }
    int end = path.length();
    while (end > 0 && isSeparator(path.charAt(end - 1))) {
      end--;
    }
    int start = end;
    while (start > 0 && !isSeparator(path.charAt(start - 1)) && path.charAt(start - 1) != ':') {
      start--;
    }
    String name = path.substring(start, end);
    name = name.endsWith(".git") ? name.substring(0, name.length() - 4) : name;
    return name.isEmpty() ? null : name;
  }

  private static boolean isSeparator(char c) {
    return c == '/' || c == '\\';
  }

  /** Texts of the messages people wrote, in the form all dialects share. */
  static List<JsonValue> textsOf(@Nullable JsonValue content) {
    List<JsonValue> texts = new ArrayList<>(2);
    if (content == null) {
      return texts;
    }
    if (content.type() == JsonType.STRING) {
      texts.add(content);
      return texts;
    }
    for (JsonValue part : content.elements()) {
      JsonValue text = part.get("text");
      if (text != null && text.type() == JsonType.STRING) {
        texts.add(text);
      }
    }
    return texts;
  }
}
