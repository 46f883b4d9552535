package dev.fairlead.wire;

import dev.fairlead.core.port.Endpoint;

/** Always answers the same. */
record FixedEndpoint(Access access, String json) implements Endpoint {
  @Override
  public Answer answer(Ask ask) {
    return Answer.json(200, json);
  }
}
