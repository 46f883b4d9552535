package dev.fairlead.app.telemetry.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a span tells of what was said, as JSON in the form of OpenTelemetry's conventions.
 *
 * @param system parts of the instructions that stand apart from the conversation, or null
 * @param input the conversation, or null when it could not be read
 * @param output the replies, or null when there is none
 * @param cut names of the attributes that lack something
 */
record SpanContent(
    @Nullable String system, @Nullable String input, @Nullable String output, List<String> cut) {
  static final String SYSTEM = "gen_ai.system_instructions";
  static final String INPUT = "gen_ai.input.messages";
  static final String OUTPUT = "gen_ai.output.messages";

  SpanContent {
    cut = List.copyOf(cut);
  }

  /** About so many bytes. */
  int size() {
    return length(system) + length(input) + length(output);
  }

  private static int length(@Nullable String json) {
    return json == null ? 0 : json.length();
  }

  /** Not what was said. */
  @Override
  public String toString() {
    return "SpanContent[" + size() + "]";
  }
}
