package dev.fairlead.codec.translate;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonCompact;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tools for a model that has none: they are described in the system prompt, calls are printed as
 * {@code <tool_call>{"name":…,"arguments":…}</tool_call>}, results are told by the user. {@link
 * PrintedCalls} reads what the model prints back. The same prompt is always rewritten alike, and
 * what is added stands behind the client's own instructions, so that prompt caches stay warm.
 */
public final class ToolsByPrompt {
  /** The one argument under which a tool of free text is described. */
  static final String INPUT = "input";

  private ToolsByPrompt() {}

  /**
   * {@code prompt} without functions and custom tools and without calls and results; tools of the
   * provider's own stay. Seals on calls are dropped: only vendors with tools make them.
   */
  public static Prompt rewrite(Prompt prompt) {
    List<Tool> described = new ArrayList<>();
    List<Tool> kept = new ArrayList<>();
    for (Tool tool : prompt.tools()) {
      switch (tool) {
        case Tool.Function function -> described.add(function);
        case Tool.Custom custom -> described.add(custom);
        case Tool.WebSearch search -> kept.add(search);
        case Tool.Other other -> kept.add(other);
      }
    }
    List<Turn> turns = new ArrayList<>();
    for (Turn turn : PairedTurns.of(prompt.turns())) {
      turns.add(plain(turn));
    }
    ToolChoice choice = prompt.toolChoice();
    described.removeIf(tool -> !isAllowed(name(tool), choice));
    if (!described.isEmpty()) {
      describe(turns, instructions(described, choice, prompt.parallelTools()));
    }
    return prompt.toBuilder().turns(turns).tools(kept).toolChoice(null).parallelTools(null).build();
  }

  private static boolean isAllowed(String name, @Nullable ToolChoice choice) {
    return switch (choice) {
      case null -> true;
      case ToolChoice.Auto auto -> true;
      case ToolChoice.Required required -> true;
      case ToolChoice.Named named -> true;
      case ToolChoice.None none -> false;
      case ToolChoice.Among among -> among.names().contains(name);
    };
  }

  private static String name(Tool tool) {
    return switch (tool) {
      case Tool.Function function -> function.name();
      case Tool.Custom custom -> custom.name();
      case Tool.WebSearch search -> search.name();
      case Tool.Other other -> other.name();
    };
  }

  /** Puts the description behind the instructions at the beginning. */
  private static void describe(List<Turn> turns, String instructions) {
    int last = -1;
    while (last + 1 < turns.size()
        && (turns.get(last + 1).role() == Turn.Role.SYSTEM
            || turns.get(last + 1).role() == Turn.Role.DEVELOPER)) {
      last++;
    }
    if (last < 0) {
      turns.addFirst(Turn.of(Turn.Role.SYSTEM, Part.Text.of(instructions)));
      return;
    }
    Turn turn = turns.get(last);
    List<Part> parts = new ArrayList<>(turn.parts());
    parts.add(Part.Text.of(instructions));
    turns.set(last, new Turn(turn.role(), parts, turn.name()));
  }

  private static String instructions(
      List<Tool> tools, @Nullable ToolChoice choice, @Nullable Boolean parallel) {
    StringBuilder text = new StringBuilder(512);
    text.append(
        """
        # Tools

        You can call the tools listed below, one JSON description a line. To call one, print

        <tool_call>
        {"name": "<tool>", "arguments": {<arguments>}}
        </tool_call>

        and nothing else behind it. The arguments are a JSON object that fits the tool's \
        "parameters". The result is told to you between <tool_result> tags; never write these \
        yourself.
        """);
    if (Boolean.FALSE.equals(parallel)) {
      text.append("Call at most one tool at a time.\n");
    } else {
      text.append("Several calls may follow each other, each between its own tags.\n");
    }
    switch (choice) {
      case null -> {}
      case ToolChoice.Required required -> text.append("You must call at least one tool now.\n");
      case ToolChoice.Named named ->
          text.append("You must call the tool ")
              .append(named.name())
              .append(" now, and no other.\n");
      case ToolChoice.Among among -> {
        if (among.required()) {
          text.append("You must call at least one tool now.\n");
        }
      }
      case ToolChoice.Auto auto -> {}
      case ToolChoice.None none -> {}
    }
    text.append("\n<tools>\n");
    for (Tool tool : tools) {
      text.append(description(tool)).append('\n');
    }
    return text.append("</tools>").toString();
  }

  private static String description(Tool tool) {
    JsonWriter out = new JsonWriter().beginObject().field("name", name(tool));
    switch (tool) {
      case Tool.Function function -> {
        if (function.description() != null) {
          out.field("description", function.description());
        }
        Bytes schema = function.schema();
        out.name("parameters");
        if (schema == null) {
          out.beginObject().field("type", "object").endObject();
        } else {
          out.raw(JsonCompact.of(schema));
        }
      }
      case Tool.Custom custom -> {
        String said = custom.description();
        Bytes format = custom.format();
        String rule = format == null ? "" : " The input must follow this format: " + format.utf8();
        out.field("description", ((said == null ? "" : said) + rule).strip());
        out.name("parameters").beginObject().field("type", "object");
        out.name("properties").beginObject().name(INPUT).beginObject().field("type", "string");
        out.endObject().endObject();
        out.name("required").beginArray().string(INPUT).endArray().endObject();
      }
      case Tool.WebSearch search -> {}
      case Tool.Other other -> {}
    }
    return out.endObject().text();
  }

  private static Turn plain(Turn turn) {
    boolean plain = true;
    for (Part part : turn.parts()) {
      plain &= !(part instanceof Part.ToolCall) && !(part instanceof Part.ToolResult);
    }
    if (plain) {
      return turn;
    }
    List<Part> parts = new ArrayList<>();
    for (Part part : turn.parts()) {
      switch (part) {
        case Part.ToolCall call -> parts.add(new Part.Text(printed(call), List.of(), call.cache()));
        case Part.ToolResult result -> result(result, parts);
        default -> parts.add(part);
      }
    }
    return new Turn(turn.role(), parts, turn.name());
  }

  /** A call as the model would have printed it. */
  static String printed(Part.ToolCall call) {
    JsonWriter out = new JsonWriter().beginObject().field("name", call.name()).name("arguments");
    if (call.kind() == CallKind.CUSTOM) {
      out.beginObject().field(INPUT, call.arguments()).endObject();
    } else {
      arguments(call.arguments(), out);
    }
    return "<tool_call>\n" + out.endObject().text() + "\n</tool_call>";
  }

  private static void arguments(String arguments, JsonWriter out) {
    try {
      out.raw(
          JsonCompact.of(
              Envelope.scan(Bytes.utf8(arguments), Interests.NONE, ScanRules.REPLY)
                  .asValue()
                  .raw()));
    } catch (MalformedBody notAnObject) {
      if (arguments.isBlank()) {
        out.beginObject().endObject();
      } else {
        out.string(arguments);
      }
    }
  }

  private static void result(Part.ToolResult result, List<Part> parts) {
    StringBuilder text = new StringBuilder("<tool_result");
    String name = result.name();
    if (name != null) {
      text.append(" name=\"").append(name).append('"');
    }
    if (result.error()) {
      text.append(" error=\"true\"");
    }
    text.append(">\n");
    List<Part> media = new ArrayList<>();
    for (Part part : result.content()) {
      if (part instanceof Part.Text said) {
        text.append(said.text()).append('\n');
      } else {
        media.add(part);
      }
    }
    parts.add(new Part.Text(text.append("</tool_result>").toString(), List.of(), result.cache()));
    parts.addAll(media);
  }
}
