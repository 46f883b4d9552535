package dev.fairlead.app.serve;

import dev.fairlead.core.port.Endpoint;
import java.util.function.Supplier;

/**
 * An endpoint that needs nothing of the question.
 *
 * @param answers makes the answer
 */
record PlainEndpoint(Access access, Supplier<Answer> answers) implements Endpoint {
  @Override
  public Answer answer(Ask ask) {
    return answers.get();
  }
}
