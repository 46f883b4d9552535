package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.config.LoggingSettings.Redaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads what {@code client}, {@code logs_store} and {@code fairlead} say of the request log. */
final class LoggingReader {
  private static final int MOST_REDACTIONS = 32;
  private static final int LONGEST_PATTERN = 1000;

  /** Headers that are credentials, whatever a configuration says. */
  private static final Set<String> NEVER =
      Set.of(
          "authorization",
          "proxy-authorization",
          "cookie",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "x-bf-vk",
          "x-bf-api-key");

  private LoggingReader() {}

  static LoggingSettings read(Json.Obj root, Findings findings) {
    LoggingSettings usual = LoggingSettings.USUAL;
    Json.Obj client = Tree.object(root, "client");
    Json.Obj store = Tree.object(root, "logs_store");
    Json.Obj logging = Tree.object(Tree.object(root, "fairlead"), "logging");
    Long days = Tree.whole(store, "retention_days");
    Long olderDays = Tree.whole(client, "log_retention_days");
    Long bodyDays = Tree.whole(logging, "body_retention_days");
    Long megabytes = Tree.whole(logging, "max_size_mb");
    int written = days(days != null ? days : olderDays, usual.rowDays());
    int rowDays = written == 0 ? usual.rowDays() : written;
    return new LoggingSettings(
        Tree.flag(client, "enable_logging", true) && Tree.flag(store, "enabled", true),
        !Tree.flag(client, "disable_content_logging", false),
        Tree.flag(logging, "lines", usual.lines()),
        rowDays,
        Math.min(rowDays, days(bodyDays, usual.bodyDays())),
        megabytes == null ? usual.mostBytes() : megabytes * 1_000_000,
        redactions(logging, findings),
        headers(logging, findings));
  }

  private static int days(@Nullable Long written, int usual) {
    return written == null ? usual : Math.clamp(written, 0, 36_500);
  }

  private static List<Redaction> redactions(Json.Obj logging, Findings findings) {
    List<Redaction> redactions = new ArrayList<>();
    List<Json> items = Tree.items(logging, "redact");
    for (int i = 0; i < items.size(); i++) {
      String path = "fairlead.logging.redact[" + i + "]";
      if (!(items.get(i) instanceof Json.Obj item)) {
        continue;
      }
      String pattern = Tree.text(item, "pattern");
      String replacement = Tree.text(item, "replacement");
      if (i >= MOST_REDACTIONS) {
        findings.problem(
            item, path, "is one too many; " + MOST_REDACTIONS + " redactions are the most");
        return redactions;
      }
      if (pattern == null) {
        continue;
      }
      if (pattern.length() > LONGEST_PATTERN) {
        findings.problem(
            item, path + ".pattern", "is longer than " + LONGEST_PATTERN + " characters");
        continue;
      }
      try {
        redactions.add(
            new Redaction(
                Pattern.compile(pattern), replacement == null ? "[redacted]" : replacement));
      } catch (PatternSyntaxException wrong) {
        findings.problem(
            item,
            path + ".pattern",
            "is not a regular expression: " + wrong.getDescription() + " near " + wrong.getIndex());
      }
    }
    return redactions;
  }

  private static Set<String> headers(Json.Obj logging, Findings findings) {
    Set<String> names = new HashSet<>();
    List<String> written = Tree.texts(logging, "headers");
    for (int i = 0; i < written.size(); i++) {
      String name = written.get(i).toLowerCase(Locale.ROOT);
      if (NEVER.contains(name)) {
        findings.problem(
            logging,
            "fairlead.logging.headers[" + i + "]",
            "names a credential, which is never stored; remove it");
      } else {
        names.add(name);
      }
    }
    return names;
  }
}
