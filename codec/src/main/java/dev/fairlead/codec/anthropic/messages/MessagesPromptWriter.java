package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Turn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes requests of Anthropic's Messages (Anthropic API reference, "Create a Message"). */
final class MessagesPromptWriter implements PromptWriter {
  @Override
  public Written write(Prompt prompt, Target target) {
    return new Writing(prompt, target).write();
  }

  /** One request. */
  private static final class Writing {
    private static final int LONGEST_USER = 512;
    private static final String ANY_OBJECT =
        "Answer with one JSON object and nothing else: no text before or behind it, no code fence.";

    private final Prompt prompt;
    private final Target target;
    private final ThinkingFor model;
    private final Set<String> dropped = new LinkedHashSet<>();
    private final JsonWriter out = new JsonWriter();

    /** Fields of Anthropic's own for which the model has no place, by path. */
    private final Map<String, Foreign> own = new TreeMap<>();

    Writing(Prompt prompt, Target target) {
      this.prompt = prompt;
      this.target = target;
      this.model = ThinkingFor.of(target.model());
    }

    Written write() {
      sortForeign();
      boolean systemTurns = model.systemTurns() && target.quirks().developerRole();
      Conversation conversation = Conversation.of(prompt.turns(), model, systemTurns, dropped);
      ToolWriting tools = new ToolWriting(prompt, own, dropped);
      ThinkingWanted thinking =
          ThinkingWanted.of(
              prompt, model, tools.forced(), conversation.continuesWithoutThinking(), dropped);
      List<Part> system = new ArrayList<>(conversation.system());
      String instruction = formatInstruction();
      if (instruction != null) {
        system.add(Part.Text.of(instruction));
      }
      PartWriting parts =
          new PartWriting(
              out, dropped, PartWriting.marksTooMany(prompt, system, conversation.messages()));

      out.beginObject().field("model", target.model());
      out.field("max_tokens", thinking.maxTokens());
      if (prompt.stream()) {
        out.field("stream", true);
      }
      system(system, parts);
      tools.write(out);
      messages(conversation, parts);
      sampling(thinking.thinks());
      thinking(thinking);
      outputConfig(thinking);
      metadata();
      serviceTier();
      top();
      dropTheRest();
      out.endObject();
      return new Written(out.toBytes(), List.copyOf(dropped));
    }

    private void sortForeign() {
      for (Foreign field : prompt.foreign()) {
        if (field.dialect() != Dialect.ANTHROPIC_MESSAGES
            || field.type().startsWith("messages.")
            || own.putIfAbsent(field.type(), field) != null) {
          dropped.add(field.type());
        }
      }
    }

    private boolean takes(String field) {
      if (target.quirks().refuses().contains(field)) {
        dropped.add(field);
        return false;
      }
      return true;
    }

    private void system(List<Part> system, PartWriting parts) {
      if (system.isEmpty()) {
        return;
      }
      out.name("system");
      if (system.size() == 1 && PartWriting.isPlainText(system.get(0))) {
        out.string(((Part.Text) system.get(0)).text());
      } else {
        parts.list(system);
      }
    }

    private void messages(Conversation conversation, PartWriting parts) {
      out.name("messages").beginArray();
      for (Conversation.Message message : conversation.messages()) {
        String role =
            switch (message.role()) {
              case USER -> "user";
              case ASSISTANT -> "assistant";
              case SYSTEM, DEVELOPER -> "system";
            };
        out.beginObject().field("role", role).name("content");
        List<Part> content = message.parts();
        if (content.size() == 1 && PartWriting.isPlainText(content.get(0))) {
          out.string(((Part.Text) content.get(0)).text());
        } else {
          parts.list(content);
        }
        out.endObject();
      }
      out.endArray();
    }

    /** With thinking the temperature is 1, top_p at least 0.95, and top_k not allowed. */
    private void sampling(boolean thinks) {
      Sampling sampling = prompt.sampling();
      BigDecimal temperature = sampling.temperature();
      if (temperature != null) {
        BigDecimal most = BigDecimal.ONE;
        boolean usual = temperature.compareTo(most) == 0;
        if (!model.sampling() || thinks) {
          drop(!usual, "temperature");
          temperature = null;
        } else if (temperature.compareTo(most) > 0) {
          dropped.add("temperature");
          temperature = most;
        }
      }
      if (temperature != null && takes("temperature")) {
        out.name("temperature").number(temperature);
      }
      BigDecimal topP = sampling.topP();
      if (topP != null) {
        boolean usual = topP.compareTo(BigDecimal.ONE) == 0;
        boolean crowded = temperature != null && !model.bothNucleusAndTemperature();
        boolean narrow = thinks && topP.compareTo(new BigDecimal("0.95")) < 0;
        if (!model.sampling() || crowded || narrow) {
          drop(!usual, "top_p");
        } else if (takes("top_p")) {
          out.name("top_p").number(topP);
        }
      }
      if (sampling.topK() != null) {
        if (!model.sampling() || thinks) {
          dropped.add("top_k");
        } else if (takes("top_k")) {
          out.field("top_k", sampling.topK());
        }
      }
      List<String> stop = new ArrayList<>();
      for (String sequence : sampling.stop()) {
        if (sequence.isBlank()) {
          dropped.add("stop");
        } else {
          stop.add(sequence);
        }
      }
      if (!stop.isEmpty() && takes("stop_sequences")) {
        out.name("stop_sequences").beginArray();
        stop.forEach(out::string);
        out.endArray();
      }
      drop(sampling.frequencyPenalty() != null, "frequency_penalty");
      drop(sampling.presencePenalty() != null, "presence_penalty");
      drop(sampling.seed() != null, "seed");
    }

    private void thinking(ThinkingWanted thinking) {
      String type = thinking.type();
      Foreign otherType = own.remove("thinking.type");
      Foreign otherDisplay = own.remove("thinking.display");
      List<Foreign> more = under("thinking.");
      if (type == null) {
        if (otherType != null) {
          dropped.add("thinking.type");
        }
        return;
      }
      if (!takes("thinking")) {
        return;
      }
      out.name("thinking").beginObject().name("type");
      if (otherType == null) {
        out.string(type);
      } else {
        out.raw(otherType.raw());
      }
      if (thinking.budget() != null) {
        out.field("budget_tokens", thinking.budget());
      }
      if (thinking.display() != null) {
        out.field("display", thinking.display());
      } else if (otherDisplay != null) {
        out.name("display").raw(otherDisplay.raw());
      }
      for (Foreign field : more) {
        out.name(field.type().substring("thinking.".length())).raw(field.raw());
      }
      out.endObject();
    }

    private void outputConfig(ThinkingWanted thinking) {
      OutputFormat.JsonSchema schema =
          prompt.format() instanceof OutputFormat.JsonSchema wanted && model.schemas()
              ? wanted
              : null;
      Foreign otherEffort = own.remove("output_config.effort");
      List<Foreign> more = under("output_config.");
      String effort = thinking.effort();
      if (schema == null && effort == null && otherEffort == null && more.isEmpty()) {
        return;
      }
      if (!takes("output_config")) {
        return;
      }
      out.name("output_config").beginObject();
      if (effort != null) {
        out.field("effort", effort);
      } else if (otherEffort != null) {
        out.name("effort").raw(otherEffort.raw());
      }
      if (schema != null) {
        out.name("format")
            .beginObject()
            .field("type", "json_schema")
            .name("schema")
            .raw(SchemaForOutput.of(schema.schema()))
            .endObject();
      }
      for (Foreign field : more) {
        out.name(field.type().substring("output_config.".length())).raw(field.raw());
      }
      out.endObject();
    }

    /** What a model without schemas is told in words, or null. */
    private @Nullable String formatInstruction() {
      return switch (prompt.format()) {
        case null -> null;
        case OutputFormat.JsonObject _ -> {
          dropped.add("response_format");
          yield ANY_OBJECT;
        }
        case OutputFormat.JsonSchema schema -> {
          if (model.schemas()) {
            yield null;
          }
          dropped.add("response_format");
          yield ANY_OBJECT + " It must fit this JSON Schema:\n" + schema.schema().utf8();
        }
      };
    }

    private List<Foreign> under(String prefix) {
      List<Foreign> found = new ArrayList<>();
      own.values()
          .removeIf(field -> {
            boolean hit = field.type().startsWith(prefix);
            if (hit) {
              found.add(field);
            }
            return hit;
          });
      return found;
    }

    private void metadata() {
      Foreign whole = own.remove("metadata");
      String user = prompt.user();
      if (whole != null) {
        out.name("metadata").raw(whole.raw());
      } else if (user != null && user.length() <= LONGEST_USER && takes("metadata")) {
        out.name("metadata").beginObject().field("user_id", user).endObject();
      } else {
        drop(user != null, "user");
      }
      drop(!prompt.metadata().isEmpty(), "metadata");
    }

    private void serviceTier() {
      String tier = prompt.serviceTier();
      String known =
          switch (tier) {
            case null -> null;
            case "auto", "standard_only" -> tier;
            case "default" -> "standard_only";
            default -> null;
          };
      if (known == null) {
        drop(tier != null, "service_tier");
      } else if (takes("service_tier")) {
        out.field("service_tier", known);
      }
    }

    private void top() {
      for (Foreign field : own.values()) {
        boolean path = field.type().indexOf('.') >= 0;
        if (path) {
          dropped.add(field.type());
        } else if (takes(field.type())) {
          out.name(field.type()).raw(field.raw());
        }
      }
    }

    private void dropTheRest() {
      drop(prompt.choices() > 1, "n");
      drop(prompt.topLogprobs() != null, "logprobs");
      drop(prompt.cacheKey() != null, "prompt_cache_key");
      for (Turn turn : prompt.turns()) {
        for (Part part : turn.parts()) {
          drop(
              part instanceof Part.Image image
                  && image.detail() != null
                  && !image.detail().equals("auto"),
              "detail");
        }
      }
    }

    private void drop(boolean said, String field) {
      if (said) {
        dropped.add(field);
      }
    }
  }
}
