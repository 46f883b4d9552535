package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PairedTurns;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes {@code systemInstruction} and {@code contents}: roles alternate and begin with the user,
 * the answers to calls stand first in the content behind them, as many as there were calls.
 */
final class GeminiContentWriter {
  /** Said for the user where a conversation begins with the model, or with nobody. */
  private static final String OPENING = "Begin.";

  private final GeminiModel model;
  private final Set<String> dropped;
  private final JsonWriter out;
  private final boolean ids;

  /** Role of the content that is open, or empty before the first. */
  private String role = "";

  /** Whether no call has been written to the open content. */
  private boolean firstCall;

  GeminiContentWriter(Target target, GeminiModel model, Set<String> dropped, JsonWriter out) {
    this.model = model;
    this.dropped = dropped;
    this.out = out;
    this.ids = !target.quirks().refuses().contains("functionCall.id");
  }

  void write(List<Turn> turns) {
    int first = system(turns);
    out.name("contents").beginArray();
    for (Turn turn : PairedTurns.of(turns.subList(first, turns.size()))) {
      if (turn.name() != null) {
        dropped.add("name");
      }
      switch (turn.role()) {
        case ASSISTANT -> assistant(turn.parts());
        case USER -> turn.parts().forEach(this::user);
        case SYSTEM, DEVELOPER -> turn.parts().forEach(this::later);
      }
    }
    if (role.isEmpty()) {
      open("user");
      text(OPENING);
    }
    out.endArray().endObject().endArray();
  }

  /** Writes the instructions at the beginning; the number of turns they are. */
  private int system(List<Turn> turns) {
    int first = 0;
    List<String> texts = new ArrayList<>();
    while (first < turns.size() && isInstruction(turns.get(first))) {
      for (Part part : turns.get(first).parts()) {
        if (part instanceof Part.Text text && !text.text().isEmpty()) {
          texts.add(text.text());
        }
        cache(part);
      }
      first++;
    }
    if (!texts.isEmpty()) {
      out.name("systemInstruction").beginObject().name("parts").beginArray();
      texts.forEach(this::text);
      out.endArray().endObject();
    }
    return first;
  }

  /** Of texts alone: what else stands there is told among the contents. */
  private static boolean isInstruction(Turn turn) {
    return (turn.role() == Turn.Role.SYSTEM || turn.role() == Turn.Role.DEVELOPER)
        && turn.parts().stream().allMatch(Part.Text.class::isInstance);
  }

  private void text(String text) {
    out.beginObject().field("text", text).endObject();
  }

  private void open(String wanted) {
    if (role.equals(wanted)) {
      return;
    }
    if (role.isEmpty() && wanted.equals("model")) {
      open("user");
      text(OPENING);
    }
    if (!role.isEmpty()) {
      out.endArray().endObject();
    }
    role = wanted;
    firstCall = true;
    out.beginObject().field("role", wanted).name("parts").beginArray();
  }

  private void assistant(List<Part> parts) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      cache(part);
      switch (part) {
        case Part.Text text -> {
          Part next = i + 1 < parts.size() ? parts.get(i + 1) : null;
          boolean signed =
              !text.text().isEmpty()
                  && next instanceof Part.Thinking seal
                  && seal.text().isEmpty()
                  && seal.sealed() != null
                  && GeminiSeal.isOfText(seal.sealed());
          if (signed && next instanceof Part.Thinking seal && seal.sealed() != null) {
            said(text.text(), false, seal.sealed());
            i++;
          } else {
            said(text.text(), false, null);
          }
          citations(text);
        }
        case Part.Thinking thinking -> thinking(thinking);
        case Part.ToolCall call -> call(call);
        case Part.Refusal refusal -> said(refusal.text(), false, null);
        case Part.ToolResult result -> {}
        case Part.Image image -> media(image.source(), "image/jpeg", "picture", "model");
        case Part.Document document -> document(document, "model");
        case Part.Audio audio -> media(audio.source(), "audio/" + audio.format(), "sound", "model");
        case Part.Other other -> other(other, "model");
      }
    }
  }

  private void said(
      String text, boolean thought, Part.@org.jspecify.annotations.Nullable Sealed sealed) {
    if (text.isEmpty() && sealed == null) {
      return;
    }
    open("model");
    out.beginObject().field("text", text);
    if (thought) {
      out.field("thought", true);
    }
    if (sealed != null) {
      out.field("thoughtSignature", sealed.payload());
    }
    out.endObject();
  }

  private void thinking(Part.Thinking thinking) {
    Part.Sealed sealed = thinking.sealed();
    if (sealed == null) {
      said(thinking.text(), true, null);
    } else if (!GeminiSeal.isGoogles(sealed)) {
      dropped.add("thinking.signature");
    } else {
      said(thinking.text(), !GeminiSeal.isOfText(sealed), sealed);
    }
  }

  private void call(Part.ToolCall call) {
    open("model");
    out.beginObject().name("functionCall").beginObject();
    if (ids) {
      out.field("id", call.id());
    }
    out.field("name", GeminiNames.of(call.name())).name("args");
    GeminiJson.arguments(call.arguments(), call.kind() == CallKind.CUSTOM, out);
    out.endObject();
    Part.Sealed sealed = call.sealed();
    if (sealed != null && GeminiSeal.isGoogles(sealed)) {
      out.field("thoughtSignature", sealed.payload());
    } else {
      if (sealed != null) {
        dropped.add("thinking.signature");
      }
      if (firstCall && model.wantsSignatures()) {
        out.field("thoughtSignature", GeminiSeal.NOT_OURS);
      }
    }
    firstCall = false;
    out.endObject();
  }

  private void user(Part part) {
    cache(part);
    switch (part) {
      case Part.Text text -> {
        if (!text.text().isEmpty()) {
          open("user");
          text(text.text());
        }
        citations(text);
      }
      case Part.Refusal refusal -> {
        open("user");
        text(refusal.text());
      }
      case Part.Image image -> {
        if (image.detail() != null && !image.detail().equals("auto")) {
          dropped.add("detail");
        }
        media(image.source(), "image/jpeg", "picture", "user");
      }
      case Part.Document document -> document(document, "user");
      case Part.Audio audio -> media(audio.source(), "audio/" + audio.format(), "sound", "user");
      case Part.ToolResult result -> result(result);
      case Part.Thinking thinking -> dropped.add("thinking");
      case Part.ToolCall call -> dropped.add("tool_calls");
      case Part.Other other -> other(other, "user");
    }
  }

  /** Instructions in the middle keep their place, told by the user: Gemini knows none there. */
  private void later(Part part) {
    if (part instanceof Part.Text text) {
      cache(part);
      if (!text.text().isEmpty()) {
        open("user");
        text("<system>\n" + text.text() + "\n</system>");
      }
    } else {
      user(part);
    }
  }

  private void document(Part.Document document, String said) {
    String context = document.context();
    if (context != null && !context.isEmpty()) {
      open(said);
      text(context);
    }
    if (document.name() != null) {
      dropped.add("document.title");
    }
    if (document.citations()) {
      dropped.add("citations");
    }
    media(document.source(), "application/pdf", "document", said);
  }

  private void media(Part.Source source, String otherwise, String what, String said) {
    open(said);
    out.beginObject();
    GeminiMedia.write(source, otherwise, what, out);
    out.endObject();
  }

  private void other(Part.Other other, String said) {
    if (other.foreign().dialect() == Dialect.GEMINI) {
      open(said);
      out.raw(other.foreign().raw());
    } else {
      dropped.add(other.foreign().type());
    }
  }

  private void result(Part.ToolResult result) {
    open("user");
    StringBuilder text = new StringBuilder();
    List<Part> media = new ArrayList<>();
    for (Part part : result.content()) {
      switch (part) {
        case Part.Text said -> line(text, said.text());
        case Part.Refusal said -> line(text, said.text());
        case Part.Document document when document.source() instanceof Part.Source.PlainText plain ->
            line(text, plain.text());
        case Part.Image image -> media.add(image);
        case Part.Document document -> media.add(document);
        case Part.Audio audio -> media.add(audio);
        case Part.Other other -> dropped.add(other.foreign().type());
        case Part.Thinking none -> {}
        case Part.ToolCall none -> {}
        case Part.ToolResult none -> {}
      }
      cache(part);
    }
    out.beginObject().name("functionResponse").beginObject();
    if (ids) {
      out.field("id", result.callId());
    }
    String name = result.name();
    out.field("name", GeminiNames.of(name == null ? "unknown" : name));
    out.name("response").beginObject();
    if (!text.isEmpty() || media.isEmpty() || result.error()) {
      out.field(result.error() ? "error" : "result", text.toString());
    }
    out.endObject();
    boolean inside = model.takesMediaInResults() && media.stream().allMatch(this::isInline);
    if (inside && !media.isEmpty()) {
      out.name("parts").beginArray();
      media.forEach(part -> inResult(part));
      out.endArray();
    }
    out.endObject().endObject();
    if (!inside) {
      media.forEach(this::user);
    }
  }

  private boolean isInline(Part part) {
    return switch (part) {
      case Part.Image image -> image.source() instanceof Part.Source.Inline;
      case Part.Document document -> document.source() instanceof Part.Source.Inline;
      case Part.Audio audio -> audio.source() instanceof Part.Source.Inline;
      default -> false;
    };
  }

  private void inResult(Part part) {
    out.beginObject();
    switch (part) {
      case Part.Image image -> GeminiMedia.write(image.source(), "image/jpeg", "picture", out);
      case Part.Document document ->
          GeminiMedia.write(document.source(), "application/pdf", "document", out);
      case Part.Audio audio ->
          GeminiMedia.write(audio.source(), "audio/" + audio.format(), "sound", out);
      default -> throw new IllegalStateException("no media: " + part.getClass());
    }
    out.endObject();
  }

  private static void line(StringBuilder text, String more) {
    if (!text.isEmpty() && !more.isEmpty()) {
      text.append('\n');
    }
    text.append(more);
  }

  private void citations(Part.Text text) {
    if (!text.citations().isEmpty()) {
      dropped.add("citations");
    }
  }

  private void cache(Part part) {
    if (part.cache() != null) {
      dropped.add("cache_control");
    }
  }
}
