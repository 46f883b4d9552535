package dev.fairlead.app.admin;

import java.io.IOException;

/** Answers calls of one route, each on a virtual thread of its own; it may block. */
@FunctionalInterface
public interface Handler {
  ApiAnswer answer(ApiCall call) throws ApiProblem, IOException, InterruptedException;
}
