package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Turn;

/**
 * What a Responses request leaves to the memory of OpenAI: earlier turns, stored prompts, work in
 * the background. Sent elsewhere without it, the request would mean another thing.
 */
public final class KeptState {
  private KeptState() {}

  /**
   * Passes a prompt that can go to a provider of any dialect.
   *
   * @throws RequestFault naming the field that only a provider of Responses understands
   */
  public static void refuseElsewhere(Prompt prompt) {
    refuse(prompt, false);
  }

  /**
   * Passes a prompt that means the same at another account of the same dialect, which has not seen
   * what the first one keeps.
   *
   * @throws RequestFault naming the field that only the first one understands
   */
  public static void refuseAtAnother(Prompt prompt) {
    refuse(prompt, true);
  }

  private static void refuse(Prompt prompt, boolean sameDialect) {
    String keeper = sameDialect ? "a provider" : "OpenAI";
    for (Foreign field : prompt.foreign()) {
      if (field.dialect() == Dialect.OPENAI_RESPONSES) {
        switch (field.type()) {
          case "previous_response_id", "conversation" ->
              throw fault(
                  field.type(), "earlier turns kept at " + keeper, "Send the whole conversation");
          case "prompt" ->
              throw fault(field.type(), "a prompt stored at " + keeper, "Send its text");
          case "background" -> {
            if (!sameDialect) {
              throw fault(field.type(), "work in the background at OpenAI", "Leave it out");
            }
          }
          default -> {}
        }
      }
    }
    for (Turn turn : prompt.turns()) {
      for (Part part : turn.parts()) {
        if (part instanceof Part.Other other
            && other.foreign().dialect() == Dialect.OPENAI_RESPONSES) {
          switch (other.foreign().type()) {
            case "item_reference" ->
                throw fault("input", "an item kept at " + keeper, "Send the item itself");
            case "compaction", "compaction_summary", "context_compaction" -> {
              if (!sameDialect) {
                throw fault(
                    "input",
                    "a conversation that OpenAI has compacted and encrypted",
                    "Start a new conversation");
              }
            }
            default -> {}
          }
        }
      }
    }
  }

  private static RequestFault fault(String field, String what, String remedy) {
    return new RequestFault(
        "unsupported_field",
        "\""
            + field
            + "\" refers to "
            + what
            + ", which the provider of this model does not know. "
            + remedy
            + ", or choose a model at OpenAI.",
        field);
  }
}
