package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A successful answer of a model that can be given whole or as a stream. */
public interface Reply {

  /** The answer to a request without {@code "stream": true}. */
  Script json();

  /** The answer to a request with {@code "stream": true}; one {@code Step.Data} a frame. */
  Script sse();

  /**
   * The answer a provider would give to this very request: streamed if asked for, with the model
   * that was asked for and with an id of its own (clients take two answers with one id for the same
   * answer).
   */
  Script forRequest(ReceivedRequest request);

  /** The first string value of that name in the body, unescaped ones only. */
  static Optional<String> field(ReceivedRequest request, String name) {
    Matcher matcher =
        Pattern.compile("\"" + Pattern.quote(name) + "\"\\s*:\\s*\"([^\"\\\\]*)\"")
            .matcher(request.body().utf8());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
