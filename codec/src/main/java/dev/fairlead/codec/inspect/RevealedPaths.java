package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.TextSearch;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files a conversation is about: those that editors attach to what a person writes, and those
 * that tools are called with. Contents of files and results of tools are not searched.
 */
final class RevealedPaths {
  /** Most files of one conversation; beyond that the first ones count. */
  static final int MOST = 256;

  private static final int MOST_SEARCHED = 4 * 1024 * 1024;
  private static final int LONGEST = 1_024;

  /** Parameters in which agents' tools take a file. */
  private static final List<String> PARAMETERS =
      List.of(
          "file_path",
          "path",
          "target_file",
          "notebook_path",
          "target_notebook",
          "relative_workspace_path",
          "filePath",
          "file");

  /** What stands before a path in the blocks of editors, and what ends it. */
  private record Mark(TextSearch before, char stop) {}

  private static final List<Mark> BLOCKS =
      List.of(
          new Mark(TextSearch.of("<code_selection path=\\\""), '\\'),
          new Mark(TextSearch.of("<manually_added_selection path=\\\""), '\\'),
          new Mark(TextSearch.of("<attached_file path=\\\""), '\\'),
          new Mark(TextSearch.of("<file path=\\\""), '\\'),
          new Mark(TextSearch.of("<file_content path=\\\""), '\\'),
          new Mark(TextSearch.of("```path="), ','),
          new Mark(TextSearch.of("<current_file>\\nPath: "), '<'),
          new Mark(TextSearch.of("\\nPath: "), '<'),
          new Mark(TextSearch.of("The user opened the file "), ' '),
          new Mark(
              TextSearch.of(
                  "Called the Read tool with the following input: {\\\"file_path\\\":\\\""),
              '\\'));

  private static final TextSearch RECENT = TextSearch.of("<open_and_recently_viewed_files>");
  private static final TextSearch ITEM = TextSearch.of("\\n- ");
  private static final TextSearch PATCHED = TextSearch.of(" File: ");

  private final Set<String> found = new LinkedHashSet<>();
  private int left = MOST_SEARCHED;

  private RevealedPaths() {}

  static List<String> of(Operation asked, Envelope body) {
    RevealedPaths paths = new RevealedPaths();
    switch (asked.dialect()) {
      case ANTHROPIC_MESSAGES, OPENAI_CHAT -> paths.messages(body.value("messages"));
      case OPENAI_RESPONSES -> paths.messages(body.value("input"));
      case OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, GEMINI, OLLAMA -> {}
    }
    return List.copyOf(paths.found);
  }

  private void messages(@Nullable JsonValue messages) {
    if (messages == null) {
      return;
    }
    if (messages.type() == JsonType.STRING) {
      text(messages);
      return;
    }
    for (JsonValue message : messages.elements()) {
      if (found.size() >= MOST || left <= 0) {
        return;
      }
      message(message);
    }
  }

  private void message(JsonValue message) {
    arguments(message.get("arguments"));
    patch(message.get("input"));
    JsonValue calls = message.get("tool_calls");
    if (calls != null) {
      for (JsonValue call : calls.elements()) {
        JsonValue function = call.get("function");
        arguments(function == null ? null : function.get("arguments"));
        JsonValue custom = call.get("custom");
        patch(custom == null ? null : custom.get("input"));
      }
    }
    JsonValue role = message.get("role");
    if (role == null || role.is("tool")) {
      return;
    }
    JsonValue content = message.get("content");
    if (role.is("assistant")) {
      toolUses(content);
    } else {
      Revealing.textsOf(content).forEach(this::text);
    }
  }

  private void toolUses(@Nullable JsonValue content) {
    if (content == null) {
      return;
    }
    for (JsonValue part : content.elements()) {
      JsonValue input = part.get("input");
      if (input == null) {
        continue;
      }
      for (JsonValue.Field field : input.members()) {
        if (PARAMETERS.contains(field.key())) {
          add(field.value().stringPrefix(LONGEST + 1));
        }
      }
    }
  }

  /** Arguments are JSON inside a string. */
  private void arguments(@Nullable JsonValue arguments) {
    if (arguments == null || arguments.type() != JsonType.STRING) {
      return;
    }
    Bytes raw = bounded(arguments);
    for (String parameter : PARAMETERS) {
      TextSearch search = SEARCHES.get(PARAMETERS.indexOf(parameter));
      int at = search.behind(raw, 0);
      while (at >= 0 && found.size() < MOST) {
        int value = valueBehind(raw, at);
        if (value >= 0) {
          add(pathAt(raw, value));
        }
        at = search.behind(raw, at);
      }
    }
    patch(arguments);
  }

  private static final List<TextSearch> SEARCHES =
      PARAMETERS.stream().map(name -> TextSearch.of("\\\"" + name + "\\\"")).toList();

  /** Behind a name's closing quote: a colon, then an escaped quote; or -1. */
  private static int valueBehind(Bytes raw, int from) {
    int at = from;
    boolean colon = false;
    while (at < raw.length()) {
      int c = raw.at(at);
      if (c == ':' && !colon) {
        colon = true;
      } else if (c == '\\' && colon && at + 1 < raw.length() && raw.at(at + 1) == '"') {
        return at + 2;
      } else if (c != ' ') {
        return -1;
      }
      at++;
    }
    return -1;
  }

  /** Up to the escaped quote that ends it; a path of backslashes is escaped twice. */
  private static @Nullable String pathAt(Bytes raw, int from) {
    int at = from;
    while (at + 1 < raw.length() && !(raw.at(at) == '\\' && raw.at(at + 1) == '"')) {
      at += raw.at(at) == '\\' ? 2 : 1;
      if (at - from > LONGEST) {
        return null;
      }
    }
    return TextSearch.lineAt(raw.slice(0, Math.min(at, raw.length())), from, '\0', LONGEST);
  }

  /** The files a patch names, as in {@code *** Update File: a/b.c}. */
  private void patch(@Nullable JsonValue input) {
    if (input == null || input.type() != JsonType.STRING) {
      return;
    }
    Bytes raw = bounded(input);
    int at = PATCHED.behind(raw, 0);
    while (at >= 0 && found.size() < MOST) {
      add(TextSearch.lineAt(raw, at, '\0', LONGEST));
      at = PATCHED.behind(raw, at);
    }
  }

  private void text(JsonValue string) {
    Bytes raw = bounded(string);
    for (Mark mark : BLOCKS) {
      int at = mark.before().behind(raw, 0);
      while (at >= 0 && found.size() < MOST) {
        add(TextSearch.lineAt(raw, at, mark.stop(), LONGEST));
        at = mark.before().behind(raw, at);
      }
    }
    int list = RECENT.behind(raw, 0);
    int item = list < 0 ? -1 : ITEM.behind(raw, list);
    while (item >= 0 && found.size() < MOST) {
      String line = TextSearch.lineAt(raw, item, '<', LONGEST);
      if (line != null) {
        int note = line.indexOf(" (");
        add(note < 0 ? line : line.substring(0, note));
      }
      item = ITEM.behind(raw, item);
    }
  }

  private Bytes bounded(JsonValue string) {
    Bytes raw = string.raw();
    Bytes part = raw.length() > left ? raw.slice(0, Math.max(0, left)) : raw;
    left -= part.length();
    return part;
  }

  private void add(@Nullable String path) {
    if (path != null && !path.isBlank() && path.length() <= LONGEST && found.size() < MOST) {
      String plain = path.replace('\\', '/');
      int lines = plain.lastIndexOf(':');
      found.add(lines > 2 && isRange(plain, lines + 1) ? plain.substring(0, lines) : plain);
    }
  }

  private static boolean isRange(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '-') {
        return false;
      }
    }
    return from < text.length();
  }
}
