package dev.fairlead.codec.openai;

import dev.fairlead.codec.frame.BodyReader.Content;
import dev.fairlead.codec.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** Replies of OpenAI's API that are one document. */
final class OpenAiBodies {
  private OpenAiBodies() {}

  static Content chat(JsonValue document) {
    if (failed(document)) {
      return error(document);
    }
    long generated = 0;
    String finish = null;
    for (JsonValue choice : document.get("choices").items()) {
      JsonValue message = choice.get("message");
      generated +=
          message.get("content").text("").length()
              + message.get("reasoning_content").text("").length()
              + message.get("refusal").text("").length()
              + choice.get("text").text("").length();
      for (JsonValue call : message.get("tool_calls").items()) {
        generated +=
            call.get("function").get("name").text("").length()
                + call.get("function").get("arguments").text("").length()
                + call.get("custom").get("input").text("").length();
      }
      String reason = choice.get("finish_reason").text();
      finish = reason == null ? finish : reason;
    }
    return content(document, finish, generated);
  }

  static Content responses(JsonValue document) {
    if (failed(document)) {
      return error(document);
    }
    long generated = 0;
    for (JsonValue item : document.get("output").items()) {
      generated +=
          item.get("arguments").text("").length()
              + item.get("input").text("").length()
              + item.get("name").text("").length();
      for (JsonValue part : item.get("content").items()) {
        generated += part.get("text").text("").length() + part.get("refusal").text("").length();
      }
      for (JsonValue part : item.get("summary").items()) {
        generated += part.get("text").text("").length();
      }
    }
    return content(document, document.get("status").text(), generated);
  }

  static Content embeddings(JsonValue document) {
    return failed(document) ? error(document) : content(document, null, 0);
  }

  private static boolean failed(JsonValue document) {
    // Responses carry "error": null when all is well; some providers answer 200 with an error inside.
    return !document.get("error").isNull();
  }

  private static Content error(JsonValue document) {
    return new Content(
        OpenAiUsage.of(document.get("usage")),
        document.get("id").text(),
        document.get("model").text(),
        null,
        0,
        OpenAiErrors.read(0, document));
  }

  private static Content content(JsonValue document, @Nullable String finish, long generated) {
    return new Content(
        OpenAiUsage.of(document.get("usage")),
        document.get("id").text(),
        document.get("model").text(),
        finish,
        generated,
        null);
  }
}
